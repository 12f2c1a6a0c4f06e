"""A migration: its steps, their stages, and what came of them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, Optional, TypeVar, Union, cast

from .._engine import Engine
from .. import parity as parity_core
from . import _work
from ._decide import DecideStep, Seen
from ._errors import MigrationError
from ._ledger import Known, Ledger, path_of
from ._limits import Limits, Room
from ._source import KillSwitch, Source, StageSource, killed_by_env, source_of
from ._step import Step, kind_of
from ._threads import Busy, Late
from ._view import DryRun
from ._wrap import wrap

F = TypeVar("F", bound=Callable[..., Any])
Key = Callable[..., Any]

_LOG = logging.getLogger("leadwright.migrate")
_LIMITS = "limits"


def _id_of(lead: Any, *_: Any, **__: Any) -> Any:
    return lead["id"]


class Migration:
    """Some functions of an app on their way to leadwright, each under a name of its own and with a stage of its own.

    ``parity`` is the file of pairs; it is made when the first one is written. ``key`` says from a call's arguments which
    lead it is about; by default it is the ``id`` of the first. ``stage`` is a text, a dict by step, a function of the step's
    name, or one of ``stage_from_env``, ``stage_from_file`` and ``stage_from_openfeature``. ``kill`` stops all candidates; by
    default the variable ``LEADWRIGHT_MIGRATE_KILL`` does. With ``hash_key`` (hex, 16 bytes or more) values are told apart in
    the file by keyed hashes; with ``values`` they stand in it themselves, and it is personal data. With ``ids`` the keys of
    leads do.
    """

    def __init__(
        self,
        name: str,
        engine: Optional[Engine] = None,
        parity: Union[str, os.PathLike[str]] = "parity.db",
        *,
        key: Key = _id_of,
        stage: StageSource = "off",
        kill: Optional[KillSwitch] = None,
        hash_key: Optional[str] = None,
        values: bool = False,
        ids: bool = False,
    ) -> None:
        self.name = name
        self.killed: bool = False
        self._engine = engine
        self._key = key
        self._source: Source = source_of(stage)
        self._kill = killed_by_env("LEADWRIGHT_MIGRATE_KILL") if kill is None else kill
        self.ledger: Ledger = Ledger(path_of(parity), name, hash_key, values, ids)
        self._steps: dict[str, Step] = {}
        self._limits: Optional[Limits] = None if engine is None else Limits(name, _LIMITS, engine)
        self._reasons: dict[str, Optional[str]] = {}
        self._refused: dict[str, str] = {}
        self._set: dict[str, str] = {}
        self.started: bool = False
        self._reading = False
        #: Whether stages change by `set_stage` alone.
        self.is_fixed: bool = isinstance(stage, (str, Mapping))
        _work.register(self)

    # Setting up.

    @property
    def engine(self) -> DryRun:
        """The engine as candidates may use it: it decides dry, and writes nothing."""
        return DryRun(self._engine_of("a candidate with an engine"))

    def _engine_of(self, what: str) -> Engine:
        if self._engine is None:
            raise MigrationError(f"{what} needs `Migration(…, engine=…)`", "migrate.no_engine")
        return self._engine

    def step(
        self,
        name: str,
        *,
        candidate: Callable[..., Any],
        adapt_in: Optional[Callable[..., Any]] = None,
        adapt_out: Optional[Callable[[Any], Any]] = None,
        clean: Optional[Callable[[Any], Any]] = None,
        ignore: Iterable[str] = (),
        tolerance: Mapping[str, Any] = {},
        unordered: Iterable[str] = (),
        money: Iterable[str] = (),
        known: Iterable[Known] = (),
        key: Optional[Key] = None,
        default: Optional[Callable[[Any], Any]] = None,
        deadline: float = 0.25,
        reverse: Union[bool, Callable[..., Any]] = True,
        raise_on_mismatch: bool = False,
    ) -> Callable[[F], F]:
        """Decorates the legacy of a step. What it returns is of the same kind, with the same name and signature.

        ``adapt_in`` makes the candidate's argument from the legacy's (or :class:`Args` from several), ``adapt_out`` an
        answer like the legacy's from the candidate's, and ``clean`` what is compared from either. ``default`` makes plain
        what is not, as that of ``json.dumps``, before the legacy is called. ``reverse`` is whether the legacy runs beside the
        candidate that answers: false where it has side effects, or a function without any that does the same.
        """
        rules = _rules(ignore, tolerance, unordered, money, known, False)
        options = {
            "adapt_in": adapt_in, "adapt_out": adapt_out, "clean": clean, "deadline": deadline, "reverse": reverse,
            "raise_on_mismatch": raise_on_mismatch, "key": self._key if key is None else key, "default": default,
        }  # fmt: skip

        def decorate(legacy: F) -> F:
            step = Step(self, name, _callable(legacy), kind_of(legacy), candidate, options)
            return cast(F, self._added(step, rules))

        return decorate

    def decide(
        self,
        name: str = "decide",
        *,
        seen: Seen,
        adapt_in: Optional[Callable[..., Any]] = None,
        adapt_out: Optional[Callable[[Any], Any]] = None,
        ignore: Iterable[str] = (),
        tolerance: Mapping[str, Any] = {},
        known: Iterable[Known] = (),
        key: Optional[Key] = None,
        default: Optional[Callable[[Any], Any]] = None,
        observe: str = "background",
        reverse: Optional[Callable[..., Any]] = None,
        without_limits: Optional[str] = None,
        raise_on_mismatch: bool = False,
    ) -> Callable[[F], F]:
        """Decorates the function that decides a lead in the old app; the candidate is the engine.

        ``seen`` says what the legacy did, as :meth:`leadwright.Engine.observe` takes it, or None. Every call is observed
        ``inline`` or in the ``background``, and compared with what the engine would have decided on the same state.
        ``adapt_out`` makes the legacy's answer from a decision. A canary may begin when the step ``limits`` is in force:
        then the old app sells nothing without :meth:`room`. ``without_limits`` is the reason why it may begin without.
        """
        if observe not in ("background", "inline"):
            raise MigrationError("`observe` is `background` or `inline`", "migrate.bad_step")
        engine = self._engine_of("a decide step")
        options = {
            "adapt_in": adapt_in, "adapt_out": adapt_out, "clean": None, "deadline": 5.0,
            "reverse": False if reverse is None else reverse, "raise_on_mismatch": raise_on_mismatch,
            "key": self._key if key is None else key, "default": default,
        }  # fmt: skip
        rules = _rules(ignore, tolerance, (), (), known, True)

        def decorate(legacy: F) -> F:
            kind = kind_of(legacy)
            if "generator" in kind:
                raise MigrationError("what decides a lead is no generator", "migrate.bad_step")
            step = DecideStep(self, name, _callable(legacy), kind, options, engine, seen, observe == "inline")
            self._reasons[name] = without_limits
            return cast(F, self._added(step, rules))

        return decorate

    def _added(self, step: Step, rules: dict[str, Any]) -> Callable[..., Any]:
        if step.name in self._steps or step.name == _LIMITS:
            raise MigrationError(f"there is a step `{step.name}` already", "migrate.bad_step")
        self.ledger.add_step(step.name, rules)
        self._steps[step.name] = step
        try:
            if not self._source.slow:
                self._read(strict=True)
        except BaseException:
            del self._steps[step.name]
            raise
        return wrap(step)

    def room(self, contract: str, key: str, **options: Any) -> AbstractContextManager[Room]:
        """Room for one sale of the old app, from the limits of a contract; ``options`` are those of ``reserve_external``.

        >>> with m.room("acme-il", "old-4711", price="40.00") as room:  # doctest: +SKIP
        ...     if room.held:
        ...         sell(lead)
        """
        if self._limits is None:
            raise MigrationError("limits need `Migration(…, engine=…)`", "migrate.no_engine")
        self.start()
        return self._limits.room(contract, key, **options)

    @property
    def limits_in_force(self) -> bool:
        """Whether the old app sells nothing without room."""
        return self._limits is not None and self._limits.in_force

    # Stages.

    def set_stage(self, step: str, stage: str) -> None:
        """Sets a stage from the app itself, over whatever source there is. Raises where it may not be."""
        if step not in self._names():
            raise MigrationError(f"there is no step `{step}`", "migrate.bad_step")
        before = self._set.get(step)
        self._set[step] = stage
        try:
            self._apply(step, stage)
        except BaseException:
            self._set.pop(step) if before is None else self._set.__setitem__(step, before)
            raise

    def stage(self, step: str) -> str:
        """The stage that a step has now."""
        name, share = self._stage_of(step).stage
        return name if share == 10_000 and name != "canary" else f"{name} {share / 100:g}"

    def _names(self) -> list[str]:
        return [*([] if self._limits is None else [_LIMITS]), *self._steps]

    def _stage_of(self, step: str) -> Any:
        return self._limits if step == _LIMITS else self._steps[step]

    def _apply(self, step: str, text: str) -> None:
        name, share = parity_core.stage(text)
        if name in ("canary", "primary", "done") and step in self._reasons and not self.limits_in_force:
            if not self._reasons[step]:
                why = f"`{step}` may be `{name}` when the step `limits` is `primary`: before that two systems count the caps"
                raise MigrationError(f"{why}; `without_limits` names the reason why it may all the same", "migrate.no_limits")
        target = self._stage_of(step)
        if target.stage == (name, share):
            return
        if step == _LIMITS:
            target.stage = (name, share)
        else:
            target.set_stage(name, share)

    def _read(self, strict: bool = False) -> None:
        """Reads all stages. One that may not be leaves the step as it is, and is said in :meth:`status`."""
        names = self._names()
        read = {**self._source.read(names), **self._set}
        for step in names:
            try:
                self._apply(step, read[step])
                self._refused.pop(step, None)
            except Exception as error:
                if strict:
                    raise
                if self._refused.get(step) != str(error):
                    _LOG.error("migration %s, step %s: the stage stays as it is: %s", self.name, step, error)
                self._refused[step] = str(error)

    def _look(self) -> None:
        """The kill switch, then the stages."""
        try:
            killed = bool(self._kill.on())
        except Exception:
            killed = self.killed
        if killed != self.killed:
            self.killed = killed
            if self._limits is not None:
                self._limits.killed = killed
            for step in self._steps.values():
                step.settle()
        if not self._source.slow:
            self._read()

    def _read_slowly(self) -> None:
        """A source that hangs holds up nothing but itself."""
        if self._reading or not self._source.slow:
            return
        self._reading = True

        def read() -> None:
            try:
                self._read()
            finally:
                self._reading = False

        try:
            _work.background().seats.ask(read, 0.5)
        except (Late, Busy):
            pass

    def start(self) -> None:
        """Begins to read stages in this process; the first call does it."""
        if self.started:
            return
        self.started = True
        try:
            self._look()
        finally:
            for step in self._steps.values():
                step.settle()
        _work.background()

    # The background calls these.

    def tick(self) -> None:
        """Once a second."""
        if not self.started:
            return
        try:
            self._look()
            self._read_slowly()
        finally:
            self.counted()

    def counted(self) -> None:
        """The counts go into the file."""
        self.ledger.count({name: step.counters() for name, step in self._steps.items()})

    def written(self, seconds: float) -> bool:
        """There is nothing more to be done for now."""
        return self.ledger.write(seconds)

    def forked(self) -> None:
        """In the child of a fork."""
        self.started = self._reading = False
        self.ledger.anew()
        if self._limits is not None:
            self._limits.anew()
        for step in self._steps.values():
            step.anew()
            step.settle()

    # What came of it.

    def calibrate(self, step: str, n: int = 1000) -> None:
        """Runs the legacy beside itself for the next ``n`` calls that are sampled: how much it differs from itself is the
        noise that a candidate is measured against. Only for a legacy that may run twice."""
        if step not in self._steps or isinstance(self._steps[step], DecideStep):
            raise MigrationError(f"`{step}` is no step whose legacy can run twice", "migrate.bad_step")
        self._steps[step].calibrations = n

    def flush(self, timeout: float = 2.0) -> bool:
        """Waits until everything is compared and written; whether it is."""
        done = _work.flush(timeout)
        self.counted()
        return done

    def counters(self) -> dict[str, dict[str, Any]]:
        """What was counted in this process, by step. Nothing in it comes from a lead."""
        limits = {} if self._limits is None else {_LIMITS: self._limits.counters()}
        return {**limits, **{name: step.counters() for name, step in self._steps.items()}}

    def status(self) -> dict[str, Any]:
        """The stage of each step, what was refused and why, and whether the kill switch is on."""
        stages = {step: self.stage(step) for step in self._names()}
        refused = dict(self._refused)
        return {"killed": self.killed, "stages": stages, "refused": refused, "ledger_failures": self.ledger.failures}

    def summary(self, step: Optional[str] = None) -> dict[str, Any]:
        """What the file of pairs says: rates with their intervals, classes, known differences, latencies."""
        found: dict[str, Any] = self.ledger.summary(step)
        return found

    def check(self, gate: Mapping[str, Any]) -> dict[str, Any]:
        """Whether a step is ready by a gate, and each condition with what was found and what was wanted."""
        found: dict[str, Any] = self.ledger.check(gate)
        return found

    def __repr__(self) -> str:
        return f"<Migration {self.name}>"


def _rules(
    ignore: Iterable[str],
    tolerance: Mapping[str, Any],
    unordered: Iterable[str],
    money: Iterable[str],
    known: Iterable[Known],
    decision: bool,
) -> dict[str, Any]:
    rules: dict[str, Any] = {
        "ignore": list(ignore),
        "tolerance": {path: format(Decimal(str(most)), "f") for path, most in tolerance.items()},
        "unordered": list(unordered),
        "money": list(money),
        "known": [one.rule() for one in known],
        "decision": decision,
    }
    return {name: rule for name, rule in rules.items() if rule}


def _callable(legacy: Any) -> Callable[..., Any]:
    if isinstance(legacy, (staticmethod, classmethod)) or not callable(legacy):
        raise TypeError("a step is a function; `@staticmethod` and `@classmethod` stand above it")
    return cast(Callable[..., Any], legacy)
