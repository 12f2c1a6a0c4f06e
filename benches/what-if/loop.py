"""The same two plans by a loop as one writes it: parse, clean a little, ask every contract, take the best, count caps.

    python3 loop.py FOLDER [LEADS]

No addresses, no trace, no duplicates, no turns: less than what is compared. Prints microseconds a lead for both plans.
"""
import json
import pathlib
import re
import sys
import time
from datetime import datetime, timedelta

OPEN = {"office": [(8, 18)] * 5 + [(9, 13), (0, 0)], "long": [(7, 21)] * 7}


def compiled(plan):
    """Contracts by vertical, as tuples."""
    routes = {name: [] for name in plan["routes"]}
    for buyer, made in plan["buyers"].items():
        for name, contract in made["contracts"].items():
            (place,) = contract["in"]
            where = contract["where"]
            ((form, sell),) = contract["sell"].items()
            routes[place.split("/")[0]].append({
                "id": name, "buyer": buyer, "group": place, "states": set(where["state"]), "homeowner": where.get("homeowner"),
                "roof_age": where.get("roof_age", {}).get("gte"), "credit": set(where["credit"]) if "credit" in where else None,
                "caps": contract["caps"], "hours": contract.get("hours"), "price": float(sell["price"]), "form": form,
            })
    return routes


def clean(lead):
    phone = re.sub(r"\D", "", str(next((lead[k] for k in ("phone", "Phone", "phone_number", "primary_phone") if k in lead), "")))
    owner = str(next((lead[k] for k in ("homeowner", "home_owner", "own_home") if k in lead), "")).strip().lower()
    age = re.sub(r"\D", "", str(lead.get("roof_age", "")))
    return {
        "phone": phone[-10:], "state": str(lead.get("state", "")).strip().upper(),
        "homeowner": owner in ("y", "yes", "true", "own", "1"), "roof_age": int(age) if age else None,
        "credit": str(lead.get("credit", "")).strip().lower(), "vertical": lead.get("vertical", "hvac"),
        "at": datetime.fromisoformat(lead["received_at"].replace("Z", "+00:00")) - timedelta(hours=6),
    }


def decide(lead, contracts, counts, most):
    at = lead["at"]
    day, hour, week = at.date(), (at.date(), at.hour), at.isocalendar()[:2]
    found = []
    for contract in contracts:
        if lead["state"] not in contract["states"]:
            continue
        if contract["homeowner"] is not None and lead["homeowner"] != contract["homeowner"]:
            continue
        if contract["roof_age"] is not None and (lead["roof_age"] is None or lead["roof_age"] < contract["roof_age"]):
            continue
        if contract["credit"] is not None and lead["credit"] not in contract["credit"]:
            continue
        if contract["hours"]:
            first, last = OPEN[contract["hours"]][at.weekday()]
            if not first <= at.hour < last:
                continue
        caps, name = contract["caps"], contract["id"]
        if counts.get((name, day), 0) >= caps["day"]:
            continue
        if "hour" in caps and counts.get((name, hour), 0) >= caps["hour"]:
            continue
        if "week" in caps and counts.get((name, week), 0) + contract["price"] > float(caps["week"]["spend"]):
            continue
        found.append(contract)
    found.sort(key=lambda contract: -contract["price"])
    sold = []
    for contract in found:
        if sold and (contract["form"] == "exclusive" or len(sold) >= most or any(s["buyer"] == contract["buyer"] for s in sold)):
            continue
        sold.append(contract)
        for window, cost in ((day, 1), (hour, 1), (week, contract["price"])):
            counts[contract["id"], window] = counts.get((contract["id"], window), 0) + cost
        if contract["form"] == "exclusive":
            break
    return sold


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    plans = [json.loads((folder / f"{name}.jsonc").read_text()) for name in ("old", "new")]
    routes, counts, revenue, changed = [compiled(plan) for plan in plans], [{}, {}], [0.0, 0.0], 0
    with open(folder / "leads.jsonl", encoding="utf-8") as file:
        lines = [line for line, _ in zip(file, range(count))]
    started = time.process_time()
    for line in lines:
        lead = clean(json.loads(line))
        sold = []
        for n in (0, 1):
            most = plans[n]["routes"][lead["vertical"]]["max_sales"]
            sold.append(decide(lead, routes[n][lead["vertical"]], counts[n], most))
            revenue[n] += sum(contract["price"] for contract in sold[n])
        changed += [c["id"] for c in sold[0]] != [c["id"] for c in sold[1]]
    took = time.process_time() - started
    print(f"{len(lines)} leads, {took / len(lines) * 1e6:.1f} us each; revenue {revenue[0]:.2f} -> {revenue[1]:.2f}, {changed} changed")


if __name__ == "__main__":
    main()
