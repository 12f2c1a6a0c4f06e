'use strict';

// Plans whose buyers and contracts are rows of tables.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { InputError, Plan, PlanError } = require('leadwright');
const { file, folder, vectors } = require('../support');

const BASE = {
  format: 1, plan: 'loans', currency: 'USD', timezone: 'America/Chicago',
  verticals: { loans: { extends: 'us/mortgage@1' } },
  sources: { web: { verticals: ['loans'] } },
  routes: { loans: { groups: [{ id: 'open', select: 'price' }], on_unsold: { then: 'store' } } },
};
const ROW = { contract: 'acme-tx', buyer: 'acme', states: 'TX, OK', credit_score_min: 620, price: '$42.50' };

describe('rows', () => {
  for (const [name, vector] of vectors('rows')) {
    test(name, () => {
      const given = { base: JSON.parse(vector.base), ...JSON.parse(vector.tables) };
      const want = JSON.parse(vector.want);
      const found = Plan.checkRows(given);
      assert.deepEqual(found.map((i) => [i.code, i.severity, i.file, i.line, i.column, i.path]),
        want.issues.map((i) => [i.code, i.severity, i.table, i.row, i.column, i.path]));
      if (want.canonical === null) {
        assert.throws(() => Plan.fromRows(given), (error) => {
          assert.ok(error instanceof PlanError);
          assert.equal(error.issues.length, found.length);
          return true;
        });
      } else {
        assert.equal(JSON.parse(Plan.fromRows(given).bundle()).plan, want.canonical);
      }
    });
  }
});

test('the files of rows are the same plan', (t) => {
  const plan = Plan.fromRows({ base: file(t, 'plan.jsonc', JSON.stringify(BASE)), contracts: new Set([ROW]) });
  for (const files of [Plan.rowsToFiles({ base: BASE, contracts: [ROW] }), plan.toDocuments()]) {
    const root = folder(t);
    assert.deepEqual(Object.keys(files).sort(), ['buyers/acme.jsonc', 'plan.jsonc']);
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      fs.writeFileSync(path.join(root, name), text);
    }
    assert.equal(Plan.load(path.join(root, 'plan.jsonc')).hash, plan.hash);
  }
});

test('ignored columns and wrong arguments', () => {
  const contracts = [{ ...ROW, createdAt: new Date(0) }];
  assert.deepEqual(Plan.checkRows({ base: BASE, contracts }).map(({ code }) => code), ['rows.unknown_column']);
  assert.deepEqual(Plan.checkRows({ base: BASE, contracts, ignore: ['created_at'] }), []);
  assert.throws(() => Plan.fromRows({ base: BASE, contracts: [7] }), InputError);
  assert.throws(() => Plan.fromRows({ contracts }), TypeError);
  assert.throws(() => Plan.fromRows({ base: BASE, rows: [] }), TypeError);
});

test('a date of a driver is the day here, wherever that is', () => {
  const zone = process.env.TZ;
  try {
    for (const here of ['Asia/Tokyo', 'America/New_York', 'UTC']) {
      process.env.TZ = here;
      const typed = { ...ROW, starts: new Date(2026, 0, 15), ends: new Date(2026, 1, 1) };
      const want = Plan.fromRows({ base: BASE, contracts: [{ ...ROW, starts: '2026-01-15', ends: '2026-02-01' }] }).hash;
      const rows = [typed, new Map(Object.entries(typed)), { toJSON: () => typed }];
      for (const row of rows) assert.equal(Plan.fromRows({ base: BASE, contracts: [row] }).hash, want, here);
    }
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
  const never = Plan.checkRows({ base: BASE, contracts: [{ ...ROW, starts: new Date(NaN) }] });
  assert.deepEqual(never.map(({ code }) => code), ['rows.bad_cell']);
});
