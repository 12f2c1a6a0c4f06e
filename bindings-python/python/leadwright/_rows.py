"""Rows of tables as leads, whatever library made them: nothing is imported for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any


def rows(leads: Iterable[Any]) -> Iterator[Any]:
    """Each lead as the native half takes it: a dict, or what it was."""
    return _rows(leads, _present)


def cells(table: Iterable[Any]) -> Iterator[Any]:
    """Each row of a plan's table, with all of its columns: issues count them."""
    return _rows(table, _emptied)


def entries(values: Iterable[Any]) -> list[Any]:
    """The entries of a list; the cursor of a database yields each as a row of one cell."""
    return [value[0] if isinstance(value, (tuple, list)) and len(value) == 1 else value for value in values]


def _rows(leads: Iterable[Any], of_frame: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[Any]:
    by_name = getattr(leads, "iter_rows", None)
    if by_name is not None:  # polars
        return (of_frame(row) for row in by_name(named=True))
    if hasattr(leads, "itertuples") and hasattr(leads, "columns"):  # pandas
        names = [str(name) for name in leads.columns]
        return (of_frame(dict(zip(names, row))) for row in leads.itertuples(index=False, name=None))
    as_list = getattr(leads, "to_pylist", None)
    if as_list is not None:  # a table, a batch or a column of Arrow
        return (of_frame(row) if isinstance(row, dict) else b"" if row is None else row for row in as_list())
    return (_row(lead) for lead in leads)


def _row(lead: Any) -> Any:
    if type(lead) is dict:
        return lead
    if isinstance(lead, Mapping):
        return dict(lead)
    if isinstance(lead, tuple) and hasattr(lead, "_asdict"):
        return lead._asdict()
    if not isinstance(lead, (str, bytes, bytearray)) and hasattr(lead, "keys") and hasattr(lead, "__getitem__"):
        return {key: lead[key] for key in lead.keys()}
    return lead


def _present(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table without the values that are missing: a table has no other word for "not given"."""
    return {name: value for name, value in row.items() if not _is_missing(value)}


def _emptied(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a table with None for the values that are missing."""
    return {name: None if _is_missing(value) else value for name, value in row.items()}


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    try:
        # NaN and NaT are not what they are; pandas' NA will not say.
        return bool(value != value)
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"
