// What suppliers may rely on, over HTTP: as ../tests/test_gateway.py has it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { service } from './gateway.js';

const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
const beside = (name) => new URL(`../${name}`, import.meta.url).pathname;
const KEY = { authorization: 'Bearer web-key-of-the-example' };
const LEAD = { id: 'L1', name: 'ann lee', phone: '(773) 867-0101', zip: '60606', homeowner: 'yes' };
const open = [];
after(() => {
  for (const { server, engine } of open) {
    server.close();
    engine.close();
  }
  rmSync(folder, { recursive: true });
});

let now = 0;
async function made(store, { plan = beside('plan.jsonc'), allow } = {}) {
  const printed = [];
  const { app, engine } = service({
    plan,
    allow,
    store: join(folder, store),
    sources: beside('sources.json'),
    log: (line) => printed.push(line),
    clock: () => now,
  });
  const server = app.listen(0);
  await once(server, 'listening');
  open.push({ server, engine });
  const url = `http://localhost:${server.address().port}`;
  const post = async (body, headers = KEY, path = '/leads') => {
    const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: bytes, headers });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) };
  };
  return { engine, url, post, printed };
}

test('a lead is taken under the source of its key', async () => {
  const { post } = await made('source.db');
  const answer = await post(`{"id": "L1", "phone": "(773) 867-0101", "zip": "60606", "Source": "affil", "source": "affil"}`);
  assert.equal(answer.status, 201);
  assert.deepEqual([answer.json().decision, answer.json().outcome], ['web/L1.1', 'assigned']);
});

test('who is not known is turned away', async () => {
  const { post, printed } = await made('keys.db');
  for (const headers of [{}, { authorization: 'Bearer nobody' }, { authorization: 'Basic web-key-of-the-example' }]) {
    const answer = await post(LEAD, headers);
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  }
  assert.deepEqual(printed, []);
});

test('the same request again gets the answer of then, also after a restart; another one is a conflict', async () => {
  const headers = { ...KEY, 'idempotency-key': 'k1' };
  const before = await made('again.db');
  const first = await before.post(LEAD, headers);
  const again = await before.post(LEAD, headers);
  before.engine.close();
  const { post } = await made('again.db');
  const later = await post(LEAD, headers);
  assert.deepEqual([first.text, first.text], [again.text, later.text]);
  const replayed = [first, again, later].map((answer) => answer.headers.get('idempotent-replayed'));
  assert.deepEqual(replayed, [null, 'true', 'true']);
  const other = await post({ ...LEAD, name: 'Bo Diaz' }, headers);
  assert.equal(other.status, 409);
  assert.equal(other.json().problems[0].code, 'lead.idempotency_key_reused');
});

for (const [body, code] of [
  ['', 'json.empty_line'],
  ['[]', 'json.not_an_object'],
  ['{', 'json.syntax'],
  ['{"phone": "call me at home"}', 'phone.not_a_number'],
  [Buffer.from('{"phone": "\xff"}', 'latin1'), 'phone.not_a_number'],
]) {
  test(`no lead: ${code}`, async () => {
    const { post } = await made('bad.db');
    const answer = await post(body);
    assert.equal(answer.status, 422);
    assert.ok(answer.json().problems.some((problem) => problem.code === code), answer.text);
    assert.ok(!answer.text.includes('call me'));
  });
}

test('more than a lead is not read', async () => {
  const { post } = await made('long.db');
  assert.equal((await post('x'.repeat(65_537))).status, 413);
});

test('who sends too many is told when to come again', async () => {
  const { post } = await made('rate.db');
  const affil = { authorization: 'Bearer affil-key-of-the-example' };
  for (let n = 0; n < 10; n += 1) assert.equal((await post(LEAD, affil)).status, 201);
  const late = await post(LEAD, affil);
  assert.deepEqual([late.status, late.headers.get('retry-after')], [429, '1']);
  now += 1;
  assert.equal((await post(LEAD, affil)).status, 201);
});

/** Buyers that bid, and take what they get; the plan that has them here. */
async function bidders() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const bid = request.url.endsWith('/ping') ? { status: 'bid', price: '60.00' } : { status: 'accepted' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(bid));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ server, engine: { close() {} } });
  const place = `http://127.0.0.1:${server.address().port}`;
  const plan = join(folder, 'plan.jsonc');
  writeFileSync(plan, readFileSync(beside('plan.jsonc'), 'utf8').replaceAll('http://127.0.0.1:8799', place));
  return { plan, allow: ['127.0.0.0/8', place] };
}

test('a lead is pinged and posted', async () => {
  const { post } = await made('posted.db', await bidders());
  const affil = { authorization: 'Bearer affil-key-of-the-example' };
  const bid = (await post({ zip: '60606' }, affil, '/ping')).json();
  assert.equal(bid.bid, '30.00');
  const posted = (await post({ ...LEAD, ping_id: bid.ping_id }, affil, '/post')).json();
  assert.deepEqual([posted.ended, posted.ping, posted.payout], ['sold', 'honoured', '30.00']);
  assert.ok(!('sales' in posted), "who bought it is not the supplier's business");
  assert.equal((await post(LEAD, {}, '/ping')).status, 401);
});

test('what is there is told, and what is not', async () => {
  const { url } = await made('there.db');
  const document = await (await fetch(`${url}/openapi.json`)).json();
  for (const path of ['/leads', '/ping', '/post']) {
    assert.ok('post' in document.paths[path], path);
    assert.equal((await fetch(`${url}${path}`)).status, 405, path);
  }
});

test('whether it is ready goes by the store', async () => {
  const { url, engine, post } = await made('ready.db');
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  engine.close();
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  assert.equal((await post(LEAD)).json().code, 'engine.closed');
  assert.equal((await fetch(`${url}/none`)).status, 404);
});

test('a mistake of ours says nothing of the lead', async () => {
  const { engine, post, printed } = await made('mistake.db');
  engine.decide = () => {
    throw new TypeError('773 867 0101');
  };
  const answer = await post(LEAD);
  assert.deepEqual([answer.status, answer.json()], [500, { title: 'a mistake of ours', status: 500 }]);
  assert.match(printed[0], /^TypeError at /);
  assert.ok(!printed[0].includes('867'));
});
