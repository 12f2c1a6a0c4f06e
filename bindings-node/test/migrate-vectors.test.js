'use strict';

// The golden vectors of migrations that are put together wrongly.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Engine, Plan } = require('leadwright');
const { Migration } = require('leadwright/migrate');
const { TINY, file, folder, vectors } = require('../support');

function never() {
  throw new Error('nobody calls it');
}

for (const [name, { migrate: text, want }] of vectors('migrate')) {
  test(name, (t) => {
    const parity = path.join(folder(t), 'parity.db');
    const engine = () => new Engine(Plan.load(file(t, 'plan.jsonc', TINY)));
    const migration = (options) => new Migration('routing', { parity, warn: () => {}, ...options });
    const step = (m) => m.step('validate', never, { candidate: never });
    const work = {
      bad_stage: () => step(migration({ stage: 'validate=off; shadow' })),
      bad_step() {
        const m = migration();
        step(m);
        step(m);
      },
      mismatch() {
        const m = migration({ stage: 'verify' });
        m.step('validate', () => 2, { candidate: () => 1, raiseOnMismatch: true })({ id: 'L1' });
      },
      no_engine: () => migration().room('acme-il', 'k-1'),
      no_limits() {
        const m = migration({ engine: engine() });
        m.decide('decide', never, { seen: never });
        m.setStage('decide', 'canary 5');
      },
      read_only: () => migration({ engine: engine() }).engine.decideSync({ id: 'L1' }),
    }[JSON.parse(text).do];
    assert.throws(work, (error) => error.code === JSON.parse(want).code);
  });
}
