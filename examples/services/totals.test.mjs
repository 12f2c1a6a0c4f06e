// What the report counts, over the golden events that the engine is held to; and that they are what the contract says.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { Totals } from './totals.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const names = readdirSync(new URL('events', import.meta.url)).map((name) => name.replace(/\.json$/, ''));
const { components } = read('asyncapi.json');
const ajv = new Ajv({ strict: false, formats: { 'date-time': true }, schemas: [{ $id: 'asyncapi', components }] });

/** Whether an event is what the contract says of a message. */
function fits(message, event) {
  const { $ref } = components.messages[message].payload;
  return ajv.validate({ $ref: `asyncapi${$ref}` }, event);
}

for (const name of names) {
  test(`golden: ${name}`, () => {
    const event = read(`events/${name}.json`);
    assert.ok(fits(name, event), ajv.errorsText());
    // A check that takes everything would say nothing.
    const { [name === 'lead.received' ? 'source' : 'type']: _, ...without } = event;
    assert.ok(!fits(name, without));
  });
}

test('each is counted once, in whatever pieces and however often it comes', () => {
  const log = names.filter((name) => name.endsWith('.v1')).map((name) => read(`events/${name}.json`));
  log.sort((one, other) => (one.sequence < other.sequence ? -1 : 1));
  const once = new Totals();
  for (const event of log) once.add(event);
  const often = new Totals();
  for (let end = 1; end <= log.length; end += 1) for (const event of log.slice(0, end)) often.add(event);
  assert.deepEqual(JSON.parse(JSON.stringify(often)), JSON.parse(JSON.stringify(once)));
  const told = once.toJSON();
  assert.equal(told.outcomes.assigned, 1);
  // The golden log has the first event of each type: one sale, which was delivered, and one of another lead that fell.
  const sold = Object.values(told.buyers).map(({ sold, delivered, revenue }) => [sold, delivered, revenue]);
  assert.deepEqual(sold.sort(), [[-1, 0, '-40.00'], [1, 1, '40.00']].sort());
});

test('money is no float', () => {
  const totals = new Totals();
  const sale = (sequence, price) => ({ type: 'lead.assigned.v1', sequence, data: { buyer: 'acme', price } });
  for (let n = 0; n < 1_000; n += 1) totals.add(sale(String(n).padStart(20, '0'), '0.10'));
  totals.add(sale('1'.padStart(20, '1'), '9007199254740993.0001'));
  assert.equal(totals.toJSON().buyers.acme.revenue, '9007199254741093.0001');
});
