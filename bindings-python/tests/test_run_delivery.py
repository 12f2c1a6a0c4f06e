"""The outbox is worked off by one call, over real sockets."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import leadwright

ANSWERS = [
    {"if": {"/status": "accepted"}, "is": "accepted", "price": "/price"},
    {"if": {"/status": "rejected"}, "is": "rejected", "reason": "/reason"},
]


class Buyers(ThreadingHTTPServer):
    """`/takes` accepts, `/refuses` rejects, `/fails` answers 500 once and then accepts, `/hangs` says nothing for a while."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str, dict[str, Any]]] = []
        self.auth: set[str] = set()

    def count(self) -> Counter[str]:
        return Counter(path for path, _, _ in self.seen)


class Handler(BaseHTTPRequestHandler):
    server: Buyers

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key = self.headers["idempotency-key"]
        again = any(seen == key for _, seen, _ in self.server.seen)
        self.server.seen.append((self.path, key, body))
        self.server.auth.add(self.headers.get("authorization", ""))
        if self.path == "/hangs":
            time.sleep(1)
        status = 500 if self.path == "/fails" and not again else 200
        said = {"status": "accepted", "price": "39.50"}
        if self.path == "/refuses":
            said = {"status": "rejected", "reason": "cap"}
        answer = json.dumps(said if status == 200 else {}).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def buyers() -> Iterator[Buyers]:
    with Buyers() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def engine_of(buyers: Buyers, folder: Path, **states: str) -> leadwright.Engine:
    """Buyers by name: the state that each buys from; the first of a state is asked first."""
    url = f"http://127.0.0.1:{buyers.server_address[1]}"

    def buyer(name: str, state: str, price: int) -> dict[str, Any]:
        sells = {"exclusive": {"price": f"{price}.00"}}
        post = {"to": name, "wait": "300ms"}
        contract = {"in": {"roofing/all": {}}, "where": {"state": state}, "sell": sells, "post": post}
        endpoint = {"url": f"{url}/{name}", "auth": {"bearer": "secret://token"}, "answers": ANSWERS}
        return {"contracts": {f"{name}-1": contract}, "endpoints": {name: endpoint}}

    names = list(states)
    plan = {
        "format": 1,
        "plan": "tiny",
        "currency": "USD",
        "timezone": "America/Chicago",
        "verticals": {"roofing": {"extends": "us/home-services@1"}},
        "sources": {"web": {"verticals": ["roofing"]}},
        "routes": {"roofing": {"groups": [{"id": "all", "select": "price"}], "on_unsold": {"then": "store"}}},
        "buyers": {name: buyer(name, state, 90 - names.index(name)) for name, state in states.items()},
    }
    (folder / "plan.jsonc").write_text(json.dumps(plan))
    return leadwright.Engine(leadwright.Plan.load(folder / "plan.jsonc"), folder / "leads.db")


def sell(engine: leadwright.Engine, count: int, zip: str = "60601") -> None:
    for n in range(count):
        lead = {"id": f"L{zip}-{n}", "source": "web", "phone": f"312-867-53{n:02}", "zip": zip}
        assert engine.decide(lead).outcome == "assigned"


def given(buyers: Buyers) -> dict[str, Any]:
    allow = ["127.0.0.0/8", f"http://127.0.0.1:{buyers.server_address[1]}"]
    return {"allow": allow, "secrets": {"token": "t0ken"}}


def test_what_is_due_is_delivered(buyers: Buyers, tmp_path: Path) -> None:
    with engine_of(buyers, tmp_path, refuses="IL", takes="IL") as engine:
        sell(engine, 5)
        done = engine.run_delivery(4, until_empty=True, **given(buyers))
        assert done["ended"] == {"accepted": 5, "rejected": 5} and done["fell"] == 5 and done["unreported"] == 0
        assert buyers.count() == {"/refuses": 5, "/takes": 5}
        assert buyers.auth == {"Bearer t0ken"}
        assert engine.outbox() == []
        assert engine.run_delivery(until_empty=True, **given(buyers))["ended"] == {}


def test_a_failure_is_survived_and_what_nobody_knows_is_kept(buyers: Buyers, tmp_path: Path) -> None:
    with engine_of(buyers, tmp_path, fails="IL", hangs="TX", takes="TX") as engine:
        sell(engine, 1)
        sell(engine, 1, "75201")
        stop = threading.Event()
        result: dict[str, Any] = {}

        def work() -> None:
            result.update(engine.run_delivery(stop=stop, **given(buyers)))

        thread = threading.Thread(target=work)
        thread.start()
        until = time.monotonic() + 20
        while [row["state"] for row in engine.outbox()] != ["unknown"] and time.monotonic() < until:
            time.sleep(0.05)
        stop.set()
        thread.join(10)
        assert not thread.is_alive()
        assert result["ended"] == {"accepted": 1, "unavailable": 1, "unknown": 1} and result["fell"] == 0
        assert len({key for path, key, _ in buyers.seen if path == "/fails"}) == 1, "the same key"
        assert buyers.count()["/takes"] == 0, "an exclusive lead of which nobody knows is nobody else's"


def test_secrets_may_be_a_function_and_have_to_be_there(buyers: Buyers, tmp_path: Path) -> None:
    with engine_of(buyers, tmp_path, takes="IL") as engine:
        sell(engine, 1)
        allow = given(buyers)["allow"]
        wrong: list[Any] = [None, {}, lambda name: None, lambda name: 1 / 0]
        for secrets in wrong:
            with pytest.raises(leadwright.LeadwrightError) as refused:
                engine.run_delivery(until_empty=True, allow=allow, secrets=secrets)
            assert refused.value.code == "input.bad_option"
        with pytest.raises(leadwright.LeadwrightError):
            engine.run_delivery(until_empty=True, allow=["nonsense"], secrets={"token": "t"})
        done = engine.run_delivery(until_empty=True, allow=allow, secrets=lambda name: {"token": "other"}.get(name))
        assert done["ended"] == {"accepted": 1} and buyers.auth == {"Bearer other"}


def test_a_stop_that_raises_ends_it(buyers: Buyers, tmp_path: Path) -> None:
    with engine_of(buyers, tmp_path, takes="IL") as engine:
        calls = []

        def stop() -> bool:
            calls.append(1)
            if len(calls) > 3:
                raise KeyboardInterrupt
            return False

        with pytest.raises(KeyboardInterrupt):
            engine.run_delivery(stop=stop, **given(buyers))


@pytest.mark.skipif(os.name == "nt", reason="signals are otherwise there")
def test_ctrl_c_is_heard(buyers: Buyers, tmp_path: Path) -> None:
    # Whoever runs the tests in the background has Ctrl-C ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with engine_of(buyers, tmp_path, takes="IL") as engine:
        timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            engine.run_delivery(**given(buyers))
        sell(engine, 1)
        assert engine.run_delivery(until_empty=True, **given(buyers))["ended"] == {"accepted": 1}
    signal.signal(signal.SIGINT, before)


def test_a_host_sends_with_its_own_client(buyers: Buyers, tmp_path: Path) -> None:
    with engine_of(buyers, tmp_path, takes="IL") as engine:
        sell(engine, 2)
        first, second = engine.claim("w1", posts=True)
        request = engine.request_of(first, secrets={"token": "t0ken"})
        assert request["url"].endswith("/takes") and request["wait_ms"] == 300
        assert ("Authorization", "Bearer t0ken") in request["headers"]
        assert json.loads(request["body"])["phone"].startswith("+1312867")
        outcome = engine.outcome_of(first, 200, body=b'{"status":"accepted","price":"39.50"}', took_ms=12)
        assert (outcome["class"], outcome["price"], outcome["took_ms"]) == ("accepted", "39.50", 12)
        assert engine.delivered(first["id"], outcome)["state"] == "done"
        busy = engine.outcome_of(second, 429, {"Retry-After": "30"})
        assert (busy["class"], busy["retry_after"]) == ("rate_limited", 30)
        assert engine.request_of(second) == {"class": "not_sent", "says": "`takes`: there is no secret `token`"}


def test_a_callback_is_verified() -> None:
    secret = "whsec_c2VjcmV0IGtleQ=="
    assert leadwright.verify_webhook([secret], {"webhook-id": "k1"}, b"{}") is None
