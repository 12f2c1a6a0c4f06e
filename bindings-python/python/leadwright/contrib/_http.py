"""What the helpers of web frameworks have in common: a lead out of a body, and errors as RFC 9457 has them."""

from __future__ import annotations

from typing import Any, Union
from urllib.parse import parse_qsl

from .._errors import InputError, LeadwrightError
from .._messages import Messages
from .._validate import Validation

#: What the core takes as one lead; more is not read.
MOST = 64 * 1024

MEDIA_TYPE = "application/problem+json"

#: After so many seconds the same request may be sent again.
AGAIN = 1


def lead_of(body: bytes, kind: str) -> Union[bytes, dict[str, str]]:
    """The lead in a body. JSON goes to the core as it came: a reader in between would drop repeated keys and round numbers."""
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return body


def too_long() -> dict[str, Any]:
    """Told of a body that is longer than a lead may be."""
    return _problem(413, "limit.lead_bytes", "A lead has 64 KiB at most.")


def invalid(validation: Validation, messages: Messages) -> dict[str, Any]:
    """Told of a lead that is not valid: its problems with words for people, no value."""
    problems = [{**problem, "message": messages.of(problem)} for problem in validation.problems]
    return {**_problem(422, "lead.invalid", "The lead is not valid."), "problems": problems}


def failed(error: LeadwrightError) -> dict[str, Any]:
    """Told of a call that failed: its code, and its words where they are about what the client sent."""
    if error.retryable:
        return _problem(503, error.code, "Send it again in a moment; nothing is done twice.")
    if isinstance(error, InputError):
        return _problem(413 if error.code.startswith("limit.") else 400, error.code, str(error))
    return _problem(500, error.code, "Something is wrong on our side.")


def headers(problem: dict[str, Any]) -> dict[str, str]:
    """The headers beside it."""
    return {"Retry-After": str(AGAIN)} if problem["status"] == 503 else {}


def _problem(status: int, code: str, title: str) -> dict[str, Any]:
    return {"type": f"urn:leadwright:{code}", "title": title, "status": status, "code": code}
