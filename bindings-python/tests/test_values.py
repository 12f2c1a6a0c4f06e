"""Answers and errors as values: compared, hashed, copied, pickled, shown."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from conftest import NOW, REPOSITORY, lead

import leadwright
from leadwright import _errors, migrate

RETRYABLE = {row["code"] for row in json.loads((REPOSITORY / "vectors/domain/errors.json").read_text("utf-8"))}
KINDS: list[type[leadwright.LeadwrightError]] = [leadwright.LeadwrightError, *leadwright.LeadwrightError.__subclasses__()]


def codes() -> list[str]:
    """Every code of an error, from the page that is made of the core's table."""
    page = (REPOSITORY / "docs/reference/codes.md").read_text("utf-8")
    named = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    return [code for code in named if code.split(".")[0] in _errors._KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_travels(kind: type[leadwright.LeadwrightError], protocol: int) -> None:
    error = kind("what was wrong", "store.busy")
    error.add_note("a note") if hasattr(error, "add_note") else None
    for other in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is kind
        assert (str(other), other.code, other.retryable, other.__dict__) == ("what was wrong", "store.busy", True, error.__dict__)
        assert other.to_dict() == error.to_dict()


def test_errors_are_called_by_their_public_names() -> None:
    for kind in KINDS:
        home = migrate if kind.__module__ == "leadwright.migrate" else leadwright
        assert getattr(home, kind.__name__) is kind
    assert issubclass(leadwright.InputError, ValueError)
    assert pickle.loads(pickle.dumps(migrate.Mismatch("differs"))).code == "migrate.mismatch"


def test_whether_to_try_again_is_said_by_the_code() -> None:
    of_core = {code for code in codes() if _errors.make(code, "", "[]").retryable}
    assert of_core == RETRYABLE == _errors._RETRYABLE
    assert len(codes()) > 50
    assert isinstance(_errors.make("store.busy", "", "[]"), leadwright.StoreError)
    assert isinstance(_errors.make("engine.busy", "", "[]"), leadwright.EngineError)


def test_a_plan_error_has_its_issues_also_as_data(tmp_path: Any) -> None:
    path = tmp_path / "plan.jsonc"
    path.write_text('{ "format": 1, "plan": "x", "curency": "USD" }')
    with pytest.raises(leadwright.PlanError) as raised:
        leadwright.Plan.load(path)
    told = json.loads(json.dumps(raised.value.to_dict()))
    assert told["issues"][0]["code"].startswith("plan.") and told["retryable"] is False


@pytest.fixture
def values(plan: leadwright.Plan) -> list[Any]:
    with leadwright.Engine(plan) as engine:
        decision = engine.decide(lead(1, email="zebulon@example.com"), now=NOW)
        line = engine.decide_batch(b"\n", now=NOW)[0]
        event = engine.subscribe("crm").poll(1)[0]
    return [
        decision, line, event, plan,
        leadwright.validate(lead(1), "us/home-services@1"),
        leadwright.validate_many([lead(1)], "us/home-services@1")[0],
        leadwright.canonicalize_address("5 elm place, 63104"),
        leadwright.check_field("phone", "312-867-5301"),
        leadwright.Messages({"*": "no"}),
    ]


def test_a_value_travels_and_stays_the_same(values: list[Any]) -> None:
    for value in values:
        copies = [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
        for other in [*copies, copy.copy(value), copy.deepcopy(value)]:
            assert other == value and hash(other) == hash(value) and type(other) is type(value)
            assert {value: 1}[other] == 1
        assert value != 7 and value is not None
    decision, other = values[0], pickle.loads(pickle.dumps(values[0]))
    assert (other.seq, other.durability, other.replayed) == (decision.seq, decision.durability, decision.replayed)
    assert pickle.loads(pickle.dumps(values[2])).position == values[2].position


def test_values_of_other_kinds_are_others(values: list[Any]) -> None:
    for at, value in enumerate(values):
        assert all(value != other for other in values[:at])


def test_nothing_of_a_lead_is_shown(values: list[Any]) -> None:
    for value in values:
        for shown in (repr(value), str(value), f"{value}"):
            assert type(value).__name__ in shown
            assert not any(secret in shown for secret in ("zebulon", "5301", "elm", "ELM"))


def test_what_holds_something_open_says_what_to_do_instead(plan: leadwright.Plan) -> None:
    with leadwright.Engine(plan) as engine:
        held: list[Any] = [
            engine, engine.subscribe("crm"), leadwright.Buyers(), leadwright.SuppressionList.of(["312-867-5301"]),
        ]
        for one in held:
            for travel in (pickle.dumps, copy.copy, copy.deepcopy):
                with pytest.raises(TypeError, match="not travel"):
                    travel(one)
        assert repr(engine) == f"<Engine {plan.hash}>"
    assert repr(engine) == "<Engine closed>"
