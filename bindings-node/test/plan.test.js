'use strict';

// Plans, and what is wrong with them.

const assert = require('node:assert/strict');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { test } = require('node:test');
const { LeadwrightError, Plan, PlanError } = require('leadwright');
const { TINY, file, folder } = require('../support');

test('ten mistakes are told at once, each with its place', (t) => {
  const wrong = ['"currancy": "USD"', ...Array.from({ length: 9 }, (_, n) => `"wrong${n}": ${n}`)];
  const bad = file(t, 'plan.jsonc', `{\n "format": 1, "plan": "p",\n ${wrong.join(',\n ')}\n}`);
  const issues = Plan.check(bad);
  const unknown = issues.filter((issue) => issue.code === 'plan.unknown_field');
  assert.equal(unknown.length, 10);
  const [{ file: name, line, column, severity, suggestion }] = unknown;
  assert.deepEqual({ name, line, column, severity, suggestion },
    { name: 'plan.jsonc', line: 3, column: 2, severity: 'error', suggestion: 'currency' });
  assert.deepEqual(unknown.map((issue) => issue.line), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.throws(() => Plan.load(bad), (error) => {
    assert.ok(error instanceof PlanError && error instanceof LeadwrightError && error instanceof Error);
    assert.equal(error.name, 'PlanError');
    assert.match(error.code, /^plan\./);
    assert.match(error.message, /errors in the plan, the first: plan\.jsonc:/);
    assert.deepEqual(error.issues, issues);
    return true;
  });
});

test('a plan travels as its bundle', (t) => {
  const plan = Plan.load(pathToFileURL(file(t, 'plan.jsonc', TINY)));
  const other = Plan.fromBundle(plan.bundle());
  for (const { name, hash, contracts } of [plan, other]) {
    assert.deepEqual([name, hash], ['tiny', plan.hash]);
    assert.deepEqual(contracts, [{ contract: 'acme-il', buyer: 'acme' }]);
  }
  assert.match(plan.hash, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(Plan.check(file(t, 'plan.jsonc', TINY)), []);
});

test('two plans are told apart, and a file is laid out', (t) => {
  const plan = Plan.load(file(t, 'plan.jsonc', TINY));
  const other = Plan.load(file(t, 'plan.jsonc', TINY.replace(/"price": "[0-9.]+"/, '"price": "99.00"')));
  const { v, old, new: hash, changes } = plan.diff(other);
  assert.deepEqual({ v, old, hash }, { v: 1, old: plan.hash, hash: other.hash });
  assert.equal(changes.length, 1);
  assert.match(changes[0].text, /^acme-il: price [0-9.]+ -> 99\.00$/);
  assert.deepEqual(plan.diff(plan).changes, []);
  assert.throws(() => plan.diff({}), TypeError);
  assert.equal(Plan.format('{"a":1, // one\n"b":[2,]}'), '{\n  "a": 1, // one\n  "b": [2]\n}\n');
  assert.equal(Plan.format('{'), null);
  assert.throws(() => Plan.format(7), TypeError);
});

test('what a plan hardly means is said with a lead', (t) => {
  const plan = TINY.replace('"state": "IL"', '"state": "IL", "zip": ["60601", "75201"]');
  const issues = Plan.lint(file(t, 'plan.jsonc', plan), { asOf: '2026-11-24' });
  const outside = issues.find((issue) => issue.code === 'lint.zip_outside_states');
  assert.deepEqual(outside.witness, { lead: { state: 'TX', zip: '75201' }, shows: 'it is refused by where.state' });
  assert.throws(() => Plan.lint('plan.jsonc', { asOf: 'yesterday' }), { name: 'InputError' });
  assert.throws(() => Plan.lint('plan.jsonc', { as_of: 'x' }), TypeError);
});

test('what is no plan', (t) => {
  assert.throws(() => Plan.load(path.join(folder(t), 'plan.jsonc')), { name: 'PlanError', code: 'plan.file_missing' });
  assert.throws(() => Plan.fromBundle('{}'), { name: 'PlanError' });
  for (const odd of [undefined, 7, {}, new URL('https://example.com/plan.jsonc')]) {
    assert.throws(() => Plan.load(odd), TypeError);
    assert.throws(() => Plan.check(odd), TypeError);
  }
  assert.throws(() => Plan.fromBundle(7), TypeError);
  assert.throws(() => new Plan(), /Plan\.load/);
});
