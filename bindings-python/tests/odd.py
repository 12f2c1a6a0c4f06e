"""Objects as no caller should hand them over, for `test_robust.py`."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any

SECRET = "Qvenzalia"


class Refusal(Exception):
    """What the objects raise."""


def refuses(*names: str, base: type = object, **members: Any) -> Any:
    """A class whose methods of these names raise."""

    def refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise Refusal(SECRET)

    return type("Odd", (base,), {**dict.fromkeys(names, refuse), **members})


def named(name: Any) -> int:
    """The value of a name. By numbers it ends at once: what never does is waited for, as everywhere in Python."""
    if isinstance(name, int):
        raise IndexError
    return 1


class Everything:
    """A proxy that has whatever it is asked for, and is it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__getitem__", "__index__", "__fspath__", "__arrow_c_stream__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self


class Endless:
    """Each thing in it is another of it."""

    def keys(self) -> list[str]:
        return ["more"]

    def __getitem__(self, name: str) -> Any:
        return named(name) and Endless()


class Dead:
    pass


@dataclasses.dataclass
class Data:
    """A dataclass that may hold itself."""

    phone: Any = None


class Liar(enum.Enum):
    LIST = [1]
    OBJECT = object()


def lying(kind: type) -> Any:
    """An object that says it is of another class."""
    return type("Odd", (), {"__class__": property(lambda self: kind)})()


def circle(kind: Callable[[], Any]) -> Any:
    around = kind()
    if isinstance(around, dict):
        around["a"] = [around]
    elif isinstance(around, Data):
        around.phone = around
    else:
        around.append(around)
    return around


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    inner: Any = 1
    for _ in range(depth):
        inner = wrap(inner)
    return inner


def shrinking() -> Any:
    """A dict that loses its members while it is read."""
    around: dict[str, Any] = {}

    class Empties:
        def isoformat(self) -> str:
            around.clear()
            around.update({str(number): number for number in range(100)})
            return "2026-11-24"

    around.update(a=Empties(), b=1, c="x")
    return around


def growing() -> Any:
    """A list that gets longer while it is read, for a while."""
    around: list[Any] = []

    class Adds:
        def isoformat(self) -> str:
            if len(around) < 200:
                around.append(self)
            return "2026-11-24"

    around.append(Adds())
    return around


def dead_proxy() -> Any:
    held = Dead()
    return weakref.proxy(held)


async def awaited() -> None:
    pass


def coroutine() -> Any:
    """One that nobody awaits, and nobody is warned of."""
    made = awaited()
    made.close()
    return made


def yields(*items: Any) -> Iterator[Any]:
    yield from items
    raise Refusal(SECRET)


def released() -> Any:
    view = memoryview(b"abc")
    view.release()
    return view


_LOOP = asyncio.new_event_loop()
_KEPT = Dead()

#: Each is made anew for each call.
ODD: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "NotImplemented": lambda: NotImplemented,
    "Ellipsis": lambda: ...,
    "True": lambda: True,
    "-1": lambda: -1,
    "2**31": lambda: 2**31,
    "2**64": lambda: 2**64,
    "2**70": lambda: 2**70,
    "-2**70": lambda: -(2**70),
    "10**5000": lambda: 10**5000,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-0.0": lambda: -0.0,
    "complex": lambda: 1j,
    "Decimal nan": lambda: decimal.Decimal("sNaN"),
    "Fraction": lambda: fractions.Fraction(1, 3),
    "empty": lambda: "",
    "nul": lambda: "a\0b",
    "half a pair": lambda: "\ud83d",
    "all halves": lambda: "\udc80" * 100,
    "long": lambda: "x" * 1_100_000,
    "bytes": lambda: b"\xff\xfe\x00",
    "bytearray": lambda: bytearray(b'{"a":'),
    "memoryview": lambda: memoryview(b"abc"),
    "released memoryview": released,
    "JSON that repeats": lambda: '{"phone":"1","phone":"2"}',
    "JSON that is deep": lambda: "[" * 100_000,
    "JSON lines": lambda: "\n\r\n\u2028{}\n",
    "object": object,
    "class": lambda: int,
    "class with keys": lambda: dict,
    "metaclass": lambda: type,
    "module": lambda: types,
    "function": lambda: len,
    "lambda": lambda: lambda *args: SECRET,
    "coroutine": coroutine,
    "generator": lambda: (SECRET for _ in range(3)),
    "generator that raises": lambda: yields({"phone": SECRET}),
    "exception": lambda: ValueError(SECRET),
    "future": lambda: asyncio.Future(loop=_LOOP),
    "set": lambda: {1, "a", None, (1, 2)},
    "frozenset": lambda: frozenset({frozenset()}),
    "range": lambda: range(3),
    "deque": lambda: collections.deque([1]),
    "tuple": lambda: (1, (2,)),
    "time": lambda: datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.max),
    "time without a zone": lambda: datetime.datetime.max,
    "delta": lambda: datetime.timedelta.max,
    "zone": lambda: datetime.timezone.utc,
    "enum": lambda: Liar.LIST,
    "enum of an object": lambda: Liar.OBJECT,
    "namespace": lambda: types.SimpleNamespace(phone=SECRET),
    "names that are odd": lambda: {1: 2, None: 3, 1.5: 4, "\ud83d": 5, (): 6},
    "name that is long": lambda: {"x" * 1_100_000: {"y": object()}},
    "defaultdict": lambda: collections.defaultdict(lambda: SECRET),
    "mapping of a mapping": lambda: types.MappingProxyType({"a": types.MappingProxyType({})}),
    "circle of lists": lambda: circle(list),
    "circle of dicts": lambda: circle(dict),
    "circle of data": lambda: circle(Data),
    "circle in a lead": lambda: {"phone": circle(list), "zip": circle(dict)},
    "deep lists": lambda: nested(1_500, lambda inner: [inner]),
    "deep dicts": lambda: nested(1_500, lambda inner: {"a": inner}),
    "deep tuples": lambda: nested(1_500, lambda inner: (inner,)),
    "deep data": lambda: nested(300, Data),
    "endless": Endless,
    "everything": Everything,
    "everything in a lead": lambda: {"phone": Everything()},
    "dead proxy": dead_proxy,
    "proxy": lambda: weakref.proxy(_KEPT),
    "says it is a dict": lambda: lying(dict),
    "says it is a str": lambda: lying(str),
    "says it is an int": lambda: lying(int),
    "says it is bytes": lambda: lying(bytes),
    "shrinking": shrinking,
    "growing": growing,
    "dict that refuses": refuses("__getitem__", "keys", "items", "__iter__", "__len__", "copy", "get", base=dict),
    "str that refuses": lambda: refuses("__str__", "encode", "__len__", "__iter__", "__getitem__", base=str)(SECRET),
    "int that refuses": lambda: refuses("__int__", "__index__", "__str__", "__bool__", base=int)(7),
    "float that refuses": lambda: refuses("__float__", "__str__", "__eq__", base=float)(7),
    "list that refuses": lambda: refuses("__iter__", "__len__", "__getitem__", base=list)([1]),
    "bytes that refuse": lambda: refuses("__bytes__", "__len__", "__iter__", base=bytes)(b"x"),
    "refuses attributes": refuses("__getattribute__"),
    "refuses unknown attributes": refuses("__getattr__"),
    "refuses items": refuses("__getitem__", keys=lambda self: ["phone"]),
    "refuses keys": refuses("keys", __getitem__=lambda self, name: named(name)),
    "keys that are no names": refuses(keys=lambda self: 7, __getitem__=lambda self, name: named(name)),
    "refuses to iterate": refuses("__iter__"),
    "iterates over nothing": refuses(__iter__=lambda self: 7),
    "refuses the next": refuses("__next__", __iter__=lambda self: self),
    "refuses its length": refuses("__len__", "__bool__"),
    "refuses its text": refuses("__str__", "__repr__", "__format__"),
    "refuses its text in a lead": lambda: {"phone": refuses("__str__", "__repr__", isoformat=lambda self: 7)()},
    "refuses its hash": refuses("__hash__", "__eq__"),
    "refuses its number": refuses("__index__", "__int__", "__float__"),
    "number that is none": refuses(__index__=lambda self: "7"),
    "refuses its path": refuses("__fspath__"),
    "path that is none": refuses(__fspath__=lambda self: 7),
    "refuses its time": refuses("isoformat"),
    "time that is none": refuses(isoformat=lambda self: 7),
    "time that is half": refuses(isoformat=lambda self: "\ud83d+00:00"),
    "refuses its class": lambda: type("Odd", (), {"__class__": property(lambda self: 1 / 0)})(),
    "refuses its fields": refuses(__dataclass_fields__=7),
    "fields that are not there": refuses(__struct_fields__=("phone",)),
    "fields of another kind": refuses(__attrs_attrs__=[1]),
    "frame that refuses": refuses("iter_rows", "to_pylist", "itertuples"),
    "frame of nothing": refuses(iter_rows=lambda self, named: 7, to_pylist=lambda self: 7),
    "frame of odd rows": refuses(to_pylist=lambda self: [None, 7, {"a": object()}]),
    "stream that is none": refuses(__arrow_c_stream__=lambda self, schema=None: 7),
}
