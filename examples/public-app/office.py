"""An office with four rules, as an administrator would write them, and seeded leads for it."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any

from assignment import Rule

USERS = {"anna", "ben", "carla", "dan", "eva", "fred", "gina", "hugo"}
BEGIN = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)


def rules() -> list[Rule]:
    """The rules. Conditions are expressions there: what they do with a value that is not there is what Python does."""
    return [
        Rule("enterprise", 3, "round robin", lambda doc: doc["employees"] >= 200, ["anna", "ben", "carla"], days=frozenset(range(5))),
        Rule("referral", 2, "based on field", lambda doc: doc["channel"] == "referral", field="referred_by"),
        Rule("north", 1, "round robin", lambda doc: doc["territory"] == "north" and doc["employees"] < 200, ["dan", "eva"]),
        Rule("rest", 0, "load balancing", lambda doc: doc["territory"] != "abroad", ["fred", "gina", "hugo"]),
    ]


def leads(count: int, seed: int) -> Iterator[tuple[datetime.datetime, dict[str, Any]]]:
    """Leads with the time at which each came: what is None was left empty."""
    chance = random.Random(seed)
    at = BEGIN
    for number in range(count):
        at += datetime.timedelta(seconds=chance.randint(20, 900))
        employees = chance.choice([None, *range(1, 200, 7), *range(200, 2000, 90)])
        yield at, {
            "name": f"LEAD-{number:05d}",
            "email": f"lead{number}@example.com",
            "employees": employees,
            "territory": chance.choice(["north", "south", "east", "west", "abroad", None]),
            "channel": chance.choice(["web", "web", "fair", "referral"]),
            "referred_by": chance.choice([None, "anna", "dan", "fred", "ivan"]),
        }
