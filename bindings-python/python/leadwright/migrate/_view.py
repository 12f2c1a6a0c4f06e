"""The engine as a candidate has it."""

from __future__ import annotations

from typing import Any

from .._decision import Decision
from .._engine import Engine, Now
from .._errors import LeadwrightError
from .._given import Lead
from ._call import CURRENT
from ._errors import ReadOnlyError

_READS = frozenset(
    ["balances", "breakers", "counts", "deliveries", "delivery", "drift", "errors", "explain", "explain_lead", "metrics", "outbox", "outcome_of",
     "plan_hash", "prepare_batch", "prometheus", "queue", "replay", "report", "request_of", "statement", "statements", "subscribers"]
)  # fmt: skip


class DryRun:
    """An engine that nobody can write with. It decides at the time of the legacy's call and with the chance of its key.

    What only reads is the engine's own; all else is a :class:`ReadOnlyError`.
    """

    __slots__ = ("_engine",)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def dry_run(self, lead: Lead, *, now: Now = None, seed: int = 0) -> Decision:
        """Decides against the state of the store, and writes nothing."""
        call = CURRENT.get()
        if call is not None:
            now, seed = (call.at if now is None else now), (seed or call.seed)
        return self._engine.dry_run(lead, now=now, seed=seed)

    def __getattr__(self, name: str) -> Any:
        if name in _READS:
            return getattr(self._engine, name)
        if not name.startswith("_") and hasattr(Engine, name):
            raise ReadOnlyError(f"`{name}` writes, and the legacy answers: a candidate has `dry_run`", "migrate.read_only")
        raise AttributeError(name)

    def __reduce__(self) -> Any:
        raise LeadwrightError("an engine stays in its process", "engine.closed")
