"""The plugin of pytest, run as its users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import NOW, TINY, lead

import leadwright
from leadwright.testing import Clock, ClockedEngine, assert_decision

TESTS = '''
def lead(number, **fields):
    return {"id": f"L{number}", "source": "web", "phone": f"312-867-{5300 + number}", "zip": "60601", **fields}

def test_it_is_the_time_of_the_clock(engine, clock):
    assert str(clock.now) == "2026-01-05 15:00:00+00:00"
    assert engine.decide(lead(1))["at"] == "2026-01-05T15:00:00.000Z"
    clock.advance(days=1, hours=2)
    assert engine.decide(lead(2))["at"] == "2026-01-06T17:00:00.000Z"
    assert engine.decide(lead(3), now="2026-02-01T00:00:00Z")["at"] == "2026-02-01T00:00:00.000Z"

def test_a_cap_is_for_a_day(engine, clock, assert_decision):
    for number, outcome in enumerate(["assigned", "assigned", "unsold"]):
        assert_decision(engine.decide(lead(number)), outcome)
    clock.advance(days=1)
    assert_decision(engine.decide(lead(4)), "assigned", contracts=["acme-il"], buyers=["acme"], prices=["40.00"])

def test_each_test_has_an_engine_of_its_own(engine, assert_decision):
    assert engine.counts()["leads"] == 0
    assert_decision(engine.decide(lead(1)), "assigned")

def test_that_fails(engine, assert_decision):
    for number in range(3):
        decision = engine.decide(lead(number))
    assert_decision(decision, "assigned", contracts=["acme-il"])
'''

OWN = '''
import leadwright, pytest

@pytest.fixture(scope="session")
def leadwright_plan():
    return leadwright.Plan.load("mine.jsonc")
'''


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "leadwright.pytest_plugin", "-p", "no:cacheprovider", "--color=no"]
    here = str(Path(leadwright.__file__).parents[1])
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": here})


def test_the_fixtures(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/plan.jsonc").write_text(TINY)
    (tmp_path / "pytest.ini").write_text("[pytest]\nleadwright_plan = rules/plan.jsonc\n")
    (tmp_path / "test_leads.py").write_text(TESTS)
    ran = pytest_in(tmp_path)
    assert "1 failed, 3 passed" in ran.stdout, ran.stdout + ran.stderr
    assert "outcome: 'unsold', and not 'assigned'" in ran.stdout
    assert "acme-il: contract.caps, check caps.contract.day, found 2, wanted at most 2" in ran.stdout


def test_a_plan_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonc").write_text(TINY)
    (tmp_path / "conftest.py").write_text(OWN)
    (tmp_path / "test_leads.py").write_text(TESTS.partition("def test_that_fails")[0])
    assert "3 passed" in pytest_in(tmp_path).stdout


def test_what_is_expected_of_a_decision(plan: leadwright.Plan) -> None:
    with ClockedEngine(plan, clock=Clock(NOW)) as engine:
        sold = engine.decide(lead(1, email="zebulon@example.com"))
        assert_decision(sold)
        assert_decision(sold, "assigned", problems=["address.no_street"], reasons={"acme-il": "contract.sold"})
        for wrong, names in (
            ({"outcome": "unsold"}, "outcome: 'assigned', and not 'unsold'"),
            ({"contracts": []}, r"contracts: \['acme-il'\], and not \[\]"),
            ({"prices": ["41.00"]}, r"prices: \['40.00'\]"),
            ({"problems": ["phone.too_short"]}, "problems: "),
            ({"reasons": {"acme-il": "contract.caps"}}, "reasons: "),
        ):
            with pytest.raises(AssertionError, match=names) as raised:
                assert_decision(sold, **wrong)
            assert "zebulon" not in str(raised.value) and "5301" not in str(raised.value)
        with pytest.raises(AssertionError, match="no contract has criteria that this lead meets"):
            assert_decision(engine.decide(lead(2, zip="75201")), "assigned")


def test_a_clock_has_a_zone_and_every_call_with_a_time_goes_by_it(plan: leadwright.Plan) -> None:
    with pytest.raises(ValueError, match="zone"):
        Clock("2026-01-05T15:00:00")
    clock = Clock("2026-01-05T09:00:00-06:00")
    with ClockedEngine(plan, clock=clock) as engine:
        assert engine.explain_lead(lead(1))["decision"]["at"] == "2026-01-05T15:00:00.000Z"
        engine.decide(lead(1))
        clock.set("2026-03-01T00:00:00Z")
        assert engine.decide_batch([lead(2)])[0]["at"] == "2026-03-01T00:00:00.000Z"
        assert engine.breakers() == [] == engine.work_queue()
    assert repr(clock) == "Clock('2026-03-01T00:00:00+00:00')"
