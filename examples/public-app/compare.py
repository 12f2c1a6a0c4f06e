"""Seeded leads through the assignment rules and through the plan, one after the other, and what differs into a ledger.

    python compare.py parity.db            # 5,000 leads
    leadwright parity report parity.db --min-samples 400 --max-mismatch 1% --as-of 2026-12-01
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Optional

import leadwright
from assignment import Assigner
from leadwright.parity import Parity
from office import USERS, leads, rules

HERE = Path(__file__).resolve().parent
LEADS, SEED = 5_000, 2026
# What a plan cannot say, declared; the README says why.
OPEN_LOAD = {
    "id": "OPEN-LOAD", "class": "other_buyer_same_price", "owner": "crm", "expires": "2027-12-31",
    "reason": "a plan does not know which leads somebody still has open, and takes turns",
}  # fmt: skip
RULES = {"decision": True}
STEPS = {name: RULES for name in ("enterprise", "referral", "north", "nobody")} | {"rest": RULES | {"known": [OPEN_LOAD]}}


def pairs(count: int, seed: int) -> list[dict[str, Any]]:
    """What both said to each lead, as observations of a ledger; the step is the rule that the rules took."""
    old = Assigner(rules(), USERS)
    chance = random.Random(seed + 1)
    found = []
    with leadwright.Engine(leadwright.Plan.load(HERE / "plan" / "plan.jsonc")) as engine:
        for at, document in leads(count, seed):
            rule, user = old.assign(document, at.weekday())
            if chance.random() < 0.8:
                busy = sorted(name for name in USERS if old.open[name] > 0)
                if busy:
                    old.close(chance.choice(busy))
            lead = {name: value for name, value in document.items() if name != "name"}
            decision = engine.decide({"id": document["name"], "source": "desk", **lead}, now=at)
            sold = [(sale["group"].removeprefix("crm/"), sale["buyer"]) for sale in decision.assignments]
            found.append({
                "step": rule or "nobody", "key": document["name"], "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "stage": "verify",
                "legacy": {"value": answer(rule, user)}, "candidate": {"value": answer(*(sold[0] if sold else (None, None)))},
            })  # fmt: skip
    return found


def answer(rule: Optional[str], user: Optional[str]) -> dict[str, Any]:
    """Who got it, by which rule, in the words of a ledger. Nothing is paid."""
    if rule is None or user is None:
        return {"outcome": "unmatched", "sales": []}
    return {"outcome": "assigned", "sales": [{"contract": f"{user}-{rule}", "buyer": user, "price": "0.00"}]}


def share(found: list[dict[str, Any]], side: str) -> Counter[str]:
    """How many leads each got."""
    return Counter(sale["buyer"] for pair in found for sale in pair[side]["value"]["sales"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--leads", type=int, default=LEADS)
    asked = parser.parse_args()
    if asked.ledger.exists():
        sys.exit(f"{asked.ledger} is there already")
    found = pairs(asked.leads, SEED)
    ledger = Parity(asked.ledger, "office", {"steps": STEPS})
    for begin in range(0, len(found), 500):
        ledger.record(json.dumps(found[begin : begin + 500]).encode())
    rules_gave, plan_gave = share(found, "legacy"), share(found, "candidate")
    for user in sorted(USERS):
        print(f"{user:6} {rules_gave[user]:6} by the rules {plan_gave[user]:6} by the plan")


if __name__ == "__main__":
    main()
