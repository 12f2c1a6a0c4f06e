'use strict';

// The engine as a program meets it.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const util = require('node:util');
const { test } = require('node:test');
const { Decision, Engine, EngineError, InputError, Plan, validate } = require('leadwright');
const { NOW, REPOSITORY, TINY, file, folder, lead } = require('../support');

/** The plan, and the path of a store that is not there yet. */
function setup(t) {
  const root = folder(t);
  fs.writeFileSync(path.join(root, 'plan.jsonc'), TINY);
  return { plan: Plan.load(path.join(root, 'plan.jsonc')), store: path.join(root, 'leads.db') };
}

const outcomes = (decisions) => decisions.map((decision) => decision.outcome);

test('a cap is kept, and said', async (t) => {
  const { plan, store } = setup(t);
  const engine = new Engine(plan, { store });
  const decisions = [0, 1, 2].map((n) => engine.decideSync(lead(n), { now: NOW }));
  assert.deepEqual(outcomes(decisions), ['assigned', 'assigned', 'unsold']);
  const [entry] = engine.explain(decisions[2]).entries;
  assert.deepEqual([entry.code, entry.check, entry.found], ['contract.caps', 'caps.contract.day', '2']);
  const [{ seq, durability, replayed }] = decisions;
  assert.deepEqual({ seq, durability, replayed }, { seq: 1, durability: 'full', replayed: false });
  const all = decisions.map(({ id }) => ({ id, same: true }));
  assert.deepEqual([...engine.replay()], all);
  assert.deepEqual([...engine.replay(decisions[1].id)], [all[1]]);
  await engine.close();
});

test('what an engine did is counted, and holds nothing of a lead', async (t) => {
  const { plan } = setup(t);
  const engine = new Engine(plan);
  for (const n of [1, 2, 3, 3]) engine.decideSync(lead(n), { now: NOW });
  const { decisions, sources, sales, replayed, commits, batch_leads: leads } = engine.metrics();
  assert.deepEqual(sources, { web: decisions });
  assert.deepEqual(sales, { 'acme-il': { buyer: 'acme', sales: 2, revenue: '80.00' } });
  assert.deepEqual({ decisions, replayed, commits }, { decisions: { assigned: 2, unsold: 1 }, replayed: 1, commits: 4 });
  assert.deepEqual([leads.steps[0], leads.count, leads.sum], [[1, 4], 4, 4]);
  const text = engine.prometheus();
  assert.match(text, /^# TYPE leadwright_decisions_total counter\nleadwright_decisions_total\{outcome="assigned"\} 2$/m);
  assert.match(text, /^leadwright_commit_seconds_bucket\{le="\+Inf"\} 4$/m);
  assert.doesNotMatch(text, /867/);
  await engine.close();
});

test('the same lead again is the same decision', async (t) => {
  const { plan, store } = setup(t);
  const first = new Engine(plan, { store }).decideSync(lead(1), { now: NOW });
  const engine = new Engine(plan, { store: new URL(`file://${store}`) });
  const again = await engine.decide(JSON.stringify(lead(1)), { now: '2026-11-25T23:05:00Z' });
  assert.deepEqual(again.json, first.json);
  assert.deepEqual([first.replayed, again.replayed], [false, true]);
});

test('a dry run writes nothing', (t) => {
  const { plan } = setup(t);
  const engine = new Engine(plan);
  const dry = engine.dryRun(lead(1), { now: NOW });
  assert.deepEqual([dry.outcome, dry.seq, dry.durability], ['assigned', 0, 'none']);
  assert.deepEqual([...engine.replay()], []);
});

test('a lead is explained without being decided', async (t) => {
  const { plan } = setup(t);
  const [{ contract }] = plan.contracts;
  const alone = plan.explain(lead(1), { at: NOW });
  assert.deepEqual([alone.state, alone.decision.outcome], ['empty', 'assigned']);
  assert.deepEqual(alone.sales.map((sale) => sale.contract), [contract]);
  assert.deepEqual(plan.explain(JSON.stringify(lead(1)), { at: NOW, all: true }).decision, alone.decision);
  const engine = new Engine(plan);
  for (const n of [2, 3]) engine.decideSync(lead(n), { now: NOW });
  const full = engine.explainLead(lead(1), { now: NOW, contract });
  assert.deepEqual([full.state, full.decision.outcome], ['current', 'unsold']);
  assert.deepEqual(full.entries[0].full.caps[0], { check: 'caps.contract.day', used: '2', limit: '2' });
  assert.equal([...engine.replay()].length, 2);
  assert.throws(() => engine.explainLead(lead(1), { now: NOW, contract: `${contract}x` }), /did you mean/);
});

test('a bad lead is an answer and no error', async (t) => {
  const engine = new Engine(setup(t).plan);
  const odd = ['', 'nonsense', Buffer.of(0xff, 0xfe), '[1]', '{}', '['.repeat(100_000), '{"a":NaN}', '{"a":1e400}',
    '{"a":"\ud800"}', '\0', new Uint8Array(), {}, new Map(), JSON.stringify({ a: 'x'.repeat(70_000) })];
  for (const bad of odd) {
    const decision = engine.decideSync(bad, { now: NOW });
    assert.equal(decision.outcome, 'rejected');
    assert.notEqual(decision.problems.length, 0);
    assert.deepEqual((await engine.decide(bad, { now: NOW })).json, decision.json);
  }
  const huge = engine.decideSync({ id: 'L1', source: 'web', comments: 'x'.repeat(1_000_000) }, { now: NOW });
  assert.equal(huge.problems[0].code, 'limit.lead_bytes');
});

test('what is beyond a line is an error of its call alone', async (t) => {
  const engine = new Engine(setup(t).plan);
  const long = { comments: 'x'.repeat(2_000_000) };
  assert.throws(() => engine.decideSync(long), { name: 'InputError', code: 'limit.line_bytes' });
  const [good, bad] = await Promise.allSettled([engine.decide(lead(1)), engine.decide(long)]);
  assert.equal(good.value.outcome, 'assigned');
  assert.ok(bad.reason instanceof InputError);
  assert.equal(bad.reason.code, 'limit.line_bytes');
});

test('times and seeds', async (t) => {
  const engine = new Engine(setup(t).plan);
  const at = '2026-11-24T23:05:00.000Z';
  for (const now of [at, '2026-11-24T17:05:00-06:00', new Date(at), Date.parse(at)]) {
    const { at: told, seed } = await engine.decide(lead(1, { id: String(now).replace(/\W/g, '') }), { now, seed: 7 });
    assert.deepEqual([told, seed], [at, 7]);
  }
  for (const now of ['yesterday', '2026-11-24', new Date(NaN), 9e15, -1e15, 0.5, Infinity]) {
    for (const call of [() => engine.decideSync(lead(2), { now }), () => engine.dryRun(lead(2), { now })]) {
      assert.throws(call, { name: 'InputError', code: 'input.bad_option' }, String(now));
    }
    await assert.rejects(engine.decide(lead(2), { now }), { code: 'input.bad_option' }, String(now));
    await assert.rejects(engine.decideBatch([lead(2)], { now }), { code: 'input.bad_option' }, String(now));
  }
  for (const seed of [-1, 0.5, 2 ** 53, NaN]) {
    assert.throws(() => engine.decideSync(lead(2), { seed }), { code: 'input.bad_option' }, String(seed));
    await assert.rejects(engine.decide(lead(2), { seed }), { code: 'input.bad_option' }, String(seed));
  }
  assert.throws(() => engine.decideSync(lead(2), { now: {} }), TypeError);
  const before = new Date(Date.now() - 1000).toISOString();
  assert.ok(new Engine(setup(t).plan).decideSync(lead(3)).at >= before);
});

test('an option that is none is told, with those that there are', async (t) => {
  const { plan } = setup(t);
  const engine = new Engine(plan);
  const told = { name: 'TypeError', message: /no option `nwo`; there are now, seed/ };
  assert.throws(() => engine.decideSync(lead(1), { nwo: NOW }), told);
  await assert.rejects(engine.decide(lead(1), { nwo: NOW }), told);
  assert.throws(() => new Engine(plan, { path: 'leads.db' }), /no option `path`/);
  assert.throws(() => new Engine(plan, { tenant: 'a b' }), { code: 'input.bad_option' });
  assert.throws(() => new Engine({}), /Plan\.load/);
  await assert.rejects(engine.decideBatch([], { threads: 0 }), /threads/);
});

test('tenants do not see each other', (t) => {
  const { plan, store } = setup(t);
  const [one, two] = ['one', 'two'].map((tenant) => new Engine(plan, { store, tenant, relaxed: true }));
  const first = one.decideSync(lead(1), { now: NOW });
  assert.deepEqual([first.tenant, first.durability], ['one', 'relaxed']);
  assert.deepEqual([...two.replay()], []);
});

test('another plan from now on', (t) => {
  const { plan } = setup(t);
  const other = Plan.load(file(t, 'plan.jsonc', TINY.replace('"day": 2', '"day": 3')));
  const engine = new Engine(plan);
  assert.deepEqual(outcomes([0, 1, 2].map((n) => engine.decideSync(lead(n), { now: NOW }))).at(-1), 'unsold');
  engine.swap(other);
  assert.equal(engine.planHash, other.hash);
  assert.notEqual(other.hash, plan.hash);
  // The count goes on: two of three are used.
  assert.deepEqual(outcomes([5, 6].map((n) => engine.decideSync(lead(n), { now: NOW }))), ['assigned', 'unsold']);
});

test('calls before the end are decided, calls after it are refused', async (t) => {
  const { plan, store } = setup(t);
  const engine = new Engine(plan, { store });
  const asked = [0, 1, 2].map((n) => engine.decide(lead(n), { now: NOW }));
  const closed = engine.close();
  const refused = { name: 'EngineError', code: 'engine.closed' };
  await assert.rejects(engine.decide(lead(3)), refused);
  await assert.rejects(engine.decideBatch([lead(3)]), refused);
  for (const call of ['decideSync', 'dryRun', 'explain']) assert.throws(() => engine[call]('{}'), refused, call);
  assert.throws(() => engine.planHash, EngineError);
  assert.throws(() => [...engine.replay()], refused);
  await closed;
  assert.deepEqual(outcomes(await Promise.all(asked)), ['assigned', 'assigned', 'unsold']);
  await engine.close();
  assert.ok(!fs.existsSync(`${store}-wal`), 'the store was closed');
});

test('an engine is disposed of', async (t) => {
  const { plan } = setup(t);
  const [engine, other] = [new Engine(plan), new Engine(plan)];
  engine[Symbol.dispose]();
  await other[Symbol.asyncDispose]();
  for (const closed of [engine, other]) assert.throws(() => closed.planHash, { code: 'engine.closed' });
});

test('answers are read when asked for, and stay as they are', (t) => {
  const decision = new Engine(setup(t).plan).decideSync(lead(1), { now: NOW });
  assert.ok(decision instanceof Decision && Buffer.isBuffer(decision.json));
  assert.deepEqual(JSON.parse(decision.json), decision.toJSON());
  assert.equal(JSON.stringify(decision), decision.json.toString());
  const members = Object.entries(decision.toJSON());
  for (const [name, value] of members) assert.deepEqual(decision[name], value, name);
  assert.equal(decision.parent, undefined);
  decision.toJSON().outcome = 'sold';
  assert.equal(decision.outcome, 'assigned');
  assert.throws(() => { 'use strict'; decision.outcome = 'sold'; }, TypeError);
});

test('nothing personal is printed', (t) => {
  const plain = lead(1, { first_name: 'Zebulon', email: 'zebulon@example.com' });
  const decision = new Engine(setup(t).plan).decideSync(plain, { now: NOW });
  assert.ok(decision.json.includes('zebulon@example.com'));
  for (const answer of [decision, validate(plain, { schema: 'us/home-services@1' })]) {
    const shown = util.inspect(answer, { depth: 9, showHidden: true });
    assert.doesNotMatch(shown, /ebulon|5301|bytes|Buffer/i);
  }
  assert.equal(util.inspect(decision), '<Decision web/L1.1 assigned>');
});

test('a report has a row for what is asked', async (t) => {
  const { plan } = setup(t);
  const engine = new Engine(plan);
  for (const n of [0, 1, 2]) engine.decideSync(lead(n), { now: NOW });
  const day = NOW.slice(0, 10);
  const [whole] = engine.report({ by: [] });
  assert.deepEqual([whole.leads, whole.sales, whole.payout], [3, 2, '0.00']);
  const rows = engine.report({ by: ['day', 'outcome'], from: day, to: day });
  assert.deepEqual(rows.map((row) => [row.day, row.outcome, row.leads]), [[day, 'assigned', 2], [day, 'unsold', 1]]);
  assert.deepEqual(engine.report({ to: '2020-01-01' }), []);
  assert.throws(() => engine.report({ by: ['dat'] }), { code: 'input.bad_option' });
});

test('what is owed is closed, and stays', (t) => {
  const plan = Plan.load(file(t, 'plan.jsonc', fs.readFileSync(path.join(REPOSITORY, 'vectors/decide/ledger.jsonc'), 'utf8')));
  const engine = new Engine(plan);
  for (const n of [0, 1, 2]) engine.decideSync(lead(n), { now: NOW });
  const [sold] = engine.statement('buyer:acme').lines;
  assert.deepEqual([sold.kind, sold.count, sold.amount], ['sale', 3, '120.00']);
  const said = { by: 'ann', reason: 'wrong_number' };
  const close = { op: 'close', party: 'buyer:acme', to: NOW.slice(0, 10), ...said };
  assert.throws(() => engine.operate(close, { now: NOW }), { code: 'operation.bad_period' });
  const now = '2026-11-26T12:00:00Z';
  engine.operate(close, { now });
  const [closed] = engine.statements('buyer:acme');
  const back = { op: 'return', decision: 'web/L1.1', buyer: 'acme', ...said };
  engine.operate(back, { now });
  assert.throws(() => engine.operate(back, { now }), { code: 'operation.return_refused' });
  const open = engine.statement('buyer:acme');
  assert.deepEqual([open.opening, open.closing, open.entries[0].refers_to], ['120.00', '80.00', closed.closed.id]);
  assert.deepEqual(engine.statement('buyer:acme', { n: 1 }), closed);
  assert.equal(engine.balances().accounts.find((of) => of.account === 'revenue').balance, '-170.00');
  for (const wrong of ['acme', 'funds:acme']) {
    assert.throws(() => engine.statements(wrong), { code: 'input.bad_option' });
    assert.throws(() => engine.statement(wrong), { code: 'input.bad_option' });
  }
});

test('problems are counted, and leads tried again', (t) => {
  const { plan } = setup(t);
  const engine = new Engine(plan);
  for (const n of [0, 1, 2]) engine.decideSync({ ...lead(n), phone: '312-867', comments: `no ${n}` }, { now: NOW });
  const short = () => engine.errors().find(({ code }) => code === 'phone.too_short');
  const { count, state, path: place, fingerprint } = short();
  assert.deepEqual([count, state, place], [3, 'new', '/phone']);
  engine.operate({ op: 'resolve', problem: fingerprint, by: 'ann', reason: 'mended' }, { now: NOW });
  assert.equal(short().state, 'resolved');
  const tried = engine.retry(fingerprint, { now: NOW });
  assert.deepEqual(tried.map(({ before, now, decided }) => [before, now, decided]), Array(3).fill(['rejected', 'rejected', undefined]));
  assert.throws(() => engine.retry(`lwp1:${'0'.repeat(32)}`, { now: NOW }), { code: 'operation.unknown_name' });
});

test('leads wait, and are released', (t) => {
  const plan = Plan.load(path.join(REPOSITORY, 'docs/samples/night.jsonc'));
  const engine = new Engine(plan, { store: path.join(folder(t), 'leads.db') });
  const one = { id: 'N1', source: 'web', phone: '312-867-5301' };
  const [night, day] = ['2026-11-25T04:00:00Z', '2026-11-25T14:10:00Z'];
  assert.equal(engine.decideSync(one, { now: night }).outcome, 'queued');
  assert.equal(engine.decideSync({ ...one, id: 'N2', name: 'asdfgh jkl' }, { now: night }).outcome, 'queued');
  assert.deepEqual([...engine.queue()].map(({ why }) => why), ['retry', 'release']);
  assert.deepEqual(engine.workQueue({ now: night }), []);
  assert.deepEqual(engine.workQueue({ now: day, most: 10 }).map(({ id }) => id), ['web/N1.2']);
  assert.throws(() => engine.workQueue({ most: 0 }), TypeError);
  const said = { lead: 'web/N2', do: 'drop', by: 'ann', reason: 'a joke' };
  assert.equal(engine.release(said, { now: day }).outcome, 'rejected');
  assert.throws(() => engine.release(said, { now: day }), { name: 'OperationError', code: 'queue.not_waiting' });
  assert.deepEqual([...engine.queue()], []);
});
