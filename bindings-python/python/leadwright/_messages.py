"""Words for people about problems: English, unless the host has its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Union

from . import _leadwright


class Messages:
    """The texts of a host for problems, by their codes; a code without one is told in English.

    A text may name what a problem says in braces: ``{code}``, ``{severity}``, ``{action}``, ``{path}``, ``{field}``,
    ``{shape}``, ``{expected}``, ``{suggestion}``, and the English ``{text}`` and ``{remedy}``. Of a list of texts the first
    counts whose parts are all there; ``*`` stands for all other codes. Raises :class:`InputError` for what is no text.

    >>> messages = Messages({"phone.too_short": "{field}: Ziffern fehlen"})
    >>> messages.of({"code": "phone.too_short", "severity": "error", "action": "dropped", "path": "/phone"})
    'phone: Ziffern fehlen'
    """

    __slots__ = ("_native", "_texts")

    def __init__(self, texts: Mapping[str, Union[str, Sequence[str]]] = {}) -> None:
        plain = {code: text if isinstance(text, str) else list(text) for code, text in texts.items()}
        self._texts = plain
        self._native = _leadwright.Messages(json.dumps(plain))

    def of(self, problem: Mapping[str, Any]) -> str:
        """The words for a problem of an answer. They hold no value of the lead."""
        return self._native.of(json.dumps(dict(problem)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Messages) and self._texts == other._texts

    def __hash__(self) -> int:
        return hash(tuple(self._texts))

    def __reduce__(self) -> tuple[object, ...]:
        return (Messages, (self._texts,))

    def __repr__(self) -> str:
        return f"<Messages for {len(self._texts)} codes>"


ENGLISH = Messages()
