'use strict';

// The outbox is worked off with a client of one's own.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Engine, OperationError, Plan } = require('leadwright');
const { REPOSITORY } = require('../support');

const NOW = '2026-11-24T15:30:00Z';
const LATER = '2026-11-24T15:45:00Z';
const engine = () => new Engine(Plan.load(path.join(REPOSITORY, 'vectors/decide/operate.jsonc')));
const sell = (to, n) => to.decideSync({ id: `L${n}`, source: 'web', phone: `312-867-530${n}`, zip: '60601' }, { now: NOW });

test('what is due is handed out, reported, given up and redriven', () => {
  const it = engine();
  [1, 2].forEach((n) => sell(it, n));
  const [first, second] = it.claim('w1', { limit: 5, now: NOW });
  assert.deepEqual([first.attempt, second.attempt, first.key.length], [1, 1, 64]);
  assert.deepEqual(it.claim('w2', { now: NOW }), []);
  assert.equal(it.delivered(first.id, 'accepted', { now: NOW }).state, 'done');
  assert.equal(it.delivered(second.id, { status: 503, retry_after: 60 }, { now: NOW }).state, 'ready');
  const [again] = it.claim('w2', { now: LATER });
  assert.deepEqual([again.key, again.attempt], [second.key, 2]);
  assert.throws(() => it.delivered(second.id, 'rejected', { now: LATER }), { code: 'delivery.fenced' });
  assert.equal(it.delivered(again.id, { status: 401 }, { now: LATER }).dead, 'auth');
  assert.deepEqual(it.outbox().map(({ state, count }) => [state, count]), [['dead', 1]]);
  assert.deepEqual([...it.deliveries('dead')], [it.delivery(again.key)]);
  assert.equal(it.delivery('4711'), null);
  const said = { why: 'auth', by: 'ann', reason: 'a new password' };
  assert.equal(it.redrive({ ...said, dry_run: true }, { now: LATER }).deliveries.length, 1);
  assert.equal(it.redrive(said, { now: LATER }).deliveries.length, 1);
  assert.equal(it.claim('w1', { now: LATER })[0].attempt, 3);
});

test('what nobody knows is kept unless the buyer is trusted', () => {
  const it = engine();
  sell(it, 1);
  const [sending] = it.claim('w1', { hold: '30s', now: NOW });
  assert.deepEqual(it.claim('w2', { now: LATER }), []);
  assert.deepEqual([...it.deliveries('unknown')].map(({ key }) => key), [sending.key]);
  const policy = { no_answer: { [sending.contract]: 'retry' } };
  assert.equal(it.delivered(sending.id, 'accepted', { policy, now: LATER }).state, 'done');
  assert.throws(() => it.claim('w1', { policy: { tries: 0 } }), OperationError);
  assert.throws(() => [...it.deliveries('lost')], { code: 'delivery.malformed' });
});
