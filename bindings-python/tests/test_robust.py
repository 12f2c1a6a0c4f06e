"""Whatever is handed over: an answer or an exception, never the end of the process, never a mistake of ours, no value in the words.

It runs in a process of its own, for what it looks for may end it.
"""

from __future__ import annotations

import faulthandler
import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import leadwright
from leadwright import migrate, parity

LEAD = {"id": "L1", "source": "web", "phone": "312-867-5301", "zip": "60601"}
NOW = "2026-11-24T23:05:00Z"
SCHEMA = "us/home-services@1"
BASE = {
    "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    "verticals": {"roofing": {"extends": "us/home-services@1"}}, "sources": {"web": {"verticals": ["roofing"]}},
    "routes": {"roofing": {"groups": [{"id": "all", "select": "price"}], "on_unsold": {"then": "store"}}},
}
ROW = {"contract": "acme-il", "buyer": "acme", "states": "IL", "price": "40.00"}

#: The arguments of every entry point of the package, as they should be. What is new is missing here, and the test says so.
FUNCTIONS: dict[str, dict[str, Any]] = {
    "canonicalize_address": {"address": "5 elm place, 63104"},
    "canonicalize_addresses": {"addresses": ["5 elm place, 63104"], "threads": 1},
    "check_field": {"kind": "phone", "value": "312-867-5301"},
    "redact_text": {"kind": "phone", "value": "+13128675301", "key": "sixteen bytes or more"},
    "validate": {
        "lead": LEAD, "schema": SCHEMA, "as_of": "2026-11-24", "repair": [], "on_zip_state_conflict": None, "require": [],
        "problems": {}, "now": NOW, "consent_max_age_days": 30, "consent": {}, "ip_country": "US", "honeypots": [],
        "redact": "hashed", "key": "sixteen bytes or more",
    },
    "validate_many": {
        "leads": [LEAD], "schema": SCHEMA, "as_of": "2026-11-24", "repair": [], "on_zip_state_conflict": None, "require": [],
        "problems": {}, "now": NOW, "consent_max_age_days": 30, "consent": {}, "ip_country": "US", "honeypots": [],
        "redact": "hashed", "key": "sixteen bytes or more", "threads": 1,
    },
    "verify_webhook": {"secrets": "whsec_c2VjcmV0IGtleQ==", "headers": {}, "body": b"{}", "now": NOW, "tolerance": 300},
}
CLASSES: dict[str, dict[str, Any]] = {
    "AsyncEngine": {"threads": 1, "tenant": "main", "relaxed": False, "keys": None, "lists": {}, "plan": None, "store": None},
    "Buyers": {"secrets": {}, "allow": []},
    "Engine": {"plan": None, "store": None, "tenant": "main", "relaxed": False, "keys": None, "lists": {}},
    "Messages": {"texts": {}},
}
METHODS: dict[str, dict[str, dict[str, Any]]] = {
    "Engine": {
        "balances": {}, "breakers": {"now": NOW}, "close": {}, "confirm_external": {"key": "old-1", "now": NOW}, "counts": {},
        "claim": {"worker": "w", "limit": 1, "hold": "60s", "posts": False, "policy": {}, "now": NOW},
        "decide": {"lead": LEAD, "now": NOW, "seed": 0},
        "decide_batch": {"leads": [LEAD], "now": NOW, "seed": 0, "threads": 1},
        "delivered": {"id": "none", "outcome": "accepted", "policy": {}, "now": NOW},
        "deliveries": {"state": "dead"}, "delivery": {"key": "k"}, "drift": {"now": NOW},
        "dry_run": {"lead": LEAD, "now": NOW, "seed": 0}, "errors": {},
        "explain": {"decision": "web/L1.1", "all": False, "contract": None},
        "explain_lead": {"lead": LEAD, "now": NOW, "seed": 0, "all": False, "contract": None},
        "forget": {"person": {"phone": "312-867-5399", "by": "ann", "reason": "asked"}, "now": NOW}, "metrics": {},
        "observe": {"lead": LEAD, "seen": {"outcome": "unsold"}, "now": NOW, "seed": 0},
        "operate": {"operation": {"op": "revoke", "phone": "312-867-5399", "reason": "asked"}, "now": NOW},
        "outbox": {},
        "outcome_of": {"sending": {}, "status": 200, "headers": {}, "body": b"", "took_ms": 1, "now": NOW},
        "ping": {"lead": LEAD, "buyers": None, "within": 0.1, "now": NOW, "seed": 0},
        "plan_hash": {},
        "post": {"lead": LEAD, "buyers": None, "within": 0.1, "now": NOW, "seed": 0},
        "prepare_batch": {"leads": [LEAD], "now": NOW, "seed": 0, "threads": 1}, "prometheus": {}, "queue": {},
        "redrive": {
            "by": "ann", "reason": "asked", "key": "k", "buyer": None, "contract": None, "why": None, "unknown": False,
            "limit": 1, "dry_run": True, "now": NOW,
        },
        "release": {"said": {"lead": "web/L1", "do": "drop", "by": "ann", "reason": "asked"}, "now": NOW, "seed": 0},
        "release_external": {"key": "old-1", "now": NOW}, "replay": {"decision": "web/L1.1"},
        "report": {"by": ["day"], "start": "2026-11-24", "end": "2026-11-24", "source": None, "contract": None, "outcome": None},
        "request_of": {"sending": {}, "secrets": {}, "now": NOW},
        "reserve_external": {
            "contract": "acme-il", "key": "old-1", "source": "web", "sub_id": None, "vertical": None, "group": None,
            "price": None, "hold": "15m", "now": NOW,
        },
        "retry": {"problem": "phone.too_short", "dry": True, "now": NOW, "seed": 0},
        "run_delivery": {"workers": 1, "secrets": {}, "allow": [], "stop": None, "until_empty": True, "worker": "w"},
        "set_list": {"name": "dnc", "given": None}, "settle_batch": {"rows": [], "line": 1},
        "statement": {"party": "buyer:acme", "number": None, "start": None, "end": None}, "statements": {"party": None},
        "submit": {"lead": LEAD, "buyers": None, "within": 0.1, "now": NOW, "seed": 0},
        "subscribe": {"name": "crm", "types": [], "start": "start"}, "subscribers": {}, "swap": {"plan": None},
        "unsubscribe": {"name": "none"}, "work_queue": {"now": NOW, "seed": 0, "most": 1},
    },
    "Plan": {
        "bundle": {}, "check": {"path": "plan.jsonc"},
        "check_rows": {"base": BASE, "contracts": [ROW], "buyers": [], "lists": {}, "ignore": []}, "contracts": {},
        "diff": {"new": None}, "explain": {"lead": LEAD, "at": NOW, "all": False, "contract": None},
        "fix": {"path": "plan.jsonc", "guesses": False, "write": False}, "format": {"text": "{}"},
        "from_bundle": {"bundle": "{}"},
        "from_rows": {"base": BASE, "contracts": [ROW], "buyers": [], "lists": {}, "ignore": []},
        "rows_to_files": {"base": BASE, "contracts": [ROW], "buyers": [], "lists": {}, "ignore": []}, "hash": {},
        "lint": {"path": "plan.jsonc", "as_of": "2026-11-24"}, "load": {"path": "plan.jsonc"}, "name": {}, "outside_lists": {},
        "to_documents": {},
    },
    "Subscription": {"ack": {"event": 0}, "name": {}, "poll": {"limit": 1}, "seek": {"start": "start"}},
    "SuppressionList": {
        "about": {}, "holds": {"value": "312-867-5301"}, "open": {"path": "dnc.list"},
        "of": {"entries": ["312-867-5301"], "of": "phone", "hash": None, "form": None, "version": None, "made_at": None},
        "write": {"path": "dnc.list", "id": "dnc"},
    },
    "Messages": {"of": {"problem": {"code": "phone.too_short", "severity": "error", "action": "dropped", "path": "/phone"}}},
}
#: Answers hold bytes of ours; the iterators of events wait, and have tests of their own; others have tests in their files.
LEFT_OUT = {
    "Address", "Decision", "Event", "FieldCheck", "Fixed", "Issue", "LineError", "Observed", "ValidatedLine", "Validation",
    "Subscription.follow", "Subscription.follow_async",
}
#: What may hold somebody's data, or a secret; no error says it. What an option or a name was, is said.
PERSONAL = {
    "lead", "leads", "address", "addresses", "value", "person", "operation", "seen", "said", "sending", "problem",
    "key", "keys", "secrets", "body", "headers", "entries", "rows",
}
#: With which it goes on until somebody stops it.
FIXED = {("run_delivery", "until_empty"), ("run_delivery", "stop")}


def entry_points() -> set[str]:
    """Everything that is public and can be called."""
    found = set()
    for name in leadwright.__all__:
        thing = getattr(leadwright, name)
        if not callable(thing) or isinstance(thing, type) and issubclass(thing, BaseException):
            continue
        found.add(name)
        if isinstance(thing, type) and name not in LEFT_OUT and name != "AsyncEngine":
            found |= {f"{name}.{member}" for member in vars(thing) if not member.startswith("_")}
    return found


def test_every_entry_point_is_looked_at() -> None:
    listed = set(FUNCTIONS) | set(CLASSES) | set(METHODS) | LEFT_OUT
    listed |= {f"{kind}.{method}" for kind, methods in METHODS.items() for method in methods}
    assert entry_points() - listed == set(), "list it in FUNCTIONS, CLASSES or METHODS, with arguments as they should be"
    assert listed - entry_points() == set(), "it is not there any more"
    for kind, methods in METHODS.items():
        for method, arguments in methods.items():
            found = getattr(getattr(leadwright, kind), method)
            if callable(found):
                assert set(inspect.signature(found).parameters) - {"self"} == set(arguments), f"{kind}.{method}"
    for name in (*FUNCTIONS, *CLASSES):
        wanted = {**FUNCTIONS, **CLASSES}[name]
        parameters = {one for one in inspect.signature(getattr(leadwright, name)).parameters if one not in ("options", "_version")}
        assert parameters == set(wanted), name


def test_nothing_ends_the_process(tmp_path: Path) -> None:
    (tmp_path / "plan.jsonc").write_text(_tiny())
    command = [sys.executable, "-W", "ignore", __file__]
    env = {**os.environ, "PYTHONPATH": str(Path(leadwright.__file__).parents[1])}
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=500)
    assert ran.returncode == 0, f"{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"
    calls = int(ran.stdout.split()[-1])
    assert calls > 10_000


def _tiny() -> str:
    from conftest import TINY

    return TINY


def _same(value: Any) -> Any:
    return value


class Fuzz:
    """Calls everything with everything."""

    def __init__(self) -> None:
        self.calls = 0
        self.wrong: list[str] = []
        self.plan = leadwright.Plan.load("plan.jsonc")

    def call(self, name: str, odd: str, work: Any, is_personal: bool = True) -> None:
        from odd import SECRET

        self.calls += 1
        try:
            done = work()
            if inspect.isgenerator(done):
                for _ in zip(range(10), done):
                    pass
        except leadwright.InternalError as error:
            self.wrong.append(f"{name} with {odd}: a mistake of ours: {error}")
        except Exception as error:
            told = f"{error}"
            # Their own words are theirs.
            if is_personal and SECRET in told and type(error).__name__ != "Refusal":
                self.wrong.append(f"{name} with {odd}: {type(error).__name__} tells a value: {told[:200]}")
        except BaseException as error:
            self.wrong.append(f"{name} with {odd}: {type(error).__mro__}")

    def each(self, name: str, function: Any, arguments: dict[str, Any], anew: Any = dict) -> None:
        from odd import ODD

        signature = inspect.signature(function)
        for argument in arguments:
            if (name.rpartition(".")[2], argument) in FIXED:
                continue
            for odd, make in ODD.items():
                # Of what ends the process this is the last line.
                print(name, argument, odd, file=sys.stderr)
                given = {**arguments, **anew(), argument: make()}

                def work() -> Any:
                    bound = signature.bind_partial()
                    bound.arguments.update({one: given[one] for one in signature.parameters if one in given})
                    return function(*bound.args, **bound.kwargs)

                self.call(f"{name}({argument})", odd, work, argument in PERSONAL)

    def run(self) -> None:
        plan, dnc = self.plan, leadwright.SuppressionList.of(["312-867-5301"])
        engine, buyers = leadwright.Engine(plan), leadwright.Buyers()
        engine.decide(LEAD, now=NOW)
        ours = {"plan": plan, "buyers": buyers, "given": dnc, "new": plan}
        for name, arguments in FUNCTIONS.items():
            self.each(name, getattr(leadwright, name), arguments)
        for name, arguments in CLASSES.items():
            self.each(name, getattr(leadwright, name), {**arguments, **({"plan": plan} if "plan" in arguments else {})})
        held = {
            "Engine": engine, "Plan": plan, "Subscription": engine.subscribe("odd"), "SuppressionList": dnc,
            "Messages": leadwright.Messages(),
        }
        for kind, methods in METHODS.items():
            for method, arguments in methods.items():
                found = getattr(held[kind], method)
                if callable(found):
                    known = {one: ours.get(one, value) if value is None else value for one, value in arguments.items()}
                    self.each(f"{kind}.{method}", found, known)
        assert engine.decide({**LEAD, "id": "L2"}, now=NOW).outcome, "the engine goes on"
        for odd in ("nan", "everything", "refuses attributes", "deep lists", "half a pair"):
            self.migrations(odd)

    def migrations(self, odd: str) -> None:
        from odd import ODD

        make = ODD[odd]
        self.call("migrate.Migration", odd, lambda: migrate.Migration(make()))
        self.call("migrate.Migration(stage)", odd, lambda: migrate.Migration("m", stage=make()))
        self.call("parity.Parity", odd, lambda: parity.Parity("parity.db", make()))
        m = migrate.Migration("m", stage="shadow")
        step: Any = m.step("s", candidate=_same)(_same)
        self.call("a step", odd, lambda: step(make()))
        m.flush(5)


if __name__ == "__main__":
    faulthandler.enable()
    fuzz = Fuzz()
    fuzz.run()
    for line in fuzz.wrong:
        print(line)
    print(fuzz.calls)
    sys.exit(1 if fuzz.wrong else 0)
