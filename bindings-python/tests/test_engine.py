"""The engine as a Python programme meets it."""

from __future__ import annotations

import copy
import datetime
import json
import multiprocessing
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from conftest import NOW, REPOSITORY, lead

import leadwright
from leadwright import _fork, _leadwright


def outcomes(decisions: list[Any]) -> list[str]:
    return [decision.outcome for decision in decisions]


def test_a_cap_is_kept_and_said(plan: leadwright.Plan, tmp_path: Path) -> None:
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        decisions = [engine.decide(lead(n), now=NOW) for n in range(3)]
        assert outcomes(decisions) == ["assigned", "assigned", "unsold"]
        entry = engine.explain(decisions[2])["entries"][0]
        assert (entry["code"], entry["check"], entry["found"]) == ("contract.caps", "caps.contract.day", "2")
        explained = engine.explain(decisions[2], all=True)
        assert [one["checks"] for one in explained["decisive"]] == [["caps.contract.day"]]
        assert (explained["state"], explained["near"], explained["sales"]) == ("recorded", [], [])
        assert (decisions[0].seq, decisions[0].durability, decisions[0].replayed) == (1, "full", False)
        assert list(engine.replay()) == [(decision.id, True) for decision in decisions]


def test_the_same_lead_again_is_the_same_decision(plan: leadwright.Plan, tmp_path: Path) -> None:
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        first = engine.decide(lead(1), now=NOW)
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        again = engine.decide(json.dumps(lead(1)), now="2026-11-25T23:05:00Z")
    assert again == first and again.json == first.json
    assert (first.replayed, again.replayed) == (False, True)


def test_a_dry_run_writes_nothing(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        dry = engine.dry_run(lead(1), now=NOW)
        assert (dry.outcome, dry.seq, dry.durability) == ("assigned", 0, "none")
        assert list(engine.replay()) == []


def test_a_lead_is_explained_without_being_decided(plan: leadwright.Plan) -> None:
    contract = plan.contracts[0][0]
    alone = plan.explain(lead(1), at=NOW)
    assert (alone["state"], alone["decision"]["outcome"]) == ("empty", "assigned")
    assert [sale["contract"] for sale in alone["sales"]] == [contract]
    assert plan.explain(json.dumps(lead(1)), at=NOW, all=True)["decision"] == alone["decision"]
    with leadwright.Engine(plan) as engine:
        for n in (2, 3):
            engine.decide(lead(n), now=NOW)
        full = engine.explain_lead(lead(1), now=NOW, contract=contract)
        assert (full["state"], full["decision"]["outcome"]) == ("current", "unsold")
        assert full["entries"][0]["full"]["caps"][0] == {"check": "caps.contract.day", "used": "2", "limit": "2"}
        assert len(list(engine.replay())) == 2
        with pytest.raises(leadwright.InputError, match="did you mean"):
            engine.explain_lead(lead(1), now=NOW, contract=f"{contract}x")


def test_a_bad_lead_is_an_answer_and_no_exception(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        bads: list[Any] = ["", "nonsense", b"\xff\xfe", "[1]", "{}", "[" * 100_000, '{"a":NaN}', '{"a":1e400}', '{"a":"\ud800"}', "\0"]
        for bad in bads:
            decision = engine.decide(bad, now=NOW)
            assert decision.outcome == "rejected" and decision.problems, repr(bad[:20])
        huge = engine.decide({"id": "L1", "source": "web", "comments": "x" * 1_000_000}, now=NOW)
        assert huge.problems[0]["code"] == "limit.lead_bytes"
        with pytest.raises(leadwright.InputError) as raised:
            engine.decide({"comments": "x" * 2_000_000}, now=NOW)
        assert raised.value.code == "limit.line_bytes"


def test_two_plans_are_told_apart_and_a_file_is_laid_out(plan: leadwright.Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonc"
    path.write_text(path.read_text().replace('"price": "40.00"', '"price": "99.00"'))
    other = leadwright.Plan.load(path)
    diff = plan.diff(other)
    assert (diff["v"], diff["old"], diff["new"]) == (1, plan.hash, other.hash)
    assert [change["text"] for change in diff["changes"]] == ["acme-il: price 40.00 -> 99.00"]
    assert plan.diff(plan)["changes"] == []
    assert leadwright.Plan.format('{"a":1, // one\n"b":[2,]}') == '{\n  "a": 1, // one\n  "b": [2]\n}\n'
    assert leadwright.Plan.format("{") is None


def test_what_a_plan_hardly_means_is_said_with_a_lead(tmp_path: Path, plan: leadwright.Plan) -> None:
    path = tmp_path / "plan.jsonc"
    path.write_text(path.read_text().replace('"state": "IL"', '"state": "IL", "zip": ["60601", "75201"]'))
    issues = leadwright.Plan.lint(path, as_of="2026-11-24")
    outside = next(issue for issue in issues if issue.code == "lint.zip_outside_states")
    assert outside.witness == {"lead": {"state": "TX", "zip": "75201"}, "shows": "it is refused by where.state"}
    with pytest.raises(leadwright.InputError):
        leadwright.Plan.lint(path, as_of="yesterday")


@pytest.mark.parametrize("threads", [1, 3])
def test_a_batch_is_its_leads_one_by_one(plan: leadwright.Plan, threads: int) -> None:
    leads: list[dict[str, Any]] = [lead(n) for n in range(40)]
    with leadwright.Engine(plan) as one, leadwright.Engine(plan) as many:
        alone = [one.decide(each, now=NOW) for each in leads]
        assert many.decide_batch(leads, now=NOW, threads=threads) == alone
    with leadwright.Engine(plan) as lines:
        text = b"\n".join(json.dumps(each).encode() for each in leads) + b"\n\n" + b"x" * (2 << 20) + b"\n"
        *answers, blank, long = lines.decide_batch(text, now=NOW)
        assert answers == alone
        assert isinstance(blank, leadwright.Decision) or blank.problems[0]["code"] == "json.empty_line"
        assert isinstance(long, leadwright.LineError) and long.problems[0]["code"] == "input.line_too_long"


def test_times_and_seeds(plan: leadwright.Plan) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=-6))
    with leadwright.Engine(plan) as engine:
        decision = engine.decide(lead(1), now=datetime.datetime(2026, 11, 24, 17, 5, tzinfo=zone), seed=7)
        assert (decision["at"], decision["seed"]) == ("2026-11-24T23:05:00.000Z", 7)
        for now in [datetime.datetime(2026, 11, 24), "yesterday", "\ud83d", 12]:
            with pytest.raises(leadwright.InputError, match="`now`") as raised:
                engine.decide(lead(2), now=now)  # type: ignore[arg-type]
            assert raised.value.code == "input.bad_option" and isinstance(raised.value, ValueError)
        for seed in [-1, 2**53, 2**60, 2**80]:
            with pytest.raises(leadwright.InputError, match="`seed`") as raised:
                engine.decide(lead(2), now=NOW, seed=seed)
            assert raised.value.code == "input.bad_option"
        with pytest.raises(TypeError):
            engine.decide(lead(2), now=NOW, seed="7")  # type: ignore[arg-type]
        before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
        assert engine.decide(lead(3))["at"] >= before.isoformat()[:19]


def test_a_tenant_that_is_none_is_a_bad_option(plan: leadwright.Plan) -> None:
    with pytest.raises(leadwright.InputError, match="`tenant`") as raised:
        leadwright.Engine(plan, tenant="a b")
    assert raised.value.code == "input.bad_option"
    assert pickle.loads(pickle.dumps(raised.value)).code == "input.bad_option"
    with pytest.raises(leadwright.InputError):
        leadwright.validate({}, "us/home-services@1", now=12)  # type: ignore[arg-type]


def test_a_batch_is_lines_of_text_or_bytes_or_an_iterable_of_leads(plan: leadwright.Plan) -> None:
    leads: list[Any] = [lead(1), lead(2, first_name="A\ud83d"), ""]
    text = "\n".join(json.dumps(one, ensure_ascii=False) if one else "" for one in leads) + "\n"
    answers = []
    lines = text.encode("utf-8", "backslashreplace")
    every: list[Any] = [leads, text, lines, bytearray(lines)]
    for given in every:
        with leadwright.Engine(plan) as engine:
            answers.append(engine.decide_batch(given, now=NOW))
    assert len(answers[0]) == 3 and all(other == answers[0] for other in answers)
    assert isinstance(answers[0][2], leadwright.LineError)
    assert answers[0][2].problems[0]["code"] == "json.empty_line"
    with leadwright.Engine(plan) as engine:
        with pytest.raises(TypeError, match="for one there is decide"):
            engine.decide_batch(lead(1), now=NOW)
        assert engine.decide_batch("", now=NOW) == engine.decide_batch([], now=NOW) == []


def test_ten_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonc"
    wrong = ['"currancy": "USD"'] + [f'"wrong{n}": {n}' for n in range(9)]
    path.write_text('{\n "format": 1, "plan": "p",\n ' + ",\n ".join(wrong) + "\n}")
    with pytest.raises(leadwright.PlanError) as raised:
        leadwright.Plan.load(path)
    unknown = [issue for issue in raised.value.issues if issue.code == "plan.unknown_field"]
    assert len(unknown) == 10
    assert (unknown[0].line, unknown[0].column, unknown[0].file) == (3, 2, "plan.jsonc")
    assert "did you mean `currency`" in str(unknown[0].suggestion or unknown[0].message) or unknown[0].suggestion == "currency"
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.code, again.issues, str(again)) == (raised.value.code, raised.value.issues, str(raised.value))
    assert leadwright.Plan.check(path) == raised.value.issues


def test_a_plan_travels(plan: leadwright.Plan) -> None:
    for other in [pickle.loads(pickle.dumps(plan)), copy.deepcopy(plan), leadwright.Plan.from_bundle(plan.bundle())]:
        assert (other.hash, other.name, other.contracts) == (plan.hash, "tiny", [("acme-il", "acme")])


def test_another_plan_from_now_on(plan: leadwright.Plan, tmp_path: Path) -> None:
    path = tmp_path / "other.jsonc"
    path.write_text((tmp_path / "plan.jsonc").read_text().replace('"day": 2', '"day": 3'))
    other = leadwright.Plan.load(path)
    with leadwright.Engine(plan) as engine:
        assert outcomes([engine.decide(lead(n), now=NOW) for n in range(3)])[-1] == "unsold"
        engine.swap(other)
        assert engine.plan_hash == other.hash != plan.hash
        # The count goes on: two of three are used.
        assert outcomes([engine.decide(lead(n), now=NOW) for n in (5, 6)]) == ["assigned", "unsold"]


class TestStore:
    """A file that cannot be a store is told so, and left as it was."""

    def refused(self, plan: leadwright.Plan, path: Path) -> str:
        with pytest.raises(leadwright.StoreError) as raised:
            leadwright.Engine(plan, path)
        return raised.value.code

    def test_missing_folder(self, plan: leadwright.Plan, tmp_path: Path) -> None:
        assert self.refused(plan, tmp_path / "no" / "leads.db") in ("store.missing", "store.io")

    def test_foreign(self, plan: leadwright.Plan, tmp_path: Path) -> None:
        text, base = tmp_path / "notes.txt", tmp_path / "other.db"
        text.write_text("these are notes" * 100)
        connection = sqlite3.connect(base)
        connection.execute("CREATE TABLE t(x)")
        connection.commit()
        connection.close()
        for path in [text, base]:
            before = path.read_bytes()
            assert self.refused(plan, path) == "store.foreign"
            assert path.read_bytes() == before

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_read_only(self, plan: leadwright.Plan, tmp_path: Path) -> None:
        path = tmp_path / "leads.db"
        leadwright.Engine(plan, path).close()
        path.chmod(0o444)
        assert self.refused(plan, path) == "store.read_only"

    def test_closed(self, plan: leadwright.Plan) -> None:
        engine = leadwright.Engine(plan)
        engine.close()
        engine.close()
        with pytest.raises(leadwright.EngineError) as raised:
            engine.decide(lead(1))
        assert raised.value.code == "engine.closed"

    def test_unknown_decision(self, plan: leadwright.Plan) -> None:
        with leadwright.Engine(plan) as engine, pytest.raises(leadwright.ReplayError) as raised:
            engine.explain("web/L1.1")
        assert raised.value.code == "replay.not_found"


def test_a_panic_becomes_an_exception_without_data(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(leadwright.InternalError) as raised:
        _leadwright.panic_for_test()
    assert raised.value.code == "internal.error" and "pure.rs:" in str(raised.value)
    assert "555-0100" not in str(raised.value) and capfd.readouterr() == ("", "")


def decide_in_child(engine: leadwright.Engine, first: int, queue: Any) -> None:
    queue.put([engine.decide(lead(n), now=NOW).outcome for n in range(first, first + 5)])


def test_after_a_fork_the_engine_goes_on(plan: leadwright.Plan, tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        children = [fork.Process(target=decide_in_child, args=(engine, 10 * n, queue)) for n in range(1, 4)]
        for child in children:
            child.start()
        got = [outcome for _ in children for outcome in queue.get(timeout=60)]
        for child in children:
            child.join(60)
            assert child.exitcode == 0
        assert (got.count("assigned"), got.count("unsold")) == (2, 13)
        assert engine.decide(lead(1), now=NOW).outcome == "unsold"
        assert sum(same for _, same in engine.replay()) == 16


def test_a_fork_in_the_middle_of_others_is_no_lock_for_ever(plan: leadwright.Plan, tmp_path: Path) -> None:
    """A child inherits what other threads were in the middle of: nobody there ever ends it."""
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    done = threading.Event()
    with leadwright.Engine(plan, tmp_path / "leads.db", relaxed=True) as engine:
        def work(first: int) -> None:
            n = first
            while not done.is_set():
                engine.decide(lead(n), now=NOW)
                n += 1

        threads = [threading.Thread(target=work, args=(100_000 * n,)) for n in range(1, 4)]
        for thread in threads:
            thread.start()
        try:
            for n in range(1, 9):
                child = fork.Process(target=decide_in_child, args=(engine, 10 * n, queue))
                child.start()
                assert len(queue.get(timeout=60)) == 5
                child.join(60)
                assert child.exitcode == 0
        finally:
            done.set()
            for thread in threads:
                thread.join()
        counts = engine.counts()
        assert counts["leads"] >= counts["transactions"] > 0 and counts["turned_away"] == 0


PLANTED = ["Qvenzalia", "Brockwunder", "867-9417", "3128679417", "plover.quokka", "Yttrius", "please ring the goat"]


def planted() -> dict[str, Any]:
    return lead(
        1,
        first_name="Qvenzalia",
        last_name="Brockwunder",
        phone="(312) 867-9417",
        email="plover.quokka@example.com",
        street="4417 Wexford Yttrius Ave",
        comments="please ring the goat",
    )


def test_with_keys_no_lead_is_in_clear(plan: leadwright.Plan, tmp_path: Path) -> None:
    path, keys = tmp_path / "leads.db", {"k1": b"\x01" * 32}

    def shown() -> list[str]:
        files = [file.read_bytes() for file in tmp_path.glob("leads.db*")]
        assert len(files) > 1
        return [text for text in PLANTED if any(text.encode() in data for data in files)]

    with leadwright.Engine(plan, path, keys=keys) as engine:
        decided = engine.decide(planted(), now=NOW)
        assert "3128679417" in decided.json.decode()
        assert shown() == []
    assert shown() == []
    with leadwright.Engine(plan, path, keys={"k2": b"\x02" * 32, **keys}) as engine:
        again = engine.decide(planted(), now=NOW)
        assert again.replayed and again.json == decided.json
        assert [same for _, same in engine.replay()] == [True]
        assert engine.explain(decided.id)["entries"]
        assert engine.forget({"phone": "312-867-9417", "by": "ann", "reason": "letter"})["erased"] == 1
        with pytest.raises(leadwright.LeadwrightError) as raised:
            list(engine.replay(decided.id))
        assert raised.value.code == "replay.erased"
    with pytest.raises(leadwright.StoreError) as refused:
        leadwright.Engine(plan, path)
    assert refused.value.code == "store.key_missing"


def test_a_key_is_bytes_and_for_a_file(plan: leadwright.Plan, tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        leadwright.Engine(plan, tmp_path / "leads.db", keys={"k1": 32})  # type: ignore[dict-item]
    assert not (tmp_path / "leads.db").exists()
    with pytest.raises(ValueError, match="there is no `store`"):
        leadwright.Engine(plan, keys={"k1": bytes(32)})


def test_with_keys_a_child_goes_on_after_a_fork(plan: leadwright.Plan, tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    queue = fork.Queue()
    with leadwright.Engine(plan, tmp_path / "leads.db", keys={"k1": b"\x01" * 32}) as engine:
        engine.decide(lead(1), now=NOW)
        child = fork.Process(target=decide_in_child, args=(engine, 10, queue))
        child.start()
        assert len(queue.get(timeout=60)) == 5
        child.join(60)
        engine.decide(lead(2), now=NOW)
        assert all(same for _, same in engine.replay())


def test_a_fork_wakes_only_what_it_put_to_rest() -> None:
    """Two threads are about to fork at once: the first to be done leaves the engines of the other at rest."""
    woken: list[str] = []

    class Rests:
        def wake(self) -> None:
            woken.append(threading.current_thread().name)

    both, first = threading.Barrier(2), threading.Event()

    def fork(first_to_wake: bool) -> None:
        _fork._resting.engines.append(Rests())  # type: ignore[arg-type]
        both.wait(60)
        if not first_to_wake:
            first.wait(60)
        _fork._after_fork()
        first.set()

    threads = [threading.Thread(target=fork, args=(one,), name=str(one)) for one in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert woken == ["True", "False"]


def test_counts_say_how_callers_came_together(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        engine.decide(lead(1), now=NOW)
        assert engine.counts() == {"leads": 1, "transactions": 1, "most": 1, "turned_away": 0}


def test_metrics_are_read_by_prometheus_and_hold_nothing_of_a_lead(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        for number in (1, 2, 3, 3):
            engine.decide(lead(number), now=NOW)
        engine.decide({"id": "L9", "source": "planted"}, now=NOW)
        counted, text = engine.metrics(), engine.prometheus()
    assert counted["decisions"] == {"assigned": 2, "rejected": 1, "unsold": 1}
    assert counted["sources"] == {"other": {"rejected": 1}, "web": {"assigned": 2, "unsold": 1}}
    assert counted["sales"] == {"acme-il": {"buyer": "acme", "sales": 2, "revenue": "80.00"}}
    assert (counted["replayed"], counted["commits"], counted["failures"], counted["busy"]) == (1, 5, {}, 0)
    assert counted["problems"]["lead.unknown_source"] == 1
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {"leadwright_decisions", "leadwright_waiting", "leadwright_commit_seconds"} <= set(families)
    decisions = {sample.labels["outcome"]: sample.value for sample in families["leadwright_decisions"].samples}
    assert decisions == counted["decisions"]
    for name in ("batch_leads", "wait_seconds", "commit_seconds"):
        family = families[f"leadwright_{name}"]
        assert family.type == "histogram" and family.documentation
        buckets = [sample.value for sample in family.samples if sample.name.endswith("_bucket")]
        assert buckets == sorted(buckets) and buckets[-1] == 5
    for planted in ("planted", "L9", "867"):
        assert planted not in text and planted not in str(counted)


def test_operations_hold_beside_the_plan(tmp_path: Path) -> None:
    text = (REPOSITORY / "vectors/decide/operate.jsonc").read_text()
    (tmp_path / "plan.jsonc").write_text(text)
    with leadwright.Engine(leadwright.Plan.load(tmp_path / "plan.jsonc"), tmp_path / "leads.db") as engine:
        pause = {"op": "override", "contract": "acme-il", "set": {"status": "paused"}, "by": "ann", "reason": "holiday"}
        done = engine.operate(pause, now=NOW)
        assert [event["kind"] for event in done["events"]] == ["override.set.v1"]
        decision = engine.decide(lead(1), now=NOW)
        assert decision.overrides["acme-il"]["status"]["by"] == "ann"
        assert [(drift["what"], drift["is"]) for drift in engine.drift(now=NOW)] == [("status", "to_fold")]
        with pytest.raises(leadwright.OperationError) as raised:
            engine.operate({**pause, "contract": "acme-li"}, now=NOW)
        assert raised.value.code == "operation.unknown_name" and "did you mean `acme-il`" in str(raised.value)
        engine.operate({"op": "revoke", "phone": "312-867-5302"}, now=NOW)
        assert engine.decide(lead(2), now=NOW).outcome == "suppressed"


def test_operations_are_said_as_leads_are(tmp_path: Path) -> None:
    (tmp_path / "plan.jsonc").write_text((REPOSITORY / "vectors/decide/operate.jsonc").read_text())
    until = datetime.datetime(2026, 11, 30, tzinfo=datetime.timezone.utc)
    pause = {"op": "override", "contract": "acme-il", "by": "ann", "reason": "holiday", "until": until}
    with leadwright.Engine(leadwright.Plan.load(tmp_path / "plan.jsonc")) as engine:
        given = types.MappingProxyType({**pause, "set": types.MappingProxyType({"status": "paused"})})
        assert [event["kind"] for event in engine.operate(given, now=NOW)["events"]] == ["override.set.v1"]
        assert [drift["until"] for drift in engine.drift(now=NOW)] == ["2026-11-30T00:00:00.000Z"]
        with pytest.raises(leadwright.OperationError):
            engine.operate('{"op":"revoke","phone":"\ud83d"}', now=NOW)
        with pytest.raises(leadwright.OperationError):
            engine.operate(7, now=NOW)  # type: ignore[arg-type]


def test_threads_share_an_engine(plan: leadwright.Plan, tmp_path: Path) -> None:
    got: list[str] = []
    with leadwright.Engine(plan, tmp_path / "leads.db", relaxed=True) as engine:
        def work(first: int) -> None:
            got.extend(engine.decide(lead(n), now=NOW).outcome for n in range(first, first + 5))

        threads = [threading.Thread(target=work, args=(10 * n,)) for n in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (got.count("assigned"), got.count("unsold")) == (2, 18)


def test_a_plan_without_lists_asks_none(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        assert engine.decide(lead(1), now=NOW).lists == {}


def test_ctrl_c_is_heard_in_a_long_batch(tmp_path: Path, plan: leadwright.Plan) -> None:
    script = (
        "import leadwright, signal, sys\n"
        # A shell's background job ignores the signal, and so would this.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "plan = leadwright.Plan.load(sys.argv[1])\n"
        "leads = b'\\n'.join(b'{\"id\":\"L%d\",\"source\":\"web\",\"zip\":\"60601\"}' % n for n in range(400_000))\n"
        "try:\n"
        "    print('ready', flush=True)\n"
        "    leadwright.Engine(plan).decide_batch(leads, now='2026-11-24T23:05:00Z')\n"
        "except KeyboardInterrupt:\n"
        "    print('heard', flush=True)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "plan.jsonc")], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None and run.stdout.readline() == "ready\n"
    run.send_signal(signal.SIGINT)
    out, _ = run.communicate(timeout=120)
    assert out == "heard\n"


def test_ctrl_c_ends_the_command() -> None:
    script = (
        "import signal, sys\n"
        # A shell's background job ignores the signal, and so would this.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from leadwright.__main__ import main\n"
        "sys.argv = ['leadwright', 'address', '-']\n"
        "print('ready', flush=True)\n"
        "main()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        try:
            assert run.stdout is not None and run.stdout.readline() == "ready\n"
            # Now it waits in the command for a line that does not come.
            time.sleep(1)
            run.send_signal(signal.SIGINT)
            # What a shell calls 130.
            assert run.wait(30) == -signal.SIGINT
        finally:
            run.kill()


def test_nothing_personal_is_printed(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        decision = engine.decide(lead(1, first_name="Zebulon", email="zebulon@example.com"), now=NOW)
    assert b"zebulon@example.com" in decision.json
    for shown in (repr(decision), str(decision), repr(leadwright.validate(lead(1), "us/home-services@1"))):
        assert "ebulon" not in shown and "5301" not in shown


def test_a_report_has_a_row_for_what_is_asked(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        engine.decide_batch([lead(n) for n in range(3)], now=NOW)
        day = datetime.date.fromisoformat(NOW[:10])
        [whole] = engine.report(by=())
        assert (whole["leads"], whole["sales"], whole["payout"]) == (3, 2, "0.00")
        rows = engine.report(by=["day", "outcome"], start=day, end=str(day))
        assert [(row["day"], row["outcome"], row["leads"]) for row in rows] == [
            (str(day), "assigned", 2),
            (str(day), "unsold", 1),
        ]
        assert engine.report(end=day - datetime.timedelta(days=1)) == []
        with pytest.raises(leadwright.InputError):
            engine.report(by=["dat"])


def test_what_is_owed_is_closed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "plan.jsonc").write_text((REPOSITORY / "vectors/decide/ledger.jsonc").read_text())
    said = {"by": "ann", "reason": "wrong_number"}
    with leadwright.Engine(leadwright.Plan.load(tmp_path / "plan.jsonc")) as engine:
        engine.decide_batch([lead(n) for n in range(3)], now=NOW)
        [sold] = engine.statement("buyer:acme")["lines"]
        assert (sold["kind"], sold["count"], sold["amount"]) == ("sale", 3, "120.00")
        close = {"op": "close", "party": "buyer:acme", "to": NOW[:10], **said}
        with pytest.raises(leadwright.OperationError) as raised:
            engine.operate(close, now=NOW)
        assert raised.value.code == "operation.bad_period"
        later = "2026-11-26T12:00:00Z"
        engine.operate(close, now=later)
        [closed] = engine.statements("buyer:acme")
        back = {"op": "return", "decision": "web/L1.1", "buyer": "acme", **said}
        engine.operate(back, now=later)
        with pytest.raises(leadwright.OperationError) as raised:
            engine.operate(back, now=later)
        assert raised.value.code == "operation.return_refused"
        opened = engine.statement("buyer:acme")
        assert (opened["opening"], opened["closing"]) == ("120.00", "80.00")
        assert opened["entries"][0]["refers_to"] == "buyer:acme.1" == closed["closed"]["id"]
        assert engine.statement("buyer:acme", number=1) == closed
        assert engine.statement("buyer:acme", end=datetime.date(2026, 11, 1), start="2026-11-01")["closing"] == "0.00"
        assert {row["account"]: row["balance"] for row in engine.balances()["accounts"]}["revenue"] == "-170.00"
        for wrong in ("acme", "funds:acme"):
            with pytest.raises(leadwright.InputError):
                engine.statements(wrong)
            with pytest.raises(leadwright.InputError):
                engine.statement(wrong)


def test_problems_are_counted_and_leads_tried_again(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        engine.decide_batch([{**lead(n), "phone": "312-867", "comments": f"no {n}"} for n in range(3)], now=NOW)
        [short] = [row for row in engine.errors() if row["code"] == "phone.too_short"]
        assert (short["count"], short["state"], short["path"]) == (3, "new", "/phone")
        assert "867" not in json.dumps(short)
        said = {"op": "resolve", "problem": short["fingerprint"], "by": "ann", "reason": "mended"}
        engine.operate(said, now=NOW)
        assert {row["state"] for row in engine.errors() if row["code"] == "phone.too_short"} == {"resolved"}
        tried = engine.retry(short["fingerprint"], now=NOW)
        assert [(one["before"], one["now"], "decided" in one) for one in tried] == [("rejected", "rejected", False)] * 3
        with pytest.raises(leadwright.OperationError):
            engine.retry("lwp1:" + "0" * 32, now=NOW)


def test_leads_wait_and_are_released(tmp_path: Path) -> None:
    plan = leadwright.Plan.load(REPOSITORY / "docs/samples/night.jsonc")
    one = {"id": "N1", "source": "web", "phone": "312-867-5301"}
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        night, day = "2026-11-25T04:00:00Z", "2026-11-25T14:10:00Z"
        assert engine.decide(one, now=night).outcome == "queued"
        assert engine.decide({**one, "id": "N2", "name": "asdfgh jkl"}, now=night).outcome == "queued"
        assert [row["why"] for row in engine.queue()] == ["retry", "release"]
        assert engine.work_queue(now=night) == []
        assert [decision.id for decision in engine.work_queue(now=day)] == ["web/N1.2"]
        said = {"lead": "web/N2", "do": "drop", "by": "ann", "reason": "a joke"}
        assert engine.release(said, now=day).outcome == "rejected"
        with pytest.raises(leadwright.OperationError) as raised:
            engine.release(said, now=day)
        assert raised.value.code == "queue.not_waiting"
        assert list(engine.queue()) == []
