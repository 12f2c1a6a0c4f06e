'use strict';

// The golden vectors, byte for byte as from Rust and Python.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { describe, test } = require('node:test');
const { Engine, Messages, Plan, canonicalizeAddress, checkField, validate } = require('leadwright');
const { REPOSITORY, compact, folder, items, members, vectors } = require('../support');

/** Vectors pin what decisions say about the engine. */
const PINNED = { [Symbol.for('leadwright.version')]: ['0.0.0', 'vectors'] };

/** The command of the package: what it answers to the last of so many lines. */
function answered(name, line, number = 1) {
  const bin = path.join(__dirname, '../bin/leadwright.js');
  const run = spawnSync(process.execPath, [bin, name], { input: '\n'.repeat(number - 1) + line, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout.trimEnd().split('\n').at(-1);
}

describe('address', () => {
  for (const [name, { address, want }] of vectors('address')) {
    test(name, () => {
      const { raw, line } = members(address);
      if (line !== undefined) {
        assert.equal(answered('address', JSON.parse(line)), `{"id":null,${compact(want).slice(1)}`);
        return;
      }
      const got = canonicalizeAddress(JSON.parse(raw)).json.toString();
      // The paths of a line start at its `raw`, those of a call at the address itself.
      assert.equal(got, compact(want).replaceAll('"path":"/raw', '"path":"'));
    });
  }
});

describe('field', () => {
  for (const [name, { field, want }] of vectors('field')) {
    test(name, () => {
      const given = members(field);
      const opts = JSON.parse(given.opts ?? '{}');
      if (given.line !== undefined || Array.isArray(opts) || typeof opts !== 'object') {
        // About a line of the command and not about a value.
        assert.equal(answered('field', given.line === undefined ? compact(field) : JSON.parse(given.line), 7), want);
        return;
      }
      const raw = given.raw === undefined ? undefined : JSON.parse(given.raw);
      const got = checkField(JSON.parse(given.field_type), raw, opts).json.toString();
      assert.equal(got, want.replace(/^\{"id":[^,]*/, '{"id":null'));
    });
  }
});

/** The terms of a consent, in the words of JavaScript. */
function consentOf(terms) {
  if (terms === undefined) return undefined;
  const { max_age_days, certificate_max_age_hours, ...rest } = terms;
  return { ...rest, maxAgeDays: max_age_days, certificateMaxAgeHours: certificate_max_age_hours };
}

describe('validate', () => {
  for (const [name, vector] of vectors('validate')) {
    test(name, () => {
      const given = members(vector.validate);
      const { as_of, on_zip_state_conflict, consent_max_age_days, consent: terms, ip_country, ...rest } = JSON.parse(given.options ?? '{}');
      // Without a date nothing is compared with today; a call without one takes the clock's.
      const asOf = as_of ?? '2026-11-24';
      const schema = JSON.parse(given.schema);
      const { how: redact, key } = JSON.parse(given.redact ?? '{}');
      const options = { schema, asOf, onZipStateConflict: on_zip_state_conflict, consentMaxAgeDays: consent_max_age_days, consent: consentOf(terms), ipCountry: ip_country, redact, key, ...rest };
      const got = validate(rawLead(given), options);
      if (got.json.length >= 4_000) assert.deepEqual(got.problems, JSON.parse(vector.want).problems);
      else assert.equal(got.json.toString(), vector.want);
    });
  }
});

describe('messages', () => {
  for (const [name, { messages, want }] of vectors('messages')) {
    test(name, () => {
      const { texts, problem } = JSON.parse(messages);
      assert.equal(new Messages(texts).of(problem), JSON.parse(want));
    });
  }

  test('an answer says what is wrong in words', () => {
    const own = new Messages({ '*': ['{suggestion}', '{code}'] });
    for (const answer of [validate({ phone: '312-867' }, { schema: 'us/home-services@1' }), checkField('phone', '312-867')]) {
      assert.deepEqual(answer.messages(),
        ['the phone number has too few digits; ask for the whole number with its area code']);
      assert.deepEqual(answer.messages(own), ['phone.too_short']);
    }
    for (const odd of [undefined, {}, { code: 'phone.short' }]) assert.throws(() => own.of(odd), { code: 'input.bad_option' });
  });
});

function rawLead({ lead, text, fill }) {
  if (lead !== undefined) return lead;
  if (text !== undefined) return JSON.parse(text);
  const { fields, bytes } = JSON.parse(fill);
  if (bytes !== undefined) return JSON.stringify({ comments: 'a'.repeat(bytes) });
  return JSON.stringify(Object.fromEntries(Array.from({ length: fields }, (_, n) => [`f${n}`, 1])));
}

describe('decide', () => {
  for (const [name, vector] of vectors('decide')) {
    test(name, async () => {
      const { now, seed = '0', leads, explain = '[]', plan: file = '"plan.jsonc"' } = members(vector.decide);
      const plan = Plan.load(path.join(REPOSITORY, 'vectors/decide', JSON.parse(file)));
      const want = members(vector.want);
      const calls = items(leads).map((lead) => later(lead, JSON.parse(now)));
      const engine = new Engine(plan, PINNED);
      const decide = ({ lead, now }) => engine.decideSync(lead, { now, seed: JSON.parse(seed) });
      const decisions = [];
      const operated = [];
      for (const { operation, release, work, claim, ...call } of calls) {
        const tick = { now: call.now, seed: JSON.parse(seed) };
        if (claim) deliver(engine, claim, call.now);
        else if (operation) operated.push(engine.operate(operation, { now: call.now }));
        else if (release) decisions.push(engine.release(release, tick));
        else if (work) decisions.push(...engine.workQueue({ ...tick, most: work }));
        else decisions.push(decide(call));
      }
      assert.deepEqual(operated, JSON.parse(want.operated ?? '[]'));
      const bytes = decisions.map((decision) => decision.json.toString());
      assert.deepEqual(bytes, items(want.decisions));
      const replayed = decisions.flatMap((decision, at) => (decision.replayed ? [at] : []));
      assert.deepEqual(replayed, JSON.parse(want.replayed ?? '[]'));
      assert.ok([...engine.replay()].every(({ same }) => same));
      const explained = JSON.parse(explain).map((id) => engine.explain(id).entries);
      assert.deepEqual(explained, JSON.parse(want.explanations ?? '[]'));

      // Others come between the decisions; what is promised together is settled together.
      if (calls.some(({ lead }) => lead === undefined)) return;
      const promised = new Engine(plan, PINNED);
      const together = calls.map(({ lead, now }) => promised.decide(lead, { now, seed: JSON.parse(seed) }));
      assert.deepEqual((await Promise.all(together)).map((decision) => decision.json.toString()), bytes);
    });
  }
});

describe('prepared', () => {
  for (const [name, vector] of vectors('prepared')) {
    test(name, async () => {
      const { now, seed = 0, plan: file = 'plan.jsonc', lines } = JSON.parse(vector.prepared);
      const plan = Plan.load(path.join(REPOSITORY, 'vectors/decide', file));
      const want = members(vector.want);
      const leads = lines.map((line) => `${line}\n`).join('');
      const rows = await new Engine(plan, PINNED).prepareBatch(leads, { now, seed });
      assert.deepEqual(rows.map((row) => row.toString('hex')), JSON.parse(want.rows));
      const settled = await new Engine(plan, PINNED).settleBatch(rows);
      assert.deepEqual(settled.map((answer) => answer.json.toString()), items(want.decisions));
    });
  }
});

describe('event', () => {
  for (const [name, vector] of vectors('event')) {
    test(name, async () => {
      const { now, plan, types, steps } = members(vector.event);
      const load = (file) => Plan.load(path.join(REPOSITORY, 'vectors/decide', JSON.parse(file)));
      const engine = new Engine(load(plan));
      const sent = [];
      for (const step of items(steps)) {
        const { lead, now: at, operation, release, work } = later(step, JSON.parse(now));
        const { swap, forget, observe, reserve, confirm, return: back, claim, redrive, told } = members(step);
        if (swap !== undefined) engine.swap(load(swap));
        else if (forget !== undefined) engine.forget(forget, { now: JSON.parse(members(step).now) });
        else if (observe !== undefined) engine.observe(members(step).lead, observe, { now: at });
        else if (reserve !== undefined) {
          const { contract, key, ...rest } = JSON.parse(reserve);
          engine.reserveExternal(contract, key, { ...rest, now: at });
        } else if (claim !== undefined) {
          sent.push(...deliver(engine, members(step), at));
        } else if (told !== undefined) {
          engine.delivered(sent[JSON.parse(told)], JSON.parse(members(step).ended), { now: at });
        } else if (redrive !== undefined) engine.redrive(redrive, { now: at });
        else if (confirm !== undefined) engine.confirmExternal(JSON.parse(confirm), { now: at });
        else if (back !== undefined) engine.releaseExternal(JSON.parse(back), { now: at });
        else if (operation !== undefined) engine.operate(operation, { now: at });
        else if (release !== undefined) engine.release(release, { now: at });
        else if (work !== undefined) engine.workQueue({ now: at, most: work });
        else engine.decideSync(lead, { now: at });
      }
      const events = await engine.subscribe('vectors', { types: JSON.parse(types) }).poll(1000);
      assert.deepEqual(events.map((event) => event.json.toString()), items(vector.want));
    });
  }
});

/** Hands out what is due and says how each ended: the ids of what was handed out. */
function deliver(engine, { claim, ended: ends }, now) {
  const { worker, ...rest } = JSON.parse(claim);
  const ended = JSON.parse(ends);
  const sendings = engine.claim(worker, { ...rest, now });
  for (const [n, sending] of sendings.entries()) {
    if (ended[n] !== null) engine.delivered(sending.id, ended[n], { now });
  }
  return sendings.map((sending) => sending.id);
}

/** A lead that comes at another time, or a text that came in place of one. */
function later(lead, now) {
  const own = lead.startsWith('{') ? members(lead) : {};
  const then = own.now ? JSON.parse(own.now) : now;
  if (own.do !== undefined) return { now: then, operation: own.do };
  if (own.release !== undefined) return { now: then, release: own.release };
  if (['observe', 'reserve', 'confirm', 'return', 'redrive', 'told'].some((name) => name in own)) return { now: then };
  if (own.claim !== undefined) return { now: then, claim: own };
  if (own.work !== undefined) return { now: then, work: JSON.parse(own.work) };
  if (Object.keys(own).sort().join() === 'lead,now') return { now: JSON.parse(own.now), lead: own.lead };
  return { now, lead: lead.startsWith('"') ? JSON.parse(lead) : lead };
}

describe('plan', () => {
  // The others are about what is found before names are looked up, which has no door of its own.
  for (const [name, vector] of vectors('plan').filter(([, { stage }]) => stage === '"compile"')) {
    test(name, (t) => {
      const root = folder(t);
      for (const [file, content] of Object.entries(JSON.parse(vector.plan).files)) {
        fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
        fs.writeFileSync(path.join(root, file), bytes(content));
      }
      const found = Plan.check(path.join(root, 'plan.jsonc'));
      const fixed = found.map(({ code, severity, file, line, column, path, suggestion }) =>
        JSON.parse(JSON.stringify({ code, severity, file, line, column, path, suggestion })));
      assert.deepEqual(fixed, JSON.parse(vector.want).issues);
    });
  }
});

/** A file of a plan's vector: text, text that repeats, or bytes that are no text. */
function bytes(content) {
  if (typeof content === 'string') return content;
  if (content.repeat !== undefined) return (content.start ?? '') + content.repeat.repeat(content.times);
  return Buffer.from(content.bytes);
}
