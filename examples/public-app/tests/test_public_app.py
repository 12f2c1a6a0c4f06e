"""The rules do what was read of them, and the report is what comes out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from assignment import Assigner, Rule
from compare import HERE, SEED, pairs, share
from office import USERS, rules

MONDAY, SUNDAY = 0, 6


def test_round_robin_goes_on_after_the_last_one_and_begins_anew_when_they_are_gone() -> None:
    rule = Rule("all", 0, "round robin", lambda document: True, ["ann", "bob", "cem"])
    assigner = Assigner([rule], set())
    assert [assigner.assign({}, MONDAY)[1] for _ in range(4)] == ["ann", "bob", "cem", "ann"]
    assigner.assign({}, MONDAY)
    rule.users = ["ann", "cem"]
    assert assigner.assign({}, MONDAY)[1] == "ann", "bob was the last one, and is not there any more"


def test_load_is_open_documents_of_all_rules_and_the_first_of_equals() -> None:
    own = Rule("own", 1, "based on field", lambda document: True, field="owner")
    rest = Rule("rest", 0, "load balancing", lambda document: True, ["ann", "bob"])
    assigner = Assigner([rest, own], {"ann"})
    assert assigner.assign({"owner": "ann"}, MONDAY) == ("own", "ann")
    assert assigner.assign({"owner": "nobody"}, MONDAY) == ("rest", "bob")
    assert assigner.assign({}, MONDAY) == ("rest", "ann")
    assigner.close("bob")
    assert assigner.assign({}, MONDAY) == ("rest", "bob")


def test_a_condition_that_fails_is_not_met_and_a_rule_has_its_days() -> None:
    assigner = Assigner(rules(), USERS)
    big = {"employees": 500, "channel": "web", "territory": "west", "referred_by": None}
    assert assigner.assign(big, MONDAY)[0] == "enterprise"
    assert assigner.assign(big, SUNDAY)[0] == "rest"
    assert assigner.assign({**big, "employees": None}, MONDAY)[0] == "rest"


def test_the_plan_agrees_but_for_what_is_open() -> None:
    found = pairs(2000, SEED)
    differing = [pair for pair in found if pair["legacy"] != pair["candidate"]]
    assert {pair["step"] for pair in differing} == {"rest"}
    assert len(differing) > 100
    old, new = share(found, "legacy"), share(found, "candidate")
    assert all(old[user] == new[user] for user in ("anna", "ben", "carla", "dan", "eva"))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = tmp_path_factory.mktemp("ledger") / "parity.db"
    subprocess.run([sys.executable, str(HERE / "compare.py"), str(ledger)], check=True, capture_output=True)
    return ledger


@pytest.mark.parametrize(("kind", "name"), [("text", "report.txt"), ("html", "report.html")])
def test_the_report_is_what_comes_out(ledger: Path, kind: str, name: str) -> None:
    gate = ["--min-samples", "400", "--max-mismatch", "1%", "--as-of", "2026-12-01"]
    command = [sys.executable, "-m", "leadwright", "parity", "report", str(ledger), *gate, "--format", kind]
    made = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    if os.environ.get("LEADWRIGHT_BLESS"):
        (HERE / name).write_text(made, encoding="utf-8")
    assert made == (HERE / name).read_text(encoding="utf-8")
