'use strict';

// The function that stands where the legacy stood: of the same kind, with its name and length. What it costs while nothing
// is to be done is all that most calls ever see of a migration.

const { performance } = require('node:perf_hooks');
const { types } = require('node:util');
const { DONE, NEW, OFF } = require('./step');

const kinds = new Map([
  [Object.getPrototypeOf(async () => {}).constructor, 'async'],
  [Object.getPrototypeOf(function* () {}).constructor, 'generator'],
  [Object.getPrototypeOf(async function* () {}).constructor, 'async generator'],
]);

/** What calling it gives. */
function kindOf(legacy) {
  for (const [Kind, kind] of kinds) if (legacy instanceof Kind) return kind;
  return 'function';
}

/** The wrapper of a step's legacy. */
function wrap(step) {
  const wrapper = wraps[step.kind](step);
  for (const name of Reflect.ownKeys(step.legacy)) {
    if (name === 'prototype') continue;
    const property = Object.getOwnPropertyDescriptor(step.legacy, name);
    if (Object.getOwnPropertyDescriptor(wrapper, name)?.configurable !== false) Object.defineProperty(wrapper, name, property);
  }
  Object.defineProperty(wrapper, 'wrapped', { value: step.legacy, configurable: true });
  return wrapper;
}

const wraps = {
  function(step) {
    const { legacy } = step;
    return function (...args) {
      if (step.mode === OFF) return legacy.apply(this, args);
      if (step.mode === NEW) step.start();
      if (step.mode === OFF) return legacy.apply(this, args);
      if (step.mode === DONE) return done(step, step.callCandidate(args));
      const job = step.begin(this, args);
      if (job === undefined) return legacy.apply(this, args);
      if (job.asks && step.asked(job)) return step.value(job);
      job.started = performance.now();
      let result;
      try {
        result = step.inCall(job, () => legacy.apply(this, args));
      } catch (error) {
        step.raised(job, error);
        throw error;
      }
      // What is waited for is what a promise says. Others that have a `then` may do their work when it is called.
      if (types.isPromise(result) && result.constructor === Promise) return later(step, job, result);
      const told = step.returned(job, result);
      return types.isPromise(told) ? noticed(told, result) : result;
    };
  },

  async(step) {
    const { legacy } = step;
    return async function (...args) {
      if (step.mode === OFF) return legacy.apply(this, args);
      if (step.mode === NEW) step.start();
      if (step.mode === OFF) return legacy.apply(this, args);
      if (step.mode === DONE) return done(step, await step.callCandidate(args));
      const job = step.begin(this, args);
      if (job === undefined) return legacy.apply(this, args);
      if (job.asks && (await step.askedLater(job))) return step.value(job);
      job.started = performance.now();
      return later(step, job, step.inCall(job, () => legacy.apply(this, args)));
    };
  },

  generator(step) {
    const { legacy } = step;
    return function* (...args) {
      if (step.mode === NEW) step.start();
      if (step.mode === OFF) return yield* legacy.apply(this, args);
      if (step.mode === DONE) return yield* done(step, step.callCandidate(args));
      const job = step.begin(this, args);
      if (job === undefined) return yield* legacy.apply(this, args);
      if (job.asks && step.asked(job)) return yield* step.value(job);
      job.started = performance.now();
      return yield* seen(legacy.apply(this, args), new Items(step, job));
    };
  },

  'async generator'(step) {
    const { legacy } = step;
    return async function* (...args) {
      if (step.mode === NEW) step.start();
      if (step.mode === OFF) return yield* legacy.apply(this, args);
      if (step.mode === DONE) return yield* done(step, await step.callCandidate(args));
      const job = step.begin(this, args);
      if (job === undefined) return yield* legacy.apply(this, args);
      if (job.asks && (await step.askedLater(job))) return yield* step.value(job);
      job.started = performance.now();
      return yield* seenLater(legacy.apply(this, args), new Items(step, job));
    };
  },
};

async function later(step, job, promise) {
  let result;
  try {
    result = await promise;
  } catch (error) {
    await step.raised(job, error);
    throw error;
  }
  await step.returned(job, result);
  return result;
}

/** In `verify`, a function that answers at once cannot wait for what is compared; a test hears of it all the same. */
function noticed(told, result) {
  told.catch((error) => process.nextTick(() => { throw error; }));
  return result;
}

/** The candidate is the function now: what it throws is the caller's. */
function done(step, value) {
  if (step.adaptOut === undefined) return value;
  return types.isPromise(value) ? value.then((found) => step.adaptOut(found)) : step.adaptOut(value);
}

/** What a generator gave its caller, copied as it went by. */
class Items {
  #items = [];

  constructor(step, job) {
    this.step = step;
    this.job = job;
  }

  add(item) {
    if (this.job === undefined) return;
    const kept = this.step.keep(item);
    if (kept === undefined || this.#items.length === this.job.items) this.job = undefined;
    else this.#items.push(kept.held);
  }

  /** There are no more: of the candidate one more would be seen. */
  ended() {
    return this.job && this.step.returned(this.job, this.#items, this.#items.length + 1);
  }

  /** The caller wants no more: the candidate is asked for as many. */
  closed() {
    return this.job && this.step.returned(this.job, this.#items, this.#items.length);
  }

  raised(error) {
    return this.job && this.step.raised(this.job, error);
  }
}

/** The generator itself, with its items seen as they go by. */
function seen(source, items) {
  const see = (work) => {
    let next;
    try {
      next = work();
    } catch (error) {
      items.raised(error);
      throw error;
    }
    if (next.done) items.ended();
    else items.add(next.value);
    return next;
  };
  return {
    [Symbol.iterator]() {
      return this;
    },
    next: (value) => see(() => source.next(value)),
    throw: (error) => see(() => source.throw(error)),
    return: (value) => {
      const next = source.return(value);
      if (next.done) items.closed();
      return next;
    },
  };
}

function seenLater(source, items) {
  const see = async (work) => {
    let next;
    try {
      next = await work();
    } catch (error) {
      await items.raised(error);
      throw error;
    }
    if (next.done) await items.ended();
    else items.add(next.value);
    return next;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: (value) => see(() => source.next(value)),
    throw: (error) => see(() => source.throw(error)),
    return: async (value) => {
      const next = await source.return(value);
      if (next.done) await items.closed();
      return next;
    },
  };
}

module.exports = { kindOf, wrap };
