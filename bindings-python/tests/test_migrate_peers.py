"""Each zero-risk rule beside the best library there was, on the same probe: the table of ``docs/migrate.md``."""

from __future__ import annotations

import asyncio
import copy
import inspect
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from leadwright import migrate

laboratory = pytest.importorskip("laboratory", reason="SKIPPED: laboratory is not installed: `cargo xtask test` installs it")

LEAD = {"id": "L1", "n": 1, "tags": ["a"]}
Wrap = Callable[[Callable[..., Any], Callable[..., Any]], Callable[..., Any]]
PAGE = Path(__file__).parents[2] / "docs/migrate.md"
KEPT, BROKEN = "kept", "**broken**"


def theirs(legacy: Callable[..., Any], candidate: Callable[..., Any]) -> Callable[..., Any]:
    wrapped: Callable[..., Any] = laboratory.Experiment.decorator(candidate)(legacy)
    return wrapped


def soon(happens: Callable[[], bool]) -> bool:
    """Whether it happens in a while; a shadow is not there at once."""
    end = time.monotonic() + 3
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Sour:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparing")


class Panic(BaseException):
    pass


def fails(error: BaseException) -> Callable[[Any], Any]:
    def candidate(lead: Any) -> Any:
        raise error

    return candidate


def candidate_raises(wrap: Wrap) -> bool:
    return bool(wrap(lambda lead: 1, fails(ValueError()))(LEAD) == 1)


def comparing_raises(wrap: Wrap) -> bool:
    return isinstance(wrap(lambda lead: Sour(), lambda lead: Sour())(LEAD), Sour)


def candidate_panics(wrap: Wrap) -> bool:
    return bool(wrap(lambda lead: 1, fails(Panic()))(LEAD) == 1)


def candidate_exits(wrap: Wrap) -> bool:
    return bool(wrap(lambda lead: 1, lambda lead: sys.exit(3))(LEAD) == 1)


def traceback_is_kept(wrap: Wrap) -> bool:
    def legacy(lead: Any) -> Any:
        raise KeyError("x")

    try:
        wrap(legacy, lambda lead: 1)(LEAD)
    except KeyError as error:
        return traceback.extract_tb(error.__traceback__)[-1].name == "legacy"
    return False


def candidate_mutates(wrap: Wrap) -> bool:
    def candidate(lead: Any) -> Any:
        lead["n"] += 100
        return lead["n"]

    wrapped = wrap(lambda lead: lead["n"], candidate)
    return all(wrapped(copy.deepcopy(LEAD)) == 1 for _ in range(100))


def legacy_mutates(wrap: Wrap) -> bool:
    """What the candidate sees has nothing of what the legacy did to it."""
    seen: list[int] = []

    def legacy(lead: Any) -> Any:
        lead["n"] += 100

    wrapped = wrap(legacy, lambda lead: seen.append(lead["n"]))
    for _ in range(50):
        wrapped(copy.deepcopy(LEAD))
    return soon(lambda: len(seen) == 50) and set(seen) == {1}


def candidate_is_slow(wrap: Wrap) -> bool:
    wrapped = wrap(lambda lead: 1, lambda lead: time.sleep(0.5))
    started = time.perf_counter()
    wrapped(LEAD)
    return time.perf_counter() - started < 0.25


def legacy_is_async(wrap: Wrap) -> bool:
    """It is a coroutine function still, and both are awaited."""
    ran: list[int] = []

    async def legacy(lead: Any) -> int:
        return 1

    async def candidate(lead: Any) -> int:
        ran.append(1)
        return 1

    async def run() -> bool:
        wrapped = wrap(legacy, candidate)
        found = await wrapped(LEAD)
        return found == 1 and soon(lambda: ran == [1]) and inspect.iscoroutinefunction(wrapped)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asyncio.run(run())


def legacy_is_a_generator(wrap: Wrap) -> bool:
    """The caller has every item, and the candidate is run to its end."""
    ended: list[int] = []

    def legacy(lead: Any) -> Any:
        yield from [1, 2, 3]

    def candidate(lead: Any) -> Any:
        yield from [1, 2, 3]
        ended.append(1)

    found = list(wrap(legacy, candidate)(LEAD))
    return found == [1, 2, 3] and soon(lambda: ended == [1])


class Probe(NamedTuple):
    rule: str
    says: str
    keeps: Callable[[Wrap], bool]


PROBES = [
    Probe("Z1", "the candidate raises `ValueError`", candidate_raises),
    Probe("Z1", "comparing raises (`__eq__`, an array)", comparing_raises),
    Probe("Z1", "the candidate raises a `BaseException` (a panic of an extension)", candidate_panics),
    Probe("Z1", "the candidate calls `sys.exit`", candidate_exits),
    Probe("Z2", "an exception of the legacy ends in its own frame", traceback_is_kept),
    Probe("Z2", "the legacy is `async def`", legacy_is_async),
    Probe("Z2", "the legacy is a generator", legacy_is_a_generator),
    Probe("Z3", "the candidate changes its argument", candidate_mutates),
    Probe("Z3", "the legacy changes its argument", legacy_mutates),
    Probe("Z4", "the candidate takes half a second", candidate_is_slow),
]


def keeps(probe: Probe, wrap: Wrap) -> bool:
    try:
        return probe.keeps(wrap)
    except BaseException:
        return False


@pytest.fixture
def ours(tmp_path: Path) -> Wrap:
    n = 0

    def wrap(legacy: Callable[..., Any], candidate: Callable[..., Any]) -> Callable[..., Any]:
        nonlocal n
        n += 1
        m = migrate.Migration(f"probe-{n}", parity=tmp_path / f"{n}.db", stage="shadow")
        return m.step("probe", candidate=candidate)(legacy)

    return wrap


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.keeps.__name__)
def test_ours_keeps_every_rule(probe: Probe, ours: Wrap) -> None:
    assert keeps(probe, ours), probe.says


def rows(ours: Wrap) -> list[str]:
    words = {True: KEPT, False: BROKEN}
    return [
        f"| {probe.rule} | {probe.says} | {words[keeps(probe, ours)]} | {words[keeps(probe, theirs)]} |" for probe in PROBES
    ]


def test_the_table_of_the_page_is_what_happens(ours: Wrap) -> None:
    found = rows(ours)
    assert sum(BROKEN in row for row in found) >= 6, "laboratory broke this many when the table was made"
    start, end = "<!-- python probes -->\n", "<!-- end of python probes -->"
    text = PAGE.read_text("utf-8")
    head, rest = text.split(start)
    table = "\n".join(["| rule | probe | leadwright | laboratory 1.0.2 |", "|---|---|---|---|", *found]) + "\n"
    made = head + start + table + end + rest.split(end)[1]
    if os.environ.get("LEADWRIGHT_BLESS"):
        PAGE.write_text(made, "utf-8")
        return
    assert made == text, "`LEADWRIGHT_BLESS=1` writes the table anew"
