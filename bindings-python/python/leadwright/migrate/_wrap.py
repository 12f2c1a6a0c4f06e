"""The function that stands where the legacy stood: of the same kind, with its name, signature and ``__wrapped__``.

What it costs while nothing is to be done is all that most calls ever see of a migration, so nothing is looked up here.
"""

from __future__ import annotations

import functools
import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, cast

from ._step import DONE, NEW, OFF, SHADOW, Job, Step


def wrap(step: Step) -> Callable[..., Any]:
    """The wrapper of a step's legacy."""
    return _WRAPS[step.kind](step)


def _function(step: Step) -> Callable[..., Any]:
    legacy, take, clock = step.legacy, step.gate.take, time.perf_counter_ns

    @functools.wraps(legacy)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        mode = step.mode
        if mode == OFF:
            return legacy(*args, **kwargs)
        if mode == NEW:
            step.start()
            return wrapper(*args, **kwargs)
        if mode == SHADOW:
            taken = take(args, kwargs)
            if taken is None:
                return legacy(*args, **kwargs)
            job = step.taken(taken)
        elif mode == DONE:
            return _done(step, step.call_candidate(args, kwargs))
        else:
            begun = step.begin(args, kwargs)
            if begun is None:
                return legacy(*args, **kwargs)
            job = begun
            if job.asks and step.asked(job):
                return step.value(job)
        token = step.enter(job)
        job.started = clock()
        try:
            result = legacy(*args, **kwargs)
        except Exception as error:
            step.raised(job, error)
            raise
        finally:
            step.leave(token)
        step.returned(job, result)
        return result

    return wrapper


def _coroutine(step: Step) -> Callable[..., Any]:
    legacy, clock = step.legacy, time.perf_counter_ns

    @functools.wraps(legacy)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        mode = step.mode
        if mode == OFF:
            return await legacy(*args, **kwargs)
        if mode == NEW:
            step.start()
            return await wrapper(*args, **kwargs)
        if mode == DONE:
            value = step.call_candidate(args, kwargs)
            return _done(step, await value if hasattr(value, "__await__") else value)
        job = _begun(step, args, kwargs)
        if job is None:
            return await legacy(*args, **kwargs)
        if job.asks and await step.asked_async(job):
            return step.value(job)
        token = step.enter(job)
        job.started = clock()
        try:
            result = await legacy(*args, **kwargs)
        except Exception as error:
            step.raised(job, error)
            raise
        finally:
            step.leave(token)
        step.returned(job, result)
        return result

    return wrapper


def _generator(step: Step) -> Callable[..., Any]:
    legacy, clock = step.legacy, time.perf_counter_ns

    @functools.wraps(legacy)
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        mode = step.mode
        if mode == OFF:
            return (yield from legacy(*args, **kwargs))
        if mode == NEW:
            step.start()
            return (yield from wrapper(*args, **kwargs))
        if mode == DONE:
            return (yield from _done(step, step.call_candidate(args, kwargs)))
        job = _begun(step, args, kwargs)
        if job is None:
            return (yield from legacy(*args, **kwargs))
        if job.asks and step.asked(job):
            yield from step.value(job)
            return None
        job.started = clock()
        source = _Seen(legacy(*args, **kwargs), step, job)
        return (yield from cast(Any, source))

    return wrapper


def _async_generator(step: Step) -> Callable[..., Any]:
    legacy, clock = step.legacy, time.perf_counter_ns

    @functools.wraps(legacy)
    async def wrapper(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        if step.mode == NEW:
            step.start()
        mode, job = step.mode, None
        if mode == DONE:
            async for item in _done(step, step.call_candidate(args, kwargs)):
                yield item
            return
        if mode != OFF:
            job = _begun(step, args, kwargs)
            if job is not None and job.asks and await step.asked_async(job):
                for item in step.value(job):
                    yield item
                return
        if job is not None:
            job.started = clock()
        source, items = legacy(*args, **kwargs), _Items(step, job)
        sent: Any = None
        thrown: Any = None
        while True:
            try:
                item = await (source.asend(sent) if thrown is None else source.athrow(thrown))
            except StopAsyncIteration:
                items.ended()
                return
            except Exception as error:
                items.raised(error)
                raise
            items.add(item)
            sent = thrown = None
            try:
                sent = yield item
            except GeneratorExit:
                await source.aclose()
                items.closed()
                raise
            except BaseException as error:
                thrown = error

    return wrapper


_WRAPS: dict[str, Callable[[Step], Callable[..., Any]]] = {
    "function": _function,
    "coroutine": _coroutine,
    "generator": _generator,
    "async generator": _async_generator,
}


def _begun(step: Step, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if step.mode != SHADOW:
        return step.begin(args, kwargs)
    taken = step.gate.take(args, kwargs)
    return None if taken is None else step.taken(taken)


def _done(step: Step, value: Any) -> Any:
    """The candidate is the function now: what it raises is the caller's."""
    return value if step.adapt_out is None else step.adapt_out(value)


class _Items:
    """What a generator gave its caller, copied as it went by."""

    __slots__ = ("_items", "_job", "_step")

    def __init__(self, step: Step, job: Any) -> None:
        self._step = step
        self._job: Any = job
        self._items: list[Any] = []

    def add(self, item: Any) -> None:
        if self._job is None:
            return
        kept = self._step.gate.keep(item)
        if kept is None or len(self._items) == self._job.items:
            self._job = None
            return
        self._items.append(kept.fresh())

    def ended(self) -> None:
        """There are no more: of the candidate one more would be seen."""
        if self._job is not None:
            self._step.returned(self._job, self._items, len(self._items) + 1)

    def closed(self) -> None:
        """The caller wants no more: the candidate is asked for as many."""
        if self._job is not None:
            self._step.returned(self._job, self._items, len(self._items))

    def raised(self, error: Exception) -> None:
        if self._job is not None:
            self._step.raised(self._job, error)


class _Seen:
    """A generator whose items are seen; ``yield from`` treats it as the generator itself."""

    __slots__ = ("_items", "_source")

    def __init__(self, source: Generator[Any, Any, Any], step: Step, job: Job) -> None:
        self._source = source
        self._items = _Items(step, job)

    def __iter__(self) -> _Seen:
        return self

    def __next__(self) -> Any:
        return self._see(self._source.__next__)

    def send(self, value: Any) -> Any:
        return self._see(self._source.send, value)

    def throw(self, *error: Any) -> Any:
        return self._see(self._source.throw, *error)

    def close(self) -> None:
        self._source.close()
        self._items.closed()

    def _see(self, step: Callable[..., Any], *given: Any) -> Any:
        try:
            item = step(*given)
        except StopIteration:
            self._items.ended()
            raise
        except Exception as error:
            self._items.raised(error)
            raise
        self._items.add(item)
        return item
