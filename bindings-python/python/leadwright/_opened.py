"""Objects that are data, whatever library made them: nothing is imported for it."""

from __future__ import annotations

import decimal
import enum
import uuid
from typing import Any


def opened(value: Any) -> Any:
    """The plain value that an object stands for: a dict of its fields, its text, its number; the object itself where it is
    none of those that are known. What is in it is opened in its turn.

    >>> import dataclasses
    >>> opened(dataclasses.make_dataclass("Home", ["zip"])("60601"))
    {'zip': '60601'}
    """
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    kind = type(value)
    names = _names(kind)
    if names is not None:
        fields = {name: getattr(value, name) for name in names}
        # What a model of pydantic was given beside its fields.
        return {**fields, **(getattr(value, "__pydantic_extra__", None) or {})}
    library = kind.__module__.partition(".")[0]
    if library == "numpy":
        plain = value.item()
        return value if type(plain) is kind else plain
    if library in ("pydantic", "pydantic_core") and kind.__name__.endswith(("Url", "Dsn")):
        return str(value)
    if library == "pandas" and kind.__name__ in ("NaTType", "NAType"):
        return None
    return value


def _names(kind: type) -> Any:
    """The fields that a class declares for its instances; None where it declares none."""
    if hasattr(kind, "__dataclass_fields__"):
        import dataclasses

        return [field.name for field in dataclasses.fields(kind)]
    if hasattr(kind, "__attrs_attrs__"):
        return [field.name for field in kind.__attrs_attrs__]
    for declared in ("__pydantic_fields__", "model_fields", "__struct_fields__"):  # the last are those of msgspec
        if isinstance(names := getattr(kind, declared, None), (dict, tuple)):
            return names
    return getattr(kind, "_fields", None) if issubclass(kind, tuple) else None
