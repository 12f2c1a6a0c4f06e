"""The gateway over sockets, with buyers beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

KEY = {"authorization": "Bearer web-key-of-the-example"}


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The plan of the example, whose buyers are there."""
    command = os.environ.get("LEADWRIGHT_BUYERS") or shutil.which("leadwright-buyers")
    if not command:
        pytest.skip("SKIPPED: there is no leadwright-buyers; LEADWRIGHT_BUYERS names it")
    with subprocess.Popen([command, str(HERE / "buyers.json")], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = json.loads(server.stdout.readline())["port"]
        own = tmp_path_factory.mktemp("plan") / "plan.jsonc"
        own.write_text((HERE / "plan.jsonc").read_text().replace(":8799/", f":{port}/"))
        yield own
        server.kill()


@pytest.fixture
def make(plan: Path, tmp_path: Path) -> Callable[..., object]:
    """Makes the service over one store."""
    from fastapi.testclient import TestClient
    from gateway import service

    port = plan.read_text().split("http://127.0.0.1:")[1].split("/")[0]
    allow = ["127.0.0.0/8", f"http://127.0.0.1:{port}"]

    def made(sources: Path = HERE / "sources.json") -> TestClient:
        app = service(plan, tmp_path / "leads.db", sources, allow=allow)
        return TestClient(app, raise_server_exceptions=False)

    return made
