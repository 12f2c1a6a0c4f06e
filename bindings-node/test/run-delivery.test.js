'use strict';

// The outbox is worked off by one call, over real sockets.

const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { Engine, Plan, verifyWebhook } = require('leadwright');

/** `/takes` accepts, `/refuses` rejects, `/fails` answers 500 once for each key, `/hangs` says nothing. */
async function buyers(t) {
  const seen = [];
  const server = http.createServer(async (request, response) => {
    for await (const _ of request);
    const key = request.headers['idempotency-key'];
    const again = seen.some((other) => other.key === key);
    seen.push({ path: request.url, key, auth: request.headers.authorization });
    if (request.url === '/hangs') return;
    const fails = request.url === '/fails' && !again;
    const said = request.url === '/refuses' ? { status: 'rejected', reason: 'cap' } : { status: 'accepted', price: '39.50' };
    response.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(fails ? {} : said));
  });
  await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  return { seen, url, given: { allow: ['127.0.0.0/8', url], secrets: { token: 't0ken' } } };
}

/** Buyers by name: the state that each buys from; the first of a state is asked first. */
function engineOf(t, { url }, states) {
  const answers = [
    { if: { '/status': 'accepted' }, is: 'accepted', price: '/price' },
    { if: { '/status': 'rejected' }, is: 'rejected', reason: '/reason' },
  ];
  const buyer = ([name, state], n) => {
    const sell = { exclusive: { price: `${90 - n}.00` } };
    const contract = { in: { 'roofing/all': {} }, where: { state }, sell, post: { to: name, wait: '300ms' } };
    const endpoint = { url: `${url}/${name}`, auth: { bearer: 'secret://token' }, answers };
    return [name, { contracts: { [`${name}-1`]: contract }, endpoints: { [name]: endpoint } }];
  };
  const plan = {
    format: 1,
    plan: 'tiny',
    currency: 'USD',
    timezone: 'America/Chicago',
    verticals: { roofing: { extends: 'us/home-services@1' } },
    sources: { web: { verticals: ['roofing'] } },
    routes: { roofing: { groups: [{ id: 'all', select: 'price' }], on_unsold: { then: 'store' } } },
    buyers: Object.fromEntries(Object.entries(states).map(buyer)),
  };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leadwright-'));
  fs.writeFileSync(path.join(folder, 'plan.jsonc'), JSON.stringify(plan));
  const engine = new Engine(Plan.load(path.join(folder, 'plan.jsonc')), { store: path.join(folder, 'leads.db') });
  t.after(() => {
    engine.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return engine;
}

function sell(engine, count, zip = '60601') {
  for (let n = 0; n < count; n++) {
    const lead = { id: `L${zip}-${n}`, source: 'web', phone: `312-867-53${n}0`, zip };
    assert.equal(engine.decideSync(lead).outcome, 'assigned');
  }
}

test('what is due is delivered, and the event loop goes on', async (t) => {
  const world = await buyers(t);
  const engine = engineOf(t, world, { refuses: 'IL', takes: 'IL' });
  sell(engine, 5);
  const done = await engine.runDelivery({ workers: 4, untilEmpty: true, ...world.given });
  assert.deepEqual(done.ended, { accepted: 5, rejected: 5 });
  assert.deepEqual([done.fell, done.unreported], [5, 0]);
  assert.deepEqual(new Set(world.seen.map(({ auth }) => auth)), new Set(['Bearer t0ken']));
  assert.deepEqual(engine.outbox(), []);
});

test('a failure is survived, and what nobody knows is kept', async (t) => {
  const world = await buyers(t);
  const engine = engineOf(t, world, { fails: 'IL', hangs: 'TX', takes: 'TX' });
  sell(engine, 1);
  sell(engine, 1, '75201');
  const stop = new AbortController();
  const running = engine.runDelivery({ signal: stop.signal, ...world.given });
  const until = Date.now() + 20_000;
  while (engine.outbox().map(({ state }) => state).join() !== 'unknown' && Date.now() < until) await sleep(50);
  stop.abort();
  const done = await running;
  assert.deepEqual(done.ended, { accepted: 1, unavailable: 1, unknown: 1 });
  assert.equal(new Set(world.seen.filter((one) => one.path === '/fails').map(({ key }) => key)).size, 1);
  assert.ok(!world.seen.some((one) => one.path === '/takes'), 'an exclusive lead of which nobody knows is nobody else’s');
});

test('what is wrong is said before anything is sent', async (t) => {
  const world = await buyers(t);
  const engine = engineOf(t, world, { takes: 'IL' });
  sell(engine, 1);
  await assert.rejects(engine.runDelivery({ untilEmpty: true, allow: world.given.allow }), { code: 'input.bad_option' });
  await assert.rejects(engine.runDelivery({ ...world.given, allow: ['nonsense'] }), { code: 'input.bad_option' });
  await assert.rejects(engine.runDelivery({ workers: 0 }), TypeError);
  assert.deepEqual(world.seen, []);
  const aborted = await engine.runDelivery({ ...world.given, signal: AbortSignal.abort() });
  assert.deepEqual(aborted.ended, {});
});

test('a host sends with its own client', async (t) => {
  const world = await buyers(t);
  const engine = engineOf(t, world, { takes: 'IL' });
  sell(engine, 2);
  const [first, second] = engine.claim('w1', { posts: true });
  const request = engine.requestOf(first, { secrets: { token: 't0ken' } });
  const answer = await fetch(request.url, { method: request.method, headers: request.headers, body: request.body });
  const body = await answer.text();
  const outcome = engine.outcomeOf(first, { status: answer.status, headers: answer.headers, body, tookMs: 12 });
  assert.deepEqual([outcome.class, outcome.price, outcome.took_ms], ['accepted', '39.50', 12]);
  assert.equal(engine.delivered(first.id, outcome).state, 'done');
  const busy = engine.outcomeOf(second, { status: 429, headers: { 'Retry-After': '30' } });
  assert.deepEqual([busy.class, busy.retry_after], ['rate_limited', 30]);
  assert.deepEqual(engine.requestOf(second), { class: 'not_sent', says: '`takes`: there is no secret `token`' });
});

test('a callback is verified', () => {
  const [id, stamp, body] = ['k1', Math.floor(Date.now() / 1000), '{}'];
  const secret = 'whsec_c2VjcmV0IGtleQ==';
  const key = Buffer.from('c2VjcmV0IGtleQ==', 'base64');
  const signature = `v1,${createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest('base64')}`;
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(stamp), 'webhook-signature': signature };
  assert.equal(verifyWebhook(secret, headers, body), 'k1');
  assert.equal(verifyWebhook([secret], headers, '[]'), null);
});
