"""What suppliers may rely on."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import spec
from conftest import HERE, KEY
from sources import Bucket

LEAD = {"id": "L1", "name": "ann lee", "phone": "(773) 867-0101", "zip": "60606", "homeowner": "yes"}
Make = Callable[..., Any]


def test_a_lead_is_taken_under_the_source_of_its_key(make: Make) -> None:
    client = make()
    answer = client.post("/leads", json=LEAD, headers=KEY)
    assert answer.status_code == 201
    said = answer.json()
    assert (said["decision"], said["outcome"]) == ("web/L1.1", "assigned")
    assert [problem["code"] for problem in said["problems"]] == ["address.no_street"]
    # Whatever it says of itself.
    for n, name in enumerate(("source", "Source", "SOURCE", "\\u0073ource")):
        body = json.dumps({**LEAD, "id": f"M{n}", "phone": f"(773) 867-020{n}"})[:-1] + f', "{name}": "affil"}}'
        answer = client.post("/leads", content=b"\xef\xbb\xbf " + body.encode(), headers=KEY)
        assert answer.json()["decision"] == f"web/M{n}.1"


@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer nobody"}, {"authorization": "Basic web-key-of-the-example"}])
def test_who_is_not_known_is_turned_away(make: Make, sent: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = make().post("/leads", json=LEAD, headers=sent)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "nobody" not in caplog.text + answer.text and "web-key" not in caplog.text


def test_a_supplier_may_have_two_keys(make: Make) -> None:
    client = make()
    for key in ("affil-key-of-the-example", "affil-key-of-before"):
        assert client.post("/leads", json=LEAD, headers={"authorization": f"bearer {key}"}).status_code == 201


def test_a_bad_lead_has_problems_and_no_values(make: Make) -> None:
    answer = make().post("/leads", json={"phone": "call me at home", "zip": "60606"}, headers=KEY)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()["problems"]
    assert [(problem["code"], problem["path"]) for problem in found] == [("phone.not_a_number", "/phone")]
    assert "call me" not in answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "json.empty_line"),
        (b"[]", "json.not_an_object"),
        (b"{", "json.syntax"),
        (b"{}", "field.missing"),
        (b'{"phone": NaN}', "json.syntax"),
        (b"[" * 60_000, "json.too_deep"),
        (b'{"x":' * 12_000, "json.too_deep"),
        (b'{"phone": "\xff"}', "phone.not_a_number"),
        (b'{"phone": "' + b"7" * 65_520 + b'"}', "limit.lead_bytes"),
    ],
)
def test_what_is_no_lead_has_a_code(make: Make, body: bytes, code: str) -> None:
    answer = make().post("/leads", content=body, headers=KEY)
    assert answer.status_code == 422
    assert code in [problem["code"] for problem in answer.json()["problems"]]


def test_the_same_request_again_gets_the_answer_of_then_also_after_a_restart(make: Make) -> None:
    sent = {**KEY, "idempotency-key": "k1"}
    before = make()
    first = before.post("/leads", json=LEAD, headers=sent)
    again = before.post("/leads", json=LEAD, headers=sent)
    before.app.state.engine.close()
    after = make().post("/leads", json=LEAD, headers=sent)
    assert [first.status_code, again.status_code, after.status_code] == [201, 201, 201]
    assert first.content == again.content == after.content
    assert [it.headers.get("idempotent-replayed") for it in (first, again, after)] == [None, "true", "true"]


@pytest.mark.parametrize("sent", [{**KEY, "idempotency-key": "k1"}, KEY])
def test_the_same_key_or_id_for_another_lead_is_a_conflict(make: Make, sent: dict[str, str]) -> None:
    client = make()
    assert client.post("/leads", json=LEAD, headers=sent).status_code == 201
    other = client.post("/leads", json={**LEAD, "name": "Bo Diaz"}, headers=sent)
    assert other.status_code == 409
    assert other.json()["problems"][0]["code"] in ("lead.idempotency_key_reused", "lead.id_conflict")
    assert client.post("/leads", json=LEAD, headers=sent).status_code == 201


def test_a_lead_that_was_refused_is_refused_again(make: Make) -> None:
    client, sent = make(), {**KEY, "idempotency-key": "k1"}
    answers = [client.post("/leads", json={"phone": "no"}, headers=sent) for _ in range(2)]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].content == answers[1].content


def test_a_key_that_is_too_long_is_told(make: Make) -> None:
    answer = make().post("/leads", json=LEAD, headers={**KEY, "idempotency-key": "k" * 256})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_more_than_a_lead_is_not_read(make: Make) -> None:
    assert make().post("/leads", content=b"x" * 65_537, headers=KEY).status_code == 413


def test_who_sends_too_many_is_told_when_to_come_again(make: Make, tmp_path: Path) -> None:
    slow = json.loads((HERE / "sources.json").read_text())
    slow["affil"] |= {"rate": 0.1, "burst": 2}
    (tmp_path / "sources.json").write_text(json.dumps(slow))
    client, affil = make(tmp_path / "sources.json"), {"authorization": "Bearer affil-key-of-the-example"}
    answers = [client.post("/leads", json=LEAD, headers=affil) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 10
    assert client.post("/leads", json=LEAD, headers=KEY).status_code == 201, "another source is not held up"


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    bucket = Bucket(rate=2, burst=3, clock=lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]
    now[0] = 0.5
    assert [bucket.take(), bucket.take()] == [0, 0.5]
    now[0] = 100
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_lead_is_pinged_and_posted(make: Make) -> None:
    client = make()
    bid = client.post("/ping", json={"zip": "60606"}, headers={"authorization": "Bearer affil-key-of-the-example"}).json()
    assert bid["bid"] == "30.00"
    lead = {**LEAD, "ping_id": bid["ping_id"]}
    posted = client.post("/post", json=lead, headers={"authorization": "Bearer affil-key-of-the-example"}).json()
    assert (posted["ended"], posted["ping"], posted["payout"]) == ("sold", "honoured", "30.00")
    assert "sales" not in posted, "who bought it is not the supplier's business"


def test_whether_it_is_ready_goes_by_the_store(make: Make) -> None:
    client = make()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)
    client.app.state.engine.close()
    assert client.get("/healthz").status_code == 200
    for answer in (client.get("/readyz"), client.post("/leads", json=LEAD, headers=KEY)):
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "engine.closed", "1")


def test_what_is_not_there_is_a_problem_too(make: Make) -> None:
    for answer, status in ((make().get("/none"), 404), (make().get("/leads"), 405)):
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_mistake_of_ours_says_nothing_of_the_lead(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("773 867 0101")

    client = make()
    monkeypatch.setattr("gateway.decided", broken)
    answer = client.post("/leads", json=LEAD, headers=KEY)
    assert (answer.status_code, answer.json()) == (500, {"title": "a mistake of ours", "status": 500})
    assert "RuntimeError in test_gateway.py" in caplog.text and "867" not in caplog.text


def test_two_processes_give_one_answer(plan: Path, tmp_path: Path) -> None:
    """Both are sent the same eight leads at the same moment: each is decided once, and both say the same."""
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as free:
            ports.append(free.getsockname()[1])
    told = {**os.environ, "GATEWAY_PLAN": str(plan), "GATEWAY_STORE": str(tmp_path / "leads.db")}
    words = [sys.executable, "-m", "uvicorn", "app:app", "--log-level", "warning", "--port"]
    processes = [subprocess.Popen([*words, str(port)], cwd=HERE, env=told) for port in ports]
    try:
        for port in ports:
            wait_for(port)

        def send(port: int, n: int, name: str) -> httpx.Response:
            lead = {**LEAD, "id": f"L{n}", "name": name}
            sent = {**KEY, "idempotency-key": f"k{n}"}
            return httpx.post(f"http://127.0.0.1:{port}/leads", json=lead, headers=sent, timeout=30)

        with ThreadPoolExecutor(16) as pool:
            asked = [(n, pool.submit(send, port, n, "Ann Lee")) for n in range(8) for port in ports]
            answers = [(n, answer.result()) for n, answer in asked]
        for n in range(8):
            bodies = {answer.content for of, answer in answers if of == n}
            assert len(bodies) == 1 and json.loads(bodies.pop())["decision"] == f"web/L{n}.1"
        assert sum("idempotent-replayed" in answer.headers for _, answer in answers) == 8
        assert send(ports[1], 0, "Bo Diaz").status_code == 409
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/readyz").raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_the_document_is_what_the_schemas_say() -> None:
    assert json.loads((HERE / "openapi.json").read_text(encoding="utf-8")) == spec.build(), "python spec.py > openapi.json"
