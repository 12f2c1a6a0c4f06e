"""Who may send leads, and how many: a file with the hashes of keys. The keys themselves are nowhere here."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Bucket:
    """A token bucket: ``burst`` requests at once, and ``rate`` a second on the average."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _has: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._has, self._at = self.burst, self.clock()

    def take(self) -> float:
        """Takes a token: 0, or in how many seconds there is one."""
        now = self.clock()
        self._has = min(self.burst, self._has + (now - self._at) * self.rate)
        self._at = now
        if self._has >= 1:
            self._has -= 1
            return 0.0
        return (1 - self._has) / self.rate


@dataclass
class Source:
    """One of them. Two keys at a time let a supplier change theirs."""

    name: str
    keys: list[str]
    bucket: Bucket


class Sources:
    """Those of a file: ``{"web": {"keys": ["sha256:…"], "rate": 50, "burst": 100}}``. Each process has buckets of its own."""

    def __init__(self, path: str | Path) -> None:
        read = json.loads(Path(path).read_text())
        self._all = [Source(name, it["keys"], Bucket(it["rate"], it["burst"])) for name, it in read.items()]

    def of(self, authorization: str | None) -> Source | None:
        """Whose key ``Bearer …`` is. Hashes are compared, all of them and each in the same time.

        A fast hash will do, for keys are made by chance and long: ``secrets.token_urlsafe(32)``.
        """
        scheme, _, key = (authorization or "").partition(" ")
        given = "sha256:" + hashlib.sha256(key.encode()).hexdigest()
        keys = [(source, key) for source in self._all for key in source.keys]
        found = [source for source, known in keys if hmac.compare_digest(given, known)]
        return found[0] if found and scheme.lower() == "bearer" else None
