"""Helpers for FastAPI and Django: a lead in, problems out as RFC 9457 has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import leadwright
from leadwright.contrib import _http

SCHEMA = "us/home-services@1"
GOOD = b'{"phone": "(312) 867-5309", "zip": "60601"}'
FORM = b"Phone=%28312%29+867-5309&zip=60601&email="
BAD = b'{"phone": "call me", "zip": "60601"}'


def fail(code: str) -> Any:
    from leadwright import _errors

    raise _errors.make(code, "somebody said (312) 867-5309", "[]")


class FastApi:
    """An app of FastAPI, over ASGI itself."""

    name = "fastapi"

    def __init__(self) -> None:
        pytest.importorskip("fastapi", reason="SKIPPED: fastapi is not installed")
        from fastapi import Depends, FastAPI

        from leadwright.contrib.fastapi import answer_problems, valid_lead

        self.app = FastAPI()
        answer_problems(self.app)
        words = leadwright.Messages({"phone.not_a_number": "Please give a phone number."})

        @self.app.post("/leads", status_code=201)
        def take(lead: leadwright.Validation = Depends(valid_lead(SCHEMA, words, require=["zip"]))) -> dict[str, Any]:
            return {"state": lead.canonical.get("state")}

        @self.app.post("/fail/{code}")
        def broken(code: str) -> None:
            fail(code)

    def post(self, path: str, body: bytes, kind: str = "application/json") -> tuple[int, dict[str, str], Any]:
        import asyncio

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": [(b"content-type", kind.encode())], "server": ("localhost", 8000), "client": ("localhost", 1),
        }
        parts = [body[at : at + 8192] for at in range(0, len(body), 8192)] or [b""]
        waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        waiting.append({"type": "http.request", "body": b"", "more_body": False})
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers, json.loads(b"".join(message.get("body", b"") for message in sent[1:]))


class Django:
    """Views of Django, with its client for tests."""

    name = "django"

    def __init__(self) -> None:
        pytest.importorskip("django", reason="SKIPPED: django is not installed")
        import sys

        import django
        from django.conf import settings

        if not settings.configured:
            settings.configure(
                ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="of a test", USE_I18N=False,
                MIDDLEWARE=["leadwright.contrib.django.ProblemMiddleware"],
            )
            django.setup()
        from django.http import JsonResponse
        from django.urls import path

        from leadwright.contrib.django import valid_lead

        words = leadwright.Messages({"phone.not_a_number": "Please give a phone number."})

        @valid_lead(SCHEMA, words, require=["zip"])
        def take(request: Any, lead: leadwright.Validation) -> Any:
            return JsonResponse({"state": lead.canonical.get("state")}, status=201)

        def broken(request: Any, code: str) -> Any:
            fail(code)

        patterns = [path("leads", take), path("fail/<str:code>", broken)]
        setattr(sys.modules[__name__], "urlpatterns", patterns)

    def post(self, path: str, body: bytes, kind: str = "application/json") -> tuple[int, dict[str, str], Any]:
        from django.test import Client

        answer = Client(raise_request_exception=False).post(path, data=body, content_type=kind)
        return answer.status_code, {name.lower(): value for name, value in answer.items()}, json.loads(answer.content)


@pytest.fixture(scope="module", params=[FastApi, Django], ids=lambda kind: kind.name)
def app(request: pytest.FixtureRequest) -> Any:
    return request.param()


@pytest.mark.parametrize(("body", "kind"), [(GOOD, "application/json"), (FORM, "application/x-www-form-urlencoded; charset=utf-8")])
def test_a_good_lead_is_taken(app: Any, body: bytes, kind: str) -> None:
    status, _, answer = app.post("/leads", body, kind)
    assert (status, answer) == (201, {"state": "IL"})


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (BAD, ["phone.not_a_number"]),
        (b'{"phone": "312-867-5309"}', ["field.missing"]),
        (b"[]", ["json.not_an_object"]),
        (b"{", ["json.syntax"]),
        (b"", ["json.empty_line"]),
        (b"\xff\xfe", ["json.syntax"]),
    ],
)
def test_a_bad_lead_is_answered_with_its_problems(app: Any, body: bytes, codes: list[str]) -> None:
    status, headers, answer = app.post("/leads", body)
    assert (status, headers["content-type"], answer["status"]) == (422, "application/problem+json", 422)
    assert (answer["type"], answer["code"]) == ("urn:leadwright:lead.invalid", "lead.invalid")
    assert [problem["code"] for problem in answer["problems"] if problem["action"] == "rejected"] == codes
    assert all(problem["message"] for problem in answer["problems"])
    assert "call me" not in json.dumps(answer)


def test_problems_are_told_in_own_words(app: Any) -> None:
    _, _, answer = app.post("/leads", BAD)
    assert answer["problems"][0]["message"] == "Please give a phone number."


def test_more_than_a_lead_is_not_read(app: Any) -> None:
    status, headers, answer = app.post("/leads", b"x" * (_http.MOST + 1))
    assert (status, headers["content-type"], answer["code"]) == (413, "application/problem+json", "limit.lead_bytes")


@pytest.mark.parametrize(
    ("code", "status", "again"),
    [
        ("store.busy", 503, "1"), ("engine.busy", 503, "1"), ("store.full", 500, None), ("internal.error", 500, None),
        ("limit.line_bytes", 413, None), ("plan.syntax", 500, None),
    ],
)
def test_a_call_that_failed_says_whether_to_come_again(app: Any, code: str, status: int, again: str | None) -> None:
    got, headers, answer = app.post(f"/fail/{code}", b"")
    assert (got, headers.get("retry-after"), answer["code"]) == (status, again, code)
    # What is wrong on our side is told in the log, not to whoever asks.
    assert status in (400, 413) or "867" not in json.dumps(answer)


def test_fields_of_djangos_forms_and_models() -> None:
    Django()
    from django import forms
    from django.core.exceptions import ValidationError
    from django.db.migrations.writer import MigrationWriter

    from leadwright.contrib.django import LeadField, LeadValidator

    class Contact(forms.Form):  # type: ignore[misc, unused-ignore]  # Django says no types
        phone = LeadField("phone")
        email = LeadField("email", required=False)
        zip = forms.CharField(validators=[LeadValidator("zip")])

    form = Contact({"phone": "(312) 867-5309", "zip": "60601", "email": ""})
    assert form.is_valid() and form.cleaned_data == {"phone": "+13128675309", "zip": "60601", "email": ""}
    wrong = Contact({"phone": "call me", "zip": "nowhere", "email": "jo@"})
    assert not wrong.is_valid()
    codes = {name: [error.code for error in errors.as_data()] for name, errors in wrong.errors.items()}
    assert codes["phone"] == ["phone.not_a_number"]
    assert codes["zip"][0].startswith("zip.") and codes["email"][0].startswith("email.")
    assert "call me" not in str(wrong.errors["phone"])
    assert Contact({"zip": "60601"}).errors["phone"].as_data()[0].code == "required"
    validator = LeadValidator("phone")
    assert validator == LeadValidator("phone") != LeadValidator("email") and hash(validator) == hash(LeadValidator("phone"))
    assert "leadwright.contrib.django.LeadValidator('phone')" in MigrationWriter.serialize(validator)[0]
    with pytest.raises(ValidationError) as raised:
        validator("call me")
    assert raised.value.error_list[0].code == "phone.not_a_number"
