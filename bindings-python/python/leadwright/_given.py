"""What callers hand over: one lead, and many of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol, Union

from . import _leadwright
from ._rows import rows


class DataclassLead(Protocol):
    """An instance of a dataclass; of pydantic's too."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class AttrsLead(Protocol):
    """An instance of a class of attrs."""

    __attrs_attrs__: ClassVar[Any]


class ModelLead(Protocol):
    """A model of pydantic."""

    __pydantic_fields__: ClassVar[dict[str, Any]]


class StructLead(Protocol):
    """A struct of msgspec."""

    __struct_fields__: ClassVar[tuple[str, ...]]


class NamedTupleLead(Protocol):
    """A named tuple."""

    def _asdict(self) -> dict[str, Any]: ...


class KeyedLead(Protocol):
    """A row of a database, and whatever else has names."""

    def keys(self) -> Iterable[str]: ...

    def __getitem__(self, name: str, /) -> Any: ...


class ArrowFrame(Protocol):
    """A frame of pandas, polars, pyarrow or DuckDB: whatever streams Arrow."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


#: One lead: a mapping, an object that is data, or JSON.
Lead = Union[
    Mapping[str, Any], str, bytes, bytearray, DataclassLead, AttrsLead, ModelLead, StructLead, NamedTupleLead, KeyedLead
]

#: Many leads: JSON Lines, an iterable of leads, or a frame.
Leads = Union[str, bytes, Iterable[Lead], ArrowFrame]


def lines(leads: Leads) -> bytes:
    """Many leads as JSON Lines, each with its end: a blank one at the end is one, too."""
    if isinstance(leads, str):
        # Half a surrogate pair becomes its escape in JSON.
        return leads.encode("utf-8", "backslashreplace")
    if isinstance(leads, (bytes, bytearray)):
        return bytes(leads)
    if isinstance(leads, Mapping):
        raise TypeError("leads are JSON Lines, or an iterable of leads; for one there is decide")
    # A line end inside of a text given as JSON would make two leads of one.
    return b"".join(_leadwright.to_line(lead) + b"\n" for lead in rows(leads))


def prepared(given: Iterable[Any]) -> list[bytes]:
    """Rows of bytes, from whatever holds them."""
    column = given.to_pylist() if hasattr(given, "to_pylist") else given
    # Of a number `bytes` makes so many zeros.
    return [row if type(row) is bytes else bytes(memoryview(row)) for row in column]
