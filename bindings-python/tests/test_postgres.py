"""A store in PostgreSQL is named by its URL, and answers as a file does. It needs a server, and says so where there is none."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

import leadwright
from conftest import NOW, lead

URL = os.environ.get("LEADWRIGHT_TEST_POSTGRES", "")


@pytest.fixture
def url() -> str:
    if not URL:
        print("SKIPPED: no PostgreSQL: set LEADWRIGHT_TEST_POSTGRES to its URL, or run `cargo xtask test`")
        pytest.skip("no PostgreSQL")
    return URL


def tenant(name: str) -> str:
    """One that no other run has: tenants are apart."""
    return f"py-{name}-{os.getpid()}"


def test_it_answers_as_a_file_does(plan: leadwright.Plan, tmp_path: Path, url: str) -> None:
    whose = tenant("same")
    lines = "".join(json.dumps(lead(number % 7)) + "\n" for number in range(30))
    with leadwright.Engine(plan, tmp_path / "leads.db", tenant=whose) as file:
        want = file.decide_batch(lines, now=NOW)
        with leadwright.Engine(plan, url, tenant=whose) as database:
            assert database.decide_batch(lines, now=NOW) == want
            assert [same for _, same in database.replay()] == [same for _, same in file.replay()]
            assert all(same for _, same in database.replay())
            assert database.report(by=["contract"]) == file.report(by=["contract"])


def decide_in_child(engine: leadwright.Engine, number: int, queue: Any) -> None:
    queue.put(engine.decide(lead(number), now=NOW).outcome)


def test_after_a_fork_the_engine_goes_on(plan: leadwright.Plan, url: str) -> None:
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    with leadwright.Engine(plan, url, tenant=tenant("fork")) as engine:
        engine.decide(lead(1), now=NOW)
        children = [fork.Process(target=decide_in_child, args=(engine, 10 * n, queue)) for n in range(1, 4)]
        for child in children:
            child.start()
        outcomes = [engine.decide(lead(2), now=NOW).outcome, *(queue.get(timeout=60) for _ in children)]
        for child in children:
            child.join(timeout=60)
            assert child.exitcode == 0
        # The cap of a day is two, whoever sells.
        assert sorted(outcomes) == ["assigned", "unsold", "unsold", "unsold"]


def test_keys_are_for_files(plan: leadwright.Plan, url: str) -> None:
    with pytest.raises(leadwright.LeadwrightError) as error:
        leadwright.Engine(plan, url, keys={"k1": bytes(32)})
    assert error.value.code == "input.bad_option"
