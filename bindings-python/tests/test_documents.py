"""The Python of the pages is run, and every block of code of every page is either run somewhere or says why it is not.

A page's blocks are run in order, in a folder of their own, with the names that the page takes as given: its scene below. A block
that cannot be run has the reason in its fence: ```python not run: it needs that database
"""

from __future__ import annotations

import doctest
import fnmatch
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from conftest import NOW, REPOSITORY, TINY, command, lead

import leadwright
from leadwright import Engine, Plan, SuppressionList

#: What is installed or built is no part of the repository.
MADE = {"node_modules", "target", "dist", ".next", ".git", "__pycache__"}


class Block(NamedTuple):
    page: str
    line: int
    language: str
    reason: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def files(name: str) -> list[Path]:
    """All files of the repository that are called so."""
    found = []
    for folder, inside, names in os.walk(REPOSITORY):
        inside[:] = [one for one in inside if one not in MADE]
        found.extend(Path(folder, one) for one in fnmatch.filter(names, name))
    return sorted(found)


def blocks() -> list[Block]:
    found = []
    for page in files("*.md"):
        text = page.read_text("utf-8")
        for fence in re.finditer(r"^ *```([^\n]*)\n(.*?)^ *```$", text, re.S | re.M):
            info, _, reason = fence[1].partition(" not run: ")
            line = text.count("\n", 0, fence.start()) + 1
            found.append(Block(str(page.relative_to(REPOSITORY)), line, info.strip(), reason, fence[2]))
    return found


BLOCKS = blocks()
README = ["README.md", "bindings-python/README.md", "docs/python.md"]  # run by test_readme.py
NODE = ["README.md", "bindings-node/README.md", "ui/README.md"]  # run by the tests of Node, with those of docs


class Over(Exception):
    """Ends a block that would go on for ever."""


def over(*_: object) -> None:
    raise Over


def tiny(**more: Any) -> dict[str, Any]:
    """An engine that sold a lead, and the plan that it decides by."""
    text = TINY.replace('"web": {', '"search-lp": { "verticals": ["roofing"] }, "web": {')
    Path("plan.jsonc").write_text(text)
    plan = Plan.load("plan.jsonc")
    engine = Engine(plan)
    decision = engine.decide(lead(1), now=NOW)
    assert decision.outcome == "assigned"
    return {"engine": engine, "plan": plan, "decision": decision, "lead": lead(2), "leadwright": leadwright, **more}


def beside() -> dict[str, Any]:
    told: list[object] = []
    return tiny(sold_at=NOW, old_app_sells=lambda _: True, log=told.append)


def delivery() -> dict[str, Any]:
    stop = threading.Event()
    stop.set()
    answer = SimpleNamespace(ok=True, status_code=200, json=lambda: {"status": "accepted"})
    client = SimpleNamespace(post=lambda *_, **__: answer, ConnectionError=OSError, Timeout=TimeoutError)
    return tiny(stop=stop, requests=client, URLS={"acme": ""}, time=SimpleNamespace(sleep=over))


def events() -> dict[str, Any]:
    return tiny(tell_the_crm=over, insert=list)


def install() -> dict[str, Any]:
    """The folder that `leadwright init` makes."""
    subprocess.run([*command(), "init", "shop", "--yes"], check=True, capture_output=True)
    return {}


def migrate() -> dict[str, Any]:
    Path("stages.txt").write_text("decide=shadow\n")
    same: Callable[[Any], Any] = lambda value: value  # noqa: E731
    return tiny(new_validate=same, problems_to_errors=same, decision_to_result=same, post_to_buyer=same)


def observe() -> dict[str, Any]:
    app = SimpleNamespace(get=lambda *_, **__: lambda function: function)
    return tiny(app=app, PlainTextResponse=str)


def operations() -> dict[str, Any]:
    engine = Engine(Plan.load(REPOSITORY / "examples/home-services/plan.jsonc"))
    return {"engine": engine}


def queue() -> dict[str, Any]:
    samples = REPOSITORY / "docs/samples"
    engine = Engine(Plan.load(samples / "night.jsonc"))
    for line in (samples / "night.jsonl").read_text().splitlines():
        engine.decide(json.loads(line))
    return {"engine": engine}


def privacy() -> dict[str, Any]:
    schema = "us/home-services@1"
    names = {name: getattr(leadwright, name) for name in ("validate", "redact_text")}
    return tiny(key=bytes(32), schema=schema, validation=leadwright.validate(lead(1), schema), **names)


def suppression() -> dict[str, Any]:
    Path("lists").mkdir()
    phones = ["+13128675309"]
    SuppressionList.of(phones).write("lists/litigators.lwlist", "litigators")
    lists = """"lists": { "litigators": { "compiled": "lists/litigators.lwlist", "of": "phone" },
        "registry": { "host": true, "of": "phone" } }, "routes":"""
    Path("plan.jsonc").write_text(TINY.replace('"routes":', lists))
    names = {"Engine": Engine, "SuppressionList": SuppressionList}
    return {"plan": Plan.load("plan.jsonc"), "phones": phones, **names}


def tables() -> dict[str, Any]:
    plan = json.loads(TINY)
    del plan["buyers"]
    plan["lists"] = {"opt-outs": {"file": "lists/opt-outs.txt", "of": "phone"}}
    Path("plan.jsonc").write_text(json.dumps(plan))
    rows = [{"contract": "acme-il", "buyer": "acme", "states": "IL", "price": "40.00"}]
    return {"leadwright": leadwright, "rows": rows, "cursor_of_phones": iter(["+13128675309"])}


#: What each page takes as given. A page that is not here has blocks that need nothing.
SCENES: dict[str, Callable[[], dict[str, Any]]] = {
    "docs/beside.md": beside,
    "docs/delivery.md": delivery,
    "docs/events.md": events,
    "docs/install.md": install,
    "docs/migrate.md": migrate,
    "docs/observe.md": observe,
    "docs/operations.md": operations,
    "docs/ping-post.md": tiny,
    "docs/privacy.md": privacy,
    "docs/queue.md": queue,
    "docs/suppression.md": suppression,
    "docs/tables.md": tables,
}


def python_pages() -> list[str]:
    return sorted({block.page for block in BLOCKS if block.language == "python" and block.page not in README})


@pytest.mark.parametrize("page", python_pages())
def test_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(REPOSITORY / "docs/samples", tmp_path / "docs/samples")
    monkeypatch.chdir(tmp_path)
    scene: dict[str, Any] = {"__name__": "__page__", **SCENES.get(page, dict)()}
    run = 0
    for block in BLOCKS:
        if block.page == page and block.language == "python" and not block.reason:
            play(block, scene)
            run += 1
    assert run > 0 or all(block.reason for block in BLOCKS if (block.page, block.language) == (page, "python"))


def play(block: Block, scene: dict[str, Any]) -> None:
    """Runs a block as it stands, so that a mistake is told by page and line."""
    if block.text.startswith(">>>"):
        example = doctest.DocTestParser().get_doctest(block.text, scene, block.name, block.page, block.line)
        assert doctest.DocTestRunner().run(example).failed == 0, block.name
        return
    code = compile("\n" * block.line + block.text, block.page, "exec")
    try:
        exec(code, scene)
    except Over:
        pass


def test_the_shell_of_the_readme(tmp_path: Path) -> None:
    """With the command that was built, in place of a release build."""
    [block] = [block for block in BLOCKS if (block.page, block.language) == ("README.md", "sh") and not block.reason]
    cargo = "cargo run --release -p leadwright-cli --"
    assert cargo in block.text
    script = block.text.replace(cargo, " ".join(command()))
    run = subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["lines"] for line in lines] == [["350 FIFTH AVE APT 3B", "NEW YORK NY 10118"], ["PO BOX 12", "KALONA IA 52247"]]


#: Data is shown, and not run.
DATA = {"json", "jsonc", "text", "sql", "mermaid", "html", "css"}


def rust_pages() -> set[str]:
    """Pages that a crate includes as documentation of a doctest."""
    found = set()
    for source in files("lib.rs"):
        for name in re.findall(r'include_str!\("([^"]+\.md)"\)', source.read_text("utf-8")):
            found.add(str((source.parent / name).resolve().relative_to(REPOSITORY)))
    return found


def test_every_block_is_run_or_says_why_not() -> None:
    rust = rust_pages()
    astray = []
    for block in BLOCKS:
        language = block.language.split(",")[0].split(" ")[0]
        by = {
            "python": True,
            "js": block.page in NODE or re.fullmatch(r"docs/[^/]+\.md", block.page) is not None,
            "rust": block.page in rust,
            "console": re.fullmatch(r"docs/[^/]+\.md", block.page) is not None,
            "sh": block.page == "README.md",
            # The pull requests of the guide are compared with the apps by examples/legacy-python/tests.
            "diff": block.page == "docs/migration-guide.md",
        }
        runs = bool(block.reason) or language in DATA or by.get(language, False)
        if not runs:
            astray.append(f"{block.name}: ```{block.language}")
    assert not astray, "blocks that nobody runs: run them, or say why not in the fence, as ```sh not run: …"
    assert len(BLOCKS) > 100


def test_the_domain_map_is_that_of_the_code() -> None:
    """Every path of it is there, and every table of a store has one owner."""
    page = (REPOSITORY / "docs/domain-map.md").read_text("utf-8")
    paths = re.findall(r"`((?:core|cli|adapters|bindings-\w+|ui)/[\w/.-]+)`", page)
    assert len(paths) > 30
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []

    contexts = page.split("tables that it owns |")[1].split("\n\n")[0].splitlines()[2:]
    owned = [table for row in contexts for table in re.findall(r"`(\w+)`", row.split("|")[5])]
    assert len(owned) == len(set(owned)), "a table has two owners"
    stored = set()
    for schema in [*REPOSITORY.glob("core/src/store/sqlite/*.sql"), *REPOSITORY.glob("core/src/parity/ledger/*.sql")]:
        stored.update(re.findall(r"CREATE TABLE (\w+)", schema.read_text("utf-8")))
    assert set(owned) == stored

    events = set(re.findall(r"`([a-z]+\.[a-z_]+\.v1)`", page))
    kinds = (REPOSITORY / "docs/events.md").read_text("utf-8")
    assert events and [event for event in events if event not in kinds] == []
    outcomes = json.loads((REPOSITORY / "docs/reference/schema/decision.json").read_text("utf-8"))["$defs"]["Outcome"]["oneOf"]
    told = next(line for line in page.splitlines() if line.startswith("| outcome |"))
    assert {one["const"] for one in outcomes} == set(re.findall(r"`(\w+)`", told))
