"""Whether it went right, lead by lead: from the truth of the traffic, the books of the buyers and what the app said.

A lead is judged by the worst that happened to it. Nothing here knows which app it looks at.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Optional

from . import sheet
from .buyers import Buyers, Post
from .drive import Answers
from .traffic import Submission

# From the worst on.
FAILURES = ["sold twice", "wrongly sold", "oversold", "lost", "crashed", "wrongly refused", "unexplained"]
# A reason names the field, or the part of it that is wrong.
WORDS = {"address": ("address", "zip", "state")}
# An outage that ends is no reason not to sell a lead, when there was so much time afterwards.
PATIENCE = datetime.timedelta(hours=1)


@dataclass
class Verdict:
    """What became of a lead, and why that is a failure, where it is one."""

    one: Submission
    failure: Optional[str]
    why: str
    status: str


class Score:
    """Judges every submission."""

    def __init__(self, waves: list[list[Submission]], buyers: Buyers, answers: Answers) -> None:
        self.all = [one for wave in waves for one in wave]
        self.answers = answers
        self.end = max(post.at for post in buyers.posts)
        self.posts: dict[str, list[Post]] = defaultdict(list)
        for post in buyers.posts:
            self.posts[str(post.lead["lead_id"])].append(post)
        self.by_buyer: dict[str, list[Post]] = defaultdict(list)
        for post in buyers.posts:
            self.by_buyer[post.buyer].append(post)
        self.group: dict[int, list[str]] = defaultdict(list)
        self.told: dict[str, set[str]] = defaultdict(set)
        self.last: dict[int, Submission] = {}
        for one in self.all:
            if one.id not in self.group[one.who]:
                self.group[one.who].append(one.id)
            self.told[one.id] |= {str(answer.get("status")) for answer in answers.said.get(id(one), [])}
            if self._accepted(one.id):
                self.last[one.who] = one
        self.over = self._over()
        self.room = self._room()
        self.verdicts = [self._verdict(one) for one in self.all]
        #: Dollars that buyers owe: what they took beyond their contract, or for a second time, they do not pay.
        self.revenue = self._revenue()

    def counts(self) -> Counter[str]:
        """Failures by kind."""
        return Counter(verdict.failure for verdict in self.verdicts if verdict.failure)

    @property
    def failed(self) -> int:
        """How many leads were failed or wrong."""
        return sum(self.counts().values())

    @property
    def sold(self) -> int:
        """How many leads a buyer has in its books."""
        return len({lead_id for lead_id, posts in self.posts.items() if any(post.taken == "accepted" for post in posts)})

    def _revenue(self) -> int:
        paid: set[int] = set()
        total = 0
        for one in self.all:
            good = [post for post in self._accepted(one.id) if id(post) not in self.over]
            if good and one.who not in paid and not one.refuse and sheet.BUYERS[good[0].buyer].eligible(one.person):
                paid.add(one.who)
                total += sheet.BUYERS[good[0].buyer].price
        return total

    def _accepted(self, lead_id: str) -> list[Post]:
        return [post for post in self.posts[lead_id] if post.taken == "accepted"]

    def _over(self) -> set[int]:
        """The sales beyond what a buyer has signed for the day."""
        count: Counter[tuple[str, datetime.date]] = Counter()
        over = set()
        for buyer, posts in self.by_buyer.items():
            contract = sheet.BUYERS[buyer]
            for post in posts:
                if post.taken == "accepted":
                    day = (buyer, contract.day(post.at))
                    count[day] += 1
                    if count[day] > contract.cap:
                        over.add(id(post))
        return over

    def _verdict(self, one: Submission) -> Verdict:
        book = self.answers.books.get(one.id)
        said = self.answers.said.get(id(one), [])
        status = str((book or {}).get("status") or (said[-1].get("status") if said else "") or "nothing")
        failure, why = self._failure(one, book, said, status) or (None, "")
        return Verdict(one, failure, why, status)

    def _failure(
        self, one: Submission, book: Optional[dict[str, Any]], said: list[dict[str, Any]], status: str
    ) -> Optional[tuple[str, str]]:
        sales = self._accepted(one.id)
        of_person = [post for lead_id in self.group[one.who] for post in self._accepted(lead_id)]
        # Of a person who was sold twice one form is blamed.
        if len(of_person) > 1 and one is self.last[one.who]:
            return "sold twice", f"{[post.buyer for post in of_person]}"
        for post in sales:
            if wrong := self._wrong(one, post):
                return "wrongly sold", f"{post.buyer}: {wrong}"
            if id(post) in self.over:
                return "oversold", post.buyer
        told = self.told[one.id] | {status}
        if sales and not told & {"sold", "unknown"}:
            return ("crashed" if book is None else "lost"), f"{sales[0].buyer} has it, and the app says {status}"
        if status == "sold" and (not sales or (book or {}).get("buyer") not in [post.buyer for post in sales]):
            return "lost", f"told as sold to {(book or {}).get('buyer')}, who does not have it"
        if said and all(answer["http"] >= 500 for answer in said):
            return "crashed", "the sender was told of an error only"
        if book is None:
            return "lost", "it is in no book"
        if sales:
            return None
        return self._not_sold(one, book, status, bool(of_person))

    def _wrong(self, one: Submission, post: Post) -> str:
        if one.refuse:
            return f"it has to be refused for {sorted(one.refuse)}"
        if not sheet.BUYERS[post.buyer].eligible(one.person):
            return "not in the contract"
        wrong = [name for name in ("first_name", "last_name", "phone", "email", "state", "zip")
                 if str(post.lead.get(name)).casefold() != str(one.person[name]).casefold() and not self._retyped(one, name)]
        return f"with wrong {', '.join(wrong)}" if wrong else ""

    @staticmethod
    def _retyped(one: Submission, name: str) -> bool:
        """Somebody who came again with another number or address is right with that one too."""
        return name in ("phone", "email") and bool({f"again by {kind}" for kind in ("phone", "email")} & set(one.messes))

    def _not_sold(self, one: Submission, book: dict[str, Any], status: str, person_sold: bool) -> Optional[tuple[str, str]]:
        reasons = str(book.get("reasons") or "")
        if one.refuse:
            if status != "rejected":
                return "unexplained", f"told as {status}, and is to be refused for {sorted(one.refuse)}"
            named = any(word in reasons for field in one.refuse for word in WORDS.get(field, (field,)))
            return None if named else ("unexplained", f"refused for {reasons!r} and not for {sorted(one.refuse)}")
        if status == "duplicate" and len(self.group[one.who]) > 1 and (person_sold or self._open_elsewhere(one)):
            return None if reasons else ("unexplained", "a duplicate without a reason")
        if status == "unknown":
            silent = [post for post in self.posts[one.id] if not post.answered]
            return None if silent and reasons else ("lost", "told as unknown, and nobody was silent")
        if status == "rejected":
            return "wrongly refused", reasons
        missed = [] if person_sold else [buyer for buyer in sheet.eligible(one.person) if not self._may_not(one, buyer)]
        if missed:
            # Where one place was left at the end of the day, one lead is missed, not all that came after it.
            self.room[self._day(missed[0], one)] -= 1
            return "wrongly refused", f"{missed} would have bought"
        return None if reasons else ("unexplained", f"{status} without a reason")

    def _open_elsewhere(self, one: Submission) -> bool:
        """Whether another form of the person is with a buyer who was silent."""
        others = [other for other in self.group[one.who] if other != one.id]
        return any(self.answers.books.get(other, {}).get("status") == "unknown" for other in others)

    def _may_not(self, one: Submission, buyer: str) -> bool:
        """Whether this buyer could not have bought: had its day's leads, said no, or was down to the end."""
        answers = [post for post in self.posts[one.id] if post.buyer == buyer]
        if any(post.taken == "rejected" or not post.answered for post in answers):
            return True
        if answers and self.end - answers[-1].at < PATIENCE:
            return True  # it was down, and there was no time left to try again
        return self.room[self._day(buyer, one)] <= 0

    @staticmethod
    def _day(buyer: str, one: Submission) -> tuple[str, datetime.date]:
        return buyer, sheet.BUYERS[buyer].day(one.at)

    def _room(self) -> dict[tuple[str, datetime.date], int]:
        """What each buyer would have bought beyond what it got, by its days. Who did not answer may have the lead."""
        room = {self._day(buyer, one): contract.cap for buyer, contract in sheet.BUYERS.items() for one in self.all}
        for posts in self.posts.values():
            for buyer in {post.buyer for post in posts}:
                of_buyer = [post for post in posts if post.buyer == buyer]
                silent = [] if of_buyer[-1].answered else of_buyer[:1]
                for post in [post for post in of_buyer if post.taken == "accepted"] or silent:
                    day = (buyer, sheet.BUYERS[buyer].day(post.at))
                    room[day] = room.get(day, 0) - 1
        return room
