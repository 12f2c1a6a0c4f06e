"""Rows of tables as leads, whatever library made them: nothing is imported for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def rows(leads: Iterable[Any]) -> Iterator[Any]:
    """Each lead as the native half takes it: a dict, or what it was."""
    by_name = getattr(leads, "iter_rows", None)
    if by_name is not None:  # polars
        return (_present(row) for row in by_name(named=True))
    if hasattr(leads, "itertuples") and hasattr(leads, "columns"):  # pandas
        names = [str(name) for name in leads.columns]
        return (_present(dict(zip(names, row))) for row in leads.itertuples(index=False, name=None))
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


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    try:
        # NaN and NaT are not what they are; pandas' NA will not say.
        return bool(value != value)
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"
