"""Starts the services, starts again what ends, and scales each alone.

    python run.py --command leadwright
    python run.py --inbox nats://localhost:4222 --events nats://localhost:4222 --deliver 6

While it runs it takes `ps`, `scale SERVICE N`, `restart SERVICE` and `stop`, a line each.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import leadwright

HERE = Path(__file__).parent
#: After so long what ended is started again, in seconds; twice as long each time, up to the second one.
AGAIN = (0.1, 5.0)


@dataclass
class Stack:
    """Services as processes. Nothing is kept here that they need: end it, and start another one. The second `intake` and the
    second `report` listen on the port after that of the first, and so on: a load balancer goes in front.
    """

    plan: str = str(HERE / "plan.jsonc")
    store: str = "leads.db"
    inbox: str = "sqlite:inbox.db"
    events: str = "store"
    name: str = "leads"
    command: str = "leadwright"
    ports: dict[str, int] = field(default_factory=lambda: {"intake": 8080, "report": 8090})
    #: What buyers may be sent to beside the public internet.
    allow: tuple[str, ...] = ()
    #: How many leads a delivery worker sends at the same time.
    at_once: int = 16
    #: How long the leads of a killed delivery worker rest.
    hold: str = "10s"
    cache: str = ""
    logs: Path | None = None

    def __post_init__(self) -> None:
        self._wanted: dict[str, int] = {}
        self._running: dict[tuple[str, int], subprocess.Popen[bytes]] = {}
        self._failed: dict[tuple[str, int], tuple[int, float]] = {}
        self._alone = threading.RLock()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    # What each service is.

    def _words(self, service: str, n: int) -> list[str]:
        store = ["--store", self.store]
        match service:
            case "intake":
                port = str(self.ports["intake"] + n)
                return [sys.executable, "-m", "uvicorn", "intake:app", "--port", port, "--log-level", "warning"]
            case "decide":
                return [sys.executable, "decide.py"]
            case "deliver":
                allow = [word for net in self.allow for word in ("--allow", net)]
                how = ["--workers", str(self.at_once), "--hold", self.hold, "--worker", f"deliver-{n}"]
                return [self.command, "deliver", "--plan", self.plan, *store, *how, *allow]
            case "relay":
                # Which stream that is, the broker's kind says. Of several under one name the newest one works.
                stream = self.stream(self.events)
                return [self.command, "relay", *store, "--as", f"{self.name}-relay", "--stream", stream, *self._subject()]
            case "report":
                return ["node", "report.mjs"]
        raise ValueError(f"there is no service `{service}`")

    def stream(self, broker: str) -> str:
        """What the stream of the events is called there."""
        return f"{self.name}:events" if broker.startswith("redis") else f"{self.name}-events"

    def _subject(self) -> list[str]:
        return [] if self.events.startswith("redis") else ["--subject", f"{self.name}.events"]

    def _environment(self, service: str, n: int) -> dict[str, str]:
        told = {
            "LEADS_PLAN": self.plan, "LEADS_STORE": self.store, "LEADS_INBOX": self.inbox, "LEADS_EVENTS": self.events,
            "LEADS_NAME": self.name, "LEADS_STREAM": self.stream(self.events), "LEADS_CACHE": self.cache,
            # A URL may hold a password, and everybody sees the words of a process.
            "LEADWRIGHT_RELAY_TO": self.events,
        }
        if service == "report":
            told["PORT"] = str(self.ports["report"] + n)
        return {**os.environ, **told}

    # Starting and ending them.

    def start(self, **counts: int) -> None:
        """Starts so many of each; the relay, where there is a broker."""
        wanted = {"intake": 1, "decide": 1, "deliver": 2, "report": 1, **counts}
        if self.events != "store":
            wanted = {"relay": 1, **wanted}
        # The store and its tables are made by one, before several open it.
        leadwright.Engine(leadwright.Plan.load(self.plan), self.store).close()
        for service, count in wanted.items():
            self.scale(service, count)
        self._watcher.start()

    def scale(self, service: str, count: int) -> None:
        """So many of a service from now on. Who is too much finishes what it has."""
        self._words(service, 0)
        with self._alone:
            self._wanted[service] = count
            ending = [key for key in self._running if key[0] == service and key[1] >= count]
            ended = [self._running.pop(key) for key in ending]
            for n in range(count):
                if (service, n) not in self._running:
                    self._spawn(service, n)
        for process in ended:
            process.send_signal(signal.SIGTERM)
        for process in ended:
            process.wait(30)

    def restart(self, service: str) -> None:
        """One after the other, each when the one before it answers: the others go on meanwhile."""
        for n in range(self._wanted.get(service, 0)):
            with self._alone:
                # It is nobody's now: what ends because it is told to is not started again by the watcher.
                process = self._running.pop((service, n))
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            with self._alone:
                self._spawn(service, n)
            if service in self.ports:
                wait_for(self.ports[service] + n)

    def processes(self, service: str) -> list[subprocess.Popen[bytes]]:
        """Those of a service that were started last."""
        with self._alone:
            return [process for (name, _), process in sorted(self._running.items()) if name == service]

    def stop(self) -> None:
        """Ends all; the inbox, the outbox and the log keep what is not done."""
        self._over.set()
        with self._alone:
            ending = list(self._running.values())
            self._running.clear()
        for process in ending:
            process.send_signal(signal.SIGTERM)
        for process in ending:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _spawn(self, service: str, n: int) -> None:
        out = None if self.logs is None else (self.logs / f"{service}-{n}.log").open("ab")
        words, told = self._words(service, n), self._environment(service, n)
        # Ctrl-C is for this process: it ends them in their time.
        how = {"cwd": HERE, "env": told, "stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        self._running[service, n] = subprocess.Popen(words, start_new_session=True, **how)  # type: ignore[call-overload]
        if out is not None:
            out.close()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            with self._alone:
                for key, process in list(self._running.items()):
                    if process.poll() is not None and not self._over.is_set():
                        self._again(key)

    def _again(self, key: tuple[str, int]) -> None:
        times, last = self._failed.get(key, (0, 0.0))
        now = time.monotonic()
        if now - last < min(AGAIN[0] * 2**times, AGAIN[1]):
            return
        # Who ran for a while begins anew.
        self._failed[key] = (0 if now - last > 60 else times + 1, now)
        self._spawn(*key)


def wait_for(port: int, seconds: float = 30) -> None:
    """Until a service says that it is well; or for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", default=str(HERE / "plan.jsonc"))
    parser.add_argument("--store", default="leads.db", help="a SQLite file or postgres://…")
    parser.add_argument("--inbox", default="sqlite:inbox.db", help="sqlite:FILE, postgres://…, nats://… or redis://…")
    parser.add_argument("--events", default="store", help="`store`, or the broker of a relay: nats://… or redis://…")
    parser.add_argument("--cache", default="", help="redis://… for what is asked often")
    parser.add_argument("--command", default="leadwright", help="the command, built with the feature `relay` for a broker")
    parser.add_argument("--allow", action="append", default=[], help="what may be sent to beside the public internet")
    parser.add_argument("--intake-port", type=int, default=8080)
    parser.add_argument("--report-port", type=int, default=8090)
    parser.add_argument("--deliver", type=int, default=2)
    parser.add_argument("--decide", type=int, default=1)
    said = parser.parse_args()
    where = said.store if "://" in said.store else str(Path(said.store).absolute())
    inbox = f"sqlite:{Path(said.inbox[7:]).absolute()}" if said.inbox.startswith("sqlite:") else said.inbox
    stack = Stack(
        plan=str(Path(said.plan).absolute()), store=where, inbox=inbox, events=said.events, cache=said.cache,
        command=said.command, allow=tuple(said.allow), ports={"intake": said.intake_port, "report": said.report_port},
    )  # fmt: skip
    stack.start(deliver=said.deliver, decide=said.decide)
    try:
        for line in sys.stdin:
            if line.strip() == "stop":
                break
            try:
                told(stack, line.split())
            except ValueError as error:
                print(error, flush=True)
    except KeyboardInterrupt:
        pass
    stack.stop()


def told(stack: Stack, words: list[str]) -> None:
    """Does what a line says."""
    match words:
        case ["ps"]:
            for service in ("intake", "decide", "deliver", "relay", "report"):
                print(service, *(process.pid for process in stack.processes(service)), flush=True)
        case ["scale", service, count] if count.isdigit():
            stack.scale(service, int(count))
        case ["restart", service]:
            stack.restart(service)
        case _:
            print("ps, scale SERVICE N, restart SERVICE, or stop", flush=True)


if __name__ == "__main__":
    main()
