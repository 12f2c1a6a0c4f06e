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
  signal?.throwIfAborted();
  const stop = new native.Stop();
  const onAbort = () => stop.set();
  signal?.addEventListener('abort', onAbort, { once: true });
  // One time holds for all of them.
  const at = now ?? Date.now();
  const decided = [];
  try {
    for await (const { text, first } of portions(leads, signal)) {
      const answers = await engine.decideBatch(text, first, at, seed, threads, stop);
      if (answers === null) throw signal.reason;
      for (const some of answers) decided.push(...split(some));
    }
    return decided;
  } catch (error) {
    throw translated(error);
  } finally {
    signal?.removeEventListener('abort', onAbort);
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

module.exports = { decideBatch, gathered };
