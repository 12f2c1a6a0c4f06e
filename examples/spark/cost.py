"""What the way over Arrow costs a lead, beside the same leads decided at once in the same process.

    python cost.py [LEADS] [ROUNDS]

In turns: `decide_batch` of JSON Lines, and what a cluster does without its network: leads in a column of Arrow, rows in
another one, and the one pass that settles them. CPU time of this process, one thread, decisions in memory; the medians of
the ratios count, and only they mean something on another machine. The bytes of both are compared.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow

import leadwright

HOME = Path(__file__).resolve().parents[1] / "home-services"
NOW = "2026-11-24T23:05:00Z"
# As many as Spark puts into a batch.
BATCH = 10_000
# As many as a transaction takes.
TURN = 256


def main(count: int, rounds: int) -> None:
    with gzip.open(HOME / "leads.jsonl.gz") as file:
        lines = file.read().splitlines()[:count]
    text = b"\n".join(lines) + b"\n"
    plan = leadwright.Plan.load(HOME / "plan.jsonc")
    columns = [pyarrow.array(lines[first : first + BATCH], pyarrow.binary()) for first in range(0, count, BATCH)]

    def core() -> list[Any]:
        return list(leadwright.Engine(plan).decide_batch(text, now=NOW))

    def prepare() -> list[pyarrow.Array]:
        worker = leadwright.Engine(plan)
        return [pyarrow.array(worker.prepare_batch(column, now=NOW), pyarrow.binary()) for column in columns]

    def settle(rows: list[pyarrow.Array]) -> list[Any]:
        engine = leadwright.Engine(plan)
        return [answer for column in rows for answer in engine.settle_batch(column)]

    def in_turns() -> list[Any]:
        """As the core does it: 256 leads are prepared and settled, then the next ones."""
        worker, engine, settled = leadwright.Engine(plan), leadwright.Engine(plan), []
        for first in range(0, count, TURN):
            leads = pyarrow.array(lines[first : first + TURN], pyarrow.binary())
            settled += engine.settle_batch(pyarrow.array(worker.prepare_batch(leads, now=NOW), pyarrow.binary()))
        return settled

    def over_arrow() -> tuple[list[Any], float, float]:
        rows, first = timed(prepare)
        settled, second = timed(lambda: settle(rows))
        return settled, first, second

    nanos: dict[str, list[float]] = {"core": [], "turns": [], "prepare": [], "settle": []}
    for number in range(rounds + 1):
        # Who comes second finds memory that is there already: each is so in turn.
        if number % 2:
            decided, whole = timed(core)
            again, turns = timed(in_turns)
            settled, first, second = over_arrow()
        else:
            settled, first, second = over_arrow()
            again, turns = timed(in_turns)
            decided, whole = timed(core)
        for others in (settled, again):
            assert [answer.json for answer in others] == [answer.json for answer in decided], "the same bytes"
        del decided, settled, again, others
        for name, seconds in [("core", whole), ("turns", turns), ("prepare", first), ("settle", second)]:
            nanos[name].append(seconds * 1e9 / len(lines))
    # The first round warms up.
    core_, turns_, first_, second_ = (values[1:] for values in nanos.values())
    both_ = [one + two for one, two in zip(first_, second_)]
    rows_of = sum(column.nbytes for column in prepare()) / len(lines)
    print(f"{len(lines)} leads of {len(text) // len(lines)} bytes, rows of {rows_of:.0f}; {rounds} rounds")
    print("| | ns a lead | of the core |\n|---|---:|---:|")
    for name, values in [
        ("core: `decide_batch`", core_),
        (f"over Arrow, {TURN} leads at a time as the core does it", turns_),
        ("over Arrow, one half after the other", both_),
        ("of that `prepare_batch`, which scales out", first_),
        ("of that `settle_batch`, the one pass", second_),
    ]:
        ratios = [value / base for value, base in zip(values, core_)]
        print(f"| {name} | {statistics.median(values):.0f} | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    done = work()
    return done, time.process_time() - begun


if __name__ == "__main__":
    given = [int(word.replace("_", "")) for word in sys.argv[1:]]
    main(given[0] if given else 10_000, given[1] if len(given) > 1 else 7)
