"""What needs no plan, no store and no engine: the first thing to adopt."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional, Union

from . import _leadwright
from ._lazy import Answer

Lead = Union[Mapping[str, Any], str, bytes]


class Validation(Answer):
    """A lead after validation."""

    __slots__ = ()

    @property
    def valid(self) -> bool:
        """Whether the lead is good enough to be offered."""
        return bool(self._member("valid"))

    @property
    def canonical(self) -> dict[str, Any]:
        """Its fields in canonical form. Personal data."""
        return dict(self._member("canonical"))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong: code, severity, action, path, and the shape of what was found, never its value."""
        return list(self._member("problems"))

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """What was changed. Personal data."""
        return list(self._member("corrections"))

    def __repr__(self) -> str:
        return f"<Validation valid={self.valid} problems={[problem['code'] for problem in self.problems]}>"


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


def validate(
    lead: Lead,
    schema: str,
    *,
    as_of: Union[str, datetime.date, None] = None,
    repair: Optional[Sequence[str]] = None,
    on_zip_state_conflict: Optional[str] = None,
    require: Sequence[str] = (),
    problems: Optional[Mapping[str, Union[str, Mapping[str, str]]]] = None,
    now: Union[str, datetime.datetime, None] = None,
    consent_max_age_days: Optional[int] = None,
    ip_country: Optional[str] = None,
) -> Validation:
    """Validates a raw lead against a schema of the catalogue, like ``us/home-services@1``.

    A bad lead raises nothing: look at ``valid`` and ``problems``. ``as_of`` is today where the lead is judged (the
    clock's date when absent); the other arguments are words of a plan's ``intake``, and ``problems`` are policies as a
    vertical has them: ``{"email.disposable": "reject", "phone": {"phone2": "warn"}}``. ``now`` (with a
    zone) is the moment that times are compared with, ``ip_country`` the country of the lead's IP address by two letters.

    >>> lead = validate({"phone": "(312) 867-5309", "zip": "60601", "homeowner": "Yes"}, "us/home-services@1")
    >>> lead.canonical["phone"], lead.canonical["state"], lead.valid
    ('+13128675309', 'IL', True)
    """
    today = datetime.date.today() if as_of is None else as_of
    options: dict[str, Any] = {"as_of": str(today), "require": list(require)}
    if repair is not None:
        options["repair"] = list(repair)
    if on_zip_state_conflict is not None:
        options["on_zip_state_conflict"] = on_zip_state_conflict
    if problems is not None:
        said = problems.items()
        options["problems"] = {about: dict(what) if isinstance(what, Mapping) else what for about, what in said}
    if now is not None:
        options["now"] = now if isinstance(now, str) else now.isoformat()
    if consent_max_age_days is not None:
        options["consent_max_age_days"] = consent_max_age_days
    if ip_country is not None:
        options["ip_country"] = ip_country
    given = dict(lead) if isinstance(lead, Mapping) else lead
    return Validation(_leadwright.validate(given, schema, json.dumps(options)))


def canonicalize_address(address: Union[str, Mapping[str, Any]]) -> Address:
    """Reads a US address from text, or from a mapping of parts under their usual names.

    >>> canonicalize_address({"street": "5 elm place", "zip": 63104}).lines
    ['5 ELM PL', 'SAINT LOUIS MO 63104']
    """
    given = dict(address) if isinstance(address, Mapping) else address
    return Address(_leadwright.canonicalize_address(given))


def canonicalize_addresses(
    addresses: Iterable[Union[str, Mapping[str, Any]]], *, threads: int = 1
) -> list[Address]:
    """Reads many US addresses, each as :func:`canonicalize_address` does, and answers in their order.

    The GIL is free meanwhile. ``threads`` are used for the call and end with it.

    >>> [address.lines[0] for address in canonicalize_addresses(["5 elm place, 63104", "po box 12, 52247"], threads=2)]
    ['5 ELM PL', 'PO BOX 12']
    """
    if isinstance(addresses, (str, bytes, bytearray, Mapping)):
        raise TypeError("addresses are an iterable of texts and mappings; for one there is canonicalize_address")
    given = [dict(address) if isinstance(address, Mapping) else address for address in addresses]
    return [Address(data) for data in _leadwright.canonicalize_addresses(given, threads)]


def check_field(kind: str, value: Any, /, **options: Any) -> FieldCheck:
    """Checks one value of a kind: ``phone``, ``email``, ``date``, ``money`` …

    >>> check_field("phone", "312.867.5309").value
    '+13128675309'
    """
    return FieldCheck(_leadwright.check_field(kind, value, options))
