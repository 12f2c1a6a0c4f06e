'use strict';

// The example's 10,000 leads over SQLite: the same bytes as from the command line, also after a kill half way.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { after, before, test } = require('node:test');
const { once } = require('node:events');
const { Engine, Plan } = require('leadwright');
const { NOW, REPOSITORY, command, exampleLeads, folder, lines } = require('../support');

const PLAN = path.join(REPOSITORY, 'examples/home-services/plan.jsonc');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'leadwright-'));
const leads = path.join(root, 'leads.jsonl');
let fromCommand;

before(() => {
  fs.writeFileSync(leads, exampleLeads());
  const [program, ...first] = command();
  const args = [...first, 'decide', '--plan', PLAN, '--store', path.join(root, 'leads.db'), '--now', NOW, leads];
  const run = spawnSync(program, args, { maxBuffer: 1 << 30 });
  assert.equal(run.status, 0, String(run.stderr));
  fromCommand = run.stdout;
  assert.equal(lines(fromCommand).length, 10_000);
});
after(() => fs.rmSync(root, { recursive: true, force: true }));

/** Answers as the command writes them. */
const written = (answers) => Buffer.concat(answers.flatMap(({ json }) => [json, Buffer.from('\n')]));

test('a batch gives the bytes of the command line', async (t) => {
  const engine = new Engine(Plan.load(PLAN), { store: path.join(folder(t), 'leads.db') });
  assert.ok(written(await engine.decideBatch(fs.readFileSync(leads), { now: NOW, threads: 2 })).equals(fromCommand));
  // Some requests of the example were sent twice; they have one decision.
  const replayed = [...engine.replay()];
  assert.equal(replayed.length, new Set(lines(fromCommand).map(String)).size);
  assert.ok(replayed.length < 10_000 && replayed.every(({ same }) => same));
  await engine.close();
});

test('objects, one promise each, give them too', async (t) => {
  const engine = new Engine(Plan.load(PLAN), { store: path.join(folder(t), 'leads.db') });
  const objects = lines(fs.readFileSync(leads)).map((line) => asObject(line));
  const decided = await Promise.all(objects.map((lead) => engine.decide(lead, { now: NOW })));
  assert.ok(written(decided).equals(fromCommand));
  await engine.close();
});

/** What JSON.parse changes, a repeated name or the text of a number, stays JSON. */
function asObject(line) {
  const text = line.toString();
  try {
    const object = JSON.parse(text);
    return JSON.stringify(object) === text ? object : line;
  } catch {
    return line;
  }
}

const DECIDE = `
  const fs = require('node:fs');
  const { Engine, Plan } = require(process.argv[1]);
  const [plan, store, leads, now] = process.argv.slice(2);
  const engine = new Engine(Plan.load(plan), { store });
  const lines = fs.readFileSync(leads, 'utf8').trimEnd().split('\\n');
  (async () => {
    for (let first = 0; first < lines.length; first += 100) {
      for (const { json } of await engine.decideBatch(lines.slice(first, first + 100), { now })) {
        fs.writeSync(1, Buffer.concat([json, Buffer.from('\\n')]));
      }
    }
  })();`;

test('killed half way and started again', async (t) => {
  const store = path.join(folder(t), 'leads.db');
  const answers = path.join(folder(t), 'answers');
  const out = fs.openSync(answers, 'w');
  const args = ['-e', DECIDE, path.join(__dirname, '..'), PLAN, store, leads, NOW];
  const run = spawn(process.execPath, args, { stdio: ['ignore', out, 'inherit'] });
  const exit = once(run, 'exit');
  while (fs.statSync(answers).size < 0.4 * fromCommand.length) {
    assert.equal(run.exitCode, null);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  run.kill('SIGKILL');
  await exit;
  fs.closeSync(out);
  // The last line may be cut: what was acknowledged is what came whole.
  const whole = fs.readFileSync(answers);
  const acknowledged = whole.subarray(0, whole.lastIndexOf('\n') + 1);
  const count = lines(acknowledged).length;
  assert.ok(count > 3_000 && count < 10_000, `${count} were acknowledged`);
  const engine = new Engine(Plan.load(PLAN), { store });
  const again = await engine.decideBatch(fs.readFileSync(leads), { now: NOW });
  assert.ok(written(again).equals(fromCommand));
  // None of what was acknowledged is lost, none is decided twice.
  assert.ok(written(again.slice(0, count)).equals(acknowledged));
  assert.ok(again.slice(0, count).every(({ replayed }) => replayed));
  assert.equal([...engine.replay()].length, new Set(lines(fromCommand).map(String)).size);
  await engine.close();
});
