"""What values become, by the table that Node reads too."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import http
import json
import sqlite3
import types
import typing
import uuid
from typing import Any

import pytest
from conftest import REPOSITORY

import leadwright
from leadwright import _leadwright

SCHEMA = "us/home-services@1"
ROWS = json.loads((REPOSITORY / "vectors/domain/values.json").read_text("utf-8"))
HERE = [row for row in ROWS if row.get("in") != "node"]


class Rows:
    """A database for rows."""

    @staticmethod
    def one(query: str) -> Any:
        connection = sqlite3.connect(":memory:")
        connection.row_factory = sqlite3.Row
        return connection.execute(query).fetchone()


STANDARD = (collections, dataclasses, datetime, decimal, enum, http, types, typing, uuid)
NAMES: dict[str, Any] = {"__name__": __name__, **{module.__name__: module for module in STANDARD}, "rows": Rows}


class Thing:
    """An object that is no data."""

    def __init__(self, members: dict[str, Any]) -> None:
        self.__dict__.update(members)


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


def text(units: list[int]) -> str:
    return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "surrogatepass")


def time(millis: int) -> datetime.datetime:
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=millis)


MAKE: dict[str, Any] = {
    "$number": float,
    "$int": int,
    "$set": lambda items: {made(item) for item in items},
    "$tuple": lambda items: tuple(made(item) for item in items),
    "$map": lambda entries: {made(key): made(value) for key, value in entries},
    "$time": time,
    "$bytes": bytes.fromhex,
    "$units": text,
    "$nested": nested,
    "$object": Thing,
    "$python": lambda expression: eval(expression, dict(NAMES)),
}


def made(value: Any) -> Any:
    """A value from the notation of the table."""
    if isinstance(value, list):
        return [made(item) for item in value]
    if not isinstance(value, dict):
        return value
    for name, argument in value.items():
        if name in MAKE:
            return MAKE[name](argument)
    return {name: made(member) for name, member in value.items()}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["why"]) for row in HERE])
def test_value(row: dict[str, Any]) -> None:
    if "needs" in row:
        name = row["needs"]
        NAMES[name] = pytest.importorskip(name, reason=f"SKIPPED: {name} is not installed")
    lead = made(row["value"])
    if "refused" in row:
        for call in (_leadwright.to_line, _leadwright.canonicalize_address):
            with pytest.raises(TypeError) as raised:
                call(lead)
            assert row["refused"] in str(raised.value)
            # The name of a class is no value; what it holds is.
            assert "secret" not in str(raised.value).replace("secret cannot be a value", "")
        return
    assert _leadwright.to_line(lead).decode() == row["json"]
    found = leadwright.validate(lead, SCHEMA)
    assert {problem["code"] for problem in found.problems} >= set(row.get("codes", ()))
    assert found == leadwright.validate(row["json"], SCHEMA)


@pytest.mark.parametrize("odd", [None, 7, True, [], ["{}"], ("a",), object()])
def test_a_lead_is_a_dict_or_json(odd: Any) -> None:
    with pytest.raises(TypeError, match="a lead is a dict"):
        leadwright.validate(odd, SCHEMA)


def test_halves_of_pairs_in_json_are_found_too() -> None:
    found = leadwright.validate('{"first_name":"A\ud83d"}', SCHEMA)
    assert found.problems[0]["code"] == "json.invalid_utf8"
    assert found.canonical == leadwright.validate({"first_name": "A\ud83d"}, SCHEMA).canonical


@pytest.mark.parametrize("sign", [1, -1])
def test_an_integer_of_more_digits_than_python_says(sign: int) -> None:
    number = sign * (10**5000 + 7)
    text = ("-" if sign < 0 else "") + "1" + "0" * 4999 + "7"
    assert _leadwright.to_line({"phone": number}).decode() == f'{{"phone":{text}}}'
    assert leadwright.validate({"phone": number}, SCHEMA) == leadwright.validate(f'{{"phone":{text}}}', SCHEMA)
    for huge in (sign * 10**80_000, sign << 4_000_000):
        found = leadwright.validate({"phone": huge}, SCHEMA)
        assert [problem["code"] for problem in found.problems] == ["limit.lead_bytes"]


def test_an_address_and_a_field_take_any_value() -> None:
    for address in ({"street": "5 elm place", "zip": 63104}, "5 elm place, 63104"):
        assert leadwright.canonicalize_address(address).lines == ["5 ELM PL", "SAINT LOUIS MO 63104"]
    odds: list[tuple[Any, str]] = [
        (None, "address.missing"), (7, "address.wrong_type"), ("\ud83d", "json.invalid_utf8"), (nested(99), "json.too_deep"),
    ]
    for odd, code in odds:
        assert leadwright.canonicalize_address(odd).problems[0]["code"] == code
    assert leadwright.check_field("integer", 7).value == 7
    assert leadwright.check_field("integer", float("nan")) == leadwright.check_field("integer", "NaN")
    assert len(leadwright.check_field("integer", float("inf")).problems) == 1


def test_many_addresses_are_read_as_one_by_one() -> None:
    given: list[Any] = ["5 elm place, 63104", {"street": "5 elm place", "zip": 63104}, None, 7, "\ud83d", ""]
    given += [f"{number} Elm St Apt {number}, Kalona IA 52247" for number in range(5_000)]
    one_by_one = [leadwright.canonicalize_address(address) for address in given]
    for threads in (0, 1, 3):
        assert leadwright.canonicalize_addresses(given, threads=threads) == one_by_one
    assert leadwright.canonicalize_addresses(iter(given[:2])) == one_by_one[:2]
    assert leadwright.canonicalize_addresses([]) == []


@pytest.mark.parametrize("odd", ["5 elm place, 63104", b"x", {"street": "5 elm place"}])
def test_one_address_is_not_many(odd: Any) -> None:
    with pytest.raises(TypeError, match="canonicalize_address"):
        leadwright.canonicalize_addresses(odd)


def test_an_address_that_cannot_be_said_names_no_value() -> None:
    with pytest.raises(TypeError) as raised:
        leadwright.canonicalize_addresses(["5 elm place, 63104", object()])
    assert "elm" not in str(raised.value)
