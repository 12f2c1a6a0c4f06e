"""A candidate that fails too often is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections import deque


class Breaker:
    """Opens after 20 failures of the last 100 calls; then one call in 60 s is let through, and if it is well all are."""

    WINDOW, MOST, PAUSE = 100, 20, 60.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: deque[bool] = deque(maxlen=self.WINDOW)
        self._failures = 0
        self._next = 0.0
        self.is_open = False

    def add(self, failed: bool) -> bool:
        """Counts a call; whether it opened or closed by that."""
        with self._lock:
            if self.is_open:
                self.is_open = failed
                return not failed
            if len(self._last) == self.WINDOW:
                self._failures -= self._last[0]
            self._last.append(failed)
            self._failures += failed
            if self._failures < self.MOST:
                return False
            self._trip()
            return True

    def trip(self) -> None:
        """Opens it now: the candidate does not come back."""
        with self._lock:
            self._trip()

    def _trip(self) -> None:
        self._last.clear()
        self._failures = 0
        self._next = time.monotonic() + self.PAUSE
        self.is_open = True

    def admits(self) -> bool:
        """Whether a call may be tried; while it is open, one in a while."""
        if not self.is_open:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return False
            self._next = now + self.PAUSE
            return True
