'use strict';

// What one call of a legacy costs more under a step, by the caller's clock: the best round of many.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { performance } = require('node:perf_hooks');

const [library, peer] = process.argv.slice(2);
const { Migration } = require(path.join(library, 'migrate.js'));
const Scientist = require(peer);

const lead = { id: 'lead-4711', tags: ['a', 'b'] };
for (let n = 0; n < 38; n += 1) lead[`field_${n}`] = n % 5 ? `some value ${n}` : n;
const legacy = () => true;
const [ROUNDS, CALLS, BURST] = [40, 20_000, 500];

function roundOf(call, calls) {
  const started = performance.now();
  for (let n = 0; n < calls; n += 1) call(lead);
  return ((performance.now() - started) * 1e6) / calls;
}

function step(folder, stage) {
  const m = new Migration('bench', { parity: path.join(folder, `${stage}.db`), stage: { s: stage } });
  return [m, m.step('s', legacy, { candidate: legacy })];
}

function science(sampler) {
  const scientist = new Scientist();
  scientist.sample(sampler);
  scientist.on('skip', () => {});
  scientist.on('result', () => {});
  return (of) => scientist.science('bench', (experiment) => {
    experiment.use(() => legacy(of));
    experiment.try(() => legacy(of));
  });
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'leadwright-bench-'));
  const [[, off], [, out], [taken, inside]] = ['off', 'shadow 0', 'shadow'].map((stage) => step(folder, stage));
  const rows = { direct: legacy, off, 'sampled out': out, 'scientist, sampled out': science(() => false), 'scientist, sampled in': science(() => true) };
  const best = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(rows)) {
      const calls = name.startsWith('scientist') ? BURST : CALLS;
      best[name] = Math.min(best[name] ?? Infinity, roundOf(call, calls));
    }
    best['sampled in'] = Math.min(best['sampled in'] ?? Infinity, roundOf(inside, BURST));
    await taken.flush(30_000);
  }
  const { dropped, matched, calls } = taken.counters().s;
  if (dropped !== 0 || matched !== calls) throw new Error(`${dropped} dropped, ${matched} of ${calls} matched`);
  const { direct, ...others } = best;
  console.log(`Node, a lead of ${Object.keys(lead).length} fields; what a call costs more than ${direct.toFixed(0)} ns`);
  for (const [name, nanos] of Object.entries(others)) console.log(`  ${name.padEnd(26)}${((nanos - direct) / 1_000).toFixed(3).padStart(8)} us`);
  const ratio = (name, of) => ((best[name] - direct) / (best[of] - direct)).toFixed(0);
  console.log(`  off is ${ratio('scientist, sampled out', 'off')} times cheaper than scientist that samples out; sampled out ${ratio('scientist, sampled out', 'sampled out')} times`);
  fs.rmSync(folder, { recursive: true, force: true });
}

main();
