"""Decides many leads with a cluster: every machine prepares, one process settles in the order of the input.

    python job.py leads.jsonl plan.jsonc out --now 2026-11-24T23:05:00Z

writes `out/decisions.jsonl`, byte for byte what one machine writes, and the store `out/leads.db`.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow
import pyarrow.parquet
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

import leadwright

# Where a lead stands in the input: in which file, from which byte on its split begins, and after which other leads of it.
POSITION = ["file", "block", "row"]
PREPARED = "file string, block long, row long, prepared binary"
# So many rows are settled by a call; a transaction takes 256 of them.
PORTION = 4_096


def read(spark: SparkSession, leads: str) -> DataFrame:
    """Every line with its position. How Spark splits the files, and who reads a split first, does not matter then."""
    lines = spark.read.option("lineSep", "\n").text(leads)
    return lines.select(
        f.col("_metadata.file_path").alias("file"),
        f.col("_metadata.file_block_start").alias("block"),
        # Ascending within a split, which one task reads from its begin to its end.
        f.monotonically_increasing_id().alias("row"),
        # Bytes: a line need not be UTF-8.
        f.col("value").cast("binary").alias("lead"),
    )


Batches = Iterator[pyarrow.RecordBatch]


def preparing(
    spark: SparkSession, plan: leadwright.Plan, now: str, lists: Mapping[str, str]
) -> Callable[[Batches], Batches]:
    """What every worker does with its share: it needs the plan and one time for all, and no state."""
    shared = spark.sparkContext.broadcast(plan)

    def prepare(batches: Batches) -> Batches:
        given = {name: leadwright.SuppressionList.open(path) for name, path in lists.items()}
        engine = leadwright.Engine(shared.value, lists=given)
        for batch in batches:
            rows = engine.prepare_batch(batch.column("lead"), now=now)
            columns = [batch.column(name) for name in POSITION] + [pyarrow.array(rows, pyarrow.binary())]
            yield pyarrow.RecordBatch.from_arrays(columns, [*POSITION, "prepared"])

    return prepare


def prepare(leads: DataFrame, work: Callable[[Batches], Batches], folder: Path) -> None:
    """Prepares on all machines, and writes the rows as Parquet in the order of the input."""
    prepared = leads.mapInArrow(work, PREPARED).persist(StorageLevel.DISK_ONLY)
    try:
        # To sort, Spark looks at the rows twice; kept, they are prepared once.
        prepared.sort(*POSITION).select("prepared").write.mode("overwrite").parquet(str(folder))
    finally:
        prepared.unpersist()


def settle(folder: Path, engine: leadwright.Engine, decisions: Path) -> int:
    """The one pass in which caps, duplicates and turns are settled. Begun anew after a stop, it gives the same again."""
    line = 1
    with decisions.open("wb") as out:
        for part in sorted(folder.glob("part-*.parquet")):
            for batch in pyarrow.parquet.ParquetFile(part).iter_batches(PORTION, columns=["prepared"]):
                answers = engine.settle_batch(batch.column("prepared"), line=line)
                out.writelines(answer.json + b"\n" for answer in answers)
                line += len(answers)
    return line - 1


def run(
    spark: SparkSession, leads: str, plan: leadwright.Plan, out: Path, now: str, lists: Mapping[str, str] = {}
) -> int:
    """Both halves. Rows hold the leads: they are removed once they are settled."""
    out.mkdir(parents=True, exist_ok=True)
    prepare(read(spark, leads), preparing(spark, plan, now, lists), out / "prepared")
    with leadwright.Engine(plan, out / "leads.db") as engine:
        count = settle(out / "prepared", engine, out / "decisions.jsonl")
    shutil.rmtree(out / "prepared")
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("leads", help="JSON Lines: a file, a folder or a pattern that every machine can read")
    parser.add_argument("plan", help="plan.jsonc, or the folder that it is in", type=Path)
    parser.add_argument("out", help="a folder for the decisions and the store", type=Path)
    parser.add_argument("--now", help="the time of all decisions; that of the start when absent")
    parser.add_argument(
        "--list", action="append", default=[], metavar="NAME=FILE", help="a compiled list that the plan keeps outside"
    )
    told = parser.parse_args()
    now = told.now or datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    plan = leadwright.Plan.load(told.plan / "plan.jsonc" if told.plan.is_dir() else told.plan)
    lists = dict(given.split("=", 1) for given in told.list)
    spark = SparkSession.builder.appName("leadwright").getOrCreate()
    try:
        print(f"{run(spark, told.leads, plan, told.out, now, lists)} leads, in {told.out / 'decisions.jsonl'}")
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
