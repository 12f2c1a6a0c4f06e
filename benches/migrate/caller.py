"""What one call of a legacy costs more under a step, by the caller's clock: the best round of many, so that a busy machine
weighs little, and for calls that are taken the median and the 99th percentile too."""

import statistics
import tempfile
import time

import laboratory
from leadwright import migrate

LEAD = {"id": "lead-4711", "tags": ["a", "b"], **{f"field_{n}": f"some value {n}" if n % 5 else n for n in range(38)}}
ROUNDS, CALLS, BURST = 30, 2_000, 100


def legacy(lead):
    return True


class Disabled(laboratory.Experiment):
    def enabled(self):
        return False


def round_of(function, calls):
    started = time.perf_counter_ns()
    for _ in range(calls):
        function(LEAD)
    return (time.perf_counter_ns() - started) / calls


def step(stage):
    # Stages by step may change at any time, as those of a file or a flag do; a fixed `off` is not what is measured.
    m = migrate.Migration("bench", parity=f"{folder}/{stage}.db", stage={"s": stage})
    return m, m.step("s", candidate=legacy)(legacy)


def one_by_one(m, function):
    """Each call by itself, in bursts that the queue holds."""
    times = []
    for _ in range(ROUNDS):
        for _ in range(BURST):
            started = time.perf_counter_ns()
            function(LEAD)
            times.append(time.perf_counter_ns() - started)
        m.flush(30)
    return times


with tempfile.TemporaryDirectory() as folder:
    (_, off), (_, out), (taken, inside) = step("off"), step("shadow 0"), step("shadow")
    rows = {
        "direct": legacy,
        "off": off,
        "sampled out": out,
        "laboratory, not enabled": Disabled.decorator(legacy)(legacy),
        "laboratory, enabled": laboratory.Experiment.decorator(legacy)(legacy),
    }
    for function in [*rows.values(), inside]:
        function(LEAD)
    taken.flush(30)
    best = dict.fromkeys([*rows, "sampled in"], float("inf"))
    for _ in range(ROUNDS):
        # In turns: what slows the machine down for a while slows them all.
        for name, function in rows.items():
            best[name] = min(best[name], round_of(function, CALLS if "laboratory" not in name else CALLS // 10))
        best["sampled in"] = min(best["sampled in"], round_of(inside, BURST))
        taken.flush(30)
    each = sorted(one_by_one(taken, inside))
    counters = taken.counters()["s"]
    assert counters["dropped"] == 0 and counters["matched"] == counters["calls"], counters
    direct = best.pop("direct")
    extra = {name: time_of - direct for name, time_of in best.items()}
    print(f"Python, a lead of {len(LEAD)} fields; what a call costs more than {direct:.0f} ns")
    for name, nanos in extra.items():
        print(f"  {name:<26}{nanos / 1_000:8.3f} us")
    print(f"  sampled in, each by itself: median {statistics.median(each) / 1_000:.1f} us, p99 {each[len(each) * 99 // 100] / 1_000:.1f} us")
    ratio = extra["laboratory, not enabled"] / extra["off"]
    print(f"  off is {ratio:.0f} times cheaper than laboratory that is not enabled; sampled out "
          f"{extra['laboratory, not enabled'] / extra['sampled out']:.0f} times; sampled in {extra['laboratory, enabled'] / extra['sampled in']:.1f} "
          "times cheaper than laboratory that is enabled, which runs the candidate too")
