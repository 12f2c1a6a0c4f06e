'use strict';

// Many leads at once.

const assert = require('node:assert/strict');
const path = require('node:path');
const { Readable } = require('node:stream');
const { test } = require('node:test');
const { Decision, Engine, LineError, Plan } = require('leadwright');
const { NOW, TINY, file, folder, lead } = require('../support');

const plan = (t) => Plan.load(file(t, 'plan.jsonc', TINY));
const leads = Array.from({ length: 600 }, (_, n) => lead(n));
const many = Array.from({ length: 12_000 }, (_, n) => JSON.stringify(lead(n, { x_number: n }))).join('\n');
const text = leads.map((each) => JSON.stringify(each)).join('\n');
const bytes = (answers) => answers.map((answer) => answer.json.toString());

async function* slowly(items) {
  for (const item of items) yield item;
}

test('a batch is its leads one by one, however they are given and in however many threads', async (t) => {
  const one = new Engine(plan(t));
  const alone = bytes(leads.map((each) => one.decideSync(each, { now: NOW })));
  const ways = [text, `${text}\n`, Buffer.from(text), new TextEncoder().encode(text), leads, new Set(leads),
    slowly(leads), Readable.from(leads), leads.map((each) => JSON.stringify(each, null, 2)),
    leads.map((each, n) => (n % 2 === 0 ? each : Buffer.from(JSON.stringify(each, null, 2)))),
    new Map(leads.map((each) => [each.id, each])).values()];
  for (const [n, way] of ways.entries()) {
    const answers = await new Engine(plan(t)).decideBatch(way, { now: NOW, threads: 1 + (n % 3) });
    assert.deepEqual(bytes(answers), alone, `way ${n}`);
  }
});

test('every line is answered, also those that are no lead', async (t) => {
  const engine = new Engine(plan(t), { store: path.join(folder(t), 'leads.db') });
  const lines = ['', '[1]', 'x'.repeat(2 << 20), JSON.stringify(leads[0])];
  const [blank, none, long, good] = await engine.decideBatch(lines.join('\n'));
  assert.ok(blank instanceof LineError && long instanceof LineError && none instanceof Decision);
  assert.deepEqual([blank.line, blank.problems[0].code], [1, 'json.empty_line']);
  assert.deepEqual([none.outcome, none.problems[0].code], ['rejected', 'json.not_an_object']);
  assert.deepEqual([long.line, long.problems[0].code], [3, 'input.line_too_long']);
  assert.deepEqual([good.outcome, good.durability], ['assigned', 'full']);
  assert.equal(String(JSON.stringify(long)), long.json.toString());
  await engine.close();
});

test('lines of an iterable are counted through', async (t) => {
  const many = Array.from({ length: 9000 }, (_, n) => (n % 4500 === 4400 ? '' : '{}'));
  const answers = await new Engine(plan(t)).decideBatch(many, { now: NOW });
  assert.equal(answers.length, 9000);
  assert.deepEqual(answers.filter((each) => each instanceof LineError).map(({ line }) => line), [4401, 8901]);
});

test('nothing is no lead', async (t) => {
  const engine = new Engine(plan(t));
  for (const none of ['', Buffer.alloc(0), [], slowly([])]) assert.deepEqual(await engine.decideBatch(none), []);
  for (const odd of [undefined, null, 7, {}, Promise.resolve([])]) {
    await assert.rejects(engine.decideBatch(odd), { name: 'TypeError', message: /iterable of leads/ });
  }
  await assert.rejects(engine.decideBatch([leads[0], 7]), { name: 'TypeError', message: /a lead is an object/ });
});

test('one time holds for a batch', async (t) => {
  const answers = await new Engine(plan(t)).decideBatch(leads);
  assert.equal(new Set(answers.map(({ at }) => at)).size, 1);
  const before = new Date(Date.now() - 60_000).toISOString();
  assert.ok(answers[0].at > before);
});

test('the event loop goes on meanwhile', async (t) => {
  const engine = new Engine(plan(t));
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await engine.decideBatch(many.slice(0, many.length / 4), { now: NOW });
  clearInterval(timer);
  assert.ok(turns > 3, `${turns} turns`);
});

test('a signal ends a batch after a transaction; what was committed stays', async (t) => {
  const engine = new Engine(plan(t), { store: path.join(folder(t), 'leads.db'), relaxed: true });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 30);
  await assert.rejects(engine.decideBatch(many, { now: NOW, signal: stop.signal }), { name: 'AbortError' });
  const done = [...engine.replay()].length;
  assert.ok(done > 0 && done < 12_000 && done % 256 === 0, `${done} decided`);
  const again = await engine.decideBatch(many, { now: NOW });
  assert.deepEqual(again.map(({ replayed }) => replayed), again.map((_, n) => n < done));
  await engine.close();
});

test('a signal is heard before, while waiting for leads, and with its reason', async (t) => {
  const engine = new Engine(plan(t));
  const reason = new Error('enough');
  await assert.rejects(engine.decideBatch(leads, { signal: AbortSignal.abort(reason) }), reason);
  let returned = false;
  const endless = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: () => ((returned = true), {}) }),
  };
  const stop = new AbortController();
  const waiting = engine.decideBatch(endless, { signal: stop.signal });
  setTimeout(() => stop.abort(reason), 20);
  await assert.rejects(waiting, reason);
  assert.ok(returned);
  assert.deepEqual([...engine.replay()], []);
  const { signal } = new AbortController();
  assert.equal((await engine.decideBatch(leads, { signal })).length, 600);
});

test('an error of the leads is the error of the batch', async (t) => {
  async function* broken() {
    yield leads[0];
    throw new RangeError('the source broke');
  }
  await assert.rejects(new Engine(plan(t)).decideBatch(broken()), { name: 'RangeError', message: 'the source broke' });
});
