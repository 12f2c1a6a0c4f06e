'use strict';

// What values become, by the table that Python reads too.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { test } = require('node:test');
const { canonicalizeAddress, canonicalizeAddresses, checkField, validate } = require('leadwright');
const values = require('../lib/values');
const { REPOSITORY } = require('../support');

const ROWS = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'vectors/domain/values.json'), 'utf8'));

/** The notation of the table. */
const MAKE = {
  $number: (text) => Number(text),
  $int: (digits) => BigInt(digits),
  $set: (items) => new Set(items.map(made)),
  $tuple: (items) => items.map(made),
  $map: (entries) => new Map(entries.map((entry) => entry.map(made))),
  $time: (millis) => new Date(millis),
  $bytes: (hex) => Buffer.from(hex, 'hex'),
  $units: (units) => String.fromCharCode(...units),
  $nested: (depth) => (depth === 0 ? [] : [MAKE.$nested(depth - 1)]),
  $object: (members) => Object.assign(new (class Thing {})(), made(members)),
  // Evaluated in a realm of its own: what comes from elsewhere, as under Jest, is the same.
  $node: (expression) => vm.runInNewContext(`(${expression})`, { URL }),
};

function made(value) {
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value);
  if (names.some((name) => name.startsWith('$'))) {
    const name = names.find((name) => name in MAKE);
    return MAKE[name](value[name]);
  }
  return Object.fromEntries(names.map((name) => [name, made(value[name])]));
}

for (const { why, value, json, refused, in: only, codes = [] } of ROWS.filter((row) => row.in !== 'python')) {
  test(why, () => {
    const lead = made(value);
    const schema = 'us/home-services@1';
    if (refused !== undefined) {
      const error = { name: 'TypeError', message: (text) => text.includes(refused) && !text.includes('secret') };
      for (const call of [() => values.line(lead), () => validate(lead, { schema }), () => canonicalizeAddress(lead)]) {
        assert.throws(call, (thrown) => thrown.name === error.name && error.message(thrown.message));
      }
      return;
    }
    assert.equal(values.line(lead), json, only);
    const problems = validate(lead, { schema }).problems.map((problem) => problem.code);
    for (const code of codes) assert.ok(problems.includes(code), code);
    assert.deepEqual(validate(lead, { schema }).json, validate(json, { schema }).json);
  });
}

test('a lead is an object or JSON', () => {
  for (const odd of [undefined, null, 7, 7n, true, [], ['{}'], Symbol('secret'), () => 'secret']) {
    const told = (error) => error instanceof TypeError && /a lead is an object/.test(error.message);
    assert.throws(() => validate(odd, { schema: 'us/home-services@1' }), told);
  }
});

test('halves of pairs in JSON are found, too', () => {
  const schema = 'us/home-services@1';
  const { problems, canonical } = validate('{"first_name":"A\ud83d"}', { schema });
  assert.equal(problems[0].code, 'json.invalid_utf8');
  assert.deepEqual(canonical, validate({ first_name: 'A\ud83d' }, { schema }).canonical);
});

test('an address and a field take any value', () => {
  const parts = { street: '5 elm place', zip: 63104n };
  for (const address of [parts, new Map(Object.entries(parts)), '5 elm place, 63104']) {
    assert.deepEqual(canonicalizeAddress(address).lines, ['5 ELM PL', 'SAINT LOUIS MO 63104']);
    assert.deepEqual(canonicalizeAddress(address).titleLines, ['5 Elm Pl', 'Saint Louis MO 63104']);
  }
  for (const [odd, code] of [[undefined, 'address.missing'], [7, 'address.wrong_type'], [[], 'address.wrong_type'],
    ['\ud83d', 'json.invalid_utf8'], [MAKE.$nested(99), 'json.too_deep']]) {
    assert.equal(canonicalizeAddress(odd).problems[0].code, code);
  }
  assert.equal(checkField('integer', 7n).value, 7);
  assert.equal(checkField('boolean', true).value, true);
  const born = { kind: 'dob', asOf: new Date(2026, 10, 24), minAge: 18 };
  assert.equal(checkField('date', '6/16/1980', born).value, '1980-06-16');
  const plain = { kind: 'dob', as_of: '2026-11-24', min_age: 18 };
  assert.equal(checkField('date', '6/16/2020', plain).problems[0].code, 'date.too_young');
  assert.deepEqual(checkField('integer', undefined).toJSON(), checkField('integer', null).toJSON());
  assert.deepEqual(checkField('integer', NaN).toJSON(), checkField('integer', 'NaN').toJSON());
  assert.equal(checkField('integer', Infinity).problems.length, 1);
});

test('many addresses are read as one by one', async () => {
  const given = ['5 elm place, 63104', { street: '5 elm place', zip: 63104n }, undefined, 7, '\ud83d', '', 'a\n\u2028b'];
  for (let number = 0; number < 5_000; number++) given.push(`${number} Elm St Apt ${number}, Kalona IA 52247`);
  const oneByOne = given.map((address) => canonicalizeAddress(address).json.toString());
  for (const threads of [0, 1, 3]) {
    const answers = await canonicalizeAddresses(given, { threads });
    assert.deepEqual(answers.map((address) => address.json.toString()), oneByOne);
  }
  async function* some() {
    yield* given.slice(0, 3);
  }
  assert.equal((await canonicalizeAddresses(some())).length, 3);
  assert.deepEqual(await canonicalizeAddresses([]), []);
});

test('one address is not many, and a signal stops a call', async () => {
  for (const odd of ['5 elm place', { street: '5 elm place' }, 7]) {
    await assert.rejects(canonicalizeAddresses(odd), /canonicalizeAddress/);
  }
  const reason = new Error('enough');
  await assert.rejects(canonicalizeAddresses(['5 elm place'], { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(canonicalizeAddresses([Symbol('secret')]), TypeError);
});

test('ten thousand leads of every shape are written as JSON.stringify writes them', () => {
  // The slow way and the fast one; a set within makes the slow one go.
  let seed = 1;
  const next = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const letter = () => String.fromCharCode(next(65536));
  const value = (depth) => {
    const make = [() => null, () => next(2) === 0, () => next(1e9) / 10 ** next(12), () => -next(1e6),
      () => Array.from({ length: next(5) }, letter).join(''),
      () => Array.from({ length: next(4) }, () => value(depth - 1)),
      () => Object.fromEntries(Array.from({ length: next(4) }, () => [letter(), value(depth - 1)]))];
    return make[next(depth > 0 ? make.length : 5)]();
  };
  for (let n = 0; n < 10_000; n++) {
    const lead = { a: value(4) };
    assert.equal(values.json(lead), JSON.stringify(lead));
    assert.equal(values.json({ ...lead, z: 1n }), JSON.stringify({ ...lead, z: 1 }));
  }
});
