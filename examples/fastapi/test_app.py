"""The example over ASGI itself, as a server would call it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from app import app


def post(*parts: bytes, kind: str = "application/json") -> tuple[int, Any]:
    """The status and the JSON of an answer to a body that comes in parts."""
    headers = [(b"content-type", kind.encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/leads", "raw_path": b"/leads", "query_string": b"", "root_path": "", "headers": headers,
        "server": ("localhost", 8000), "client": ("localhost", 1),
    }
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent[1:]))


def test_a_good_lead_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = post(b'{"phone": "(312) 867-', b'5309", "zip": "60601"}')
    assert (status, answer["state"]) == (201, "IL")
    assert [problem["code"] for problem in answer["warnings"]] == ["address.no_street"]
    printed = capsys.readouterr().out
    assert "+*********09" in printed and "8675309" not in printed


def test_a_form_is_a_lead_too() -> None:
    status, answer = post(b"Phone=%28312%29+867-5309&zip=60601&email=", kind="application/x-www-form-urlencoded; charset=utf-8")
    assert (status, answer["state"]) == (201, "IL")


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b'{"phone": "call me", "zip": "60601"}', ["phone.not_a_number"]),
        (b'{"phone": "312-867-5309"}', ["field.missing"]),
        (b"[]", ["json.not_an_object"]),
        (b"{", ["json.syntax"]),
        (b"", ["json.empty_line"]),
    ],
)
def test_a_bad_lead_is_answered_with_its_problems(body: bytes, codes: list[str]) -> None:
    status, answer = post(body)
    assert status == 422
    assert [problem["code"] for problem in answer["problems"] if problem["action"] == "rejected"] == codes
    assert "call me" not in json.dumps(answer)


def test_problems_are_told_in_own_words() -> None:
    _, answer = post(b'{"phone": "call me"}')
    assert [problem["message"] for problem in answer["problems"]] == ["Please give a phone number.", "Please fill in zip."]


def test_more_than_a_lead_is_not_read() -> None:
    assert post(*[b"x" * 8_192] * 9)[0] == 413
