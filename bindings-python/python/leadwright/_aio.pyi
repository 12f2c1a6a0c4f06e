# Made of `_engine.py` by tests/test_aio_types.py; do not edit.
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
    async def decide(self, lead: Lead, *, now: Now=None, seed: int=0) -> Decision:
        """Decides one lead and records the decision. The clock is asked only where ``now`` is not given."""
    async def dry_run(self, lead: Lead, *, now: Now=None, seed: int=0) -> Decision:
        """Decides against the state of the store, and writes nothing."""
    async def decide_batch(self, leads: Leads, *, now: Now=None, seed: int=0, threads: int=1) -> list[Union[Decision, LineError]]:
        """Decides JSON Lines, or any iterable of leads, in their order. One time holds for all of them."""
    async def prepare_batch(self, leads: Leads, *, now: Now=None, seed: int=0, threads: int=1) -> list[bytes]:
        """The half of :meth:`decide_batch` that needs no state, for a machine that does not settle: validates,
        canonicalizes and matches the leads, and gives a row of bytes for each, for :meth:`settle_batch` of an engine with
        the same plan, tenant and version. An engine without a store does; it needs its ``lists``."""
    async def settle_batch(self, rows: Iterable[bytes], *, line: int=1) -> list[Union[Decision, LineError]]:
        """Settles what :meth:`prepare_batch` gave, in the order of the rows: the same bytes as :meth:`decide_batch` of the
        leads. The first is the line of this number. Rows may be a column of Arrow."""
    async def submit(self, lead: Lead, buyers: Buyers, *, within: float=2.0, now: Now=None, seed: int=0) -> dict[str, Any]:
        """Decides a lead and places it while its supplier waits, for ``within`` seconds at most: contracts that bid are asked, the
        lead is posted to who won, and to the next one where it refuses. ``ended`` is ``sold``, why not, or ``pending``: it is kept
        safe then, and the outbox delivers it. The GIL is free."""
    async def ping(self, lead: Lead, buyers: Buyers, *, within: float=0.8, now: Now=None, seed: int=0) -> dict[str, Any]:
        """What the supplier of this lead would get, of which there may be only a part: a ``bid``, where somebody wants it, and the
        ``ping_id`` that :meth:`post` names. The same ping gets the same answer for ten minutes."""
    async def post(self, lead: Lead, buyers: Buyers, *, within: float=2.0, now: Now=None, seed: int=0) -> dict[str, Any]:
        """As :meth:`submit`, for a lead with the ``ping_id`` of a :meth:`ping`: its supplier gets what was bid, or the lead is not
        taken. ``ping`` of the answer says what it was good for."""
    async def operate(self, operation: Union[str, Mapping[str, Any]], *, now: Now=None) -> dict[str, Any]:
        """Does what operations say beside the plan, at once and without a new plan: ``override``, ``clear``, ``funds``,
        ``return``, ``adjust``, ``payment``, ``close``, ``revoke`` or ``restore``. Answers with the events that were written into the log."""
    async def observe(self, lead: Lead, seen: Union[str, Mapping[str, Any]], *, now: Now=None, seed: int=0) -> Observed:
        """Takes down what another system did with a lead, so that caps, duplicates, turns and reports count it. ``seen`` has
        ``outcome``, the ``sales`` of one that is ``assigned``, and where that is not now, ``at``; with ``compare`` it is also
        answered what would have been decided here. The same again changes nothing."""
    async def reserve_external(self, contract: str, key: str, *, source: Optional[str]=None, sub_id: Optional[str]=None, vertical: Optional[str]=None, group: Optional[str]=None, price: Optional[str]=None, hold: Optional[str]=None, now: Now=None) -> dict[str, Any]:
        """Takes room from the limits of a contract before another system sells. ``state`` is ``held`` where there is any;
        else it is missing, and ``why`` says what is in the way. What is not confirmed within ``hold`` (``15m``) is given back."""
    async def confirm_external(self, key: str, *, now: Now=None) -> dict[str, Any]:
        """What was reserved under this key is sold. One whose time is over takes its room anew, where there is any."""
    async def release_external(self, key: str, *, now: Now=None) -> Optional[dict[str, Any]]:
        """Gives back what was reserved under this key; None where nothing was."""
    async def report(self, by: Iterable[str]=('day',), *, start: Union[str, datetime.date, None]=None, end: Union[str, datetime.date, None]=None, source: Optional[str]=None, contract: Optional[str]=None, outcome: Optional[str]=None) -> list[dict[str, Any]]:
        """Leads, sales and money, a row for each ``day``, ``hour``, ``source``, ``contract`` and ``outcome`` that is asked
        for, from sums that are kept with every decision. ``start`` and ``end`` are the first and the last day."""
    async def statement(self, party: str, *, number: Optional[int]=None, start: Union[str, datetime.date, None]=None, end: Union[str, datetime.date, None]=None) -> dict[str, Any]:
        """What a buyer owes (``"buyer:acme"``) or a supplier is owed (``"supplier:web"``): ``opening``, ``lines``, ``entries``
        and ``closing``. A closed statement by its number; else the days from ``start`` to ``end``, which are the open
        period when they are absent."""
    async def statements(self, party: Optional[str]=None) -> list[dict[str, Any]]:
        """The closed statements of a party, or of all. Close one with :meth:`operate`: ``{"op": "close", …}``."""
    async def balances(self) -> dict[str, Any]:
        """What every account of the money ledger stands at: ``account``, ``debit``, ``credit``, ``balance``."""
    async def forget(self, person: Union[str, Mapping[str, Any]], *, now: Now=None) -> dict[str, int]:
        """Erases the leads of a person who asked for it, named by ``phone``, ``email`` or ``lead``, with ``by`` and ``reason``:
        how many decisions were ``searched``, ``erased``, and erased ``before``. Digests still verify. It reads the whole log."""
    async def errors(self) -> list[dict[str, Any]]:
        """The error ledger: every problem that leads had, once. ``fingerprint``, ``code``, ``path``, ``source``, ``count``,
        ``first``, ``last``, ``state`` (``new``, ``known``, ``resolved`` or ``regressed``) and more. Shapes, never values."""
    async def retry(self, problem: str, *, dry: bool=True, now: Now=None, seed: int=0) -> list[dict[str, Any]]:
        """Decides again the leads with this problem that were not sold: ``was``, ``before``, ``now``, and ``decided`` where
        a new decision was recorded. Unless ``dry`` is false nothing is recorded."""
    async def claim(self, worker: str, limit: int=16, *, hold: str='60s', posts: bool=False, policy: Optional[Mapping[str, Any]]=None, now: Now=None) -> list[dict[str, Any]]:
        """Hands out up to ``limit`` leads to send, each to nobody else for ``hold``, to every buyer in turn. Send each with
        its ``key``, and say with :meth:`delivered` how it ended. What nobody reports in time becomes ``unknown``: it is kept,
        and sent again only where ``policy`` says of its contract that ``no_answer`` is ``retry``. With ``posts`` only leads whose contracts
        say how they are sent (``post``), for :meth:`request_of`."""
    async def delivered(self, id: str, outcome: Union[str, Mapping[str, Any]], *, policy: Optional[Mapping[str, Any]]=None, now: Now=None) -> dict[str, Any]:
        """Says how an attempt ended: by its class, or with ``class``, ``status`` and ``retry_after`` in seconds. Answers what
        becomes of the delivery: its ``state``, and ``retry_at`` or ``dead`` with a ``remedy``. An
        :class:`OperationError` ``delivery.fenced`` says that somebody else has it now."""
    async def outbox(self) -> list[dict[str, Any]]:
        """How much is still to be delivered: ``buyer``, ``state``, ``count``, and since when the ``oldest`` is."""
    async def breakers(self, now: Now=None) -> list[dict[str, Any]]:
        """Where the breaker of each buyer stands that was ever delivered to: ``state``, ``since``, ``until`` when it tries
        again, and how many of the ``calls`` it looks back at were ``failures``."""
    async def delivery(self, key: str) -> Optional[dict[str, Any]]:
        """One delivery by its key, with its attempts; None where there is none."""
    async def redrive(self, *, by: str, reason: str, key: Optional[str]=None, buyer: Optional[str]=None, contract: Optional[str]=None, why: Optional[str]=None, unknown: bool=False, limit: int=100, dry_run: bool=False, now: Now=None) -> dict[str, Any]:
        """Lets deliveries that were given up be tried again, to the same buyers under the same keys: the one of a ``key``, or
        those of a ``buyer``, a ``contract``, or that were given up for this reason (``why``); ``limit`` of them at most. With
        ``unknown`` those of which nobody knows whether the buyer has them. With ``dry_run`` it only says which."""
    async def work_queue(self, *, now: Now=None, seed: int=0, most: int=256) -> list[Decision]:
        """Looks at up to ``most`` leads whose time has come, the oldest first, and answers with those that were decided."""
    async def release(self, said: Union[str, Mapping[str, Any]], *, now: Now=None, seed: int=0) -> Decision:
        """Decides a lead that waits, because somebody says so: ``do`` is ``release``, ``fix`` or ``drop``."""
    async def drift(self, *, now: Now=None) -> list[dict[str, Any]]:
        """What operations have changed beside the plan of now, and what is to be done about each."""
    async def explain(self, decision: Union[str, Decision], *, all: bool=False, contract: Optional[str]=None) -> dict[str, Any]:
        """Why each contract of the route did or did not get the lead."""
    async def explain_lead(self, lead: Lead, *, now: Now=None, seed: int=0, all: bool=False, contract: Optional[str]=None) -> dict[str, Any]:
        """What would become of a lead now, on the state of the store, and why; nothing is recorded."""
    async def subscribe(self, name: str, types: Optional[Iterable[str]]=None, start: Union[str, int]='start') -> Subscription:
        """Reads the events under a name, of some types or all, from where its cursor is."""
    async def subscribers(self) -> list[dict[str, Any]]:
        """Who reads the events: ``name``, ``types``, ``position``, and how many events each is ``behind``."""
    async def unsubscribe(self, name: str) -> bool:
        """Forgets a subscriber and its cursor; whether there was one."""
    async def set_list(self, name: str, given: SuppressionList) -> None:
        """Gives the engine a list that its plan keeps outside of it, or a newer state of one that it has."""
    async def swap(self, plan: Plan) -> None:
        """Decides by another plan from now on; counters and turns go on."""
    def queue(self) -> AsyncIterator[dict[str, Any]]:
        """The leads that wait, in the order in which they came: ``decision``, ``why`` (``release``, ``list``,
        ``call_window`` or ``retry``), ``received``, ``since``, ``due``, ``until``, ``tries``."""
    def deliveries(self, state: Optional[str]=None) -> AsyncIterator[dict[str, Any]]:
        """The deliveries that are ``ready``, ``claimed``, ``unknown``, ``dead`` or ``done``, with their attempts; without a
        state all that are not done. Dead letters are those that are ``dead``: ``dead`` says why, ``remedy`` what to do."""
    def replay(self, decision: Union[str, Decision, None]=None) -> AsyncIterator[tuple[str, bool]]:
        """Decides again what was decided, one decision or all: (id, whether it is the same to the byte)."""
