"""The engine for asyncio: its calls in threads of its own, so that the loop goes on meanwhile.

The types are in ``_aio.pyi``, which is made of the engine's.
"""

from __future__ import annotations

import functools
import itertools
import os

from ._engine import Engine

#: What is awaited.
CALLS = (
    "decide", "dry_run", "decide_batch", "prepare_batch", "settle_batch", "submit", "ping", "post", "operate", "observe",
    "reserve_external", "confirm_external", "release_external", "report", "statement", "statements", "balances", "forget",
    "errors", "retry", "claim", "delivered", "outbox", "breakers", "delivery", "redrive", "work_queue", "release", "drift",
    "explain", "explain_lead", "subscribe", "subscribers", "unsubscribe", "set_list", "swap",
)

#: What is iterated with ``async for``.
ROWS = ("queue", "deliveries", "replay")


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

    def __init__(self, plan, store=None, *, threads=8, tenant="main", relaxed=False, keys=None, lists={}):
        if threads < 1:
            raise ValueError("`threads` is 1 or more")
        #: The engine itself.
        self.engine = Engine(plan, store, tenant=tenant, relaxed=relaxed, keys=keys, lists=lists)
        self._threads = threads
        self._pool = None
        self._pid = 0

    async def _run(self, call):
        # Nobody pays for these who has no loop.
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None or self._pid != os.getpid():
            # Of a pool of before a fork no thread is left.
            self._pool, self._pid = ThreadPoolExecutor(self._threads, thread_name_prefix="leadwright"), os.getpid()
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def aclose(self):
        """Waits for the calls that are on their way, ends the threads and closes the store."""
        pool, self._pool = self._pool, None
        if pool is not None and self._pid == os.getpid():
            import asyncio

            await asyncio.to_thread(pool.shutdown, wait=True)
        self.engine.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        await self.aclose()

    def __repr__(self):
        return f"<AsyncEngine {self.engine!r}>"


def _awaited(method):
    @functools.wraps(method)
    async def call(self, *args, **kwargs):
        return await self._run(functools.partial(method, self.engine, *args, **kwargs))

    return call


def _iterated(method):
    @functools.wraps(method)
    async def rows(self, *args, **kwargs):
        found = method(self.engine, *args, **kwargs)
        while page := await self._run(lambda: list(itertools.islice(found, 256))):
            for row in page:
                yield row

    return rows


for _names, _made in ((CALLS, _awaited), (ROWS, _iterated)):
    for _name in _names:
        setattr(AsyncEngine, _name, _made(getattr(Engine, _name)))
