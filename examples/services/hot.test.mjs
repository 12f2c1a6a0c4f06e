// Whatever the cache forgets, and whoever else writes into it: the answers are those of the store.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Engine, Plan } from 'leadwright';
import { cacheAt } from './cache.mjs';
import { Hot } from './hot.mjs';
import { why } from './why.mjs';

const folder = mkdtempSync(join(tmpdir(), 'hot-'));
after(() => rmSync(folder, { recursive: true }));
const plan = Plan.load(new URL('plan.jsonc', import.meta.url).pathname);
const lead = (n) => {
  const phone = `(773) 867-${String(n).padStart(4, '0')}`;
  return { id: `L${n}`, source: 'web', name: 'Ann Lee', phone, zip: '60606' };
};

/** A Redis that loses what it likes, and is away at times. */
class Forgetful {
  kept = new Map();
  constructor(chance) {
    this.chance = chance;
  }
  async get(key) {
    if (this.chance() < 0.05) throw new Error('away');
    if (this.chance() < 0.1) this.kept.delete([...this.kept.keys()][Math.floor(this.chance() * this.kept.size)]);
    if (this.chance() < 0.01) this.kept.clear();
    return this.kept.get(key) ?? null;
  }
  async set(key, value) {
    if (this.chance() < 0.05) throw new Error('away');
    if (this.chance() > 0.1) this.kept.set(key, value);
  }
}

/** Chance by a seed, so that what fails fails again. */
function chances(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The answer, or the code of the error. */
async function said(what) {
  try {
    return await what();
  } catch (error) {
    return error.code;
  }
}

for (const seed of [1, 2, 3]) {
  test(`a cache that forgets changes no answer: seed ${seed}`, async () => {
    const engine = new Engine(plan, { store: join(folder, `${seed}.db`) });
    const chance = chances(seed);
    const redis = new Forgetful(chance);
    const make = (id) => why(engine, id);
    // Two processes that share it; a third one begins anew now and then.
    const hot = ['one', 'two', 'three'].map((name) => new Hot({ engine, redis, make, name }));
    const naive = new Map();
    let stale = 0;
    let leads = 0;
    const some = () => `web/L${Math.floor(chance() * (leads + 1))}.1`;
    for (let step = 0; step < 150; step += 1) {
      const dice = chance();
      if (dice < 0.15) await engine.decide(lead((leads += 1)));
      else if (dice < 0.3) {
        for (const { id } of engine.claim('w', { limit: 1, posts: true })) {
          engine.delivered(id, chance() < 0.5 ? 'accepted' : 'rejected');
        }
      } else if (dice < 0.32 && leads) {
        engine.forget({ lead: `web/L${1 + Math.floor(chance() * leads)}`, by: 'ops', reason: 'asked' });
      } else if (dice < 0.36) hot[2] = new Hot({ engine, redis, make, name: 'three' });
      const id = some();
      const want = await said(() => make(id));
      const got = await Promise.all(hot.flatMap((one) => [said(() => one.read(id)), said(() => one.read(id))]));
      assert.deepEqual(got, got.map(() => want), `step ${step}`);
      if (naive.has(id) && naive.get(id) !== want) stale += 1;
      else naive.set(id, want);
    }
    assert.ok(hot[0].hits + hot[1].hits > 30, `${hot[0].hits + hot[1].hits} were kept ones`);
    // A cache that believes what it has would have been found out.
    assert.ok(stale > 0);
    engine.close();
  });
}

test('a cache that is away, or says nothing, is done without', { timeout: 60_000 }, async () => {
  const engine = new Engine(plan);
  const { id } = await engine.decide(lead(1));
  // One where nobody listens, and one that takes what it is sent and is silent.
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  for (const port of [1, silent.address().port]) {
    const redis = await cacheAt(`redis://127.0.0.1:${port}`);
    const hot = new Hot({ engine, redis, make: (one) => why(engine, one), name: `away-${port}` });
    for (let n = 0; n < 3; n += 1) assert.equal(await hot.read(id), why(engine, id));
    redis.destroy();
  }
  silent.close();
  engine.close();
});

const url = process.env.LEADWRIGHT_TEST_REDIS;
test('a kept answer is sooner there', { skip: url ? false : 'SKIPPED: LEADWRIGHT_TEST_REDIS names no Redis' }, async () => {
  const { createClient } = await import('redis');
  const redis = createClient({ url });
  await redis.connect();
  const engine = new Engine(plan, { store: join(folder, 'speed.db') });
  const ids = [];
  for (let n = 1; n <= 20; n += 1) ids.push((await engine.decide(lead(n))).id);
  const prefix = `hot-${process.pid}`;
  const hot = new Hot({ engine, redis, make: (id) => why(engine, id), name: 'speed', prefix });
  const took = async (read) => {
    const began = performance.now();
    for (let round = 0; round < 10; round += 1) for (const id of ids) await read(id);
    return (performance.now() - began) / (10 * ids.length);
  };
  for (const id of ids) await hot.read(id);
  const made = await took((id) => why(engine, id));
  const kept = await took((id) => hot.read(id));
  console.log(`made anew ${made.toFixed(2)} ms, kept ${kept.toFixed(2)} ms: ${(made / kept).toFixed(1)} times`);
  assert.ok(hot.hits === 10 * ids.length);
  for (const id of ids) await redis.del(`${prefix}:${id}`);
  await redis.close();
  engine.close();
});
