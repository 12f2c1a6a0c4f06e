"""Plans whose buyers and contracts are rows of tables."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import leadwright
from conftest import REPOSITORY, vectors

BASE: dict[str, Any] = {
    "format": 1, "plan": "loans", "currency": "USD", "timezone": "America/Chicago",
    "verticals": {"loans": {"extends": "us/mortgage@1"}},
    "sources": {"web": {"verticals": ["loans"]}},
    "routes": {"loans": {"groups": [{"id": "open", "select": "price"}], "on_unsold": {"then": "store"}}},
}  # fmt: skip
ROW = {"contract": "acme-tx", "buyer": "acme", "states": "TX, OK", "credit_score_min": 620, "price": "$42.50"}


@pytest.mark.parametrize("vector", vectors("rows"))
def test_vector(vector: dict[str, str]) -> None:
    tables, want = json.loads(vector["tables"]), json.loads(vector["want"])
    given = {"base": json.loads(vector["base"]), "contracts": tables.pop("contracts"), **tables}
    found = leadwright.Plan.check_rows(**given)
    assert [(i.code, i.severity, i.file, i.line, i.column, i.path) for i in found] == [
        (i["code"], i["severity"], i["table"], i["row"], i["column"], i["path"]) for i in want["issues"]
    ]
    if want["canonical"] is None:
        with pytest.raises(leadwright.PlanError) as refused:
            leadwright.Plan.from_rows(**given)
        assert len(refused.value.issues) == len(found)
    else:
        assert json.loads(json.loads(leadwright.Plan.from_rows(**given).bundle())["plan"]) == json.loads(want["canonical"])


def test_rows_of_files_cursors_and_python_are_one_plan(tmp_path: Path) -> None:
    text = 'contract,buyer,states,credit_score_min,price,starts\nacme-tx,acme,"TX, OK",620,$42.50,2026-01-15\n'
    store = sqlite3.connect(":memory:")
    store.row_factory = sqlite3.Row
    store.execute("create table c (contract, buyer, states, credit_score_min, price, starts)")
    store.execute("insert into c values ('acme-tx', 'acme', 'TX OK', 620, 42.5, '2026-01-15')")
    typed = {**ROW, "states": ("TX", "OK"), "price": Decimal("42.50"), "starts": datetime.date(2026, 1, 15), "ends": None}
    base = tmp_path / "plan.jsonc"
    base.write_text(json.dumps(BASE))
    plans = [
        leadwright.Plan.from_rows(base=BASE, contracts=csv.DictReader(io.StringIO(text))),
        leadwright.Plan.from_rows(base=base, contracts=store.execute("select * from c")),
        leadwright.Plan.from_rows(base=str(base), contracts=iter([typed])),
    ]
    assert len({plan.hash for plan in plans}) == 1


def test_a_missing_number_of_a_data_frame_is_an_empty_cell() -> None:
    row = {**ROW, "daily_cap": float("nan")}
    assert leadwright.Plan.from_rows(base=BASE, contracts=[row]).hash == leadwright.Plan.from_rows(base=BASE, contracts=[ROW]).hash


class Frame:
    """The doors of a pandas frame."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.columns, self.rows = list(rows[0]), rows

    def itertuples(self, index: bool, name: None) -> Iterator[tuple[Any, ...]]:
        return (tuple(row.values()) for row in self.rows)


class Polars:
    """The doors of a polars frame."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows

    def iter_rows(self, *, named: bool) -> Iterator[dict[str, Any]]:
        return iter(self.rows)


@pytest.mark.parametrize("kind", [Frame, Polars])
def test_a_missing_cell_of_a_data_frame_is_a_column_still(kind: Any) -> None:
    row = {"daily_cap": float("nan"), "note": None, **ROW, "prise": 1}
    found = leadwright.Plan.check_rows(base=BASE, contracts=kind(row))
    assert [(issue.code, issue.column) for issue in found] == [("rows.unknown_column", len(row))]
    del row["prise"]
    assert leadwright.Plan.from_rows(base=BASE, contracts=kind(row)).hash == leadwright.Plan.from_rows(base=BASE, contracts=[ROW]).hash


def test_the_rows_of_a_cursor_are_entries_of_a_list() -> None:
    base = {**BASE, "lists": {"opt-outs": {"file": "lists/opt-outs.txt", "of": "phone"}}, "intake": {"suppress": ["opt-outs"]}}
    store = sqlite3.connect(":memory:")
    cursor = store.execute("values ('312-867-5309'), ('312-867-5310')")
    plans = [
        leadwright.Plan.from_rows(base=base, contracts=[ROW], lists={"opt-outs": given})
        for given in (["312-867-5309", "312-867-5310"], cursor, [["312-867-5309"], ["312-867-5310"]])
    ]
    assert len({plan.hash for plan in plans}) == 1
    two = leadwright.Plan.check_rows(base=base, contracts=[ROW], lists={"opt-outs": ["312-867-5309", ("312-867-5310", "Jo")]})
    assert [issue.code for issue in two] == ["rows.bad_cell"]


def test_the_files_of_rows_are_the_same_plan(tmp_path: Path) -> None:
    plan = leadwright.Plan.from_rows(base=BASE, contracts=[ROW])
    for files in (leadwright.Plan.rows_to_files(base=BASE, contracts=[ROW]), plan.to_documents()):
        assert sorted(files) == ["buyers/acme.jsonc", "plan.jsonc"]
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        assert leadwright.Plan.load(tmp_path / "plan.jsonc").hash == plan.hash


def test_ignored_columns_and_wrong_arguments() -> None:
    row = {**ROW, "created_at": datetime.datetime(2026, 1, 1)}
    assert [issue.code for issue in leadwright.Plan.check_rows(base=BASE, contracts=[row])] == ["rows.unknown_column"]
    assert leadwright.Plan.check_rows(base=BASE, contracts=[row], ignore=["created_at"]) == []
    with pytest.raises(leadwright.InputError):
        leadwright.Plan.from_rows(base=BASE, contracts=[7])
    with pytest.raises(leadwright.PlanError):
        leadwright.Plan.from_rows(base=REPOSITORY / "no-such-plan.jsonc", contracts=[ROW])
