"""Buyers that are asked over HTTP while somebody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Optional, Union

from . import _leadwright

Secrets = Union[Mapping[str, str], Callable[[str], Optional[str]]]


class Buyers:
    """The buyers of a plan behind HTTP: the connections that are kept, and the secrets that requests need. Make one, and share it
    between threads.

    ``secrets`` are those that the plan names, or a function that knows them; ``allow`` says what may be reached beside the public
    internet.

    >>> Buyers(secrets={"acme": "t0ken"})
    Buyers()
    """

    __slots__ = ("_native",)

    def __init__(self, *, secrets: Optional[Secrets] = None, allow: Iterable[str] = ()) -> None:
        given = dict(secrets) if isinstance(secrets, Mapping) else secrets
        self._native = _leadwright.Buyers(given, list(allow))

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("Buyers hold secrets and connections, and do not travel: make them anew where they are needed")

    def __repr__(self) -> str:
        return "Buyers()"
