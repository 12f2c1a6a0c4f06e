"""Addresses and single values: they need no plan, no store and no engine."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

from . import _leadwright
from ._lazy import Answer


class Address(Answer):
    """A postal address."""

    __slots__ = ()

    @property
    def components(self) -> dict[str, str]:
        """The parts that were found, in the words that were written."""
        return dict(self._member("components"))

    @property
    def lines(self) -> list[str]:
        """The address as the Postal Service writes it."""
        return list(self._member("lines"))

    @property
    def title_lines(self) -> list[str]:
        """The same lines in the letters that people read.

        >>> canonicalize_address("12 north elm street apt 4b, springfield il 62704").title_lines
        ['12 N Elm St Apt 4B', 'Springfield IL 62704']
        """
        return _leadwright.title_case(self.lines)

    @property
    def key(self) -> Optional[str]:
        """The same for the same household however it was written; None where that cannot be said."""
        key = self._member("key")
        return None if key is None else str(key)

    @property
    def building_key(self) -> Optional[str]:
        """The same for all units of a building."""
        key = self._member("building_key")
        return None if key is None else str(key)

    @property
    def confidence(self) -> int:
        """How surely all parts are right, 0 to 1000."""
        return int(self._member("confidence"))

    @property
    def confidence_by_part(self) -> dict[str, int]:
        """How surely each part is right, 0 to 1000: street, unit, city, state, zip."""
        return dict(self._member("confidence_by_part"))

    @property
    def needs_review(self) -> bool:
        """Whether the confidence is so low that somebody should look."""
        return bool(self._member("needs_review"))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong."""
        return list(self._member("problems"))

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """What was changed."""
        return list(self._member("corrections"))

    def __repr__(self) -> str:
        return f"<Address confidence={self.confidence} problems={[problem['code'] for problem in self.problems]}>"


class FieldCheck(Answer):
    """One value after its check."""

    __slots__ = ()

    @property
    def valid(self) -> bool:
        """Whether nothing was wrong enough to refuse the value."""
        return bool(self._member("valid"))

    @property
    def value(self) -> Any:
        """The canonical value; None where there is none."""
        return self.to_dict().get("normalized")

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong."""
        return list(self._member("problems"))

    def __repr__(self) -> str:
        return f"<FieldCheck valid={self.valid} problems={[problem['code'] for problem in self.problems]}>"


def canonicalize_address(address: Union[str, Mapping[str, Any]]) -> Address:
    """Reads an address of the United States or Canada from text, or from a mapping of parts under their usual names.

    >>> canonicalize_address({"street": "5 elm place", "zip": 63104}).lines
    ['5 ELM PL', 'SAINT LOUIS MO 63104']
    """
    return Address(_leadwright.canonicalize_address(address))


def canonicalize_addresses(
    addresses: Iterable[Union[str, Mapping[str, Any]]], *, threads: int = 1
) -> list[Address]:
    """Reads many addresses, each as :func:`canonicalize_address` does, and answers in their order.

    The GIL is free meanwhile. ``threads`` are used for the call and end with it.

    >>> [address.lines[0] for address in canonicalize_addresses(["5 elm place, 63104", "po box 12, 52247"], threads=2)]
    ['5 ELM PL', 'PO BOX 12']
    """
    if isinstance(addresses, (str, bytes, bytearray, Mapping)):
        raise TypeError("addresses are an iterable of texts and mappings; for one there is canonicalize_address")
    return [Address(data) for data in _leadwright.canonicalize_addresses(list(addresses), threads)]


def verify_webhook(
    secrets: Union[str, Iterable[str]],
    headers: Union[Mapping[str, str], Iterable[tuple[str, str]]],
    body: bytes,
    *,
    now: Union[str, datetime.datetime, None] = None,
    tolerance: int = 300,
) -> Optional[str]:
    """Whether a message comes from somebody who knows one of the secrets (Standard Webhooks) and is not older or newer than
    ``tolerance`` seconds. Gives its id, by which a second one is known, and None for one that is not to be believed: answer it
    with 401, and look at nothing that it says.

    >>> verify_webhook("whsec_c2VjcmV0IGtleQ==", {}, b"{}") is None
    True
    """
    keys = [secrets] if isinstance(secrets, str) else list(secrets)
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    return _leadwright.verify_webhook(keys, pairs, body, now, tolerance)


def check_field(kind: str, value: Any, /, **options: Any) -> FieldCheck:
    """Checks one value of a kind: ``phone``, ``email``, ``date``, ``money`` … (``wire.FieldKind`` has them all).

    >>> check_field("phone", "312.867.5309").value
    '+13128675309'
    """
    return FieldCheck(_leadwright.check_field(kind, value, options))
