'use strict';

// The zero-risk rules of `leadwright/migrate`: whatever a candidate does, a caller of the legacy sees nothing of it.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');
const migrate = require('leadwright/migrate');
const { file, folder } = require('../support');

const LEAD = { id: 'L1', email: 'ada@example.com', tags: ['a', 'b'] };
const STAGES = ['shadow', 'verify', 'canary 100', 'primary'];

function migration(t, stage = 'shadow', options = {}) {
  return new migrate.Migration('routing', { parity: path.join(folder(t), 'parity.db'), stage, ...options });
}

async function counted(m, step, ...names) {
  assert.ok(await m.flush(20_000), 'not everything was compared');
  return names.map((name) => m.counters()[step][name]);
}

test('what is required is what is imported', async () => {
  const { default: whole, ...named } = await import('leadwright/migrate');
  assert.equal(whole, migrate);
  assert.deepEqual(Object.keys(named).sort(), Object.keys(migrate).sort());
});

test('Z1: what a candidate throws stays with it', async (t) => {
  const hostile = { get constructor() { throw new Error('sour'); } };
  for (const stage of STAGES) {
    for (const thrown of [new TypeError('x'), 'text', null, undefined, hostile]) {
      const m = migration(t, stage);
      const validate = m.step('validate', () => 'legacy', { candidate: () => { throw thrown; } });
      assert.deepEqual([validate(LEAD), validate(LEAD)], ['legacy', 'legacy'], stage);
      assert.deepEqual(await counted(m, 'validate', 'candidateErrors', 'mismatched'), [2, 2], stage);
    }
  }
});

test('Z1: what an adapter throws stays with it', async (t) => {
  const fails = () => { throw new TypeError('x'); };
  for (const stage of ['shadow', 'verify', 'canary 100']) {
    for (const where of ['adaptIn', 'adaptOut', 'clean', 'key', 'plain']) {
      const m = migration(t, stage);
      const answer = where === 'plain' ? Symbol('x') : 'legacy';
      const validate = m.step('validate', () => answer, { candidate: () => 'legacy', [where]: fails });
      assert.ok([answer, 'legacy'].includes(validate(LEAD)), `${stage} ${where}`);
      await m.flush(5_000);
      assert.equal(m.counters().validate.matched, 0, `${stage} ${where}`);
    }
  }
});

test('Z1: answers that cannot be compared hurt nobody', async (t) => {
  const circle = {};
  circle.self = circle;
  const sour = { get a() { throw new Error('sour'); } };
  const proxy = new Proxy({}, { ownKeys() { throw new Error('sour'); } });
  for (const stage of ['shadow', 'verify', 'canary 100']) {
    for (const answer of [circle, sour, proxy, Symbol('x'), () => 1, new WeakMap(), NaN, '\ud800', 1n, undefined]) {
      for (const side of ['legacy', 'candidate']) {
        const m = migration(t, stage);
        const legacy = () => (side === 'legacy' ? answer : 'legacy');
        const validate = m.step('validate', legacy, { candidate: () => (side === 'candidate' ? answer : 'legacy') });
        assert.ok([answer, 'legacy'].includes(validate(LEAD)));
        assert.ok(await m.flush(5_000));
      }
    }
  }
});

test('Z1: a ledger that cannot be written hurts nobody', async (t) => {
  const m = migration(t, 'shadow', { parity: folder(t) });
  const validate = m.step('validate', () => 'legacy', { candidate: () => 'legacy' });
  assert.equal(validate(LEAD), 'legacy');
  assert.ok(await m.flush(5_000));
  assert.ok(m.status().ledgerFailures > 0);
});

test('Z1: a candidate on a worker that exits or spins ends there', async (t) => {
  const module = file(t, 'candidate.cjs', `
    exports.exits = () => process.exit(3);
    exports.spins = () => { for (;;); };
    exports.throws = () => { throw new RangeError('x'); };
    exports.well = (lead) => lead.id;
    exports.floats = () => { Promise.reject(new Error('floating')); return new Promise(() => {}); };`);
  const asks = async (name, stage) => {
    const m = migration(t, stage);
    const candidate = migrate.inWorker(module, name, { deadline: 500 });
    const validate = m.step('validate', async (lead) => lead.id, { candidate, deadline: 20_000 });
    assert.equal(await validate(LEAD), 'L1');
    return counted(m, 'validate', 'matched', 'candidateErrors', 'timeouts');
  };
  for (const stage of ['shadow', 'canary 100']) {
    assert.deepEqual(await asks('well', stage), [1, 0, 0]);
    assert.deepEqual(await asks('throws', stage), [0, 1, 0]);
    assert.deepEqual(await asks('exits', stage), [0, 1, 0]);
    assert.deepEqual(await asks('floats', stage), [0, 1, 0]);
    assert.deepEqual(await asks('spins', stage), [0, 0, 1]);
  }
});

test("Z2: the result is the legacy's own, and so is what it throws", async (t) => {
  for (const stage of ['off', 'record', 'shadow', 'verify', 'canary 0']) {
    const m = migration(t, stage);
    const result = { ok: [1] };
    const error = new RangeError('no such lead');
    const { stack } = error;
    const answers = m.step('answers', () => result, { candidate: () => ({ ok: [2] }) });
    const throws = m.step('throws', () => { throw error; }, { candidate: () => 1 });
    const rejects = m.step('rejects', async () => { throw error; }, { candidate: () => 1 });
    const resolves = m.step('resolves', () => Promise.resolve(result), { candidate: () => 1 });
    assert.equal(answers(LEAD), result, stage);
    assert.equal(await resolves(LEAD), result, stage);
    assert.throws(() => throws(LEAD), (thrown) => thrown === error && thrown.stack === stack);
    await assert.rejects(rejects(LEAD), (thrown) => thrown === error && thrown.stack === stack);
    assert.ok(await m.flush(5_000));
  }
});

test('Z2: what has a `then` and is no promise is not touched', async (t) => {
  const m = migration(t);
  let runs = 0;
  const query = { then(resolve) { runs += 1; resolve([]); } };
  class Lazy extends Promise {}
  const lazy = Lazy.resolve(1);
  const asks = m.step('query', (of) => of, { candidate: () => 1, key: () => 'k' });
  assert.equal(asks(query), query);
  assert.equal(asks(lazy), lazy);
  assert.ok(await m.flush(5_000));
  assert.equal(runs, 0);
});

test('Z2: name, length, kind and `this` are kept', async (t) => {
  const m = migration(t);
  const legacies = [
    function plain(lead, more) { return [lead, more]; },
    async function later(lead) { return lead; },
    function* items(lead) { yield lead; },
    async function* laterItems(lead) { yield lead; },
  ];
  for (const legacy of legacies) {
    legacy.tag = { of: legacy.name };
    const wrapped = m.step(legacy.name, legacy, { candidate: () => 1 });
    assert.deepEqual([wrapped.name, wrapped.length, wrapped.tag, wrapped.wrapped], [legacy.name, legacy.length, legacy.tag, legacy]);
    assert.equal(Object.prototype.toString.call(wrapped), Object.prototype.toString.call(legacy));
    assert.equal(wrapped.constructor, legacy.constructor);
  }
  const app = { n: 7, get: m.step('get', function (lead) { return this.n + lead.n; }, { candidate: (lead) => 7 + lead.n }) };
  assert.equal(app.get({ id: 'L1', n: 1 }), 8);
  assert.deepEqual(await counted(m, 'get', 'matched'), [1]);
});

test('Z2: all kinds answer in all stages', async (t) => {
  for (const stage of ['off', 'record', ...STAGES, 'canary 0', 'done']) {
    const m = migration(t, stage);
    const candidate = (lead) => lead.tags;
    const plain = m.step('plain', (lead) => [...lead.tags], { candidate });
    const promise = m.step('promise', async (lead) => [...lead.tags], { candidate: async (lead) => lead.tags });
    const items = m.step('items', function* (lead) { yield* lead.tags; }, { candidate });
    const laterItems = m.step('laterItems', async function* (lead) { yield* lead.tags; }, {
      candidate: async function* (lead) { yield* lead.tags; },
    });
    assert.deepEqual(plain(LEAD), ['a', 'b']);
    assert.deepEqual(await promise(LEAD), ['a', 'b']);
    assert.deepEqual([...items(LEAD)], ['a', 'b']);
    const found = [];
    for await (const item of laterItems(LEAD)) found.push(item);
    assert.deepEqual(found, ['a', 'b'], stage);
    if (['off', 'record', 'done'].includes(stage)) continue;
    for (const step of ['plain', 'promise', 'items', 'laterItems']) {
      assert.deepEqual(await counted(m, step, 'matched', 'mismatched', 'failures'), [1, 0, 0], `${stage} ${step}`);
    }
  }
});

test('Z2: a generator is sent to, thrown into and closed', async (t) => {
  const m = migration(t);
  const heard = [];
  const body = function* () {
    try {
      for (let n = 0; ; n += 1) {
        try {
          heard.push(yield n);
        } catch (error) {
          heard.push(error.message);
        }
      }
    } finally {
      heard.push('closed');
    }
  };
  const talk = m.step('talk', body, { candidate: () => [0, 1, 2, 3], key: (id) => id });
  const talking = talk('L1');
  assert.deepEqual([talking.next().value, talking.next('hello').value, talking.throw(new Error('no')).value], [0, 1, 2]);
  assert.deepEqual(talking.return(9), { value: 9, done: true });
  const later = m.step('later', async function* () { yield* body(); }, { candidate: () => [0, 1, 2, 3], key: (id) => id });
  const waiting = later('L1');
  assert.equal((await waiting.next()).value, 0);
  assert.equal((await waiting.next('hello')).value, 1);
  assert.equal((await waiting.throw(new Error('no'))).value, 2);
  await waiting.return(9);
  assert.deepEqual(heard, ['hello', 'no', 'closed', 'hello', 'no', 'closed']);
  // Three were taken of each, and so many are compared.
  assert.deepEqual(await counted(m, 'talk', 'matched'), [1]);
  assert.deepEqual(await counted(m, 'later', 'matched'), [1]);
});

test('Z3: neither side sees what the other changes', async (t) => {
  for (const stage of STAGES) {
    const m = migration(t, stage);
    const seen = [];
    const candidate = (lead, more) => {
      seen.push(JSON.stringify([lead, more]));
      lead.n += 100;
      lead.tags.push('candidate');
      more.b.length = 0;
      return 1;
    };
    const change = m.step('change', (lead) => { lead.n += 1; lead.tags.push('legacy'); return 1; }, { candidate });
    for (let n = 0; n < 50; n += 1) {
      const [lead, more] = [{ id: 'L1', n: 1, tags: ['a'] }, { b: [1] }];
      change(lead, more);
      await m.flush(5_000);
      assert.ok(lead.n <= 2 && !lead.tags.includes('candidate') && more.b.length === 1);
    }
    assert.deepEqual(new Set(seen), new Set(['[{"id":"L1","n":1,"tags":["a"]},{"b":[1]}]']));
    assert.deepEqual(await counted(m, 'change', 'matched'), [50]);
  }
});

test('Z3: what cannot be copied runs the legacy alone', async (t) => {
  const m = migration(t);
  let asked = 0;
  const opened = m.step('open', (value) => value, { candidate: () => { asked += 1; }, key: () => 'L1' });
  const circle = [];
  circle.push(circle);
  const values = [circle, new WeakMap(), () => 1, Symbol('x'), new (class A {})(), Array.from({ length: 20_000 }, () => 'x'.repeat(70))];
  for (const value of values) assert.equal(opened(value), value);
  assert.deepEqual(await counted(m, 'open', 'unsnapshotable', 'matched'), [values.length, 0]);
  assert.equal(asked, 0);
});

test('Z4: the queue is bounded and drops are counted', async (t) => {
  const m = migration(t);
  const slow = m.step('slow', () => null, { candidate: () => null });
  for (let n = 0; n < 1_500; n += 1) slow(LEAD);
  assert.equal(m.counters().slow.dropped, 1_500 - 1_024);
  assert.deepEqual(await counted(m, 'slow', 'matched'), [1_024]);
  const big = m.step('big', () => null, { candidate: () => null, key: (id) => id });
  for (let n = 0; n < 40; n += 1) big('L1', 'x'.repeat(1_000_000));
  assert.ok(m.counters().big.dropped >= 20);
  assert.ok(await m.flush(5_000));
});

test('Z5: a late candidate falls back', async (t) => {
  for (const stage of ['shadow', 'canary 100']) {
    const m = migration(t, stage);
    const late = m.step('late', async () => 'legacy', { candidate: () => new Promise(() => {}), deadline: 30 });
    assert.equal(await late(LEAD), 'legacy');
    assert.deepEqual(await counted(m, 'late', 'timeouts', 'answered'), [1, 0]);
  }
});

test('Z5: the breaker opens and lets one through in a while', async (t) => {
  const m = migration(t, 'canary 100');
  const validate = m.step('validate', () => 'legacy', { candidate: () => { throw new Error(); } });
  for (let n = 0; n < 30; n += 1) {
    assert.equal(validate(LEAD), 'legacy');
    await m.flush(5_000);
  }
  assert.deepEqual(await counted(m, 'validate', 'fallbacks', 'skippedBreaker', 'breakerOpen'), [20, 10, true]);
});

test('Z5: the kill switch and the stage are read again', async (t) => {
  const [stage, stop] = [file(t, 'stage', 'validate = canary 100\n'), path.join(folder(t), 'stop')];
  const warned = [];
  const options = { kill: migrate.killedByFile(stop), warn: (text) => warned.push(text) };
  const m = migration(t, migrate.stageFromFile(stage), options);
  const validate = m.step('validate', () => 'legacy', { candidate: () => 'candidate' });
  const until = async (answer) => {
    for (let n = 0; validate(LEAD) !== answer; n += 1) {
      assert.ok(n < 80, answer);
      await sleep(50);
    }
  };
  assert.equal(validate(LEAD), 'candidate');
  fs.writeFileSync(stop, '');
  await until('legacy');
  fs.rmSync(stop);
  await until('candidate');
  fs.writeFileSync(stage, 'canery 5');
  await sleep(1_200);
  assert.equal(validate(LEAD), 'candidate', 'a stage that is none changes nothing');
  assert.ok('validate' in m.status().refused && warned.length === 1);
  fs.writeFileSync(stage, 'off');
  await until('legacy');
});

test('Z5: stages come from the environment, a function and a flag', async (t) => {
  process.env.LEAD_STAGE_TEST = 'a=verify; *=off';
  const m = migration(t, migrate.stageFromEnv('LEAD_STAGE_TEST'));
  m.step('a', () => 1, { candidate: () => 1 });
  m.step('b', () => 1, { candidate: () => 1 });
  assert.deepEqual(m.status().stages, { a: 'verify', b: 'off' });
  const client = { getStringValue: async (flag, fallback) => (flag === 'lead-a' ? 'shadow 50' : fallback) };
  for (const source of [migrate.stageFromOpenFeature(client, 'lead-{step}'), () => 'shadow 50']) {
    const flagged = migration(t, source);
    const answer = flagged.step('a', () => 1, { candidate: () => 1 });
    answer(LEAD);
    await sleep(20);
    assert.equal(flagged.stage('a'), 'shadow 50');
  }
});

test('Z6: no value is in texts, counters or the file', async (t) => {
  const secret = 'ada.lovelace@example.com';
  const parity = path.join(folder(t), 'parity.db');
  const m = migration(t, 'verify', { parity });
  const candidate = (lead) => { throw new Error(lead.email); };
  const validate = m.step('validate', (lead) => ({ email: lead.email }), { candidate, raiseOnMismatch: true });
  assert.throws(() => validate({ id: secret, email: secret }), (error) => {
    assert.ok(error instanceof migrate.Mismatch && !error.message.includes(secret));
    return true;
  });
  const { inspect } = require('node:util');
  const said = [inspect(m), JSON.stringify(m.counters()), JSON.stringify(m.status()), inspect(new migrate.Call(secret, 0))];
  assert.ok(!said.join().includes('lovelace'));
  await m.flush(5_000);
  for (const name of fs.readdirSync(path.dirname(parity))) {
    assert.ok(!fs.readFileSync(path.join(path.dirname(parity), name)).includes('lovelace'), name);
  }
});

test('Z8: counters say what happened', async (t) => {
  const m = migration(t);
  const validate = m.step('validate', (lead) => {
    if (lead.n === 13) throw new RangeError();
    return lead.n;
  }, { candidate: (lead) => lead.n % 10 });
  for (let n = 0; n < 20; n += 1) {
    try {
      validate({ id: `L${n}`, n });
    } catch {
      // The legacy's own.
    }
  }
  validate({ n: 1 });
  const names = ['calls', 'unkeyed', 'matched', 'mismatched', 'legacyErrors', 'failures'];
  assert.deepEqual(await counted(m, 'validate', ...names), [21, 1, 10, 10, 1, 0]);
});

test('a share is the same leads and more of them', (t) => {
  const answered = (stage) => {
    const m = migration(t, stage);
    const validate = m.step('validate', () => false, { candidate: () => true, reverse: false });
    return new Set(Array.from({ length: 1_000 }, (_, n) => `L${n}`).filter((id) => validate({ id })));
  };
  const [few, more] = [answered('canary 5'), answered('canary 20')];
  assert.ok([...few].every((id) => more.has(id)));
  assert.ok(few.size > 20 && few.size < 90 && more.size > 140 && more.size < 260);
});

test('calibration runs the legacy beside itself', async (t) => {
  const m = migration(t);
  let runs = 0;
  const noisy = m.step('noisy', () => (runs += 1), { candidate: () => null });
  m.calibrate('noisy', 5);
  for (let n = 0; n < 8; n += 1) {
    noisy(LEAD);
    await m.flush(5_000);
  }
  assert.equal(runs, 13);
});

test('what is set up wrongly is said at once', (t) => {
  const m = migration(t);
  m.step('a', () => 1, { candidate: () => 1 });
  assert.throws(() => m.step('a', () => 1, { candidate: () => 1 }), migrate.MigrationError);
  assert.throws(() => m.step('b', () => 1, { candidate: () => 1, adaptin: () => 1 }), /no option `adaptin`/);
  assert.throws(() => m.step('b', () => 1, {}), TypeError);
  assert.throws(() => m.setStage('a', 'canery 5'), /canary/);
  assert.throws(() => m.decide('d', () => 1, { seen: () => null }), migrate.MigrationError);
  assert.equal(m.stage('a'), 'shadow');
});

const PROGRAM = `
  const migrate = require(${JSON.stringify(path.join(__dirname, '../migrate.js'))});
  const m = new migrate.Migration('routing', { parity: process.argv[1], stage: 'shadow' });
  const candidate = { well: () => null, hangs: () => new Promise(() => {}) }[process.argv[2]];
  const validate = m.step('validate', () => null, { candidate, deadline: 60_000 });
  for (let n = 0; n < 100; n += 1) validate({ id: 'L' + n });`;

function pairs(t, parity) {
  const m = new migrate.Migration('routing', { parity });
  m.step('validate', () => 1, { candidate: () => 1 });
  return m.summary('validate').steps.validate.compared;
}

test('the end of a process waits for what is not written, but not long', (t) => {
  for (const candidate of ['well', 'hangs']) {
    const parity = path.join(folder(t), 'parity.db');
    const started = Date.now();
    const done = spawnSync(process.execPath, ['-e', PROGRAM, parity, candidate], { encoding: 'utf8' });
    assert.deepEqual([done.status, done.stdout, done.stderr], [0, '', '']);
    if (candidate === 'well') assert.equal(pairs(t, parity), 100);
    else assert.ok(Date.now() - started < 8_000);
  }
});

test('threads migrate each on its own, into one file', async (t) => {
  const parity = path.join(folder(t), 'parity.db');
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { Migration } = require(${JSON.stringify(path.join(__dirname, '../migrate.js'))});
    const m = new Migration('routing', { parity: workerData.parity, stage: 'shadow' });
    const validate = m.step('validate', (lead) => lead.n, { candidate: (lead) => lead.n });
    for (let n = 0; n < 50; n += 1) validate({ id: workerData.at + '-' + n, n });
    m.flush(10_000).then(() => parentPort.postMessage(m.counters().validate.matched));`;
  const said = await Promise.all([1, 2, 3].map((at) => new Promise((resolve, reject) => {
    new Worker(source, { eval: true, workerData: { parity, at } }).on('message', resolve).on('error', reject);
  })));
  assert.deepEqual(said, [50, 50, 50]);
  assert.equal(pairs(t, parity), 150);
});
