"""The call of the legacy that a candidate runs beside."""

from __future__ import annotations

import datetime
import hashlib
from contextvars import ContextVar
from typing import Any, Optional

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Args:
    """What ``adapt_in`` returns where the candidate takes more than one argument."""

    __slots__ = ("args", "kwargs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args: tuple[Any, ...] = args
        self.kwargs: dict[str, Any] = kwargs


class Call:
    """What a candidate may know of the call: ``key``, ``at`` and ``seed``, so that it decides as it was then."""

    __slots__ = ("answering", "at_ms", "key", "rooms")

    def __init__(self, key: str, at_ms: int, answering: bool = False) -> None:
        self.key: str = key
        self.at_ms: int = at_ms
        #: Whether what the candidate says goes to the caller; only then it may write.
        self.answering: bool = answering
        #: Reservations by contract that the legacy took in this call.
        self.rooms: dict[str, str] = {}

    @property
    def at(self) -> str:
        """When the legacy was called, as RFC 3339."""
        return rfc3339(self.at_ms)

    @property
    def seed(self) -> int:
        """The chance of this key: the same whenever it comes, in every language."""
        return int.from_bytes(hashlib.sha256(self.key.encode()).digest()[:6], "big")

    def __repr__(self) -> str:
        return f"<Call at {self.at}>"


CURRENT: ContextVar[Optional[Call]] = ContextVar("leadwright.migrate.call", default=None)


def current() -> Optional[Call]:
    """The call that a candidate or a decide step is in; None elsewhere."""
    return CURRENT.get()


def rfc3339(millis: int) -> str:
    """Milliseconds since 1970 as text."""
    moment = _EPOCH + datetime.timedelta(milliseconds=millis)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{millis % 1000:03d}Z"
