'use strict';

// Decides all leads of a file whenever a line comes in, and says how much CPU time that took.

const fs = require('node:fs');
const readline = require('node:readline');

const NOW = '2026-11-24T23:05:00Z';
const [library, what, plan, leads] = process.argv.slice(2);
const { Engine, Plan } = require(library);

const text = fs.readFileSync(leads);
const buffers = text.toString().split('\n').map((line) => Buffer.from(line));
const objects = buffers.map(asObject);

/** Some of the leads are none; those stay what they are. */
function asObject(line) {
  try {
    const lead = JSON.parse(line);
    return lead instanceof Object && !Array.isArray(lead) ? lead : line;
  } catch {
    return line;
  }
}

const PASSES = {
  buffer: (engine) => buffers.forEach((lead) => engine.decideSync(lead, { now: NOW }).json),
  object: (engine) => objects.forEach((lead) => engine.decideSync(lead, { now: NOW })),
  awaited: async (engine) => {
    for (let at = 0; at < buffers.length; at += 500) {
      await Promise.all(buffers.slice(at, at + 500).map((lead) => engine.decide(lead, { now: NOW })));
    }
  },
  batch: (engine) => engine.decideBatch(text, { now: NOW }),
};

async function main() {
  const loaded = Plan.load(plan);
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    const engine = new Engine(loaded);
    const start = process.cpuUsage();
    await PASSES[what](engine);
    const { user, system } = process.cpuUsage(start);
    console.log((user + system) * 1000);
    await engine.close();
  }
}

main();
