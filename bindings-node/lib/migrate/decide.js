'use strict';

const { performance } = require('node:perf_hooks');
const native = require('../native');
const { Decision } = require('../decision');
const { Breaker } = require('./breaker');
const { CURRENT } = require('./call');
const { Mismatch } = require('./errors');
const { Said, nameOf } = require('./outcome');
const { snapshot } = require('./snapshot');
const { Step } = require('./step');
const { background } = require('./work');

const NAMES = ['contract', 'buyer', 'price'];

/**
 * A step whose candidate is the engine. While the legacy answers, what it did is observed, every call of it, and compared
 * with what the engine would have decided on the same state. In a canary the engine decides: what it wrote cannot be taken
 * back, so nobody falls back to the legacy after it.
 */
class DecideStep extends Step {
  /** Every call is observed, also one that is not compared. */
  takesAll = true;

  settle() {
    super.settle();
    if (this.breaker.isOpen && this.compares(this.stage[0]) && !this.migration.killed) {
      this.breaker = new Breaker();
      super.settle();
    }
  }

  // The engine answers.

  asked(job) {
    const started = performance.now();
    return this.#answered(job, started, () => this.#twice((lead) => this.engine.decideSync(lead, this.#tick(job)), job));
  }

  async askedLater(job) {
    const started = performance.now();
    if (!this.#rehearsed(job, started)) return false;
    try {
      const decision = await this.#twice((lead) => this.engine.decide(lead, this.#tick(job)), job);
      return this.#sold(job, started, decision);
    } catch (error) {
      return this.#refused(job, started, error);
    }
  }

  #answered(job, started, decide) {
    if (!this.#rehearsed(job, started)) return false;
    try {
      return this.#sold(job, started, decide());
    } catch (error) {
      return this.#refused(job, started, error);
    }
  }

  /** Whatever can go wrong goes wrong before anything is written. */
  #rehearsed(job, started) {
    job.call.answering = true;
    try {
      this.#out(this.engine.dryRun(this.#lead(job), this.#tick(job)));
      return true;
    } catch (error) {
      this.fellBack(job, started, error);
      return false;
    }
  }

  /** After a commit whose end is unknown the same lead again is answered as it was recorded. */
  #twice(decide, job) {
    const again = (error) => {
      if (error?.code !== 'store.commit_unknown') throw error;
      return decide(this.#lead(job));
    };
    try {
      const found = decide(this.#lead(job));
      return found instanceof Promise ? found.catch(again) : found;
    } catch (error) {
      return again(error);
    }
  }

  #sold(job, started, decision) {
    job.decision = decision;
    job.candidate = new Said((performance.now() - started) * 1e6, { value: undefined });
    // It was rehearsed; what it throws now is the caller's, for the lead is sold.
    job.out = () => this.#out(decision);
    return true;
  }

  #refused(job, started, error) {
    this.fellBack(job, started, error);
    return false;
  }

  value(job) {
    super.value(job);
    return job.out();
  }

  reversed(job, said) {
    if (typeof this.reverse !== 'function') return this.heard(said);
    return this.put(job);
  }

  askLegacy(job) {
    const result = super.askLegacy(job);
    return result instanceof Promise ? result.then((found) => this.#beside(job, found)) : this.#beside(job, result);
  }

  /** What the legacy would have done, and beside it as much of what the engine did. */
  #beside(job, result) {
    const { outcome, sales = [] } = this.seen(result) ?? {};
    const names = NAMES.filter((name) => sales.every((sale) => sale[name] !== undefined));
    job.candidate = new Said(job.candidate.ns, { value: form(job.decision.outcome, job.decision.assignments, names) });
    return form(outcome, sales, names);
  }

  #out(decision) {
    return this.adaptOut === undefined ? decision : this.adaptOut(decision);
  }

  #lead(job) {
    const args = snapshot(job.args.held).held;
    return this.adaptIn === undefined ? args[0] : this.adaptIn(...args);
  }

  #tick({ call }) {
    return { now: call.at, seed: call.seed };
  }

  // The legacy answers.

  /** The rooms that the legacy takes are those of this call. */
  inCall(job, legacy) {
    return CURRENT.run(job.call, legacy);
  }

  /** The legacy has decided: that is taken down, at once where the app wants it so. */
  returned(job, result) {
    job.legacy = new Said(job.elapsed(), {});
    try {
      const said = this.seen(result);
      if (said === undefined || said === null) {
        this.count('unobserved');
        return undefined;
      }
      job.seen = { ...said };
      if (this.inline || job.stage === 'verify') this.#observe(job);
      return this.told(job);
    } catch (error) {
      if (error instanceof Mismatch) throw error;
      this.count('unobserved');
      return undefined;
    }
  }

  /** What the legacy did before it threw, nobody knows. */
  raised() {
    this.count('unobserved');
    this.count('legacyErrors');
  }

  put(job) {
    if (background.put(job)) return;
    this.count('dropped');
    if (job.answered === 'legacy' && !job.observed) this.count('unobserved');
  }

  async work(job) {
    if (job.answered === 'candidate') return super.work(job);
    if (!job.observed) {
      try {
        this.#observe(job);
      } catch (error) {
        this.count('unobserved');
        throw error;
      }
    }
    if (job.candidate !== undefined || job.stage === 'record') this.write(job);
    return undefined;
  }

  verify(job) {
    return job.candidate === undefined ? undefined : super.verify(job);
  }

  /** Takes down what the legacy did, and what would have been decided on the state before it. */
  #observe(job) {
    const compare = job.candidate === undefined && job.stage !== 'record' && this.#isSampled(job);
    const said = { at: job.call.at, ...this.#withRooms(job), compare };
    const { told, ours } = this.engine.observe(this.#lead(job), said, this.#tick(job));
    job.observed = true;
    this.count('observed');
    if (ours !== null) job.candidate = this.#ours(job, ours);
    job.legacy = new Said(job.legacy.ns, { value: told });
  }

  #ours(job, ours) {
    const ns = job.elapsed();
    try {
      this.#out(ours);
      return new Said(ns, { value: ours });
    } catch (error) {
      return new Said(ns, { raised: nameOf(error) });
    }
  }

  #isSampled(job) {
    const share = job.stage === 'shadow' ? this.stage[1] : 10_000;
    return share >= 10_000 || native.bucket(this.migration.name, this.name, job.call.key) < share;
  }

  #withRooms(job) {
    const sales = (job.seen.sales ?? []).map((sale) => {
      const reservation = sale.reservation ?? job.call.rooms.get(sale.contract);
      return reservation === undefined ? sale : { ...sale, reservation };
    });
    if (this.migration.limitsInForce && sales.some((sale) => sale.reservation === undefined)) this.count('soldWithoutRoom');
    return sales.length > 0 ? { ...job.seen, sales } : job.seen;
  }

  /** Both sides in the words of decisions. */
  read(value) {
    if (!(value instanceof Decision)) return super.read(value);
    return form(value.outcome, value.assignments, NAMES);
  }
}

/** Who got a lead, and for how much. */
function form(outcome, sales, names) {
  return { outcome, sales: sales.map((sale) => Object.fromEntries(names.map((name) => [name, sale[name]]))) };
}

module.exports = { DecideStep };
