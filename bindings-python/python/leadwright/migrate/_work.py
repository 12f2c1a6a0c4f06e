"""The background of a process: one thread that works jobs off, one that looks after it and reads the stages."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Optional, Protocol

from .._leadwright import Backlog
from ._threads import Loop, Seats

MOST_JOBS = 1024
MOST_BYTES = 16 << 20
EXIT_SECONDS = 2.0
TICK = 1.0


class Job(Protocol):
    """Something to be done after the caller has gone on."""

    size: int

    def work(self) -> None: ...

    def abandon(self) -> None: ...

    @property
    def seconds(self) -> float: ...


class Kept(Protocol):
    """A migration, as the background knows it."""

    def tick(self) -> None: ...

    def written(self, seconds: float) -> bool: ...

    def forked(self) -> None: ...


class _Worker:
    """A thread and what it works on. One that hangs is left behind with its job."""

    def __init__(self) -> None:
        self.job: Optional[Job] = None
        self.since = 0.0
        self.left = False


class Background:
    """What one process has of it. Born with the first call that needs it, after every fork anew."""

    #: So many threads may hang in candidates; then nothing more is worked off.
    MOST_LEFT = 4

    def __init__(self) -> None:
        self.backlog = Backlog(MOST_JOBS, MOST_BYTES)
        self.seats = Seats()
        self._queue: SimpleQueue[Job] = SimpleQueue()
        self._lock = threading.Lock()
        self._left = 0
        self._loop: Optional[Loop] = None
        self._worker = _Worker()
        self._start(self._work, self._worker, "leadwright-migrate")
        self._start(self._watch, None, "leadwright-migrate-watch")

    @staticmethod
    def _start(target: Callable[[Any], None], given: Any, name: str) -> None:
        threading.Thread(target=target, args=(given,), name=name, daemon=True).start()

    def put(self, job: Job) -> bool:
        """Takes a job; false where there is no room, and then it is dropped."""
        if not self.backlog.enter(job.size):
            return False
        self._queue.put(job)
        return True

    def loop(self) -> Loop:
        """The event loop of candidates."""
        with self._lock:
            if self._loop is None:
                self._loop = Loop()
            return self._loop

    def _work(self, me: _Worker) -> None:
        while True:
            job = self._queue.get()
            me.since = time.monotonic()
            me.job = job
            try:
                job.work()
            except BaseException:
                pass  # A job says itself what went wrong with it; what is left has nobody to hear it.
            with self._lock:
                me.job = None
                if me.left:
                    self._left -= 1
                    return
            self.backlog.leave(job.size)
            del job
            if self._queue.empty():
                self._write(EXIT_SECONDS)

    def _write(self, seconds: float) -> bool:
        done = True
        for migration in list(_MIGRATIONS):
            try:
                done &= migration.written(seconds)
            except Exception:
                done = False
        return done

    def _watch(self, _: None) -> None:
        while True:
            time.sleep(TICK)
            for migration in list(_MIGRATIONS):
                try:
                    migration.tick()
                except Exception:
                    continue
            self._replace_who_hangs()

    def _replace_who_hangs(self) -> None:
        with self._lock:
            worker, job = self._worker, self._worker.job
            if job is None or time.monotonic() - worker.since < max(job.seconds * 2, TICK) or self._left >= self.MOST_LEFT:
                return
            worker.left = True
            self._left += 1
            self._worker = _Worker()
        try:
            job.abandon()
        finally:
            self.backlog.leave(job.size)
            self._start(self._work, self._worker, "leadwright-migrate")

    def flush(self, seconds: float) -> bool:
        """Waits until all jobs are done and written; whether they are."""
        end = time.monotonic() + seconds
        while self.backlog.held()[0]:
            if time.monotonic() >= end:
                return False
            time.sleep(0.002)
        return self._write(max(end - time.monotonic(), 0.0))


_MIGRATIONS: weakref.WeakSet[Kept] = weakref.WeakSet()
_LOCK = threading.Lock()
_BACKGROUND: Optional[Background] = None


def register(migration: Kept) -> None:
    """A migration whose stages are to be read."""
    _MIGRATIONS.add(migration)


def background() -> Background:
    """That of this process."""
    global _BACKGROUND
    if _BACKGROUND is not None:
        return _BACKGROUND
    with _LOCK:
        if _BACKGROUND is None:
            _BACKGROUND = Background()
            _at_exit_of_children()
        return _BACKGROUND


def flush(seconds: float) -> bool:
    """Waits for the background, where there is one."""
    return _BACKGROUND is None or _BACKGROUND.flush(seconds)


def _at_exit() -> None:
    flush(EXIT_SECONDS)
    for migration in list(_MIGRATIONS):
        migration.tick()


def _at_exit_of_children() -> None:
    """A child of multiprocessing ends without `atexit`."""
    util: Any = sys.modules.get("multiprocessing.util")
    parent = getattr(sys.modules.get("multiprocessing.process"), "parent_process", lambda: None)
    if util is not None and parent() is not None:
        util.Finalize(None, _at_exit, exitpriority=100)


def _in_child() -> None:
    global _BACKGROUND, _LOCK
    _BACKGROUND, _LOCK = None, threading.Lock()
    for migration in list(_MIGRATIONS):
        migration.forked()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
