"""What is counted of a step in one process."""

from __future__ import annotations

import threading
from typing import Any

#: Upper bounds of latencies in microseconds.
BOUNDS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)

COUNTS = (
    "dropped", "skipped_breaker", "recorded", "matched", "known", "mismatched", "legacy_errors", "candidate_errors",
    "timeouts", "answered", "fallbacks", "observed", "unobserved", "sold_without_room", "failures",
)  # fmt: skip


class Counted:
    """Numbers by name, and how long both sides took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(COUNTS, 0)
        self._latency: dict[str, list[int]] = {side: [0] * (len(BOUNDS) + 1) for side in ("legacy", "candidate")}

    def count(self, name: str) -> None:
        """One more of these."""
        with self._lock:
            self._counts[name] += 1

    def latency(self, side: str, ns: int) -> None:
        """How long a side took."""
        micros = ns / 1_000
        at = next((at for at, bound in enumerate(BOUNDS) if micros <= bound), len(BOUNDS))
        with self._lock:
            self._latency[side][at] += 1

    def counts(self) -> dict[str, int]:
        """The numbers as they are now."""
        with self._lock:
            return dict(self._counts)

    def latencies(self) -> dict[str, Any]:
        """Upper bounds, and how many were not above each and above the one before."""
        with self._lock:
            rows = {side: list(row) for side, row in self._latency.items()}
        return {f"{side}_micros": [[bound, n] for bound, n in zip([*BOUNDS, None], row)] for side, row in rows.items()}
