'use strict';

// What is done after the caller has gone on: a slice of work between turns of the event loop. Nothing here keeps a process
// alive, but for the two seconds that its end may take.

const { performance } = require('node:perf_hooks');

const MOST_JOBS = 1024;
const MOST_BYTES = 16 << 20;
const EXIT_MS = 2_000;
const TICK_MS = 1_000;

/** So long the event loop may wait for jobs, and for the end of the one that is begun. */
const SLICE_MS = 2;

/** A turn of the event loop. A timer, for an immediate that keeps nothing alive waits until something else happens. */
const turn = () => new Promise((next) => setTimeout(next, 1).unref());

class Background {
  #queue = [];
  #bytes = 0;
  #waiting = 0;
  #isWorking = false;
  #timer;
  #migrations = new Set();

  /** A migration whose stages are read and whose counts are written, as long as anybody has it. */
  register(migration) {
    this.#migrations.add(new WeakRef(migration));
  }

  /** Begins to look after them. */
  start() {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#each((migration) => migration.tick()), TICK_MS).unref();
    process.once('beforeExit', () => void this.flush(EXIT_MS));
    process.once('exit', () => this.#each((migration) => migration.end()));
  }

  #each(work) {
    for (const held of this.#migrations) {
      const migration = held.deref();
      if (!migration) {
        this.#migrations.delete(held);
        continue;
      }
      try {
        work(migration);
      } catch {
        // It counts its own failures.
      }
    }
  }

  /** Takes a job; false where there is no room, and then it is dropped. */
  put(job) {
    if (this.#waiting >= MOST_JOBS || this.#bytes + job.size > MOST_BYTES) return false;
    this.#waiting += 1;
    this.#bytes += job.size;
    this.#queue.push(job);
    if (!this.#isWorking) {
      this.#isWorking = true;
      void this.#work();
    }
    return true;
  }

  async #work() {
    await turn();
    let slice = performance.now();
    for (let at = 0; at < this.#queue.length; at += 1) {
      const job = this.#queue[at];
      this.#queue[at] = undefined;
      try {
        await job.work();
      } catch {
        // It counted that.
      }
      this.#waiting -= 1;
      this.#bytes -= job.size;
      if (performance.now() - slice < SLICE_MS) continue;
      await turn();
      slice = performance.now();
    }
    this.#queue = [];
    this.#isWorking = false;
    this.#each((migration) => migration.written());
  }

  /** Waits until all jobs are done and written; whether they are. */
  async flush(milliseconds) {
    const end = Date.now() + milliseconds;
    while (this.#isWorking) {
      if (Date.now() >= end) return false;
      await new Promise((next) => setTimeout(next, 2));
    }
    this.#each((migration) => migration.written());
    return true;
  }
}

module.exports = { background: new Background() };
