"""Rows of tables as leads, whatever library made them: nothing is imported for it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any


def rows(leads: Any) -> Iterator[Any]:
    """Each lead as the native half takes it."""
    return _rows(leads, _present)


def cells(table: Iterable[Any]) -> Iterator[Any]:
    """Each row of a plan's table, with all of its columns: issues count them."""
    return _rows(table, _emptied)


def entries(values: Iterable[Any]) -> list[Any]:
    """The entries of a list; the cursor of a database yields each as a row of one cell."""
    return [value[0] if isinstance(value, (tuple, list)) and len(value) == 1 else value for value in values]


def _rows(leads: Any, of_frame: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[Any]:
    by_name = getattr(leads, "iter_rows", None)
    if by_name is not None:  # polars
        return (of_frame(row) for row in by_name(named=True))
    if hasattr(leads, "itertuples") and hasattr(leads, "columns"):  # pandas
        names = [str(name) for name in leads.columns]
        return (of_frame(dict(zip(names, row))) for row in leads.itertuples(index=False, name=None))
    if hasattr(leads, "to_pylist"):  # a table, a batch or a column of Arrow
        return _of_arrow([leads], of_frame)
    if hasattr(leads, "__arrow_c_stream__"):  # a frame of any other library
        return _of_arrow(_batches(leads), of_frame)
    return iter(leads)


def _of_arrow(batches: Iterable[Any], of_frame: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[Any]:
    for batch in batches:
        for row in batch.to_pylist():
            yield of_frame(row) if isinstance(row, dict) else b"" if row is None else row


def _batches(frame: Any) -> Iterable[Any]:
    """The batches of what streams Arrow: they are read by pyarrow, one at a time."""
    try:
        pyarrow = importlib.import_module("pyarrow")
    except ImportError as error:
        kind = type(frame).__name__
        raise ImportError(f"to read {kind} through Arrow, pyarrow is needed: pip install 'leadwright[arrow]'") from error
    batches: Iterable[Any] = pyarrow.RecordBatchReader.from_stream(frame)
    return batches


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
