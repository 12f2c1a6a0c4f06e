"""The same messy traffic and the same buyers through the monolith and through the app after each step.

    python compare.py                 # all of them, 2,000 leads
    python compare.py 3-limits --why  # one step, with what went wrong
    python compare.py 4-shadow --keep /tmp/kept && leadwright parity report /tmp/kept/4-shadow/parity.db
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Optional

from world.buyers import Buyers
from world.drive import STEPS, Answers, drive, load, settle, unload
from world.score import FAILURES, Score
from world.traffic import traffic

LEADS, SEED = 2000, 20260602
# Where a disk is no part of what is compared, it need not be waited for.
MEMORY = Path("/dev/shm")


def run(step: str, leads: int = LEADS, seed: int = SEED, keep: Optional[Path] = None) -> Score:
    """One app, from an empty database; its files are left in a folder, where one is named."""
    # As many leads a day, however many there are.
    waves = traffic(leads, seed, days=3 * leads / 2000)
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as scratch:
        folder = Path(scratch) if keep is None else keep / step
        folder.mkdir(parents=True, exist_ok=True)
        buyers = Buyers()
        answers = Answers()
        module = load(step, folder, buyers.url)
        try:
            drive(module, buyers, waves, answers)
            settle(module, buyers, waves, answers)
        finally:
            unload(module)
            buyers.close()
    return Score(waves, buyers, answers)


def run_all(steps: list[str], leads: int = LEADS, seed: int = SEED, keep: Optional[Path] = None) -> dict[str, Score]:
    """Several apps, each in a process of its own, more at once than there are cores: much of it is waiting for buyers."""
    workers = 2 * (os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = {step: pool.submit(run, step, leads, seed, keep) for step in steps}
        return {step: done.result() for step, done in running.items()}


def row(step: str, score: Score, of: int) -> str:
    """A line of the table."""
    counts = score.counts()
    share = 100 * (score.failed - of) / of if of else 0
    cells = [f"`{step}`", *(str(counts[kind]) for kind in FAILURES), str(score.failed), f"{share:+.1f} %", str(score.sold), f"${score.revenue:,}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("steps", nargs="*", default=STEPS)
    parser.add_argument("--leads", type=int, default=LEADS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", type=Path, help="leaves each app's files there, in a folder of its own: parity.db is the ledger")
    parser.add_argument("--why", action="store_true", help="each failed lead, and what it was told")
    asked = parser.parse_args()
    titles = ["after", *FAILURES, "failed or wrong", "against the monolith", "sold", "revenue"]
    print("| " + " | ".join(titles) + " |\n|---|" + "---:|" * (len(titles) - 1))
    first = 0
    for step, score in run_all(asked.steps, asked.leads, asked.seed, asked.keep).items():
        first = first or score.failed
        print(row(step, score, first), flush=True)
        if asked.why:
            print(Counter(verdict.status for verdict in score.verdicts))
            for verdict in (verdict for verdict in score.verdicts if verdict.failure):
                print(f"  {verdict.one.id} {verdict.failure}: {verdict.why} {verdict.one.messes} {verdict.one.form}")


if __name__ == "__main__":
    main()
