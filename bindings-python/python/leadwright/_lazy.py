"""Answers of the core: JSON bytes that are read when somebody looks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional

from ._messages import ENGLISH, Messages

if TYPE_CHECKING:
    from typing_extensions import Self


class Json:
    """Bytes of the core, parsed once and only when asked for. ``answer["problems"]`` reads a member."""

    __slots__ = ("_json", "_parsed")

    def __init__(self, data: bytes) -> None:
        self._json = data
        self._parsed: Any = None

    @property
    def json(self) -> bytes:
        """The bytes, the same from every language. Of an answer about a lead they are personal data."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """A new dict with all members."""
        parsed: dict[str, Any] = json.loads(self._json)
        return parsed

    def _member(self, name: str) -> Any:
        if self._parsed is None:
            self._parsed = self.to_dict()
        return self._parsed[name]

    def __getitem__(self, name: str) -> Any:
        return self._member(name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Json) and type(self) is type(other) and self._json == other._json

    def __hash__(self) -> int:
        return hash(self._json)

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self._json,))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class Answer(Json):
    """An answer about a lead or a part of one, with its problems."""

    __slots__ = ()

    def messages(self, messages: Optional[Messages] = None) -> list[str]:
        """What its problems say to people, in their order: in English, or in the words of the host."""
        words = ENGLISH if messages is None else messages
        return [words.of(problem) for problem in self._member("problems")]
