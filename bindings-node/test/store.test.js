'use strict';

// A file that cannot be a store is told so, and left as it was; many may share one that is.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { Engine, Plan, StoreError } = require('leadwright');
const { NOW, TINY, file, folder, lead } = require('../support');

const plan = (t) => Plan.load(file(t, 'plan.jsonc', TINY));

function refused(t, store, of = plan(t)) {
  let code;
  assert.throws(() => new Engine(of, { store }), (error) => {
    code = error.code;
    return error instanceof StoreError && error.message.includes(code);
  });
  return code;
}

const PLANTED = ['Qvenzalia', 'Brockwunder', '867-9417', '3128679417', 'plover.quokka', 'Yttrius', 'please ring the goat'];

test('with keys no lead is in clear', async (t) => {
  const within = folder(t);
  const [of, store] = [plan(t), path.join(within, 'leads.db')];
  const k1 = Buffer.alloc(32, 1);
  const given = lead(1, {
    first_name: 'Qvenzalia',
    last_name: 'Brockwunder',
    phone: '(312) 867-9417',
    email: 'plover.quokka@example.com',
    street: '4417 Wexford Yttrius Ave',
    comments: 'please ring the goat',
  });
  const shown = () => {
    const files = fs.readdirSync(within).filter((name) => name.startsWith('leads.db'));
    assert.ok(files.length > 1);
    return PLANTED.filter((text) => files.some((name) => fs.readFileSync(path.join(within, name)).includes(text)));
  };
  const engine = new Engine(of, { store, keys: { k1 } });
  const decided = await engine.decide(given, { now: NOW });
  assert.ok(decided.json.includes('3128679417'));
  assert.deepEqual(shown(), []);
  await engine.close();
  assert.deepEqual(shown(), []);

  const again = new Engine(of, { store, keys: { k2: new Uint8Array(32).fill(2), k1 } });
  const same = await again.decide(given, { now: NOW });
  assert.deepEqual([same.replayed, same.json.equals(decided.json)], [true, true]);
  assert.equal(again.forget({ phone: '312-867-9417', by: 'ann', reason: 'letter' }).erased, 1);
  await again.close();
  assert.equal(refused(t, store, of), 'store.key_missing');
  assert.throws(() => new Engine(of, { store, keys: { k1: 'text' } }), TypeError);
});

test('a folder that is not there', (t) => {
  const store = path.join(folder(t), 'no', 'leads.db');
  assert.ok(['store.missing', 'store.io'].includes(refused(t, store)));
  assert.ok(!fs.existsSync(path.dirname(store)));
});

test('a file of somebody else', (t) => {
  const store = file(t, 'notes.txt', 'these are notes'.repeat(100));
  assert.equal(refused(t, store), 'store.foreign');
  assert.equal(fs.readFileSync(store, 'utf8'), 'these are notes'.repeat(100));
});

test('a folder in place of a file', (t) => {
  assert.match(refused(t, folder(t)), /^store\./);
});

/** Runs as nobody in particular where we are root, who may write everywhere. */
function asNobody(work) {
  if (process.getuid?.() !== 0) return work();
  const nobody = 65534;
  process.seteuid(nobody);
  try {
    return work();
  } finally {
    process.seteuid(0);
  }
}

test('a file that may not be written', { skip: process.platform === 'win32' }, async (t) => {
  const within = folder(t);
  const store = path.join(within, 'leads.db');
  const of = plan(t);
  await new Engine(of, { store }).close();
  fs.chmodSync(within, 0o555);
  fs.chmodSync(store, 0o444);
  const before = fs.readFileSync(store);
  assert.equal(asNobody(() => refused(t, store, of)), 'store.read_only');
  assert.deepEqual(fs.readFileSync(store), before);
  fs.chmodSync(within, 0o755);
});

test('a decision that is not there', (t) => {
  const engine = new Engine(plan(t));
  const told = { name: 'ReplayError', code: 'replay.not_found' };
  for (const id of ['web/L1.1', 'nonsense']) {
    assert.throws(() => engine.explain(id), told);
    assert.throws(() => [...engine.replay(id)], told);
  }
  assert.throws(() => engine.explain(7), TypeError);
});

const WORK = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { Engine, Plan } = require(workerData.leadwright);
  const engine = new Engine(Plan.fromBundle(workerData.bundle), { store: workerData.store, relaxed: true });
  Promise.all(workerData.leads.map((lead) => engine.decide(lead, { now: workerData.now })))
    .then(async (decisions) => {
      await engine.close();
      parentPort.postMessage(decisions.map(({ json, outcome, seq }) => ({ json, outcome, seq })));
    });`;

test('three workers at once on one file pass no cap', async (t) => {
  const store = path.join(folder(t), 'leads.db');
  const [bundle, leadwright] = [plan(t).bundle(), path.join(__dirname, '..')];
  const work = (first) => new Promise((resolve, reject) => {
    const leads = Array.from({ length: 400 }, (_, n) => lead(first + n));
    const worker = new Worker(WORK, { eval: true, workerData: { bundle, store, leadwright, leads, now: NOW } });
    worker.on('message', resolve).on('error', reject);
  });
  const decisions = (await Promise.all([1000, 2000, 3000].map(work))).flat();
  assert.equal(decisions.filter(({ outcome }) => outcome === 'assigned').length, 2);
  assert.equal(new Set(decisions.map(({ seq }) => seq)).size, 1200);
  const engine = new Engine(Plan.fromBundle(bundle), { store });
  const replayed = [...engine.replay()];
  assert.ok(replayed.length === 1200 && replayed.every(({ same }) => same));
  for (const { json } of decisions) {
    const { lead: id } = JSON.parse(Buffer.from(json));
    const again = engine.decideSync(lead(Number(id.slice(1))), { now: NOW });
    assert.ok(again.replayed && again.json.equals(json));
  }
  await engine.close();
});
