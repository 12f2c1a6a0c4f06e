"""The buyers, as an HTTP server of their own: they accept, refuse, hang, break, flap and are slow; some know a lead again.

What they do to a post follows from the buyer, the lead and the time of the traffic, so that every app meets the same. What
they really took stands in `posts`: an app may believe what it likes.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import sheet

# What stands for half a minute here: after so long a server gives up on a request that hangs. An app that has a timeout of
# its own has one that is well below.
HANG = 1.0
SLOW = 0.03


@dataclass
class Post:
    """A post as the buyer has it in its books."""

    buyer: str
    lead: dict[str, Any]
    wave: int
    at: datetime.datetime
    # accepted, rejected, known (accepted before), error (not taken), nothing (not taken and not answered)
    taken: str
    answered: bool = True


class Buyers:
    """All buyers, on one port. Between waves, say what time it is with `tell`."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self._lock = threading.Lock()
        self._wave, self._at = 0, sheet.BEGIN
        self._tries: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}
        buyers = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                buyers._answer(self, self.path.strip("/"), json.loads(body))

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where they are."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def tell(self, wave: int, at: datetime.datetime) -> None:
        """The time of the traffic, for all posts that come now."""
        self._wave, self._at = wave, at

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, http: BaseHTTPRequestHandler, buyer: str, lead: dict[str, Any]) -> None:
        with self._lock:
            lead_id = str(lead.get("lead_id"))
            self._tries[buyer, lead_id] += 1
            doing = mood(buyer, lead_id, self._at, self._tries[buyer, lead_id])
            taken = "error" if doing in ("error", "hang") else self._take(buyer, lead_id, lead)
            answered = doing not in ("hang", "silent")
            self.posts.append(Post(buyer, lead, self._wave, self._at, taken if answered or taken != "error" else "nothing", answered))
        if not answered:
            # The connection is left open, until whoever waits on the other side is shot or gives up.
            time.sleep(HANG)
            http.close_connection = True
            return
        if buyer == "shingle":
            time.sleep(SLOW)
        say(http, taken)

    def _take(self, buyer: str, lead_id: str, lead: dict[str, Any]) -> str:
        """What the buyer's own system makes of a lead that reaches it."""
        if not well_formed(lead) or draw("customer", buyer, str(lead.get("phone"))) < 0.05:
            return "rejected"
        if not sheet.BUYERS[buyer].knows_again:
            return "accepted"
        before = self._first.setdefault((buyer, lead_id), "accepted")
        self._first[buyer, lead_id] = "known"
        return before


def mood(buyer: str, lead_id: str, at: datetime.datetime, attempt: int) -> str:
    """How the buyer's system feels about a post: fine, error, hang (nothing is taken) or silent (taken and not answered)."""
    hour = (at - sheet.BEGIN).total_seconds() / 3600
    if buyer == "sunwise" and 9 <= hour < 10.5:
        return "hang"
    if buyer == "steadfast" and 33 <= hour < 34:
        return "hang"
    if buyer == "solaria" and 30 <= hour < 32:
        return "error"
    if buyer == "gridless" and draw("flap", lead_id, str(attempt)) < 0.3:
        return "error"
    if buyer in ("ridgeline", "wheelhouse") and attempt == 1 and draw("silent", buyer, lead_id) < 0.04:
        return "silent"
    return "fine"


def well_formed(lead: dict[str, Any]) -> bool:
    """What every buyer's system asks of a lead."""
    wanted = {"first_name": r".+", "last_name": r".+", "phone": r"\+1[2-9]\d{9}", "state": r"[A-Z]{2}", "zip": r"\d{5}"}
    return all(re.fullmatch(pattern, str(lead.get(name) or "")) for name, pattern in wanted.items()) and "@" in str(lead.get("email"))


def draw(*what: str) -> float:
    """A number from 0 to 1 that follows from the words."""
    digest = hashlib.sha256("|".join(what).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def say(http: BaseHTTPRequestHandler, taken: str) -> None:
    """The answer on the wire. A refusal comes with status 200, as so often."""
    code, answer = {
        "accepted": (200, {"status": "accepted"}),
        "known": (200, {"status": "accepted", "note": "we had it already"}),
        "rejected": (200, {"status": "rejected", "reason": "not for us"}),
        "error": (500, {"status": "error"}),
    }[taken]
    body = json.dumps(answer).encode()
    try:
        http.send_response(code)
        http.send_header("content-type", "application/json")
        http.send_header("content-length", str(len(body)))
        http.end_headers()
        http.wfile.write(body)
    except OSError:
        pass  # whoever asked is gone
