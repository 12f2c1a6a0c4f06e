"""The decide step: the engine keeps the state of the legacy by observing it, and decides dry beside it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Optional, cast

from .._decision import Decision
from .._engine import Engine
from .._errors import LeadwrightError
from .._leadwright import Snapshot
from ..parity import bucket
from ._breaker import Breaker
from ._call import CURRENT
from ._errors import Mismatch
from ._job import MOST_ITEMS, Job, Said, name_of
from ._step import Step
from ._threads import Busy
from ._work import background

if TYPE_CHECKING:
    from ._migration import Migration

Seen = Callable[[Any], Optional[dict[str, Any]]]


class DecideStep(Step):
    """A step whose candidate is the engine.

    While the legacy answers, what it did is observed, every call of it, and compared with what the engine would have
    decided on the same state. In a canary the engine decides: what it wrote cannot be taken back, so nobody falls back to
    the legacy after it.
    """

    observes = True

    def __init__(
        self,
        migration: Migration,
        name: str,
        legacy: Callable[..., Any],
        kind: str,
        options: dict[str, Any],
        engine: Engine,
        seen: Seen,
        inline: bool,
    ) -> None:
        super().__init__(migration, name, legacy, kind, None, options)
        self.engine = engine
        self.seen = seen
        self.inline = inline

    def set_stage(self, name: str, share: int) -> None:
        """Every call is observed, also one that is not compared."""
        super().set_stage(name, share)
        self.gate.set_share(10_000)

    def settle(self) -> None:
        super().settle()
        if self.breaker.is_open and self.stage[0] in ("record", "shadow") and not self.migration.killed:
            # Nobody compares; what the legacy does is observed all the same.
            self.breaker = Breaker()
            super().settle()

    # The candidate answers.

    def asked(self, job: Job) -> bool:
        """The engine decides here and now: it is not left behind in the middle of a sale."""
        job.call.answering = True
        started = time.perf_counter_ns()
        try:
            # Whatever can go wrong goes wrong before anything is written.
            self._out(self.engine.dry_run(self._lead(job), now=job.call.at, seed=job.call.seed))
            decision = self._decided(job)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._fell_back(job, started, error)
            return False
        job.decision = decision
        job.candidate = Said(time.perf_counter_ns() - started, self._out(decision))
        return True

    async def asked_async(self, job: Job) -> bool:
        """The same off the event loop."""
        started = time.perf_counter_ns()
        try:
            return await background().seats.ask_async(functools.partial(self.asked, job), None)
        except Busy as error:
            self._fell_back(job, started, error)
            return False

    def _decided(self, job: Job) -> Decision:
        decide = functools.partial(self.engine.decide, self._lead(job), now=job.call.at, seed=job.call.seed)
        try:
            return decide()
        except LeadwrightError as error:
            if error.code != "store.commit_unknown":
                raise
            return decide()  # The same lead again is answered as it was recorded.

    def _reversed(self, job: Job, said: Said) -> None:
        if not callable(self.reverse):
            self._heard(said)
            return
        self._put(job)

    def ask_legacy(self, job: Job) -> Any:
        """What the legacy would have done, and beside it as much of what the engine did."""
        told = self.seen(super().ask_legacy(job)) or {}
        sales = list(told.get("sales", ()))
        names = [name for name in ("contract", "buyer", "price") if all(name in sale for sale in sales)]
        job.candidate = Said(cast(Said, job.candidate).ns, decision_form(job.decision, names))
        return {"outcome": told.get("outcome"), "sales": [{name: sale[name] for name in names} for sale in sales]}

    def _out(self, decision: Decision) -> Any:
        return decision if self.adapt_out is None else self.adapt_out(decision)

    def _lead(self, job: Job) -> Any:
        args, kwargs = job.arguments.fresh()
        if self.adapt_in is not None:
            return self.adapt_in(*args, **kwargs)
        return args[0] if args else next(iter(kwargs.values()))

    # The legacy answers.

    def enter(self, job: Job) -> Any:
        """The rooms that the legacy takes are those of this call."""
        return CURRENT.set(job.call)

    def leave(self, token: Any) -> None:
        CURRENT.reset(token)

    def returned(self, job: Job, result: Any, items: int = MOST_ITEMS) -> None:
        """The legacy has decided: that is taken down, at once where the app wants it so."""
        job.legacy = Said(job.elapsed())
        try:
            said = self.seen(result)
            if said is None:
                self.count("unobserved")
                return
            job.seen = dict(said)
            if self.inline or job.stage == "verify":
                self._observe(job)
            self._told(job)
        except (KeyboardInterrupt, Mismatch):
            raise
        except BaseException:
            self.count("unobserved")

    def raised(self, job: Job, error: Exception) -> None:
        """What the legacy did before it raised, nobody knows."""
        self.count("unobserved")
        self.count("legacy_errors")

    def _put(self, job: Job) -> None:
        if not background().put(job):
            self.count("dropped")
            self.count("unobserved")

    def work(self, job: Job) -> None:
        if job.answered == "candidate":
            super().work(job)
            return
        if not self.inline:
            try:
                self._observe(job)
            except Exception:
                self.count("unobserved")
                raise
        if job.candidate is not None or job.stage == "record":
            self._write(job)

    def _verify(self, job: Job) -> None:
        if job.candidate is not None:
            super()._verify(job)

    def _observe(self, job: Job) -> None:
        """Takes down what the legacy did, and what would have been decided on the state before it."""
        said = self._with_rooms(job, job.seen)
        compare = job.candidate is None and job.stage != "record" and self._sampled(job)
        at, seed = job.call.at, job.call.seed
        told, ours = self.engine.observe(self._lead(job), {"at": at, **said, "compare": compare}, now=at, seed=seed)
        self.count("observed")
        if ours is not None:
            ns = job.elapsed()
            try:
                self._out(ours)
            except Exception as error:
                job.candidate = Said(ns, raised=name_of(error))
            else:
                job.candidate = Said(ns, ours)
        job.legacy = Said(cast(Said, job.legacy).ns, told)

    def _sampled(self, job: Job) -> bool:
        share = self.stage[1] if job.stage == "shadow" else 10_000
        return share >= 10_000 or bucket(self.migration.name, self.name, job.call.key) < share

    def _with_rooms(self, job: Job, said: dict[str, Any]) -> dict[str, Any]:
        rooms = job.call.rooms
        sales = [dict(sale) for sale in said.get("sales", ())]
        for sale in sales:
            if sale.get("contract") in rooms:
                sale.setdefault("reservation", rooms[sale["contract"]])
        if self.migration.limits_in_force and any("reservation" not in sale for sale in sales):
            self.count("sold_without_room")
        return {**said, "sales": sales} if sales else dict(said)

    def read(self, value: Any) -> Any:
        """Both sides in the words of decisions."""
        if isinstance(value, Snapshot):
            value = value.fresh()
        return decision_form(value) if isinstance(value, Decision) else super().read(value)


def decision_form(decision: Decision, names: Iterable[str] = ("contract", "buyer", "price")) -> dict[str, Any]:
    """Who got a lead, and for how much."""
    names = list(names)
    sales = [{name: sale[name] for name in names if name in sale} for sale in decision.assignments]
    return {"outcome": decision.outcome, "sales": sales}
