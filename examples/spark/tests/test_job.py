"""What the cluster writes is what one process writes, byte for byte."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import job
import pytest
from conftest import EXAMPLES, NOW, PLAN
from pyspark import cloudpickle
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

import leadwright


def alone(leads: bytes, plan: leadwright.Plan, now: str = NOW) -> bytes:
    with leadwright.Engine(plan) as engine:
        return b"".join(answer.json + b"\n" for answer in engine.decide_batch(leads, now=now))


@pytest.fixture(scope="session")
def plan() -> leadwright.Plan:
    return leadwright.Plan.load(PLAN)


@pytest.fixture(scope="session")
def leads(lines: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three files. Spark reads large pieces first, so that no task has what comes first."""
    folder = tmp_path_factory.mktemp("leads")
    for name, first, end in [("a", 0, 40), ("b", 40, 1_900), ("c", 1_900, len(lines))]:
        (folder / f"{name}.jsonl").write_bytes(b"\n".join(lines[first:end]) + b"\n")
    return folder


def joined(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@pytest.fixture(scope="session")
def expected(leads: Path, plan: leadwright.Plan) -> bytes:
    return alone(joined(leads), plan)


def test_the_leads_have_what_a_cluster_could_get_wrong(expected: bytes, leads: Path) -> None:
    decided = [json.loads(line) for line in expected.splitlines()]
    assert len(decided) == joined(leads).count(b"\n")
    outcomes = {each.get("outcome") for each in decided}
    assert outcomes >= {"assigned", "duplicate", "rejected", "suppressed", "unmatched", "unsold", None}
    # Caps run out: who is capped in the trace of a lead had room for those before.
    capped = [each for each in decided if '"contract.caps"' in json.dumps(each.get("trace", {}))]
    assert len(capped) > 50
    # The line of the input stands in the answer to one that is none.
    assert [each["line"] for each in decided if "outcome" not in each] == [1, 202, 1_609, len(decided)]


def test_the_cluster_writes_what_one_process_writes(
    spark: SparkSession, leads: Path, plan: leadwright.Plan, expected: bytes, tmp_path: Path
) -> None:
    splits = job.read(spark, str(leads)).groupBy("file", "block").agg(f.min("row").alias("row"))
    tasks = [split.row for split in splits.sort("file", "block").collect()]
    assert len(tasks) > 10 and tasks != sorted(tasks), "Spark read the files in their order"

    assert job.run(spark, str(leads), plan, tmp_path, NOW) == expected.count(b"\n")
    assert (tmp_path / "decisions.jsonl").read_bytes() == expected
    assert not (tmp_path / "prepared").exists(), "rows are personal data"
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        assert all(same for _, same in engine.replay())


def test_whoever_prepares_a_lead_and_in_which_order(
    spark: SparkSession, leads: Path, plan: leadwright.Plan, expected: bytes, tmp_path: Path
) -> None:
    """Rows go to other tasks by chance before they are prepared; a pass that was begun and stopped is begun anew."""
    shuffled = job.read(spark, str(leads)).repartition(5, f.rand(7)).sortWithinPartitions(f.rand(8))
    job.prepare(shuffled, job.preparing(spark, plan, NOW, {}), tmp_path / "prepared")
    parts = sorted((tmp_path / "prepared").glob("part-*.parquet"))
    assert len(parts) > 1
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        hidden = parts[-1].rename(tmp_path / "later.parquet")
        job.settle(tmp_path / "prepared", engine, tmp_path / "first.jsonl")
        hidden.rename(parts[-1])
    first = (tmp_path / "first.jsonl").read_bytes()
    assert 0 < len(first) < len(expected) and expected.startswith(first)
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        job.settle(tmp_path / "prepared", engine, tmp_path / "decisions.jsonl")
    assert (tmp_path / "decisions.jsonl").read_bytes() == expected


def test_lists_outside_of_the_plan_are_opened_by_the_workers(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonc"
    path.write_text("""{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
      "verticals": { "roofing": { "extends": "us/home-services@1" } }, "sources": { "web": { "verticals": ["roofing"] } },
      "lists": { "opt-outs": { "compiled": "opt-outs.lwlist", "of": "phone" } }, "intake": { "suppress": ["opt-outs"] },
      "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
      "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } } } } } }""")
    file = tmp_path / "opt-outs.lwlist"
    leadwright.SuppressionList.of(["312-555-0100"]).write(file, "opt-outs")
    leads = tmp_path / "leads.jsonl"
    phones = ["312-555-0100", "312-867-5309"]
    leads.write_text("".join(json.dumps({"id": f"L{n}", "source": "web", "phone": phone}) + "\n" for n, phone in enumerate(phones)))
    job.run(spark, str(leads), leadwright.Plan.load(path), tmp_path / "out", NOW, {"opt-outs": str(file)})
    decided = [json.loads(line)["outcome"] for line in (tmp_path / "out/decisions.jsonl").read_text().splitlines()]
    assert decided == ["suppressed", "assigned"]


def test_a_plan_travels_and_rows_of_another_one_are_refused(plan: leadwright.Plan) -> None:
    for dumps in (pickle.dumps, cloudpickle.dumps):
        there = pickle.loads(dumps(plan))
        assert there.hash == plan.hash
        rows = leadwright.Engine(there).prepare_batch([{"id": "L1"}], now=NOW)
        assert len(leadwright.Engine(plan).settle_batch(rows)) == 1
    other = leadwright.Plan.load(EXAMPLES.parent / "vectors/decide/plan.jsonc")
    with pytest.raises(leadwright.InputError) as refused:
        leadwright.Engine(other).settle_batch(rows)
    assert refused.value.code == "prepared.other_plan"


def test_development_leads(spark: SparkSession, plan: leadwright.Plan, tmp_path: Path) -> None:
    """Messy leads of the development data, where that is beside the repository."""
    maker = EXAMPLES.parent.parent / "shared/eval/leads/gen_leads.py"
    if not maker.exists():
        pytest.skip("SKIPPED: there is no shared/eval/leads beside the repository")
    made = subprocess.run([sys.executable, str(maker), "1500", "7", "field5"], capture_output=True, check=True).stdout
    envelope = [{"source": "search-lp", "vertical": "roofing"}, {"source": "affil-42", "vertical": "windows"}]
    rows = [json.loads(line)["lead"] | envelope[n % 2] | {"id": f"D{n}"} for n, line in enumerate(made.splitlines())]
    leads = tmp_path / "leads.jsonl"
    leads.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    job.run(spark, str(leads), plan, tmp_path / "out", NOW)
    assert (tmp_path / "out/decisions.jsonl").read_bytes() == alone(leads.read_bytes(), plan)


def test_the_command(
    spark: SparkSession, leads: Path, plan: leadwright.Plan, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """One file, the folder of the plan. It takes the Spark that is there, and stops it: the last of the tests."""
    words = ["job.py", leads / "a.jsonl", PLAN.parent, tmp_path / "out", "--now", NOW]
    monkeypatch.setattr(sys, "argv", [str(word) for word in words])
    job.main()
    assert capsys.readouterr().out == f"40 leads, in {tmp_path / 'out/decisions.jsonl'}\n"
    want = alone((leads / "a.jsonl").read_bytes(), plan)
    assert (tmp_path / "out/decisions.jsonl").read_bytes() == want
