'use strict';

// Workers that begin and end, in processes of their own: a crash would take this one along.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const { Engine, Plan } = require('leadwright');
const { TINY, file, folder, lead } = require('../support');

const PACKAGE = JSON.stringify(path.join(__dirname, '..'));

/** What a program of its own printed as JSON; it must end well. `leads` is the example's, as text. */
async function run(source, data) {
  const head = `
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    const fs = require('node:fs');
    const data = ${JSON.stringify(data)};
    /** Starts a worker, and waits for its first message. */
    async function started(source) {
      const head = 'const { parentPort, workerData: data } = require("node:worker_threads"); const lw = require(' + ${JSON.stringify(PACKAGE)} + ');';
      const worker = new Worker(head + source, { eval: true, workerData: data });
      const exit = once(worker, 'exit');
      const failed = once(worker, 'error').then(([error]) => Promise.reject(error));
      failed.catch(() => {});
      const [first] = await Promise.race([once(worker, 'message'), failed]);
      return { worker, first, exit };
    }
    const threads = () => fs.readdirSync('/proc/self/task').length;
    const rss = () => process.memoryUsage.rss() / 2 ** 20;
    (async () => { ${source} })().then((told) => console.log(JSON.stringify(told)));`;
  const child = spawn(process.execPath, ['--expose-gc', '-e', head], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (some) => (out += some));
  child.stderr.on('data', (some) => (err += some));
  const [code, signal] = await once(child, 'close');
  assert.deepEqual([code, signal, err], [0, null, '']);
  return JSON.parse(out);
}

test('two hundred workers begin and end, and only they load it', { timeout: 300_000 }, async (t) => {
  const plan = Plan.load(file(t, 'plan.jsonc', TINY));
  const data = { bundle: plan.bundle(), lead: lead(1), store: path.join(folder(t), 'leads.db') };
  const { seen, after, most } = await run(`
    const kinds = [
      'parentPort.postMessage(lw.version)',
      'const e = new lw.Engine(lw.Plan.fromBundle(data.bundle)); parentPort.postMessage(e.decideSync(data.lead).outcome)',
      'const e = new lw.Engine(lw.Plan.fromBundle(data.bundle), { store: data.store }); parentPort.postMessage(e.decideSync(data.lead).outcome); setInterval(() => e.drift(), 1)',
      'const e = new lw.Engine(lw.Plan.fromBundle(data.bundle)); e.decideBatch(Array(400).fill(data.lead)); e.decide(data.lead); setTimeout(() => parentPort.postMessage("batch"), 2)',
    ];
    const seen = {}; const after = [];
    for (let n = 0; n < 200; n += 4) {
      await Promise.all(kinds.map(async (kind, at) => {
        const { worker, first, exit } = await started(kind);
        seen[first] = (seen[first] ?? 0) + 1;
        // The first ends by itself as well, the others in the middle of what they do.
        if (at === 0 && n % 8 === 0) await exit; else await worker.terminate();
      }));
      gc();
      after.push([rss(), threads()]);
    }
    return { seen, after, most: Math.max(...after.map(([, each]) => each)) };`, data);
  assert.deepEqual(seen, { [require('../package.json').version]: 50, assigned: 100, batch: 50 });
  // The second half of them holds no more than the first.
  const [half, end] = [after[24], after.at(-1)];
  assert.ok(end[0] - half[0] < 60, `${half[0]} MiB after a hundred, ${end[0]} after two hundred`);
  if (process.platform === 'linux') assert.ok(end[1] <= after[0][1] + 2 && most < 64, `${end[1]} threads`);
});

test('a worker that ends takes its delivery along, and what was on its way is reported', { timeout: 60_000 }, async (t) => {
  let open;
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    open = () => response.end('{"status":"accepted"}');
  }).listen(0, '127.0.0.1');
  t.after(() => (server.closeAllConnections(), server.close()));
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const given = JSON.parse(TINY);
  given.buyers.acme.endpoints = { acme: { url: `${url}/acme`, answers: [{ if: { '/status': 'accepted' }, is: 'accepted' }] } };
  Object.assign(given.buyers.acme.contracts['acme-il'], { post: { to: 'acme', wait: '20s' }, caps: { day: 9 } });
  given.buyers.acme.deliver = { at_once: 1 };
  const plan = Plan.load(file(t, 'plan.jsonc', JSON.stringify(given)));
  const store = path.join(folder(t), 'leads.db');
  const engine = new Engine(plan, { store });
  t.after(() => engine.close());
  const [bundle, allow] = [plan.bundle(), ['127.0.0.0/8', url]];
  for (const number of [1, 2]) assert.equal(engine.decideSync(lead(number)).outcome, 'assigned');
  const at = Object.fromEntries(['asked', 'ended', 'done'].map((name) => [name, path.join(folder(t), name)]));
  const told = run(`
    const until = Date.now() + 30_000;
    const there = async (mark) => { while (!fs.existsSync(mark) && Date.now() < until) await new Promise((done) => setTimeout(done, 20)); };
    const { worker } = await started(\`
      const e = new lw.Engine(lw.Plan.fromBundle(data.bundle), { store: data.store });
      e.runDelivery({ allow: data.allow, workers: 2 });
      parentPort.postMessage('runs');\`);
    await there(data.asked);
    await worker.terminate();
    fs.writeFileSync(data.ended, '');
    await there(data.done);
    return 'lived';`, { bundle, allow, store, ...at });
  const until = Date.now() + 30_000;
  const states = () => engine.outbox().map(({ state, count }) => `${state} ${count}`).join();
  const wait = async (what) => {
    while (!what() && Date.now() < until) await sleep(20);
  };
  await wait(() => asked.length > 0);
  fs.writeFileSync(at.asked, '');
  await wait(() => fs.existsSync(at.ended));
  open();
  await wait(() => states() === 'ready 1');
  // Long enough for one that still runs to take the second.
  await sleep(1_000);
  fs.writeFileSync(at.done, '');
  assert.equal(await told, 'lived');
  assert.deepEqual([states(), asked.length], ['ready 1', 1]);
});
