"""For tests of code that decides leads: a clock that stands still, an engine that goes by it, and what is expected of decisions.

The plugin of pytest has them as fixtures.
"""

from __future__ import annotations

import datetime
import functools
import inspect
import os
from collections.abc import Callable, Iterable
from typing import Any, Optional, Union

from ._decision import Decision
from ._engine import Engine
from ._plan import Plan


class Clock:
    """A time that goes on when it is told to.

    >>> clock = Clock("2026-01-05T15:00:00Z")
    >>> clock.advance(hours=2)
    >>> str(clock.now)
    '2026-01-05 17:00:00+00:00'
    """

    def __init__(self, at: Union[str, datetime.datetime] = "2026-01-05T15:00:00Z") -> None:
        self.set(at)

    def set(self, at: Union[str, datetime.datetime]) -> None:
        """It is this time now. It has a zone."""
        if isinstance(at, str):
            # Python 3.10 does not read the letter.
            at = datetime.datetime.fromisoformat(at[:-1] + "+00:00" if at.endswith("Z") else at)
        if at.tzinfo is None:
            raise ValueError("a time of a clock has a zone: 2026-01-05T15:00:00Z")
        self.now: datetime.datetime = at

    def advance(self, **by: float) -> None:
        """So much later: ``days``, ``hours``, ``minutes``, ``seconds``, as :class:`datetime.timedelta` has them."""
        self.now += datetime.timedelta(**by)

    def __repr__(self) -> str:
        return f"Clock({self.now.isoformat()!r})"


class ClockedEngine(Engine):
    """An engine for which it is the time of its clock, unless a call says another."""

    def __init__(
        self,
        plan: Plan,
        store: Union[str, os.PathLike[str], None] = None,
        *,
        clock: Optional[Clock] = None,
        tenant: str = "main",
    ) -> None:
        super().__init__(plan, store, tenant=tenant)
        self.clock: Clock = Clock() if clock is None else clock


def _by_the_clock(method: Callable[..., Any], signature: inspect.Signature) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        if given.arguments.get("now") is None:
            given.arguments["now"] = given.arguments["self"].clock.now
        return method(*given.args, **given.kwargs)

    return call


def _set_up() -> None:
    for name, method in inspect.getmembers(Engine, inspect.isfunction):
        if "now" in (signature := inspect.signature(method)).parameters and not name.startswith("_"):
            setattr(ClockedEngine, name, _by_the_clock(method, signature))


_set_up()


def assert_decision(
    decision: Decision,
    outcome: Optional[str] = None,
    *,
    contracts: Optional[Iterable[str]] = None,
    buyers: Optional[Iterable[str]] = None,
    prices: Optional[Iterable[str]] = None,
    problems: Optional[Iterable[str]] = None,
    reasons: Optional[dict[str, str]] = None,
) -> None:
    """Fails unless the decision is what is said of it. Its ``contracts``, ``buyers`` and ``prices`` are those of its assignments
    in their order, ``problems`` are codes that it has among others, ``reasons`` the code of a contract in its trace. What is
    not said is not looked at.

    Where it fails it is told why each contract did or did not get the lead: codes and shapes, no value of the lead.
    """
    entries = decision.trace.get("entries", [])
    found: dict[str, Any] = {
        "outcome": decision.outcome,
        "contracts": [sale["contract"] for sale in decision.assignments],
        "buyers": [sale["buyer"] for sale in decision.assignments],
        "prices": [sale["price"] for sale in decision.assignments],
        "problems": sorted({problem["code"] for problem in decision.problems}),
        "reasons": {entry["contract"]: entry["code"] for entry in entries},
    }
    wanted: dict[str, Any] = {
        "outcome": outcome,
        "contracts": None if contracts is None else list(contracts),
        "buyers": None if buyers is None else list(buyers),
        "prices": None if prices is None else list(prices),
    }
    wrong = [name for name, want in wanted.items() if want is not None and found[name] != want]
    if problems is not None:
        wanted["problems"] = sorted(problems)
        wrong += ["problems"] * (not set(wanted["problems"]) <= set(found["problems"]))
    if reasons is not None:
        wanted["reasons"] = reasons
        wrong += ["reasons"] * any(found["reasons"].get(contract) != code for contract, code in reasons.items())
    if wrong:
        lines = [f"{name}: {found[name]!r}, and not {wanted[name]!r}" for name in wrong]
        lines += [f"  {_why(entry)}" for entry in entries] or ["  no contract has criteria that this lead meets"]
        raise AssertionError("\n".join([f"decision {decision.id} is another:", *lines]))


def _why(entry: dict[str, Any]) -> str:
    more = [f"{name} {entry[name]}" for name in ("check", "found", "wanted") if name in entry]
    return ", ".join([f"{entry['contract']}: {entry['code']}", *more])
