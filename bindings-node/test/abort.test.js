'use strict';

// Calls that a signal ends: the promise is rejected with its reason, and what is done says the store.

const assert = require('node:assert/strict');
const net = require('node:net');
const path = require('node:path');
const { test } = require('node:test');
const { Buyers, Engine, Plan, SuppressionList, canonicalizeAddresses, validateMany } = require('leadwright');
const { NOW, TINY, file, folder, lead } = require('../support');

const SCHEMA = 'us/home-services@1';
const reason = new Error('the client went away');
const aborted = () => AbortSignal.abort(reason);

/** An engine whose decisions `count()` counts. */
function engineOf(t) {
  const engine = new Engine(Plan.load(file(t, 'plan.jsonc', TINY)));
  t.after(() => engine.close());
  return { engine, count: () => [...engine.replay()].length };
}

test('a signal that has aborted is heard before anything is done', async (t) => {
  const { engine, count } = engineOf(t);
  const list = path.join(folder(t), 'list');
  SuppressionList.of(['312-867-5309']).write(list, 'x');
  const buyers = new Buyers();
  const calls = {
    decide: (signal) => engine.decide(lead(1), { signal }),
    decideBatch: (signal) => engine.decideBatch([lead(1)], { signal }),
    prepareBatch: (signal) => engine.prepareBatch([lead(1)], { signal }),
    settleBatch: (signal) => engine.settleBatch([], { signal }),
    submit: (signal) => engine.submit(lead(1), buyers, { signal }),
    ping: (signal) => engine.ping(lead(1), buyers, { signal }),
    post: (signal) => engine.post(lead(1), buyers, { signal }),
    follow: (signal) => engine.subscribe('x').follow({ signal }).next(),
    validateMany: (signal) => validateMany([{}], { schema: SCHEMA, signal }),
    canonicalizeAddresses: (signal) => canonicalizeAddresses(['5 elm pl'], { signal }),
    open: (signal) => SuppressionList.open(list, { signal }),
  };
  for (const [name, call] of Object.entries(calls)) {
    await assert.rejects(call(aborted()), (error) => error === reason, name);
    await assert.rejects(call('soon'), { name: 'TypeError', message: '`signal` is an AbortSignal' }, name);
  }
  assert.equal(count(), 0);
  // How a delivery is told to end.
  assert.deepEqual((await engine.runDelivery({ signal: aborted() })).ended, {});
  await assert.rejects(engine.runDelivery({ signal: 'soon' }), /AbortSignal/);
});

test('a lead that waits is taken back, the others are decided', async (t) => {
  const { engine, count } = engineOf(t);
  const stop = new AbortController();
  const calls = [1, 2, 3].map((n) => engine.decide(lead(n), { now: NOW, ...(n === 2 && { signal: stop.signal }) }));
  await Promise.resolve();
  stop.abort(reason);
  const [first, second, third] = await Promise.allSettled(calls);
  assert.deepEqual([first.value.lead, second.reason, third.value.lead], ['L1', reason, 'L3']);
  assert.equal(count(), 2);
  // Nor does one that waits alone leave the queue standing.
  const alone = new AbortController();
  const call = engine.decide(lead(4), { now: NOW, signal: alone.signal });
  alone.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  assert.equal((await engine.decide(lead(5), { now: NOW })).lead, 'L5');
});

test('a decision that has begun is recorded; the same lead again gives it', async (t) => {
  const { engine } = engineOf(t);
  const stop = new AbortController();
  const call = engine.decide(lead(1), { now: NOW, signal: stop.signal });
  setImmediate(() => setImmediate(() => stop.abort(reason)));
  const [told] = await Promise.allSettled([call]);
  assert.ok(told.status === 'fulfilled' || told.reason === reason);
  assert.equal((await engine.decide(lead(1), { now: NOW })).replayed, true);
});

test('nothing listens to a signal any more when its call is over', async (t) => {
  const { engine } = engineOf(t);
  const { signal } = new AbortController();
  let listening = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args) => (listening++, add.apply(signal, args));
  signal.removeEventListener = (...args) => (listening--, remove.apply(signal, args));
  await engine.decide(lead(1), { signal });
  await engine.decideBatch([lead(2)], { signal });
  await engine.ping(lead(3), new Buyers(), { signal });
  await validateMany([{}, {}], { schema: SCHEMA, signal });
  await assert.rejects(engine.decideBatch([Symbol()], { signal }), TypeError);
  assert.equal(listening, 0);
});

test('whoever waits for a buyer that hangs need not', { timeout: 20_000 }, async (t) => {
  const asked = Promise.withResolvers?.() ?? withResolvers();
  const sockets = [];
  const hangs = net.createServer((socket) => (sockets.push(socket), asked.resolve())).listen(0, '127.0.0.1');
  t.after(() => (hangs.close(), sockets.forEach((socket) => socket.destroy())));
  await new Promise((resolve) => hangs.once('listening', resolve));
  const plan = JSON.parse(TINY);
  plan.buyers.acme.endpoints = { acme: { url: `http://127.0.0.1:${hangs.address().port}/` } };
  plan.buyers.acme.contracts['acme-il'].post = { to: 'acme', wait: '2s' };
  const engine = new Engine(Plan.load(file(t, 'plan.jsonc', JSON.stringify(plan))));
  t.after(() => engine.close());
  const stop = new AbortController();
  const call = engine.submit(lead(1), new Buyers({ allow: ['127.0.0.0/8', plan.buyers.acme.endpoints.acme.url.slice(0, -1)] }), { within: 3_000, signal: stop.signal });
  await asked.promise;
  const before = performance.now();
  stop.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  assert.ok(performance.now() - before < 1_000);
  // It was sold all the same: that could not be taken back.
  assert.equal([...engine.replay()].length, 1);
});

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
