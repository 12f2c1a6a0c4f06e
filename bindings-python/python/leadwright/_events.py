"""The events: what happened, read under a name whose cursor the store keeps."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any, Optional, Union

from . import _leadwright
from ._lazy import Json

#: So many events are read at once by iterators.
_PAGE = 256

#: So long they wait at the end of the log before they look again, in seconds.
_NAP = 0.1


class Event(Json):
    """A CloudEvent of version 1.0. Its bytes are the core's; members are read when asked for. It names nobody."""

    __slots__ = ("position",)

    def __init__(self, data: bytes, position: int) -> None:
        super().__init__(data)
        self.position: int = position

    @property
    def id(self) -> str:
        """The same whenever the event is read: what comes twice is known by it."""
        return str(self._member("id"))

    @property
    def type(self) -> str:
        """What happened: ``lead.decided.v1``."""
        return str(self._member("type"))

    @property
    def subject(self) -> str:
        """What it is about: a decision, ``contract:…``, ``buyer:…``, ``plan:…``, ``problem:…`` or ``person``."""
        return str(self._member("subject"))

    @property
    def time(self) -> str:
        """When, RFC 3339."""
        return str(self._member("time"))

    @property
    def data(self) -> dict[str, Any]:
        """What it says; ``leadwright.wire`` has the members for each type."""
        return dict(self._member("data"))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self._json, self.position))

    def __repr__(self) -> str:
        return f"<Event {self.position} {self.type} {self.subject}>"


class Subscription:
    """Somebody who reads the events under a name, each at least once and in the order of the log.

    What was not acknowledged comes again when somebody subscribes under the name anew; whoever read under it before gets
    ``events.fenced`` then. One thread reads at a time.

    >>> for event in engine.subscribe("crm", ["lead.assigned.v1"]):  # doctest: +SKIP
    ...     tell(event.data["buyer"], event.id)
    """

    def __init__(self, engine: object, native: _leadwright.Subscription, name: str) -> None:
        # Its events come from the engine's store, which is open as long as the engine is.
        self._engine = engine
        self._native = native
        self._name = name
        #: Events that an iterator has read and nobody has worked off.
        self._ready: deque[Event] = deque()

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    def poll(self, limit: int = 100) -> list[Event]:
        """Up to ``limit`` events after those that were handed out before; none when there are none now."""
        page = [self._ready.popleft() for _ in range(min(limit, len(self._ready)))]
        if len(page) < limit:
            page.extend(self._read(limit - len(page)))
        return page

    def _read(self, limit: int) -> Iterator[Event]:
        return (Event(data, position) for position, data in self._native.poll(limit))

    def ack(self, event: Union[Event, int]) -> None:
        """Says that everything up to an event, or a position, is worked off."""
        self._native.ack(event.position if isinstance(event, Event) else event)

    def seek(self, start: Union[str, int]) -> None:
        """Reads on from ``"start"``, ``"now"`` or the event of a position: the way to read again what was worked off."""
        self._native.seek(str(start))
        self._ready.clear()

    def follow(self, *, timeout: Optional[float] = None) -> Iterator[Event]:
        """Events as they come, waiting for more; ends when none came for ``timeout`` seconds.

        An event is acknowledged when the next one is asked for: one on which the loop was left comes again. Each is then a
        transaction of its own; where many are worked off together, ``poll`` and one ``ack`` cost less.
        """
        waited = 0.0
        while True:
            self._fill()
            while self._ready:
                waited = 0.0
                event = self._ready[0]
                yield event
                self._done(event)
            nap = _nap(waited, timeout)
            if nap is None:
                return
            time.sleep(nap)
            waited += nap

    async def follow_async(self, *, timeout: Optional[float] = None) -> AsyncIterator[Event]:
        """The same for ``async for``: the store is asked in a thread, and the loop goes on meanwhile."""
        # Nobody pays for it who does not wait.
        import asyncio

        waited = 0.0
        while True:
            await asyncio.to_thread(self._fill)
            while self._ready:
                waited = 0.0
                event = self._ready[0]
                yield event
                await asyncio.to_thread(self._done, event)
            nap = _nap(waited, timeout)
            if nap is None:
                return
            await asyncio.sleep(nap)
            waited += nap

    def __iter__(self) -> Iterator[Event]:
        return self.follow()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self.follow_async()

    def _fill(self) -> None:
        if not self._ready:
            self._ready.extend(self._read(_PAGE))

    def _done(self, event: Event) -> None:
        self.ack(event)
        # Meanwhile it may have been polled, or the cursor set elsewhere.
        if self._ready and self._ready[0] is event:
            self._ready.popleft()

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Subscription does not travel: subscribe under the same name where the events are read")

    def __repr__(self) -> str:
        return f"<Subscription {self._name}>"


def _nap(waited: float, timeout: Optional[float]) -> Optional[float]:
    """How long to wait before it looks again; None when it has waited long enough."""
    if timeout is None:
        return _NAP
    left = timeout - waited
    return None if left <= 0 else min(_NAP, left)
