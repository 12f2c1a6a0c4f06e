"""How the assignment rules of the Frappe framework behave, said again in our own words: nothing of its code is here.

What is modelled is what happens when a document is saved for the first time: which rule applies, and to whom it assigns.
Read in frappe/frappe, `frappe/automation/doctype/assignment_rule/assignment_rule.py` at commit 3932d1a9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Optional

Document = dict[str, Any]


@dataclass
class Rule:
    """One assignment rule. `kind` is `round robin`, `load balancing` or `based on field`."""

    name: str
    priority: int
    kind: str
    condition: Callable[[Document], bool]
    users: list[str] = field(default_factory=list)
    field: str = ""
    #: Days of the week on which it applies, Monday is 0; every day where there are none.
    days: frozenset[int] = frozenset()
    #: Who got the last document of this rule.
    last_user: Optional[str] = None


class Assigner:
    """Assigns documents by rules, the one with the highest priority first, and remembers who has how many open ones."""

    def __init__(self, rules: list[Rule], users: set[str]) -> None:
        self.rules = sorted(rules, key=lambda rule: -rule.priority)
        self.users = users
        self.open: Counter[str] = Counter()

    def assign(self, document: Document, weekday: int) -> tuple[Optional[str], Optional[str]]:
        """The rule and the user; the first rule that applies and knows somebody takes the document."""
        for rule in self.rules:
            if rule.days and weekday not in rule.days:
                continue
            if not self._applies(rule, document):
                continue
            user = self._user(rule, document)
            if user is not None:
                rule.last_user = user
                self.open[user] += 1
                return rule.name, user
        return None, None

    def close(self, user: str) -> None:
        """The user has done with a document."""
        self.open[user] -= 1

    @staticmethod
    def _applies(rule: Rule, document: Document) -> bool:
        try:
            return bool(rule.condition(document))
        except Exception:
            return False  # a condition that fails is told on the screen, and counts as not met

    def _user(self, rule: Rule, document: Document) -> Optional[str]:
        if rule.kind == "round robin":
            return self._next(rule)
        if rule.kind == "load balancing":
            # Open documents of all rules count. Of equals the first in the list gets it.
            return min(rule.users, key=lambda user: self.open[user])
        user = document.get(rule.field)
        return user if user in self.users else None

    @staticmethod
    def _next(rule: Rule) -> str:
        """The one after the last one. Who is not in the list any more sends it back to its beginning."""
        if rule.last_user not in rule.users:
            return rule.users[0]
        return rule.users[(rule.users.index(rule.last_user) + 1) % len(rule.users)]
