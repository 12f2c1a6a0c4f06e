'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { inspect } = require('node:util');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const leadwright = require('leadwright');
const { call } = require('../lib/errors');
const native = require('../lib/native');
const { REPOSITORY, TINY, file, folder, lead } = require('../support');

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

const kinds = Object.keys(leadwright).filter((name) => name.endsWith('Error') && name !== 'LineError');

test('what the bridge quotes of an argument is not told', () => {
  const secret = '312-867-5309';
  const told = (error) => error instanceof TypeError && !error.message.includes(secret);
  const headers = { 'webhook-id': secret };
  assert.throws(() => leadwright.verifyWebhook('whsec_', headers, '{}', { tolerance: secret }), told);
  assert.throws(() => leadwright.verifyWebhook('whsec_', headers, { secret }), told);
});

test('what may work a moment later says so', () => {
  const codes = fs.readFileSync(path.join(REPOSITORY, 'core/codes.toml'), 'utf8');
  const again = ['engine.busy', 'store.busy', 'store.commit_unknown', 'store.lease_over', 'store.unreachable'];
  for (const code of again) {
    const [group, name] = code.split('.');
    assert.match(codes.split(`[${group}]\n`)[1], new RegExp(`^${name} = .*kind = "error"`, 'm'), code);
    assert.equal(leadwright.LeadwrightError.from({ code, message: '' }).retryable, true, code);
  }
  for (const code of ['store.corrupt', 'engine.closed', 'input.bad_option', 'internal.error']) {
    assert.equal(leadwright.LeadwrightError.from({ code, message: '' }).retryable, false, code);
  }
});

test('an error goes to another thread as data, and comes back as itself', (t) => {
  const broken = file(t, 'plan.jsonc', '{"format": 1}');
  const thrown = [
    () => leadwright.Plan.load(broken),
    () => leadwright.validate({}, { schema: 'no' }),
    () => call(() => native.panicForTest()),
  ].map((work) => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  });
  for (const error of thrown) {
    const data = structuredClone(error.toJSON());
    assert.deepEqual(JSON.parse(JSON.stringify(error)), data);
    const back = leadwright.LeadwrightError.from(data);
    assert.equal(back.constructor, error.constructor);
    assert.deepEqual(back.toJSON(), data);
  }
  const [plan, input] = thrown;
  assert.equal(plan.path, plan.issues.find(({ severity }) => severity === 'error').path);
  assert.deepEqual([input.path, input.toJSON().retryable], [null, false]);
  for (const name of kinds) assert.equal(leadwright.LeadwrightError.from(new leadwright[name]('m', 'a.code').toJSON()).name, name);
  assert.equal(leadwright.LeadwrightError.from({ code: 'store.busy', message: '' }).name, 'StoreError');
  assert.throws(() => leadwright.LeadwrightError.from(new Error('words')), TypeError);
});

test('a value that no lead can have says where and what, and never itself', () => {
  const cause = new Error('secret');
  const told = (lead) => {
    try {
      leadwright.validate(lead, { schema: 'us/home-services@1' });
    } catch ({ name, path, shape, message, cause }) {
      assert.doesNotMatch(message, /secret/);
      return { name, path, shape, cause };
    }
    return assert.fail('nothing was thrown');
  };
  const of = (path, shape, cause) => ({ name: 'TypeError', path, shape, cause });
  assert.deepEqual(told({ a: [{ b: () => 'secret' }] }), of('/a/0/b', 'a Function', undefined));
  assert.deepEqual(told({ get phone() { throw cause; } }), of('/phone', 'an unreadable value', cause));
  assert.deepEqual(told({ toJSON() { throw cause; } }), of('', 'an unreadable value', cause));
});

test('what has no end is too long, and told as that', () => {
  let shared = 1;
  for (let depth = 0; depth < 40; depth++) shared = { a: shared, b: shared };
  for (const lead of [shared, { a: new Array(2 ** 32 - 1) }, { a: Array(100_000).fill(1) }, new Map([['a', new Set(Array(100_000).keys())]])]) {
    const { valid, problems } = leadwright.validate(lead, { schema: 'us/home-services@1' });
    assert.deepEqual([valid, problems[0].code], [false, 'limit.lead_bytes']);
  }
});

test('the console shows nothing of a person, and no secret', async (t) => {
  const plan = leadwright.Plan.load(file(t, 'plan.jsonc', TINY));
  const engine = new leadwright.Engine(plan, { store: path.join(folder(t), 'secret.db'), tenant: 'east' });
  const decision = await engine.decide(lead(1));
  assert.deepEqual(JSON.parse(JSON.stringify({ decision })), { decision: JSON.parse(decision.json) });
  const shown = inspect({
    plan, engine, decision,
    subscription: engine.subscribe('crm'),
    buyers: new leadwright.Buyers({ secrets: { token: 'secret' } }),
    validation: leadwright.validate(lead(1), { schema: 'us/home-services@1' }),
  }, { depth: 9, showHidden: true });
  for (const word of ['<Plan tiny sha256:', '<Engine east sha256:', '<Decision web/L1', '<Subscription crm>', '<Buyers>', '<Validation valid=true']) {
    assert.ok(shown.includes(word), `${word} in ${shown}`);
  }
  assert.doesNotMatch(shown, /5301|secret/);
  await engine.close();
  assert.equal(inspect(engine), '<Engine east closed>');
});

test('an engine is closed where its block ends', async (t) => {
  const plan = leadwright.Plan.load(file(t, 'plan.jsonc', TINY));
  const closed = (engine) => assert.throws(() => engine.decideSync(lead(1)), { code: 'engine.closed' });
  const [one, two] = [new leadwright.Engine(plan), new leadwright.Engine(plan)];
  one[Symbol.dispose ?? Symbol.for('nodejs.dispose')]();
  closed(one);
  const decided = two.decide(lead(1));
  await two[Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]();
  closed(two);
  assert.equal((await decided).outcome, 'assigned');
});

test('all errors are of one kind', () => {
  for (const name of kinds) {
    const error = new leadwright[name]('words', 'some.code');
    assert.ok(error instanceof leadwright.LeadwrightError && error instanceof Error);
    assert.deepEqual([error.name, error.message, error.code], [name, 'words', 'some.code']);
  }
});
