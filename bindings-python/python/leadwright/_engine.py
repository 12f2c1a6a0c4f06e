"""The engine: a plan and a store."""

from __future__ import annotations

import datetime
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _leadwright, _log
from ._buyers import Buyers, Secrets
from ._decision import Decision, LineError, Observed, Receipt, answers, id_of
from ._errors import EngineError
from ._events import Subscription
from ._fork import OPEN
from ._given import Lead, Leads, lines, prepared
from ._lists import SuppressionList
from ._plan import Plan

if TYPE_CHECKING:
    from typing_extensions import Self

Now = Union[str, datetime.datetime, None]

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
        OPEN.add(self._native)
        _log.opened(plan, tenant, path)

    def decide(self, lead: Lead, *, now: Now = None, seed: int = 0) -> Decision:
        """Decides one lead and records the decision. The clock is asked only where ``now`` is not given.

        A bad lead raises nothing: its outcome is ``rejected``, and its problems say why.
        """
        decision = self._decided(self._native.decide(lead, now, seed, False))
        _log.decided(decision)
        return decision

    def dry_run(self, lead: Lead, *, now: Now = None, seed: int = 0) -> Decision:
        """Decides against the state of the store, and writes nothing."""
        return self._decided(self._native.decide(lead, now, seed, True))

    def decide_batch(
        self, leads: Leads, *, now: Now = None, seed: int = 0, threads: int = 1
    ) -> list[Union[Decision, LineError]]:
        """Decides JSON Lines, or any iterable of leads, in their order. One time holds for all of them.

        A data frame is taken as its rows, as :func:`validate_many` takes it, and so are a table, a batch or a column of
        Arrow; a column holds a lead as JSON in each row.
        """
        return answers(_log.batch(self._native.decide_batch(lines(leads), now, seed, threads)))

    def prepare_batch(
        self, leads: Leads, *, now: Now = None, seed: int = 0, threads: int = 1
    ) -> list[bytes]:
        """The half of :meth:`decide_batch` that needs no state, for a machine that does not settle: validates,
        canonicalizes and matches the leads, and gives a row of bytes for each, for :meth:`settle_batch` of an engine with
        the same plan, tenant and version. An engine without a store does; it needs its ``lists``.

        Where several machines prepare, give them the same ``now``. Rows hold the lead: personal data.
        """
        return self._native.prepare_batch(lines(leads), now, seed, threads)

    def settle_batch(self, rows: Iterable[bytes], *, line: int = 1) -> list[Union[Decision, LineError]]:
        """Settles what :meth:`prepare_batch` gave, in the order of the rows: the same bytes as :meth:`decide_batch` of the
        leads. The first is the line of this number. Rows may be a column of Arrow.

        All are read before the first is settled. An :class:`InputError` ``prepared.*`` says that one is damaged, or is of
        another plan, tenant or version. A checksum finds damage, not intent: take rows from your own machines only.

        >>> worker.prepare_batch(leads, now=now)  # doctest: +SKIP
        >>> engine.settle_batch(rows)  # doctest: +SKIP
        """
        return answers(_log.batch(self._native.settle_batch(prepared(rows), line)))

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
        told, ours = self._native.observe(lead, seen, now, seed)
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
        _log.delivered(done)
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
            _leadwright.ask(self._native, asking, buyers._native, lead, millis, now, seed)
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
        explained: dict[str, Any] = json.loads(self._native.explain(id_of(decision), all, contract))
        return explained

    def explain_lead(
        self, lead: Lead, *, now: Now = None, seed: int = 0, all: bool = False, contract: Optional[str] = None
    ) -> dict[str, Any]:
        """What would become of a lead now, on the state of the store, and why; nothing is recorded."""
        data = self._native.explain_lead(lead, now, seed, all, contract)
        explained: dict[str, Any] = json.loads(data)
        return explained

    def replay(self, decision: Union[str, Decision, None] = None) -> Iterator[tuple[str, bool]]:
        """Decides again what was decided, one decision or all: (id, whether it is the same to the byte).

        Of all, those are left out whose lead was erased; asked for by its id, one is a ReplayError, `replay.erased`.
        """
        if decision is not None:
            for _, name, same in self._native.replay(id_of(decision), 0, 1):
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
        _log.swapped(plan)

    @property
    def plan_hash(self) -> str:
        """The hash of the plan that is decided by now."""
        return self._native.plan_hash()

    def close(self) -> None:
        """Closes the store. Calls after it raise ``engine.closed``."""
        self._native.close()

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("an Engine has its store open and does not travel: pickle its Plan, and open an Engine where it is needed")

    def __repr__(self) -> str:
        try:
            return f"<Engine {self.plan_hash}>"
        except EngineError:
            return "<Engine closed>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    @staticmethod
    def _decided(answer: tuple[bytes, Optional[Receipt]]) -> Decision:
        data, receipt = answer
        assert receipt is not None
        return Decision(data, receipt)
