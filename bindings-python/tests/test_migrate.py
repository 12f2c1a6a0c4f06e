"""The zero-risk rules of `leadwright.migrate`: whatever a candidate does, a caller of the legacy sees nothing of it."""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leadwright import migrate

LEAD = {"id": "L1", "email": "ada@example.com", "tags": ["a", "b"]}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "parity.db"


def migration(ledger: Path, stage: Any = "shadow", **options: Any) -> migrate.Migration:
    return migrate.Migration("routing", parity=ledger, stage=stage, **options)


def counted(m: migrate.Migration, step: str, *names: str) -> tuple[int, ...]:
    assert m.flush(5), "not everything was compared"
    counters = m.counters()[step]
    return tuple(counters[name] for name in names)


def leave(error: BaseException) -> Callable[[Any], Any]:
    def candidate(lead: Any) -> Any:
        raise error

    return candidate


class Panic(BaseException):
    """Like that of an extension: no Exception."""


class Sour:
    """Cannot be compared, shown or copied."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparing")

    def __repr__(self) -> str:
        raise RuntimeError("no showing")

    def __deepcopy__(self, memo: Any) -> Any:
        raise RuntimeError("no copying")


# Z1: nothing of the candidate, of adapters, of clean or of the ledger reaches the caller.


@pytest.mark.parametrize(
    "error", [ValueError("x"), Panic("x"), SystemExit(3), KeyboardInterrupt(), GeneratorExit(), asyncio.CancelledError()],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
@pytest.mark.parametrize("stage", ["shadow", "verify", "canary 100", "primary"])
def test_z1_what_a_candidate_raises_stays_with_it(ledger: Path, stage: str, error: BaseException) -> None:
    m = migration(ledger, stage)

    @m.step("validate", candidate=leave(error))
    def validate(lead: Any) -> str:
        return "legacy"

    assert [validate(LEAD) for _ in range(3)] == ["legacy"] * 3
    assert counted(m, "validate", "candidate_errors", "mismatched") == (3, 3)


@pytest.mark.parametrize("where", ["adapt_in", "adapt_out", "clean", "key", "default"])
@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(3), Panic("x")], ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("stage", ["shadow", "verify", "canary 100"])
def test_z1_what_an_adapter_raises_stays_with_it(ledger: Path, stage: str, where: str, error: BaseException) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise error

    m = migration(ledger, stage)
    options: dict[str, Any] = {where: fails}

    @m.step("validate", candidate=lambda lead: "legacy", **options)
    def validate(lead: Any) -> Any:
        return Sour() if where == "default" else "legacy"

    found = validate(LEAD)
    assert isinstance(found, Sour) or found == "legacy"
    m.flush(5)
    assert m.counters()["validate"]["matched"] == 0


@pytest.mark.parametrize("answer", [Sour(), object(), {"a": Sour()}, 1 + 2j, float("nan"), "\ud800", lambda: 1])
@pytest.mark.parametrize("side", ["legacy", "candidate"])
@pytest.mark.parametrize("stage", ["shadow", "verify", "canary 100"])
def test_z1_answers_that_cannot_be_compared_hurt_nobody(ledger: Path, stage: str, side: str, answer: Any) -> None:
    m = migration(ledger, stage)

    @m.step("validate", candidate=lambda lead: answer if side == "candidate" else "legacy")
    def validate(lead: Any) -> Any:
        return answer if side == "legacy" else "legacy"

    found = validate(LEAD)
    assert found is answer or found == "legacy"
    assert m.flush(5)


def test_z1_a_ledger_that_cannot_be_written_hurts_nobody(tmp_path: Path) -> None:
    (tmp_path / "parity.db").mkdir()
    m = migration(tmp_path / "parity.db")

    @m.step("validate", candidate=lambda lead: "legacy")
    def validate(lead: Any) -> str:
        return "legacy"

    assert validate(LEAD) == "legacy"
    assert m.flush(5)
    assert m.status()["ledger_failures"] > 0


def test_z1_who_interrupts_the_legacy_is_heard(ledger: Path) -> None:
    m = migration(ledger)

    @m.step("validate", candidate=lambda lead: None)
    def validate(error: Any, id: str) -> None:
        raise error

    for kind in (KeyboardInterrupt, SystemExit, GeneratorExit):
        with pytest.raises(kind):
            validate(kind(), "L1")


# Z2: the legacy's own result and exceptions, and a function of its own kind.


def test_z2_the_result_is_the_legacys_own_object(ledger: Path) -> None:
    for stage in ("off", "record", "shadow", "verify", "canary 0"):
        m = migration(ledger, stage)
        result = {"ok": [1]}

        @m.step("validate", candidate=lambda lead: {"ok": [2]})
        def validate(lead: Any) -> Any:
            return result

        assert validate(LEAD) is result and result == {"ok": [1]}, stage


def test_z2_an_exception_is_the_legacys_own_with_its_traceback(ledger: Path) -> None:
    error = KeyError("no such lead")

    def legacy(lead: Any) -> Any:
        def inner() -> Any:
            raise error

        return inner()

    def frames(function: Any) -> list[tuple[str, int]]:
        with pytest.raises(KeyError) as raised:
            function(LEAD)
        assert raised.value is error
        found = [(frame.name, frame.lineno or 0) for frame in traceback.extract_tb(raised.value.__traceback__)]
        error.__traceback__ = error.__context__ = None
        return found[[name for name, _ in found].index("legacy"):]

    plain = frames(legacy)
    for stage in ("off", "shadow", "verify", "canary 0"):
        m = migration(ledger, stage)
        assert frames(m.step("validate", candidate=lambda lead: 1)(legacy)) == plain, stage
        assert error.__cause__ is None


def test_z2_kind_name_signature_and_binding_are_kept(ledger: Path) -> None:
    m = migration(ledger)

    def plain(lead: dict[str, Any], *, strict: bool = False) -> int:
        """Says so."""
        return 1

    async def coroutine(lead: Any) -> int:
        return 1

    def generator(lead: Any) -> Iterator[int]:
        yield 1

    async def async_generator(lead: Any) -> AsyncIterator[int]:
        yield 1

    for legacy in (plain, coroutine, generator, async_generator):
        wrapped: Any = m.step(legacy.__name__, candidate=lambda *a, **k: None)(legacy)
        assert wrapped.__wrapped__ is legacy
        assert (wrapped.__name__, wrapped.__qualname__, wrapped.__doc__) == (legacy.__name__, legacy.__qualname__, legacy.__doc__)
        assert inspect.signature(wrapped) == inspect.signature(legacy)
        for asks in (inspect.isfunction, inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction):
            assert asks(wrapped) == asks(legacy), (legacy.__name__, asks.__name__)

    class App:
        @m.step("method", candidate=lambda self, lead: lead["id"], key=lambda self, lead: lead["id"], default=lambda self: None)
        def method(self, lead: Any) -> Any:
            return lead["id"] if isinstance(self, App) else None

        @staticmethod
        @m.step("static", candidate=lambda lead: lead["id"])
        def static(lead: Any) -> Any:
            return lead["id"]

    assert (App().method(LEAD), App.static(LEAD)) == ("L1", "L1")
    assert counted(m, "method", "matched") == (1,) and counted(m, "static", "matched") == (1,)
    with pytest.raises(TypeError):
        m.step("no", candidate=lambda lead: 1)(staticmethod(plain))


@pytest.mark.parametrize("stage", ["off", "record", "shadow", "verify", "canary 0", "canary 100", "primary", "done"])
def test_z2_all_kinds_answer_in_all_stages(ledger: Path, stage: str) -> None:
    m = migration(ledger, stage)
    late: list[Any] = []

    @m.step("coroutine", candidate=lambda lead: lead["id"])
    async def coroutine(lead: Any) -> Any:
        await asyncio.sleep(0)
        return lead["id"]

    async def asks(lead: Any) -> Any:
        await asyncio.sleep(0)
        return lead["id"]

    @m.step("both", candidate=asks)
    async def both(lead: Any) -> Any:
        return lead["id"]

    @m.step("generator", candidate=lambda lead: iter(lead["tags"]))
    def generator(lead: Any) -> Iterator[Any]:
        try:
            yield from lead["tags"]
        finally:
            late.append("closed")

    async def items(lead: Any) -> AsyncIterator[Any]:
        for tag in lead["tags"]:
            yield tag

    async def run() -> list[Any]:
        return [await coroutine(LEAD), await both(LEAD), [item async for item in async_generator(LEAD)]]

    if stage == "done":
        async_generator = m.step("async_generator", candidate=items)(items)
    else:
        async_generator = m.step("async_generator", candidate=lambda lead: iter(lead["tags"]) if stage != "shadow" else items(lead))(items)

    if stage != "done":
        assert list(generator(LEAD)) == ["a", "b"]
    assert asyncio.run(run()) == ["L1", "L1", ["a", "b"]]
    assert m.flush(5)
    if stage not in ("off", "record", "done"):
        for step in ("coroutine", "both", "generator", "async_generator"):
            counters = m.counters()[step]
            assert (counters["matched"], counters["mismatched"], counters["failures"]) == (1, 0, 0), (step, counters)


def test_z2_a_generator_is_sent_to_thrown_into_and_closed(ledger: Path) -> None:
    m = migration(ledger)
    heard: list[Any] = []

    @m.step("talk", candidate=lambda id: iter([0, 1, 2, 3]), key=lambda id: id)
    def talk(id: str) -> Iterator[int]:
        try:
            for n in range(10):
                try:
                    heard.append((yield n))
                except LookupError:
                    heard.append("thrown")
        finally:
            heard.append("closed")

    talking: Any = talk("L1")
    assert (next(talking), talking.send("hello"), talking.throw(LookupError())) == (0, 1, 2)
    talking.close()
    assert heard == ["hello", "thrown", "closed"]
    # Three were taken, and so many are compared.
    assert counted(m, "talk", "matched") == (1,)


def test_z2_an_async_generator_is_sent_to_thrown_into_and_closed(ledger: Path) -> None:
    m = migration(ledger)
    heard: list[Any] = []

    @m.step("talk", candidate=lambda id: iter([0, 1, 2, 3]), key=lambda id: id)
    async def talk(id: str) -> AsyncIterator[int]:
        try:
            for n in range(10):
                try:
                    heard.append((yield n))
                except LookupError:
                    heard.append("thrown")
        finally:
            heard.append("closed")

    async def run() -> None:
        talking: Any = talk("L1")
        assert await talking.asend(None) == 0
        assert await talking.asend("hello") == 1
        assert await talking.athrow(LookupError()) == 2
        await talking.aclose()

    asyncio.run(run())
    assert heard == ["hello", "thrown", "closed"]
    assert counted(m, "talk", "matched") == (1,)


def test_z2_a_cancelled_coroutine_is_cancelled(ledger: Path) -> None:
    m = migration(ledger)

    @m.step("wait", candidate=lambda lead: 1)
    async def wait(lead: Any) -> int:
        await asyncio.sleep(60)
        return 1

    async def run() -> None:
        task = asyncio.ensure_future(wait(LEAD))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert counted(m, "wait", "matched", "mismatched", "recorded") == (0, 0, 0)


# Z3: both sides have arguments of their own.


@pytest.mark.parametrize("stage", ["shadow", "verify", "canary 100", "primary"])
def test_z3_neither_side_sees_what_the_other_changes(ledger: Path, stage: str) -> None:
    m = migration(ledger, stage)
    seen: list[Any] = []

    def candidate(lead: Any, more: Any = None) -> Any:
        seen.append((lead["n"], list(lead["tags"]), more))
        lead["n"] += 100
        lead["tags"].append("candidate")
        lead.clear()
        return 1

    @m.step("change", candidate=candidate)
    def change(lead: Any, more: Any = None) -> Any:
        lead["n"] += 1
        lead["tags"].append("legacy")
        return 1

    for _ in range(100):
        lead = {"id": "L1", "n": 1, "tags": ["a"]}
        change(lead, more={"b": [1]})
        assert m.flush(5)
        assert lead in ({"id": "L1", "n": 2, "tags": ["a", "legacy"]}, {"id": "L1", "n": 1, "tags": ["a"]})
    assert seen == [(1, ["a"], {"b": [1]})] * 100
    assert counted(m, "change", "matched") == (100,)


def test_z3_a_result_is_compared_as_it_was_returned(ledger: Path) -> None:
    m = migration(ledger)

    @m.step("list", candidate=lambda lead: [1, {"a": 2}])
    def listing(lead: Any) -> Any:
        return [1, {"a": 2}]

    for _ in range(20):
        found = listing(LEAD)
        found[1]["a"] = 3
        found.append(4)
    assert counted(m, "list", "matched") == (20,)


def test_z3_what_cannot_be_copied_runs_the_legacy_alone(ledger: Path) -> None:
    m = migration(ledger)
    asked: list[Any] = []

    @m.step("open", candidate=asked.append, key=lambda lead: "L1")
    def opened(lead: Any) -> Any:
        return lead

    circle: list[Any] = []
    circle.append(circle)
    for value in (Sour(), object(), threading.Lock(), circle, ["x" * 70] * 20_000, (item for item in [1]), {(1, 2): {Sour}}):
        assert opened(value) is value
    assert counted(m, "open", "unsnapshotable", "matched") == (7, 0)
    assert asked == []


# Z4: what a caller waits for.


def test_z4_nobody_waits_for_a_slow_candidate_and_drops_are_counted(ledger: Path) -> None:
    m = migration(ledger)
    go = threading.Event()

    @m.step("slow", candidate=lambda lead: go.wait(0.2))
    def slow(lead: Any) -> Any:
        return None

    started = time.perf_counter()
    for _ in range(1_500):
        slow(LEAD)
    assert time.perf_counter() - started < 2.0
    go.set()
    dropped = m.counters()["slow"]["dropped"]
    assert 400 <= dropped <= 500, "1,024 wait and one is worked on"


def test_z4_the_queue_holds_so_many_bytes(ledger: Path) -> None:
    m = migration(ledger)
    go = threading.Event()

    @m.step("big", candidate=lambda id, text: go.wait(0.2), key=lambda id, text: id)
    def big(id: str, text: str) -> Any:
        return None

    for _ in range(40):
        big("L1", "x" * 1_000_000)
    go.set()
    assert m.counters()["big"]["dropped"] >= 20


def test_z4_nothing_is_started_before_it_is_needed(ledger: Path) -> None:
    before = threading.active_count()
    m = migration(ledger, "off")

    @m.step("validate", candidate=lambda lead: 1)
    def validate(lead: Any) -> int:
        return 1

    validate(LEAD)
    assert threading.active_count() == before and not ledger.exists()


# Z5: a candidate has its time, a breaker and a kill switch.


def test_z5_a_late_candidate_falls_back(ledger: Path) -> None:
    for kind in ("function", "coroutine"):
        m = migration(ledger, "canary 100")
        if kind == "function":
            legacy: Any = lambda lead: "legacy"  # noqa: E731
        else:

            async def legacy(lead: Any) -> str:
                return "legacy"

        answer = m.step("late", candidate=lambda lead: time.sleep(0.5), deadline=0.05)(legacy)
        started = time.perf_counter()
        found = asyncio.run(answer(LEAD)) if kind == "coroutine" else answer(LEAD)
        assert found == "legacy" and time.perf_counter() - started < 0.4
        assert counted(m, "late", "fallbacks", "timeouts", "answered") == (1, 1, 0)


def test_z5_the_breaker_opens_and_lets_one_through_in_a_while(ledger: Path) -> None:
    m = migration(ledger, "canary 100")
    well = False

    def candidate(lead: Any) -> str:
        if not well:
            raise ValueError
        return "candidate"

    @m.step("validate", candidate=candidate)
    def validate(lead: Any) -> str:
        return "legacy"

    for _ in range(30):
        assert validate(LEAD) == "legacy"
        m.flush(5)
    assert counted(m, "validate", "fallbacks", "skipped_breaker") == (20, 10)
    assert m.counters()["validate"]["breaker_open"]
    well = True
    breaker: Any = m._steps["validate"].breaker
    breaker._next = time.monotonic() - 1
    assert validate(LEAD) == "candidate"
    m.flush(5)
    assert not m.counters()["validate"]["breaker_open"] and validate(LEAD) == "candidate"


def test_z5_a_candidate_that_hangs_is_left_behind(ledger: Path) -> None:
    m = migration(ledger)
    go = threading.Event()

    @m.step("hang", candidate=lambda lead: go.wait(30))
    def hang(lead: Any) -> int:
        return 1

    @m.step("well", candidate=lambda lead: 1)
    def well(lead: Any) -> int:
        return 1

    hang(LEAD)
    assert well(LEAD) == 1
    assert m.flush(6)
    assert counted(m, "hang", "timeouts") == (1,) and m.counters()["hang"]["breaker_open"]
    assert counted(m, "well", "matched") == (1,)
    go.set()


def test_z5_the_kill_switch_and_the_stage_are_read_again(tmp_path: Path, ledger: Path, monkeypatch: Any) -> None:
    stage, stop = tmp_path / "stage", tmp_path / "stop"
    stage.write_text("validate = canary 100\n")
    m = migration(ledger, migrate.stage_from_file(stage), kill=migrate.killed_by_file(stop))

    @m.step("validate", candidate=lambda lead: "candidate")
    def validate(lead: Any) -> str:
        return "legacy"

    def until(answer: str) -> None:
        end = time.monotonic() + 4
        while validate(LEAD) != answer:
            assert time.monotonic() < end, answer
            time.sleep(0.05)

    assert validate(LEAD) == "candidate"
    stop.touch()
    until("legacy")
    assert m.status()["killed"]
    stop.unlink()
    until("candidate")
    stage.write_text("off")
    until("legacy")
    stage.write_text("primary")
    until("candidate")
    stage.write_text("canery 5")
    time.sleep(1.2)
    assert validate(LEAD) == "candidate" and "validate" in m.status()["refused"], "a stage that is none changes nothing"


def test_z5_stages_come_from_the_environment_a_function_and_a_flag(ledger: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("LEAD_STAGE", "a=verify; *=off")
    m = migration(ledger, migrate.stage_from_env("LEAD_STAGE"))
    m.step("a", candidate=lambda lead: 1)(lambda lead: 1)
    m.step("b", candidate=lambda lead: 1)(lambda lead: 1)
    assert m.status()["stages"] == {"a": "verify", "b": "off"}
    monkeypatch.setenv("LEAD_STAGE", "varify")
    with pytest.raises(Exception, match="verify"):
        m.step("c", candidate=lambda lead: 1)(lambda lead: 1)

    class Client:
        def get_string_value(self, flag: str, default: str) -> str:
            return {"lead-a": "shadow 50"}.get(flag, default)

    flags = migrate.stage_from_openfeature(Client(), "lead-{step}")
    for source in (flags, lambda step: "shadow 50"):
        m = migration(ledger, source)
        answer: Any = m.step("a", candidate=lambda lead: 1)(lambda lead: 1)
        answer(LEAD)
        end = time.monotonic() + 4
        while m.stage("a") != "shadow 50":
            assert time.monotonic() < end
            time.sleep(0.05)

    def hangs(step: str) -> str:
        time.sleep(3)
        return "shadow"

    m = migration(ledger, hangs)
    answer = m.step("a", candidate=lambda lead: 1)(lambda lead: 1)
    started = time.perf_counter()
    assert answer(LEAD) == 1 and time.perf_counter() - started < 0.5, "who says the stage does not hold up a call"


# Z6: nothing of a lead is said anywhere.


def test_z6_no_value_is_in_logs_texts_or_counters(ledger: Path, caplog: Any, capsys: Any) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "ada.lovelace@example.com"
    m = migration(ledger, "verify")

    def candidate(lead: Any) -> Any:
        raise ValueError(f"bad email {lead['email']}")

    @m.step("validate", candidate=candidate, raise_on_mismatch=True)
    def validate(lead: Any) -> Any:
        return {"email": lead["email"]}

    with pytest.raises(migrate.Mismatch) as mismatch:
        validate({"id": secret, "email": secret})
    snapshot = m._steps["validate"].gate.keep({"email": secret})
    said = [repr(m), str(m.counters()), str(m.status()), str(mismatch.value), repr(snapshot), repr(migrate.Call(secret, 0))]
    assert secret not in "".join([*said, caplog.text, *capsys.readouterr()])
    for file in ledger.parent.iterdir():
        assert b"lovelace" not in file.read_bytes(), file.name


# Z8: what is counted.


def test_z8_counters_say_what_happened(ledger: Path) -> None:
    m = migration(ledger, "shadow")

    @m.step("validate", candidate=lambda lead: lead["n"] % 10)
    def validate(lead: Any) -> Any:
        if lead["n"] == 13:
            raise ValueError
        return lead["n"]

    for n in range(20):
        try:
            validate({"id": f"L{n}", "n": n})
        except ValueError:
            pass
    validate({"n": 1})
    counters = {name: found for name, found in m.counters()["validate"].items() if name in ("calls", "unkeyed", "dropped")}
    assert counters == {"calls": 21, "unkeyed": 1, "dropped": 0}
    assert counted(m, "validate", "matched", "mismatched", "legacy_errors", "failures") == (10, 10, 1, 0)
    latency = m.counters()["validate"]["candidate_micros"]
    assert sum(n for _, n in latency) == 20


def test_a_share_is_the_same_leads_and_more_of_them(ledger: Path) -> None:
    def answered(stage: str) -> set[str]:
        m = migration(ledger, stage)

        @m.step("validate", candidate=lambda lead: True, reverse=False)
        def validate(lead: Any) -> bool:
            return False

        return {f"L{n}" for n in range(1_000) if validate({"id": f"L{n}"})}

    few, more = answered("canary 5"), answered("canary 20")
    assert few < more and 20 < len(few) < 90 and 140 < len(more) < 260
    assert answered("canary 0") == set() and len(answered("canary 100")) == 1_000

    m = migration(ledger, "shadow 10")
    validate: Any = m.step("validate", candidate=lambda lead: 1)(lambda lead: 1)
    for n in range(500):
        validate({"id": f"L{n}"})
        if n % 100 == 0:
            m.flush(5)
    sampled_out, matched = counted(m, "validate", "sampled_out", "matched")
    assert sampled_out + matched == 500 and 20 < matched < 90


def test_calibration_runs_the_legacy_beside_itself(ledger: Path) -> None:
    m = migration(ledger)
    runs: list[int] = []

    @m.step("noisy", candidate=lambda lead: None)
    def noisy(lead: Any) -> int:
        runs.append(1)
        return len(runs)

    m.calibrate("noisy", 5)
    for _ in range(8):
        noisy(LEAD)
        m.flush(5)
    assert len(runs) == 13
    assert counted(m, "noisy", "mismatched") == (8,)


def test_the_candidate_answers_and_the_legacy_runs_beside_it(ledger: Path) -> None:
    m = migration(ledger, "primary")
    ran: list[str] = []

    @m.step("validate", candidate=lambda lead: ["new"])
    def validate(lead: Any) -> Any:
        ran.append(threading.current_thread().name)
        return ["old"]

    assert validate(LEAD) == ["new"]
    assert counted(m, "validate", "answered", "mismatched") == (1, 1)
    assert ran == ["leadwright-migrate"]

    m.set_stage("validate", "done")
    assert validate(LEAD) == ["new"] and len(ran) == 1
    m.set_stage("validate", "off")
    assert validate(LEAD) == ["old"]


def test_what_is_set_up_wrongly_is_said_at_once(ledger: Path) -> None:
    m = migration(ledger)
    with pytest.raises(Exception):
        m.step("a", candidate=lambda lead: 1, known=[migrate.Known("K", "why", "ann", "soon")])(lambda lead: 1)
    m.step("a", candidate=lambda lead: 1)(lambda lead: 1)
    with pytest.raises(migrate.MigrationError, match="already"):
        m.step("a", candidate=lambda lead: 1)(lambda lead: 1)
    with pytest.raises(migrate.MigrationError, match="engine"):
        m.decide(seen=lambda result: None)
    with pytest.raises(migrate.MigrationError, match="no step"):
        m.set_stage("b", "shadow")
    with pytest.raises(Exception):
        m.set_stage("a", "canary")
    assert m.stage("a") == "shadow"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="contextvars of a coroutine")
def test_a_candidate_knows_its_call(ledger: Path) -> None:
    m = migration(ledger)
    calls: list[Any] = []

    @m.step("validate", candidate=lambda lead: calls.append(migrate.current()))
    def validate(lead: Any) -> None:
        assert migrate.current() is None

    before = time.time()
    validate(LEAD)
    assert m.flush(5)
    (call,) = calls
    assert call.key == "L1" and not call.answering and abs(call.at_ms / 1000 - before) < 5
    assert call.seed == migrate.Call("L1", 0).seed and call.at.endswith("Z") and len(call.at) == 24
