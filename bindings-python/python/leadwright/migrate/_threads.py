"""Threads for what may never come back: the candidate. None of them keeps a process from ending."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, Optional, TypeVar

T = TypeVar("T")
Raised = Optional[BaseException]


class Late(Exception):
    """Who was asked has not answered in time."""


class Busy(Exception):
    """Too many are asked already, and none of them answers."""


class _Asked:
    __slots__ = ("context", "done", "error", "function", "then", "value")

    def __init__(self, function: Callable[[], Any], then: Optional[Callable[[], None]]) -> None:
        self.function = function
        self.context = copy_context()
        self.done = threading.Lock()
        self.done.acquire()
        self.then = then
        self.value: Any = None
        self.error: Raised = None

    def answer(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


class Seats:
    """Threads that answer within a time, or are left behind until they do."""

    MOST = 64

    def __init__(self) -> None:
        self._idle: deque[SimpleQueue[_Asked]] = deque()
        self._lock = threading.Lock()
        self._threads = 0

    def ask(self, function: Callable[[], T], seconds: float) -> T:
        """What the function says; :class:`Late` after so many seconds, :class:`Busy` where all threads hang."""
        asked = _Asked(function, None)
        self._seat().put(asked)
        if not asked.done.acquire(timeout=seconds):
            raise Late
        answer: T = asked.answer()
        return answer

    async def ask_async(self, function: Callable[[], T], seconds: Optional[float]) -> T:
        """The same without holding up the event loop; without a time it is waited for."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def then() -> None:
            try:
                loop.call_soon_threadsafe(done.set)
            except RuntimeError:
                pass  # The loop is closed: nobody waits any more.

        asked = _Asked(function, then)
        self._seat().put(asked)
        try:
            await asyncio.wait_for(done.wait(), seconds)
        except (asyncio.TimeoutError, TimeoutError):
            raise Late from None
        answer: T = asked.answer()
        return answer

    def _seat(self) -> SimpleQueue[_Asked]:
        try:
            return self._idle.pop()
        except IndexError:
            pass
        with self._lock:
            if self._threads >= self.MOST:
                raise Busy
            self._threads += 1
        inbox: SimpleQueue[_Asked] = SimpleQueue()
        try:
            threading.Thread(target=self._sit, args=(inbox,), name="leadwright-candidate", daemon=True).start()
        except BaseException:
            with self._lock:
                self._threads -= 1
            raise
        return inbox

    def _sit(self, inbox: SimpleQueue[_Asked]) -> None:
        while True:
            asked = inbox.get()
            try:
                asked.value = asked.context.run(asked.function)
            except BaseException as error:
                asked.error = error
            self._idle.append(inbox)
            asked.done.release()
            if asked.then is not None:
                asked.then()
            del asked


class Loop:
    """An event loop for candidates that are asynchronous: one that blocks holds up nobody but its own kind."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="leadwright-candidate-loop", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Waits for a coroutine on this loop, and cancels it when it is late."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except (TimeoutError, concurrent.futures.TimeoutError):
            if future.done():
                raise  # The candidate's own.
            raise Late from None
        finally:
            future.cancel()
