"""Seeded messy traffic whose truth is known: what came in, who it was, and what right handling is."""

from __future__ import annotations

import copy
import datetime
import random
from dataclasses import dataclass, field
from typing import Any

from . import mess, people, sheet

# Every second wave is one affiliate's queue and comes in at once, to as many threads; the forms of the others come one by one.
WAVE = 8


@dataclass
class Submission:
    """A form that was sent, and what is true of it."""

    form: dict[str, Any]
    person: dict[str, Any]
    # Forms of one person share it: together they may be sold once.
    who: int
    at: datetime.datetime
    # The fields for which it has to be refused; one of them is named.
    refuse: set[str] = field(default_factory=set)
    messes: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id that the sender gave it."""
        return str(self.form["lead_id"])


def traffic(count: int, seed: int, days: float = 3) -> list[list[Submission]]:
    """Waves of forms, in the order in which they come in over so many days."""
    chance = random.Random(seed)
    taken: set[str] = set()
    waves: list[list[Submission]] = []
    sent: list[Submission] = []
    ids = (f"L{number:05d}" for number in range(count * 2))
    number = count // WAVE
    for index in range(number):
        at = sheet.BEGIN + index * datetime.timedelta(days=days) / number
        wave: list[Submission] = []
        while len(wave) < WAVE:
            lead_id = next(ids)
            again = chance.random()
            if again < 0.03 and sent:
                wave.append(_again(chance, lead_id, at, chance.choice(sent)))
            else:
                wave.append(_new(chance, lead_id, at, taken))
                # Somebody pressed the button twice, or the form's own script did.
                if again > 0.985 and len(wave) < WAVE:
                    twice = copy.deepcopy(wave[-1])
                    if again > 0.993:
                        twice.form["lead_id"] = next(ids)
                    wave.append(twice)
        sent += [one for one in wave if not one.refuse]
        waves.append(wave)
    return waves


def _new(chance: random.Random, lead_id: str, at: datetime.datetime, taken: set[str]) -> Submission:
    person = people.person(chance, taken)
    lead = Submission(people.form(lead_id, chance, person), person, int(lead_id[1:]), at)
    for spoil, often in mess.MESSES:
        if chance.random() * 1000 < often:
            before = dict(lead.form)
            lead.refuse |= {refused} if (refused := spoil(chance, lead.form, lead.person)) else set()
            if lead.form != before:
                lead.messes.append(spoil.__name__)
    if lead.refuse & {"phone", "email"} and "shape" in lead.messes:
        lead.refuse |= {"phone", "email"}  # they may stand in each other's place
    return lead


def _again(chance: random.Random, lead_id: str, at: datetime.datetime, before: Submission) -> Submission:
    """The same person some time later, through another form: known by the phone number, or by the e-mail address."""
    person = dict(before.person)
    filled = people.form(lead_id, chance, person)
    phone = person["phone"][2:]
    kind = chance.choice(["same", "phone", "email", "capitals"])
    if kind == "phone":
        filled |= {"phone": f"({phone[:3]}) {phone[3:6]} {phone[6:]}", "email": f"other{lead_id}@aol.com".lower()}
    if kind == "email":
        filled["phone"] = f"646-736-{chance.randint(0, 9999):04d}"
    if kind == "capitals":
        filled["email"] = person["email"].upper()
    return Submission(filled, person, before.who, at, messes=[f"again by {kind}"])
