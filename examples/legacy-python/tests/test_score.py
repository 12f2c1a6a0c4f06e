"""The scorer sees each kind of failure, and calls nothing one that is none."""

from __future__ import annotations

import datetime
from typing import Any, Optional

import pytest
from world import sheet
from world.buyers import Buyers, Post
from world.drive import Answers
from world.score import Score
from world.traffic import Submission

PERSON = {
    "vertical": "solar", "first_name": "Ann", "last_name": "Lee", "phone": "+15128675309", "email": "ann@aol.com", "state": "TX",
    "zip": "78701", "homeowner": True, "bill": 200,
}  # fmt: skip
GOOD = {name: PERSON[name] for name in ("first_name", "last_name", "phone", "email", "state", "zip")}
SOLD = {"status": "sold", "buyer": "sunwise"}
UNSOLD = {"status": "unsold", "buyer": None, "reasons": "sunwise refused it; solaria refused it"}


class World:
    """A traffic of a few forms, and what was made of them."""

    def __init__(self) -> None:
        self.waves: list[list[Submission]] = []
        self.answers = Answers()
        self.buyers = Buyers()
        self.buyers.close()
        # Somebody bought something long after, so that nothing is still on its way.
        self.post("shingle", "other", at=sheet.BEGIN + datetime.timedelta(hours=20))

    def lead(self, lead_id: str, book: Optional[dict[str, Any]] = None, *, http: int = 200, who: int = 1, refuse: str = "",
             **person: Any) -> None:
        one = Submission({"lead_id": lead_id}, {**PERSON, **person}, who, sheet.BEGIN, set(refuse.split()))
        self.waves.append([one])
        self.answers.said[id(one)] = [{"http": http, **(book or {})}]
        if book is not None:
            self.answers.books[lead_id] = book

    def post(self, buyer: str, lead_id: str, taken: str = "accepted", *, answered: bool = True, at: Any = sheet.BEGIN,
             **values: Any) -> None:
        self.buyers.posts.append(Post(buyer, {"lead_id": lead_id, **GOOD, **values}, 0, at, taken, answered))

    def failures(self) -> list[Optional[str]]:
        return [verdict.failure for verdict in Score(self.waves, self.buyers, self.answers).verdicts]


@pytest.fixture
def world() -> World:
    return World()


def test_sold_once_to_who_may_have_it_is_right(world: World) -> None:
    world.lead("a", SOLD)
    world.post("sunwise", "a")
    assert world.failures() == [None]


def test_refused_by_all_and_said_so_is_right(world: World) -> None:
    world.lead("a", UNSOLD)
    world.post("sunwise", "a", "rejected")
    world.post("solaria", "a", "rejected")
    assert world.failures() == [None]


def test_unsold_while_somebody_had_room_is_wrongly_refused(world: World) -> None:
    world.lead("a", UNSOLD)
    world.post("sunwise", "a", "rejected")
    assert world.failures() == ["wrongly refused"]


def test_an_outage_that_ended_is_no_reason(world: World) -> None:
    world.lead("a", UNSOLD)
    world.post("sunwise", "a", "error")
    world.post("solaria", "a", "rejected")
    assert world.failures() == ["wrongly refused"]


def test_unsold_without_a_reason_is_unexplained(world: World) -> None:
    world.lead("a", {**UNSOLD, "reasons": ""}, bill=20)
    assert world.failures() == ["unexplained"]


def test_refused_for_something_else_is_unexplained(world: World) -> None:
    world.lead("a", {"status": "rejected", "reasons": "email is invalid"}, refuse="phone")
    world.lead("b", {"status": "rejected", "reasons": "phone: too short"}, who=2, refuse="phone")
    assert world.failures() == ["unexplained", None]


def test_a_good_lead_that_is_rejected_is_wrongly_refused(world: World) -> None:
    world.lead("a", {"status": "rejected", "reasons": "phone is invalid"})
    assert world.failures() == ["wrongly refused"]


@pytest.mark.parametrize(
    ("buyer", "refuse", "values"),
    [("baystate", "", {}), ("sunwise", "consent", {}), ("sunwise", "", {"phone": "+15128675300"})],
)
def test_sold_to_the_wrong_one_or_with_wrong_values_is_wrongly_sold(
    world: World, buyer: str, refuse: str, values: dict[str, Any]
) -> None:
    world.lead("a", {"status": "sold", "buyer": buyer}, refuse=refuse)
    world.post(buyer, "a", **values)
    assert world.failures() == ["wrongly sold"]


def test_one_form_of_a_person_who_was_sold_twice_is_blamed(world: World) -> None:
    world.lead("a", SOLD)
    world.lead("b", SOLD)
    world.post("sunwise", "a")
    world.post("sunwise", "b")
    assert world.failures() == [None, "sold twice"]


def test_the_same_form_twice_with_a_buyer_is_sold_twice(world: World) -> None:
    world.lead("a", SOLD)
    world.post("sunwise", "a")
    world.post("sunwise", "a")
    assert world.failures() == ["sold twice"]


def test_what_is_over_the_day_is_oversold(world: World) -> None:
    cap = sheet.BUYERS["sunwise"].cap
    for number in range(cap + 2):
        world.lead(f"l{number}", SOLD, who=number)
        world.post("sunwise", f"l{number}")
    assert world.failures() == [None] * cap + ["oversold"] * 2


def test_one_place_that_was_left_is_one_lead_missed(world: World) -> None:
    cap = sheet.BUYERS["sunwise"].cap
    for number in range(cap - 1):
        world.lead(f"l{number}", SOLD, who=number)
        world.post("sunwise", f"l{number}")
    for number in range(cap, cap + 3):
        world.lead(f"l{number}", UNSOLD, who=number, bill=120)
    assert world.failures()[cap - 1 :] == ["wrongly refused", None, None]


def test_who_is_asked_again_and_again_takes_one_place(world: World) -> None:
    cap = sheet.BUYERS["sunwise"].cap
    world.lead("a", {"status": "unknown", "buyer": "sunwise", "reasons": "sunwise did not answer"})
    for _ in range(cap):
        world.post("sunwise", "a", "nothing", answered=False)
    world.lead("b", UNSOLD, who=2, bill=120)
    assert world.failures() == [None, "wrongly refused"]


def test_told_as_sold_to_who_does_not_have_it_is_lost(world: World) -> None:
    world.lead("a", SOLD)
    world.post("sunwise", "a", "rejected")
    assert world.failures() == ["lost"]


def test_sold_and_not_told_is_lost(world: World) -> None:
    world.lead("a", UNSOLD)
    world.post("sunwise", "a", answered=False)
    assert world.failures() == ["lost"]


def test_in_no_book_is_lost_and_with_errors_only_crashed(world: World) -> None:
    world.lead("a")
    world.lead("b", http=500, who=2)
    assert world.failures() == ["lost", "crashed"]


def test_unknown_is_right_where_a_buyer_was_silent_only(world: World) -> None:
    unknown = {"status": "unknown", "buyer": "solaria", "reasons": "solaria did not answer"}
    world.lead("a", unknown)
    world.post("solaria", "a", "nothing", answered=False)
    world.lead("b", unknown, who=2)
    assert world.failures() == [None, "lost"]


def test_a_duplicate_of_who_was_sold_is_right_and_of_nobody_is_not(world: World) -> None:
    duplicate = {"status": "duplicate", "reasons": "phone or email is known"}
    world.lead("a", SOLD)
    world.post("sunwise", "a")
    world.lead("b", duplicate)
    world.lead("c", duplicate, who=2)
    assert world.failures() == [None, None, "wrongly refused"]
