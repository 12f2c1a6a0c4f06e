"""The engine for asyncio: its calls in threads of its own, so that the loop goes on meanwhile."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Optional, ParamSpec, TypeVar, Union, overload

from ._engine import Engine
from ._lists import SuppressionList
from ._plan import Plan

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from typing_extensions import Self

P = ParamSpec("P")
R = TypeVar("R")


class _Call(Generic[P, R]):
    """A method of the engine that is awaited."""

    def __init__(self, method: Callable[Concatenate[Engine, P], R]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, at: None, kind: type[AsyncEngine]) -> _Call[P, R]: ...
    @overload
    def __get__(self, at: AsyncEngine, kind: type[AsyncEngine]) -> Callable[P, Coroutine[Any, Any, R]]: ...
    def __get__(self, at: Optional[AsyncEngine], kind: type[AsyncEngine]) -> Any:
        if at is None:
            return self

        @functools.wraps(self._method)
        async def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return await at._run(functools.partial(self._method, at.engine, *args, **kwargs))

        return call


class _Rows(Generic[P, R]):
    """A method of the engine whose rows are iterated with ``async for``."""

    def __init__(self, method: Callable[Concatenate[Engine, P], Iterator[R]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, at: None, kind: type[AsyncEngine]) -> _Rows[P, R]: ...
    @overload
    def __get__(self, at: AsyncEngine, kind: type[AsyncEngine]) -> Callable[P, AsyncIterator[R]]: ...
    def __get__(self, at: Optional[AsyncEngine], kind: type[AsyncEngine]) -> Any:
        if at is None:
            return self

        @functools.wraps(self._method)
        async def rows(*args: P.args, **kwargs: P.kwargs) -> AsyncIterator[R]:
            found = self._method(at.engine, *args, **kwargs)
            while page := await at._run(functools.partial(_page, found)):
                for row in page:
                    yield row

        return rows


def _page(rows: Iterator[R]) -> list[R]:
    return list(itertools.islice(rows, 256))


class AsyncEngine:
    """An :class:`Engine` whose calls are awaited. Nothing is started before the first, and the threads end with :meth:`aclose`.

    Each call has its arguments, its answer and its exceptions from the method of the same name; what asks nothing of the store
    is at ``engine``. Have as many ``threads`` as calls shall wait for the store at once: those that come together are
    settled in one transaction.

    A call that is cancelled before a thread has taken it does not happen. One that a thread has taken is carried through, and
    only its answer is lost: the same lead again is answered with that decision.

    >>> import asyncio
    >>> async def main(plan):
    ...     async with AsyncEngine(plan, store="leads.db") as engine:
    ...         return (await engine.decide({"id": "L1", "source": "web", "zip": "60601"})).outcome
    >>> asyncio.run(main(plan))  # doctest: +SKIP
    'assigned'
    """

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
    ) -> None:
        if threads < 1:
            raise ValueError("`threads` is 1 or more")
        #: The engine itself.
        self.engine = Engine(plan, store, tenant=tenant, relaxed=relaxed, keys=keys, lists=lists)
        self._threads = threads
        self._pool: Optional[ThreadPoolExecutor] = None
        self._pid = 0

    decide = _Call(Engine.decide)
    dry_run = _Call(Engine.dry_run)
    decide_batch = _Call(Engine.decide_batch)
    prepare_batch = _Call(Engine.prepare_batch)
    settle_batch = _Call(Engine.settle_batch)
    submit = _Call(Engine.submit)
    ping = _Call(Engine.ping)
    post = _Call(Engine.post)
    operate = _Call(Engine.operate)
    observe = _Call(Engine.observe)
    reserve_external = _Call(Engine.reserve_external)
    confirm_external = _Call(Engine.confirm_external)
    release_external = _Call(Engine.release_external)
    report = _Call(Engine.report)
    statement = _Call(Engine.statement)
    statements = _Call(Engine.statements)
    balances = _Call(Engine.balances)
    forget = _Call(Engine.forget)
    errors = _Call(Engine.errors)
    retry = _Call(Engine.retry)
    claim = _Call(Engine.claim)
    delivered = _Call(Engine.delivered)
    outbox = _Call(Engine.outbox)
    breakers = _Call(Engine.breakers)
    delivery = _Call(Engine.delivery)
    redrive = _Call(Engine.redrive)
    work_queue = _Call(Engine.work_queue)
    release = _Call(Engine.release)
    drift = _Call(Engine.drift)
    explain = _Call(Engine.explain)
    explain_lead = _Call(Engine.explain_lead)
    subscribe = _Call(Engine.subscribe)
    subscribers = _Call(Engine.subscribers)
    unsubscribe = _Call(Engine.unsubscribe)
    set_list = _Call(Engine.set_list)
    swap = _Call(Engine.swap)
    queue = _Rows(Engine.queue)
    deliveries = _Rows(Engine.deliveries)
    replay = _Rows(Engine.replay)

    async def _run(self, call: Callable[[], R]) -> R:
        # Nobody pays for these who has no loop.
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None or self._pid != os.getpid():
            # Of a pool of before a fork no thread is left.
            self._pool, self._pid = ThreadPoolExecutor(self._threads, thread_name_prefix="leadwright"), os.getpid()
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def aclose(self) -> None:
        """Waits for the calls that are on their way, ends the threads and closes the store."""
        pool, self._pool = self._pool, None
        if pool is not None and self._pid == os.getpid():
            import asyncio

            await asyncio.to_thread(pool.shutdown, wait=True)
        self.engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<AsyncEngine {self.engine!r}>"
