"""What is told to ``logging``, under ``leadwright``: names, codes and numbers, never a value of a lead, and no place of a store.

Nothing is printed unless the host sets its logging up. ``docs/python.md`` lists the lines.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Optional, TypeVar

if TYPE_CHECKING:
    from ._decision import Decision
    from ._errors import LeadwrightError
    from ._plan import Plan

_Answer = TypeVar("_Answer")

LOG = logging.getLogger("leadwright")
LOG.addHandler(logging.NullHandler())


def opened(plan: Plan, tenant: str, store: Optional[str]) -> None:
    """An engine is open."""
    kind = "memory" if store is None else "PostgreSQL" if store.startswith(("postgres:", "postgresql:")) else "SQLite"
    LOG.info("decides by plan %s (%s) for tenant %s, store: %s", plan.name, plan.hash, tenant, kind)


def swapped(plan: Plan) -> None:
    """An engine has another plan."""
    LOG.info("decides by plan %s (%s) now", plan.name, plan.hash)


def decided(decision: Decision) -> None:
    """A lead was decided. Its id is read only where somebody listens."""
    if LOG.isEnabledFor(logging.DEBUG):
        LOG.debug("decided %s: %s%s", decision.id, decision.outcome, " (as before)" if decision.replayed else "")


def batch(answers: list[_Answer]) -> list[_Answer]:
    """Many leads were decided."""
    LOG.debug("decided a batch of %d", len(answers))
    return answers


def delivered(done: Mapping[str, Any]) -> None:
    """Deliveries were worked off."""
    LOG.info("deliveries ended: %s", done.get("ended"))


def told(error: LeadwrightError) -> None:
    """A call fails. What it says is for whoever catches it; here is its code."""
    extra = {"code": error.code}
    if error.code == "internal.error":
        # It names a place in our code, and no data.
        LOG.error("%s", error, extra=extra)
    elif error.retryable:
        LOG.warning("%s: the call may be made again", error.code, extra=extra)
    else:
        LOG.debug("%s was raised", error.code, extra=extra)
