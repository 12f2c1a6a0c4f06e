"""The way in for suppliers: keys, limits, idempotent answers, problems with codes. Other processes deliver the leads."""

import logging
import math
import os
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import leads
from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from problems import Problem, of_lead
from sources import Source, Sources
from starlette.exceptions import HTTPException

import leadwright

HERE = Path(__file__).parent
SCHEMA = "us/home-services@1"
log = logging.getLogger("gateway")
#: Problems that say that a request contradicts an earlier one.
CONFLICTS = {"lead.id_conflict", "lead.idempotency_key_reused"}


def service(
    plan: str | Path, store: str | Path, sources: str | Path, *, allow: list[str] = [], within: float = 2.0
) -> FastAPI:
    """The app. ``allow`` is for buyers inside of your network, ``within`` how long a supplier waits for `/post`."""
    engine = leadwright.Engine(leadwright.Plan.load(plan), store)
    buyers = leadwright.Buyers(secrets=_secret, allow=allow)
    known = Sources(sources)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.engine = engine

    def supplier(request: Request) -> Source:
        """Whose request it is, if it may come now."""
        source = known.of(request.headers.get("authorization"))
        if source is None:
            raise Problem(401, "the key is missing or unknown", headers={"WWW-Authenticate": "Bearer"})
        if wait := source.bucket.take():
            raise Problem(429, "too many requests", headers={"Retry-After": str(math.ceil(wait))})
        return source

    async def lead(request: Request, source: Annotated[Source, Depends(supplier)]) -> bytes:
        return await leads.read(request, source.name, SCHEMA)

    Lead = Annotated[bytes, Depends(lead)]

    @app.post("/leads")
    async def take(lead: Lead) -> JSONResponse:
        """Decided and recorded; the outbox delivers it. The same request again gets the answer of then: the store knows it,
        also after a restart and from another process."""
        return decided(await asked(engine.decide, lead))

    @app.post("/ping")
    async def ping(lead: Lead) -> JSONResponse:
        """What the supplier would get."""
        told = await asked(partial(engine.ping, buyers=buyers), lead)
        return shown(told, "ping_id", "bid", "currency", "expires", "because")

    @app.post("/post")
    async def post(lead: Lead) -> JSONResponse:
        """Placed while the supplier waits, for what was bid or more."""
        told = await asked(partial(engine.post, buyers=buyers, within=within), lead)
        return shown(told, "decision", "ended", "payout", "currency", "ping", "because")

    @app.get("/healthz")
    async def healthz() -> dict[str, bool]:
        """The process answers."""
        return {"ok": True}

    @app.get("/readyz")
    async def readyz() -> dict[str, bool]:
        """The store answers."""
        await asked(engine.subscribers)
        return {"ok": True}

    @app.get("/openapi.json")
    async def openapi() -> FileResponse:
        return FileResponse(HERE / "openapi.json")

    app.exception_handler(Problem)(_problem)
    app.exception_handler(HTTPException)(_no_such_thing)
    app.middleware("http")(_nothing_else)
    return app


async def asked(what: Callable[..., Any], *lead: bytes) -> Any:
    """Asks the engine in a thread. What it cannot do now may be tried again, with the same key."""
    try:
        return await run_in_threadpool(what, *lead)
    except leadwright.InputError as error:
        raise Problem(400, "the request is not understood", code=error.code) from None
    except (leadwright.StoreError, leadwright.EngineError) as error:
        raise Problem(503, "try again", headers={"Retry-After": "1"}, code=error.code) from None


def shown(told: dict[str, Any], *names: str) -> JSONResponse:
    """What is the supplier's business. Who buys its leads is not."""
    return JSONResponse({name: told[name] for name in names if name in told})


def decided(decision: leadwright.Decision) -> JSONResponse:
    """The answer follows from the bytes of the decision alone, and so it is the same each time."""
    again = {"Idempotent-Replayed": "true"} if decision.replayed else {}
    if decision.outcome == "rejected":
        codes = {problem["code"] for problem in decision.problems if problem["action"] == "rejected"}
        problem = of_lead(409 if codes & CONFLICTS else 422, decision.problems)
        problem.headers = again
        raise problem
    money = decision.to_dict().get("money", {})
    said = {
        "decision": decision.id, "outcome": decision.outcome, "payout": money.get("payout"),
        "currency": money.get("currency"), "problems": decision.problems,
    }  # fmt: skip
    return JSONResponse({name: value for name, value in said.items() if value is not None}, 201, again)


def _secret(name: str) -> str | None:
    """A secret of the plan: `secret://summit` is the variable LEADWRIGHT_SECRET_SUMMIT."""
    return os.environ.get("LEADWRIGHT_SECRET_" + "".join(sign if sign.isalnum() else "_" for sign in name).upper())


async def _problem(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem.answer()


async def _no_such_thing(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Problem(error.status_code, error.detail, headers=dict(error.headers or {})).answer()


async def _nothing_else(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """A mistake of ours is told as one. Its message might hold a lead: the log has its kind and its place."""
    try:
        return await call(request)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s in %s:%s", type(error).__name__, Path(frame.filename).name, frame.lineno)
        return Problem(500, "a mistake of ours").answer()
