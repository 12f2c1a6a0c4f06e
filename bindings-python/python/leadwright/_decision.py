"""Decisions, and the other answers of an engine about leads."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Union

from ._lazy import Answer
from ._plan import Plan
from ._validate import Key, key_bytes

Receipt = tuple[int, str, bool]


class Decision(Answer):
    """The complete answer about one lead. Its bytes are the core's; members are read when asked for."""

    __slots__ = ("durability", "replayed", "seq")

    seq: int
    durability: str
    replayed: bool

    def __init__(self, data: bytes, receipt: Receipt) -> None:
        super().__init__(data)
        self.seq, self.durability, self.replayed = receipt

    @property
    def id(self) -> str:
        """``<source>/<lead>.<n>``."""
        return str(self._member("id"))

    @property
    def outcome(self) -> str:
        """rejected, suppressed, duplicate, assigned, unmatched, unsold, queued or test."""
        return str(self._member("outcome"))

    @property
    def observed(self) -> bool:
        """Whether another system decided, and this is what it did."""
        return bool(self.to_dict().get("observed", False))

    @property
    def assignments(self) -> list[dict[str, Any]]:
        """Who got it: buyer, contract, group, sale, price, state and delivery key."""
        return list(self._member("assignments"))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong with the lead."""
        return list(self._member("problems"))

    @property
    def canonical(self) -> dict[str, Any]:
        """The canonical lead. Personal data."""
        return dict(self._member("canonical"))

    @property
    def quality(self) -> Optional[dict[str, Any]]:
        """How good the lead looks, ``score`` and ``reasons``; None where nothing speaks against it."""
        quality = self.to_dict().get("quality")
        return None if quality is None else dict(quality)

    @property
    def lists(self) -> dict[str, Any]:
        """What each suppression list said; without those that could hold nothing of the lead."""
        return dict(self.to_dict().get("lists", {}))

    @property
    def overrides(self) -> dict[str, Any]:
        """What operations had changed about contracts whose criteria were met, by contract and by what they set."""
        return dict(self.to_dict().get("overrides", {}))

    @property
    def trace(self) -> dict[str, Any]:
        """Why: the funnel, an entry for each contract whose criteria were met, the groups."""
        return dict(self._member("trace"))

    def redacted(self, plan: Plan) -> Decision:
        """The same decision as others may see it who must not see the lead. ``plan`` knows the class of each field."""
        return self._shown(plan._native.redact(self.json, "redacted", None))

    def hashed(self, plan: Plan, key: Key) -> Decision:
        """The same with keyed hashes in place of the lead's values. The key has 16 bytes or more."""
        return self._shown(plan._native.redact(self.json, "hashed", key_bytes(key)))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self._json, (self.seq, self.durability, self.replayed)))

    def _shown(self, data: bytes) -> Decision:
        return Decision(data, (self.seq, self.durability, self.replayed))

    def __repr__(self) -> str:
        return f"<Decision {self.id} {self.outcome}>"


class Observed(NamedTuple):
    """What was taken down of a lead of another system."""

    #: The decision that says what the other system did.
    told: Decision
    #: What would have been decided here, where that was asked for; nothing of it is recorded.
    ours: Optional[Decision]


class LineError(Answer):
    """The answer to a line of a batch that was no lead: blank, or too long."""

    __slots__ = ()

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong."""
        return list(self._member("problems"))


def answers(given: list[tuple[bytes, Optional[Receipt]]]) -> list[Union[Decision, LineError]]:
    """The answers to the lines of a batch."""
    return [LineError(data) if receipt is None else Decision(data, receipt) for data, receipt in given]


def id_of(decision: Union[str, Decision]) -> str:
    """The id of a decision that is named or given."""
    return decision if isinstance(decision, str) else decision.id
