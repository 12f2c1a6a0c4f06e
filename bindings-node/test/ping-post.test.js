'use strict';

// Buyers bid and take leads while the supplier waits, over real sockets.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { Buyers, Engine, Plan } = require('leadwright');

const LEAD = { id: 'L1', source: 'web', phone: '312-867-5309', zip: '60601' };

/** `/bids/ping` bids 50, `/low/ping` bids 30, `/hangs/ping` says nothing; `/refuses/post` refuses, all others take. */
async function market(t) {
  const seen = [];
  const server = http.createServer(async (request, response) => {
    for await (const _ of request);
    seen.push(request.url);
    const [, name, kind] = request.url.split('/');
    if (name === 'hangs') return;
    const said = kind === 'ping' ? { buy: true, price: name === 'low' ? '30.00' : '50.00' } : { ok: name !== 'refuses' };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(said));
  });
  await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  return { seen, url, buyers: new Buyers({ allow: ['127.0.0.0/8', url] }) };
}

function engineOf(t, { url }, names) {
  const bids = [{ if: { '/buy': true }, is: 'bid', price: '/price' }];
  const takes = [
    { if: { '/ok': true }, is: 'accepted' },
    { if: { '/ok': false }, is: 'rejected' },
  ];
  const buyer = (name) => {
    const contract = {
      in: { 'roofing/all': {} },
      sell: { exclusive: { bid: { min: '5.00', max: '90.00' } } },
      ping: { to: `${name}-ping`, send: ['zip'], wait: '400ms' },
      post: { to: `${name}-post`, wait: '400ms' },
    };
    const endpoints = {
      [`${name}-ping`]: { url: `${url}/${name}/ping`, answers: bids },
      [`${name}-post`]: { url: `${url}/${name}/post`, answers: takes },
    };
    return [name, { contracts: { [`${name}-1`]: contract }, endpoints }];
  };
  const plan = {
    format: 1,
    plan: 'tiny',
    currency: 'USD',
    timezone: 'America/Chicago',
    verticals: { roofing: { extends: 'us/home-services@1' } },
    sources: { web: { verticals: ['roofing'], payout: { percent_of_price: 50 } } },
    routes: { roofing: { groups: [{ id: 'all', select: 'price' }], on_unsold: { then: 'store' } } },
    buyers: Object.fromEntries(names.map(buyer)),
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

test('the best bid in time gets the lead, and the event loop goes on', async (t) => {
  const world = await market(t);
  const engine = engineOf(t, world, ['bids', 'hangs', 'low']);
  const told = await engine.submit(LEAD, world.buyers, { within: 5000 });
  assert.deepEqual([told.ended, told.sales[0].buyer, told.payout], ['sold', 'bids', '25.00']);
});

test('who refuses is followed by the next one', async (t) => {
  const world = await market(t);
  const engine = engineOf(t, world, ['low', 'refuses']);
  const told = await engine.submit(LEAD, world.buyers, { within: 5000 });
  assert.deepEqual([told.ended, told.sales[0].price], ['sold', '30.00']);
  assert.deepEqual(world.seen.filter((url) => url.endsWith('post')), ['/refuses/post', '/low/post']);
});

test('what was bid is what the supplier gets', async (t) => {
  const world = await market(t);
  const engine = engineOf(t, world, ['bids']);
  const pinged = await engine.ping({ source: 'web', zip: '60601' }, world.buyers);
  assert.equal(pinged.bid, '25.00');
  assert.deepEqual(await engine.ping({ source: 'web', zip: '60601' }, world.buyers), pinged);
  const told = await engine.post({ ...LEAD, ping_id: pinged.ping_id }, world.buyers);
  assert.deepEqual([told.ping, told.payout], ['honoured', '25.00']);
  assert.deepEqual(world.seen, ['/bids/ping', '/bids/post']);
});

test('what is wrong is said', async (t) => {
  const world = await market(t);
  const engine = engineOf(t, world, ['bids']);
  assert.throws(() => new Buyers({ allow: ['nonsense'] }), { code: 'input.bad_option' });
  await assert.rejects(engine.submit(LEAD, {}), TypeError);
  await assert.rejects(engine.submit(LEAD, world.buyers, { within: 0 }), RangeError);
  await assert.rejects(engine.submit(LEAD, world.buyers, { wihtin: 5 }), TypeError);
  const told = await engine.submit({ source: 'nobody' }, world.buyers);
  assert.equal(told.ended, 'rejected');
});
