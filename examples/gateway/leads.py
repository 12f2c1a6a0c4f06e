"""A lead out of a request."""

from __future__ import annotations

import decimal
import json
from typing import Any

from fastapi import Request
from problems import Problem, of_lead

import leadwright

# What the core takes as one lead; more is not read.
MOST = 64 * 1024
LONGEST_KEY = 255


async def read(request: Request, source: str, schema: str) -> dict[str, Any]:
    """The lead of a body, under the source whose key came with it, whatever the lead says of itself."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise Problem(413, "a lead has 64 KiB at most")
    lead = parsed(bytes(body), schema)
    key = request.headers.get("idempotency-key")
    if key is not None:
        if not 0 < len(key) <= LONGEST_KEY:
            raise Problem(400, "an Idempotency-Key has 1 to 255 characters")
        lead["idempotency_key"] = key
    return {**lead, "source": source}


def parsed(body: bytes, schema: str) -> dict[str, Any]:
    """JSON, where each key is there once and numbers are what was written. The core has the words for what is none."""
    try:
        lead = json.loads(body, parse_float=decimal.Decimal, parse_constant=_refuse, object_pairs_hook=_once)
        if isinstance(lead, dict):
            return lead
    except (ValueError, RecursionError):
        pass
    raise of_lead(422, leadwright.validate(body, schema).problems)


def _refuse(word: str) -> None:
    raise ValueError("no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a key is there twice")
    return read
