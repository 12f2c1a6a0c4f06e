"""The engine for asyncio."""

from __future__ import annotations

import asyncio
import inspect
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, lead

import leadwright
from leadwright import AsyncEngine, Engine

#: What has no counterpart: it is asked of `engine`, for it asks nothing of the store or blocks for good.
SYNC_ONLY = {"close", "counts", "metrics", "prometheus", "plan_hash", "run_delivery", "request_of", "outcome_of"}


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(asyncio.wait_for(work(), 60))


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("leadwright_")]


def test_every_method_of_the_engine_is_there() -> None:
    methods = {name for name in dir(Engine) if not name.startswith("_")}
    assert {name for name in dir(AsyncEngine) if not name.startswith("_")} - {"aclose"} == methods - SYNC_ONLY
    for name in methods - SYNC_ONLY:
        assert inspect.getdoc(getattr(AsyncEngine, name)) == inspect.getdoc(getattr(Engine, name))


def test_many_calls_at_once_are_the_decisions_of_one_by_one(plan: leadwright.Plan) -> None:
    async def work() -> list[tuple[str, str]]:
        async with AsyncEngine(plan, threads=16) as engine:
            assert threads() == []
            decided = await asyncio.gather(*(engine.decide(lead(n), now=NOW) for n in range(1000)))
            assert 0 < len(threads()) <= 16
            assert engine.engine.counts()["leads"] == 1000
            return [(decision.id, decision.outcome) for decision in decided]

    found = run(work)
    assert [id for id, _ in found] == [f"web/L{n}.1" for n in range(1000)]
    assert sum(outcome == "assigned" for _, outcome in found) == 2
    assert threads() == []


def test_the_loop_goes_on_meanwhile(plan: leadwright.Plan) -> None:
    async def work() -> int:
        async with AsyncEngine(plan) as engine:
            batch = asyncio.ensure_future(engine.decide_batch([lead(n) for n in range(3000)], now=NOW))
            turns = 0
            while not batch.done():
                await asyncio.sleep(0.001)
                turns += 1
            assert len(await batch) == 3000
            return turns

    assert run(work) > 10


def test_rows_and_events_are_iterated(plan: leadwright.Plan) -> None:
    async def work() -> None:
        async with AsyncEngine(plan) as engine:
            await engine.decide_batch([lead(n) for n in range(600)], now=NOW)
            assert [same async for _, same in engine.replay()] == [True] * 600
            assert [row async for row in engine.queue()] == [] == [row async for row in engine.deliveries("dead")]
            subscription = await engine.subscribe("crm", ["lead.assigned.v1"])
            assert len([event async for event in subscription.follow_async(timeout=0)]) == 2

    run(work)


def test_exceptions_are_those_of_the_engine(plan: leadwright.Plan) -> None:
    async def work() -> None:
        engine = AsyncEngine(plan)
        with pytest.raises(TypeError, match="a lead is a dict"):
            await engine.decide(7)  # type: ignore[arg-type]
        with pytest.raises(leadwright.InputError):
            await engine.decide(lead(1), now="soon")
        await engine.aclose()
        await engine.aclose()
        with pytest.raises(leadwright.EngineError) as raised:
            await engine.decide(lead(1), now=NOW)
        assert raised.value.code == "engine.closed"
        await engine.aclose()
        assert repr(engine) == "<AsyncEngine <Engine closed>>"

    run(work)
    with pytest.raises(ValueError, match="threads"):
        AsyncEngine(plan, threads=0)


def test_a_cancelled_call_happens_as_a_whole_or_not_at_all(plan: leadwright.Plan) -> None:
    """Whatever moment it is cancelled at: what it decided is there, and is the answer of the same lead again."""

    async def work() -> None:
        async with AsyncEngine(plan, threads=2) as engine:
            for n in range(60):
                call = asyncio.ensure_future(engine.decide(lead(n), now=NOW))
                await asyncio.sleep(0.0002 * (n % 10))
                call.cancel()
                try:
                    await call
                except asyncio.CancelledError:
                    pass
            again = [await engine.decide(lead(n), now=NOW) for n in range(60)]
            assert [decision.id for decision in again] == [f"web/L{n}.1" for n in range(60)]
            assert sum(decision.outcome == "assigned" for decision in again) == 2
            assert [same async for _, same in engine.replay()] == [True] * 60

    run(work)


def test_what_waits_for_a_thread_and_is_cancelled_does_not_happen(plan: leadwright.Plan) -> None:
    async def work() -> None:
        async with AsyncEngine(plan, threads=1) as engine:
            held = threading.Event()
            first = asyncio.ensure_future(engine._run(held.wait))
            second = asyncio.ensure_future(engine.decide(lead(1), now=NOW))
            await asyncio.sleep(0.05)
            second.cancel()
            # The executor hears of it in the next turns of the loop.
            await asyncio.sleep(0.05)
            held.set()
            assert await first
            with pytest.raises(asyncio.CancelledError):
                await second
            assert engine.engine.counts()["leads"] == 0

    run(work)


def test_closing_waits_for_what_is_on_its_way(plan: leadwright.Plan, tmp_path: Path) -> None:
    async def work() -> None:
        engine = AsyncEngine(plan, tmp_path / "leads.db")
        calls = [asyncio.ensure_future(engine.decide(lead(n), now=NOW)) for n in range(20)]
        await asyncio.sleep(0)
        await engine.aclose()
        assert all(decision.outcome for decision in await asyncio.gather(*calls))

    run(work)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_after_a_fork_the_child_has_threads_of_its_own(plan: leadwright.Plan, tmp_path: Path) -> None:
    engine = AsyncEngine(plan, tmp_path / "leads.db")
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(engine.decide(lead(1), now=NOW)).outcome == "assigned"
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            async def child() -> str:
                return (await asyncio.wait_for(engine.decide(lead(2), now=NOW), 30)).outcome

            own = asyncio.new_event_loop()
            status = 0 if own.run_until_complete(child()) == "assigned" else 2
        finally:
            os._exit(status)
    assert os.waitpid(pid, 0)[1] == 0
    assert loop.run_until_complete(engine.decide(lead(3), now=NOW)).outcome == "unsold"
    loop.run_until_complete(engine.aclose())
    loop.close()


def test_importing_starts_nothing() -> None:
    script = "import leadwright, sys, threading; print(threading.active_count(), 'asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "1 False\n"
