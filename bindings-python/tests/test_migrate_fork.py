"""Forks: as gunicorn does with `--preload`, and multiprocessing."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from leadwright import migrate

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")


def app(ledger: Path, stage: str = "shadow") -> tuple[migrate.Migration, Any]:
    m = migrate.Migration("routing", parity=ledger, stage=stage)

    @m.step("validate", candidate=lambda lead: lead["n"])
    def validate(lead: dict[str, Any]) -> Any:
        return lead["n"]

    return m, validate


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("leadwright")}


def work(m: migrate.Migration, validate: Any, calls: int) -> dict[str, Any]:
    for n in range(calls):
        validate({"id": f"L{os.getpid()}-{n}", "n": n})
    flushed = m.flush(10)
    counters = m.counters()["validate"]
    return {"flushed": flushed, "calls": counters["calls"], "matched": counters["matched"], "failures": m.ledger.failures}


def child(m: migrate.Migration, validate: Any) -> tuple[int, int]:
    """What a fork does; its pid, and where it writes what it saw."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            before = sorted(threads())
            os.write(write, json.dumps({"before": before, **work(m, validate, 50)}).encode())
        finally:
            os._exit(0)
    os.close(write)
    return pid, read


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("stage", ["shadow", "canary 100"])
def test_children_work_on_their_own_while_the_parent_is_busy(tmp_path: Path, stage: str) -> None:
    m, validate = app(tmp_path / "parity.db", stage)
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            validate({"id": "parent", "n": 0})
            time.sleep(0.001)

    parent = threading.Thread(target=busy)
    parent.start()
    time.sleep(0.2)
    try:
        for _ in range(5):
            pairs = [child(m, validate) for _ in range(2)]
            for pid, read in pairs:
                with os.fdopen(read, "rb") as pipe:
                    said = json.loads(pipe.read() or b"{}")
                assert os.waitpid(pid, 0)[1] == 0
                assert said == {"before": [], "flushed": True, "calls": 50, "matched": 50, "failures": 0}
    finally:
        stop.set()
        parent.join()
    assert m.flush(10) and m.ledger.failures == 0


def in_process(m: migrate.Migration, validate: Any, queue: Any) -> None:
    queue.put(work(m, validate, 20))
    # Not flushed: the end of the process does it.
    validate({"id": "last", "n": 1})


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_multiprocessing(tmp_path: Path) -> None:
    m, validate = app(tmp_path / "parity.db")
    validate({"id": "parent", "n": 0})
    assert m.flush(5)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    workers = [context.Process(target=in_process, args=(m, validate, queue)) for _ in range(3)]
    for worker in workers:
        worker.start()
    said = [queue.get(timeout=30) for _ in workers]
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0
    assert said == [{"flushed": True, "calls": 20, "matched": 20, "failures": 0}] * 3
    assert pairs(m) == 1 + 3 * 21


def pairs(m: migrate.Migration) -> int:
    """How many pairs the file has of the step."""
    summary = m.summary("validate")
    return int(summary["steps"]["validate"]["compared"])


PROGRAM = """
import sys, time
from leadwright import migrate
m = migrate.Migration("routing", parity=sys.argv[1], stage="shadow")
candidate = {"well": lambda lead: time.sleep(0.001), "hangs": lambda lead: time.sleep(60)}[sys.argv[2]]
@m.step("validate", candidate=candidate, deadline=30)
def validate(lead):
    return None
for n in range(100):
    validate({"id": f"L{n}"})
"""


@pytest.mark.parametrize("candidate", ["well", "hangs"])
def test_the_end_of_a_process_waits_for_what_is_not_written_but_not_long(tmp_path: Path, candidate: str) -> None:
    started = time.monotonic()
    ledger = tmp_path / "parity.db"
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(ledger), candidate], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    if candidate == "well":
        assert pairs(app(ledger)[0]) == 100
    else:
        assert time.monotonic() - started < 10
