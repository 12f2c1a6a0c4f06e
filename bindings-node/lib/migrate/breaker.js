'use strict';

const { performance } = require('node:perf_hooks');

const WINDOW = 100;
const MOST = 20;
const PAUSE_MS = 60_000;

/** Opens after 20 failures of the last 100 calls; then one call in 60 s is let through, and if it is well all are. */
class Breaker {
  #last = [];
  #failures = 0;
  #next = 0;
  isOpen = false;

  /** Counts a call; whether it opened or closed by that. */
  add(failed) {
    if (this.isOpen) {
      this.isOpen = failed;
      return !failed;
    }
    this.#last.push(failed);
    this.#failures += Number(failed);
    if (this.#last.length > WINDOW) this.#failures -= Number(this.#last.shift());
    if (this.#failures < MOST) return false;
    this.trip();
    return true;
  }

  trip() {
    this.#last = [];
    this.#failures = 0;
    this.#next = performance.now() + PAUSE_MS;
    this.isOpen = true;
  }

  /** Whether a call may be tried; while it is open, one in a while. */
  admits(now = performance.now()) {
    if (!this.isOpen) return true;
    if (now < this.#next) return false;
    this.#next = now + PAUSE_MS;
    return true;
  }
}

module.exports = { Breaker };
