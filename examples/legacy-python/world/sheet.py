"""The contract sheet: what each buyer has signed. Written by the sales team, and the truth that every app is judged by.

It is kept apart from the apps and from the plan on purpose: whoever scores does not ask whom he scores.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

Person = dict[str, Any]


@dataclass(frozen=True)
class Buyer:
    """A contract: who wants which leads, how many a day of the buyer's own calendar, at what price."""

    vertical: str
    states: frozenset[str] | None
    wants: Callable[[Person], bool]
    price: int
    cap: int
    zone: str
    # Knows a lead that it has by its `lead_id`, and answers a second post of it as it did the first.
    knows_again: bool

    def eligible(self, person: Person) -> bool:
        """Whether a person of the truth may be sold to this buyer."""
        if person["vertical"] != self.vertical or (self.states is not None and person["state"] not in self.states):
            return False
        return self.wants(person)

    def day(self, at: datetime.datetime) -> datetime.date:
        """The buyer's civil date."""
        return at.astimezone(ZoneInfo(self.zone)).date()


def age(person: Person, today: datetime.date) -> int:
    """Full years."""
    born = datetime.date.fromisoformat(person["dob"])
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# The first day of the traffic. Nobody of it has a birthday within the days that follow.
BEGIN = datetime.datetime(2026, 6, 2, 4, 0, tzinfo=datetime.timezone.utc)
TODAY = BEGIN.date()


def _states(text: str) -> frozenset[str] | None:
    return frozenset(text.split()) or None


def _row(vertical: str, states: str, wants: Callable[[Person], bool], price: int, cap: int, zone: str, knows: bool) -> Buyer:
    return Buyer(vertical, _states(states), wants, price, cap, "America/" + zone, knows)


BUYERS: dict[str, Buyer] = {
    "gridless": _row("solar", "CA", lambda p: p["homeowner"] and p["bill"] >= 120, 52, 18, "Los_Angeles", True),
    "sunwise": _row("solar", "TX AZ NV", lambda p: p["homeowner"] and p["bill"] >= 100, 45, 30, "Chicago", True),
    "baystate": _row("solar", "MA NJ CT NY", lambda p: p["homeowner"], 40, 26, "New_York", True),
    "solaria": _row("solar", "", lambda p: p["homeowner"] and p["bill"] >= 150, 25, 45, "New_York", False),
    "ridgeline": _row("roofing", "TX OK CO", lambda p: p["homeowner"] and p["roof_age"] >= 10, 60, 20, "Denver", True),
    "topnotch": _row("roofing", "FL GA NC", lambda p: p["homeowner"] and p["roof_age"] >= 15, 55, 18, "New_York", False),
    "stormfix": _row("roofing", "TX FL", lambda p: p["homeowner"] and p["roof_age"] >= 5, 38, 18, "Chicago", True),
    "shingle": _row("roofing", "", lambda p: p["homeowner"], 22, 60, "Chicago", True),
    "steadfast": _row("auto", "", lambda p: age(p, TODAY) >= 25 and p["insured"], 18, 50, "New_York", True),
    "wheelhouse": _row("auto", "CA WA OR NV AZ", lambda p: True, 15, 28, "Los_Angeles", False),
    "firstcar": _row("auto", "", lambda p: age(p, TODAY) < 25, 9, 24, "New_York", True),
    "anydrive": _row("auto", "", lambda p: True, 6, 70, "Chicago", True),
}


def eligible(person: Person) -> list[str]:
    """Who may buy, best price first."""
    found = [name for name, buyer in BUYERS.items() if buyer.eligible(person)]
    return sorted(found, key=lambda name: -BUYERS[name].price)
