"""The golden vectors of migrations that are put together wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import vectors

import leadwright
from leadwright import migrate


def never(lead: Any) -> Any:
    raise AssertionError("nobody calls it")


@pytest.mark.parametrize("vector", vectors("migrate"))
def test_what_cannot_be_is_told(vector: dict[str, str], plan: leadwright.Plan, tmp_path: Path) -> None:
    def migration(**options: Any) -> migrate.Migration:
        return migrate.Migration("routing", parity=tmp_path / "parity.db", **options)

    def step(m: migrate.Migration) -> None:
        m.step("validate", candidate=never)(never)

    def twice() -> None:
        m = migration()
        step(m)
        step(m)

    def verify() -> None:
        m = migration(stage="verify")
        m.step("validate", candidate=lambda lead: 1, raise_on_mismatch=True)(lambda lead: 2)({"id": "L1"})

    def canary() -> None:
        m = migration(engine=leadwright.Engine(plan))
        m.decide(seen=never)(never)
        m.set_stage("decide", "canary 5")

    work = {
        "bad_stage": lambda: step(migration(stage="validate=off; shadow")),
        "bad_step": twice,
        "mismatch": verify,
        "no_engine": lambda: migration().room("acme-il", "k-1"),
        "no_limits": canary,
        "read_only": lambda: migration(engine=leadwright.Engine(plan)).engine.decide({"id": "L1"}),
    }[json.loads(vector["migrate"])["do"]]
    with pytest.raises((leadwright.LeadwrightError, migrate.Mismatch)) as raised:
        work()
    assert getattr(raised.value, "code", None) == json.loads(vector["want"])["code"]
