"""Makes ``openapi.json`` out of leadwright's own schemas and its catalogue of fields.

    python spec.py > openapi.json
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
SCHEMA = "us/home-services@1"
RESERVED = {
    "id": "Your id of the lead.",
    "vertical": "What it is a lead for, where a source sends several.",
    "received_at": "When it came to be, RFC 3339.",
    "test": "Decided in full, nothing counted.",
    "ping_id": "The ping that a post rests on.",
}
#: What answers name of leadwright's own schemas.
USED = (
    "Problem", "ProblemCode", "Action", "Severity", "Span", "Money", "Currency", "Timestamp", "DecisionId", "Outcome",
    "SubmitEnd", "PingUse",
)  # fmt: skip
#: Whatever somebody filled in is taken, and read by the kind of its field.
ANYTHING = ["string", "number", "boolean", "null", "array", "object"]


def fields() -> dict[str, Any]:
    """The fields of the schema, from the table of the catalogue."""
    text = (REFERENCE / "fields.md").read_text(encoding="utf-8")
    table = text.split(f"### {SCHEMA}\n")[1].split("| word of |")[0]
    found: dict[str, Any] = {name: {"description": says} for name, says in RESERVED.items()}
    for row in re.findall(r"^\| `(.+?)` \| (.+?) \| (.*?) \| (.+?) \| (.*?) \|$", table, re.MULTILINE):
        name, holds, required, personal, others = row
        says = [f"Holds: {holds}.", "Needed." if required == "yes" else f"Needed {required}." if required else ""]
        says += [f"Personal data: {personal}.", f"Also as {others}." if others else ""]
        found[name] = {"type": ANYTHING, "description": " ".join(part for part in says if part)}
    return found


def components() -> dict[str, Any]:
    """The schemas that answers are made of, each with what it names."""

    def moved(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: _place(value) if key == "$ref" else moved(value) for key, value in node.items()}
        return [moved(item) for item in node] if isinstance(node, list) else node

    parts: dict[str, Any] = {}
    for name in ("validation", "pinged", "submitted"):
        whole = json.loads((REFERENCE / "schema" / f"{name}.json").read_text(encoding="utf-8"))
        parts |= whole["$defs"] | {name.capitalize(): {"type": "object", "properties": whole["properties"]}}
    submitted, ping = parts["Submitted"], parts["Pinged"]
    made = {name: moved(parts[name]) for name in USED}
    problems = {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}
    told = moved(submitted["properties"])
    post = {name: told[name] for name in ("decision", "ended", "payout", "currency", "ping", "because")}
    bid = {name: moved(ping["properties"])[name] for name in ("ping_id", "bid", "currency", "expires", "because")}
    taken = {name: told[name] for name in ("decision", "outcome", "payout", "currency")}
    refusal = {"title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"}, "problems": problems}
    return made | {
        "Lead": {
            "type": "object", "properties": fields(),
            "description": f"By the schema {SCHEMA}; other fields are kept as x_….",
        },
        "Taken": _closed({**taken, "problems": problems}, ["decision", "outcome", "problems"]),
        "Bid": _closed(bid, ["ping_id", "currency", "expires"]),
        "Posted": _closed(post, ["decision", "ended", "payout", "currency"]),
        "Refusal": _closed(refusal, ["title", "status"]),
        "Up": _closed({"ok": {"type": "boolean"}}, ["ok"]),
    }


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _place(ref: str) -> str:
    return ref.replace("#/$defs/", "#/components/schemas/")


def _answer(says: str, schema: str, kind: str = "application/json", headers: dict[str, str] = {}) -> dict[str, Any]:
    told = {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()}
    body = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": says, "content": body, **({"headers": told} if told else {})}


def _refusal(says: str, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return _answer(says, "Refusal", "application/problem+json", named)


def _sending(id: str, says: str, status: str, answer: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "description": "A new one for each request. The same one again, with the same lead, gets the answer of then.",
    }  # fmt: skip
    answers = {
        status: answer,
        "400": _refusal("The request is not understood."),
        "401": _refusal("The key is missing or unknown.", WWW_Authenticate="Bearer"),
        "413": _refusal("The lead is too long."),
        "422": _refusal("The lead is no good: problems with codes, paths and shapes."),
        "429": _refusal("Too many requests.", Retry_After="In how many seconds to come again."),
        "500": _refusal("A mistake of ours."),
        "503": _refusal("The store cannot answer now: the same request again.", Retry_After="In how many seconds."),
        **more,
    }
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Lead"}}}}
    return {
        "operationId": id, "summary": says, "security": [{"key": []}], "parameters": [key], "requestBody": body,
        "responses": answers,
    }  # fmt: skip


def build() -> dict[str, Any]:
    """The document."""
    conflict = {"409": _refusal("The id or the Idempotency-Key was used for another lead.")}
    up = {"200": _answer("Yes.", "Up")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1", "description": "Made by spec.py; do not edit."},
        "paths": {
            "/leads": {"post": _sending("take", "Send a lead", "201", _answer("It is recorded.", "Taken"), conflict)},
            "/ping": {"post": _sending("ping", "Ask what a lead gets", "200", _answer("A bid, or why none.", "Bid"), {})},
            "/post": {"post": _sending("post", "Place a lead now", "200", _answer("How it ended.", "Posted"), {})},
            "/healthz": {"get": {"operationId": "healthz", "summary": "Whether the process answers", "responses": up}},
            "/readyz": {
                "get": {
                    "operationId": "readyz", "summary": "Whether the store answers",
                    "responses": {**up, "503": _refusal("It does not.", Retry_After="In how many seconds.")},
                }
            },
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": components(),
        },
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(build(), indent=1, ensure_ascii=False))
