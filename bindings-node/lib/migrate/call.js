'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const { createHash } = require('node:crypto');

const CURRENT = new AsyncLocalStorage();

/** What a candidate may know of the legacy's call: `key`, `at` and `seed`, so that it decides as it was then. */
class Call {
  #key;

  constructor(key, atMs, answering = false) {
    this.#key = key;
    this.atMs = atMs;
    /** Whether what the candidate says goes to the caller; only then it may write. */
    this.answering = answering;
    /** Reservations by contract that the legacy took in this call. */
    Object.defineProperty(this, 'rooms', { value: new Map(), enumerable: false });
  }

  get key() {
    return this.#key;
  }

  /** When the legacy was called, as RFC 3339. */
  get at() {
    return new Date(this.atMs).toISOString();
  }

  /** The chance of this key: the same whenever it comes, in every language. */
  get seed() {
    return createHash('sha256').update(this.#key).digest().readUIntBE(0, 6);
  }
}

/** The call that a candidate or a decide step is in; `undefined` elsewhere. */
function current() {
  return CURRENT.getStore();
}

module.exports = { CURRENT, Call, current };
