'use strict';

const { performance } = require('node:perf_hooks');
const { types } = require('node:util');
const native = require('../native');
const { json } = require('../values');
const { Breaker } = require('./breaker');
const { CURRENT, Call } = require('./call');
const { Counted } = require('./counted');
const { Mismatch } = require('./errors');
const { Job, MOST_ITEMS } = require('./job');
const { Late, Said, nameOf } = require('./outcome');
const { snapshot } = require('./snapshot');
const { background } = require('./work');

/** What a wrapper has to know: nothing to do, shadow a call, look closer, only the candidate is left, or nothing yet. */
const [OFF, SHADOW, OTHER, DONE, NEW] = [0, 1, 2, 3, 4];

const VERDICTS = { match: 'matched', known: 'known', mismatch: 'mismatched', recorded: 'recorded' };

/** A step of a migration. */
class Step {
  constructor(migration, name, legacy, kind, options) {
    Object.assign(this, { migration, name, legacy, kind }, options);
    this.stage = ['off', 10_000];
    this.mode = NEW;
    this.calibrations = 0;
    this.breaker = new Breaker();
    this.counted = new Counted();
  }

  // What it is told.

  /** The stage from the next call on. */
  setStage(name, share) {
    this.stage = [name, share];
    this.settle();
  }

  /** What the wrapper has to know follows from the stage, the kill switch and the breaker. */
  settle() {
    const [name] = this.stage;
    if (name === 'off' && this.migration.isFixed) this.mode = OFF;
    else if (!this.migration.started) this.mode = NEW;
    else if (this.migration.killed || name === 'off') this.mode = OFF;
    else if (name === 'done') this.mode = DONE;
    else if (this.compares(name) && !this.breaker.isOpen) this.mode = SHADOW;
    else this.mode = OTHER;
  }

  compares(name) {
    return name === 'record' || name === 'shadow';
  }

  /** The first call starts what is behind it. */
  start() {
    try {
      this.migration.start();
    } catch {
      this.count('failures');
    }
    if (this.mode === NEW) this.mode = OFF;
  }

  // The way of a call.

  /** What is to be done with a call; `undefined` where the legacy is to answer alone. */
  begin(self, args) {
    try {
      return this.#begin(self, args);
    } catch {
      this.count('failures');
      return undefined;
    }
  }

  #begin(self, args) {
    const [name, share] = this.stage;
    this.count('calls');
    const isAdmitted = this.mode === SHADOW || this.breaker.admits();
    if (!isAdmitted) this.count('skippedBreaker');
    if (!isAdmitted && !this.takesAll) return undefined;
    const key = this.keyOf(self, args);
    if (key === undefined) return undefined;
    const shadows = this.compares(name);
    let bucket = 0;
    if (share < 10_000 || !shadows) bucket = native.bucket(this.migration.name, this.name, key);
    if (shadows && bucket >= share && !this.takesAll) {
      this.count('sampledOut');
      return undefined;
    }
    const taken = this.keep(args);
    if (taken === undefined) return undefined;
    const job = new Job(this, name, new Call(key, Date.now()), taken);
    job.bucket = bucket;
    job.asks = isAdmitted && (name === 'primary' || (name === 'canary' && bucket < share));
    return job;
  }

  keyOf(self, args) {
    let key;
    try {
      key = this.key.apply(self, args);
    } catch {
      key = undefined;
    }
    if (Number.isSafeInteger(key) || typeof key === 'bigint') key = String(key);
    if (typeof key === 'string' && key !== '' && key.isWellFormed()) return key;
    this.count('unkeyed');
    return undefined;
  }

  /** A snapshot, where there can be one. */
  keep(value) {
    try {
      return snapshot(value, this.plain);
    } catch {
      this.count('unsnapshotable');
      return undefined;
    }
  }

  /** Asks the candidate for the answer on this thread; false where the legacy has to answer after all. */
  asked(job) {
    job.call.answering = true;
    const started = performance.now();
    try {
      const value = this.settled(this.ask(job), job);
      if (types.isPromise(value)) throw new TypeError('a promise for a function that answers at once');
      job.candidate = new Said((performance.now() - started) * 1e6, { value });
    } catch (error) {
      this.fellBack(job, started, error);
    }
    return !job.candidate.failed;
  }

  /** The same where the legacy answers with a promise. */
  async askedLater(job) {
    job.call.answering = true;
    const started = performance.now();
    try {
      const value = await this.inTime(this.ask(job), true);
      job.candidate = new Said((performance.now() - started) * 1e6, { value });
    } catch (error) {
      this.fellBack(job, started, error);
    }
    return !job.candidate.failed;
  }

  fellBack(job, started, error) {
    const late = error instanceof Late;
    job.candidate = new Said((performance.now() - started) * 1e6, late ? { late } : { raised: nameOf(error) });
    job.call.answering = false;
    this.count('fallbacks');
    if (!late) return;
    // Whoever comes meanwhile would wait as long.
    job.judged = true;
    this.failed(true);
  }

  /** What the candidate said, for the caller; the legacy is run beside it where it may be. */
  value(job) {
    const said = job.candidate;
    job.answered = 'candidate';
    this.count('answered');
    try {
      this.reversed(job, said);
    } catch {
      this.count('failures');
    }
    return said.value;
  }

  reversed(job, said) {
    if (this.reverse === false || (job.stage === 'primary' && job.bucket >= this.stage[1])) return this.heard(said);
    const kept = this.keep(said.value);
    if (kept === undefined) return this.heard(said);
    job.candidate = new Said(said.ns, { value: kept });
    job.size += kept.size;
    return this.put(job);
  }

  /** The candidate answered, and nobody compares. */
  heard(said) {
    this.latency('candidate', said.ns);
    this.failed(said.ns > this.deadline * 1e6);
  }

  /** The legacy has answered. Throws only where a test asked for it; with a promise it was waited for. */
  returned(job, result, items = MOST_ITEMS) {
    const ns = job.elapsed();
    try {
      const kept = this.keep(result);
      if (kept === undefined) return this.lost(job);
      job.legacy = new Said(ns, { value: kept });
      job.items = items;
      job.size += kept.size;
      return this.told(job);
    } catch (error) {
      return this.hidden(error);
    }
  }

  /** The legacy has thrown. */
  raised(job, error) {
    try {
      job.legacy = new Said(job.elapsed(), { raised: nameOf(error) });
      this.count('legacyErrors');
      return this.told(job);
    } catch (found) {
      return this.hidden(found);
    }
  }

  hidden(error) {
    if (error instanceof Mismatch) throw error;
    this.count('failures');
    return undefined;
  }

  /** Runs the legacy. */
  inCall(job, legacy) {
    return legacy();
  }

  told(job) {
    return job.stage === 'verify' ? this.verify(job) : this.put(job);
  }

  put(job) {
    if (this.calibrations > 0 && job.answered === 'legacy' && job.candidate === undefined) {
      this.calibrations -= 1;
      job.noise = true;
    }
    if (background.put(job)) return;
    this.count('dropped');
    if (job.noise) this.calibrations += 1;
    this.lost(job);
  }

  /** Nobody compares; that a candidate failed is known all the same. */
  lost(job) {
    if (job.candidate?.failed) this.candidateAccounts(job);
  }

  // Behind the caller.

  /** Asks whoever was not asked yet, and writes the pair down. */
  async work(job) {
    if (job.answered === 'candidate') {
      job.legacy = await this.run(job, () => this.askLegacy(job), true);
      if (job.legacy.failed) this.count('legacyErrors');
    } else if (job.noise) {
      job.candidate = await this.run(job, () => this.askLegacy(job), true);
    } else if (job.candidate === undefined && job.stage !== 'record') {
      job.candidate = await this.run(job, () => this.ask(job), false);
    }
    this.write(job);
  }

  /** What one side says; a promise of that where it answers with one. */
  run(job, ask, isLegacy) {
    const started = performance.now();
    const ns = () => (performance.now() - started) * 1e6;
    const said = (value) => {
      const took = ns();
      return new Said(took, !isLegacy && took > this.deadline * 1e6 ? { late: true } : { value });
    };
    const threw = (error) => new Said(ns(), error instanceof Late ? { late: true } : { raised: nameOf(error) });
    try {
      const value = this.inTime(CURRENT.run(job.call, ask), job.stage === 'verify');
      return types.isPromise(value) ? value.then(said).catch(threw) : said(value);
    } catch (error) {
      return threw(error);
    }
  }

  /** The candidate, on arguments of its own. */
  ask(job) {
    const args = snapshot(job.args.held).held;
    const out = (value) => (this.adaptOut === undefined ? value : this.adaptOut(value));
    return CURRENT.run(job.call, () => {
      const value = this.settled(this.callCandidate(args), job);
      return types.isPromise(value) ? value.then(out) : out(value);
    });
  }

  /** The legacy once more, on arguments of its own. */
  askLegacy(job) {
    const legacy = typeof this.reverse === 'function' ? this.reverse : this.legacy;
    return this.settled(legacy(...snapshot(job.args.held).held), job);
  }

  callCandidate(args) {
    if (this.adaptIn === undefined) return this.candidate(...args);
    const adapted = this.adaptIn(...args);
    return adapted instanceof Args ? this.candidate(...adapted.values) : this.candidate(adapted);
  }

  /** An answer, item by item where the legacy is a generator. */
  settled(value, job) {
    if (!this.kind.includes('generator')) return value;
    if (types.isPromise(value)) return value.then((items) => this.settled(items, job));
    if (value?.[Symbol.asyncIterator]) return collected(value, job.items);
    const items = [];
    for (const item of value) {
      if (items.length >= job.items) break;
      items.push(item);
    }
    return items;
  }

  /** Waits for a promise as long as the candidate has time. A process stays for a caller who waits, and not for a shadow. */
  inTime(value, isAwaited) {
    if (!types.isPromise(value)) return value;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Late()), this.deadline);
      if (!isAwaited) timer.unref();
    });
    return Promise.race([value, late]).finally(() => clearTimeout(timer));
  }

  /** Compares at once; a promise where the candidate answers with one. */
  verify(job) {
    const said = job.candidate ?? this.run(job, () => this.ask(job), false);
    if (types.isPromise(said)) return said.then((found) => this.verified(job, found)).catch((error) => this.hidden(error));
    return this.verified(job, said);
  }

  verified(job, said) {
    job.candidate = said;
    this.accounts(job);
    const [verdict] = this.migration.ledger.record([this.observation(job)]);
    this.tell(verdict);
    if (this.raiseOnMismatch && verdict.verdict === 'mismatch') {
      throw new Mismatch(`${this.name}: ${verdict.classes.join(', ')}`, 'migrate.mismatch');
    }
  }

  write(job) {
    this.accounts(job);
    this.migration.ledger.add(this, this.observation(job));
  }

  accounts(job) {
    this.latency('legacy', job.legacy.ns);
    if (job.candidate !== undefined && !job.noise) this.candidateAccounts(job);
  }

  candidateAccounts({ legacy, candidate, judged }) {
    this.latency('candidate', candidate.ns);
    if (candidate.late) this.count('timeouts');
    else if (candidate.raised !== undefined) this.count('candidateErrors');
    // Where both refuse a lead, nobody has failed.
    const both = candidate.raised !== undefined && candidate.raised === legacy?.raised;
    if (!judged) this.failed(candidate.failed && !both);
  }

  failed(failed) {
    if (this.breaker.add(failed)) this.settle();
  }

  /** A pair as the ledger takes it. What a side says is read on a copy of its own. */
  observation(job) {
    const { call, legacy, candidate } = job;
    const parts = [
      `{"step":${JSON.stringify(this.name)},"key":${JSON.stringify(call.key)},"at":"${call.at}","stage":"${job.stage}"`,
      `"answered":"${job.answered}","legacy":${legacy.json((value) => json(this.read(value)))},"legacy_ns":${legacy.ns}`,
    ];
    if (candidate !== undefined) parts.push(`"candidate":${this.#candidateJson(candidate)},"candidate_ns":${candidate.ns}`);
    if (job.noise) parts.push('"noise":true');
    if (this.migration.ledger.values) parts.push(`"input":${json(job.args.held)}`);
    return `${parts.join()}}`;
  }

  #candidateJson(said) {
    try {
      return said.json((value) => json(this.read(value)));
    } catch (error) {
      // It cannot be read, or cannot be said in JSON: that is the candidate's answer then.
      this.count('candidateErrors');
      return new Said(said.ns, { raised: nameOf(error) }).json();
    }
  }

  /** What is compared of an answer. */
  read(value) {
    const own = isSnapshot(value) ? snapshot(value.held).held : value;
    return this.clean === undefined ? own : this.clean(own);
  }

  // What is counted.

  /** What the core says of a pair. */
  tell({ verdict }) {
    this.count(VERDICTS[verdict] ?? 'recorded');
  }

  count(name) {
    this.counted.count(name);
  }

  latency(side, ns) {
    this.counted.latency(side, ns);
  }

  /** All that was counted in this thread. Nothing in it comes from a lead. */
  counters() {
    return { ...this.counted.counts, breakerOpen: this.breaker.isOpen, ...this.counted.latencies() };
  }
}

/** What `adaptIn` returns where the candidate takes more than one argument. */
class Args {
  constructor(...values) {
    this.values = values;
  }
}

function isSnapshot(value) {
  return typeof value === 'object' && value !== null && 'held' in value && 'size' in value;
}

async function collected(source, most) {
  const items = [];
  for await (const item of source) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}

module.exports = { Args, DONE, NEW, OFF, Step };
