'use strict';

// Each zero-risk rule beside the library of that kind on npm, on the same probe: the table of `docs/migrate.md`.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const migrate = require('leadwright/migrate');
const { file, folder } = require('../support');

const PAGE = path.join(__dirname, '../../docs/migrate.md');
const LEAD = () => ({ id: 'L1', n: 1, tags: ['a'] });

function installed() {
  try {
    return require('scientist');
  } catch {
    console.log('# SKIPPED: scientist is not installed: `npm ci` in bindings-node installs it');
    return null;
  }
}

const Scientist = installed();

function theirs(legacy, candidate) {
  const scientist = new Scientist();
  scientist.on('error', () => {});
  scientist.on('result', () => {});
  return (...args) =>
    scientist.science('probe', (experiment) => {
      experiment.use(() => legacy(...args));
      experiment.try(() => candidate(...args));
      experiment.async(legacy.constructor.name === 'AsyncFunction');
    });
}

function oursIn(t) {
  let n = 0;
  return (legacy, candidate) => {
    n += 1;
    const m = new migrate.Migration(`probe-${n}`, { parity: path.join(folder(t), `${n}.db`), stage: 'shadow' });
    return m.step('probe', legacy, { candidate });
  };
}

/** Whether it happens in a while; a shadow is not there at once. */
async function soon(happens) {
  for (const end = Date.now() + 3_000; Date.now() < end; await sleep(10)) if (happens()) return true;
  return happens();
}

async function candidateMutates(wrap) {
  const wrapped = wrap((lead) => lead.n, (lead) => (lead.n += 100));
  return Array.from({ length: 100 }, () => wrapped(LEAD())).every((found) => found === 1);
}

async function legacyMutates(wrap) {
  const seen = [];
  const wrapped = wrap((lead) => { lead.n += 100; }, (lead) => { seen.push(lead.n); });
  for (let n = 0; n < 100; n += 1) wrapped(LEAD());
  return (await soon(() => seen.length === 100)) && seen.every((n) => n === 1);
}

/** What a call waits for. What the event loop waits for later is another matter: `inWorker` is for that. */
async function candidateIsSlow(wrap) {
  const spin = () => { for (const end = Date.now() + 300; Date.now() < end;); };
  const started = Date.now();
  const found = wrap(() => 1, spin)(LEAD());
  const waited = Date.now() - started;
  await sleep(400);
  return found === 1 && waited < 150;
}

/** A query that runs when it is waited for runs once, and not because somebody looks at it. */
async function lazyAnswer(wrap) {
  let runs = 0;
  const query = { then(resolve) { runs += 1; resolve(1); } };
  const found = wrap(() => query, () => 1)(LEAD());
  await sleep(50);
  return found === query && runs === 0;
}

async function kindIsKept(wrap) {
  async function legacy() { return 1; }
  const wrapped = wrap(legacy, async () => 1);
  return wrapped.name === 'legacy' && wrapped.constructor === legacy.constructor && (await wrapped(LEAD())) === 1;
}

async function legacyIsAGenerator(wrap) {
  let ended = 0;
  const wrapped = wrap(function* () { yield* [1, 2, 3]; }, function* () { yield* [1, 2, 3]; ended += 1; });
  const found = [...wrapped(LEAD())];
  return found.join() === '1,2,3' && soon(() => ended === 1);
}

async function sourAnswer(wrap) {
  const sour = { get a() { throw new Error('sour'); } };
  return wrap(() => sour, () => sour)(LEAD()) === sour;
}

async function candidateThrows(wrap) {
  return wrap(() => 1, () => { throw new TypeError(); })(LEAD()) === 1;
}

const PROBES = [
  ['Z1', 'the candidate throws', candidateThrows],
  ['Z1', 'the answer has a getter that throws', sourAnswer],
  ['Z2', 'the answer is lazy: its `then` does the work', lazyAnswer],
  ['Z2', 'name and kind of an `async` function', kindIsKept],
  ['Z2', 'the legacy is a generator', legacyIsAGenerator],
  ['Z3', 'the candidate changes its argument', candidateMutates],
  ['Z3', 'the legacy changes its argument', legacyMutates],
  ['Z4', 'the candidate computes for 0.3 s: what the call itself waits for', candidateIsSlow],
];

async function keeps(probe, wrap) {
  try {
    return await probe(wrap);
  } catch {
    return false;
  }
}

test('ours keeps every rule', async (t) => {
  for (const [rule, says, probe] of PROBES) assert.ok(await keeps(probe, oursIn(t)), `${rule} ${says}`);
});

test('Z1: a candidate on a worker thread cannot end the app or stop it', async (t) => {
  const module = file(t, 'candidate.cjs', 'exports.ends = () => process.exit(3); exports.spins = () => { for (;;); };');
  for (const name of ['ends', 'spins']) {
    const wrapped = oursIn(t)(async () => 1, migrate.inWorker(module, name));
    const started = Date.now();
    assert.equal(await wrapped(LEAD()), 1);
    assert.ok(Date.now() - started < 200);
    await sleep(400);
  }
});

test('the table of the page is what happens', { skip: Scientist === null && 'scientist is not installed' }, async (t) => {
  const rows = [];
  for (const [rule, says, probe] of PROBES) {
    const [ours, peer] = [await keeps(probe, oursIn(t)), await keeps(probe, theirs)];
    const word = (kept) => (kept ? 'kept' : '**broken**');
    rows.push(`| ${rule} | ${says} | ${word(ours)} | ${word(peer)} |`);
  }
  assert.ok(rows.filter((row) => row.includes('broken')).length >= 4, 'scientist broke this many when the table was made');
  const [start, end] = ['<!-- node probes -->\n', '<!-- end of node probes -->'];
  const text = fs.readFileSync(PAGE, 'utf8');
  const [head, rest] = text.split(start);
  const table = ['| rule | probe | leadwright | scientist 1.1.1 |', '|---|---|---|---|', ...rows, ''].join('\n');
  const made = head + start + table + end + rest.split(end)[1];
  if (process.env.LEADWRIGHT_BLESS) return fs.writeFileSync(PAGE, made);
  return assert.equal(made, text, '`LEADWRIGHT_BLESS=1` writes the table anew');
});
