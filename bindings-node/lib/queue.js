'use strict';

const { LeadwrightError, translated } = require('./errors');
const { unlessAborted } = require('./abort');
const { split } = require('./decision');

/** So many leads fit one transaction. */
const MOST = 256;

/** Calls that come in one turn of the event loop are decided together, and those that come meanwhile after them. */
class Queue {
  #native;
  #waiting = [];
  #running = false;
  #closed;
  #onIdle;

  constructor(native) {
    this.#native = native;
  }

  /** A promise of the decision. What waits when the signal aborts is not decided; for what does not, it is too late. */
  add(lead, now, seed, signal) {
    const call = { lead, now, seed };
    if (signal === undefined) return this.#added(call);
    const leaves = () => (this.#waiting = this.#waiting.filter((other) => other !== call));
    return unlessAborted(signal, () => this.#added(call), leaves);
  }

  #added(call) {
    return new Promise((resolve, reject) => {
      this.#waiting.push(Object.assign(call, { resolve, reject }));
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => this.#run());
    });
  }

  /** Lets go of the store when nothing waits any more: at once, if that is now. */
  close() {
    if (!this.#running) this.#native.close();
    else this.#closed ??= new Promise((resolve) => (this.#onIdle = resolve));
    return this.#closed;
  }

  async #run() {
    while (this.#waiting.length > 0) await this.#together(this.#waiting.splice(0, MOST));
    this.#running = false;
    if (!this.#onIdle) return;
    this.#native.close();
    this.#onIdle();
  }

  async #together(calls) {
    const all = (name) => calls.map((call) => call[name]);
    try {
      const answers = split(await this.#native.decideMany(all('lead'), all('now'), all('seed')));
      for (const { resolve, reject } of calls) {
        const answer = answers.next().value;
        if (answer instanceof LeadwrightError) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of calls) reject(translated(error));
    }
  }
}

module.exports = { Queue };
