"""One step: who answers, who is asked beside, and what is made of it."""

from __future__ import annotations

import functools
import inspect
import itertools
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Optional, cast

from .._leadwright import Gate, Snapshot, to_json
from ..parity import bucket
from ._breaker import Breaker
from ._call import CURRENT, Args, Call, rfc3339
from ._errors import Mismatch
from ._ledger import Verdict, plain
from ._threads import Busy, Late
from ._work import background

if TYPE_CHECKING:
    from ._migration import Migration

OFF, SHADOW, OTHER, DONE, NEW = range(5)
"""What a wrapper has to know: nothing to do, shadow a call, look closer, only the candidate is left, or nothing yet."""

MOST_ITEMS = 1_000
"""Items of a generator that are compared; one that has more is not."""

#: Upper bounds of latencies in microseconds.
BOUNDS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


class Said:
    """What one side said: a value, or the class of what it raised, or nothing in time."""

    __slots__ = ("late", "ns", "raised", "value")

    def __init__(self, ns: int, value: Any = None, raised: Optional[str] = None, late: bool = False) -> None:
        self.ns, self.value, self.raised, self.late = ns, value, raised, late

    @property
    def failed(self) -> bool:
        return self.late or self.raised is not None

    def json(self, read: Callable[[Any], Any]) -> bytes:
        if self.late:
            return b'{"timeout":true}'
        if self.raised is not None:
            return b'{"raised":' + to_json(self.raised) + b"}"
        return b'{"value":' + to_json(plain(read(self.value))) + b"}"


class Job:
    """A call of the legacy, on its way through a step."""

    __slots__ = (
        "abandoned", "answered", "arguments", "asks", "call", "candidate", "decision", "items", "judged", "legacy", "noise",
        "seen", "size", "stage", "started", "step",
    )  # fmt: skip

    def __init__(self, step: Step, stage: str, call: Call, arguments: Snapshot) -> None:
        self.step = step
        self.stage = stage
        self.call = call
        self.arguments = arguments
        self.asks = False
        self.answered = "legacy"
        self.noise = False
        self.legacy: Optional[Said] = None
        self.candidate: Optional[Said] = None
        self.items = MOST_ITEMS
        self.size = arguments.size
        #: It hung, and was written down as that.
        self.abandoned = False
        #: The breaker knows already.
        self.judged = False
        #: Of a decide step: what the legacy did, and what the engine decided.
        self.seen: dict[str, Any] = {}
        self.decision: Any = None
        self.started = time.perf_counter_ns()

    @property
    def seconds(self) -> float:
        return self.step.deadline

    def elapsed(self) -> int:
        return time.perf_counter_ns() - self.started

    def work(self) -> None:
        try:
            self.step.work(self)
        except BaseException:
            self.step.count("failures")
            raise

    def abandon(self) -> None:
        """It hangs, and with it its thread. What it says later is not heard."""
        self.step.abandoned(self)


class Step:
    """A step of a migration."""

    def __init__(
        self,
        migration: Migration,
        name: str,
        legacy: Callable[..., Any],
        kind: str,
        candidate: Optional[Callable[..., Any]],
        options: dict[str, Any],
    ) -> None:
        self.migration = migration
        self.name = name
        self.legacy = legacy
        self.kind = kind
        self.candidate = candidate
        self.adapt_in: Optional[Callable[..., Any]] = options["adapt_in"]
        self.adapt_out: Optional[Callable[[Any], Any]] = options["adapt_out"]
        self.clean: Optional[Callable[[Any], Any]] = options["clean"]
        self.deadline: float = options["deadline"]
        self.reverse: Any = options["reverse"]
        self.raise_on_mismatch: bool = options["raise_on_mismatch"]
        self.gate = Gate(migration.name, name, options["key"], options["default"])
        self.stage = ("off", 10_000)
        self.mode = NEW
        self.calibrations = 0
        self.anew()

    def anew(self) -> None:
        """Counts nothing yet; in the child of a fork too."""
        self.breaker = Breaker()
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(COUNTS, 0)
        self._latency: dict[str, list[int]] = {side: [0] * (len(BOUNDS) + 1) for side in ("legacy", "candidate")}
        self.gate.reset()

    # What it is told.

    def set_stage(self, name: str, share: int) -> None:
        """The stage from the next call on."""
        self.stage = (name, share)
        self.gate.set_share(share if name in ("record", "shadow") else 10_000)
        self.settle()

    def settle(self) -> None:
        """What the wrapper has to know follows from the stage, the kill switch and the breaker."""
        name = self.stage[0]
        if name == "off" and self.migration.is_fixed:
            self.mode = OFF
        elif not self.migration.started:
            self.mode = NEW
        elif self.migration.killed or name == "off":
            self.mode = OFF
        elif name == "done":
            self.mode = DONE
        elif name in ("record", "shadow") and not self.breaker.is_open:
            self.mode = SHADOW
        else:
            self.mode = OTHER

    def start(self) -> None:
        """The first call of a process starts what is behind it."""
        try:
            self.migration.start()
        except Exception:
            self.count("failures")
        if self.mode == NEW:
            self.mode = OFF

    # The way of a call.

    def taken(self, taken: tuple[str, Snapshot]) -> Job:
        """A call that the gate has taken for a shadow."""
        return Job(self, self.stage[0], Call(taken[0], time.time_ns() // 1_000_000), taken[1])

    def begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Optional[Job]:
        """What is to be done with a call; None where the legacy is to answer alone."""
        try:
            return self._begin(args, kwargs)
        except Exception:
            self.count("failures")
            return None

    def _begin(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Optional[Job]:
        name, share = self.stage
        if not self.breaker.admits():
            self.count("skipped_breaker")
            return None
        if name in ("record", "shadow"):
            taken = self.gate.take(args, kwargs)
            return None if taken is None else self.taken(taken)
        place = self.gate.place(args, kwargs)
        if place is None:
            return None
        arguments = self.gate.arguments(args, kwargs)
        if arguments is None:
            return None
        job = Job(self, name, Call(place[0], time.time_ns() // 1_000_000), arguments)
        job.asks = name == "primary" or (name == "canary" and place[1] < share)
        return job

    def asked(self, job: Job) -> bool:
        """Asks the candidate for the answer; false where the legacy has to answer after all."""
        job.call.answering = True
        started = time.perf_counter_ns()
        try:
            value = background().seats.ask(functools.partial(self._answer, job), self.deadline)
            job.candidate = Said(time.perf_counter_ns() - started, value)
        except Exception as error:
            self._fell_back(job, started, error)
        return not job.candidate.failed if job.candidate else False

    async def asked_async(self, job: Job) -> bool:
        """The same from a coroutine."""
        job.call.answering = True
        started = time.perf_counter_ns()
        try:
            value = await background().seats.ask_async(functools.partial(self._answer, job), self.deadline)
            job.candidate = Said(time.perf_counter_ns() - started, value)
        except Exception as error:
            self._fell_back(job, started, error)
        return not job.candidate.failed if job.candidate else False

    def _answer(self, job: Job) -> Any:
        try:
            return self.answer(job)
        except Exception:
            raise
        except BaseException as error:
            # What ends a program, said by a candidate, ends the candidate.
            raise _Ended(type(error).__name__) from None

    def _fell_back(self, job: Job, started: int, error: BaseException) -> None:
        late = isinstance(error, Late)
        job.candidate = Said(time.perf_counter_ns() - started, None, None if late else name_of(error), late)
        job.call.answering = False
        self.count("fallbacks")
        if isinstance(error, Busy):
            self.breaker.trip()
            self.settle()
        elif late:
            # Whoever comes meanwhile would wait as long.
            job.judged = True
            self._failed(True)

    def answer(self, job: Job) -> Any:
        """The candidate's answer in the form of the legacy's."""
        return self.ask(job)

    def value(self, job: Job) -> Any:
        """What the candidate said, for the caller; the legacy is run beside it where it may be."""
        said = cast(Said, job.candidate)
        job.answered = "candidate"
        self.count("answered")
        try:
            self._reversed(job, said)
        except Exception:
            self.count("failures")
        return said.value

    def _reversed(self, job: Job, said: Said) -> None:
        if self.reverse is False:
            self._heard(said)
            return
        if job.stage == "primary" and bucket(self.migration.name, self.name, job.call.key) >= self.stage[1]:
            self._heard(said)
            return
        kept = self.gate.keep(said.value)
        if kept is None:
            self._heard(said)
            return
        job.candidate = Said(said.ns, kept)
        job.size += kept.size
        self._put(job)

    def _heard(self, said: Said) -> None:
        """The candidate answered, and nobody compares."""
        self.latency("candidate", said.ns)
        self._failed(False)

    def returned(self, job: Job, result: Any, items: int = MOST_ITEMS) -> None:
        """The legacy has answered. Raises only where a test asked for it."""
        ns = job.elapsed()
        try:
            kept = self.gate.keep(result)
            if kept is None:
                self._lost(job)
                return
            job.legacy, job.items = Said(ns, kept), items
            job.size += kept.size
            self._told(job)
        except (KeyboardInterrupt, Mismatch):
            raise
        except BaseException:
            self.count("failures")

    def raised(self, job: Job, error: Exception) -> None:
        """The legacy has raised."""
        try:
            job.legacy = Said(job.elapsed(), None, name_of(error))
            self.count("legacy_errors")
            self._told(job)
        except (KeyboardInterrupt, Mismatch):
            raise
        except BaseException:
            self.count("failures")

    def _told(self, job: Job) -> None:
        if job.stage == "verify":
            self._verify(job)
        else:
            self._put(job)

    def _put(self, job: Job) -> None:
        if self.calibrations > 0 and job.answered == "legacy" and job.candidate is None:
            self.calibrations -= 1
            job.noise = True
        if not background().put(job):
            self.count("dropped")
            self.calibrations += job.noise
            self._lost(job)

    def _lost(self, job: Job) -> None:
        """Nobody compares; that a candidate failed is known all the same."""
        if job.candidate is not None and job.candidate.failed:
            self._candidate_accounts(job)

    def enter(self, job: Job) -> Any:
        """Before the legacy is called."""

    def leave(self, token: Any) -> None:
        """After it was."""

    # Behind the caller.

    def work(self, job: Job) -> None:
        """Asks whoever was not asked yet, and writes the pair down."""
        if job.answered == "candidate":
            job.legacy = self._run(job, functools.partial(self.ask_legacy, job))
            if job.legacy.failed:
                self.count("legacy_errors")
        elif job.noise:
            job.candidate = self._run(job, functools.partial(self.ask_legacy, job))
        elif job.candidate is None and job.stage != "record":
            job.candidate = self._run(job, functools.partial(self.ask, job))
        if not job.abandoned:
            self._write(job)

    def _run(self, job: Job, ask: Callable[[], Any]) -> Said:
        started = time.perf_counter_ns()
        token = CURRENT.set(job.call)
        try:
            value = ask()
        except Late:
            return Said(time.perf_counter_ns() - started, late=True)
        except BaseException as error:
            return Said(time.perf_counter_ns() - started, raised=name_of(error))
        finally:
            CURRENT.reset(token)
        ns = time.perf_counter_ns() - started
        return Said(ns, late=True) if ns > self.deadline * 1e9 and not job.noise else Said(ns, value)

    def ask(self, job: Job) -> Any:
        """The candidate, on arguments of its own."""
        args, kwargs = job.arguments.fresh()
        token = CURRENT.set(job.call)
        try:
            value = self.through(self.call_candidate(args, kwargs), job.items)
            return value if self.adapt_out is None else self.adapt_out(value)
        finally:
            CURRENT.reset(token)

    def ask_legacy(self, job: Job) -> Any:
        """The legacy once more, on arguments of its own."""
        args, kwargs = job.arguments.fresh()
        function = self.reverse if callable(self.reverse) else self.legacy
        return self.through(function(*args, **kwargs), job.items)

    def call_candidate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The candidate with what it takes."""
        candidate = cast(Callable[..., Any], self.candidate)
        if self.adapt_in is None:
            return candidate(*args, **kwargs)
        adapted = self.adapt_in(*args, **kwargs)
        if isinstance(adapted, Args):
            return candidate(*adapted.args, **adapted.kwargs)
        return candidate(adapted)

    def through(self, value: Any, most: int) -> Any:
        """An answer when it is there: awaited, and item by item where the legacy is a generator."""
        if inspect.isawaitable(value):
            value = self._loop(_awaited(value))
        if self.kind not in ("generator", "async generator"):
            return value
        if hasattr(value, "__aiter__"):
            return self._loop(_collected(value, most))
        return list(itertools.islice(iter(value), most))

    def _loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        return background().loop().run(work, self.deadline)

    def _verify(self, job: Job) -> None:
        if job.candidate is None:
            job.candidate = self._run(job, functools.partial(self.ask, job))
        self._accounts(job)
        verdict = self.migration.ledger.record([self.observation(job)])[0]
        self.tell(verdict)
        if self.raise_on_mismatch and verdict.verdict == "mismatch":
            raise Mismatch(f"{self.name}: {', '.join(verdict.classes)}")

    def _write(self, job: Job) -> None:
        self._accounts(job)
        self.migration.ledger.add(self, self.observation(job))

    def _accounts(self, job: Job) -> None:
        if job.legacy is not None:
            self.latency("legacy", job.legacy.ns)
        if job.candidate is not None and not job.noise:
            self._candidate_accounts(job)

    def _candidate_accounts(self, job: Job) -> None:
        candidate = cast(Said, job.candidate)
        self.latency("candidate", candidate.ns)
        if candidate.late:
            self.count("timeouts")
        elif candidate.raised is not None:
            self.count("candidate_errors")
        # Where both refuse a lead, nobody has failed.
        raised = candidate.raised
        both = raised is not None and job.legacy is not None and job.legacy.raised == raised
        if not job.judged:
            self._failed(candidate.failed and not both)

    def _failed(self, failed: bool) -> None:
        if self.breaker.add(failed):
            self.settle()

    def abandoned(self, job: Job) -> None:
        """The candidate, or the legacy beside it, hangs."""
        job.abandoned = True
        hung = Said(job.elapsed(), late=True)
        seen = Job(self, job.stage, job.call, job.arguments)
        seen.answered, seen.noise = job.answered, job.noise
        seen.legacy, seen.candidate = (hung, job.candidate) if job.answered == "candidate" else (job.legacy, hung)
        self.breaker.trip()
        self.settle()
        self._write(seen)

    def observation(self, job: Job) -> bytes:
        """A pair as the ledger takes it. What a side says is read on a copy of its own."""
        legacy, candidate = cast(Said, job.legacy), job.candidate
        parts = [
            b'{"step":' + to_json(self.name),
            b'"key":' + to_json(job.call.key),
            b'"at":' + to_json(rfc3339(job.call.at_ms)),
            b'"stage":' + to_json(job.stage),
            b'"answered":' + to_json(job.answered),
            b'"legacy":' + legacy.json(self.read),
            b'"legacy_ns":' + to_json(legacy.ns),
        ]
        if candidate is not None:
            parts.append(b'"candidate":' + self._candidate_json(candidate))
            parts.append(b'"candidate_ns":' + to_json(candidate.ns))
        if job.noise:
            parts.append(b'"noise":true')
        if self.migration.ledger.values:
            parts.append(b'"input":' + job.arguments.json())
        return b",".join(parts) + b"}"

    def _candidate_json(self, said: Said) -> bytes:
        try:
            return said.json(self.read)
        except BaseException as error:
            # It cannot be read, or cannot be said in JSON: that is the candidate's answer then.
            self.count("candidate_errors")
            return Said(said.ns, raised=name_of(error)).json(self.read)

    def read(self, value: Any) -> Any:
        """What is compared of an answer."""
        if isinstance(value, Snapshot):
            value = value.fresh()
        return value if self.clean is None else self.clean(value)

    # What is counted.

    def tell(self, verdict: Verdict) -> None:
        """What the core says of a pair."""
        self.count(_VERDICTS.get(verdict.verdict, "recorded"))

    def count(self, name: str) -> None:
        """One more of these."""
        with self._lock:
            self._counts[name] += 1

    def latency(self, side: str, ns: int) -> None:
        """How long a side took."""
        micros = ns // 1_000
        at = next((at for at, bound in enumerate(BOUNDS) if micros <= bound), len(BOUNDS))
        with self._lock:
            self._latency[side][at] += 1

    def counters(self) -> dict[str, Any]:
        """All that was counted in this process. Nothing in it comes from a lead."""
        calls, sampled_out, unkeyed, unsnapshotable = self.gate.counts()
        with self._lock:
            latency = {
                f"{side}_micros": [[bound, n] for bound, n in zip([*BOUNDS, None], row)] for side, row in self._latency.items()
            }
            counted: dict[str, Any] = {
                "calls": calls, "sampled_out": sampled_out, "unkeyed": unkeyed, "unsnapshotable": unsnapshotable, **self._counts,
            }  # fmt: skip
        return {**counted, "breaker_open": self.breaker.is_open, **latency}


COUNTS = (
    "dropped", "skipped_breaker", "recorded", "matched", "known", "mismatched", "legacy_errors", "candidate_errors",
    "timeouts", "answered", "fallbacks", "observed", "unobserved", "sold_without_room", "failures",
)  # fmt: skip
_VERDICTS = {"match": "matched", "known": "known", "mismatch": "mismatched", "recorded": "recorded"}


class _Ended(Exception):
    """A candidate said what ends a program."""


def name_of(error: BaseException) -> str:
    return str(error) if isinstance(error, _Ended) else type(error).__name__


async def _awaited(value: Any) -> Any:
    return await value


async def _collected(items: AsyncIterator[Any], most: int) -> list[Any]:
    found = []
    async for item in items:
        found.append(item)
        if len(found) >= most:
            break
    return found


def kind_of(function: Callable[..., Any]) -> str:
    """What calling it gives."""
    if inspect.isasyncgenfunction(function):
        return "async generator"
    if inspect.iscoroutinefunction(function):
        return "coroutine"
    if inspect.isgeneratorfunction(function):
        return "generator"
    return "function"
