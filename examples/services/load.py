"""Traffic for the drill: leads at a steady pace, questions to the report, and how long each took."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import leadwright

KEY = "web-key-of-the-example"


def ask(port: int, path: str, body: bytes | None = None, headers: dict[str, str] = {}) -> tuple[int, bytes]:
    """One request over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def lead(id: str, n: int) -> bytes:
    """A lead with a phone number of its own."""
    numbers = f"(773) 867-{n % 10_000:04d}"
    return json.dumps({"id": id, "name": "Ann Lee", "phone": numbers, "zip": "60606", "homeowner": "yes"}).encode()


@dataclass
class Times:
    """When something began, and how many seconds it took."""

    taken: list[tuple[float, float]] = field(default_factory=list)

    def p99(self, since: float, until: float) -> float:
        """Of what began in between, in milliseconds; NaN where that is nothing."""
        took = sorted(seconds for began, seconds in self.taken if since <= began < until)
        return took[min(len(took) - 1, int(len(took) * 0.99))] * 1000 if took else float("nan")


class Load:
    """Sends leads, asks for the report, and reads the log, until it is stopped."""

    def __init__(self, plan: str, store: str, intake: list[int], report: list[int], rate: float) -> None:
        self._plan, self._store, self._intake, self._report, self._rate = plan, store, intake, report, rate
        self.times = {service: Times() for service in ("intake", "decide", "deliver", "report")}
        #: When the sending of each lead began that intake answered 202.
        self.taken: dict[str, float] = {}
        self.decided: dict[str, float] = {}
        self.delivered: dict[str, float] = {}
        #: How often a lead was sent again, or to another process, because nobody answered.
        self.again = 0
        #: Answers that are neither 202 nor 503: there should be none.
        self.refused: list[str] = []
        self._n = 0
        self._over = threading.Event()
        self._read = threading.Event()
        self._pool = ThreadPoolExecutor(16)
        self._threads = [threading.Thread(target=what) for what in (self._send_all, self._ask_all, self._read_all)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()
        self._read.set()
        for thread in self._threads:
            thread.join()

    def quiet(self) -> None:
        """No more leads and questions; every lead that was begun is sent until somebody takes it."""
        self._over.set()
        self._threads[0].join()
        self._threads[1].join()
        self._pool.shutdown()

    def burst(self, count: int) -> None:
        """So many leads at once."""
        for sent in [self._pool.submit(self._send, self._next()) for _ in range(count)]:
            sent.result()

    def _next(self) -> int:
        self._n += 1
        return self._n

    def _send_all(self) -> None:
        self._paced(lambda: self._pool.submit(self._send, self._next()))

    def _ask_all(self) -> None:
        self._paced(lambda: self._pool.submit(self._ask))

    def _paced(self, what: Callable[[], object]) -> None:
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            what()
            due += 1 / self._rate

    def _send(self, n: int) -> None:
        id, began = f"L{n}", time.monotonic()
        body, headers = lead(id, n), {"authorization": f"Bearer {KEY}"}
        for tried in itertools.count():
            try:
                status, said = ask(self._intake[(n + tried) % len(self._intake)], "/leads", body, headers)
                if status == 202:
                    break
                if status != 503:
                    self.refused.append(f"{status}: {said.decode()}")
                    return
            except (OSError, http.client.HTTPException):
                pass
            # What a supplier or its balancer does: the same lead again, elsewhere, until there is an answer.
            self.again += 1
            time.sleep(0 if tried < len(self._intake) else 0.1)
        self.times["intake"].taken.append((began, time.monotonic() - began))
        self.taken[id] = began

    def _ask(self) -> None:
        began = time.monotonic()
        for port in self._report:
            try:
                ask(port, "/report")
                break
            except (OSError, http.client.HTTPException):
                continue
        self.times["report"].taken.append((began, time.monotonic() - began))

    def _read_all(self) -> None:
        """The log says when a lead was decided and delivered; it is asked a hundred times a second."""
        with leadwright.Engine(leadwright.Plan.load(self._plan), self._store) as engine:
            events = engine.subscribe("drill", ["lead.decided.v1", "delivery.accepted.v1"])
            while not self._read.wait(0.01):
                for event in events.poll(500):
                    id, now = event.subject.split("/")[1].rsplit(".", 1)[0], time.monotonic()
                    if event.type == "lead.decided.v1":
                        self.decided[id] = now
                    else:
                        self.delivered[id] = now

    def count_times(self) -> None:
        """What was decided and delivered as times, for `p99`."""
        for service, before, after in (("decide", self.taken, self.decided), ("deliver", self.decided, self.delivered)):
            spans = [(before[id], at - before[id]) for id, at in list(after.items()) if id in before]
            self.times[service].taken = spans
