'use strict';

// A candidate on a thread of its own. JavaScript has one thread: a candidate on it that spins holds up everybody, and one
// that calls `process.exit` ends the app. On a worker it ends, and nobody else.

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { Elsewhere, Late } = require('./outcome');

const OURS = 'leadwright.migrate.candidate';

/** So long a worker may take to begin. */
const BEGIN_MS = 5_000;

class Candidate {
  #file;
  #name;
  #deadline;
  #worker;
  #isReady = false;
  #asked = new Map();
  #n = 0;

  constructor(file, name, deadline) {
    this.#file = file;
    this.#name = name;
    this.#deadline = deadline;
  }

  ask(args) {
    this.#worker ??= this.#start();
    const id = (this.#n += 1);
    return new Promise((resolve, reject) => {
      const time = this.#isReady ? this.#deadline : BEGIN_MS + this.#deadline;
      const timer = setTimeout(() => this.#end(new Late()), time).unref();
      this.#asked.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ id, args });
      this.#hold();
    });
  }

  /** The worker keeps the process alive while somebody waits for it. */
  #hold() {
    if (this.#asked.size > 0) this.#worker?.ref();
    else this.#worker?.unref();
  }

  #start() {
    const worker = new Worker(__filename, { workerData: { [OURS]: true, file: this.#file, name: this.#name } });
    worker.on('message', ({ id, value, raised, isReady }) => {
      if (isReady) this.#isReady = true;
      const asked = this.#asked.get(id);
      if (asked === undefined) return;
      this.#asked.delete(id);
      this.#hold();
      clearTimeout(asked.timer);
      if (raised === undefined) asked.resolve(value);
      else asked.reject(new Elsewhere(raised));
    });
    const gone = (name) => {
      if (this.#worker === worker) this.#end(new Elsewhere(name));
    };
    worker.on('error', () => gone('WorkerError'));
    worker.on('exit', () => gone('WorkerExit'));
    worker.once('online', () => this.#hold());
    return worker;
  }

  /** The worker is given up, with all that was asked of it. */
  #end(why) {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(why);
    }
    this.#asked.clear();
    void worker?.terminate();
  }
}

/**
 * A candidate that a file exports, run on a worker thread: one that hangs or exits ends with its thread. Its arguments and
 * answers go the way of `postMessage`.
 */
function inWorker(file, name = 'default', { deadline = 250 } = {}) {
  const candidate = new Candidate(String(file), name, deadline);
  return (...args) => candidate.ask(args);
}

if (!isMainThread && workerData?.[OURS]) {
  const loaded = import(require('node:url').pathToFileURL(workerData.file).href).then(
    (found) => found[workerData.name] ?? found.default?.[workerData.name],
  );
  loaded.then(() => parentPort.postMessage({ isReady: true }), () => {});
  parentPort.on('message', async ({ id, args }) => {
    try {
      const candidate = await loaded;
      parentPort.postMessage({ id, value: await candidate(...args) });
    } catch (error) {
      parentPort.postMessage({ id, raised: error instanceof Error ? error.constructor.name : typeof error });
    }
  });
}

module.exports = { inWorker };
