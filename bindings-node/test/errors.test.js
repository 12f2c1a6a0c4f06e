'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const leadwright = require('leadwright');
const { call } = require('../lib/errors');
const native = require('../lib/native');

test('a panic becomes an error that says where, and nothing of the lead', () => {
  assert.throws(() => call(() => native.panicForTest()), (error) => {
    assert.ok(error instanceof leadwright.InternalError);
    assert.equal(error.code, 'internal.error');
    assert.match(error.message, /pure\.rs:\d+/);
    assert.doesNotMatch(error.stack, /555-0100/);
    return true;
  });
  // Nor is it printed.
  const script = `try { require(${JSON.stringify(path.join(__dirname, '../lib/native'))}).panicForTest() } catch {}`;
  const run = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  assert.deepEqual([run.status, run.stdout, run.stderr], [0, '', '']);
});

test('what a call was told wrong has a code', () => {
  const wrong = (options) => () => leadwright.validate({}, { schema: 'us/home-services@1', ...options });
  const bad = { name: 'InputError', code: 'input.bad_option' };
  assert.throws(wrong({ schema: 'us/home-services' }), { ...bad, message: /there is no schema.*us\/home-services@1/ });
  assert.throws(wrong({ asOf: 'today' }), { ...bad, message: /as_of/ });
  assert.throws(wrong({ repair: ['zip'] }), { ...bad, message: /zip_leading_zero/ });
  assert.throws(wrong({ onZipStateConflict: 'no' }), { ...bad, message: /zip_wins/ });
  assert.throws(wrong({ require: 7 }), bad);
  assert.throws(wrong({ problems: { 'email.disposible': 'reject' } }), { ...bad, message: /email\.disposable/ });
  assert.throws(wrong({ problems: { 'phone.invalid': 'fix' } }), { ...bad, message: /cannot be repaired/ });
  assert.throws(wrong({ problems: { 'phone.invalid': { phone: 'drop' } } }), { ...bad, message: /fix, warn, reject, hold/ });
  assert.throws(wrong({ now: 'noon' }), bad);
  assert.throws(wrong({ schema: undefined }), { name: 'TypeError', message: /`schema` names a schema/ });
  assert.throws(wrong({ as_of: '2026-11-24' }), { name: 'TypeError', message: /no option `as_of`/ });
  assert.throws(() => leadwright.validate({}, 'us/home-services@1'), { name: 'TypeError', message: /schema/ });
});

test('an unknown kind or option of a field is a problem of the answer', () => {
  assert.equal(leadwright.checkField('phon', '1').problems[0].suggestion, 'phone');
  assert.match(leadwright.checkField('phone', '312-867-5309', { regoin: 'US' }).problems[0].code, /^field\./);
});

test('all errors are of one kind', () => {
  const kinds = ['EngineError', 'InputError', 'InternalError', 'OperationError', 'PlanError', 'ReplayError', 'StoreError'];
  for (const name of kinds) {
    const error = new leadwright[name]('words', 'some.code');
    assert.ok(error instanceof leadwright.LeadwrightError && error instanceof Error);
    assert.deepEqual([error.name, error.message, error.code], [name, 'words', 'some.code']);
  }
});
