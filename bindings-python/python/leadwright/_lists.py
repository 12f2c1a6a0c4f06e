"""Suppression lists: who must not be sold, and do-not-call registries."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable
from typing import Any, Literal, Optional, Union

from . import _leadwright


class SuppressionList:
    """A list that an engine is given with :meth:`Engine.set_list`, where the plan keeps it outside of itself.

    It holds digests and no values, shows none, and may be shared between engines and threads.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _leadwright.SuppressionList) -> None:
        self._native = native

    @classmethod
    def open(cls, path: Union[str, os.PathLike[str]]) -> SuppressionList:
        """Opens a file of ``leadwright list build`` or :meth:`write`. It is read once, and stays on disk.

        Raises :class:`ListError` for one that is damaged: nobody is sold on half a list.
        """
        return cls(_leadwright.SuppressionList.open(os.fspath(path)))

    @classmethod
    def of(
        cls,
        entries: Iterable[Union[str, bytes]],
        of: Literal["phone", "email", "other"] = "phone",
        *,
        hash: Optional[Literal["md5", "sha1", "sha256"]] = None,
        form: Optional[str] = None,
        version: Optional[str] = None,
        made_at: Union[str, datetime.datetime, None] = None,
    ) -> SuppressionList:
        """A list in memory: of values in clear, or with ``hash`` of hexadecimal digests or digests as bytes.

        Raises :class:`ListError` for the first entry that is none: left out in silence, it might be somebody who must
        not be called. ``made_at`` is needed where the plan names a ``max_age``.

        >>> opted_out = SuppressionList.of(["(312) 555-0100"])
        >>> opted_out.holds("312.555.0100"), opted_out.holds("312-555-0101")
        (True, False)
        """
        if isinstance(entries, (str, bytes)):
            raise TypeError("entries are an iterable of texts or digests")
        at = made_at.isoformat() if isinstance(made_at, datetime.datetime) else made_at
        return cls(_leadwright.SuppressionList.of(iter(entries), of, hash, form, version, at))

    def holds(self, value: str) -> bool:
        """Whether a value is on the list, however it is written. Raises :class:`ListError` for what is no such value."""
        return self._native.holds(value)

    def write(self, path: Union[str, os.PathLike[str]], id: str) -> None:
        """Writes a list that is in memory as a compiled file, as a whole or not at all."""
        self._native.write(os.fspath(path), id)

    @property
    def about(self) -> dict[str, Any]:
        """What it says about itself: version, count, made_at, of, hash and forms."""
        about: dict[str, Any] = json.loads(self._native.about())
        return about

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a SuppressionList does not travel: write it to a file, and open that where it is needed")

    def __len__(self) -> int:
        return int(self.about["count"])

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        about = self.about
        return f"<SuppressionList {about['version']} of {about['count']} {about['of']}>"
