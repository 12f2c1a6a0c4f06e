"""Runs the traffic through an app, wave by wave, as a server with eight threads takes them."""

from __future__ import annotations

import datetime
import importlib.util
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

from .buyers import Buyers
from .traffic import WAVE, Submission

HERE = Path(__file__).resolve().parent.parent
STEPS = ["0-monolith", "1-validation", "2-address", "3-limits", "4-shadow", "5-canary", "6-delivery"]
# Where a migration ends: the engine chooses, and goes on looking at what became of it.
STAGES = "limits=primary; decide=shadow; choose=primary"


@dataclass
class Answers:
    """What an app said, and what stands in its books afterwards."""

    said: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    books: dict[str, dict[str, Any]] = field(default_factory=dict)


def load(step: str, folder: Path, buyers_url: str) -> ModuleType:
    """The app of a step, with its files in a folder. It reads the environment when it is imported, as such apps do."""
    os.environ |= {"LEADS_DB": str(folder / "leads.db"), "LEADWRIGHT_DB": str(folder / "leadwright.db")}
    os.environ |= {"PARITY_DB": str(folder / "parity.db"), "STAGES": str(folder / "stages.txt")}
    os.environ |= {"BUYERS_URL": buyers_url, "BUYER_TIMEOUT": "0.6"}
    if not (folder / "stages.txt").exists():
        (folder / "stages.txt").write_text(STAGES)
    name = "app_" + step.replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, HERE / step / "app.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def unload(module: ModuleType) -> None:
    """Closes what an app holds."""
    if hasattr(module, "MIGRATION"):
        module.MIGRATION.flush(10)
    if hasattr(module, "ENGINE"):
        module.ENGINE.close()
    sys.modules.pop(module.__name__, None)


class Clock:
    """The time of the traffic, in place of the app's own clock and that of the migration."""

    def __init__(self, at: datetime.datetime) -> None:
        self.at = at

    def __call__(self) -> datetime.datetime:
        return self.at

    @contextmanager
    def turned(self, module: ModuleType) -> Iterator[None]:
        """While it stands for all others."""
        real, module.now = time.time_ns, self  # type: ignore[attr-defined]
        time.time_ns = lambda: int(self.at.timestamp()) * 1_000_000_000
        try:
            yield
        finally:
            time.time_ns = real


def drive(module: ModuleType, buyers: Buyers, waves: list[list[Submission]], answers: Answers, begin: int = 0) -> None:
    """Sends the waves in. Who is answered with an error sends the form once more, as senders do."""
    clock = Clock(waves[0][0].at)
    module.app.config["PROPAGATE_EXCEPTIONS"] = False
    module.app.logger.disabled = True
    before: Optional[datetime.datetime] = None
    with ThreadPoolExecutor(WAVE) as pool, clock.turned(module):
        for index, wave in enumerate(waves):
            clock.at = wave[0].at
            buyers.tell(begin + index, clock.at)
            cron(module, before, clock.at)
            before = clock.at
            first = list((pool.map if index % 2 else map)(lambda one: send(module, one), wave))
            again = [one for one, answer in zip(wave, first, strict=True) if answer["http"] >= 500]
            second = list(pool.map(lambda one: send(module, one), again))
            for one, answer in [*zip(wave, first, strict=True), *zip(again, second, strict=True)]:
                answers.said.setdefault(id(one), []).append(answer)


def settle(module: ModuleType, buyers: Buyers, waves: list[list[Submission]], answers: Answers) -> None:
    """The hours after the traffic, with nothing but cron; then what stands in the books is looked up."""
    clock = Clock(waves[-1][0].at)
    with clock.turned(module):
        for quarter in range(8):
            before = clock.at
            clock.at = before + datetime.timedelta(minutes=15)
            buyers.tell(len(waves) + quarter, clock.at)
            cron(module, before, clock.at)
    client = module.app.test_client()
    for one in (one for wave in waves for one in wave):
        found = client.get(f"/leads/{one.id}")
        if found.status_code == 200:
            answers.books[one.id] = found.get_json()


def cron(module: ModuleType, before: Optional[datetime.datetime], at: datetime.datetime) -> None:
    """What cron does for the app: midnight of the server's day, and every quarter of an hour what is open."""
    client = module.app.test_client()
    if before is not None and before.date() != at.date():
        client.post("/cron/midnight")
    if any(rule.rule == "/cron/retry" for rule in module.app.url_map.iter_rules()):
        client.post("/cron/retry")


def send(module: ModuleType, one: Submission) -> dict[str, Any]:
    """One form, and what the sender is told."""
    answer = module.app.test_client().post("/leads", json=one.form)
    return {"http": answer.status_code, **(answer.get_json(silent=True) or {})}
