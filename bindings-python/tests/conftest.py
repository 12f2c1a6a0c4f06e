"""What the tests share: the repository's vectors, its example, and the command that was built beside the package."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import leadwright

REPOSITORY = Path(__file__).resolve().parents[2]
NOW = "2026-11-24T23:05:00Z"

TINY = """{
  "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": "IL" },
    "caps": { "day": 2 }, "sell": { "exclusive": { "price": "40.00" } } } } } }
}"""


def lead(number: int, **fields: Any) -> dict[str, Any]:
    """A lead that acme-il wants."""
    phone = f"312-867-{5300 + number}"
    return {"id": f"L{number}", "source": "web", "phone": phone, "zip": "60601", **fields}


def split(text: str) -> dict[str, str]:
    """The members of a JSON object as they are written."""
    decoder, at = json.JSONDecoder(), text.index("{") + 1
    members: dict[str, str] = {}
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \n\r\t,"))
        if text[at] == "}":
            return members
        key, at = decoder.raw_decode(text, at)
        at = text.index(":", at) + 1
        at += len(text[at:]) - len(text[at:].lstrip())
        _, end = decoder.raw_decode(text, at)
        members[key] = text[at:end]
        at = end


def items(text: str) -> list[str]:
    """The items of a JSON array as they are written."""
    wrapped = "{" + ",".join(f'"{n}":{item}' for n, item in enumerate(_items(text))) + "}"
    return list(split(wrapped).values())


def _items(text: str) -> Iterator[str]:
    decoder, at = json.JSONDecoder(), 1
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \n\r\t,"))
        if text[at] == "]":
            return
        _, end = decoder.raw_decode(text, at)
        yield text[at:end]
        at = end


def compact(text: str) -> str:
    """JSON without the white space between its tokens."""
    out, in_text, escaped = [], False, False
    for letter in text:
        if in_text or not letter.isspace():
            out.append(letter)
        if letter == '"' and not escaped:
            in_text = not in_text
        escaped = in_text and letter == "\\" and not escaped
    return "".join(out)


def vectors(kind: str) -> list[Any]:
    """The golden vectors of a kind, each under its file's name."""
    paths = sorted((REPOSITORY / "vectors" / kind).glob("*.json"))
    assert paths, f"there are no vectors of the kind {kind}"
    return [pytest.param(split(path.read_text("utf-8")), id=path.stem) for path in paths]


def example_leads() -> list[bytes]:
    """The 10,000 raw leads of the example, one a line."""
    with gzip.open(REPOSITORY / "examples/home-services/leads.jsonl.gz") as file:
        return file.read().splitlines()


def command() -> list[str]:
    """The command line: the one that was built beside the package, else the package's own."""
    built = os.environ.get("LEADWRIGHT_COMMAND")
    if built is None:
        pytest.skip("LEADWRIGHT_COMMAND is not set: `cargo xtask test` sets it to the command that it built")
    return [built]


@pytest.fixture
def plan(tmp_path: Path) -> leadwright.Plan:
    path = tmp_path / "plan.jsonc"
    path.write_text(TINY)
    return leadwright.Plan.load(path)
