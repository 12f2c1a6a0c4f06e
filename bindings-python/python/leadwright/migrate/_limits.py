"""The limits step: before the old app sells, it takes the room from our caps. Then there is one authority over them,
whoever sells, at any share of a canary."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

from .._engine import Engine
from ..parity import bucket
from ._call import CURRENT

IN_FORCE = ("primary", "done")
COUNTS = ("calls", "held", "refused", "would_refuse", "confirmed", "released", "failures")


class Room:
    """What became of asking for room. ``held`` says whether the old app may sell."""

    __slots__ = ("held", "key", "reserved", "sold", "why")

    def __init__(self, key: str, held: bool, reserved: bool, why: Optional[dict[str, Any]]) -> None:
        self.key: str = key
        self.held: bool = held
        #: Whether there is a reservation of this key.
        self.reserved: bool = reserved
        #: What is in the way, as ``reserve_external`` says it.
        self.why: Optional[dict[str, Any]] = why
        #: Set it to false where the room was not used after all.
        self.sold: bool = held

    def __repr__(self) -> str:
        return f"<Room {'held' if self.held else 'refused'}>"


class Limits:
    """The step ``limits`` of a migration. In ``shadow`` it reserves and never refuses; in ``canary`` it refuses for a share
    of the keys; in ``primary`` and ``done`` it is in force."""

    def __init__(self, migration: str, name: str, engine: Engine) -> None:
        self.name = name
        self.stage = ("off", 10_000)
        self.killed = False
        self._migration = migration
        self._engine = engine
        self.anew()

    def anew(self) -> None:
        """In the child of a fork: nothing counted yet."""
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(COUNTS, 0)

    @property
    def in_force(self) -> bool:
        """Whether every sale of the old app has room, or is not made."""
        return self.stage[0] in IN_FORCE and not self.killed

    @contextmanager
    def room(self, contract: str, key: str, **options: Any) -> Iterator[Room]:
        """Room for one sale: confirmed at the end, given back where something is raised or ``sold`` is set to false."""
        if self.killed or self.stage[0] == "off":
            yield Room(key, True, False, None)
            return
        call = CURRENT.get()
        room = self._taken(contract, key, call, options)
        if room.reserved and call is not None:
            call.rooms[contract] = key
        try:
            yield room
        except BaseException:
            self._close(room, False)
            raise
        self._close(room, room.sold)

    def _taken(self, contract: str, key: str, call: Any, options: dict[str, Any]) -> Room:
        self._count("calls")
        try:
            answer = self._engine.reserve_external(contract, key, **options)
        except Exception:
            # The old app sold before there were any limits of ours, and goes on when they cannot be asked.
            self._count("failures")
            return Room(key, True, False, None)
        # The same key twice is the same room.
        if answer.get("state") in ("held", "confirmed"):
            self._count("held")
            return Room(key, True, True, None)
        binds = self._binds(key if call is None else call.key)
        self._count("refused" if binds else "would_refuse")
        return Room(key, not binds, False, answer.get("why"))

    def _binds(self, key: str) -> bool:
        name, share = self.stage
        return name in IN_FORCE or (name == "canary" and bucket(self._migration, self.name, key) < share)

    def _close(self, room: Room, sold: bool) -> None:
        if not room.reserved:
            return
        try:
            if sold:
                self._engine.confirm_external(room.key)
                self._count("confirmed")
            else:
                self._engine.release_external(room.key)
                self._count("released")
        except Exception:
            # What was sold was sold; a reservation that nobody closes is over with its hold.
            self._count("failures")

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def counters(self) -> dict[str, int]:
        """What was counted in this process."""
        with self._lock:
            return dict(self._counts)
