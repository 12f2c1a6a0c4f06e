"""Leads after validation, one and many: the first thing to adopt."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Optional, Union

from . import _leadwright
from ._given import ArrowFrame, Lead
from ._lazy import Answer
from ._rows import rows

Key = Union[str, bytes]
_Policies = Mapping[str, Union[str, Mapping[str, str]]]


class Validation(Answer):
    """A lead after validation."""

    __slots__ = ()

    @property
    def valid(self) -> bool:
        """Whether the lead is good enough to be offered."""
        return bool(self._member("valid"))

    @property
    def canonical(self) -> dict[str, Any]:
        """Its fields in canonical form. Personal data, unless it was redacted."""
        return dict(self._member("canonical"))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong: code, severity, action, path, and the shape of what was found, never its value."""
        return list(self._member("problems"))

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """What was changed. Personal data."""
        return list(self._member("corrections"))

    @property
    def quality(self) -> dict[str, Any]:
        """How good it looks: ``score`` from 0 to 1000, and ``reasons``, each a code with its points.

        >>> lead = validate({"phone": "312-555-5555", "email": "asdfgh@mailinator.com", "zip": "60601"}, "us/home-services@1")
        >>> lead.valid, lead.quality["score"], lead.quality["reasons"][0]
        (True, 250, {'code': 'email.disposable', 'points': -300})
        """
        return dict(self._member("quality"))

    def redacted(self) -> Validation:
        """The same lead as others may see it: of each value what its class leaves, and no corrections.

        >>> validate({"phone": "(312) 867-5309"}, "us/home-services@1").redacted().canonical["phone"]
        '+*********09'
        """
        return type(self)(_leadwright.redact_validation(self.json, "redacted", None))

    def hashed(self, key: Key) -> Validation:
        """The same lead with keyed hashes in place of values. The key has 16 bytes or more."""
        return type(self)(_leadwright.redact_validation(self.json, "hashed", key_bytes(key)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} valid={self.valid} problems={[problem['code'] for problem in self.problems]}>"


class ValidatedLine(Validation):
    """One of many leads after validation: a line of ``leadwright validate``, with the lead's own id and its number.

    What is no lead at all is not valid, and has neither fields nor corrections nor a quality.
    """

    __slots__ = ()

    @property
    def id(self) -> Union[str, int, float, None]:
        """The id of the lead as it came; None where it has none."""
        id: Union[str, int, float, None] = self._member("id")
        return id

    @property
    def line(self) -> int:
        """Its number among the leads, from 1."""
        return int(self._member("line"))

    @property
    def quality(self) -> Optional[dict[str, Any]]:  # type: ignore[override]  # what is no lead has none
        """How good it looks: ``score`` and ``reasons``; None for what is no lead at all."""
        quality = self.to_dict().get("quality")
        return None if quality is None else dict(quality)

    @property
    def canonical(self) -> dict[str, Any]:
        """Its fields in canonical form. Personal data, unless it was redacted."""
        return dict(self.to_dict().get("canonical", {}))

    @property
    def corrections(self) -> list[dict[str, Any]]:
        """What was changed. Personal data."""
        return list(self.to_dict().get("corrections", []))


def validate(
    lead: Lead,
    schema: str,
    *,
    as_of: Union[str, datetime.date, None] = None,
    repair: Optional[Sequence[str]] = None,
    on_zip_state_conflict: Optional[str] = None,
    require: Sequence[str] = (),
    problems: Optional[_Policies] = None,
    now: Union[str, datetime.datetime, None] = None,
    consent_max_age_days: Optional[int] = None,
    consent: Optional[Mapping[str, Any]] = None,
    ip_country: Optional[str] = None,
    honeypots: Sequence[str] = (),
    redact: Literal["raw", "redacted", "hashed"] = "raw",
    key: Optional[Key] = None,
) -> Validation:
    """Validates a raw lead against a schema of the catalogue, like ``us/home-services@1``.

    A lead is a mapping, an object that is data (a dataclass, a model of pydantic, a row of a database …), or JSON; its values
    are what ``docs/values.md`` lists. A bad lead raises nothing: look at ``valid`` and ``problems``. ``as_of`` is today where the lead is judged (the
    clock's date when absent); ``repair``, ``on_zip_state_conflict``, ``require`` and ``consent_max_age_days`` are words of
    a plan's ``intake``, and ``problems`` are policies as a vertical has them:
    ``{"email.disposable": "reject", "phone": {"phone2": "warn"}}``. ``now`` (with a zone) is the moment that times are
    compared with, ``consent`` what its consent must have (``{"has": ["text", "certificate"], "max_age_days": 30}``),
    ``ip_country`` the country of the lead's IP address by two letters, ``honeypots`` are fields of the
    form that people do not see. ``redact`` says how the lead is written; ``hashed`` takes a ``key``.

    >>> lead = validate({"phone": "(312) 867-5309", "zip": "60601", "homeowner": "Yes"}, "us/home-services@1")
    >>> lead.canonical["phone"], lead.canonical["state"], lead.valid
    ('+13128675309', 'IL', True)
    >>> strict = {"email.disposable": "reject", "phone.fictitious": {"phone": "hold"}}
    >>> validate({"phone": "(312) 867-5309", "email": "jo@mailinator.com"}, "us/home-services@1", problems=strict).valid
    False
    """
    options = _options(
        as_of, repair, on_zip_state_conflict, require, problems, now, consent_max_age_days, consent, ip_country, honeypots
    )
    return Validation(_validator(schema, options, redact, key).one(lead))


def validate_many(
    leads: Union[Iterable[Any], ArrowFrame],
    schema: str,
    *,
    as_of: Union[str, datetime.date, None] = None,
    repair: Optional[Sequence[str]] = None,
    on_zip_state_conflict: Optional[str] = None,
    require: Sequence[str] = (),
    problems: Optional[_Policies] = None,
    now: Union[str, datetime.datetime, None] = None,
    consent_max_age_days: Optional[int] = None,
    consent: Optional[Mapping[str, Any]] = None,
    ip_country: Optional[str] = None,
    honeypots: Sequence[str] = (),
    redact: Literal["raw", "redacted", "hashed"] = "raw",
    key: Optional[Key] = None,
    threads: int = 1,
) -> list[ValidatedLine]:
    """Validates many leads, each as :func:`validate` does, and answers in their order with the bytes of the command
    ``leadwright validate``.

    ``leads`` is an iterable of leads. A data frame of pandas or polars, a table or a batch of Arrow, and whatever streams
    Arrow is taken as its rows, and its missing values are no values. The GIL is free meanwhile; ``threads`` are used for
    the call and end with it.

    >>> leads = [{"id": 7, "phone": "(312) 867-5309"}, {"id": 8, "phone": "call me"}]
    >>> [(lead.line, lead.id, lead.valid) for lead in validate_many(leads, "us/home-services@1", threads=2)]
    [(1, 7, True), (2, 8, False)]
    """
    if isinstance(leads, (str, bytes, bytearray, Mapping)):
        raise TypeError("leads are an iterable of leads; for one there is validate")
    options = _options(
        as_of, repair, on_zip_state_conflict, require, problems, now, consent_max_age_days, consent, ip_country, honeypots
    )
    answers = _validator(schema, options, redact, key).many(rows(leads), threads)
    return [ValidatedLine(data) for data in answers]


def redact_text(kind: str, value: str, *, key: Optional[Key] = None) -> str:
    """What others may see of one canonical value of a kind (``phone``, ``email``, ``name``, ``date``, ``zip`` …), or
    with a ``key`` the hash that stands in its place in a hashed lead.

    >>> redact_text("phone", "+13128675309")
    '+*********09'
    """
    return _leadwright.redact_text(kind, value, "redacted" if key is None else "hashed", key_bytes(key))


def _validator(schema: str, options: str, redact: str, key: Optional[Key]) -> _leadwright.Validator:
    """What knows the schema: the same for the same words. One with a key is not kept, and neither is the key."""
    if key is None:
        return _kept_validator(schema, options, redact)
    return _leadwright.Validator(schema, options, redact, key_bytes(key))


@functools.lru_cache(maxsize=32)
def _kept_validator(schema: str, options: str, redact: str) -> _leadwright.Validator:
    return _leadwright.Validator(schema, options, redact, None)


def key_bytes(key: Optional[Key]) -> Optional[bytes]:
    """A key as bytes."""
    return key.encode() if isinstance(key, str) else key


@functools.lru_cache(maxsize=8)
def _options_of_day(today: str) -> str:
    return json.dumps({"as_of": today})


def _options(
    as_of: Union[str, datetime.date, None],
    repair: Optional[Sequence[str]],
    on_zip_state_conflict: Optional[str],
    require: Sequence[str],
    problems: Optional[_Policies],
    now: Union[str, datetime.datetime, None],
    consent_max_age_days: Optional[int],
    consent: Optional[Mapping[str, Any]],
    ip_country: Optional[str],
    honeypots: Sequence[str],
) -> str:
    today = str(datetime.date.today() if as_of is None else as_of)
    more = (repair, on_zip_state_conflict, problems, now, consent_max_age_days, consent, ip_country)
    if not require and not honeypots and all(option is None for option in more):
        return _options_of_day(today)
    options: dict[str, Any] = {"as_of": today, "require": list(require)}
    if repair is not None:
        options["repair"] = list(repair)
    if on_zip_state_conflict is not None:
        options["on_zip_state_conflict"] = on_zip_state_conflict
    if problems is not None:
        said = problems.items()
        options["problems"] = {about: dict(what) if isinstance(what, Mapping) else what for about, what in said}
    if now is not None:
        isoformat = getattr(now, "isoformat", None)
        options["now"] = now if isoformat is None else isoformat()
    if consent_max_age_days is not None:
        options["consent_max_age_days"] = consent_max_age_days
    if consent is not None:
        options["consent"] = dict(consent)
    if ip_country is not None:
        options["ip_country"] = ip_country
    if honeypots:
        options["honeypots"] = list(honeypots)
    return json.dumps(options)
