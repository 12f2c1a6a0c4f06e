"""The contracts are those of leadwright, and each side keeps to them."""

from __future__ import annotations

import json
from typing import Any

import contracts
import jsonschema
import pytest
from conftest import HERE
from fastapi.testclient import TestClient

NAMES = sorted(path.stem for path in (HERE / "events").glob("*.json"))
DOCUMENT = json.loads((HERE / "asyncapi.json").read_text(encoding="utf-8"))


def read(name: str) -> Any:
    return json.loads((HERE / "events" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_document_is_what_the_schemas_say() -> None:
    assert DOCUMENT == contracts.asyncapi(), "python contracts.py"


def test_the_golden_events_are_what_the_engine_tells() -> None:
    told = contracts.golden()
    assert sorted(told) == NAMES, "python contracts.py"
    for name, event in told.items():
        assert event == read(name), "python contracts.py"


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_event_fits_its_message(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    schema = {**message["payload"], "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    event = read(name)
    validator.validate(event)
    # A check that takes everything would say nothing.
    without = {key: value for key, value in event.items() if key not in ("type", "source")}
    assert not validator.is_valid(without)


class Kept:
    """An inbox that remembers what was put."""

    def __init__(self) -> None:
        self.put_: list[tuple[str, bytes]] = []

    async def put(self, key: str, lead: bytes) -> None:
        if b"away" in lead:
            raise OSError(lead)
        self.put_.append((key, lead))

    async def close(self) -> None:
        pass


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Intake, and what it puts."""
    import inbox
    from intake import app

    kept = Kept()

    async def connect(url: str, name: str) -> Kept:
        return kept

    monkeypatch.setattr(inbox, "connect", connect)
    with TestClient(app) as client:
        yield client, kept


KEY = {"authorization": "Bearer web-key-of-the-example"}


def test_intake_sends_what_decide_is_promised(intake: Any) -> None:
    client, kept = intake
    golden = read("lead.received")
    lead = {name: value for name, value in golden.items() if name != "source"}
    answer = client.post("/leads", json={**lead, "source": "affil"}, headers=KEY)
    assert (answer.status_code, answer.json()) == (202, {"lead": "web/L1"})
    assert [json.loads(lead) | {"source": "web"} for _, lead in kept.put_] == [golden]
    # Of a key that comes twice the core takes the first; what it says of its source is not heard.
    assert kept.put_[0][1].startswith(b'{"source": "web", ')
    # The same lead has the same key, another one under its id has not.
    client.post("/leads", json={**lead, "source": "affil"}, headers=KEY)
    client.post("/leads", json={**lead, "name": "Bo Diaz"}, headers=KEY)
    keys = [key for key, _ in kept.put_]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("body", "sent", "status"),
    [
        (b'{"id": "L1", "phone": "773-867-0101"}', {}, 401),
        (b'{"id": "L1", "phone": "call me"}', KEY, 422),
        (b'{"phone": "773-867-0101"}', KEY, 400),
        (b'{"phone": "773-867-0101"}', {**KEY, "idempotency-key": "k1"}, 202),
        (b'{"phone": "773-867-0101", "id": 7, "comments": "\xff"}', KEY, 202),
        (b'{"phone": "773-867-0101", "id": "away"}', KEY, 503),
        (b"[" * 60_000, KEY, 422),
        (b"x" * 65_537, KEY, 413),
    ],
)
def test_intake_says_what_is_wrong(
    intake: Any, body: bytes, sent: dict[str, str], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    client, kept = intake
    answer = client.post("/leads", content=body, headers=sent)
    assert answer.status_code == status and "call me" not in answer.text and "867" not in caplog.text
    assert answer.headers["content-type"] == ("application/json" if status < 400 else "application/problem+json")
    assert len(kept.put_) == (status == 202)
