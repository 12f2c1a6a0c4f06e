"""Where the services are, and what servers there are to run them over."""

from __future__ import annotations

import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))


def program(variable: str, name: str) -> str:
    """A program that is named by the environment, or on the path."""
    found = os.environ.get(variable) or shutil.which(name)
    if not found:
        pytest.skip(f"SKIPPED: there is no {name}; {variable} names it")
    return found


def server(variable: str) -> str:
    """The URL of a server that `cargo xtask test` has started."""
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"SKIPPED: {variable} names no server")
    return url


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL database of its own."""
    import psycopg

    url = server("LEADWRIGHT_TEST_POSTGRES")
    name = f"services_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server_:
        server_.execute(f"CREATE DATABASE {name}")
        yield url.rsplit("/", 1)[0] + f"/{name}"
        server_.execute(f"DROP DATABASE {name} WITH (FORCE)")
