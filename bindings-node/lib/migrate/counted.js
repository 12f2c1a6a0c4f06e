'use strict';

/** Upper bounds of latencies in microseconds. */
const BOUNDS = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

const COUNTS = [
  'calls', 'sampledOut', 'unkeyed', 'unsnapshotable', 'dropped', 'skippedBreaker', 'recorded', 'matched', 'known',
  'mismatched', 'legacyErrors', 'candidateErrors', 'timeouts', 'answered', 'fallbacks', 'observed', 'unobserved',
  'soldWithoutRoom', 'failures',
];

/** Numbers by name, and how long both sides took. */
class Counted {
  counts = Object.fromEntries(COUNTS.map((count) => [count, 0]));
  #rows = { legacy: new Array(BOUNDS.length + 1).fill(0), candidate: new Array(BOUNDS.length + 1).fill(0) };

  count(name) {
    this.counts[name] += 1;
  }

  latency(side, ns) {
    const micros = ns / 1_000;
    const at = BOUNDS.findIndex((bound) => micros <= bound);
    this.#rows[side][at < 0 ? BOUNDS.length : at] += 1;
  }

  /** Upper bounds, and how many were not above each and above the one before. */
  latencies() {
    const rows = (side) => this.#rows[side].map((n, at) => [BOUNDS[at] ?? null, n]);
    return { legacyMicros: rows('legacy'), candidateMicros: rows('candidate') };
  }
}

module.exports = { Counted };
