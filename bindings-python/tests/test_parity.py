"""Parity: the golden vectors, one ledger from several processes, errors with their codes."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import vectors

import leadwright
from leadwright import parity

AT = "2026-11-28T12:00:00.000Z"


def seen(number: int, legacy: Any, candidate: Any, **more: Any) -> dict[str, Any]:
    sides = {"legacy": {"value": legacy}, "candidate": {"value": candidate}}
    return {"step": "decide", "key": f"L{number}", "at": AT, "stage": "shadow", **sides, **more}


@pytest.mark.parametrize("vector", vectors("parity"))
def test_vector(vector: dict[str, str], tmp_path: Path) -> None:
    given, want = json.loads(vector["parity"]), json.loads(vector["want"])
    path = tmp_path / "parity.db"
    if given["do"] == "bucket":
        assert [parity.bucket(given["migration"], given["step"], key) for key in given["keys"]] == want
    elif given["do"] == "stage":
        assert [stage(text) for text in given["texts"]] == want
    elif given["do"] == "compare":
        record = parity.Parity(path, "vectors", {"steps": {"s": given["rules"]}})
        verdicts = json.loads(record.record(json.dumps(given["observations"]).encode()))
        steps = json.loads(record.summary())["steps"].values()
        found = [[c["class"], c["path"], c["count"], c["money"]] for step in steps for c in step["classes"]]
        assert {"verdicts": verdicts, "classes": sorted(found, key=compact)} == want
    elif given["do"] in ("options", "gate", "record"):
        with pytest.raises(leadwright.ParityError) as raised:
            record = parity.Parity(path, "vectors", given.get("options", {}))
            record.record(json.dumps(given.get("observations", [])).encode())
            record.check(json.dumps(given.get("gate", {})).encode())
        assert raised.value.code == want["code"]
    else:
        assert given["do"] in ("migration", "example"), "Rust alone has a door for it"


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def stage(text: str) -> Any:
    try:
        return list(parity.stage(text))
    except leadwright.ParityError as error:
        return {"code": error.code}


def record_in_child(record: parity.Parity, start: int) -> None:
    for number in range(start, start + 50):
        record.record(json.dumps([seen(number, "a", "a")]).encode())


def test_after_a_fork_everybody_writes_one_ledger(tmp_path: Path) -> None:
    record = parity.Parity(tmp_path / "parity.db", "routing")
    record.record(json.dumps([seen(0, "a", "b")]).encode())
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=record_in_child, args=(record, 100 * n)) for n in range(1, 4)]
    for child in children:
        child.start()
    record_in_child(record, 1_000)
    for child in children:
        child.join()
        assert child.exitcode == 0
    step = json.loads(record.summary("decide"))["steps"]["decide"]
    assert (step["compared"], step["matched"], step["mismatched"]["count"]) == (201, 200, 1)


def test_nothing_is_opened_before_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "parity.db"
    record = parity.Parity(path, "routing")
    assert not path.exists()
    record.count(b'{"decide": {"calls": 3, "sampled_out": 2}}')
    assert path.exists()
    assert json.loads(record.summary())["steps"]["decide"]["counts"] == {"calls": 3, "sampled_out": 2}
    assert json.loads(record.summary("validate"))["steps"] == {}


def test_a_gate_is_ready_or_says_why_not(tmp_path: Path) -> None:
    record = parity.Parity(tmp_path / "parity.db", "routing")
    record.record(json.dumps([seen(n, "a", "a") for n in range(20)]).encode())
    check = json.loads(record.check(b'{"min_samples": 20, "max_mismatch": "20%"}'))
    assert check["ready"]
    check = json.loads(record.check())
    failed = [condition["condition"] for condition in check["steps"]["decide"]["conditions"] if not condition["met"]]
    assert failed == ["min_samples", "max_mismatch"], "twenty calls are no proof"


def test_two_answers_are_compared_without_a_file() -> None:
    rules = {"known": [{"id": "K1", "reason": "r", "owner": "ann", "expires": "9999-12-31", "class": "value"}]}
    assert parity.compare({"a": 1}, {"a": 1.0}) == {"verdict": "match", "classes": [], "known": []}
    assert parity.compare("TX", "OK")["verdict"] == "mismatch"
    assert parity.compare("TX", "OK", rules) == {"verdict": "known", "classes": ["value"], "known": ["K1"]}


def test_a_file_of_something_else_is_a_store_error(tmp_path: Path) -> None:
    path = tmp_path / "parity.db"
    path.write_text("no ledger")
    with pytest.raises(leadwright.StoreError) as raised:
        parity.Parity(os.fspath(path), "routing").record(json.dumps([seen(0, 1, 1)]).encode())
    assert raised.value.code == "store.foreign"
