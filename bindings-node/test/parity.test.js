'use strict';

// Parity: the golden vectors, and what the native half promises to the wrappers.

const assert = require('node:assert/strict');
const path = require('node:path');
const { describe, test } = require('node:test');
const { ParityError } = require('leadwright');
const native = require('../lib/native');
const { call } = require('../lib/errors');
const { folder, vectors } = require('../support');

const codeOf = (work) => {
  try {
    return call(work);
  } catch (error) {
    assert.ok(error instanceof ParityError, error);
    return { code: error.code };
  }
};

describe('parity', () => {
  for (const [name, { parity, want: text }] of vectors('parity')) {
    const given = JSON.parse(parity);
    if (['migration', 'example'].includes(given.do)) continue; // Rust alone has a door for it.
    test(name, (t) => {
      const want = JSON.parse(text);
      const open = (options) => new native.Parity(path.join(folder(t), 'parity.db'), 'vectors', JSON.stringify(options));
      const does = {
        bucket: () => given.keys.map((key) => native.bucket(given.migration, given.step, key)),
        stage: () => given.texts.map((word) => codeOf(() => Object.values(native.parseStage(word)))),
        compare: () => {
          const record = open({ steps: { s: given.rules } });
          const verdicts = JSON.parse(record.record(JSON.stringify(given.observations)));
          const steps = Object.values(JSON.parse(record.summary()).steps);
          const classes = steps.flatMap((step) => step.classes.map((c) => [c.class, c.path, c.count, c.money]));
          classes.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
          return { verdicts, classes };
        },
        options: () => codeOf(() => open(given.options)),
        gate: () => codeOf(() => open({}).check(JSON.stringify(given.gate))),
        record: () => codeOf(() => open({}).record(Buffer.from(JSON.stringify(given.observations)))),
      }[given.do];
      assert.deepEqual(does(), want);
    });
  }

  test('counts add up, and two answers are compared without a file', (t) => {
    const record = new native.Parity(path.join(folder(t), 'parity.db'), 'routing', '{}');
    record.count('{"decide":{"calls":3}}');
    record.count('{"decide":{"calls":2,"dropped":1}}');
    assert.deepEqual(JSON.parse(record.summary('decide')).steps.decide.counts, { calls: 5, dropped: 1 });
    assert.equal(JSON.parse(record.check('{"step":"decide"}')).ready, false);
    const seen = { step: 's', key: '', at: '2026-11-28T12:00:00Z', stage: 'verify', legacy: { value: 'A' }, candidate: { value: 'a' } };
    const [verdict] = JSON.parse(native.compareParity(JSON.stringify([seen]), '{}'));
    assert.deepEqual(verdict, { verdict: 'mismatch', classes: ['whitespace_or_case'], known: [] });
  });
});
