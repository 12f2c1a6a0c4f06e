"""A system beside us that sells too."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import leadwright

REPOSITORY = Path(__file__).parents[2]
NOW = "2026-11-24T15:30:00Z"


@pytest.fixture(params=["memory", "file"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> leadwright.Engine:
    plan = leadwright.Plan.load(REPOSITORY / "vectors/decide/operate.jsonc")
    return leadwright.Engine(plan, None if request.param == "memory" else tmp_path / "leads.db")


def lead(n: int) -> dict[str, str]:
    return {"id": f"L{n}", "source": "web", "phone": f"312-867-530{n}", "zip": "60601"}


def test_what_another_system_sold_counts(engine: leadwright.Engine) -> None:
    at = datetime.datetime(2026, 11, 24, 15, 0, tzinfo=datetime.timezone.utc)
    sold = {"outcome": "assigned", "sales": [{"contract": "acme-il"}], "at": at, "compare": True}
    told, ours = engine.observe(lead(1), sold, now=NOW)
    assert (told.outcome, told.observed, told.to_dict()["at"]) == ("assigned", True, "2026-11-24T15:00:00.000Z")
    assert ours is not None and ours.assignments[0]["contract"] == "acme-il" and ours.durability == "none"
    again = engine.observe(lead(1), sold, now=NOW)
    assert again.told.replayed and again.ours is None
    assert engine.decide(lead(2), now=NOW).assignments[0]["contract"] == "best-any", "its cap is used up"
    assert [same for _, same in engine.replay()] == [True, True]


def test_what_contradicts_is_refused(engine: leadwright.Engine) -> None:
    engine.decide(lead(1), now=NOW)
    with pytest.raises(leadwright.OperationError) as refused:
        engine.observe(lead(1), {"outcome": "unsold"}, now=NOW)
    assert refused.value.code == "operation.conflict"
    with pytest.raises(leadwright.OperationError) as refused:
        engine.observe(lead(2), {"outcome": "sold"}, now=NOW)
    assert refused.value.code == "operation.malformed"


def test_room_is_reserved_confirmed_and_released(engine: leadwright.Engine) -> None:
    held = engine.reserve_external("acme-il", "old-1", source="web", hold="5m", now=NOW)
    assert (held["state"], held["buyer"], held["until"]) == ("held", "acme", "2026-11-24T15:35:00.000Z")
    refused = engine.reserve_external("acme-il", "old-2", now=NOW)
    assert "state" not in refused and refused["why"]["check"] == "caps.contract.day"
    released = engine.release_external("old-1", now=NOW)
    assert released is not None and released["state"] == "released"
    assert engine.release_external("none", now=NOW) is None
    assert engine.reserve_external("acme-il", "old-2", now=NOW)["state"] == "held"
    assert engine.confirm_external("old-2", now=NOW)["state"] == "confirmed"
    with pytest.raises(leadwright.OperationError) as sold:
        engine.release_external("old-2", now=NOW)
    assert sold.value.code == "operation.conflict"
