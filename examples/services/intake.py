"""Takes leads: looks at each, keeps it, and answers. It knows neither buyers nor the store.

    uvicorn intake:app --port 8080
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import inbox
import settings
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

import leadwright

SCHEMA = "us/home-services@1"
MOST = 64 * 1024
log = logging.getLogger("intake")
SOURCES: dict[str, str] = json.loads(Path(settings.SOURCES).read_text())


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    app.state.inbox = await inbox.connect(settings.INBOX, settings.NAME)
    yield
    await app.state.inbox.close()


app = FastAPI(lifespan=life)


@app.post("/leads")
async def take(request: Request) -> JSONResponse:
    """202 means: it is on disk, and will be decided."""
    source = source_of(request.headers.get("authorization", ""))
    if source is None:
        return problem(401, "the key is missing or unknown")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            return problem(413, "a lead has 64 KiB at most")
    # The core reads the bytes: repeated keys and broken JSON are problems with a code.
    (checked,) = leadwright.validate_many([bytes(body)], SCHEMA)
    if not checked.valid:
        return problem(422, "the lead is no good", problems=checked.problems)
    # Whose it is, the key says, and not the lead.
    ours = {"source": source}
    id = checked.id
    if id is None and "idempotency-key" in request.headers:
        id = ours["id"] = request.headers["idempotency-key"]
    if id is None:
        return problem(400, "give the lead an `id`, or the request an Idempotency-Key")
    message = under(ours, bytes(body))
    try:
        await app.state.inbox.put(f"{source}/{id}/{hashlib.sha256(message).hexdigest()[:16]}", message)
    except Exception as error:
        # Its words may hold a lead. Nothing was promised: the same request again is the same lead.
        log.warning("a lead was not kept: %s", type(error).__name__)
        return problem(503, "try again")
    return JSONResponse({"lead": f"{source}/{id}"}, 202)


@app.get("/healthz")
async def healthz() -> dict[str, bool]:
    return {"ok": True}


def under(ours: dict[str, str], body: bytes) -> bytes:
    """A lead with our members in front: of a key that comes twice the core takes the first. The rest stays as it came."""
    return json.dumps(ours).encode()[:-1] + b", " + body.strip().removeprefix(b"\xef\xbb\xbf").lstrip()[1:]


def source_of(authorization: str) -> str | None:
    """Whose key it is. Every key is compared, each in the same time."""
    given = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    found = [source for source, known in SOURCES.items() if hmac.compare_digest(given, known)]
    return found[0] if found else None


def problem(status: int, title: str, **more: Any) -> JSONResponse:
    """RFC 9457. Problems of a lead have codes, paths and shapes, and never a value."""
    return JSONResponse({"title": title, "status": status, **more}, status, media_type="application/problem+json")
