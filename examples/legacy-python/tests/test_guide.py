"""What docs/migration-guide.md shows of a pull request is in it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from world.drive import HERE, STEPS

GUIDE = HERE.parent.parent / "docs" / "migration-guide.md"
SHOWN = re.findall(r"```diff (\S+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def lines(step: str) -> list[str]:
    return (HERE / step / "app.py").read_text(encoding="utf-8").splitlines()


def pull_request(step: str) -> list[str]:
    before = STEPS[STEPS.index(step) - 1]
    return list(difflib.unified_diff(lines(before), lines(step), lineterm=""))


@pytest.mark.parametrize(("step", "shown"), SHOWN, ids=[step for step, _ in SHOWN])
def test_what_is_shown_is_in_the_pull_request(step: str, shown: str) -> None:
    assert "\n" + shown in "\n" + "\n".join(pull_request(step)) + "\n"


def test_every_pull_request_is_shown_and_is_small() -> None:
    assert {step for step, _ in SHOWN} == set(STEPS[1:])
    for step in STEPS[1:]:
        changed = [line for line in pull_request(step) if line[:1] in "+-" and line[:3] not in ("+++", "---")]
        assert len(changed) <= 150, step


def test_the_table_has_every_step() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [line.split("|")[1].strip(" `") for line in text.splitlines() if re.match(r"\| `\d-", line)] == STEPS


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)", GUIDE.read_text(encoding="utf-8")):
        assert (GUIDE.parent / link).exists() or link == "migrate.md", link


def test_each_folder_is_an_app() -> None:
    assert sorted(path.parent.name for path in Path(HERE).glob("*/app.py")) == STEPS
