'use strict';

const native = require('../native');
const { call } = require('../errors');

/** Pairs of one transaction at most. */
const BATCH = 64;

const COUNTED = {
  calls: 'calls', sampledOut: 'sampled_out', dropped: 'dropped', unsnapshotable: 'unsnapshotable',
  skippedBreaker: 'skipped_breaker', legacyErrors: 'legacy_errors', candidateErrors: 'candidate_errors', timeouts: 'timeouts',
};

/** A file of pairs; the comparing is done by the core. */
class Ledger {
  #path;
  #migration;
  #options;
  #steps = {};
  #native;
  #pending = [];
  #told = new Map();
  failures = 0;

  constructor(path, migration, { hashKey, values: kept = false, ids = false }) {
    this.#path = path;
    this.#migration = migration;
    this.#options = { values: Boolean(kept), ids: Boolean(ids), ...(hashKey === undefined ? {} : { key: hashKey }) };
    this.values = Boolean(kept);
  }

  /** Rules of one more step; all that is wrong with them is said now. */
  addStep(step, rules) {
    const steps = { ...this.#steps, [step]: rules };
    const options = JSON.stringify({ ...this.#options, steps });
    this.#native = call(() => new native.Parity(this.#path, this.#migration, options));
    this.#steps = steps;
  }

  /** Keeps a pair until there are enough for a transaction, or until `write`. */
  add(step, observation) {
    this.#pending.push([step, observation]);
    if (this.#pending.length >= BATCH) this.write();
  }

  /** Writes what waits. A ledger that cannot be written costs its pairs, and nobody else anything. */
  write() {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    try {
      const verdicts = this.record(pending.map(([, observation]) => observation));
      pending.forEach(([step], at) => step.tell(verdicts[at]));
    } catch {
      this.failures += pending.length;
    }
  }

  /** Writes pairs now; their verdicts. */
  record(observations) {
    return JSON.parse(call(() => this.#native.record(Buffer.from(`[${observations.join()}]`))));
  }

  /** Adds what was counted since the last time. */
  count(counters) {
    const more = {};
    for (const [step, now] of counters) {
      const told = this.#told.get(step) ?? {};
      const grown = Object.entries(COUNTED).map(([name, said]) => [said, now[name] - (told[name] ?? 0)]);
      if (grown.some(([, n]) => n > 0)) more[step] = Object.fromEntries(grown);
    }
    if (Object.keys(more).length === 0) return;
    try {
      call(() => this.#native.count(JSON.stringify(more)));
      this.#told = new Map(counters);
    } catch {
      this.failures += 1;
    }
  }

  summary(step) {
    this.write();
    return JSON.parse(call(() => this.#native.summary(step)));
  }

  check(gate) {
    this.write();
    return JSON.parse(call(() => this.#native.check(JSON.stringify(gate))));
  }
}

module.exports = { Ledger };
