'use strict';

const { performance } = require('node:perf_hooks');

/** Items of a generator that are compared; one that has more is not. */
const MOST_ITEMS = 1_000;

/** A call of the legacy, on its way through a step. */
class Job {
  constructor(step, stage, call, args) {
    this.step = step;
    this.stage = stage;
    this.call = call;
    this.args = args;
    this.asks = false;
    this.answered = 'legacy';
    /** The breaker knows already. */
    this.judged = false;
    this.noise = false;
    this.legacy = undefined;
    this.candidate = undefined;
    this.items = MOST_ITEMS;
    this.size = args.size;
    this.started = performance.now();
  }

  elapsed() {
    return (performance.now() - this.started) * 1e6;
  }

  async work() {
    try {
      await this.step.work(this);
    } catch (error) {
      this.step.count('failures');
      throw error;
    }
  }
}

module.exports = { Job, MOST_ITEMS };
