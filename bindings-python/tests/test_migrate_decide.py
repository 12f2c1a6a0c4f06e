"""The decide step and the limits step: one state, one authority."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Optional

import pytest

import leadwright
from conftest import TINY, lead
from leadwright import migrate


@pytest.fixture
def engine(plan: leadwright.Plan, tmp_path: Path) -> leadwright.Engine:
    return leadwright.Engine(plan, tmp_path / "leads.db")


class Old:
    """The old app: it sells to acme-il whatever comes, as often as its own cap says."""

    def __init__(self, cap: int = 2) -> None:
        self.cap = cap
        self.sold: list[str] = []
        self.room: Any = None

    def decide(self, lead: dict[str, Any]) -> Optional[str]:
        if len(self.sold) >= self.cap:
            return None
        if self.room is not None:
            with self.room("acme-il", "old-" + lead["id"], source="web", price="40.00") as room:
                if not room.held:
                    return None
                self.sold.append(lead["id"])
                return "acme-il"
        self.sold.append(lead["id"])
        return "acme-il"


def seen(contract: Optional[str]) -> dict[str, Any]:
    if contract is None:
        return {"outcome": "unsold"}
    return {"outcome": "assigned", "sales": [{"contract": contract, "price": "40.00"}]}


def answer(decision: leadwright.Decision) -> Optional[str]:
    return decision.assignments[0]["contract"] if decision.assignments else None


def migration(engine: leadwright.Engine, tmp_path: Path, stage: Any) -> migrate.Migration:
    return migrate.Migration("routing", engine, tmp_path / "parity.db", stage=stage)


def outcomes(engine: leadwright.Engine) -> dict[str, int]:
    return {row["outcome"]: row["leads"] for row in engine.report(by=["outcome"])}


@pytest.mark.parametrize("observe", ["background", "inline"])
@pytest.mark.parametrize("stage", ["shadow", "shadow 0", "record", "verify"])
def test_a_shadow_decides_on_the_state_of_the_legacy(
    engine: leadwright.Engine, tmp_path: Path, stage: str, observe: str
) -> None:
    m = migration(engine, tmp_path, stage)
    old = Old()
    decide = m.decide(seen=seen, adapt_out=answer, observe=observe)(old.decide)
    assert [decide(lead(n)) for n in range(4)] == ["acme-il", "acme-il", None, None]
    assert m.flush(5)
    counters = m.counters()["decide"]
    assert (counters["observed"], counters["unobserved"], counters["failures"]) == (4, 0, 0)
    compared = 4 if stage in ("shadow", "verify") else 0
    # The engine's cap is two as well, and it counts what the legacy sold.
    assert (counters["matched"], counters["mismatched"]) == (compared, 0)
    assert engine.decide(lead(5)).outcome == "unsold"


def test_a_shadow_says_where_it_would_sell_otherwise(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, "shadow")
    decide = m.decide(seen=seen, adapt_out=answer)(Old(cap=0).decide)
    assert decide(lead(1)) is None
    assert m.flush(5) and m.counters()["decide"]["mismatched"] == 1


def test_a_coroutine_decides_too(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, {"decide": "shadow", "limits": "primary"})
    old = Old()

    @m.decide(seen=seen, adapt_out=answer)
    async def decide(lead: dict[str, Any]) -> Optional[str]:
        return old.decide(lead)

    assert asyncio.run(decide(lead(1))) == "acme-il"
    old.room = m.room
    assert m.flush(5) and m.counters()["decide"]["matched"] == 1
    m.set_stage("decide", "canary 100")
    assert asyncio.run(decide(lead(2))) == "acme-il" and old.sold == ["L1"]


def test_a_canary_needs_limits_that_are_in_force_or_a_reason(engine: leadwright.Engine, tmp_path: Path) -> None:
    with pytest.raises(migrate.MigrationError, match="limits") as refused:
        migration(engine, tmp_path, "canary 5").decide(seen=seen)(Old().decide)
    assert refused.value.code == "migrate.no_limits"

    m = migration(engine, tmp_path, {"decide": "shadow", "limits": "shadow"})
    m.decide(seen=seen, adapt_out=answer)(Old().decide)
    for stage in ("canary 0", "canary 5", "primary", "done"):
        with pytest.raises(migrate.MigrationError, match="limits"):
            m.set_stage("decide", stage)
    assert m.stage("decide") == "shadow"
    m.set_stage("limits", "primary")
    m.set_stage("decide", "canary 5")

    reason = "the old app keeps no caps"
    migration(engine, tmp_path, "canary 5").decide(seen=seen, without_limits=reason)(Old().decide)


def test_a_file_that_asks_for_a_canary_too_early_changes_nothing(
    engine: leadwright.Engine, tmp_path: Path, caplog: Any
) -> None:
    file = tmp_path / "stages"
    file.write_text("decide=shadow")
    m = migration(engine, tmp_path, migrate.stage_from_file(file))
    decide = m.decide(seen=seen)(Old().decide)
    decide(lead(1))
    file.write_text("decide=canary 50")
    m.tick()
    assert m.stage("decide") == "shadow" and "limits" in m.status()["refused"]["decide"]
    assert "the stage stays as it is" in caplog.text
    file.write_text("limits=primary\ndecide=canary 50")
    m.tick()
    assert m.stage("decide") == "canary 50" and m.status()["refused"] == {}


@pytest.mark.parametrize("share", [0, 30, 70, 100])
def test_one_authority_sells_no_more_than_the_cap(engine: leadwright.Engine, tmp_path: Path, share: int) -> None:
    m = migration(engine, tmp_path, {"limits": "primary", "decide": f"canary {share}"})
    old = Old(cap=100)
    old.room = m.room
    decide = m.decide(seen=seen, adapt_out=answer)(old.decide)
    sold = [found for n in range(30) if (found := decide(lead(n))) is not None]
    assert sold == ["acme-il"] * 2, "the cap of both together is two"
    assert m.flush(5)
    counters = m.counters()
    assert counters["decide"]["sold_without_room"] == 0
    assert counters["decide"]["observed"] + counters["decide"]["answered"] == 30
    assert len(old.sold) == counters["limits"]["confirmed"]


@pytest.mark.parametrize("same", [True, False])
def test_what_the_engine_decides_is_compared_with_a_legacy_that_does_nothing(
    engine: leadwright.Engine, tmp_path: Path, same: bool
) -> None:
    m = migration(engine, tmp_path, {"limits": "primary", "decide": "canary 100"})
    old = Old()
    decide = m.decide(seen=seen, adapt_out=answer, reverse=lambda lead: "acme-il" if same else None)(old.decide)
    assert decide(lead(1)) == "acme-il" and old.sold == []
    assert m.flush(5)
    counters = m.counters()["decide"]
    assert (counters["matched"], counters["mismatched"], counters["failures"]) == (same, not same, 0)


def test_a_sale_without_room_is_counted(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, {"limits": "primary", "decide": "canary 0"})
    decide = m.decide(seen=seen, adapt_out=answer)(Old().decide)
    decide(lead(1))
    assert m.flush(5) and m.counters()["decide"]["sold_without_room"] == 1


def test_limits_in_shadow_refuse_nobody(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, {"limits": "shadow", "decide": "shadow"})
    old = Old(cap=100)
    old.room = m.room
    decide = m.decide(seen=seen, adapt_out=answer)(old.decide)
    assert [decide(lead(n)) for n in range(4)] == ["acme-il"] * 4
    assert m.flush(5)
    limits = m.counters()["limits"]
    assert (limits["calls"], limits["held"], limits["would_refuse"], limits["refused"]) == (4, 2, 2, 0)
    assert m.counters()["decide"]["unobserved"] == 0


def test_room_is_given_back_where_the_legacy_raises(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, {"limits": "primary"})
    for n in range(5):
        with pytest.raises(ConnectionError), m.room("acme-il", f"old-{n}") as room:
            assert room.held
            raise ConnectionError
    with m.room("acme-il", "old-5") as room:
        room.sold = False
    with m.room("acme-il", "old-6"), m.room("acme-il", "old-7"), m.room("acme-il", "old-8") as third:
        assert not third.held and third.why is not None and third.why["check"] == "caps.contract.day"
    limits = m.counters()["limits"]
    assert (limits["released"], limits["confirmed"], limits["refused"]) == (6, 2, 1)


def test_an_engine_that_cannot_be_asked_does_not_stop_the_old_app(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, {"limits": "primary", "decide": "canary 100"})
    old = Old()
    decide = m.decide(seen=seen, adapt_out=answer)(old.decide)
    engine.close()
    with m.room("acme-il", "old-1") as room:
        assert room.held
    assert decide(lead(1)) == "acme-il" and old.sold == ["L1"]
    assert m.flush(5)
    assert (m.counters()["limits"]["failures"], m.counters()["decide"]["fallbacks"]) == (1, 1)


def test_what_the_legacy_sells_is_observed_while_the_engine_is_left_alone(
    engine: leadwright.Engine, tmp_path: Path
) -> None:
    m = migration(engine, tmp_path, {"limits": "primary", "decide": "canary 100"})
    decide = m.decide(seen=seen, adapt_out=answer)(Old().decide)
    m._steps["decide"].breaker.trip()
    assert [decide(lead(n)) for n in range(3)] == ["acme-il", "acme-il", None]
    assert m.flush(5)
    counters = m.counters()["decide"]
    assert (counters["observed"], counters["skipped_breaker"], counters["answered"]) == (3, 3, 0)


def test_an_answer_that_cannot_be_made_is_found_before_anything_is_sold(
    engine: leadwright.Engine, tmp_path: Path
) -> None:
    def fails(decision: leadwright.Decision) -> Any:
        raise SystemExit(1)

    m = migration(engine, tmp_path, {"limits": "primary", "decide": "canary 100"})
    old = Old()
    decide = m.decide(seen=seen, adapt_out=fails)(old.decide)
    assert decide(lead(1)) == "acme-il"
    assert m.flush(5) and m.counters()["decide"]["fallbacks"] == 1
    assert outcomes(engine) == {"assigned": 1}, "what the legacy sold, and nothing else"


def test_z7_a_candidate_writes_nothing_and_decides_as_of_the_call(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, "shadow")
    found: list[Any] = []

    def candidate(lead: dict[str, Any]) -> Any:
        call = migrate.current()
        assert call is not None
        decision = m.engine.dry_run(lead)
        found.append((decision["at"] == call.at, decision["seed"] == call.seed, m.engine.plan_hash == engine.plan_hash))
        for write in ("decide", "decide_batch", "settle_batch", "observe", "operate", "reserve_external", "swap", "close", "forget", "set_list"):
            with pytest.raises(migrate.ReadOnlyError) as refused:
                getattr(m.engine, write)
            assert refused.value.code == "migrate.read_only"
        return answer(decision)

    decide = m.step("decide", candidate=candidate)(Old().decide)
    assert decide(lead(1)) == "acme-il"
    assert m.flush(5)
    assert found == [(True, True, True)] and m.counters()["decide"]["matched"] == 1
    assert outcomes(engine) == {}


def test_z7_every_method_of_the_engine_reads_or_is_refused(engine: leadwright.Engine, tmp_path: Path) -> None:
    m = migration(engine, tmp_path, "shadow")
    writes = {
        "close", "decide", "decide_batch", "settle_batch", "observe", "operate", "reserve_external", "confirm_external", "release_external",
        "forget", "retry", "work_queue", "release", "subscribe", "unsubscribe", "set_list", "swap",
        "claim", "delivered", "redrive", "run_delivery", "submit", "ping", "post",
    }  # fmt: skip
    for name in (name for name in dir(leadwright.Engine) if not name.startswith("_")):
        if name in writes:
            with pytest.raises(migrate.ReadOnlyError):
                getattr(m.engine, name)
        else:
            assert getattr(m.engine, name) is not None, name


def test_the_kill_switch_stops_limits_too(engine: leadwright.Engine, tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    stop.touch()
    m = migrate.Migration(
        "routing", engine, tmp_path / "parity.db", stage={"limits": "primary", "decide": "canary 100"},
        kill=migrate.killed_by_file(stop),
    )  # fmt: skip
    old = Old()
    decide = m.decide(seen=seen, adapt_out=answer)(old.decide)
    with m.room("acme-il", "old-1") as room:
        assert room.held and not room.reserved
    assert decide(lead(1)) == "acme-il" and old.sold == ["L1"] and outcomes(engine) == {}


def test_the_plan_of_these_tests_is_the_tiny_one() -> None:
    assert '"day": 2' in TINY
