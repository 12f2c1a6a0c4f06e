"""The outbox is worked off with a client of one's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import leadwright

REPOSITORY = Path(__file__).parents[2]
NOW = "2026-11-24T15:30:00Z"
LATER = "2026-11-24T15:45:00Z"


@pytest.fixture(params=["memory", "file"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> leadwright.Engine:
    plan = leadwright.Plan.load(REPOSITORY / "vectors/decide/operate.jsonc")
    return leadwright.Engine(plan, None if request.param == "memory" else tmp_path / "leads.db")


def sell(engine: leadwright.Engine, count: int) -> None:
    for n in range(count):
        lead = {"id": f"L{n}", "source": "web", "phone": f"312-867-53{n:02}", "zip": "60601"}
        assert engine.decide(lead, now=NOW).outcome == "assigned"


def test_what_is_due_is_handed_out_and_reported(engine: leadwright.Engine) -> None:
    sell(engine, 2)
    sendings = engine.claim("w1", now=NOW)
    assert [sending["attempt"] for sending in sendings] == [1, 1]
    assert sendings[0]["fields"]["phone"].startswith("+1312867") and len(sendings[0]["key"]) == 64
    assert engine.claim("w2", now=NOW) == []
    assert engine.delivered(sendings[0]["id"], "accepted", now=NOW)["state"] == "done"
    assert engine.delivered(sendings[0]["id"], "accepted", now=NOW)["replayed"]
    busy = engine.delivered(sendings[1]["id"], {"status": 503, "retry_after": 60}, now=NOW)
    assert busy["state"] == "ready" and busy["retry_at"] >= "2026-11-24T15:31:00.000Z"
    again = engine.claim("w2", now=LATER)[0]
    assert (again["key"], again["attempt"]) == (sendings[1]["key"], 2)
    with pytest.raises(leadwright.OperationError) as refused:
        engine.delivered(sendings[1]["id"], "rejected", now=LATER)
    assert refused.value.code == "delivery.fenced"
    dead = engine.delivered(again["id"], {"class": "auth", "status": 401}, now=LATER)
    assert (dead["state"], dead["dead"]) == ("dead", "auth") and dead["remedy"]
    assert [(row["buyer"], row["state"], row["count"]) for row in engine.outbox()] == [(again["buyer"], "dead", 1)]
    letters = list(engine.deliveries("dead"))
    assert letters == list(engine.deliveries()) == [engine.delivery(again["key"])]
    assert engine.delivery("4711") is None
    for dry_run in (True, False):
        done = engine.redrive(why="auth", by="ann", reason="a new password", dry_run=dry_run, now=LATER)
        assert [one["key"] for one in done["deliveries"]] == [again["key"]]
    assert engine.claim("w1", now=LATER)[0]["attempt"] == 3


def test_what_nobody_knows_is_kept_unless_the_buyer_is_trusted(engine: leadwright.Engine) -> None:
    sell(engine, 1)
    sending = engine.claim("w1", hold="30s", now=NOW)[0]
    assert engine.claim("w2", now=LATER) == []
    assert [row["key"] for row in engine.deliveries("unknown")] == [sending["key"]]
    assert engine.delivered(sending["id"], "accepted", now=LATER)["state"] == "done", "somebody found out"

    lead = {"id": "L9", "source": "web", "phone": "312-867-5399", "zip": "60601"}
    engine.decide(lead, now=LATER)
    first = engine.claim("w1", now=LATER)[0]
    policy = {"no_answer": {first["contract"]: "retry"}}
    assert engine.delivered(first["id"], "unknown", policy=policy, now=LATER)["state"] == "ready"
    assert engine.claim("w1", now="2026-11-24T15:46:00Z")[0]["key"] == first["key"]
    with pytest.raises(leadwright.OperationError):
        engine.claim("w1", policy={"tries": 0}, now=LATER)
    with pytest.raises(leadwright.OperationError):
        list(engine.deliveries("lost"))


def test_threads_get_each_delivery_once(tmp_path: Path) -> None:
    plan = leadwright.Plan.load(REPOSITORY / "vectors/decide/operate.jsonc")
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        sell(engine, 40)

        def work(worker: str) -> list[str]:
            mine: list[str] = []
            while sendings := engine.claim(worker, limit=3, now=NOW):
                for sending in sendings:
                    engine.delivered(sending["id"], "accepted", now=NOW)
                    mine.append(sending["key"])
            return mine

        with ThreadPoolExecutor(4) as pool:
            keys = [key for mine in pool.map(work, ["a", "b", "c", "d"]) for key in mine]
        assert len(keys) == len(set(keys)) == 40
