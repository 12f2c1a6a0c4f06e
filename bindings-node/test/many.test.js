'use strict';

// Many leads at once, and leads for other eyes: the bytes of the command line.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { inspect } = require('node:util');
const { test } = require('node:test');
const { InputError, ValidatedLine, redactText, validate, validateMany } = require('leadwright');
const { command, exampleLeads, lines } = require('../support');

const schema = 'us/home-services@1';
const given = { schema, asOf: '2026-11-24' };
const key = 'sixteen bytes or more';

function fromCommand(leads, ...more) {
  const [program, ...first] = command();
  const args = [...first, 'validate', '--schema', schema, '--as-of', '2026-11-24', ...more, '-'];
  const run = spawnSync(program, args, { input: `${leads.join('\n')}\n`, maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr.toString());
  return lines(run.stdout).map(String);
}

const texts = (answers) => answers.map((answer) => answer.json.toString());

test('the bytes of the command', async () => {
  const leads = lines(exampleLeads());
  const want = fromCommand(leads);
  for (const threads of [0, 1, 3]) assert.deepEqual(texts(await validateMany(leads, { ...given, threads })), want);
  const objects = leads.slice(0, 500).map((lead) => JSON.parse(lead));
  async function* later() {
    yield* objects;
  }
  const ofObjects = fromCommand(objects.map((lead) => JSON.stringify(lead)));
  for (const some of [objects, new Set(objects), later()]) assert.deepEqual(texts(await validateMany(some, given)), ofObjects);
});

test('the bytes of the command for other eyes', async () => {
  const leads = lines(exampleLeads()).slice(0, 2_000);
  const want = fromCommand(leads, '--redact', 'redacted');
  assert.deepEqual(texts(await validateMany(leads, { ...given, redact: 'redacted', threads: 2 })), want);
  const raw = await validateMany(leads, given);
  assert.deepEqual(texts(raw.map((line) => line.redacted())), want);
  const hashed = await validateMany(leads, { ...given, redact: 'hashed', key });
  assert.deepEqual(texts(hashed), texts(raw.map((line) => line.hashed(Buffer.from(key)))));
});

test('what is no lead is not valid and keeps its number', async () => {
  const odd = ['', '[]', 'not JSON', '{"id":"4","zip":"60601"}', { id: 5, phone: '312-867-5309' }, new Map()];
  const all = await validateMany(odd, given);
  assert.deepEqual(all.map(({ line }) => line), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(all.map(({ id }) => id), [null, null, null, '4', 5, null]);
  assert.deepEqual(all.map(({ valid }) => valid), [false, false, false, false, true, false]);
  const [first] = all;
  assert.ok(first instanceof ValidatedLine);
  assert.deepEqual([first.problems[0].code, first.schema, first.canonical, first.corrections, first.redacted().canonical],
    ['json.empty_line', '', {}, [], {}]);
  assert.deepEqual([first.quality, all[4].quality.score > 0], [undefined, true]);
  assert.equal(all[3].schema, schema);
  assert.equal((await validateMany(['x'.repeat((1 << 20) + 1)], given))[0].problems[0].code, 'input.line_too_long');
  assert.deepEqual(await validateMany([], given), []);
});

test('an id beyond 2^53 is rounded in JavaScript, and exact in the bytes', async () => {
  const [line] = await validateMany(['{"id":9007199254740993}'], given);
  assert.equal(line.id, 2 ** 53);
  assert.match(line.json.toString(), /^\{"id":9007199254740993,/);
});

test('one lead is not many, others are named by their number, and a signal stops a call', async () => {
  for (const odd of ['{}', Buffer.from('{}'), {}, 7]) await assert.rejects(validateMany(odd, given), /for one there is/);
  await assert.rejects(validateMany([{}, 7], given), { name: 'TypeError', message: /^lead 2: / });
  await assert.rejects(validateMany([{}, {}, { a: () => 'secret' }], given), (error) =>
    error instanceof TypeError && /^lead 3: .*\/a$/.test(error.message) && !error.message.includes('secret'));
  await assert.rejects(validateMany([], { schema: 'us/home-service@1' }), InputError);
  await assert.rejects(validateMany([], { ...given, threads: 1.5 }), TypeError);
  const reason = new Error('enough');
  await assert.rejects(validateMany([{}], { ...given, signal: AbortSignal.abort(reason) }), reason);
});

test('what others may see', () => {
  const lead = { id: 'L1', first_name: 'Zebulon', phone: '(312) 867-5309', phone2: '312 867 5309', zip: '60601', shoe: 'x' };
  const shown = validate(lead, { ...given, redact: 'redacted' });
  assert.deepEqual(shown.json, validate(lead, given).redacted().json);
  assert.equal(shown.canonical.phone, '+*********09');
  assert.equal(redactText('phone', '+13128675309'), '+*********09');
  assert.ok(!shown.json.includes('ebulon') && shown.canonical.x_shoe === undefined && shown.corrections.length === 0);
  const { canonical } = validate(lead, given).hashed(key);
  assert.equal(canonical.phone, canonical.phone2);
  assert.equal(canonical.phone, redactText('phone', '+13128675309', { key: Buffer.from(key) }));
  assert.notEqual(canonical.phone, validate(lead, given).hashed('another of sixteen').canonical.phone);
  assert.throws(() => validate(lead, { ...given, key }), InputError);
  assert.throws(() => validate(lead, given).hashed(7), TypeError);
  assert.ok(!inspect(validate(lead, given)).includes('ebulon'));
});
