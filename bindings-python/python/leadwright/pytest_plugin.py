"""Fixtures for pytest: ``clock``, ``engine`` and ``assert_decision``, and ``leadwright_plan`` behind the engine.

The plan is the one that ``leadwright_plan`` names in the settings of pytest; a fixture ``leadwright_plan`` of your own takes its
place. Each test has an engine of its own, in memory, for which it is the time of ``clock``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from . import testing
from ._plan import Plan


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting that names the plan."""
    parser.addini("leadwright_plan", "the plan of the fixture `engine`, from where the settings are", default="plan.jsonc")


@pytest.fixture(scope="session")
def leadwright_plan(pytestconfig: pytest.Config) -> Plan:
    """The plan that the settings name."""
    return Plan.load(pytestconfig.rootpath / str(pytestconfig.getini("leadwright_plan")))


@pytest.fixture
def clock() -> testing.Clock:
    """Monday, January 5th of 2026, 15:00 UTC, until it is told otherwise."""
    return testing.Clock()


@pytest.fixture
def engine(leadwright_plan: Plan, clock: testing.Clock) -> Iterator[testing.ClockedEngine]:
    """An engine in memory, closed behind the test."""
    with testing.ClockedEngine(leadwright_plan, clock=clock) as engine:
        yield engine


@pytest.fixture(name="assert_decision")
def _assert_decision() -> Callable[..., None]:
    """:func:`leadwright.testing.assert_decision`."""
    return testing.assert_decision
