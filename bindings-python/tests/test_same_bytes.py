"""The example's 10,000 leads over SQLite: the same bytes as from the command line, also after a kill half way."""

from __future__ import annotations

import collections
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, REPOSITORY, command, example_leads

import leadwright

PLAN = REPOSITORY / "examples/home-services/plan.jsonc"


@pytest.fixture(scope="module")
def from_command(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("command")
    leads = folder / "leads.jsonl"
    leads.write_bytes(b"\n".join(example_leads()) + b"\n")
    arguments: list[object] = ["decide", "--plan", PLAN, "--store", folder / "leads.db", "--now", NOW, leads]
    done = subprocess.run([*command(), *map(str, arguments)], capture_output=True, check=True)
    return done.stdout.splitlines()


def test_python_gives_the_bytes_of_the_command_line(from_command: list[bytes], tmp_path: Path) -> None:
    with leadwright.Engine(leadwright.Plan.load(PLAN), tmp_path / "leads.db") as engine:
        decisions = engine.decide_batch(b"\n".join(example_leads()), now=NOW, threads=2)
        assert [decision.json for decision in decisions] == from_command
        # Some requests of the example were sent twice; they have one decision.
        replayed = list(engine.replay())
        assert len(replayed) == len(set(from_command)) < len(from_command) == 10_000
        assert all(same for _, same in replayed)


DECIDE = """
import gzip, sys, leadwright
plan, store, leads, now = sys.argv[1:]
with leadwright.Engine(leadwright.Plan.load(plan), store) as engine, gzip.open(leads) as file:
    lines = file.read().splitlines()
    for first in range(0, len(lines), 100):
        for decision in engine.decide_batch(b"\\n".join(lines[first:first + 100]), now=now):
            sys.stdout.buffer.write(decision.json + b"\\n")
        sys.stdout.buffer.flush()
"""


def test_killed_half_way_and_started_again(from_command: list[bytes], tmp_path: Path) -> None:
    leads = REPOSITORY / "examples/home-services/leads.jsonl.gz"
    store, answers = tmp_path / "leads.db", tmp_path / "answers"
    with answers.open("wb") as out:
        arguments = [sys.executable, "-c", DECIDE, PLAN, store, leads, NOW]
        run = subprocess.Popen([str(argument) for argument in arguments], stdout=out)
        while answers.read_bytes().count(b"\n") < 4_000:
            assert run.poll() is None
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.wait()
    # The last line may be cut: what was acknowledged is what came whole.
    acknowledged = answers.read_bytes().split(b"\n")[:-1]
    assert 4_000 <= len(acknowledged) < 10_000
    with leadwright.Engine(leadwright.Plan.load(PLAN), store) as engine:
        again = engine.decide_batch(b"\n".join(example_leads()), now=NOW)
        assert [decision.json for decision in again] == from_command
        # None of what was acknowledged is lost, none is decided twice.
        assert [decision.json for decision in again[: len(acknowledged)]] == acknowledged
        assert all(isinstance(each, leadwright.Decision) and each.replayed for each in again[: len(acknowledged)])
        assert len(list(engine.replay())) == len(set(from_command))
    no_cap_is_passed(set(from_command))


def test_the_command_killed_half_way_and_started_again(from_command: list[bytes], tmp_path: Path) -> None:
    leads, store = tmp_path / "leads.jsonl", tmp_path / "leads.db"
    leads.write_bytes(b"\n".join(example_leads()) + b"\n")
    arguments = ["decide", "--plan", PLAN, "--store", store, "--now", NOW, leads]
    whole = [*command(), *map(str, arguments)]
    with (tmp_path / "first").open("wb") as out:
        run = subprocess.Popen(whole, stdout=out, stderr=subprocess.DEVNULL)
        while (tmp_path / "first").read_bytes().count(b"\n") < 4_000:
            assert run.poll() is None
            time.sleep(0.01)
        run.send_signal(signal.SIGKILL)
        run.wait()
    acknowledged = (tmp_path / "first").read_bytes().split(b"\n")[:-1]
    assert 4_000 <= len(acknowledged) < 10_000
    again = subprocess.run(whole, capture_output=True, check=True).stdout.splitlines()
    assert again == from_command
    assert again[: len(acknowledged)] == acknowledged
    replay = subprocess.run([*command(), "replay", "--store", store], capture_output=True, check=False)
    assert replay.returncode == 0, replay.stderr


def no_cap_is_passed(decisions: set[bytes]) -> None:
    """All of them were made in one minute, so a count of a contract is the count of its hour and of its day."""
    bundle = json.loads(leadwright.Plan.load(PLAN).bundle())
    contracts = {name: contract for buyer in buyers(bundle) for name, contract in buyer["contracts"].items()}
    # A test lead counts for nobody (rule 97).
    real = [decided for decided in map(json.loads, decisions) if decided["outcome"] != "test"]
    sold = collections.Counter(each["contract"] for decided in real for each in decided["assignments"])
    full = 0
    for name, contract in contracts.items():
        for window in ("hour", "day"):
            cap = contract.get("caps", {}).get(window)
            if isinstance(cap, int):
                assert sold[name] <= cap, name
                full += sold[name] == cap
    assert sum(sold.values()) > 1_000 and full >= 5, "the example fills caps"


def buyers(part: object) -> Iterator[dict[str, Any]]:
    """Every buyer of a bundle, wherever it stands."""
    if isinstance(part, dict):
        if isinstance(part.get("contracts"), dict):
            yield part
        for member in part.values():
            yield from buyers(member)
    elif isinstance(part, str) and part.startswith("{"):
        yield from buyers(json.loads(part))
