"""All services together, over each of the ways; and the drill, in short."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import drill
import pytest
from conftest import HERE, program, server
from load import KEY, ask, lead


SERVICES = ("intake", "decide", "deliver", "report")


def installed() -> None:
    """The report runs in Node."""
    if not (HERE / "node_modules" / "leadwright").exists():
        pytest.skip("SKIPPED: npm install, first")


def told(**said: str) -> argparse.Namespace:
    command, buyers = program("LEADWRIGHT_COMMAND", "leadwright"), program("LEADWRIGHT_BUYERS", "leadwright-buyers")
    installed()
    words = ["--command", command, "--buyers", buyers]
    return drill.arguments(words + [word for name, value in said.items() for word in (f"--{name}", value)])


@pytest.mark.parametrize("way", ["postgres", "nats", "redis"])
def test_leads_go_all_the_way(way: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Ten leads, while decide and deliver are killed."""
    if way == "postgres":
        url = request.getfixturevalue("database")
        said = told(store=url, inbox=url)
    else:
        url = server(f"LEADWRIGHT_TEST_{way.upper()}")
        said = told(inbox=url, events=url)
    with drill.stack(said, tmp_path, drill.Pace(buyer_ms=50)) as (services, port):
        for n in range(10):
            status, _ = ask(services.ports["intake"] + n % 2, "/leads", lead(f"L{n}", n), {"authorization": f"Bearer {KEY}"})
            assert status == 202
            if n == 5:
                for service in ("decide", "deliver"):
                    os.kill(services.processes(service)[0].pid, signal.SIGKILL)
                services.restart("intake")
        services.restart("report")
        drill.until(lambda: drill.told(services) == 10, "the report lacks leads", 40)
        taken = drill.ledger(port)["taken"]
        assert isinstance(taken, list)
        assert sorted(row["lead"] for row in taken) == sorted(f"L{n}" for n in range(10))
        status, said_ = ask(services.ports["report"], "/decisions/web/L1.1")
        why = json.loads(said_)
        assert (status, why["outcome"], len(why["entries"])) == (200, "assigned", 4)
        assert b"867" not in said_, "nothing of the lead"
        assert ask(services.ports["report"], "/decisions/web/L99.1")[0] == 404


def test_it_is_run_by_words(tmp_path: Path) -> None:
    installed()
    intake, report = drill.free_ports(2)
    files = ["--store", str(tmp_path / "leads.db"), "--inbox", f"sqlite:{tmp_path / 'inbox.db'}"]
    ports = ["--intake-port", str(intake), "--report-port", str(report)]
    allow = ["--allow", "127.0.0.0/8", "--allow", "http://127.0.0.1:8799"]
    words = [sys.executable, "run.py", *files, *ports, *allow, "--command", program("LEADWRIGHT_COMMAND", "leadwright")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(words, cwd=HERE, text=True, **pipes) as running:  # type: ignore[call-overload]
        drill.until(lambda: drill.answers(intake) and drill.answers(report), "the services do not answer")
        out, _ = running.communicate("ps\nscale deliver 3\nps\nrestart decide\nps\nscale nothing 1\nstop\n", timeout=60)
    assert running.returncode == 0
    # The services say something, too.
    lines = [words for line in out.splitlines() if (words := line.split()) and words[0] in SERVICES]
    delivering = [len(words) - 1 for words in lines if words[0] == "deliver"]
    deciding = [words[1] for words in lines if words[0] == "decide"]
    assert delivering == [2, 3, 3] and deciding[0] == deciding[1] != deciding[2]
    assert "there is no service `nothing`\n" in out
    for pid in {pid for words in lines for pid in words[1:]}:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_nothing_is_lost_and_nothing_is_sold_twice(tmp_path: Path) -> None:
    """The drill in short. Times are looked at by the long one: here other tests run beside it."""
    figures = drill.drill(told(), drill.Pace(), tmp_path)
    print(drill.table(figures))
    end = figures["in the end"]
    assert end["leads"] > 100  # type: ignore[operator]
    for what in ("lost", "double", "other keys", "keys in the store but not at buyers", "refused", "store verify"):
        assert end[what] == 0, what
    assert end["decided"] == end["report"] == {"assigned": end["leads"]}
    assert figures["two workers, then six"]["throughput, 6 to 2"] > 1.5  # type: ignore[operator]
