"""What is written about a step: pairs with their verdict, and counts. The comparing is done by the core."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import os
import threading
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional, Union

from .._lazy import Json
from ..parity import Parity

BATCH = 64
"""Pairs of one transaction at most."""

_COUNTED = (
    "calls", "sampled_out", "dropped", "unsnapshotable", "skipped_breaker", "legacy_errors", "candidate_errors", "timeouts",
)  # fmt: skip


class Known(NamedTuple):
    """A difference that is meant, with who says so and until when."""

    id: str
    reason: str
    owner: str
    expires: Union[str, datetime.date]
    #: A class of differences; all where there is none.
    cls: Optional[str] = None
    #: A JSON Pointer with ``*``; everywhere where there is none.
    path: Optional[str] = None

    def rule(self) -> dict[str, str]:
        """As the core reads it."""
        rule = {"id": self.id, "reason": self.reason, "owner": self.owner, "expires": str(self.expires)}
        return rule | {name: text for name, text in (("class", self.cls), ("path", self.path)) if text is not None}


class Verdict(NamedTuple):
    """What the core says of a pair."""

    verdict: str
    classes: list[str]
    known: list[str]


class Ledger:
    """A file of pairs, opened in the process that uses it."""

    def __init__(self, path: str, migration: str, key: Optional[str], values: bool, ids: bool) -> None:
        self._path = path
        self._migration = migration
        self._options = {"values": values, "ids": ids, **({} if key is None else {"key": key})}
        self._steps: dict[str, Any] = {}
        self._told: dict[str, dict[str, int]] = {}
        self.values = values
        self.anew()

    def anew(self) -> None:
        """In the child of a fork: nothing of the parent's is in use."""
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counting = threading.Lock()
        self._native: Optional[Parity] = None
        self._pending: list[tuple[Any, bytes]] = []
        self._told = {}
        self.failures: int = 0

    def add_step(self, step: str, rules: Mapping[str, Any]) -> None:
        """Rules of one more step; all that is wrong with them is said now."""
        steps = {**self._steps, step: rules}
        native = self._opened(steps)
        with self._lock:
            self._steps, self._native = steps, native

    def _opened(self, steps: Mapping[str, Any]) -> Parity:
        return Parity(self._path, self._migration, {**self._options, "steps": steps})

    def parity(self) -> Parity:
        """The native half."""
        with self._lock:
            if self._native is None:
                self._native = self._opened(self._steps)
            return self._native

    def add(self, step: Any, observation: bytes) -> None:
        """Keeps a pair until there are enough for a transaction, or until :meth:`write`."""
        with self._lock:
            self._pending.append((step, observation))
            if len(self._pending) < BATCH:
                return
        self.write()

    def write(self, seconds: float = 2.0) -> bool:
        """Writes what waits; whether nothing waits any more. A ledger that cannot be written costs its pairs, and nobody else
        anything."""
        if not self._writing.acquire(timeout=seconds):
            return False
        try:
            with self._lock:
                pending, self._pending = self._pending, []
            if pending:
                self._write(pending)
            return True
        finally:
            self._writing.release()

    def _write(self, pending: list[tuple[Any, bytes]]) -> None:
        try:
            verdicts = self.record([observation for _, observation in pending])
        except Exception:
            self.failures += len(pending)
            return
        for (step, _), verdict in zip(pending, verdicts):
            step.tell(verdict)

    def record(self, observations: Iterable[bytes]) -> list[Verdict]:
        """Writes pairs now; their verdicts."""
        answer = json.loads(self.parity().record(b"[" + b",".join(observations) + b"]"))
        return [Verdict(one["verdict"], one.get("classes", []), one.get("known", [])) for one in answer]

    def count(self, counters: Mapping[str, Mapping[str, Any]]) -> None:
        """Adds what was counted since the last time."""
        with self._counting:
            self._count(counters)

    def _count(self, counters: Mapping[str, Mapping[str, Any]]) -> None:
        more: dict[str, dict[str, int]] = {}
        for step, now in counters.items():
            told = self._told.get(step, {})
            grown = {name: now[name] - told.get(name, 0) for name in _COUNTED}
            if any(grown.values()):
                more[step] = grown
        if not more:
            return
        try:
            self.parity().count(json.dumps(more).encode())
        except Exception:
            self.failures += 1
            return
        self._told = {step: {name: now[name] for name in _COUNTED} for step, now in counters.items()}

    def summary(self, step: Optional[str]) -> Any:
        """All that the file says."""
        self.write()
        return json.loads(self.parity().summary(step))

    def check(self, gate: Mapping[str, Any]) -> Any:
        """Whether a gate is passed."""
        self.write()
        return json.loads(self.parity().check(json.dumps(gate).encode()))


def plain(value: Any) -> Any:
    """An answer as values that have a JSON."""
    if isinstance(value, Json):
        return value.to_dict()
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def path_of(ledger: Union[str, os.PathLike[str]]) -> str:
    """The file's path, also after the app went to another folder."""
    return os.path.abspath(os.fspath(ledger))
