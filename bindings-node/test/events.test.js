'use strict';

// Reading the events: loops that wait, cursors, and what comes again.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Engine, EngineError, EventsError, InputError, Plan } = require('leadwright');
const { NOW, TINY, file, lead } = require('../support');

/** An engine with two leads sold: six events. */
function sold(t) {
  const plan = file(t, 'plan.jsonc', TINY);
  const engine = new Engine(Plan.load(plan), { store: `${plan}.db` });
  decide(engine, 1, 2);
  t.after(() => engine.close());
  return engine;
}

// With an address, so that there are no problems to tell of.
const whole = (number) => lead(number, { street: '350 W Oak St', zip: '60610' });
const decide = (engine, ...numbers) => numbers.forEach((number) => engine.decideSync(whole(number), { now: NOW }));
const positions = (events) => events.map(({ position }) => position);
const cursor = (engine) => engine.subscribers()[0].position;

test('a page and what it says', async (t) => {
  const engine = sold(t);
  const [plan, decision, sale, ...rest] = await engine.subscribe('crm').poll();
  assert.deepEqual([plan.type, plan.data.plan, plan.position], ['plan.activated.v1', engine.planHash, 1]);
  assert.deepEqual([decision.type, decision.subject, decision.time], ['lead.decided.v1', 'web/L1.1', '2026-11-24T23:05:00.000Z']);
  assert.equal(decision.data.assignments[0].price, '40.00');
  assert.deepEqual(JSON.parse(decision.json), decision.toJSON());
  assert.equal(sale.data.key, decision.data.assignments[0].key);
  const all = [plan, decision, sale, ...rest];
  assert.equal(new Set(all.map(({ id }) => id)).size, 6);
  const again = await engine.subscribe('other').poll();
  assert.deepEqual(again.map(({ json }) => json.toString()), all.map(({ json }) => json.toString()));
});

test('what is not acknowledged comes again', async (t) => {
  const engine = sold(t);
  const crm = engine.subscribe('crm');
  assert.equal(crm.name, 'crm');
  const page = await crm.poll(4);
  assert.deepEqual(positions(page), [1, 2, 3, 4]);
  await crm.ack(page[1]);
  const again = engine.subscribe('crm');
  await assert.rejects(crm.ack(page[3]), (error) => error instanceof EventsError && error.code === 'events.fenced');
  assert.deepEqual(positions(await again.poll(2)), [3, 4]);
  await again.ack(4);
  const told = { name: 'crm', types: [], position: 4, behind: 2, updated_at: '2026-11-24T23:05:00.000Z' };
  assert.deepEqual(engine.subscribers(), [told]);
  await again.seek(2);
  assert.deepEqual(positions(await again.poll()), [2, 3, 4, 5, 6]);
  assert.deepEqual([engine.unsubscribe('crm'), engine.unsubscribe('crm')], [true, false]);
});

test('types and where to begin', async (t) => {
  const engine = sold(t);
  const read = (name, options) => engine.subscribe(name, options).poll();
  assert.deepEqual(positions(await read('sales', { types: new Set(['lead.assigned.v1']) })), [3, 5]);
  assert.deepEqual(positions(await read('full', { types: 'cap.exhausted.v1' })), [6]);
  assert.deepEqual(await read('late', { start: 'now' }), []);
  assert.deepEqual(positions(await read('from', { start: 5 })), [5, 6]);
  for (const wrong of [{ types: ['lead.sold.v1'] }, { start: 'later' }, { start: -1 }]) {
    assert.throws(() => engine.subscribe('wrong', wrong), InputError);
  }
  assert.throws(() => engine.subscribe('wrong', { kinds: [] }), TypeError);
  assert.ok(!engine.subscribers().some(({ name }) => name === 'wrong'));
});

test('an event is acknowledged when the next one is asked for', async (t) => {
  const engine = sold(t);
  const crm = engine.subscribe('crm');
  for await (const event of crm) {
    assert.equal(cursor(engine), event.position - 1);
    if (event.position === 3) break;
  }
  assert.equal(cursor(engine), 2);
  // The loop was left on it: it comes again, here and to whoever reads on.
  assert.equal((await crm.follow().next()).value.position, 3);
  assert.deepEqual(positions(await crm.poll(2)), [3, 4]);
  assert.deepEqual(positions(await crm.poll()), [5, 6]);
  const seen = [];
  for await (const event of engine.subscribe('crm').follow({ timeout: 0 })) seen.push(event);
  assert.deepEqual([positions(seen), cursor(engine)], [[3, 4, 5, 6], 6]);
});

test('a loop waits for what comes, and others go on meanwhile', async (t) => {
  const engine = sold(t);
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 10);
  setTimeout(() => decide(engine, 3), 200);
  const seen = [];
  for await (const { type } of engine.subscribe('crm', { start: 'now' }).follow({ timeout: 1000 })) seen.push(type);
  clearInterval(ticking);
  assert.deepEqual(seen, ['lead.decided.v1']);
  assert.ok(ticks > 10, `${ticks} ticks`);
});

test('a signal ends a loop with its reason', async (t) => {
  const engine = sold(t);
  const reason = new Error('enough');
  for (const start of ['now', 'start']) {
    const controller = new AbortController();
    const seen = [];
    await assert.rejects(async () => {
      if (start === 'now') setTimeout(() => controller.abort(reason), 150);
      for await (const event of engine.subscribe(start, { start }).follow({ signal: controller.signal })) {
        seen.push(event.position);
        if (event.position === 4) controller.abort(reason);
      }
    }, reason);
    assert.deepEqual(seen, start === 'now' ? [] : [1, 2, 3, 4]);
  }
  await assert.rejects(engine.subscribe('crm').follow({ signal: AbortSignal.abort(reason) }).next(), reason);
});

test('a closed engine hands out nothing', async (t) => {
  const engine = sold(t);
  const crm = engine.subscribe('crm');
  await engine.close();
  for (const work of [() => crm.poll(), () => crm.ack(1), () => crm.seek('now')]) {
    await assert.rejects(work, (error) => error instanceof EngineError && error.code === 'engine.closed');
  }
  assert.throws(() => engine.subscribers(), EngineError);
});
