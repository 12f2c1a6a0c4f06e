"""A world for `leadwright what-if`: two plans of 1,000 contracts, and as many leads as wanted.

    python3 world.py FOLDER LEADS [CONTRACTS]

Leads are those of examples/home-services, again and again, each time of another person and at another time: ten days, in
order. Plans sell them in all the ways there are; the new one raises prices, lifts caps and drops criteria here and there.
The same arguments make the same bytes. Writes FOLDER/old.jsonc, new.jsonc and leads.jsonl.
"""
import gzip
import json
import pathlib
import random
import sys

EXAMPLE = pathlib.Path(__file__).parent / "../../examples/home-services/leads.jsonl.gz"
STATES = ("CA TX FL NY PA IL OH GA NC MI NJ VA WA AZ TN MA IN MO MD WI CO MN SC AL LA KY OR OK CT UT NV IA AR KS MS NM NE "
          "ID WV HI NH ME MT RI DE SD ND AK DC VT WY").split()
VERTICALS = {
    "roofing": [("committed", "priority"), ("open", "price")],
    "solar": [("turns", "round_robin"), ("open", "best_revenue")],
    "windows": [("shares", "weighted"), ("rest", "price")],
    "hvac": [("open", "price")],
}
SOURCES = {
    "search-lp": {"verticals": list(VERTICALS)},
    "social-lp": {"verticals": ["roofing", "solar", "windows"]},
    "affil-17": {"verticals": ["roofing", "solar"], "payout": {"percent_of_price": 70}, "max_sales": 3},
    "affil-42": {"verticals": ["windows", "hvac"], "payout": {"fixed": "8.00"}, "max_sales": 2},
    "call-center": {"verticals": ["hvac"]},
}


def contract(vertical, dice):
    group, method = dice.choice(VERTICALS[vertical])
    place = {"priority": {"priority": dice.randint(1, 9)}, "weighted": {"weight": dice.randint(1, 5)}}.get(method, {})
    where = {"state": sorted({dice.choice(STATES[: dice.choice([12, 30, 51])]) for _ in range(dice.randint(1, 9))})}
    if dice.random() < 0.6:
        where["homeowner"] = True
    if vertical in ("roofing", "solar") and dice.random() < 0.4:
        where["roof_age"] = {"gte": dice.randint(3, 15)}
    if dice.random() < 0.3:
        where["credit"] = sorted(dice.sample(["excellent", "good", "fair", "poor"], dice.randint(1, 3)))
    price = dice.randint(12, 60)
    shared = vertical in ("solar", "windows") and dice.random() < 0.7
    sell = {"shared": {"price": f"{price // 2}.00"}} if shared else {"exclusive": {"price": f"{price}.00"}}
    caps = {"day": dice.choice([5, 20, 50, 100, 250])}
    if dice.random() < 0.1:
        caps["hour"] = 10
    if dice.random() < 0.1:
        caps["week"] = {"spend": f"{dice.randint(2, 20) * 500}.00"}
    made = {"in": {f"{vertical}/{group}": place}, "where": where, "caps": caps, "sell": sell}
    if dice.random() < 0.3:
        made["hours"] = dice.choice(["office", "long"])
    return made


def plan(contracts):
    buyers, dice = {}, random.Random(7)
    for n in range(contracts):
        buyer = buyers.setdefault(f"buyer-{n // 2:04}", {"contracts": {}})
        buyer["contracts"][f"c{n:04}"] = contract(list(VERTICALS)[n % 4], dice)
    return {
        "format": 1, "plan": "world", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {name: {"extends": "us/home-services@1"} for name in VERTICALS},
        "sources": SOURCES,
        "intake": {"repair": ["zip_leading_zero", "zip_letter_o", "state_from_zip"], "on_zip_state_conflict": "zip_wins",
                   "max_age": "31d", "dedupe": [{"any": ["phone", "email"], "within": "3d", "scope": "vertical"}]},
        "hours": {"office": {"mon-fri": "08:00-18:00", "sat": "09:00-13:00"}, "long": {"mon-sun": "07:00-21:00"}},
        "routes": {name: {"max_sales": 3 if name in ("solar", "windows") else 1, "min_margin": "1.00",
                          "groups": [{"id": group, "select": method} for group, method in groups],
                          "on_unsold": {"then": "store"}} for name, groups in VERTICALS.items()},
        "buyers": buyers,
    }


def changed(old):
    new, dice = json.loads(json.dumps(old)), random.Random(11)
    for buyer in new["buyers"].values():
        for made in buyer["contracts"].values():
            kind = dice.random()
            if kind < 0.05:
                for form in made["sell"].values():
                    form["price"] = f"{float(form['price']) * 1.1:.2f}"
            elif kind < 0.15:
                made["caps"]["day"] *= 2
            elif kind < 0.18:
                made["where"].pop("homeowner", None)
    return new


def leads(count, out):
    with gzip.open(EXAMPLE, "rt", encoding="utf-8") as file:
        seen = [line for line in map(json.loads, file) if not line.get("test")]
    for n in range(count):
        lead = dict(seen[n % len(seen)])
        lead["id"] = f"W{n:08}"
        second = n * 10 * 86_400 // count
        day, rest = 2 + second // 86_400, second % 86_400
        lead["received_at"] = f"2026-11-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}Z"
        lead.pop("idempotency_key", None)
        for name, value in lead.items():
            # Another person, so that few are duplicates: other last digits, another mailbox.
            if "phone" in name.lower() and isinstance(value, str) and value[-4:].isdigit():
                lead[name] = value[:-4] + f"{(int(value[-4:]) + n // len(seen) * 7919) % 10_000:04}"
            elif name == "email" and isinstance(value, str) and "@" in value:
                lead[name] = f"{value.split('@')[0]}{n // len(seen)}@{value.split('@', 1)[1]}"
        out.write(json.dumps(lead, ensure_ascii=False) + "\n")


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    old = plan(int(sys.argv[3]) if len(sys.argv) > 3 else 1_000)
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in [("old", old), ("new", changed(old))]:
        (folder / f"{name}.jsonc").write_text(json.dumps(made, indent=1) + "\n")
    with open(folder / "leads.jsonl", "w", encoding="utf-8") as out:
        leads(count, out)


if __name__ == "__main__":
    main()
