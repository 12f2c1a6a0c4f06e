"""What is put is handed out until it is done, by each of the four."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path

import inbox
import pytest
from conftest import server

KINDS = ["sqlite", "postgres", "nats", "redis"]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    match request.param:
        case "sqlite":
            yield f"sqlite:{tmp_path / 'inbox.db'}"
        case "postgres":
            yield request.getfixturevalue("database")
        case kind:
            yield server(f"LEADWRIGHT_TEST_{kind.upper()}")


def test_a_lead_is_handed_out_until_it_is_done(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = url.split(":")[0].replace("postgresql", "postgres")
    monkeypatch.setattr(f"inbox.{kind}.HOLD", 1)
    asyncio.run(told(url, f"t{uuid.uuid4().hex[:12]}"))


async def told(url: str, name: str) -> None:
    ours, theirs = await inbox.connect(url, name), await inbox.connect(url, name)
    for n in range(5):
        await ours.put(f"web/L{n}/x", f"lead {n}".encode())
    first = await all_of(theirs, 3)
    assert [lead for _, lead in first] == [b"lead 0", b"lead 1", b"lead 2"]
    rest = await all_of(ours, 2)
    assert [lead for _, lead in rest] == [b"lead 3", b"lead 4"], "what one has, nobody else gets"
    await ours.done([token for token, _ in rest])
    # The others were never done, as after a crash.
    again = await all_of(ours, 3, seconds=5)
    assert [lead for _, lead in again] == [b"lead 0", b"lead 1", b"lead 2"]
    await ours.done([token for token, _ in again])
    await asyncio.sleep(1.2)
    assert await ours.take(10) == [] and await theirs.take(10) == []
    await ours.close()
    await theirs.close()


async def all_of(leads: inbox.Inbox, count: int, seconds: float = 2) -> list[tuple[object, bytes]]:
    """So many, in however many takes."""
    found: list[tuple[object, bytes]] = []
    async with asyncio.timeout(seconds):
        while len(found) < count:
            found += await leads.take(count - len(found))
    return found


def test_what_is_no_inbox_is_told() -> None:
    with pytest.raises(ValueError, match="one of sqlite:, postgres:, nats: and redis:"):
        asyncio.run(inbox.connect("kafka://localhost"))
