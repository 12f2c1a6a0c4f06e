"""Forks: a connection that is open in the middle of one would be open in two processes that do not know of each other."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Union

from . import _leadwright

#: What a fork waits for.
OPEN: weakref.WeakSet[Union[_leadwright.Engine, _leadwright.Parity]] = weakref.WeakSet()


class _Resting(threading.local):
    """What the fork of this thread put to rest: two threads may be about to fork, and each wakes only its own."""

    def __init__(self) -> None:
        self.engines: list[_leadwright.Resting] = []


_resting = _Resting()


def _before_fork() -> None:
    _resting.engines.extend(resting for engine in list(OPEN) if (resting := engine.rest()) is not None)


def _after_fork() -> None:
    while _resting.engines:
        _resting.engines.pop().wake()


def _in_child() -> None:
    # Nothing rests in the child: its engines begin anew.
    _resting.engines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)
