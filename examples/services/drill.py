"""Scales delivery under load, and kills a process of each service in turn: what the others notice, and what is lost.

    python drill.py --command leadwright --buyers leadwright-buyers --long
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from load import Load, ask
from run import HERE, Stack

import leadwright


@dataclass
class Pace:
    """How long and how hard."""

    #: How long a buyer thinks.
    buyer_ms: int = 200
    #: How many leads a worker sends at the same time.
    at_once: int = 1
    #: Leads a second, and questions to the report.
    rate: float = 5
    #: Seconds of a measurement.
    window: float = 2
    rounds: int = 1


LONG = Pace(buyer_ms=100, at_once=1, rate=12, window=12, rounds=3)


def free_ports(count: int) -> list[int]:
    """The first one of so many pairs of ports, one behind the other, that are free now."""
    found: set[int] = set()
    while len(found) < count:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = first.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except (OSError, OverflowError):
                continue
        if not found & {port - 1, port, port + 1}:
            found.add(port)
    return sorted(found)


@contextmanager
def buyers(command: str, folder: Path, ms: int) -> Iterator[int]:
    """The scripted buyers, which take a while to answer: their port."""
    script = json.loads((HERE / "buyers.json").read_text())
    for buyer in script["buyers"].values():
        buyer["ms"] = ms
    (folder / "buyers.json").write_text(json.dumps(script))
    with subprocess.Popen([command, str(folder / "buyers.json")], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield int(json.loads(server.stdout.readline())["port"])
        finally:
            server.kill()


@contextmanager
def stack(said: argparse.Namespace, folder: Path, pace: Pace) -> Iterator[tuple[Stack, int]]:
    """All services, over what was said, with files of their own."""
    with buyers(said.buyers, folder, pace.buyer_ms) as port:
        plan = (HERE / "plan.jsonc").read_text().replace(":8799/", f":{port}/")
        (folder / "plan.jsonc").write_text(plan)
        intake, report = free_ports(2)
        services = Stack(
            plan=str(folder / "plan.jsonc"), store=said.store or str(folder / "leads.db"),
            inbox=said.inbox or f"sqlite:{folder / 'inbox.db'}", events=said.events, name=f"drill-{os.getpid()}",
            command=said.command, ports={"intake": intake, "report": report},
            allow=("127.0.0.0/8", f"http://127.0.0.1:{port}"), at_once=pace.at_once, hold="5s", logs=folder,
        )  # fmt: skip
        try:
            services.start(intake=2, decide=2, report=2)
            listening = [port + n for port in (intake, report) for n in range(2)]
            until(lambda: all(answers(port) for port in listening), "the services do not answer")
            yield services, port
        finally:
            services.stop()


def answers(port: int) -> bool:
    try:
        return ask(port, "/healthz")[0] == 200
    except OSError:
        return False


def until(so: Callable[[], bool], else_: str, seconds: float = 60) -> None:
    """Waits until it is so."""
    end = time.monotonic() + seconds
    while not so():
        if time.monotonic() > end:
            raise AssertionError(else_)
        time.sleep(0.05)


def ledger(port: int) -> dict[str, object]:
    """What the buyers have."""
    found: dict[str, object] = json.loads(ask(port, "/ledger")[1])
    return found


def delivered(port: int) -> int:
    return len(ledger(port)["taken"])  # type: ignore[arg-type]


# The two drills. Each gives lines of a table, and the figures that `check` looks at.


def scale(load: Load, services: Stack, port: int, pace: Pace) -> dict[str, float]:
    """Two delivery workers, then six, with more to deliver than either gets done; in turns, and the middle of the rounds."""
    each_second = pace.at_once * 1000 / pace.buyer_ms
    figures: dict[str, list[float]] = {}
    for _ in range(pace.rounds):
        services.scale("deliver", 2)
        backlog = int(each_second * 8 * pace.window * 1.3) - (len(load.taken) - delivered(port))
        load.burst(max(0, backlog))
        until(lambda: len(load.decided) >= len(load.taken) - 2 * pace.rate, "the burst is not decided")
        before: dict[str, float] = {}
        for workers in (2, 6):
            services.scale("deliver", workers)
            time.sleep(1)
            begun, had = time.monotonic(), delivered(port)
            time.sleep(pace.window)
            ended, has = time.monotonic(), delivered(port)
            load.count_times()
            now = {service: load.times[service].p99(begun, ended) for service in ("intake", "decide", "report")}
            now["throughput"] = (has - had) / (ended - begun)
            for name, value in now.items():
                figures.setdefault(f"{name}, {workers} workers", []).append(value)
                if workers == 6:
                    figures.setdefault(f"{name}, 6 to 2", []).append(value / before[name])
            before = now
    until(lambda: len(load.delivered) >= len(load.taken) - 2 * pace.rate, "the backlog stays", 300)
    services.scale("deliver", 3)
    return {name: median(values) for name, values in figures.items()}


def kill(load: Load, services: Stack, service: str, pace: Pace) -> dict[str, float]:
    """The first process of a service is killed under load. The others' p99 then, beside that of the same time before."""
    figures: dict[str, list[float]] = {}
    for _ in range(pace.rounds):
        begun = time.monotonic()
        time.sleep(pace.window)
        struck = time.monotonic()
        os.kill(services.processes(service)[0].pid, signal.SIGKILL)
        time.sleep(pace.window)
        ended = time.monotonic()
        # What was decided last is still on its way.
        time.sleep(1)
        load.count_times()
        for other in others(service):
            before, after = load.times[other].p99(begun, struck), load.times[other].p99(struck, ended)
            figures.setdefault(f"{other}, before", []).append(before)
            figures.setdefault(f"{other}, after", []).append(after)
            figures.setdefault(f"{other}, after to before", []).append(after / before)
    return {name: median(values) for name, values in figures.items()}


def others(service: str) -> list[str]:
    """Whose time is looked at. That of decide begins when a lead is sent, and so it is that of intake too."""
    hurt = {service, "decide"} if service == "intake" else {service}
    return [other for other in ("intake", "decide", "deliver", "report") if other not in hurt]


def verify(load: Load, services: Stack, port: int) -> dict[str, object]:
    """After the last lead was sent: waits until all is done, and compares the buyers' books, the store and the report."""
    sent = set(load.taken)
    until(lambda: load.decided.keys() >= sent, "a lead is not decided", 90)
    until(lambda: load.delivered.keys() >= sent, "a lead is not delivered", 120)
    books = ledger(port)
    taken: list[dict[str, object]] = books["taken"]  # type: ignore[assignment]
    leads = [str(row["lead"]).rsplit("/", 1)[-1] for row in taken]
    with leadwright.Engine(leadwright.Plan.load(services.plan), services.store) as engine:
        rows = engine.report(by=["outcome"])
        done = [seen["key"] for seen in engine.deliveries("done")]
    until(lambda: told(services) == len(sent), "the report lacks leads")
    report = json.loads(ask(services.ports["report"], "/report")[1])
    verified = subprocess.run([services.command, "store", "verify", services.store], capture_output=True, check=False)
    return {
        "leads": len(sent), "lost": len(sent - set(leads)), "double": len(leads) - len(set(leads)),
        "other keys": sum(buyer["other_keys"] for buyer in books["buyers"].values()),  # type: ignore[attr-defined]
        "keys in the store but not at buyers": len(set(done) ^ {row["key"] for row in taken}),
        "decided": {row["outcome"]: row["leads"] for row in rows}, "report": report["outcomes"],
        "sent again": load.again, "refused": len(load.refused), "store verify": verified.returncode,
    }  # fmt: skip


def told(services: Stack) -> int:
    """How many deliveries the report knows."""
    report = json.loads(ask(services.ports["report"], "/report")[1])
    return sum(buyer["delivered"] for buyer in report["buyers"].values())


def drill(said: argparse.Namespace, pace: Pace, folder: Path) -> dict[str, dict[str, object]]:
    """All of it."""
    told: dict[str, dict[str, object]] = {}
    with stack(said, folder, pace) as (services, port):
        intake, report = ([port, port + 1] for port in (services.ports["intake"], services.ports["report"]))
        with Load(services.plan, services.store, intake, report, pace.rate) as load:
            time.sleep(2)
            told["two workers, then six"] = {**scale(load, services, port, pace)}
            for service in ("decide", "deliver", "intake", "report", *(["relay"] if said.events != "store" else [])):
                told[f"kill -9 {service}"] = {**kill(load, services, service, pace)}
            load.quiet()
            told["in the end"] = verify(load, services, port)
    return told


def table(told: dict[str, dict[str, object]]) -> str:
    lines = []
    for what, figures in told.items():
        lines.append(what)
        for name, value in figures.items():
            unit = "" if "to" in name.split() else " a second" if name.startswith("throughput") else " ms p99"
            lines.append(f"  {name:40} {value:10.2f}{unit}" if isinstance(value, float) else f"  {name:40} {value}")
    return "\n".join(lines)


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=os.environ.get("LEADWRIGHT_COMMAND", "leadwright"))
    parser.add_argument("--buyers", default=os.environ.get("LEADWRIGHT_BUYERS", "leadwright-buyers"))
    parser.add_argument("--store", help="postgres://…; a new SQLite file when absent")
    parser.add_argument("--inbox", help="postgres://…, nats://… or redis://…; a new SQLite file when absent")
    parser.add_argument("--events", default="store", help="nats://… or redis://…; the store itself when absent")
    parser.add_argument("--long", action="store_true", help="minutes instead of seconds")
    return parser.parse_args(words)


def main() -> None:
    said = arguments()
    with tempfile.TemporaryDirectory() as folder:
        print(table(drill(said, LONG if said.long else Pace(), Path(folder))))


if __name__ == "__main__":
    main()
