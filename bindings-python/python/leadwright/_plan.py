"""Plans: what an operations person edits and reviews."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from . import _leadwright
from ._errors import Issue, issues_from, issues_of
from ._given import Lead
from ._rows import cells, entries


if TYPE_CHECKING:
    from .wire import PlanDiff

Now = Union[str, datetime.datetime, None]


class Fixed(NamedTuple):
    """What mending a plan came to."""

    files: dict[str, str]
    """The files that change, with their new text. Those of lists are personal data."""
    applied: int
    """How many mistakes were mended."""
    issues: list[Issue]
    """What is still wrong."""


_Base = Union[str, "os.PathLike[str]", Mapping[str, Any]]


class Plan:
    """A checked and compiled plan: immutable, cheap to share, picklable."""

    __slots__ = ("_native",)

    def __init__(self, native: _leadwright.Plan) -> None:
        self._native = native

    @classmethod
    def load(cls, path: Union[str, os.PathLike[str]]) -> Plan:
        """Reads ``plan.jsonc`` with its includes and lists.

        Raises :class:`PlanError` with every mistake of the plan at once.
        """
        return cls(_leadwright.Plan.load(os.fspath(path)))

    @classmethod
    def from_bundle(cls, bundle: str) -> Plan:
        """The plan that :meth:`bundle` wrote."""
        return cls(_leadwright.Plan.from_bundle(bundle))

    @classmethod
    def from_rows(
        cls,
        *,
        base: _Base,
        contracts: Iterable[Any],
        buyers: Iterable[Any] = (),
        lists: Optional[Mapping[str, Iterable[Any]]] = None,
        ignore: Iterable[str] = (),
    ) -> Plan:
        """A plan whose buyers and contracts stand in tables, beside a ``base``: the path of a plan with all the rest, or
        that plan as a dict.

        ``buyers`` and ``contracts`` are iterables of mappings, as :class:`csv.DictReader` or the cursor of a database
        gives them, or data frames. What the columns may be called is in ``docs/tables.md``; those under ``ignore`` say
        nothing. ``lists`` holds the entries of lists that the base reads from files.

        Raises :class:`PlanError` with every mistake at once; of a cell, ``file`` is the table, ``line`` the row,
        ``column`` the column and ``path`` its name.

        >>> base = {"format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        ...     "verticals": {"loans": {"extends": "us/mortgage@1"}}, "sources": {"web": {"verticals": ["loans"]}},
        ...     "routes": {"loans": {"groups": [{"id": "all", "select": "price"}], "on_unsold": {"then": "store"}}}}
        >>> row = {"contract": "acme-tx", "buyer": "acme", "states": "TX, OK", "credit_score_min": 620, "price": "$42.50"}
        >>> Plan.from_rows(base=base, contracts=[row]).contracts
        [('acme-tx', 'acme')]
        """
        return cls(_leadwright.Plan.from_rows(_tables(buyers, contracts, lists, ignore), _base(base)))

    @staticmethod
    def check_rows(
        *,
        base: _Base,
        contracts: Iterable[Any],
        buyers: Iterable[Any] = (),
        lists: Optional[Mapping[str, Iterable[Any]]] = None,
        ignore: Iterable[str] = (),
    ) -> list[Issue]:
        """Everything that is wrong with such tables; raises nothing for a bad plan."""
        found = _leadwright.Plan.check_rows(_tables(buyers, contracts, lists, ignore), _base(base))
        return issues_from(json.loads(found)["issues"])

    @staticmethod
    def rows_to_files(
        *,
        base: _Base,
        contracts: Iterable[Any],
        buyers: Iterable[Any] = (),
        lists: Optional[Mapping[str, Iterable[Any]]] = None,
        ignore: Iterable[str] = (),
    ) -> dict[str, str]:
        """The files that such tables stand for, by their names: for who moves from tables to files. Comments of the base
        stay, and those of lists are personal data."""
        found = _leadwright.Plan.check_rows(_tables(buyers, contracts, lists, ignore), _base(base))
        files: dict[str, str] = json.loads(found)["files"]
        return files

    def to_documents(self) -> dict[str, str]:
        """The plan as files, one for each buyer: without comments and remarks, and without the entries of lists."""
        files: dict[str, str] = json.loads(self._native.to_documents())
        return files

    @staticmethod
    def check(path: Union[str, os.PathLike[str]]) -> list[Issue]:
        """Everything that is wrong with a plan, in the order of its files; raises nothing for a bad plan."""
        return issues_of(_leadwright.Plan.check(os.fspath(path)))

    @staticmethod
    def lint(
        path: Union[str, os.PathLike[str]], *, as_of: Union[str, datetime.date, None] = None
    ) -> list[Issue]:
        """What :meth:`check` finds, and what the plan hardly means: contracts that never buy, gaps, limits that never count.

        ``as_of`` is the day on which the plan is judged, today when absent.
        """
        today = datetime.date.today() if as_of is None else as_of
        return issues_of(_leadwright.Plan.lint(os.fspath(path), str(today)))

    @staticmethod
    def format(text: str) -> Optional[str]:
        """The text of a plan file laid out as ``leadwright fmt`` does; ``None`` when it is not JSON with comments."""
        return _leadwright.Plan.format(text)

    def diff(self, new: Plan) -> PlanDiff:
        """What changes from this plan to a new one: under ``changes`` what changes, each with a sentence in ``text``."""
        diff: PlanDiff = json.loads(self._native.diff(new._native))
        return diff

    def explain(
        self, lead: Lead, *, at: Now = None, all: bool = False, contract: Optional[str] = None
    ) -> dict[str, Any]:
        """What would become of a lead if nothing had been decided before, and why: needs no engine and no store.

        ``all`` gives every failing check of each contract, ``contract`` shows one contract in full. Lists that the plan
        keeps outside of itself count as missing; :meth:`Engine.explain_lead` has them.
        """
        explained: dict[str, Any] = json.loads(self._native.explain(lead, at, all, contract))
        return explained

    @staticmethod
    def fix(path: Union[str, os.PathLike[str]], *, guesses: bool = False, write: bool = False) -> Fixed:
        """Mends what is wrong with a plan where that is without doubt, with ``guesses`` also where it is not.

        Nothing is written unless ``write`` is set; look at ``files`` first.
        """
        mended = json.loads(_leadwright.Plan.fix(os.fspath(path), guesses, write))
        return Fixed(mended["files"], mended["applied"], issues_from(mended["issues"]))

    def bundle(self) -> str:
        """The whole plan with its lists in one text."""
        return self._native.bundle()

    @property
    def name(self) -> str:
        """The name that the plan gives itself."""
        return self._native.name

    @property
    def hash(self) -> str:
        """``sha256:`` and 64 hex digits over the canonical plan and its lists."""
        return self._native.hash

    @property
    def contracts(self) -> list[tuple[str, str]]:
        """(contract, buyer), sorted by contract."""
        return self._native.contracts

    @property
    def outside_lists(self) -> dict[str, Optional[str]]:
        """The lists that an engine must be given, each with its compiled file as the plan names it; None for one that
        the host answers for."""
        return dict(self._native.outside_lists)

    def __reduce__(self) -> tuple[object, ...]:
        return (Plan.from_bundle, (self.bundle(),))

    def __copy__(self) -> Plan:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Plan:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"<Plan {self.name} {self.hash}>"


def _tables(
    buyers: Iterable[Any], contracts: Iterable[Any], lists: Optional[Mapping[str, Iterable[Any]]], ignore: Iterable[str]
) -> dict[str, Any]:
    tables = {"buyers": list(cells(buyers)), "contracts": list(cells(contracts))}
    of_lists = {name: entries(values) for name, values in (lists or {}).items()}
    return {**tables, "lists": of_lists, "ignore": list(ignore)}


def _base(base: _Base) -> Any:
    return dict(base) if isinstance(base, Mapping) else os.fspath(base)
