'use strict';

// Calls of one turn of the event loop share a transaction.

const assert = require('node:assert/strict');
const path = require('node:path');
const { setImmediate: turn } = require('node:timers/promises');
const { test } = require('node:test');
const { Engine, Plan } = require('leadwright');
const native = require('../lib/native');
const { NOW, TINY, file, folder, lead } = require('../support');

/** How many leads each transaction of an engine gets. */
function watched(t) {
  const sizes = [];
  const { decideMany } = native.Engine.prototype;
  t.mock.method(native.Engine.prototype, 'decideMany', function (leads, ...rest) {
    sizes.push(leads.length);
    return decideMany.call(this, leads, ...rest);
  });
  return sizes;
}

const plan = (t) => Plan.load(file(t, 'plan.jsonc', TINY));

test('three hundred calls are two transactions, answered in their order', async (t) => {
  const sizes = watched(t);
  const engine = new Engine(plan(t), { store: path.join(folder(t), 'leads.db') });
  const decided = await Promise.all(Array.from({ length: 300 }, (_, n) => engine.decide(lead(n), { now: NOW })));
  assert.deepEqual(sizes, [256, 44]);
  assert.deepEqual(decided.map(({ lead, seq }) => [lead, seq]), decided.map((_, n) => [`L${n}`, n + 1]));
  const one = new Engine(plan(t));
  for (const [n, decision] of decided.entries()) {
    assert.equal(decision.json.compare(one.decideSync(lead(n), { now: NOW }).json), 0);
  }
  await engine.close();
});

test('callbacks of the same turn come together, too; those of later turns follow', async (t) => {
  const sizes = watched(t);
  const engine = new Engine(plan(t));
  const asked = [];
  for (let n = 0; n < 5; n++) setImmediate(() => asked.push(engine.decide(lead(n), { now: NOW })));
  await turn();
  await Promise.all(asked);
  await engine.decide(lead(5), { now: NOW });
  await Promise.all([6, 7].map((n) => engine.decide(lead(n), { now: NOW })));
  assert.deepEqual(sizes, [5, 1, 2]);
});

test('each call has its own time and seed', async (t) => {
  const engine = new Engine(plan(t));
  const calls = [[1, '2026-11-24T10:00:00Z', 1], [2, '2026-11-24T11:00:00Z', 2], [3, undefined, 0]];
  const decided = await Promise.all(calls.map(([n, now, seed]) => engine.decide(lead(n), { now, seed })));
  assert.deepEqual(decided.map(({ seed }) => seed), [1, 2, 0]);
  assert.deepEqual(decided.slice(0, 2).map(({ at }) => at), ['2026-11-24T10:00:00.000Z', '2026-11-24T11:00:00.000Z']);
});

test('a lead is what it was when it was given', async (t) => {
  const engine = new Engine(plan(t));
  const [object, bytes] = [lead(1), Buffer.from(JSON.stringify(lead(2)))];
  const asked = [engine.decide(object, { now: NOW }), engine.decide(bytes, { now: NOW })];
  object.zip = '75201';
  bytes.fill(0);
  for (const decision of await Promise.all(asked)) assert.equal(decision.outcome, 'assigned');
});

test('an error of the store is the error of all that shared the transaction, and of nobody later', async (t) => {
  const engine = new Engine(plan(t));
  const { decideMany } = native.Engine.prototype;
  const failed = new Error('{"code":"store.full","message":"the disk is full [store.full]","issues":[]}');
  const mocked = t.mock.method(native.Engine.prototype, 'decideMany', () => Promise.reject(failed));
  const told = await Promise.allSettled([1, 2].map((n) => engine.decide(lead(n), { now: NOW })));
  for (const { reason } of told) assert.deepEqual([reason.name, reason.code], ['StoreError', 'store.full']);
  mocked.mock.restore();
  assert.equal(native.Engine.prototype.decideMany, decideMany);
  assert.equal((await engine.decide(lead(1), { now: NOW })).outcome, 'assigned');
});
