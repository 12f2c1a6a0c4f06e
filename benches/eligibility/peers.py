"""The loop that people write by hand: contracts as dicts, sets for lists, one function for each kind of test."""

import json
import sys
import time

MASK = (1 << 64) - 1


def prepare(test):
    field, op, value = test
    return field, op, frozenset(value) if op in ("in", "notIn") else value


def holds(test, lead):
    field, op, value = test
    found = lead.get(field)
    if found is None:
        return False
    if op == "in":
        return found in value
    if op == "notIn":
        return found not in value
    if op == "equal":
        return found == value
    least, most = value
    return (least is None or found >= least) and (most is None or found <= most)


def meets(contract, lead):
    for test in contract["all"]:
        if not holds(test, lead):
            return False
    if contract["any"]:
        return any(all(holds(test, lead) for test in tests) for tests in contract["any"])
    return True


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    leads = data["leads"][: int(sys.argv[2])]
    start = time.process_time()
    contracts = [
        {
            "all": [prepare(test) for test in contract["all"]],
            "any": [[prepare(test) for test in tests] for tests in contract["any"]],
        }
        for contract in data["contracts"]
    ]
    build = time.process_time() - start
    times = []
    for _ in range(3):
        count = total = 0
        start = time.process_time()
        found = [[n for n, contract in enumerate(contracts) if meets(contract, lead)] for lead in leads]
        times.append(time.process_time() - start)
    for lead, matched in enumerate(found):
        for contract in matched:
            count += 1
            total = (total + (contract + 1) * ((lead + 1) * 0x9E3779B97F4A7C15 & MASK)) & MASK
    nanos = sorted(times)[1] / len(leads) * 1e9
    print(json.dumps({"leads": len(leads), "nanos": nanos, "build_ms": build * 1e3, "count": count, "hash": f"{total:x}"}))


main()
