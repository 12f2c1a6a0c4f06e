"""`_aio.pyi` has the signatures of the engine. `LEADWRIGHT_BLESS=1` writes it anew."""

from __future__ import annotations

import ast
import os
import textwrap
from pathlib import Path

import leadwright
from leadwright import _aio

PACKAGE = Path(leadwright.__file__).parent
STUB = PACKAGE / "_aio.pyi"

HEAD = '''# Made of `_engine.py` by tests/test_aio_types.py; do not edit.
import datetime
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Optional, TypeVar, Union

from typing_extensions import Self

from ._buyers import Buyers
from ._decision import Decision, LineError, Observed
from ._engine import Engine, Now
from ._events import Subscription
from ._given import Lead, Leads
from ._lists import SuppressionList
from ._plan import Plan

_R = TypeVar("_R")

CALLS: tuple[str, ...]
ROWS: tuple[str, ...]

class AsyncEngine:
    """An :class:`Engine` whose calls are awaited; each has its arguments, its answer and its exceptions from the method of the same
    name. Nothing is started before the first, and the threads end with :meth:`aclose`.
    """

    engine: Engine
    def __init__(
        self,
        plan: Plan,
        store: Union[str, os.PathLike[str], None] = None,
        *,
        threads: int = 8,
        tenant: str = "main",
        relaxed: bool = False,
        keys: Optional[Mapping[str, bytes]] = None,
        lists: Mapping[str, SuppressionList] = {},
    ) -> None: ...
    async def _run(self, call: Callable[[], _R]) -> _R: ...
    async def aclose(self) -> None:
        """Waits for the calls that are on their way, ends the threads and closes the store."""
    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None: ...
'''


def stub() -> str:
    tree = ast.parse((PACKAGE / "_engine.py").read_text("utf-8"))
    (engine,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Engine"]
    methods = {node.name: node for node in engine.body if isinstance(node, ast.FunctionDef)}
    lines = []
    for name in (*_aio.CALLS, *_aio.ROWS):
        method = methods[name]
        assert method.returns is not None
        answer = ast.unparse(method.returns)
        word = "async def" if name in _aio.CALLS else "def"
        lines.append(f"    {word} {name}({ast.unparse(method.args)}) -> {answer.replace('Iterator[', 'AsyncIterator[')}:")
        # What editors show: they read this file, and the methods are made when the package is imported.
        lines.append(textwrap.indent(f'"""{first(ast.get_docstring(method))}"""', " " * 8))
    return HEAD + "\n".join(lines) + "\n"


def first(text: str | None) -> str:
    """The first paragraph of what is said about something."""
    assert text
    return text.split("\n\n")[0]


def test_the_types_are_those_of_the_engine() -> None:
    if os.environ.get("LEADWRIGHT_BLESS"):
        STUB.write_text(stub(), "utf-8")
    assert STUB.read_text("utf-8") == stub(), "write it anew: LEADWRIGHT_BLESS=1 pytest tests/test_aio_types.py"
