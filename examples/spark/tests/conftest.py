"""A small Spark on this machine, and the leads that the tests send through it."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

EXAMPLES = Path(__file__).resolve().parents[2]
PLAN = EXAMPLES / "home-services/plan.jsonc"
NOW = "2026-11-24T23:05:00Z"

sys.path.insert(0, str(EXAMPLES / "spark"))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        # A JVM of a minute: what it compiles well, it compiles in vain.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "3",
        # So few rows would come to one.
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "300",
        # Many small splits, packed by their size: a task reads pieces from all over the input.
        "spark.sql.files.maxPartitionBytes": "160000",
        "spark.sql.files.openCostInBytes": "0",
    }
    builder = SparkSession.builder.master("local[2]").appName("leadwright tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def lines() -> list[bytes]:
    """Leads of the example, and among them what a batch has, too: blank lines, no JSON, no UTF-8, the same again."""
    with gzip.open(EXAMPLES / "home-services/leads.jsonl.gz") as file:
        leads = file.read().splitlines()[:2_000]
    odd = [
        b"", b"   ", b'{"id":"torn",', b"[1,2]", b"\xff\xfe\x00", b'{"source":"search-lp","phone":"312-867-5309"}',
        b'{"id":"crlf","source":"nobody"}\r', b'"text"', b"x" * 1_048_577,
    ]  # fmt: skip
    for place, line in enumerate(odd):
        leads.insert(place * 201, line)
    # Somebody of the first split comes again in the last one, under another id.
    again = json.loads(leads[1]) | {"id": "again", "idempotency_key": "again", "comments": "once more"}
    return [*leads, leads[1], leads[700], json.dumps(again).encode(), b""]
