'use strict';

const { types } = require('node:util');
const native = require('./native');
const { translated } = require('./errors');
const { split } = require('./decision');
const values = require('./values');

/** So many leads of an iterable go to the native half at once: enough to keep it busy, few enough to hold. */
const PORTION = 4096;

/** Decides JSON Lines, or any iterable of leads, in their order. */
async function decideBatch(engine, leads, { now, seed, threads, signal }) {
  // One time holds for all of them.
  const at = now ?? Date.now();
  return stoppable(signal, async (stop, part) => {
    const decided = [];
    for await (const { text, first } of portions(leads, signal)) {
      for (const some of await part(engine.decideBatch(text, first, at, seed, threads, stop))) decided.push(...split(some));
    }
    return decided;
  });
}

/** The rows of JSON Lines, or of any iterable of leads, for an engine that settles elsewhere. */
async function prepareBatch(engine, leads, { now, seed, threads, signal }) {
  const at = now ?? Date.now();
  return stoppable(signal, async (stop, part) => {
    const rows = [];
    for await (const { text } of portions(leads, signal)) {
      for (const some of await part(engine.prepareBatch(text, at, seed, threads, stop))) rows.push(...parts(some));
    }
    return rows;
  });
}

/** Settles rows. All are gathered before the first is read, and all read before the first is settled. */
async function settleBatch(engine, rows, { line, signal }) {
  return stoppable(signal, async (stop, part) => {
    const all = [];
    for await (const some of gathered(rows, signal, 'rows are what prepareBatch gave', row)) all.push(...some);
    const answers = await part(engine.settleBatch(all, line, stop));
    return answers.flatMap((some) => [...split(some)]);
  });
}

/** Runs work of the native half that a signal ends; `part` awaits a call of it. */
async function stoppable(signal, work) {
  signal?.throwIfAborted();
  const stop = new native.Stop();
  const onAbort = () => stop.set();
  signal?.addEventListener('abort', onAbort, { once: true });
  const part = async (running) => {
    const answers = await running;
    if (answers === null) throw signal.reason;
    return answers;
  };
  try {
    return await work(stop, part);
  } catch (error) {
    throw translated(error);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function row(given) {
  if (!types.isUint8Array(given)) throw new TypeError('a row is a Buffer or a Uint8Array');
  return given;
}

/** Many byte strings in one piece, apart. */
function* parts({ bytes, ends }) {
  let start = 0;
  for (const end of ends) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** The leads as texts of many lines, each with the number of its first. */
async function* portions(leads, signal) {
  if (typeof leads === 'string') return yield { text: values.wellFormed(leads), first: 1 };
  if (types.isUint8Array(leads)) return yield { text: leads, first: 1 };
  let first = 1;
  for await (const lines of gathered(leads, signal, 'leads are JSON Lines, or an iterable of leads', values.line)) {
    yield { text: joined(lines), first };
    first += lines.length;
  }
}

/** What an iterable yields, each as `made` makes it, in portions. */
async function* gathered(iterable, signal, expected, made) {
  let portion = [];
  for await (const item of until(signal, iterable, expected)) {
    portion.push(made(item));
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

/** Lines with their ends: a blank one at the end is one, too. */
function joined(lines) {
  if (lines.every((line) => typeof line === 'string')) return `${lines.join('\n')}\n`;
  return Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.of(0x0a)]));
}

/** What an iterable yields until the signal, also while it lets us wait. */
async function* until(signal, iterable, expected) {
  const start = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
  if (typeof start !== 'function') throw new TypeError(expected);
  const iterator = start.call(iterable);
  let stopped = () => {};
  const abort = new Promise((_, reject) => (stopped = () => reject(signal.reason)));
  abort.catch(() => {});
  signal?.addEventListener('abort', stopped, { once: true });
  let ended = false;
  try {
    while (true) {
      signal?.throwIfAborted();
      const next = await Promise.race([iterator.next(), abort]);
      ended = next.done === true;
      if (ended) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', stopped);
    // Not awaited: an iterator that lets us wait may never hear of it.
    if (!ended) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

module.exports = { decideBatch, gathered, prepareBatch, settleBatch };
