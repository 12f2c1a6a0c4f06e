"""The Python of the READMEs is run, and the quickstart prints what its page says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import REPOSITORY, TINY

PAGES = ["README.md", "bindings-python/README.md", "docs/python.md"]


def snippets() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for number, text in enumerate(re.findall(r"```python\n(.*?)```", (REPOSITORY / page).read_text("utf-8"), re.S)):
            found.append((f"{page}-{number}", text))
    return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the repository to a snippet, with a plan beside it."""
    shutil.copytree(REPOSITORY / "examples/home-services", tmp_path / "examples/home-services")
    (tmp_path / "plan.jsonc").write_text(TINY.replace('"web"', '"search-lp"'))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in snippets()])
def test_snippet(text: str, place: Path) -> None:
    assert len(text.splitlines()) <= 15, "a snippet of a README is short"
    try:
        exec(compile(text, "README", "exec"), {"__name__": "__readme__"})
    except ModuleNotFoundError as missing:
        pytest.skip(f"SKIPPED: {missing.name} is not installed")


def test_what_a_comment_says_is_printed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = snippets()[0][1]
    exec(compile(first, "README", "exec"), {"__name__": "__readme__"})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "True +17735550123 IL"
    assert printed[2].startswith("['123 N MAIN ST # 4', 'WACO TX 76701'] ")


@pytest.mark.parametrize(("name", "output"), [("quickstart", "output.txt"), ("as_json", "output.jsonl")])
def test_quickstart(name: str, output: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bytes are wanted from Rust and Node."""
    folder = REPOSITORY / "examples/quickstart"
    for _again in range(2):
        exec(compile((folder / f"{name}.py").read_text("utf-8"), name, "exec"), {"__name__": "__main__"})
        assert capsys.readouterr().out == (folder / output).read_text("utf-8")
