"""A call on its way through a step, and what either side said."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Optional

from .._leadwright import Snapshot, to_json
from ._call import Call
from ._ledger import plain

if TYPE_CHECKING:
    from ._step import Step

MOST_ITEMS = 1_000
"""Items of a generator that are compared; one that has more is not."""


class Said:
    """What one side said: a value, or the class of what it raised, or nothing in time."""

    __slots__ = ("late", "ns", "raised", "value")

    def __init__(self, ns: int, value: Any = None, raised: Optional[str] = None, late: bool = False) -> None:
        self.ns, self.value, self.raised, self.late = ns, value, raised, late

    @property
    def failed(self) -> bool:
        return self.late or self.raised is not None

    def json(self, read: Callable[[Any], Any]) -> bytes:
        if self.late:
            return b'{"timeout":true}'
        if self.raised is not None:
            return b'{"raised":' + to_json(self.raised) + b"}"
        return b'{"value":' + to_json(plain(read(self.value))) + b"}"


class Job:
    """A call of the legacy, on its way through a step."""

    __slots__ = (
        "abandoned", "answered", "arguments", "asks", "call", "candidate", "decision", "items", "judged", "legacy", "noise",
        "seen", "size", "stage", "started", "step",
    )  # fmt: skip

    def __init__(self, step: Step, stage: str, call: Call, arguments: Snapshot) -> None:
        self.step = step
        self.stage = stage
        self.call = call
        self.arguments = arguments
        self.asks = False
        self.answered = "legacy"
        self.noise = False
        self.legacy: Optional[Said] = None
        self.candidate: Optional[Said] = None
        self.items = MOST_ITEMS
        self.size = arguments.size
        #: It hung, and was written down as that.
        self.abandoned = False
        #: The breaker knows already.
        self.judged = False
        #: Of a decide step: what the legacy did, and what the engine decided.
        self.seen: dict[str, Any] = {}
        self.decision: Any = None
        self.started = time.perf_counter_ns()

    @property
    def seconds(self) -> float:
        return self.step.deadline

    def elapsed(self) -> int:
        return time.perf_counter_ns() - self.started

    def work(self) -> None:
        try:
            self.step.work(self)
        except BaseException:
            self.step.count("failures")
            raise

    def abandon(self) -> None:
        """It hangs, and with it its thread. What it says later is not heard."""
        self.step.abandoned(self)


class Ended(Exception):
    """A candidate said what ends a program."""


def name_of(error: BaseException) -> str:
    return str(error) if isinstance(error, Ended) else type(error).__name__
