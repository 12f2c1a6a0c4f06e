"""A FastAPI dependency: a lead that is not valid is answered 422, with its problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

import leadwright

# What the core takes as one lead; more is not read.
MOST = 64 * 1024


def valid_lead(
    schema: str, messages: leadwright.Messages = leadwright.Messages(), **options: Any
) -> Callable[[Request], Awaitable[leadwright.Validation]]:
    """A dependency that hands on what ``leadwright.validate`` makes of the body: JSON, or a form.

    ``messages`` are your words for problems; the other options are those of ``leadwright.validate``.
    """

    async def dependency(request: Request) -> leadwright.Validation:
        body = await read(request)
        # The bytes go to the core as they came: a reader in between would drop repeated keys and round numbers.
        lead: Any = body
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            lead = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        validation = leadwright.validate(lead, schema, **options)
        if not validation.valid:
            problems = [{**problem, "message": messages.of(problem)} for problem in validation.problems]
            raise HTTPException(422, detail=problems)
        return validation

    return dependency


async def read(request: Request) -> bytes:
    """The body, as long as it is no longer than a lead may be."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise HTTPException(413, detail="a lead has 64 KiB at most")
    return bytes(body)
