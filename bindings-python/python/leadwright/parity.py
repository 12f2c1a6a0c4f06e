"""Parity of two systems: which side of a canary a lead is on, what differs between two answers, and the ledger of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Optional, Union

from . import _leadwright
from ._fork import OPEN


def bucket(migration: str, step: str, key: str) -> int:
    """The bucket of a lead in a step, 0 to 9,999: the same in every language and at every time.

    >>> bucket("routing", "validate", "lead-0")
    4422
    """
    return _leadwright.bucket(migration, step, key)


def stage(text: str) -> tuple[str, int]:
    """The name of a stage, and its share in ten-thousandths. Raises :class:`ParityError` for what is none.

    >>> stage("canary 0.25")
    ('canary', 25)
    """
    return _leadwright.Stage.parse(text)


def compare(legacy: Any, candidate: Any, rules: Optional[Mapping[str, Any]] = None) -> dict[str, Any]:
    """The verdict on two answers that JSON can hold: ``verdict``, ``classes`` and ``known``. Nothing is written.

    >>> compare({"city": "AUSTIN"}, {"city": "Austin"})["classes"]
    ['whitespace_or_case']
    """
    seen: dict[str, Any] = {"step": "s", "key": "", "at": "1970-01-01T00:00:00Z", "stage": "verify"}
    seen |= {"legacy": {"value": legacy}, "candidate": {"value": candidate}}
    answer = _leadwright.compare(json.dumps([seen]).encode(), json.dumps(rules or {}).encode())
    verdict: dict[str, Any] = json.loads(answer)[0]
    return verdict


class Parity:
    """The record of a migration, in a SQLite file of its own.

    Nothing is opened before something is written or asked; share it between threads, and use it after ``fork`` too.
    Raises :class:`ParityError` with every mistake of the options.
    """

    __slots__ = ("_native",)

    def __init__(
        self, path: Union[str, os.PathLike[str]], migration: str, options: Union[bytes, Mapping[str, Any]] = b"{}"
    ) -> None:
        given = options if isinstance(options, bytes) else json.dumps(options).encode()
        self._native = _leadwright.Parity(os.fspath(path), migration, given)
        OPEN.add(self._native)

    def record(self, observations: bytes) -> bytes:
        """Compares a JSON list of observations, writes what was found in one transaction, and gives their verdicts."""
        return self._native.record(observations)

    def count(self, counts: bytes) -> None:
        """Adds to the counts of steps."""
        self._native.count(counts)

    def summary(self, step: Optional[str] = None, *, since: Optional[str] = None) -> bytes:
        """What was counted, as JSON."""
        return self._native.summary(step, since)

    def check(self, gate: bytes = b"{}", *, since: Optional[str] = None) -> bytes:
        """Ready or not, as JSON, with each condition of the gate."""
        return self._native.check(gate, since)
