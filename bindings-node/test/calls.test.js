'use strict';

// The golden vectors of calls that fail as a whole, with the same codes as from Rust and Python.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { Engine, EventsError, Messages, Plan, SuppressionList, validate } = require('leadwright');
const { call } = require('../lib/errors');
const native = require('../lib/native');
const { TINY, file, folder, vectors } = require('../support');

/** Rust alone has a door for these. */
const ELSEWHERE = ['open_existing', 'replay', 'check', 'crowd', 'backup'];

describe('call', () => {
  for (const [name, { call: text, want }] of vectors('call')) {
    const given = JSON.parse(text);
    if (ELSEWHERE.includes(given.do)) continue;
    test(name, (t) => {
      const plan = Plan.load(file(t, 'plan.jsonc', TINY));
      const work = {
        open_store: () => openStore(given, plan, folder(t)),
        open_sealed: () => openSealed(given, plan, folder(t)),
        decide: () => new Engine(plan).decideSync('x'.repeat(given.bytes)),
        decide_closed: () => decideClosed(plan),
        explain: () => new Engine(plan).explain(given.id),
        from_bundle: () => Plan.fromBundle(given.bundle),
        validate: () => validate({}, renamed(given.options)),
        open_list: () => openList(given, path.join(folder(t), 'opt-outs.lwlist')),
        write_list: () => SuppressionList.of(given.digests, { of: 'email', hash: given.hash }),
        operate: () => operate(given, new Engine(plan)),
        observe: () => observe(given, new Engine(plan)),
        other_currency: () => otherCurrency(given, plan, file(t, 'other.jsonc', TINY.replace('USD', given.currency))),
        settle_batch: () => settleBatch(given, plan, file(t, 'there.jsonc', TINY.replace('USD', given.currency ?? 'USD'))),
        release: () => new Engine(plan).release(given.said),
        deliver: () => deliver(given, new Engine(plan)),
        set_list: () => new Engine(plan).setList(given.name, SuppressionList.of(['312-555-0100'])),
        make_list: () => SuppressionList.of(given.entries, { of: given.of, hash: given.hash, form: given.form }),
        redact: () => validate({}, { schema: 'us/home-services@1', redact: given.how, key: given.key }),
        messages: () => new Messages(given.texts),
        subscribe: () => new Engine(plan).subscribe(given.name, { types: given.types }),
        subscribe_twice: () => subscribeTwice(given.name, new Engine(plan)),
        panic: () => call(() => native.panicForTest()),
      }[given.do];
      // A name that no option has is a mistake in the program: JavaScript's own error for it.
      if (['subscribe_twice', 'settle_batch'].includes(given.do)) return assert.rejects(work, (error) => error.code === JSON.parse(want).code);
      if (given.options?.repairs) assert.throws(work, TypeError);
      else assert.throws(work, (error) => error.code === JSON.parse(want).code);
    });
  }
});

async function subscribeTwice(name, engine) {
  const [first, second] = [engine.subscribe(name), engine.subscribe(name)];
  await second.ack(0);
  await assert.rejects(first.ack(0), EventsError);
  await first.poll();
}

function observe({ lead, seen }, engine) {
  engine.decideSync(lead);
  engine.observe(lead, seen);
}

function otherCurrency({ lead, then: next }, plan, other) {
  const engine = new Engine(plan);
  engine.decideSync(lead);
  engine.swap(Plan.load(other));
  engine.decideSync(next);
}

async function settleBatch({ cut, tenant = 'main', version }, plan, there) {
  const worker = new Engine(Plan.load(there), { tenant, [Symbol.for('leadwright.version')]: version });
  const rows = await worker.prepareBatch([{ id: 'L1', source: 'web', zip: '60606' }]);
  return new Engine(plan).settleBatch(rows.map((row) => row.subarray(0, cut)));
}

function deliver({ claim: { worker, ...rest }, id, told }, engine) {
  engine.decideSync({ id: 'L1', source: 'web', phone: '773-555-0123', zip: '60606' });
  const [sending] = engine.claim(worker, rest);
  for (const before of told.slice(0, -1)) engine.delivered(sending.id, before);
  engine.delivered(id ?? sending.id, told.at(-1));
}

function operate({ before, operation }, engine) {
  if (before?.op) engine.operate(before);
  else if (before) engine.decideSync(before);
  engine.operate(operation);
}

function openStore({ text, version, damaged_from: from, folder: below = '' }, plan, place) {
  const store = path.join(place, below, 'leads.db');
  if (text !== undefined) fs.writeFileSync(store, text);
  if (version !== undefined || from !== undefined) {
    new Engine(plan, { store }).close();
    const bytes = fs.readFileSync(store);
    if (version !== undefined) bytes.set([0, 0, 0, version], 60);
    else bytes.fill(0xff, from, 4096);
    fs.writeFileSync(store, bytes);
  }
  new Engine(plan, { store });
}

function openSealed({ with: counts, lose }, plan, place) {
  const store = path.join(place, 'leads.db');
  new Engine(plan, { store, keys: { k1: Buffer.alloc(32, 1) } }).close();
  if (lose) fs.rmSync(`${store}.keys`);
  const keys = Object.entries(counts).map(([id, count]) => [id, Buffer.alloc(count, 2)]);
  new Engine(plan, { store, keys: keys.length > 0 ? Object.fromEntries(keys) : undefined });
}

function openList({ cut }, list) {
  if (cut !== undefined) {
    SuppressionList.of(['312-555-0100']).write(list, 'opt-outs');
    fs.truncateSync(list, cut);
  }
  SuppressionList.openSync(list);
}

function decideClosed(plan) {
  const engine = new Engine(plan);
  engine.close();
  engine.decideSync('{}');
}

/** The options of a call in the names of JavaScript; one that is unknown stays so. */
function renamed({ on_zip_state_conflict: onZipStateConflict, ...rest }) {
  return { schema: 'us/home-services@1', ...rest, ...(onZipStateConflict && { onZipStateConflict }) };
}
