"""The golden vectors, byte for byte as from Rust and Node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, TINY, compact, items, split, vectors

import leadwright
from leadwright import _leadwright

VERSION = ("0.0.0", "vectors")


@pytest.mark.parametrize("vector", vectors("address"))
def test_address(vector: dict[str, str]) -> None:
    given = split(vector["address"])
    if "line" in given:
        return  # About a line of the command, not about an address.
    address = leadwright.canonicalize_address(json.loads(given["raw"]))
    # The paths of a line start at its `raw`, those of a call at the address itself.
    assert address.json.decode() == compact(vector["want"]).replace('"path":"/raw', '"path":"')


@pytest.mark.parametrize("vector", vectors("field"))
def test_field(vector: dict[str, str]) -> None:
    field = json.loads(vector["field"])
    if "line" in field or not isinstance(field.get("opts", {}), dict):
        return  # About a line of the command, not about a value.
    check = leadwright.check_field(field["field_type"], field.get("raw"), **field.get("opts", {}))
    want = json.loads(vector["want"])
    want.pop("id", None)
    got = check.to_dict()
    got.pop("id", None)
    assert got == want


@pytest.mark.parametrize("vector", vectors("validate"))
def test_validate(vector: dict[str, str]) -> None:
    given = split(vector["validate"])
    redact: dict[str, str] = json.loads(given.get("redact", '{"how": "raw"}'))
    how, key = redact["how"], redact["key"].encode() if "key" in redact else None
    validator = _leadwright.Validator(json.loads(given["schema"]), given.get("options", "{}"), how, key)
    got = validator.one(raw_lead(given)).decode()
    if len(got) >= 4_000:
        assert json.loads(got)["problems"] == json.loads(vector["want"])["problems"]
        return
    assert got == vector["want"]


def raw_lead(given: dict[str, str]) -> str:
    if "lead" in given:
        return given["lead"]
    if "text" in given:
        return str(json.loads(given["text"]))
    fill: dict[str, int] = json.loads(given["fill"])
    if "fields" in fill:
        return "{" + ",".join(f'"f{n}":1' for n in range(fill["fields"])) + "}"
    return '{"comments":"' + "a" * fill["bytes"] + '"}'


@pytest.mark.parametrize("vector", vectors("decide"))
def test_decide(vector: dict[str, str]) -> None:
    given = split(vector["decide"])
    plan = leadwright.Plan.load(REPOSITORY / "vectors/decide" / json.loads(given.get("plan", '"plan.jsonc"')))
    now, seed = json.loads(given["now"]), int(given.get("seed", "0"))
    want = split(vector["want"])
    with leadwright.Engine(plan, _version=VERSION) as engine:
        decisions: list[str] = []
        replayed: list[int] = []
        operated: list[Any] = []
        for lead in items(given["leads"]):
            said = split(lead) if lead.startswith("{") else {}
            if "do" in said:
                operated.append(engine.operate(said["do"], now=json.loads(said.get("now", given["now"]))))
                continue
            at = json.loads(said.get("now", given["now"]))
            if "claim" in said:
                deliver_all(engine, said)
                continue
            if "work" in said:
                worked = engine.work_queue(now=at, seed=seed, most=int(said["work"]))
                decisions.extend(decision.json.decode() for decision in worked)
                continue
            if "release" in said:
                decisions.append(engine.release(said["release"], now=at, seed=seed).json.decode())
                continue
            at, lead = later(lead, now)
            decision = engine.decide(lead, now=at, seed=seed)
            if decision.replayed:
                replayed.append(len(decisions))
            decisions.append(decision.json.decode())
        assert decisions == items(want["decisions"])
        assert replayed == json.loads(want.get("replayed", "[]"))
        assert operated == json.loads(want.get("operated", "[]"))
        assert all(same for _, same in engine.replay())
        explained = [engine.explain(id)["entries"] for id in json.loads(given.get("explain", "[]"))]
        assert explained == json.loads(want.get("explanations", "[]"))


@pytest.mark.parametrize("vector", vectors("prepared"))
def test_prepared(vector: dict[str, str]) -> None:
    given = json.loads(vector["prepared"])
    plan = leadwright.Plan.load(REPOSITORY / "vectors/decide" / given.get("plan", "plan.jsonc"))
    want = split(vector["want"])
    leads = "".join(f"{line}\n" for line in given["lines"])
    worker, engine = leadwright.Engine(plan, _version=VERSION), leadwright.Engine(plan, _version=VERSION)
    rows = worker.prepare_batch(leads, now=given["now"], seed=given.get("seed", 0))
    assert [row.hex() for row in rows] == json.loads(want["rows"])
    assert [answer.json.decode() for answer in engine.settle_batch(rows)] == items(want["decisions"])


@pytest.mark.parametrize("vector", vectors("event"))
def test_event(vector: dict[str, str]) -> None:
    given = split(vector["event"])
    load = lambda name: leadwright.Plan.load(REPOSITORY / "vectors/decide" / json.loads(name))
    now = json.loads(given["now"])
    sent: list[str] = []
    with leadwright.Engine(load(given["plan"])) as engine:
        for step in items(given["steps"]):
            said = split(step)
            if "do" in said:
                engine.operate(said["do"], now=json.loads(said.get("now", given["now"])))
            elif "swap" in said:
                engine.swap(load(said["swap"]))
            elif "release" in said:
                engine.release(said["release"], now=json.loads(said.get("now", given["now"])))
            elif "observe" in said:
                engine.observe(said["lead"], said["observe"], now=json.loads(said.get("now", given["now"])))
            elif "reserve" in said:
                engine.reserve_external(**json.loads(said["reserve"]), now=json.loads(said.get("now", given["now"])))
            elif "confirm" in said:
                engine.confirm_external(json.loads(said["confirm"]), now=json.loads(said.get("now", given["now"])))
            elif "return" in said:
                engine.release_external(json.loads(said["return"]), now=json.loads(said.get("now", given["now"])))
            elif "forget" in said:
                engine.forget(said["forget"], now=json.loads(said["now"]))
            elif "claim" in said:
                sent += deliver_all(engine, said)
            elif "told" in said:
                engine.delivered(sent[int(said["told"])], json.loads(said["ended"]), now=json.loads(said["now"]))
            elif "redrive" in said:
                engine.redrive(**json.loads(said["redrive"]), now=json.loads(said["now"]))
            elif "work" in said:
                engine.work_queue(now=json.loads(said["now"]), most=int(said["work"]))
            else:
                at, lead = later(step, now)
                engine.decide(lead, now=at)
        events = engine.subscribe("vectors", json.loads(given["types"])).poll(1000)
        assert [event.json.decode() for event in events] == items(vector["want"])


def deliver_all(engine: leadwright.Engine, said: dict[str, str]) -> list[str]:
    """Hands out what is due and says how each ended: the ids of what was handed out."""
    at = json.loads(said["now"])
    sendings = engine.claim(**json.loads(said["claim"]), now=at)
    for sending, ended in zip(sendings, json.loads(said["ended"])):
        if ended is not None:
            engine.delivered(sending["id"], ended, now=at)
    return [sending["id"] for sending in sendings]


def later(lead: str, now: str) -> tuple[str, str]:
    """A lead that comes at another time, or a text that came in place of one."""
    if lead.startswith("{"):
        members = split(lead)
        if set(members) == {"now", "lead"}:
            now, lead = json.loads(members["now"]), members["lead"]
    return now, json.loads(lead) if lead.startswith('"') else lead


@pytest.mark.parametrize("vector", [each for each in vectors("plan") if '"compile"' in each.values[0].get("stage", "")])
def test_plan(vector: dict[str, str], tmp_path: Path) -> None:
    for name, text in json.loads(vector["plan"])["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_bytes(text))
    want = json.loads(vector["want"])["issues"]
    members = ("code", "severity", "file", "line", "column", "path")
    found = [tuple(getattr(issue, name) for name in members) for issue in leadwright.Plan.check(tmp_path / "plan.jsonc")]
    assert found == [tuple(issue[name] for name in members) for issue in want]


def file_bytes(file: Any) -> bytes:
    """A file of a plan's vector: text, text that repeats, or bytes that are no text."""
    if isinstance(file, str):
        return file.encode()
    if "repeat" in file:
        return str(file.get("start", "") + file["repeat"] * file["times"]).encode()
    return bytes(file["bytes"])


@pytest.mark.parametrize("vector", vectors("messages"))
def test_messages(vector: dict[str, str]) -> None:
    given = json.loads(vector["messages"])
    assert leadwright.Messages(given["texts"]).of(given["problem"]) == json.loads(vector["want"])


def test_an_answer_says_what_is_wrong_in_words() -> None:
    answers = [
        leadwright.validate({"phone": "312-867"}, "us/home-services@1"),
        leadwright.check_field("phone", "312-867"),
        leadwright.validate_many([{"phone": "312-867"}], "us/home-services@1")[0],
    ]
    for answer in answers:
        assert answer.messages() == ["the phone number has too few digits; ask for the whole number with its area code"]
        assert answer.messages(leadwright.Messages({"*": ["{suggestion}", "{code}"]})) == ["phone.too_short"]
    with pytest.raises(leadwright.InputError):
        leadwright.Messages().of({"code": "phone.short"})


@pytest.mark.parametrize("vector", vectors("call"))
def test_call(vector: dict[str, str], plan: leadwright.Plan, tmp_path: Path) -> None:
    call, want = json.loads(vector["call"]), json.loads(vector["want"])["code"]
    work = {
        "open_store": lambda: open_store(call, plan, tmp_path),
        "open_sealed": lambda: open_sealed(call, plan, tmp_path / "leads.db"),
        "decide": lambda: leadwright.Engine(plan).decide("x" * call["bytes"]),
        "decide_closed": lambda: decide_closed(plan),
        "explain": lambda: leadwright.Engine(plan).explain(call["id"]),
        "from_bundle": lambda: leadwright.Plan.from_bundle(call["bundle"]),
        "validate": lambda: _leadwright.Validator("us/home-services@1", json.dumps(call["options"]), "raw", None),
        "open_list": lambda: open_list(call, tmp_path / "opt-outs.lwlist"),
        "write_list": lambda: leadwright.SuppressionList.of(call["digests"], "email", hash=call["hash"]),
        "set_list": lambda: leadwright.Engine(plan).set_list(call["name"], leadwright.SuppressionList.of(["312-555-0100"])),
        "make_list": lambda: leadwright.SuppressionList.of(
            call["entries"], call["of"], hash=call.get("hash"), form=call.get("form")
        ),
        "redact": lambda: _leadwright.redact_text("phone", "", call["how"], call["key"].encode() if "key" in call else None),
        "operate": lambda: operate(call, leadwright.Engine(plan)),
        "observe": lambda: observe(call, leadwright.Engine(plan)),
        "other_currency": lambda: other_currency(call, plan, tmp_path / "other.jsonc"),
        "settle_batch": lambda: settle_batch(call, plan, tmp_path / "there.jsonc"),
        "release": lambda: leadwright.Engine(plan).release(call["said"]),
        "deliver": lambda: deliver(call, leadwright.Engine(plan)),
        "messages": lambda: leadwright.Messages(call["texts"]),
        "subscribe": lambda: leadwright.Engine(plan).subscribe(call["name"], call["types"]),
        "subscribe_twice": lambda: subscribe_twice(call, leadwright.Engine(plan)),
        "panic": _leadwright.panic_for_test,
    }.get(call["do"])
    if work is None:
        assert call["do"] in ("open_existing", "replay", "check", "crowd", "backup"), "Rust alone has a door for it"
        return
    with pytest.raises(leadwright.LeadwrightError) as raised:
        work()
    assert raised.value.code == want


def subscribe_twice(call: dict[str, Any], engine: leadwright.Engine) -> None:
    first, second = engine.subscribe(call["name"]), engine.subscribe(call["name"])
    second.ack(0)
    with pytest.raises(leadwright.EventsError):
        first.ack(0)
    first.poll()


def observe(call: dict[str, Any], engine: leadwright.Engine) -> None:
    engine.decide(call["lead"])
    engine.observe(call["lead"], call["seen"])


def other_currency(call: dict[str, Any], plan: leadwright.Plan, path: Path) -> None:
    path.write_text(TINY.replace("USD", call["currency"]))
    engine = leadwright.Engine(plan)
    engine.decide(call["lead"])
    engine.swap(leadwright.Plan.load(path))
    engine.decide(call["then"])


def settle_batch(call: dict[str, Any], plan: leadwright.Plan, path: Path) -> None:
    path.write_text(TINY.replace("USD", call.get("currency", "USD")))
    version = tuple(call["version"]) if "version" in call else None
    worker = leadwright.Engine(leadwright.Plan.load(path), tenant=call.get("tenant", "main"), _version=version)
    rows = worker.prepare_batch([{"id": "L1", "source": "web", "zip": "60606"}])
    leadwright.Engine(plan).settle_batch([row[: call.get("cut", len(row))] for row in rows])


def deliver(call: dict[str, Any], engine: leadwright.Engine) -> None:
    engine.decide({"id": "L1", "source": "web", "phone": "773-555-0123", "zip": "60606"})
    sending = engine.claim(**call["claim"])[0]
    for told in call["told"][:-1]:
        engine.delivered(sending["id"], told)
    engine.delivered(call.get("id", sending["id"]), call["told"][-1])


def operate(call: dict[str, Any], engine: leadwright.Engine) -> None:
    if "op" in call.get("before", {}):
        engine.operate(call["before"])
    elif "before" in call:
        engine.decide(call["before"])
    engine.operate(call["operation"])


def open_store(call: dict[str, Any], plan: leadwright.Plan, folder: Path) -> None:
    path = folder / call.get("folder", "") / "leads.db"
    if "text" in call:
        path.write_text(call["text"])
    elif "folder" not in call:
        leadwright.Engine(plan, path).close()
        data = bytearray(path.read_bytes())
        if "version" in call:
            data[60:64] = bytes([0, 0, 0, call["version"]])
        else:
            data[call["damaged_from"] : 4096] = b"\xff" * (4096 - call["damaged_from"])
        path.write_bytes(data)
    leadwright.Engine(plan, path)


def open_sealed(call: dict[str, Any], plan: leadwright.Plan, path: Path) -> None:
    leadwright.Engine(plan, path, keys={"k1": b"\x01" * 32}).close()
    if call.get("lose"):
        path.with_name("leads.db.keys").unlink()
    keys = {id: b"\x02" * count for id, count in call["with"].items()}
    leadwright.Engine(plan, path, keys=keys or None)


def open_list(call: dict[str, Any], path: Path) -> None:
    if "cut" in call:
        leadwright.SuppressionList.of(["312-555-0100"]).write(path, "opt-outs")
        path.write_bytes(path.read_bytes()[: call["cut"]])
    leadwright.SuppressionList.open(path)


def decide_closed(plan: leadwright.Plan) -> None:
    engine = leadwright.Engine(plan)
    engine.close()
    engine.decide("{}")
