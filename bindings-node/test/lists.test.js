'use strict';

// Suppression lists: nobody passes where nobody looked.

const assert = require('node:assert/strict');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { inspect } = require('node:util');
const { test } = require('node:test');
const { Engine, EngineError, InputError, ListError, Plan, SuppressionList } = require('leadwright');
const { NOW, TINY, command, file, folder, lead } = require('../support');

const MADE = '2026-11-24T00:00:00Z';
const LISTS = '"lists": { "opt-outs": { "host": true, "of": "phone", "max_age": "2d" } }, "intake": { "suppress": ["opt-outs"] },';

const planOf = (t) =>
  Plan.load(file(t, 'plan.jsonc', TINY.replace('"verticals": { "roofing"', `${LISTS} "verticals": { "roofing"`)));
const optOuts = (phones, more) => SuppressionList.of(phones, { madeAt: MADE, ...more });

function outcome(engine, number) {
  const { outcome, lists } = engine.decideSync(lead(number), { now: NOW });
  return [outcome, lists['opt-outs'].why ?? lists['opt-outs'].hit];
}

test('a list that was not given passes nobody', (t) => {
  const plan = planOf(t);
  assert.deepEqual(plan.outsideLists, { 'opt-outs': null });
  const engine = new Engine(plan);
  assert.deepEqual(outcome(engine, 1), ['suppressed', 'missing']);
  engine.setList('opt-outs', optOuts([]));
  assert.deepEqual(outcome(engine, 2), ['suppressed', 'empty']);
  for (const madeAt of ['2026-11-21T00:00:00Z', undefined]) {
    engine.setList('opt-outs', optOuts(['312-555-0100'], { madeAt }));
    assert.deepEqual(outcome(engine, 3), ['suppressed', 'stale']);
  }
  engine.setList('opt-outs', optOuts(['312-555-0100'], { madeAt: new Date(MADE) }));
  // The one that was held is decided anew, and only once.
  assert.deepEqual(outcome(engine, 1), ['assigned', false]);
  assert.ok(engine.decideSync(lead(1), { now: NOW }).replayed);
  engine.setList('opt-outs', optOuts(['(312) 867-5305']));
  assert.deepEqual(outcome(engine, 5), ['suppressed', true]);
  assert.ok([...engine.replay()].every(({ same }) => same));
});

test('one that does not fit is refused and the old one stays', async (t) => {
  const plan = planOf(t);
  const engine = new Engine(plan, { lists: { 'opt-outs': optOuts(['312-867-5301']) } });
  const unfit = (error) => error instanceof ListError && error.code === 'list.unfit';
  assert.throws(() => engine.setList('opt-outs', SuppressionList.of(['jane@example.com'], { of: 'email' })), unfit);
  assert.throws(() => engine.setList('nobody', optOuts([])), unfit);
  assert.throws(() => new Engine(plan, { lists: { nobody: optOuts([]) } }), unfit);
  assert.throws(() => engine.setList('opt-outs', {}), TypeError);
  assert.deepEqual(outcome(engine, 1), ['suppressed', true]);
  await engine.close();
  assert.throws(() => engine.setList('opt-outs', optOuts([])), EngineError);
});

test('a compiled file', async (t) => {
  const place = path.join(folder(t), 'opt-outs.lwlist');
  const made = optOuts(['312-867-5301', '312-867-5302'], { version: '2026-11-24' });
  made.write(place, 'opt-outs');
  for (const opened of [await SuppressionList.open(place), SuppressionList.openSync(place)]) {
    assert.deepEqual(opened.about, { version: '2026-11-24', count: 2, madeAt: '2026-11-24T00:00:00.000Z', of: 'phone',
      hash: 'sha256', forms: ['e164'] });
    assert.deepEqual(opened.about, made.about);
    assert.ok(opened.holds('312 867 5301') && !opened.holds('312 867 5303'));
    assert.deepEqual(outcome(new Engine(planOf(t), { lists: { 'opt-outs': opened } }), 2), ['suppressed', true]);
    assert.throws(() => opened.write(`${place}.again`, 'opt-outs'), /compiled file already/);
  }
  const built = `${place}.built`;
  const [program, ...first] = command();
  const entries = file(t, 'opt-outs.txt', '312-867-5302\n312-867-5301\n');
  const args = ['list', 'build', entries, '-o', built, '--id', 'opt-outs', '--of', 'phone', '--label', '2026-11-24', '--made-at', MADE];
  assert.equal(spawnSync(program, [...first, ...args]).status, 0);
  assert.deepEqual(fs.readFileSync(built), fs.readFileSync(place));
  fs.truncateSync(place, 4096);
  const damaged = { name: 'ListError', code: 'list.damaged' };
  await assert.rejects(SuppressionList.open(place), damaged);
  assert.throws(() => SuppressionList.openSync(place), damaged);
});

test('hashes are digests in either way', () => {
  const digest = createHash('md5').update('3125550100').digest();
  for (const entry of [digest, digest.toString('hex'), digest.toString('hex').toUpperCase(), new Uint8Array(digest)]) {
    for (const form of [undefined, 'national']) {
      const list = SuppressionList.of(new Set([entry]), { hash: 'md5', form });
      assert.ok(list.holds('+1 312 555 0100') && !list.holds('+1 312 555 0101'));
    }
  }
  assert.ok(!SuppressionList.of([digest], { hash: 'md5', form: 'digits' }).holds('312-555-0100'));
});

test('an entry that is none is refused without being shown', () => {
  assert.throws(() => optOuts(['312-555-0100', 'Zebulon, 312-555-01']), (error) =>
    error.code === 'list.unfit' && /entry 2 /.test(error.message) && !/ebulon|555/.test(error.message));
  assert.throws(() => optOuts(['312-555-0100']).holds('Zebulon'), (error) => !/ebulon/.test(error.message));
  for (const odd of [7, undefined, '312-555-0100', [7], {}]) assert.throws(() => SuppressionList.of(odd), TypeError);
  assert.throws(() => optOuts([], { madeAt: 'yesterday' }), InputError);
  assert.throws(() => new SuppressionList(), /SuppressionList\.open/);
  assert.throws(() => optOuts([]).holds(7), TypeError);
  assert.match(inspect(optOuts(['312-555-0100'])), /^<SuppressionList [0-9a-f]{16} of 1 phone>$/);
});

test('a decision for other eyes', (t) => {
  const plan = planOf(t);
  const engine = new Engine(plan, { lists: { 'opt-outs': optOuts(['312-555-0100']) } });
  const decision = engine.decideSync(lead(1, { first_name: 'Zebulon' }), { now: NOW });
  for (const shown of [decision.redacted(plan), decision.hashed(plan, 'sixteen bytes or more')]) {
    assert.deepEqual([shown.id, shown.seq, shown.assignments], [decision.id, decision.seq, decision.assignments]);
    assert.ok(!shown.json.includes('ebulon') && !shown.json.includes('8675301'));
    assert.deepEqual(Object.keys(shown.toJSON()), Object.keys(decision.toJSON()));
  }
  assert.equal(decision.redacted(plan).canonical.phone, '+*********01');
  assert.throws(() => decision.redacted({}), TypeError);
});

test('a plan is mended', (t) => {
  const wrong = TINY.replace('"USD"', '"usd" /* dollars */').replace('"acme-il"', 'acme-il');
  const place = file(t, 'plan.jsonc', wrong);
  const want = { files: { 'plan.jsonc': TINY.replace('"USD"', '"USD" /* dollars */') }, applied: 2, issues: [] };
  assert.deepEqual(Plan.fix(place), want);
  assert.equal(fs.readFileSync(place, 'utf8'), wrong);
  assert.deepEqual(Plan.fix(place, { write: true }), want);
  assert.equal(Plan.load(place).name, 'tiny');
  assert.deepEqual(Plan.fix(place), { files: {}, applied: 0, issues: [] });
  const near = file(t, 'plan.jsonc', TINY.replace('"verticals": ["roofing"]', '"verticals": ["rofing"]'));
  assert.equal(Plan.fix(near).applied, 0);
  assert.deepEqual(Plan.fix(near, { guesses: true }).issues, []);
  assert.throws(() => Plan.fix(near, { guess: true }), TypeError);
});
