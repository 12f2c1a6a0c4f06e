"""Answers that are no success, as RFC 9457 has them: ``application/problem+json``."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse


class Problem(Exception):
    """What a caller did wrong, or what we cannot do now. Its members go out: none holds a value of a lead."""

    def __init__(self, status: int, title: str, *, headers: dict[str, str] | None = None, **members: Any) -> None:
        super().__init__(title)
        self.status, self.title, self.headers, self.members = status, title, headers, members

    def answer(self) -> JSONResponse:
        said = {"title": self.title, "status": self.status, **self.members}
        return JSONResponse(said, self.status, self.headers, media_type="application/problem+json")


def of_lead(status: int, problems: list[dict[str, Any]]) -> Problem:
    """What is wrong with a lead: codes, paths and shapes."""
    rejected = [problem for problem in problems if problem["action"] == "rejected"]
    return Problem(status, "the lead is not taken", problems=rejected or problems)
