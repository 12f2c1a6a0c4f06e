"""How programs are run: signals in long calls, servers that fork, pools of processes, interpreters in interpreters."""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing
import os
import pickle
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, lead

import leadwright

HERE = str(Path(leadwright.__file__).parents[1])

LONG = {
    "validate_many": "leadwright.validate_many(({'phone': '312-867-5301', 'zip': str(n)} for n in range(10**7)), 'us/home-services@1')",
    "canonicalize_addresses": "leadwright.canonicalize_addresses(['5 elm place, 63104'] * 10**6)",
    "prepare_batch": "engine.prepare_batch(b'{\"source\":\"web\",\"zip\":\"60601\"}\\n' * 10**6)",
    "settle_batch": "engine.settle_batch(engine.prepare_batch(b'{\"source\":\"web\"}\\n' * 1000) * 1000)",
    "threads": "engine.decide_batch(b'{\"source\":\"web\",\"zip\":\"60601\"}\\n' * 10**6, threads=4)",
    "run_delivery": "engine.run_delivery()",
}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers")
@pytest.mark.parametrize("call", LONG)
def test_ctrl_c_is_heard_in_long_calls(call: str, plan: leadwright.Plan, tmp_path: Path) -> None:
    script = (
        "import leadwright, signal, sys\n"
        # A shell's background job ignores the signal, and so would this.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "engine = leadwright.Engine(leadwright.Plan.load(sys.argv[1]))\n"
        "try:\n"
        "    print('ready', flush=True)\n"
        f"    {LONG[call]}\n"
        "    print('done', flush=True)\n"
        "except KeyboardInterrupt:\n"
        # The engine goes on.
        "    print('heard', engine.decide({'source': 'web'}).outcome, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "plan.jsonc")], stdout=subprocess.PIPE, text=True
    ) as run:
        try:
            assert run.stdout is not None and run.stdout.readline() == "ready\n"
            time.sleep(0.5)
            run.send_signal(signal.SIGINT)
            sent = time.monotonic()
            out, _ = run.communicate(timeout=60)
            assert out.startswith("heard ")
            assert time.monotonic() - sent < 30
        finally:
            run.kill()


def decided(n: int) -> tuple[str, str, bytes]:
    """In a process of a pool: the engine is that of the process."""
    decision = _ENGINE[0].decide(lead(n), now=NOW)
    return decision.id, decision.outcome, pickle.dumps(decision)


_ENGINE: list[leadwright.Engine] = []


def begin(plan: leadwright.Plan, store: str) -> None:
    _ENGINE[:] = [leadwright.Engine(plan, store)]


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_pools_of_processes_share_a_store(method: str, plan: leadwright.Plan, tmp_path: Path) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"SKIPPED: there is no {method} here")
    store, context = str(tmp_path / "leads.db"), multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, context, begin, (plan, store)) as pool:
        found = list(pool.map(decided, range(20), timeout=120))
    assert sum(outcome == "assigned" for _, outcome, _ in found) == 2
    with leadwright.Engine(plan, store) as engine:
        for n, (id, _, pickled) in enumerate(found):
            again = engine.decide(lead(n), now=NOW)
            assert again.id == id and again.replayed and pickle.loads(pickled) == again


APP = '''
import json, os, leadwright

ENGINE = leadwright.Engine(leadwright.Plan.load("plan.jsonc"), "leads.db")
MASTER = os.getpid()
# The parent has used everything that a worker uses.
ENGINE.decide({"id": "first", "source": "web"}, now="2026-11-24T23:05:00Z")
leadwright.validate_many([{}] * 100, "us/home-services@1", threads=2)

def app(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    answers = ENGINE.decide_batch(body, now="2026-11-24T23:05:00Z", threads=2)
    start_response("200 OK", [("Content-Type", "application/json")])
    told = {"pid": os.getpid(), "master": MASTER, "ids": [answer["id"] for answer in answers]}
    return [json.dumps(told).encode()]
'''


def test_workers_of_gunicorn_that_were_forked_behind_the_engine(plan: leadwright.Plan, tmp_path: Path) -> None:
    pytest.importorskip("gunicorn", reason="SKIPPED: gunicorn is not installed")
    (tmp_path / "app.py").write_text(APP)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "--bind", f"127.0.0.1:{port}", "app:app"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([HERE, str(tmp_path)])}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            answers = [ask(port, n) for n in range(12)]
        finally:
            server.terminate()
            _, told = server.communicate(timeout=60)
    assert [answer["ids"] for answer in answers] == [[f"web/G{n}.1"] for n in range(12)], told
    assert all(answer["pid"] != answer["master"] for answer in answers)
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        assert sum(same for _, same in engine.replay()) == 13


def ask(port: int, n: int) -> Any:
    body = json.dumps({"id": f"G{n}", "source": "web", "phone": f"312-867-{5300 + n}", "zip": "60601"}).encode()
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", body, timeout=30) as answer:
                return json.load(answer)
        except OSError:
            # It is not up yet.
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


PREFORK = '''
import celery, leadwright

app = celery.Celery("leads", broker="memory://", backend="cache+memory://")
ENGINE = leadwright.Engine(leadwright.Plan.load("plan.jsonc"), "leads.db")
ENGINE.decide({"id": "first", "source": "web"}, now="2026-11-24T23:05:00Z")

def decide(n):
    lead = {"id": f"C{n}", "source": "web", "phone": f"312-867-{5300 + n}", "zip": "60601"}
    return ENGINE.decide_batch([lead], now="2026-11-24T23:05:00Z", threads=2)[0]["id"]

if __name__ == "__main__":
    # The pool that celery's prefork is made of.
    from billiard.pool import Pool
    pool = Pool(2)
    print(" ".join(pool.map(decide, range(10))))
    pool.close()
    pool.join()
'''


def test_the_pool_of_celery(plan: leadwright.Plan, tmp_path: Path) -> None:
    pytest.importorskip("celery", reason="SKIPPED: celery is not installed")
    (tmp_path / "tasks.py").write_text(PREFORK)
    env = {**os.environ, "PYTHONPATH": HERE}
    ran = subprocess.run([sys.executable, "tasks.py"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert ran.stdout.split() == [f"web/C{n}.1" for n in range(10)], ran.stderr
    with leadwright.Engine(plan, tmp_path / "leads.db") as engine:
        assert sum(same for _, same in engine.replay()) == 11


def inside(script: str) -> str:
    """What a script prints in an interpreter of its own inside of a process."""
    program = textwrap.dedent(
        """
        import sys
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        made = interpreters.create(*(["legacy"] if len(sys.argv) > 2 and sys.version_info >= (3, 13) else []))
        told = interpreters.run_string(made, sys.argv[1])
        if told is not None:
            print(getattr(told, "formatted", told))
        """
    )
    env = {**os.environ, "PYTHONPATH": HERE}
    ran = subprocess.run([sys.executable, "-c", program, script], env=env, capture_output=True, text=True, timeout=60)
    if "No module named '_xxsubinterpreters'" in ran.stderr:
        pytest.skip("SKIPPED: this Python has no sub-interpreters to make")
    assert ran.returncode >= 0, f"the process was killed by signal {-ran.returncode}"
    return ran.stdout + ran.stderr


def test_in_a_sub_interpreter_it_works_or_says_what_to_do(plan: leadwright.Plan, tmp_path: Path) -> None:
    path = str(tmp_path / "plan.jsonc")
    told = inside(
        "import leadwright\n"
        f"print(leadwright.Engine(leadwright.Plan.load({path!r})).decide({{'id': 'S1', 'source': 'web'}}, now={NOW!r}).id)"
    )
    assert "web/S1.1" in told or "WSGIApplicationGroup %{GLOBAL}" in told, told


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        ("module _leadwright does not support loading in subinterpreters", "WSGIApplicationGroup %{GLOBAL}"),
        ("libc.musl-x86_64.so.1: cannot open shared object file", "pip install --force-reinstall"),
    ],
)
def test_a_native_half_that_does_not_load_says_what_to_do(fails: str, told: str, tmp_path: Path) -> None:
    """A finder stands in for the loader: it fails as that does."""
    script = (
        "import sys\n"
        "class Fails:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'leadwright._leadwright':\n"
        f"            raise ImportError({fails!r})\n"
        "sys.meta_path.insert(0, Fails())\n"
        "import leadwright\n"
    )
    env = {**os.environ, "PYTHONPATH": HERE}
    ran = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
    last = ran.stderr.splitlines()[-1]
    assert ran.returncode == 1 and last.startswith("ImportError: ") and told in last, ran.stderr
