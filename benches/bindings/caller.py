"""Decides all leads of a file whenever a line comes in, and says how much CPU time that took."""

import json
import sys
import time
from pathlib import Path

import leadwright

NOW = "2026-11-24T23:05:00Z"


def as_dict(line: bytes):
    """Some of the leads are none; those stay what they are."""
    try:
        lead = json.loads(line)
    except ValueError:
        return line
    return lead if isinstance(lead, dict) else line


def main(what: str, plan: str, leads: str) -> None:
    plan = leadwright.Plan.load(plan)
    lines = Path(leads).read_bytes()
    each = lines.split(b"\n")
    dicts = [as_dict(line) for line in each]
    for _ in sys.stdin:
        engine = leadwright.Engine(plan)
        start = time.process_time_ns()
        if what == "batch":
            done = engine.decide_batch(lines, now=NOW)
        else:
            for lead in dicts if what == "dict" else each:
                done = engine.decide(lead, now=NOW)
        took = time.process_time_ns() - start
        del done
        print(took, flush=True)


main(*sys.argv[1:])
