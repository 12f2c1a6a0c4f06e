'use strict';

// Leads that one engine prepares and another one settles: the same bytes as from one alone.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Engine, InputError, LineError, Plan } = require('leadwright');
const { NOW, REPOSITORY, TINY, exampleLeads, file, folder, lead, lines } = require('../support');

const PLAN = path.join(REPOSITORY, 'examples/home-services/plan.jsonc');
const bytes = (answers) => answers.map(({ json }) => json.toString());
const plan = (t) => Plan.load(file(t, 'plan.jsonc', TINY));

async function* slowly(items) {
  for (const item of items) yield item;
}

test('the example is prepared here and settled there', async (t) => {
  const of = Plan.load(PLAN);
  const all = [...lines(exampleLeads()).slice(0, 1500), Buffer.alloc(0), Buffer.from('[]')];
  const tick = { now: NOW, seed: 7 };
  const alone = bytes(await new Engine(of).decideBatch(all, tick));
  const worker = new Engine(Plan.fromBundle(of.bundle()));
  // The second half first: where a lead stands is the affair of whoever settles.
  const second = await worker.prepareBatch(slowly(all.slice(700)), { ...tick, threads: 2 });
  const first = await worker.prepareBatch(Buffer.concat(all.slice(0, 700).flatMap((line) => [line, Buffer.from('\n')])), tick);
  const engine = new Engine(of, { store: path.join(folder(t), 'leads.db') });
  const settled = bytes(await engine.settleBatch(first));
  settled.push(...bytes(await engine.settleBatch(slowly(second), { line: 701 })));
  assert.deepEqual(settled, alone);
  assert.ok([...engine.replay()].every(({ same }) => same));
  await engine.close();
});

test('all rows are read before the first is settled', async (t) => {
  const engine = new Engine(plan(t));
  const rows = await engine.prepareBatch([lead(1), lead(2)], { now: NOW });
  const torn = [rows[0], rows[1].subarray(0, -1)];
  await assert.rejects(engine.settleBatch(torn, { line: 41 }), (error) =>
    error instanceof InputError && error.code === 'prepared.damaged' && error.message.includes('line 42'));
  assert.deepEqual((await engine.settleBatch(rows)).map(({ replayed }) => replayed), [false, false]);
  assert.deepEqual((await engine.settleBatch(rows)).map(({ replayed }) => replayed), [true, true]);
});

test('what is no row or no number of a line', async (t) => {
  const engine = new Engine(plan(t));
  for (const none of ['', [], slowly([])]) {
    assert.deepEqual([await engine.prepareBatch(none), await engine.settleBatch(none)], [[], []]);
  }
  for (const odd of ['row', [7], Buffer.from('row'), [null]]) {
    await assert.rejects(engine.settleBatch(odd), { name: 'TypeError', message: /a row is/ });
  }
  for (const odd of [undefined, 7, {}]) await assert.rejects(engine.settleBatch(odd), { name: 'TypeError', message: /rows are/ });
  for (const line of [0, 1.5, '1', 2 ** 32]) await assert.rejects(engine.settleBatch([], { line }), { name: 'TypeError' });
  await assert.rejects(engine.prepareBatch([], { threads: 0 }), /threads/);
  const [blank] = await engine.settleBatch(await engine.prepareBatch('\n'), { line: 9 });
  assert.ok(blank instanceof LineError && blank.line === 9);
});

test('a signal ends both', async (t) => {
  const engine = new Engine(plan(t));
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(engine.prepareBatch([lead(1)], { signal }), /enough/);
  await assert.rejects(engine.settleBatch([], { signal }), /enough/);
  const many = Array.from({ length: 2000 }, (_, n) => lead(1, { id: `L${n}`, comments: `${n}` }));
  const rows = await engine.prepareBatch(many, { now: NOW });
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  await assert.rejects(engine.settleBatch(rows, { signal: stop.signal }), { name: 'AbortError' });
  const again = await engine.settleBatch(rows);
  assert.equal(again.length, 2000);
  assert.ok(again.some(({ replayed }) => !replayed), 'it was ended before its end');
});
