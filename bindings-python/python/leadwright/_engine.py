"""The engine: a plan and a store."""

from __future__ import annotations

import datetime
import json
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Optional, Union

from . import _leadwright
from ._buyers import Buyers, Secrets
from ._events import Subscription
from ._lazy import Answer
from ._lists import SuppressionList
from ._plan import Plan
from ._rows import rows
from ._validate import Key, Lead, key_bytes

Now = Union[str, datetime.datetime, None]
_Receipt = tuple[int, str, bool]


# What a fork has to wait for: a connection that is open in the middle of a fork is open in two processes that do not know
# of each other.
_OPEN: weakref.WeakSet[Union[_leadwright.Engine, _leadwright.Parity]] = weakref.WeakSet()


class _Resting(threading.local):
    """What the fork of this thread put to rest: two threads may be about to fork, and each wakes only its own."""

    def __init__(self) -> None:
        self.engines: list[_leadwright.Resting] = []


_resting = _Resting()


def _before_fork() -> None:
    _resting.engines.extend(resting for engine in list(_OPEN) if (resting := engine.rest()) is not None)


def _after_fork() -> None:
    while _resting.engines:
        _resting.engines.pop().wake()


def _in_child() -> None:
    # Nothing rests in the child: its engines begin anew.
    _resting.engines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)


class Decision(Answer):
    """The complete answer about one lead. Its bytes are the core's; members are read when asked for."""

    __slots__ = ("durability", "replayed", "seq")

    def __init__(self, data: bytes, receipt: _Receipt) -> None:
        super().__init__(data)
        self.seq, self.durability, self.replayed = receipt

    @property
    def id(self) -> str:
        """``<source>/<lead>.<n>``."""
        return str(self._member("id"))

    @property
    def outcome(self) -> str:
        """rejected, suppressed, duplicate, assigned, unmatched, unsold, queued or test."""
        return str(self._member("outcome"))

    @property
    def observed(self) -> bool:
        """Whether another system decided, and this is what it did."""
        return bool(self.to_dict().get("observed", False))

    @property
    def assignments(self) -> list[dict[str, Any]]:
        """Who got it: buyer, contract, group, sale, price, state and delivery key."""
        return list(self._member("assignments"))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong with the lead."""
        return list(self._member("problems"))

    @property
    def canonical(self) -> dict[str, Any]:
        """The canonical lead. Personal data."""
        return dict(self._member("canonical"))

    @property
    def quality(self) -> Optional[dict[str, Any]]:
        """How good the lead looks, ``score`` and ``reasons``; None where nothing speaks against it."""
        quality = self.to_dict().get("quality")
        return None if quality is None else dict(quality)

    @property
    def lists(self) -> dict[str, Any]:
        """What each suppression list said; without those that could hold nothing of the lead."""
        return dict(self.to_dict().get("lists", {}))

    @property
    def overrides(self) -> dict[str, Any]:
        """What operations had changed about contracts whose criteria were met, by contract and by what they set."""
        return dict(self.to_dict().get("overrides", {}))

    @property
    def trace(self) -> dict[str, Any]:
        """Why: the funnel, an entry for each contract whose criteria were met, the groups."""
        return dict(self._member("trace"))

    def redacted(self, plan: Plan) -> Decision:
        """The same decision as others may see it who must not see the lead. ``plan`` knows the class of each field."""
        return self._shown(plan._native.redact(self.json, "redacted", None))

    def hashed(self, plan: Plan, key: Key) -> Decision:
        """The same with keyed hashes in place of the lead's values. The key has 16 bytes or more."""
        return self._shown(plan._native.redact(self.json, "hashed", key_bytes(key)))

    def _shown(self, data: bytes) -> Decision:
        return Decision(data, (self.seq, self.durability, self.replayed))

    def __repr__(self) -> str:
        return f"<Decision {self.id} {self.outcome}>"


class Observed(NamedTuple):
    """What was taken down of a lead of another system."""

    #: The decision that says what the other system did.
    told: Decision
    #: What would have been decided here, where that was asked for; nothing of it is recorded.
    ours: Optional[Decision]


class LineError(Answer):
    """The answer to a line of a batch that was no lead: blank, or too long."""

    __slots__ = ()

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong."""
        return list(self._member("problems"))


class Engine:
    """Decides leads by a plan and records them in a store. Share it between threads; use it after ``fork`` too.

    ``store`` is the path of a SQLite file, made when it is not there, or a PostgreSQL database (``postgres://…``);
    without it decisions are kept in memory.
    ``lists`` are those that the plan keeps outside of itself. Until one is given it counts as missing, and nobody is
    sold whom it could hold.

    With ``keys``, 32 bytes under an id each, all that is about a person is encrypted in the file, and whoever is forgotten
    is gone from backups too. The first key locks what is new; the others open what was locked with them.
    """

    def __init__(
        self,
        plan: Plan,
        store: Union[str, os.PathLike[str], None] = None,
        *,
        tenant: str = "main",
        relaxed: bool = False,
        keys: Optional[Mapping[str, bytes]] = None,
        lists: Mapping[str, SuppressionList] = {},
        _version: Optional[tuple[str, str]] = None,
    ) -> None:
        path = None if store is None else os.fspath(store)
        # Of a number `bytes` makes so many zeros.
        given_keys = None if keys is None else [(id, bytes(memoryview(key))) for id, key in keys.items()]
        if given_keys is not None and path is None:
            raise ValueError("keys are for a store in a file: there is no `store`")
        self._native = _leadwright.Engine(plan._native, path, tenant, relaxed, given_keys, _version)
        for name, given in lists.items():
            self.set_list(name, given)
        _OPEN.add(self._native)

    def decide(self, lead: Lead, *, now: Now = None, seed: int = 0) -> Decision:
        """Decides one lead and records the decision. The clock is asked only where ``now`` is not given.

        A bad lead raises nothing: its outcome is ``rejected``, and its problems say why.
        """
        return self._decided(self._native.decide(_given(lead), now, seed, False))

    def dry_run(self, lead: Lead, *, now: Now = None, seed: int = 0) -> Decision:
        """Decides against the state of the store, and writes nothing."""
        return self._decided(self._native.decide(_given(lead), now, seed, True))

    def decide_batch(
        self, leads: Union[str, bytes, Iterable[Lead]], *, now: Now = None, seed: int = 0, threads: int = 1
    ) -> list[Union[Decision, LineError]]:
        """Decides JSON Lines, or any iterable of leads, in their order. One time holds for all of them.

        A data frame is taken as its rows, as :func:`validate_many` takes it, and so are a table, a batch or a column of
        Arrow; a column holds a lead as JSON in each row.
        """
        return _answers(self._native.decide_batch(_lines(leads), now, seed, threads))

    def prepare_batch(
        self, leads: Union[str, bytes, Iterable[Lead]], *, now: Now = None, seed: int = 0, threads: int = 1
    ) -> list[bytes]:
        """The half of :meth:`decide_batch` that needs no state, for a machine that does not settle: validates,
        canonicalizes and matches the leads, and gives a row of bytes for each, for :meth:`settle_batch` of an engine with
        the same plan, tenant and version. An engine without a store does; it needs its ``lists``.

        Where several machines prepare, give them the same ``now``. Rows hold the lead: personal data.
        """
        return self._native.prepare_batch(_lines(leads), now, seed, threads)

    def settle_batch(self, rows: Iterable[bytes], *, line: int = 1) -> list[Union[Decision, LineError]]:
        """Settles what :meth:`prepare_batch` gave, in the order of the rows: the same bytes as :meth:`decide_batch` of the
        leads. The first is the line of this number. Rows may be a column of Arrow.

        All are read before the first is settled. An :class:`InputError` ``prepared.*`` says that one is damaged, or is of
        another plan, tenant or version. A checksum finds damage, not intent: take rows from your own machines only.

        >>> worker.prepare_batch(leads, now=now)  # doctest: +SKIP
        >>> engine.settle_batch(rows)  # doctest: +SKIP
        """
        given = rows.to_pylist() if hasattr(rows, "to_pylist") else rows
        return _answers(self._native.settle_batch([_bytes(row) for row in given], line))

    def operate(self, operation: Union[str, Mapping[str, Any]], *, now: Now = None) -> dict[str, Any]:
        """Does what operations say beside the plan, at once and without a new plan: ``override``, ``clear``, ``funds``,
        ``return``, ``adjust``, ``payment``, ``close``, ``revoke`` or ``restore``. Answers with the events that were written into the log.

        >>> engine.operate({"op": "revoke", "phone": "312-867-5309", "reason": "text STOP"})  # doctest: +SKIP
        """
        done: dict[str, Any] = json.loads(self._native.operate(operation, now))
        return done

    def observe(
        self, lead: Lead, seen: Union[str, Mapping[str, Any]], *, now: Now = None, seed: int = 0
    ) -> Observed:
        """Takes down what another system did with a lead, so that caps, duplicates, turns and reports count it. ``seen`` has
        ``outcome``, the ``sales`` of one that is ``assigned``, and where that is not now, ``at``; with ``compare`` it is also
        answered what would have been decided here. The same again changes nothing.

        >>> engine.observe(lead, {"outcome": "assigned", "sales": [{"contract": "acme-il"}]})  # doctest: +SKIP
        """
        told, ours = self._native.observe(_given(lead), seen, now, seed)
        return Observed(self._decided(told), None if ours is None else self._decided(ours))

    def reserve_external(
        self,
        contract: str,
        key: str,
        *,
        source: Optional[str] = None,
        sub_id: Optional[str] = None,
        vertical: Optional[str] = None,
        group: Optional[str] = None,
        price: Optional[str] = None,
        hold: Optional[str] = None,
        now: Now = None,
    ) -> dict[str, Any]:
        """Takes room from the limits of a contract before another system sells. ``state`` is ``held`` where there is any;
        else it is missing, and ``why`` says what is in the way. What is not confirmed within ``hold`` (``15m``) is given back.

        >>> engine.reserve_external("acme-il", "old-4711", source="web")["state"]  # doctest: +SKIP
        'held'
        """
        asked = {
            "contract": contract, "key": key, "source": source, "sub_id": sub_id, "vertical": vertical, "group": group,
            "price": price, "hold": hold,
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        done: dict[str, Any] = json.loads(self._native.reserve_external(asked, now))
        return done

    def confirm_external(self, key: str, *, now: Now = None) -> dict[str, Any]:
        """What was reserved under this key is sold. One whose time is over takes its room anew, where there is any."""
        done: dict[str, Any] = json.loads(self._native.confirm_external(key, now))
        return done

    def release_external(self, key: str, *, now: Now = None) -> Optional[dict[str, Any]]:
        """Gives back what was reserved under this key; None where nothing was."""
        done: Optional[dict[str, Any]] = json.loads(self._native.release_external(key, now))
        return done

    def report(
        self,
        by: Iterable[str] = ("day",),
        *,
        start: Union[str, datetime.date, None] = None,
        end: Union[str, datetime.date, None] = None,
        source: Optional[str] = None,
        contract: Optional[str] = None,
        outcome: Optional[str] = None,
    ) -> list[dict[str, Any]]:
        """Leads, sales and money, a row for each ``day``, ``hour``, ``source``, ``contract`` and ``outcome`` that is asked
        for, from sums that are kept with every decision. ``start`` and ``end`` are the first and the last day.

        >>> engine.report(by=["source", "outcome"], start="2026-11-01")  # doctest: +SKIP
        """
        given = {"from": start, "to": end, "source": source, "contract": contract, "outcome": outcome}
        query = {"by": list(by), **{name: str(value) for name, value in given.items() if value is not None}}
        found: list[dict[str, Any]] = json.loads(self._native.report(json.dumps(query)))
        return found

    def statement(
        self,
        party: str,
        *,
        number: Optional[int] = None,
        start: Union[str, datetime.date, None] = None,
        end: Union[str, datetime.date, None] = None,
    ) -> dict[str, Any]:
        """What a buyer owes (``"buyer:acme"``) or a supplier is owed (``"supplier:web"``): ``opening``, ``lines``, ``entries``
        and ``closing``. A closed statement by its number; else the days from ``start`` to ``end``, which are the open
        period when they are absent.

        >>> engine.statement("buyer:acme")["closing"]  # doctest: +SKIP
        """
        given = {"from": start, "to": end}
        query: dict[str, Any] = {name: str(value) for name, value in given.items() if value is not None}
        if number is not None:
            query["n"] = number
        found: dict[str, Any] = json.loads(self._native.statement(json.dumps({"party": party, **query})))
        return found

    def statements(self, party: Optional[str] = None) -> list[dict[str, Any]]:
        """The closed statements of a party, or of all. Close one with :meth:`operate`: ``{"op": "close", …}``."""
        found: list[dict[str, Any]] = json.loads(self._native.statements(party))
        return found

    def balances(self) -> dict[str, Any]:
        """What every account of the money ledger stands at: ``account``, ``debit``, ``credit``, ``balance``."""
        found: dict[str, Any] = json.loads(self._native.balances())
        return found

    def forget(self, person: Union[str, Mapping[str, Any]], *, now: Now = None) -> dict[str, int]:
        """Erases the leads of a person who asked for it, named by ``phone``, ``email`` or ``lead``, with ``by`` and ``reason``:
        how many decisions were ``searched``, ``erased``, and erased ``before``. Digests still verify. It reads the whole log.

        >>> engine.forget({"phone": "312-867-5309", "by": "ann", "reason": "letter of Nov 23"})  # doctest: +SKIP
        """
        done: dict[str, int] = json.loads(self._native.forget(person, now))
        return done

    def errors(self) -> list[dict[str, Any]]:
        """The error ledger: every problem that leads had, once. ``fingerprint``, ``code``, ``path``, ``source``, ``count``,
        ``first``, ``last``, ``state`` (``new``, ``known``, ``resolved`` or ``regressed``) and more. Shapes, never values.

        Say ``acknowledge`` or ``resolve`` with :meth:`operate`.
        """
        found: list[dict[str, Any]] = json.loads(self._native.errors())
        return found

    def retry(self, problem: str, *, dry: bool = True, now: Now = None, seed: int = 0) -> list[dict[str, Any]]:
        """Decides again the leads with this problem that were not sold: ``was``, ``before``, ``now``, and ``decided`` where
        a new decision was recorded. Unless ``dry`` is false nothing is recorded.
        """
        done: list[dict[str, Any]] = json.loads(self._native.retry(problem, now, seed, dry))
        return done

    def queue(self) -> Iterator[dict[str, Any]]:
        """The leads that wait, in the order in which they came: ``decision``, ``why`` (``release``, ``list``,
        ``call_window`` or ``retry``), ``received``, ``since``, ``due``, ``until``, ``tries``.
        """
        after = 0
        while page := json.loads(self._native.queue(after, 1000)):
            for after, row in page:
                yield row

    def claim(
        self,
        worker: str,
        limit: int = 16,
        *,
        hold: str = "60s",
        posts: bool = False,
        policy: Optional[Mapping[str, Any]] = None,
        now: Now = None,
    ) -> list[dict[str, Any]]:
        """Hands out up to ``limit`` leads to send, each to nobody else for ``hold``, to every buyer in turn. Send each with
        its ``key``, and say with :meth:`delivered` how it ended. What nobody reports in time becomes ``unknown``: it is kept,
        and sent again only where ``policy`` says of its contract that ``no_answer`` is ``retry``. With ``posts`` only leads whose contracts
        say how they are sent (``post``), for :meth:`request_of`.

        >>> for sending in engine.claim("worker-1"):  # doctest: +SKIP
        ...     answer = post(sending["buyer"], sending["fields"], sending["key"])
        ...     engine.delivered(sending["id"], {"status": answer.status})
        """
        asked = {"worker": worker, "limit": limit, "hold": hold, "policy": dict(policy or {}), "posts": posts}
        done: list[dict[str, Any]] = json.loads(self._native.claim(asked, now))
        return done

    def delivered(
        self,
        id: str,
        outcome: Union[str, Mapping[str, Any]],
        *,
        policy: Optional[Mapping[str, Any]] = None,
        now: Now = None,
    ) -> dict[str, Any]:
        """Says how an attempt ended: by its class, or with ``class``, ``status`` and ``retry_after`` in seconds. Answers what
        becomes of the delivery: its ``state``, and ``retry_at`` or ``dead`` with a ``remedy``. An
        :class:`OperationError` ``delivery.fenced`` says that somebody else has it now.

        >>> engine.delivered(sending["id"], "accepted")["state"]  # doctest: +SKIP
        'done'
        """
        ended: dict[str, Any] = {"class": outcome} if isinstance(outcome, str) else dict(outcome)
        if policy is not None:
            ended["policy"] = dict(policy)
        done: dict[str, Any] = json.loads(self._native.delivered(id, ended, now))
        return done

    def run_delivery(
        self,
        workers: int = 16,
        *,
        secrets: Optional[Secrets] = None,
        allow: Iterable[str] = (),
        stop: Union[threading.Event, Callable[[], bool], None] = None,
        until_empty: bool = False,
        worker: str = "leadwright",
    ) -> dict[str, Any]:
        """Sends what was sold to its buyers, as ``post`` and ``endpoints`` of the plan say, and reports how it ended, until
        ``stop`` is set or true, or until nothing is due any more. It blocks, with the GIL free: start it in a thread of yours.
        What is on its way when it ends is waited for. Answers how many attempts ``ended`` in which class, and how many sales
        ``fell``; ``unreported`` are those that could not be written down.

        ``secrets`` are those that the plan names, or a function that knows them; ``allow`` says what may be reached beside the
        public internet. Have more ``workers`` than a buyer may have leads on their way, or one that hangs holds all of them.

        >>> engine.run_delivery(secrets={"acme": "t0ken"}, until_empty=True)["ended"]  # doctest: +SKIP
        {'accepted': 40, 'rejected': 2}
        """
        given = dict(secrets) if isinstance(secrets, Mapping) else secrets
        done: dict[str, Any] = json.loads(
            _leadwright.run_delivery(self._native, workers, given, list(allow), stop, until_empty, worker)
        )
        return done

    def submit(self, lead: Lead, buyers: Buyers, *, within: float = 2.0, now: Now = None, seed: int = 0) -> dict[str, Any]:
        """Decides a lead and places it while its supplier waits, for ``within`` seconds at most: contracts that bid are asked, the
        lead is posted to who won, and to the next one where it refuses. ``ended`` is ``sold``, why not, or ``pending``: it is kept
        safe then, and the outbox delivers it. The GIL is free.

        >>> engine.submit(lead, buyers)["ended"]  # doctest: +SKIP
        'sold'
        """
        return self._ask("submit", lead, buyers, within, now, seed)

    def ping(self, lead: Lead, buyers: Buyers, *, within: float = 0.8, now: Now = None, seed: int = 0) -> dict[str, Any]:
        """What the supplier of this lead would get, of which there may be only a part: a ``bid``, where somebody wants it, and the
        ``ping_id`` that :meth:`post` names. The same ping gets the same answer for ten minutes.

        >>> engine.ping({"source": "web", "zip": "60601"}, buyers)["bid"]  # doctest: +SKIP
        '28.00'
        """
        return self._ask("ping", lead, buyers, within, now, seed)

    def post(self, lead: Lead, buyers: Buyers, *, within: float = 2.0, now: Now = None, seed: int = 0) -> dict[str, Any]:
        """As :meth:`submit`, for a lead with the ``ping_id`` of a :meth:`ping`: its supplier gets what was bid, or the lead is not
        taken. ``ping`` of the answer says what it was good for.

        >>> engine.post(lead, buyers)["ping"]  # doctest: +SKIP
        'honoured'
        """
        return self._ask("post", lead, buyers, within, now, seed)

    def _ask(self, asking: str, lead: Lead, buyers: Buyers, within: float, now: Now, seed: int) -> dict[str, Any]:
        if not 0 < within <= 3600:
            raise ValueError("`within` is more than 0 and at most 3600 seconds")
        millis = round(within * 1000)
        told: dict[str, Any] = json.loads(
            _leadwright.ask(self._native, asking, buyers._native, _given(lead), millis, now, seed)
        )
        return told

    def request_of(
        self, sending: Mapping[str, Any], *, secrets: Optional[Secrets] = None, now: Now = None
    ) -> dict[str, Any]:
        """The request that carries a lead which :meth:`claim` handed out, for a client of your own: ``method``, ``url``,
        ``headers`` as pairs, ``body``, ``wait_ms``. Where there is none, ``class`` is what to report and ``says`` is why.

        >>> request = engine.request_of(engine.claim("worker-1", posts=True)[0])  # doctest: +SKIP
        """
        given = dict(secrets) if isinstance(secrets, Mapping) else secrets
        request: dict[str, Any] = json.loads(_leadwright.request_of(self._native, dict(sending), given, now))
        if "body" in request:
            request["body"] = request["body"].encode()
            request["headers"] = [(name, value) for name, value in request["headers"]]
        return request

    def outcome_of(
        self,
        sending: Mapping[str, Any],
        status: int,
        headers: Union[Mapping[str, str], Iterable[tuple[str, str]]] = (),
        body: bytes = b"",
        *,
        took_ms: Optional[int] = None,
        now: Now = None,
    ) -> dict[str, Any]:
        """What :meth:`delivered` is to be told of a lead that was answered so, by the table of its endpoint.

        >>> engine.delivered(sending["id"], engine.outcome_of(sending, 200, body=b'{"status":"ok"}'))  # doctest: +SKIP
        """
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        outcome: dict[str, Any] = json.loads(
            _leadwright.outcome_of(self._native, dict(sending), status, pairs, body, took_ms, now)
        )
        return outcome

    def outbox(self) -> list[dict[str, Any]]:
        """How much is still to be delivered: ``buyer``, ``state``, ``count``, and since when the ``oldest`` is."""
        rows: list[dict[str, Any]] = json.loads(self._native.outbox())
        return rows

    def breakers(self, now: Now = None) -> list[dict[str, Any]]:
        """Where the breaker of each buyer stands that was ever delivered to: ``state``, ``since``, ``until`` when it tries
        again, and how many of the ``calls`` it looks back at were ``failures``.
        """
        rows: list[dict[str, Any]] = json.loads(self._native.breakers(now))
        return rows

    def deliveries(self, state: Optional[str] = None) -> Iterator[dict[str, Any]]:
        """The deliveries that are ``ready``, ``claimed``, ``unknown``, ``dead`` or ``done``, with their attempts; without a
        state all that are not done. Dead letters are those that are ``dead``: ``dead`` says why, ``remedy`` what to do.
        """
        after = 0
        while page := json.loads(self._native.deliveries(state, after, 1000)):
            for row in page:
                after = row["position"]
                yield row

    def delivery(self, key: str) -> Optional[dict[str, Any]]:
        """One delivery by its key, with its attempts; None where there is none."""
        found: Optional[dict[str, Any]] = json.loads(self._native.delivery(key))
        return found

    def redrive(
        self,
        *,
        by: str,
        reason: str,
        key: Optional[str] = None,
        buyer: Optional[str] = None,
        contract: Optional[str] = None,
        why: Optional[str] = None,
        unknown: bool = False,
        limit: int = 100,
        dry_run: bool = False,
        now: Now = None,
    ) -> dict[str, Any]:
        """Lets deliveries that were given up be tried again, to the same buyers under the same keys: the one of a ``key``, or
        those of a ``buyer``, a ``contract``, or that were given up for this reason (``why``); ``limit`` of them at most. With
        ``unknown`` those of which nobody knows whether the buyer has them. With ``dry_run`` it only says which.

        >>> engine.redrive(why="auth", by="ann", reason="a new password", dry_run=True)["deliveries"]  # doctest: +SKIP
        """
        said = {"key": key, "buyer": buyer, "contract": contract, "why": why, "by": by, "reason": reason}
        said = {name: value for name, value in said.items() if value is not None}
        asked = {**said, "unknown": unknown, "limit": limit, "dry_run": dry_run}
        done: dict[str, Any] = json.loads(self._native.redrive(asked, now))
        return done

    def work_queue(self, *, now: Now = None, seed: int = 0, most: int = 256) -> list[Decision]:
        """Looks at up to ``most`` leads whose time has come, the oldest first, and answers with those that were decided.

        Nothing calls it but you: every minute or so, from as many processes as you like.
        """
        return [self._decided(answer) for answer in self._native.work_queue(now, seed, most)]

    def release(self, said: Union[str, Mapping[str, Any]], *, now: Now = None, seed: int = 0) -> Decision:
        """Decides a lead that waits, because somebody says so: ``do`` is ``release``, ``fix`` or ``drop``.

        >>> engine.release({"lead": "web/L1", "do": "fix", "with": {"name": "Ada Brown"},
        ...                 "by": "ann", "reason": "called them"})  # doctest: +SKIP
        """
        return self._decided(self._native.release(said, now, seed))

    def drift(self, *, now: Now = None) -> list[dict[str, Any]]:
        """What operations have changed beside the plan of now, and what is to be done about each."""
        found: list[dict[str, Any]] = json.loads(self._native.drift(now))
        return found

    def counts(self) -> dict[str, int]:
        """How callers of :meth:`decide` in this process came together: ``leads`` in ``transactions``, the ``most`` leads of
        one, and how many were ``turned_away`` because too many waited.
        """
        return dict(zip(("leads", "transactions", "most", "turned_away"), self._native.counts()))

    def metrics(self) -> dict[str, Any]:
        """What this engine did in this process: ``decisions`` by outcome, the same by ``sources``, ``sales`` by contract,
        ``replayed``, ``problems`` by code, ``commits``, ``failures`` of transactions by code, how many callers were ``busy``
        and are ``waiting``, and the histograms ``batch_leads``, ``wait_micros`` and ``commit_micros``. Nothing in it comes
        from a lead.
        """
        found: dict[str, Any] = json.loads(self._native.metrics())
        return found

    def prometheus(self) -> str:
        """The same as the text that Prometheus scrapes, of the content type ``text/plain; version=0.0.4``."""
        return self._native.prometheus()

    def explain(
        self, decision: Union[str, Decision], *, all: bool = False, contract: Optional[str] = None
    ) -> dict[str, Any]:
        """Why each contract of the route did or did not get the lead.

        The decision; ``entries`` for all contracts; ``near``, what was missing for those that it nearly met; ``sales``,
        with who came next; ``decisive``, the limits without which somebody would have had the lead. ``all`` gives each
        entry every failing check, ``contract`` shows one contract in full.
        """
        explained: dict[str, Any] = json.loads(self._native.explain(_id(decision), all, contract))
        return explained

    def explain_lead(
        self, lead: Lead, *, now: Now = None, seed: int = 0, all: bool = False, contract: Optional[str] = None
    ) -> dict[str, Any]:
        """What would become of a lead now, on the state of the store, and why; nothing is recorded."""
        data = self._native.explain_lead(_given(lead), now, seed, all, contract)
        explained: dict[str, Any] = json.loads(data)
        return explained

    def replay(self, decision: Union[str, Decision, None] = None) -> Iterator[tuple[str, bool]]:
        """Decides again what was decided, one decision or all: (id, whether it is the same to the byte).

        Of all, those are left out whose lead was erased; asked for by its id, one is a ReplayError, `replay.erased`.
        """
        if decision is not None:
            for _, name, same in self._native.replay(_id(decision), 0, 1):
                yield name, same
            return
        after = 0
        while page := self._native.replay(None, after, 1000):
            for after, name, same in page:
                yield name, same

    def subscribe(
        self, name: str, types: Optional[Iterable[str]] = None, start: Union[str, int] = "start"
    ) -> Subscription:
        """Reads the events under a name, of some types or all, from where its cursor is.

        A new name begins at the ``"start"``, ``"now"``, or at the event of a position. Iterate over the subscription, with
        ``for`` or ``async for``, or ``poll`` and ``ack``.
        """
        kinds = [] if types is None else [types] if isinstance(types, str) else list(types)
        return Subscription(self, self._native.subscribe(name, kinds, str(start)), name)

    def subscribers(self) -> list[dict[str, Any]]:
        """Who reads the events: ``name``, ``types``, ``position``, and how many events each is ``behind``."""
        found: list[dict[str, Any]] = json.loads(self._native.subscribers())
        return found

    def unsubscribe(self, name: str) -> bool:
        """Forgets a subscriber and its cursor; whether there was one."""
        return self._native.unsubscribe(name)

    def set_list(self, name: str, given: SuppressionList) -> None:
        """Gives the engine a list that its plan keeps outside of it, or a newer state of one that it has.

        Leads that come from now on are looked up in it. Raises :class:`ListError` for one that does not fit; the list
        of before then stays.
        """
        self._native.set_list(name, given._native)

    def swap(self, plan: Plan) -> None:
        """Decides by another plan from now on; counters and turns go on."""
        self._native.swap(plan._native)

    @property
    def plan_hash(self) -> str:
        """The hash of the plan that is decided by now."""
        return self._native.plan_hash()

    def close(self) -> None:
        """Closes the store. Calls after it raise ``engine.closed``."""
        self._native.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    @staticmethod
    def _decided(answer: tuple[bytes, Optional[_Receipt]]) -> Decision:
        data, receipt = answer
        assert receipt is not None
        return Decision(data, receipt)


def _given(lead: Lead) -> Any:
    return dict(lead) if isinstance(lead, Mapping) else lead


def _id(decision: Union[str, Decision]) -> str:
    return decision if isinstance(decision, str) else decision.id


def _lines(leads: Union[str, bytes, Iterable[Lead]]) -> bytes:
    """JSON Lines, each with its end: a blank one at the end is one, too."""
    if isinstance(leads, str):
        # Half a surrogate pair becomes its escape in JSON.
        return leads.encode("utf-8", "backslashreplace")
    if isinstance(leads, (bytes, bytearray)):
        return bytes(leads)
    if isinstance(leads, Mapping):
        raise TypeError("leads are JSON Lines, or an iterable of leads; for one there is decide")
    return b"".join(_line(lead) + b"\n" for lead in rows(leads))


def _answers(answers: list[tuple[bytes, Optional[_Receipt]]]) -> list[Union[Decision, LineError]]:
    return [LineError(data) if receipt is None else Decision(data, receipt) for data, receipt in answers]


def _bytes(row: Any) -> bytes:
    # Of a number `bytes` makes so many zeros.
    return row if type(row) is bytes else bytes(memoryview(row))


def _line(lead: Lead) -> bytes:
    """One line of JSON: a line end inside of a text given as JSON would make two leads of one."""
    data = _leadwright.to_line(_given(lead))
    return data
