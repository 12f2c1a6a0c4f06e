'use strict';

// The decide step and the limits step: one state, one authority.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const leadwright = require('leadwright');
const migrate = require('leadwright/migrate');
const { TINY, file, folder, lead } = require('../support');

/** The old app: it sells to acme-il whatever comes, as often as its own cap says. */
class Old {
  sold = [];
  room = null;

  constructor(cap = 2) {
    this.cap = cap;
    this.decide = (of) => this.#decide(of);
  }

  #decide({ id }) {
    if (this.sold.length >= this.cap) return null;
    const room = this.room?.('acme-il', `old-${id}`, { source: 'web', price: '40.00' });
    if (room && !room.held) return null;
    this.sold.push(id);
    room?.confirm();
    return 'acme-il';
  }
}

const seen = (contract) =>
  contract === null ? { outcome: 'unsold' } : { outcome: 'assigned', sales: [{ contract, price: '40.00' }] };
const adaptOut = (decision) => decision.assignments[0]?.contract ?? null;

function world(t, stage) {
  const plan = leadwright.Plan.load(file(t, 'plan.jsonc', TINY));
  const engine = new leadwright.Engine(plan, { store: path.join(folder(t), 'leads.db') });
  const m = new migrate.Migration('routing', { engine, parity: path.join(folder(t), 'parity.db'), stage, warn: () => {} });
  return { engine, m };
}

test('a shadow decides on the state of the legacy', async (t) => {
  for (const stage of ['shadow', 'shadow 0', 'record', 'verify']) {
    for (const observe of ['background', 'inline']) {
      const { engine, m } = world(t, stage);
      const decide = m.decide('decide', new Old().decide, { seen, adaptOut, observe });
      assert.deepEqual([1, 2, 3, 4].map((n) => decide(lead(n))), ['acme-il', 'acme-il', null, null]);
      assert.ok(await m.flush(5_000));
      const { observed, unobserved, failures, matched, mismatched } = m.counters().decide;
      assert.deepEqual([observed, unobserved, failures], [4, 0, 0], `${stage} ${observe}`);
      // The engine's cap is two as well, and it counts what the legacy sold.
      assert.deepEqual([matched, mismatched], [['shadow', 'verify'].includes(stage) ? 4 : 0, 0], stage);
      assert.equal(engine.decideSync(lead(5)).outcome, 'unsold');
    }
  }
});

test('a canary needs limits that are in force, or a reason', (t) => {
  const { engine, m } = world(t, { decide: 'shadow', limits: 'shadow' });
  m.decide('decide', new Old().decide, { seen, adaptOut });
  for (const stage of ['canary 0', 'canary 5', 'primary', 'done']) {
    assert.throws(() => m.setStage('decide', stage), (error) => error.code === 'migrate.no_limits');
  }
  m.setStage('limits', 'primary');
  m.setStage('decide', 'canary 5');
  const early = () => new migrate.Migration('routing', { engine, parity: path.join(folder(t), 'p.db'), stage: 'canary 5' });
  assert.throws(() => early().decide('decide', new Old().decide, { seen }), /limits/);
  early().decide('decide', new Old().decide, { seen, withoutLimits: 'the old app keeps no caps' });
});

test('one authority sells no more than the cap', async (t) => {
  for (const share of [0, 30, 70, 100]) {
    for (const isLater of [false, true]) {
      const { m } = world(t, { limits: 'primary', decide: `canary ${share}` });
      const old = new Old(100);
      old.room = (...args) => m.room(...args);
      const legacy = isLater ? async (of) => old.decide(of) : old.decide;
      const decide = m.decide('decide', legacy, { seen, adaptOut });
      const found = [];
      for (let n = 0; n < 30; n += 1) found.push(await decide(lead(n)));
      assert.equal(found.filter((contract) => contract !== null).length, 2, 'the cap of both together is two');
      assert.ok(await m.flush(5_000));
      const { decide: counters, limits } = m.counters();
      assert.equal(counters.soldWithoutRoom, 0);
      assert.equal(counters.observed + counters.answered, 30);
      assert.equal(old.sold.length, limits.confirmed);
    }
  }
});

test('what the engine decides is compared with a legacy that does nothing', async (t) => {
  for (const same of [true, false]) {
    const { m } = world(t, { limits: 'primary', decide: 'canary 100' });
    const old = new Old();
    const decide = m.decide('decide', old.decide, { seen, adaptOut, reverse: () => (same ? 'acme-il' : null) });
    assert.equal(decide(lead(1)), 'acme-il');
    assert.deepEqual(old.sold, []);
    assert.ok(await m.flush(5_000));
    const { matched, mismatched, failures } = m.counters().decide;
    assert.deepEqual([matched, mismatched, failures], [Number(same), Number(!same), 0]);
  }
});

test('limits in shadow refuse nobody', async (t) => {
  const { m } = world(t, { limits: 'shadow', decide: 'shadow' });
  const old = new Old(100);
  old.room = (...args) => m.room(...args);
  const decide = m.decide('decide', old.decide, { seen, adaptOut });
  assert.deepEqual([1, 2, 3, 4].map((n) => decide(lead(n))), Array(4).fill('acme-il'));
  assert.ok(await m.flush(5_000));
  const { calls, held, wouldRefuse, refused } = m.counters().limits;
  assert.deepEqual([calls, held, wouldRefuse, refused], [4, 2, 2, 0]);
  assert.equal(m.counters().decide.unobserved, 0);
});

test('an engine that cannot be asked does not stop the old app', async (t) => {
  const { engine, m } = world(t, { limits: 'primary', decide: 'canary 100' });
  const old = new Old();
  const decide = m.decide('decide', old.decide, { seen, adaptOut });
  engine.close();
  assert.ok(m.room('acme-il', 'old-1').held);
  assert.equal(decide(lead(1)), 'acme-il');
  assert.ok(await m.flush(5_000));
  assert.deepEqual([m.counters().limits.failures, m.counters().decide.fallbacks], [1, 1]);
});

test('an answer that cannot be made is found before anything is sold', async (t) => {
  const { engine, m } = world(t, { limits: 'primary', decide: 'canary 100' });
  const decide = m.decide('decide', new Old().decide, { seen, adaptOut: () => { throw new Error(); } });
  assert.equal(decide(lead(1)), 'acme-il');
  assert.ok(await m.flush(5_000));
  assert.deepEqual(engine.report({ by: ['outcome'] }).map((row) => row.outcome), ['assigned']);
  assert.equal(m.counters().decide.fallbacks, 1);
});

test('Z7: a candidate writes nothing and decides as of the call', async (t) => {
  const { engine, m } = world(t, 'shadow');
  const reads = new Set();
  const candidate = (of) => {
    const call = migrate.current();
    const decision = m.engine.dryRun(of);
    assert.deepEqual([decision.at, decision.seed, m.engine.planHash], [call.at, call.seed, engine.planHash]);
    for (const name of Object.getOwnPropertyNames(leadwright.Engine.prototype)) {
      if (name === 'constructor') continue;
      try {
        if (m.engine[name] !== undefined) reads.add(name);
      } catch (error) {
        assert.ok(error instanceof migrate.ReadOnlyError);
      }
    }
    return adaptOut(decision);
  };
  const decide = m.step('decide', new Old().decide, { candidate });
  assert.equal(decide(lead(1)), 'acme-il');
  assert.ok(await m.flush(5_000));
  assert.deepEqual([m.counters().decide.matched, m.counters().decide.candidateErrors], [1, 0]);
  const writes = [
    'decide', 'decideSync', 'decideBatch', 'settleBatch', 'observe', 'operate', 'reserveExternal', 'swap', 'close', 'forget', 'claim',
    'delivered', 'redrive',
  ];
  assert.ok(writes.every((name) => !reads.has(name)) && reads.has('dryRun') && reads.has('report'));
  assert.deepEqual(engine.report({ by: ['outcome'] }), []);
});
