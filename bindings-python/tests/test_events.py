"""Reading the events: loops that wait, cursors, and what comes again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from conftest import NOW, lead

import leadwright


def decided(engine: leadwright.Engine, *numbers: int) -> None:
    for number in numbers:
        # With an address, so that there are no problems to tell of.
        engine.decide(lead(number, street="350 W Oak St", zip="60610"), now=NOW)


@pytest.fixture
def engine(plan: leadwright.Plan, tmp_path: Path) -> leadwright.Engine:
    engine = leadwright.Engine(plan, tmp_path / "leads.db")
    decided(engine, 1, 2)
    return engine


def positions(events: list[leadwright.Event]) -> list[int]:
    return [event.position for event in events]


def test_a_page_and_what_it_says(engine: leadwright.Engine) -> None:
    plan, decision, sale, *rest = engine.subscribe("crm").poll()
    assert (plan.type, plan.data["plan"], plan.position) == ("plan.activated.v1", engine.plan_hash, 1)
    assert (decision.type, decision.subject, decision.time) == ("lead.decided.v1", "web/L1.1", "2026-11-24T23:05:00.000Z")
    assert decision.data["assignments"][0]["price"] == "40.00"
    assert decision["data"] == json.loads(decision.json)["data"] and decision["partitionkey"] == "web/L1"
    assert sale.data["key"] == decision.data["assignments"][0]["key"]
    assert len({event.id for event in (plan, decision, sale, *rest)}) == 6
    assert repr(sale) == "<Event 3 lead.assigned.v1 web/L1.1>"
    assert engine.subscribe("other").poll() == [plan, decision, sale, *rest]


def test_what_is_not_acknowledged_comes_again(engine: leadwright.Engine) -> None:
    crm = engine.subscribe("crm")
    assert repr(crm) == "<Subscription crm>" and crm.name == "crm"
    page = crm.poll(4)
    assert positions(page) == [1, 2, 3, 4]
    crm.ack(page[1])
    again = engine.subscribe("crm")
    with pytest.raises(leadwright.EventsError) as raised:
        crm.ack(page[3])
    assert raised.value.code == "events.fenced"
    assert again.poll(2) == page[2:]
    again.ack(4)
    assert engine.subscribers() == [
        {"name": "crm", "types": [], "position": 4, "behind": 2, "updated_at": "2026-11-24T23:05:00.000Z"}
    ]
    again.seek(2)
    assert positions(again.poll()) == [2, 3, 4, 5, 6]
    assert engine.unsubscribe("crm") and not engine.unsubscribe("crm")


def test_types_and_where_to_begin(engine: leadwright.Engine) -> None:
    assert positions(engine.subscribe("sales", ["lead.assigned.v1"]).poll()) == [3, 5]
    assert positions(engine.subscribe("full", "cap.exhausted.v1").poll()) == [6]
    assert engine.subscribe("late", start="now").poll() == []
    assert positions(engine.subscribe("from", start=5).poll()) == [5, 6]
    for types, start in (["lead.sold.v1"], "start"), (None, "later"), (None, -1), (None, True):
        with pytest.raises(leadwright.InputError):
            engine.subscribe("wrong", types, start)
    assert "wrong" not in [each["name"] for each in engine.subscribers()]


def test_an_event_is_acknowledged_when_the_next_is_asked_for(engine: leadwright.Engine) -> None:
    cursor = lambda: engine.subscribers()[0]["position"]
    crm = engine.subscribe("crm")
    for event in crm:
        assert cursor() == event.position - 1
        if event.position == 3:
            break
    assert cursor() == 2
    # The loop was left on it: it comes again, here and to whoever reads on.
    assert next(iter(crm)).position == 3
    assert positions(crm.poll(2)) == [3, 4]
    assert positions(crm.poll()) == [5, 6]
    seen = list(engine.subscribe("crm").follow(timeout=0))
    assert positions(seen) == [3, 4, 5, 6] and cursor() == 6


def test_a_loop_waits_for_what_comes(engine: leadwright.Engine) -> None:
    crm = engine.subscribe("crm", start="now")
    later = threading.Timer(0.2, decided, (engine, 3))
    later.start()
    seen = [event.type for event in crm.follow(timeout=1.0)]
    later.join()
    assert seen == ["lead.decided.v1"]


def test_other_threads_go_on_while_a_loop_waits(engine: leadwright.Engine) -> None:
    counted = 0
    waiting = threading.Thread(target=lambda: list(engine.subscribe("crm", start="now").follow(timeout=0.5)))
    waiting.start()
    while waiting.is_alive():
        counted += 1
        time.sleep(0.001)
    assert counted > 50


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_a_loop_that_waits(engine: leadwright.Engine) -> None:
    # Whoever runs the tests in the background may have them ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in engine.subscribe("crm", start="now").follow(timeout=30):
                pass
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - begun < 5


def test_async_for(engine: leadwright.Engine) -> None:
    async def read() -> tuple[list[str], int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.01)
                ticks += 1

        ticking = asyncio.create_task(tick())
        asyncio.get_running_loop().call_later(0.2, decided, engine, 3)
        seen = []
        async for event in engine.subscribe("crm", ["lead.decided.v1"]):
            seen.append(event.subject)
            if len(seen) == 3:
                break
        ticking.cancel()
        return seen, ticks

    seen, ticks = asyncio.run(read())
    assert seen == ["web/L1.1", "web/L2.1", "web/L3.1"] and ticks > 5
    assert engine.subscribers()[0]["behind"] == 1, "the last was not asked past"


def test_async_for_ends_after_a_timeout(engine: leadwright.Engine) -> None:
    async def read() -> list[int]:
        return [event.position async for event in engine.subscribe("crm").follow_async(timeout=0.1)]

    assert asyncio.run(read()) == [1, 2, 3, 4, 5, 6]


def test_a_closed_engine_hands_out_nothing(engine: leadwright.Engine) -> None:
    crm = engine.subscribe("crm")
    engine.close()
    for call in crm.poll, lambda: crm.ack(1), lambda: crm.seek("now"), engine.subscribers, lambda: engine.subscribe("b"):
        with pytest.raises(leadwright.EngineError) as raised:
            call()
        assert raised.value.code == "engine.closed"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_reads_under_a_name_of_its_own(engine: leadwright.Engine) -> None:
    crm = engine.subscribe("crm")
    child = os.fork()
    if child == 0:
        try:
            crm.poll()
            os._exit(1)
        except leadwright.EventsError:
            os._exit(0 if len(engine.subscribe("child").poll()) == 6 else 2)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(crm.poll()) == 6
