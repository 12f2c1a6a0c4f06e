"""Leads that one engine prepares and another one settles: the same bytes as from one alone, whatever they come in."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from conftest import NOW, REPOSITORY, TINY, example_leads, lead

import leadwright

PLAN = REPOSITORY / "examples/home-services/plan.jsonc"


class Column:
    """What pyarrow's columns, batches and tables have, as far as they are asked."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = list(items)

    def to_pylist(self) -> list[Any]:
        return self.items

    def __iter__(self) -> Any:
        raise AssertionError("the items of a column are no values of Python")


def json_of(answers: Iterable[Any]) -> list[bytes]:
    return [answer.json for answer in answers]


def test_the_example_is_prepared_here_and_settled_there(tmp_path: Any) -> None:
    plan = leadwright.Plan.load(PLAN)
    lines = [*example_leads()[:1_500], b"", b"[]", *example_leads()[:3]]
    alone = json_of(leadwright.Engine(plan).decide_batch(b"\n".join(lines) + b"\n", now=NOW, seed=7))
    worker = leadwright.Engine(pickle.loads(pickle.dumps(plan)))
    halves = [worker.prepare_batch(b"\n".join(half) + b"\n", now=NOW, seed=7, threads=2) for half in (lines[700:], lines[:700])]
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        first = json_of(engine.settle_batch(halves[1]))
        rest = json_of(engine.settle_batch(map(bytearray, halves[0]), line=len(first) + 1))
        assert first + rest == alone
        assert all(same for _, same in engine.replay())


@pytest.mark.parametrize("column", [Column, lambda items: pytest.importorskip("pyarrow").array(items)])
def test_columns_of_arrow(plan: leadwright.Plan, column: Callable[[list[Any]], Any]) -> None:
    lines = [b'{"id":"L1","source":"web","zip":"60601"}', None, b'{"id":"L2",\n"source":"web"}', b"[]"]
    alone = leadwright.Engine(plan).decide_batch(b"\n".join((line or b"").replace(b"\n", b" ") for line in lines) + b"\n", now=NOW)
    rows = leadwright.Engine(plan).prepare_batch(column(lines), now=NOW)
    assert json_of(leadwright.Engine(plan).settle_batch(column(rows))) == json_of(alone)
    assert json_of(leadwright.Engine(plan).decide_batch(column(lines), now=NOW)) == json_of(alone)


@pytest.mark.parametrize(
    "table", [Column, lambda rows: pytest.importorskip("pyarrow").RecordBatch.from_pylist(rows)]
)
def test_tables_of_arrow_have_a_field_in_each_column(plan: leadwright.Plan, table: Callable[[list[Any]], Any]) -> None:
    leads = [lead(1), lead(2) | {"homeowner": True}, lead(3)]
    names = {name for each in leads for name in each}
    rows = [{name: each.get(name) for name in sorted(names)} for each in leads]
    alone = json_of(leadwright.Engine(plan).decide_batch([dict(sorted(each.items())) for each in leads], now=NOW))
    assert json_of(leadwright.Engine(plan).decide_batch(table(rows), now=NOW)) == alone
    assert len(leadwright.validate_many(table(rows), schema="us/home-services@1")) == 3


def test_rows_are_all_read_before_one_is_settled(plan: leadwright.Plan) -> None:
    engine = leadwright.Engine(plan)
    rows = engine.prepare_batch([lead(1), lead(2)], now=NOW)
    with pytest.raises(leadwright.InputError, match="line 42") as refused:
        engine.settle_batch([rows[0], rows[1][:-1]], line=41)
    assert refused.value.code == "prepared.damaged"
    assert not any(decision.replayed for decision in engine.settle_batch(rows))
    assert all(decision.replayed for decision in engine.settle_batch(rows))
    assert engine.prepare_batch(b"") == engine.settle_batch([]) == []
    for odd in (7, "row", None):
        with pytest.raises(TypeError):
            engine.settle_batch([odd])  # type: ignore[list-item]


def test_a_swap_refuses_rows_of_before(plan: leadwright.Plan, tmp_path: Any) -> None:
    engine = leadwright.Engine(plan)
    rows = engine.prepare_batch([lead(1)], now=NOW)
    path = tmp_path / "other.jsonc"
    path.write_text(TINY.replace('"day": 2', '"day": 3'))
    engine.swap(leadwright.Plan.load(path))
    with pytest.raises(leadwright.InputError) as refused:
        engine.settle_batch(rows)
    assert refused.value.code == "prepared.other_plan"
