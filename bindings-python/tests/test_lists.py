"""Suppression lists: nobody passes where nobody looked."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, TINY, command, lead

import leadwright
from leadwright import SuppressionList

LISTS = '"lists": { "opt-outs": { "host": true, "of": "phone", "max_age": "2d" } }, "intake": { "suppress": ["opt-outs"] },'
MADE = "2026-11-24T00:00:00Z"


@pytest.fixture
def plan(tmp_path: Path) -> leadwright.Plan:
    path = tmp_path / "plan.jsonc"
    path.write_text(TINY.replace('"verticals": { "roofing"', LISTS + ' "verticals": { "roofing"'))
    return leadwright.Plan.load(path)


def opt_outs(*phones: str, **more: Any) -> SuppressionList:
    return SuppressionList.of(phones, "phone", **{"made_at": MADE, **more})


def outcome(engine: leadwright.Engine, number: int) -> tuple[str, Any]:
    decision = engine.decide(lead(number), now=NOW)
    return decision.outcome, decision.lists["opt-outs"].get("why", decision.lists["opt-outs"].get("hit"))


def test_a_list_that_was_not_given_passes_nobody(plan: leadwright.Plan) -> None:
    assert plan.outside_lists == {"opt-outs": None}
    with leadwright.Engine(plan) as engine:
        assert outcome(engine, 1) == ("suppressed", "missing")
        engine.set_list("opt-outs", opt_outs())
        assert outcome(engine, 2) == ("suppressed", "empty")
        engine.set_list("opt-outs", opt_outs("312-555-0100", made_at="2026-11-21T00:00:00Z"))
        assert outcome(engine, 3) == ("suppressed", "stale")
        engine.set_list("opt-outs", opt_outs("312-555-0100", made_at=None))
        assert outcome(engine, 4) == ("suppressed", "stale")
        engine.set_list("opt-outs", opt_outs("312-555-0100"))
        # Those that were held are decided anew, and only once.
        assert outcome(engine, 1) == ("assigned", False)
        assert engine.decide(lead(1), now=NOW).replayed
        engine.set_list("opt-outs", opt_outs("(312) 867-5305"))
        assert outcome(engine, 5) == ("suppressed", True)


def test_lists_are_given_when_the_engine_is_opened(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan, lists={"opt-outs": opt_outs("312-867-5301")}) as engine:
        assert outcome(engine, 1) == ("suppressed", True)
        assert outcome(engine, 2) == ("assigned", False)
        assert all(same for _, same in engine.replay())


def test_one_that_does_not_fit_is_refused_and_the_old_one_stays(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan, lists={"opt-outs": opt_outs("312-867-5301")}) as engine:
        mails = SuppressionList.of(["jane@example.com"], "email")
        for name, given in (("opt-outs", mails), ("nobody", opt_outs("312-867-5302"))):
            with pytest.raises(leadwright.ListError) as raised:
                engine.set_list(name, given)
            assert raised.value.code == "list.unfit"
        assert outcome(engine, 1) == ("suppressed", True)
    with pytest.raises(leadwright.ListError):
        leadwright.Engine(plan, lists={"nobody": opt_outs()})
    with pytest.raises(leadwright.EngineError):
        engine.set_list("opt-outs", mails)


def test_a_compiled_file(plan: leadwright.Plan, tmp_path: Path) -> None:
    path = tmp_path / "opt-outs.lwlist"
    made = opt_outs("312-867-5301", "312-867-5302", version="2026-11-24")
    made.write(path, "opt-outs")
    opened = SuppressionList.open(path)
    assert opened.about == made.about == {
        "version": "2026-11-24", "count": 2, "made_at": "2026-11-24T00:00:00.000Z", "of": "phone", "hash": "sha256",
        "forms": ["e164"],
    }
    assert len(opened) == 2 and opened.holds("312 867 5301") and not opened.holds("312 867 5303")
    with leadwright.Engine(plan, lists={"opt-outs": opened}) as engine:
        assert outcome(engine, 2) == ("suppressed", True)
    with pytest.raises(leadwright.ListError, match="compiled file already"):
        opened.write(tmp_path / "again", "opt-outs")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(leadwright.ListError) as raised:
        SuppressionList.open(path)
    assert raised.value.code == "list.damaged"
    # What was opened before stays as it was: the file was written anew in its place, and a changed block is noticed.
    assert sorted(file.name for file in tmp_path.iterdir()) == ["opt-outs.lwlist", "plan.jsonc"]


def test_the_file_of_the_command_is_the_same_file(tmp_path: Path) -> None:
    lines, built, written = tmp_path / "opt-outs.txt", tmp_path / "built.lwlist", tmp_path / "written.lwlist"
    lines.write_text("312-867-5301\n(312) 867-5302\n")
    arguments = ["list", "build", lines, "-o", built, "--id", "opt-outs", "--of", "phone", "--label", "v1", "--made-at", MADE]
    subprocess.run([*command(), *map(str, arguments)], check=True, capture_output=True)
    opt_outs("312-867-5302", "312-867-5301", version="v1").write(written, "opt-outs")
    assert written.read_bytes() == built.read_bytes()


def test_hashes_are_digests_in_either_way() -> None:
    digest = hashlib.md5(b"3125550100")
    for entry in (digest.hexdigest(), digest.hexdigest().upper(), digest.digest()):
        for form in (None, "national"):
            given = SuppressionList.of(iter([entry]), hash="md5", form=form)
            assert given.holds("+1 312 555 0100") and not given.holds("+1 312 555 0101")
    assert not SuppressionList.of([digest.digest()], hash="md5", form="digits").holds("312-555-0100")


def test_an_entry_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(leadwright.ListError) as raised:
        opt_outs("312-555-0100", "Zebulon, 312-555-01")
    assert raised.value.code == "list.unfit" and "entry 2" in str(raised.value)
    assert "ebulon" not in str(raised.value) and "555" not in str(raised.value)
    with pytest.raises(leadwright.ListError) as raised:
        SuppressionList.of([hashlib.sha256(b"").digest()], hash="sha256")
    assert raised.value.code == "list.hash_of_empty"
    for odd in ([7], [None], "312-555-0100"):
        with pytest.raises(TypeError, match="entr"):
            SuppressionList.of(odd)  # type: ignore[arg-type]
    with pytest.raises(leadwright.InputError):
        opt_outs(made_at="yesterday")
    at = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)
    assert opt_outs(made_at=at).about["made_at"] == "2026-11-24T00:00:00.000Z"


def test_a_list_shows_nobody() -> None:
    given = opt_outs("312-555-0100")
    assert repr(given).startswith("<SuppressionList ") and "0100" not in repr(given) and given
    with pytest.raises(leadwright.ListError) as raised:
        given.holds("Zebulon")
    assert "ebulon" not in str(raised.value)


def test_a_decision_for_other_eyes(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan, lists={"opt-outs": opt_outs("312-555-0100")}) as engine:
        decision = engine.decide(lead(1, first_name="Zebulon"), now=NOW)
        for shown in (decision.redacted(plan), decision.hashed(plan, "sixteen bytes or more")):
            assert (shown.id, shown.seq, shown.assignments) == (decision.id, decision.seq, decision.assignments)
            assert b"ebulon" not in shown.json and b"8675301" not in shown.json
            assert list(shown.to_dict()) == list(decision.to_dict())
            assert engine.explain(shown)["decision"]["id"] == decision.id
        assert decision.redacted(plan).canonical["phone"] == "+*********01"
        # Refused before anybody knew its vertical: then no field remains.
        nobody = engine.decide({"source": "nobody", "id": "312-867-5301", "phone": "312-867-5301"}, now=NOW)
        assert nobody.redacted(plan).canonical == {}


def test_a_plan_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonc"
    path.write_text(TINY.replace('"USD"', '"usd" /* dollars */').replace('"acme-il"', 'acme-il'))
    before = path.read_text()
    found = leadwright.Plan.check(path)
    assert found and all(issue.fix is not None and issue.span is not None for issue in found)
    fixed = leadwright.Plan.fix(path)
    assert fixed.applied == 2 and fixed.issues == [] and path.read_text() == before
    assert fixed.files == {"plan.jsonc": TINY.replace('"USD"', '"USD" /* dollars */')}
    assert leadwright.Plan.fix(path, write=True) == fixed
    assert path.read_text() == fixed.files["plan.jsonc"] and leadwright.Plan.load(path).name == "tiny"
    assert leadwright.Plan.fix(path) == leadwright.Fixed({}, 0, [])
    # A near name is a guess: it may be another one.
    path.write_text(TINY.replace('"verticals": ["roofing"]', '"verticals": ["rofing"]'))
    assert leadwright.Plan.fix(path).applied == 0
    assert leadwright.Plan.fix(path, guesses=True).issues == []
    assert [issue.code for issue in leadwright.Plan.fix(tmp_path / "none.jsonc").issues] == ["plan.file_missing"]
