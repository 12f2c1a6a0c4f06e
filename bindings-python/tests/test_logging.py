"""What is told to `logging`: names, codes and numbers. What is personal is nowhere."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import NOW, TINY
from test_engine import PLANTED, planted

import leadwright
from leadwright import _errors, _leadwright


def work(plan: leadwright.Plan, folder: Path) -> None:
    """Something of everything, with what must not be seen planted in it."""
    with leadwright.Engine(plan, folder / "leads.db") as engine:
        engine.decide(planted(), now=NOW)
        engine.decide(planted(), now=NOW)
        engine.decide_batch([planted(), "not JSON"], now=NOW)
        engine.operate({"op": "revoke", "phone": "312-867-9417", "reason": "please ring the goat"}, now=NOW)
        engine.forget({"phone": "312-867-9417", "by": "ann", "reason": "Qvenzalia Brockwunder"}, now=NOW)
        engine.run_delivery(until_empty=True)
        for failing in (
            lambda: engine.decide(planted(), now="Qvenzalia"),
            lambda: engine.operate({"op": "Qvenzalia"}, now=NOW),
            lambda: engine.explain("Qvenzalia/L1.1"),
            lambda: leadwright.SuppressionList.of(["plover.quokka"]),
        ):
            with pytest.raises(leadwright.LeadwrightError):
                failing()
        other = folder / "other.jsonc"
        other.write_text(TINY.replace('"day": 2', '"day": 3'))
        engine.swap(leadwright.Plan.load(other))
    leadwright.validate(planted(), "us/home-services@1")


def test_what_is_told(plan: leadwright.Plan, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "leadwright"):
        work(plan, tmp_path)
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert lines[:3] == [
        ("INFO", f"decides by plan tiny ({plan.hash}) for tenant main, store: SQLite"),
        ("DEBUG", "decided web/L1.1: assigned"),
        ("DEBUG", "decided web/L1.1: assigned (as before)"),
    ]
    assert ("DEBUG", "decided a batch of 2") in lines
    assert ("DEBUG", "input.bad_option was raised") in lines
    assert lines[-1][1].startswith("decides by plan tiny (sha256:") and lines[-1][1].endswith(" now")
    assert any(message.startswith("deliveries ended: ") for _, message in lines)
    for record in caplog.records:
        told = f"{record.getMessage()} {record.__dict__}"
        assert not [secret for secret in [*PLANTED, str(tmp_path)] if secret in told], told


def test_levels_say_who_should_look(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "leadwright"):
        _errors.make("store.busy", "…", "[]")
        with pytest.raises(leadwright.InternalError):
            _leadwright.panic_for_test()
    assert [(record.levelname, record.__dict__["code"]) for record in caplog.records] == [
        ("WARNING", "store.busy"), ("ERROR", "internal.error"),
    ]
    assert "555-0100" not in caplog.text


def test_nobody_who_does_not_listen_hears_anything(plan: leadwright.Plan, tmp_path: Path) -> None:
    script = (
        "import leadwright, sys\n"
        "from leadwright import _errors, _leadwright\n"
        "_errors.make('store.busy', '', '[]')\n"
        "leadwright.Engine(leadwright.Plan.load(sys.argv[1])).decide({'source': 'web'})\n"
        "try: _leadwright.panic_for_test()\n"
        "except leadwright.InternalError: pass\n"
    )
    ran = subprocess.run([sys.executable, "-c", script, str(tmp_path / "plan.jsonc")], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_without_a_listener_no_id_is_read(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        assert engine.decide(planted(), now=NOW)._parsed is None


LATE = """
import leadwright, sys
assert "logging" not in sys.modules
engine = leadwright.Engine(leadwright.Plan.load(sys.argv[1]))
engine.decide({"id": "L1", "source": "web", "phone": "312-867-5301"})
import logging
logging.basicConfig(level=logging.DEBUG, format="%(name)s %(message)s", stream=sys.stdout)
engine.decide({"id": "L2", "source": "web", "phone": "312-867-5302"})
"""


def test_logging_that_is_imported_later_is_told_what_comes_then(plan: leadwright.Plan, tmp_path: Path) -> None:
    folder = Path(leadwright.__file__).parents[1]
    run = [sys.executable, "-c", LATE, str(tmp_path / "plan.jsonc")]
    told = subprocess.run(run, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(folder)})
    assert [line.split(":")[0] for line in told.stdout.splitlines()] == ["leadwright decided web/L2.1"]
