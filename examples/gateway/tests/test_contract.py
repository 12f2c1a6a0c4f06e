"""The gateway keeps to its OpenAPI document, whatever it is sent: schemathesis makes the requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import HERE, KEY
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis")

from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


DOCUMENT = json.loads((HERE / "openapi.json").read_text())
OPERATIONS = sorted((method, path) for path, item in DOCUMENT["paths"].items() for method in item)


@pytest.fixture
def api(make: Callable[..., Any], tmp_path: Path) -> Any:
    # The limit has a test of its own.
    free = {name: {**it, "rate": 1e6, "burst": 1e6} for name, it in json.loads((HERE / "sources.json").read_text()).items()}
    (tmp_path / "sources.json").write_text(json.dumps(free))
    return schemathesis.openapi.from_asgi("/openapi.json", make(tmp_path / "sources.json").app)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_what_the_document_says(api: Any, method: str, path: str) -> None:
    @given(case=api[path][method.upper()].as_strategy())
    @settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.call_and_validate(headers=KEY, checks=CHECKS)

    holds()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_needs_a_key_does_nothing_without_one(make: Callable[..., Any], method: str, path: str) -> None:
    needed = "security" in DOCUMENT["paths"][path][method]
    answer = make().request(method, path, content=b"{}")
    assert (answer.status_code == 401) == needed
