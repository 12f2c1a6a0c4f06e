"""A lead out of a request."""

from __future__ import annotations

import json

from fastapi import Request
from problems import Problem, of_lead

import leadwright

# What the core takes as one lead; more is not read.
MOST = 64 * 1024
LONGEST_KEY = 255


async def read(request: Request, source: str, schema: str) -> bytes:
    """The lead of a body, under the source whose key came with it, whatever the lead says of itself."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise Problem(413, "a lead has 64 KiB at most")
    ours = {"source": source}
    key = request.headers.get("idempotency-key")
    if key is not None:
        if not 0 < len(key) <= LONGEST_KEY:
            raise Problem(400, "an Idempotency-Key has 1 to 255 characters")
        ours["idempotency_key"] = key
    return under(ours, bytes(body), schema)


def under(ours: dict[str, str], body: bytes, schema: str) -> bytes:
    """The body with our members in front. Of a key that comes twice the core takes the first, and says so.

    The rest goes to the core as it came: a reader in between would drop repeated keys and round numbers.
    """
    theirs = body.removeprefix(b"\xef\xbb\xbf").strip()
    if theirs[:1] != b"{":
        raise of_lead(422, leadwright.validate(body, schema).problems)
    rest = theirs[1:].lstrip()
    return json.dumps(ours).encode()[:-1] + (b"" if rest[:1] == b"}" else b", ") + rest
