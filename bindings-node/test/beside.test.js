'use strict';

// A system beside us that sells too.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Engine, Plan } = require('leadwright');
const { NOW, REPOSITORY, folder } = require('../support');

const open = (t) =>
  new Engine(Plan.load(path.join(REPOSITORY, 'vectors/decide/operate.jsonc')), { store: path.join(folder(t), 'leads.db') });
const lead = (n) => ({ id: `L${n}`, source: 'web', phone: `312-867-530${n}`, zip: '60601' });

test('what another system sold counts', (t) => {
  const engine = open(t);
  const sold = { outcome: 'assigned', sales: [{ contract: 'acme-il' }], at: new Date('2026-11-24T15:00:00Z'), compare: true };
  const { told, ours } = engine.observe(lead(1), sold, { now: NOW });
  const { observed, at } = told.toJSON();
  assert.deepEqual([told.outcome, observed, at], ['assigned', true, '2026-11-24T15:00:00.000Z']);
  assert.deepEqual([ours.assignments[0].contract, ours.durability], ['acme-il', 'none']);
  const again = engine.observe(lead(1), sold, { now: NOW });
  assert.deepEqual([again.told.replayed, again.ours], [true, null]);
  assert.equal(engine.decideSync(lead(2), { now: NOW }).assignments[0].contract, 'best-any', 'its cap is used up');
  assert.throws(() => engine.observe(lead(2), { outcome: 'unsold' }, { now: NOW }), { code: 'operation.conflict' });
  assert.throws(() => engine.observe(lead(3), { outcome: 'sold' }, { now: NOW }), { code: 'operation.malformed' });
});

test('room is reserved, confirmed and released', (t) => {
  const engine = open(t);
  const held = engine.reserveExternal('acme-il', 'old-1', { source: 'web', hold: '5m', now: NOW });
  assert.deepEqual([held.state, held.buyer, held.until], ['held', 'acme', new Date(Date.parse(NOW) + 300_000).toISOString()]);
  const refused = engine.reserveExternal('acme-il', 'old-2', { now: NOW });
  assert.deepEqual([refused.state, refused.why.check], [undefined, 'caps.contract.day']);
  assert.equal(engine.releaseExternal('old-1', { now: NOW }).state, 'released');
  assert.equal(engine.releaseExternal('none', { now: NOW }), null);
  assert.equal(engine.reserveExternal('acme-il', 'old-2', { now: NOW }).state, 'held');
  assert.equal(engine.confirmExternal('old-2', { now: NOW }).state, 'confirmed');
  assert.throws(() => engine.releaseExternal('old-2', { now: NOW }), { code: 'operation.conflict' });
});

test('a key is for a file', (t) => {
  const plan = Plan.load(path.join(REPOSITORY, 'vectors/decide/operate.jsonc'));
  assert.throws(() => new Engine(plan, { keys: { k1: new Uint8Array(32) } }), /there is no `store`/);
  assert.throws(() => new Engine(plan, { store: path.join(folder(t), 'leads.db'), keys: { k1: 32 } }), TypeError);
});
