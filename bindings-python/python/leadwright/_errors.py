"""Why a call failed as a whole. A bad lead is never an error: it is a decision with problems."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple, Optional

from ._log import told


class Issue(NamedTuple):
    """Something a check found in a plan."""

    code: str
    severity: str
    file: str
    line: int
    column: int
    path: str
    message: str
    expected: Optional[str] = None
    suggestion: Optional[str] = None
    span: Optional[dict[str, int]] = None
    """Which bytes of the file: ``start`` and ``end``."""
    fix: Optional[dict[str, Any]] = None
    """What would mend it: ``safe``, and ``edits`` with ``span`` and ``text``."""
    witness: Optional[dict[str, Any]] = None
    """A lead that shows it, with the lists it is on, and what happens to it."""


#: What passes by itself: the same call again may succeed, and does nothing twice. ``vectors/domain/errors.json`` says why.
_RETRYABLE = {"engine.busy", "store.busy", "store.commit_unknown", "store.lease_over", "store.unreachable"}


class LeadwrightError(Exception):
    """What every error of the package is. ``code`` is stable, the words may change; neither holds a value of a lead."""

    def __init__(self, message: str, code: str = "internal.error") -> None:
        super().__init__(message)
        self.code = code

    @property
    def retryable(self) -> bool:
        """Whether the same call again, in a moment, may succeed. It then does nothing twice."""
        return self.code in _RETRYABLE

    def to_dict(self) -> dict[str, Any]:
        """For logs and answers: ``code``, ``message``, ``retryable``, and of a plan its ``issues``."""
        return {"code": self.code, "message": str(self), "retryable": self.retryable}

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (str(self), self.code), self.__dict__)


class PlanError(LeadwrightError):
    """A plan that cannot be decided by; ``issues`` holds everything that was found."""

    issues: list[Issue] = []

    def to_dict(self) -> dict[str, Any]:
        """With ``issues`` as dicts."""
        return {**super().to_dict(), "issues": [issue._asdict() for issue in self.issues]}


class StoreError(LeadwrightError):
    """The store could not be opened, read or written; ``retryable`` where that may pass: it is busy, or out of reach."""


class ListError(LeadwrightError):
    """A suppression list that cannot be opened, made, written, or given to the engine."""


class InputError(LeadwrightError, ValueError):
    """An argument of a call is wrong, or larger than a call takes."""


class OperationError(LeadwrightError):
    """An operation that is not understood, that the plan does not permit, or about a lead that does not wait."""


class ReplayError(LeadwrightError):
    """A decision cannot be decided again."""


class EventsError(LeadwrightError):
    """Events cannot be read under this name any more."""


class ParityError(LeadwrightError):
    """Rules, stages, gates or observations of a migration that are not understood."""


class EngineError(LeadwrightError):
    """The engine cannot be used as it was."""


class InternalError(LeadwrightError):
    """A mistake of leadwright itself."""


# Where they are imported from, and so what tracebacks and pickles call them.
for _kind in (LeadwrightError, *LeadwrightError.__subclasses__()):
    _kind.__module__ = "leadwright"

_KINDS = {
    "plan": PlanError,
    "store": StoreError,
    "list": ListError,
    "input": InputError,
    "limit": InputError,
    "prepared": InputError,
    "replay": ReplayError,
    "operation": OperationError,
    "queue": OperationError,
    "delivery": OperationError,
    "engine": EngineError,
    "events": EventsError,
    "parity": ParityError,
    "criteria": PlanError,
    "rows": PlanError,
}


def issues_of(text: str) -> list[Issue]:
    """Issues from their JSON."""
    return issues_from(json.loads(text))


def issues_from(read: Iterable[dict[str, Any]]) -> list[Issue]:
    """Issues from what their JSON says."""
    known = Issue._fields
    return [Issue(**{key: value for key, value in issue.items() if key in known}) for issue in read]


def make(code: str, message: str, issues: str) -> LeadwrightError:
    """The exception for a code; the native half calls it."""
    error = _KINDS.get(code.split(".")[0], InternalError)(message, code)
    told(error)
    if isinstance(error, PlanError):
        error.issues = issues_of(issues)
    return error
