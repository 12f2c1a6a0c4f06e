"""Buyers bid and take leads while the supplier waits, over real sockets."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import leadwright

LEAD = {"id": "L1", "source": "web", "phone": "312-867-5309", "zip": "60601"}


class Market(ThreadingHTTPServer):
    """`/bids/ping` bids 50, `/low/ping` bids 30, `/hangs/ping` says nothing; `/refuses/post` refuses, all others take."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Market
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append(self.path)
        _, name, kind = self.path.split("/")
        if name == "hangs":
            time.sleep(1)
        said: dict[str, Any] = {"ok": name != "refuses"}
        if kind == "ping":
            said = {"buy": True, "price": "30.00" if name == "low" else "50.00"}
        answer = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def market() -> Iterator[Market]:
    server = Market()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def engine_of(market: Market, names: list[str], store: Path) -> leadwright.Engine:
    bids = [{"if": {"/buy": True}, "is": "bid", "price": "/price"}]
    takes = [{"if": {"/ok": True}, "is": "accepted"}, {"if": {"/ok": False}, "is": "rejected"}]

    def buyer(name: str) -> dict[str, Any]:
        contract = {
            "in": {"roofing/all": {}},
            "sell": {"exclusive": {"bid": {"min": "5.00", "max": "90.00"}}},
            "ping": {"to": f"{name}-ping", "send": ["zip"], "wait": "400ms"},
            "post": {"to": f"{name}-post", "wait": "400ms"},
        }
        endpoints = {
            f"{name}-ping": {"url": f"{market.url}/{name}/ping", "answers": bids},
            f"{name}-post": {"url": f"{market.url}/{name}/post", "answers": takes},
        }
        return {"contracts": {f"{name}-1": contract}, "endpoints": endpoints}

    plan = {
        "format": 1,
        "plan": "tiny",
        "currency": "USD",
        "timezone": "America/Chicago",
        "verticals": {"roofing": {"extends": "us/home-services@1"}},
        "sources": {"web": {"verticals": ["roofing"], "payout": {"percent_of_price": 50}, "answers": {"sold": "OK {{ payout }}"}}},
        "routes": {"roofing": {"groups": [{"id": "all", "select": "price"}], "on_unsold": {"then": "store"}}},
        "buyers": {name: buyer(name) for name in names},
    }
    path = store / "plan.jsonc"
    path.write_text(json.dumps(plan))
    return leadwright.Engine(leadwright.Plan.load(path), store / "leads.db")


def buyers_of(market: Market) -> leadwright.Buyers:
    return leadwright.Buyers(allow=["127.0.0.0/8", market.url])


def test_the_best_bid_in_time_gets_the_lead(market: Market, tmp_path: Path) -> None:
    with engine_of(market, ["bids", "hangs", "low"], tmp_path) as engine:
        told = engine.submit(LEAD, buyers_of(market), within=5)
        assert (told["ended"], told["sales"][0]["buyer"], told["payout"]) == ("sold", "bids", "25.00")
        assert told["response"] == 'OK "25.00"'
        auction = engine.explain(told["decision"])["decision"]["trace"]["groups"][0]["auction"]
        assert [bid["is"] for bid in auction] == ["bid", "timeout", "bid"]


def test_who_refuses_is_followed_by_the_next_one(market: Market, tmp_path: Path) -> None:
    with engine_of(market, ["low", "refuses"], tmp_path) as engine:
        told = engine.submit(LEAD, buyers_of(market), within=5)
        assert (told["ended"], told["sales"][0]["price"]) == ("sold", "30.00")
        assert [path for path in market.seen if path.endswith("post")] == ["/refuses/post", "/low/post"]


def test_what_was_bid_is_what_the_supplier_gets(market: Market, tmp_path: Path) -> None:
    with engine_of(market, ["bids"], tmp_path) as engine:
        buyers = buyers_of(market)
        pinged = engine.ping({"source": "web", "zip": "60601"}, buyers)
        assert pinged["bid"] == "25.00"
        assert engine.ping({"source": "web", "zip": "60601"}, buyers) == pinged
        told = engine.post({**LEAD, "ping_id": pinged["ping_id"]}, buyers)
        assert (told["ping"], told["payout"]) == ("honoured", "25.00")
        assert market.seen == ["/bids/ping", "/bids/post"]


def test_what_is_wrong_is_said(market: Market, tmp_path: Path) -> None:
    with pytest.raises(leadwright.LeadwrightError):
        leadwright.Buyers(allow=["nonsense"])
    with engine_of(market, ["bids"], tmp_path) as engine:
        with pytest.raises(ValueError):
            engine.submit(LEAD, buyers_of(market), within=0)
        told = engine.submit({"source": "nobody"}, buyers_of(market))
        assert told["ended"] == "rejected" and "lead.unknown_source" in told["because"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_buyers_outlive_a_fork(market: Market, tmp_path: Path) -> None:
    engine, buyers = engine_of(market, ["bids"], tmp_path), buyers_of(market)
    assert engine.submit(LEAD, buyers, within=5)["ended"] == "sold"
    child = os.fork()
    if child == 0:
        ended = engine.submit({**LEAD, "id": "L2", "phone": "312-867-5310"}, buyers, within=5)["ended"]
        os._exit(0 if ended == "sold" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert engine.submit({**LEAD, "id": "L3", "phone": "312-867-5311"}, buyers, within=5)["ended"] == "sold"
    engine.close()
