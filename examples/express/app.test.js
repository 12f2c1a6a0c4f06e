// The example over HTTP.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { Engine, Plan } from 'leadwright';
import { service } from './app.js';

const printed = [];
const engine = new Engine(Plan.load(new URL('../home-services/plan.jsonc', import.meta.url)));
const server = service({ engine, log: (line) => printed.push(line) }).listen(0);
await once(server, 'listening');
after(() => Promise.all([server.close(), engine.close()]));

async function post(body, type = 'application/json', to = 'leads') {
  const { port } = server.address();
  const answer = await fetch(`http://localhost:${port}/${to}`, { method: 'POST', body, headers: { 'content-type': type } });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type'), text, json: () => JSON.parse(text) };
}

test('a good lead is taken', async () => {
  const answer = await post('{"phone": "(312) 867-5309", "zip": "60601"}');
  assert.equal(answer.status, 201);
  const { state, warnings } = answer.json();
  assert.deepEqual([state, warnings.map(({ code }) => code)], ['IL', ['address.no_street']]);
  assert.match(printed[0], /\+\*{9}09/);
  assert.ok(!printed[0].includes('8675309'));
});

test('a form is a lead, too', async () => {
  const answer = await post('Phone=%28312%29+867-5309&zip=60601&email=', 'application/x-www-form-urlencoded; charset=utf-8');
  assert.deepEqual([answer.status, answer.json().state], [201, 'IL']);
});

for (const [body, want] of [
  ['{"phone": "call me", "zip": "60601"}', ['phone.not_a_number']],
  ['{"phone": "312-867-5309"}', ['field.missing']],
  ['[]', ['json.not_an_object']],
  ['{', ['json.syntax']],
  ['', ['json.empty_line']],
]) {
  test(`answered 422 with its problems: ${want}`, async () => {
    const answer = await post(body);
    assert.deepEqual([answer.status, answer.type], [422, 'application/problem+json']);
    const rejected = answer.json().problems.filter(({ action }) => action === 'rejected');
    assert.deepEqual(rejected.map(({ code }) => code), want);
    assert.ok(!answer.text.includes('call me'));
  });
}

test('problems are told in own words', async () => {
  const { problems } = (await post('{"phone": "call me"}')).json();
  assert.deepEqual(problems.map(({ message }) => message), ['Please give a phone number.', 'Please fill in zip.']);
});

test('more than a lead is not read', async () => {
  assert.equal((await post('x'.repeat(65 * 1024))).status, 413);
});

test('a lead is sold once, from the source that the service knows', async () => {
  const lead = '{"id": "L1", "source": "mine", "vertical": "roofing", "phone": "312-867-5309", "zip": "60601"}';
  const first = await post(lead, undefined, 'sell');
  assert.deepEqual([first.status, first.json().id], [201, 'search-lp/L1.1']);
  assert.deepEqual([(await post(lead, undefined, 'sell')).status, [...engine.replay()].length], [200, 1]);
  assert.equal((await post('{"id": "L2"}', undefined, 'sell')).json().code, 'lead.invalid');
  await engine.close();
  const closed = await post(lead, undefined, 'sell');
  assert.deepEqual([closed.status, closed.json().code], [500, 'engine.closed']);
});
