'use strict';

// The package as it is loaded: required, imported, in a worker, as a command.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const leadwright = require('leadwright');
const { TINY, file, lead, NOW } = require('../support');

const BIN = path.join(__dirname, '../bin/leadwright.js');

test('what is required is what is imported', async () => {
  const { default: whole, ...named } = await import('leadwright');
  assert.equal(whole, leadwright);
  assert.deepEqual(Object.keys(named).sort(), Object.keys(leadwright).sort());
  for (const [name, value] of Object.entries(named)) assert.equal(value, leadwright[name], name);
});

test('it says its version', () => {
  assert.equal(leadwright.version, require('leadwright/package.json').version);
});

test('a worker loads it anew, and decides the same', async (t) => {
  const plan = leadwright.Plan.load(file(t, 'plan.jsonc', TINY));
  const workerData = { bundle: plan.bundle(), lead: lead(1), now: NOW };
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { Engine, Plan } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const engine = new Engine(Plan.fromBundle(workerData.bundle));
    engine.decide(workerData.lead, { now: workerData.now }).then(({ json }) => parentPort.postMessage(json));`;
  const answers = [1, 2].map(() => new Promise((resolve, reject) => {
    new Worker(source, { eval: true, workerData }).on('message', resolve).on('error', reject);
  }));
  const here = new leadwright.Engine(plan).decideSync(lead(1), { now: NOW }).json;
  for (const answer of await Promise.all(answers)) assert.deepEqual(Buffer.from(answer), here);
});

test('the command is the same command', (t) => {
  const run = (args, input = '') => spawnSync(process.execPath, [BIN, ...args], { input, encoding: 'utf8' });
  const address = run(['address'], '{"id":1,"raw":"PO Box 12, Kalona IA 52247"}\n');
  assert.match(address.stdout, /^\{"id":1,"components":\{"po_box":"12"/);
  assert.equal(address.status, 0);
  assert.match(run(['--help']).stdout, /Exit codes/);
  assert.equal(run(['adress']).status, 2);
  assert.equal(run(['check', file(t, 'plan.jsonc', '{"currancy": 1}')]).status, 2);
});
