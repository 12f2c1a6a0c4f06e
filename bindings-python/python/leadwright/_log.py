"""What is told to ``logging``, under ``leadwright``: names, codes and numbers, never a value of a lead, and no place of a store.

Nothing is printed unless the host sets its logging up. ``docs/python.md`` lists the lines. ``logging`` is not imported here, for that
takes a fifth of the time of ``import leadwright``: as long as nobody has imported it nobody listens.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Optional, TypeVar

if TYPE_CHECKING:
    from logging import Logger

    from ._decision import Decision
    from ._errors import LeadwrightError
    from ._plan import Plan

_Answer = TypeVar("_Answer")

_DEBUG = 10
_known: Optional[Logger] = None


def _log() -> Optional[Logger]:
    """Our logger, where there is somebody who could listen."""
    global _known
    if _known is None:
        logging = sys.modules.get("logging")
        # Another thread may be in the middle of importing it.
        if logging is None or not hasattr(logging, "NullHandler"):
            return None
        log: Logger = logging.getLogger("leadwright")
        log.addHandler(logging.NullHandler())
        _known = log
    return _known


def opened(plan: Plan, tenant: str, store: Optional[str]) -> None:
    """An engine is open."""
    if not (log := _log()):
        return
    kind = "memory" if store is None else "PostgreSQL" if store.startswith(("postgres:", "postgresql:")) else "SQLite"
    log.info("decides by plan %s (%s) for tenant %s, store: %s", plan.name, plan.hash, tenant, kind)


def swapped(plan: Plan) -> None:
    """An engine has another plan."""
    if log := _log():
        log.info("decides by plan %s (%s) now", plan.name, plan.hash)


def decided(decision: Decision) -> None:
    """A lead was decided. Its id is read only where somebody listens."""
    if (log := _log()) and log.isEnabledFor(_DEBUG):
        log.debug("decided %s: %s%s", decision.id, decision.outcome, " (as before)" if decision.replayed else "")


def batch(answers: list[_Answer]) -> list[_Answer]:
    """Many leads were decided."""
    if log := _log():
        log.debug("decided a batch of %d", len(answers))
    return answers


def delivered(done: Mapping[str, Any]) -> None:
    """Deliveries were worked off."""
    if log := _log():
        log.info("deliveries ended: %s", done.get("ended"))


def told(error: LeadwrightError) -> None:
    """A call fails. What it says is for whoever catches it; here is its code."""
    if not (log := _log()):
        return
    extra = {"code": error.code}
    if error.code == "internal.error":
        # It names a place in our code, and no data.
        log.error("%s", error, extra=extra)
    elif error.retryable:
        log.warning("%s: the call may be made again", error.code, extra=extra)
    else:
        log.debug("%s was raised", error.code, extra=extra)
