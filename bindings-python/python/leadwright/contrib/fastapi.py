"""FastAPI: a dependency that hands on valid leads, and errors as ``application/problem+json``.

.. code-block:: python

    app = FastAPI()
    answer_problems(app)
    Lead = Annotated[Validation, Depends(valid_lead("us/home-services@1"))]

    @app.post("/leads", status_code=201)
    async def take(lead: Lead) -> dict[str, Any]:
        decision = await engine.decide(lead.canonical | {"source": "web"})
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from .._errors import LeadwrightError
from .._messages import Messages
from .._validate import Validation, validate
from . import _http

__all__ = ["ProblemError", "answer_problems", "body_of", "valid_lead"]


class ProblemError(Exception):
    """A request is answered with this problem, as RFC 9457 has it."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["code"])
        self.problem = problem


def answer_problems(app: FastAPI) -> None:
    """Answers problems of requests with ``application/problem+json``: 422 for a lead that is not valid, 413 for one that is too
    long, 503 with ``Retry-After`` where the same request may be sent again, 500 for what is wrong on our side, with its code alone.
    """

    async def problem(request: Request, error: Exception) -> JSONResponse:
        said = error.problem if isinstance(error, ProblemError) else _http.failed(_leadwright_error(error))
        return JSONResponse(said, said["status"], _http.headers(said), _http.MEDIA_TYPE)

    app.add_exception_handler(ProblemError, problem)
    app.add_exception_handler(LeadwrightError, problem)


def valid_lead(
    schema: str, messages: Messages = Messages(), **options: Any
) -> Callable[[Request], Awaitable[Validation]]:
    """A dependency that hands on what :func:`leadwright.validate` makes of the body: JSON, or a form.

    ``messages`` are your words for problems; the other options are those of :func:`leadwright.validate`.
    """

    async def dependency(request: Request) -> Validation:
        body = await body_of(request)
        validation = validate(_http.lead_of(body, request.headers.get("content-type", "")), schema, **options)
        if not validation.valid:
            raise ProblemError(_http.invalid(validation, messages))
        return validation

    return dependency


async def body_of(request: Request) -> bytes:
    """The body, as long as it is no longer than a lead may be."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _http.MOST:
            raise ProblemError(_http.too_long())
    return bytes(body)


def _leadwright_error(error: Exception) -> LeadwrightError:
    assert isinstance(error, LeadwrightError)
    return error
