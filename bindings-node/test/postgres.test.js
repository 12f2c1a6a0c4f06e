'use strict';

// A store in PostgreSQL is named by its URL, and answers as a file does. It needs a server, and says so where there is none.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Engine, Plan } = require('leadwright');
const { NOW, TINY, file, folder, lead } = require('../support');

const url = process.env.LEADWRIGHT_TEST_POSTGRES;
const missing = !url && 'no PostgreSQL: set LEADWRIGHT_TEST_POSTGRES to its URL, or run `cargo xtask test`';
if (missing) console.log(`SKIPPED: ${missing}`);

test('it answers as a file does', { skip: missing }, async (t) => {
  const plan = Plan.load(file(t, 'plan.jsonc', TINY));
  const tenant = `node-${process.pid}`;
  const lines = Array.from({ length: 30 }, (_, n) => JSON.stringify(lead(n % 7)) + '\n').join('');
  const ours = new Engine(plan, { store: path.join(folder(t), 'leads.db'), tenant });
  const theirs = new Engine(plan, { store: new URL(url), tenant });
  const want = await ours.decideBatch(lines, { now: NOW });
  assert.deepEqual(await theirs.decideBatch(lines, { now: NOW }), want);
  const replayed = [...theirs.replay()];
  assert.ok(replayed.length > 0 && replayed.every(({ same }) => same));
  await ours.close();
  await theirs.close();
  assert.throws(() => new Engine(plan, { store: url, keys: { k1: Buffer.alloc(32) } }), { code: 'input.bad_option' });
});
