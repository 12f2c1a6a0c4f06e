"""The contracts between the services: ``asyncapi.json``, made of leadwright's schema of events, and golden events, one of
each type that a short day makes.

    python contracts.py            # writes them anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import leadwright

HERE = Path(__file__).parent
EVENTS = HERE.parents[1] / "docs" / "reference" / "schema" / "cloud-event.json"
#: What intake sends to decide: the lead as it came, with an id, and the source whose key came with it.
RECEIVED = {
    "type": "object",
    "description": "A lead as its supplier wrote it. Personal data: it is gone from the stream once it is decided.",
    "properties": {
        "id": {"type": "string", "minLength": 1, "description": "The supplier's id."},
        "source": {"type": "string", "minLength": 1, "description": "Whose key came with it."},
    },
    "required": ["id", "source"],
}


def asyncapi() -> dict[str, Any]:
    """The document. Channels are named as the services name them where nobody says otherwise."""
    schemas = moved(json.loads(EVENTS.read_text(encoding="utf-8"))["$defs"])
    kinds = {name: it["properties"]["type"]["const"] for name, it in schemas.items() if name.endswith("Event")}
    messages: dict[str, Any] = {
        "lead.received": {"contentType": "application/json", "payload": {"$ref": "#/components/schemas/LeadReceived"}},
    }
    for name, kind in sorted(kinds.items(), key=lambda it: it[1]):
        payload = {"$ref": f"#/components/schemas/{name}"}
        says = schemas[name]["description"]
        messages[kind] = {"summary": says, "contentType": "application/cloudevents+json", "payload": payload}

    def channel(address: str, says: str, names: list[str]) -> dict[str, Any]:
        named = {name: {"$ref": f"#/components/messages/{name}"} for name in names}
        return {"address": address, "description": says, "messages": named}

    def does(action: str, what: str, says: str) -> dict[str, Any]:
        return {"action": action, "channel": {"$ref": f"#/channels/{what}"}, "summary": says}

    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Leads as services", "version": "1.0.0", "description": "Made by contracts.py; do not edit."},
        "channels": {
            "received": channel("leads.received", "Leads that are to be decided, each at least once.", ["lead.received"]),
            "events": channel("leads-events", "The log of the store, in its order.", sorted(kinds.values())),
        },
        "operations": {
            "intake": does("send", "received", "Intake keeps a lead before its supplier has an answer."),
            "decide": does("receive", "received", "Decide takes it off once its decision is committed."),
            "relay": does("send", "events", "The relay copies the log to the broker."),
            "report": does("receive", "events", "The report counts; it reads from the beginning."),
        },
        "components": {"messages": messages, "schemas": {"LeadReceived": RECEIVED, **schemas}},
    }


def moved(node: Any) -> Any:
    """The same, where `$defs` are `components/schemas`."""
    if isinstance(node, dict):
        place = "#/components/schemas/"
        return {key: value.replace("#/$defs/", place) if key == "$ref" else moved(value) for key, value in node.items()}
    return [moved(item) for item in node] if isinstance(node, list) else node


def golden() -> dict[str, Any]:
    """The first event of each type that a short day makes. The same each time: nothing is by chance."""
    lead = {"id": "L1", "source": "web", "name": "ann lee", "phone": "(773) 867-0101", "zip": "60606", "homeowner": "yes"}
    found: dict[str, Any] = {"lead.received": lead}
    now = "2026-11-24T15:30:00Z"
    with leadwright.Engine(leadwright.Plan.load(HERE / "plan.jsonc")) as engine:
        engine.decide(lead, now=now)
        (sold,) = engine.claim("deliver-0", posts=True, now=now)
        engine.delivered(sold["id"], "accepted", now=now)
        engine.decide({**lead, "id": "L2", "phone": "(773) 867-0102"}, now=now)
        (sold,) = engine.claim("deliver-0", posts=True, now=now)
        engine.delivered(sold["id"], "rejected", now=now)
        engine.operate({"op": "revoke", "phone": "(773) 867-0101", "by": "ops", "reason": "text STOP"}, now=now)
        engine.forget({"phone": "(773) 867-0102", "by": "ops", "reason": "asked for it"}, now=now)
        for event in engine.subscribe("golden").poll(500):
            found.setdefault(event.type, json.loads(event.json))
    return found


def main() -> None:
    written = {"asyncapi": asyncapi(), **{f"events/{name}": event for name, event in golden().items()}}
    for name, value in written.items():
        (HERE / f"{name}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
