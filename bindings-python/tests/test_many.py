"""Many leads at once: the bytes of the command line, whatever the leads come in."""

from __future__ import annotations

import collections
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import command, example_leads

import leadwright

SCHEMA = "us/home-services@1"
ODD: list[Any] = [b"", "[]", "not JSON", '{"id":"4","zip":"60601"}', {"id": 5, "phone": "312-867-5309"}, {}]


def from_command(leads: list[bytes], *more: str) -> list[bytes]:
    arguments = ["validate", "--schema", SCHEMA, "--as-of", "2026-11-24", "--threads", "1", *more, "-"]
    lines = b"\n".join(leads) + b"\n"
    return subprocess.run([*command(), *arguments], input=lines, capture_output=True, check=True).stdout.splitlines()


def many(leads: Any, **more: Any) -> list[leadwright.ValidatedLine]:
    return leadwright.validate_many(leads, SCHEMA, as_of="2026-11-24", **more)


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_the_bytes_of_the_command(threads: int) -> None:
    leads = example_leads()
    assert [line.json for line in many(leads, threads=threads)] == from_command(leads)
    dicts = [json.loads(lead) for lead in leads[:500]]
    assert [line.json for line in many(iter(dicts), threads=threads)] == from_command(
        [json.dumps(lead).encode() for lead in dicts]
    )


def test_the_bytes_of_the_command_for_other_eyes() -> None:
    leads, key = example_leads()[:2_000], "sixteen bytes or more"
    assert [line.json for line in many(leads, redact="redacted", threads=2)] == from_command(leads, "--redact", "redacted")
    afterwards = [line.redacted().json for line in many(leads)]
    assert afterwards == from_command(leads, "--redact", "redacted")
    assert [line.json for line in many(leads, redact="hashed", key=key)] == [line.hashed(key).json for line in many(leads)]


def test_what_is_no_lead_is_not_valid_and_keeps_its_number() -> None:
    lines = many(ODD)
    assert [line.line for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [line.id for line in lines] == [None, None, None, "4", 5, None]
    assert [line.valid for line in lines] == [False, False, False, False, True, False]
    assert [line.problems[0]["code"] for line in lines[:3]] == ["json.empty_line", "json.not_an_object", "json.syntax"]
    assert lines[0].quality is None and lines[4].quality is not None and lines[4].quality["score"] > 0
    assert lines[0].canonical == {} and lines[0].corrections == [] and lines[0].redacted().canonical == {}
    too_long = many(["x" * (1 << 20) + "x"])[0]
    assert too_long.problems[0]["code"] == "input.line_too_long"
    assert many([]) == []


Row = collections.namedtuple("Row", "id phone")


class Keyed:
    """A row that has keys, like those of a database."""

    def keys(self) -> list[str]:
        return ["id", "phone"]

    def __getitem__(self, name: str) -> Any:
        return {"id": 7, "phone": "312-867-5309"}[name]


class NAType:
    """Missing, and its comparisons are no answers either."""

    def __eq__(self, other: object) -> Any:
        return self

    def __ne__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


class Pandas:
    """The doors of a pandas frame."""

    columns = ["id", "phone", "roof_age", "dob"]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def itertuples(self, index: bool, name: None) -> Iterator[tuple[Any, ...]]:
        assert index is False
        yield (7, "312-867-5309", float("nan"), NAType())


class Polars:
    """The doors of a polars frame."""

    columns = Pandas.columns

    def iter_rows(self, *, named: bool) -> Iterator[dict[str, Any]]:
        assert named
        yield {"id": 7, "phone": "312-867-5309", "roof_age": None, "dob": None}


@pytest.mark.parametrize(
    "leads",
    [
        [{"id": 7, "phone": "312-867-5309"}],
        [Row(7, "312-867-5309")],
        [Keyed()],
        [collections.ChainMap({"id": 7}, {"phone": "312-867-5309"})],
        Pandas(),
        Polars(),
        ({"id": 7, "phone": "312-867-5309"} for _ in range(1)),
    ],
    ids=lambda leads: type(leads).__name__,
)
def test_rows_of_all_kinds_are_leads(leads: Any) -> None:
    (line,) = many(leads)
    assert (line.id, line.valid, line.canonical["phone"]) == (7, True, "+13128675309")
    assert line.problems == []


def test_real_frames() -> None:
    rows = [{"id": "1", "phone": "312-867-5309", "roof_age": 7}, {"id": "2", "phone": "312-867-5310", "roof_age": None}]
    want = [{**line.canonical} for line in many(rows)]
    pandas = pytest.importorskip("pandas", reason="SKIPPED: pandas is not installed, and a stand-in was tested")
    polars = pytest.importorskip("polars", reason="SKIPPED: polars is not installed, and a stand-in was tested")
    for frame in (pandas.DataFrame(rows), polars.DataFrame(rows)):
        assert [line.canonical for line in many(frame)] == want


def test_one_lead_is_not_many_and_others_are_named_by_their_number() -> None:
    for one in ("{}", b"{}", {"id": 1}):
        with pytest.raises(TypeError, match="for one there is validate"):
            many(one)
    with pytest.raises(TypeError, match="lead 2: .*not int"):
        many([{}, 7])
    with pytest.raises(TypeError, match="lead 3: function cannot be a value of a lead, at /a"):
        many([{}, {}, {"a": lambda: "secret"}])
    with pytest.raises(leadwright.InputError, match="did you mean `us/home-services@1`"):
        leadwright.validate_many([], "us/home-service@1")

    def breaks() -> Iterator[dict[str, Any]]:
        yield {}
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        many(breaks())


def test_the_gil_is_free_meanwhile() -> None:
    leads, ticks, done = example_leads() * 2, 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    other = threading.Thread(target=tick)
    other.start()
    started = time.monotonic()
    many(leads)
    took = time.monotonic() - started
    done.set()
    other.join()
    # A thread that waits for the GIL ticks once for each 4,096 leads.
    assert ticks > 20 or took < 0.05, (ticks, took)


def test_terms_of_a_consent_alone_are_heard() -> None:
    terms = {"has": ["text"], "sellers": ["Acme"]}
    lead = {"phone": "312-867-5309", "zip": "60601", "consent.text": "yes, call me", "consent.sellers": ["Best"]}
    found = leadwright.validate(lead, SCHEMA, as_of="2026-11-24", consent=terms)
    assert not found.valid and found.problems[-1]["code"] == "consent.seller_not_named"
    [line] = many([lead], consent={"has": ["certificate"]})
    assert line.problems[-1]["code"] == "consent.missing"
    assert leadwright.validate(lead, SCHEMA, as_of="2026-11-24", consent={"has": ["text"]}).valid


def test_what_others_may_see() -> None:
    lead = {"id": "L1", "first_name": "Zebulon", "phone": "(312) 867-5309", "phone2": "312 867 5309", "zip": "60601", "shoe": "x"}
    shown = leadwright.validate(lead, SCHEMA, redact="redacted")
    assert shown == leadwright.validate(lead, SCHEMA).redacted()
    assert shown.canonical["phone"] == leadwright.redact_text("phone", "+13128675309") == "+*********09"
    assert shown.corrections == [] and "x_shoe" not in shown.canonical and b"ebulon" not in shown.json
    key = b"sixteen bytes or more"
    hashed = leadwright.validate(lead, SCHEMA).hashed(key)
    assert hashed.canonical["phone"] == hashed.canonical["phone2"] == leadwright.redact_text("phone", "+13128675309", key=key)
    assert leadwright.validate(lead, SCHEMA).hashed(b"another of sixteen").canonical["phone"] != hashed.canonical["phone"]
    with pytest.raises(leadwright.InputError):
        leadwright.validate(lead, SCHEMA, key=key)
