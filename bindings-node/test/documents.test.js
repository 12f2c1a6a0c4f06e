'use strict';

// The JavaScript of the READMEs is run, and the quickstart prints what its page says.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const { Engine, Plan } = require('leadwright');
const { NOW, REPOSITORY, TINY, folder, lead } = require('../support');

const PACKAGE = path.join(__dirname, '..');
const COMMAND = path.join(PACKAGE, 'bin/leadwright.js');

/** A folder that looks like the repository to a snippet, with a plan beside it and the package installed. */
function place(t) {
  const made = folder(t);
  const example = 'examples/home-services';
  fs.cpSync(path.join(REPOSITORY, example), path.join(made, example), { recursive: true });
  fs.writeFileSync(path.join(made, 'plan.jsonc'), TINY.replace('"web"', '"search-lp"'));
  fs.mkdirSync(path.join(made, 'node_modules'));
  fs.symlinkSync(PACKAGE, path.join(made, 'node_modules/leadwright'), 'dir');
  return made;
}

/** What a program prints. */
function printed(cwd, text) {
  fs.writeFileSync(path.join(cwd, 'snippet.mjs'), text);
  const run = spawnSync(process.execPath, ['snippet.mjs'], { cwd, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

function snippets(page) {
  const text = fs.readFileSync(path.join(REPOSITORY, page), 'utf8');
  const found = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, snippet]) => snippet);
  assert.ok(found.length > 0, page);
  return found;
}

for (const page of ['README.md', 'bindings-node/README.md']) {
  for (const [number, snippet] of snippets(page).entries()) {
    test(`${page}, snippet ${number}`, (t) => {
      assert.ok(snippet.trimEnd().split('\n').length <= 15, 'a snippet of a README is short');
      printed(place(t), snippet);
    });
  }
}

test('what a comment says is printed', (t) => {
  assert.match(printed(place(t), snippets('README.md')[0]), /^true \+17735550123 IL\n/);
});

test('ten lines are enough to validate and to decide', (t) => {
  const [snippet] = snippets('bindings-node/README.md');
  assert.ok(snippet.trimEnd().split('\n').length <= 10);
  assert.match(printed(place(t), snippet), /^true IL \[ 'address\.no_street' \]\nassigned \[ 'acme-il' \]\n$/);
});

for (const [name, output] of [['quickstart.mjs', 'output.txt'], ['as_json.mjs', 'output.jsonl']]) {
  test(`${name} prints ${output}, as Rust and Python do, also the second time`, (t) => {
    const [made, examples] = [place(t), path.join(REPOSITORY, 'examples/quickstart')];
    const [text, want] = [name, output].map((file) => fs.readFileSync(path.join(examples, file), 'utf8'));
    assert.equal(printed(made, text), want);
    assert.equal(printed(made, text), want);
  });
}

// --- the pages of docs: blocks run with what their page takes as given ---------------------------

/** An engine that sold a lead. */
function tiny(t, made) {
  const plan = Plan.load(path.join(made, 'plan.jsonc'));
  const engine = new Engine(plan);
  t.after(() => engine.close());
  const given = lead(1, { source: 'search-lp' });
  assert.equal(engine.decideSync(given, { now: NOW }).outcome, 'assigned');
  return { engine, plan, lead: given, Engine };
}

/** What each page takes as given. */
const SCENES = {
  'docs/delivery.md': (t, made) => ({ ...tiny(t, made), signal: AbortSignal.abort() }),
  'docs/events.md': (t, made) => {
    const stop = new AbortController();
    return { ...tiny(t, made), signal: stop.signal, tellTheCrm: async () => stop.abort() };
  },
  'docs/migrate.md': (t, made) => {
    const { engine, lead } = tiny(t, made);
    fs.writeFileSync(path.join(made, 'stages.txt'), 'decide=shadow\n');
    const same = (value) => value;
    const { Migration } = require('leadwright/migrate');
    const m = new Migration('routing', { engine, parity: 'room.db', stage: 'shadow' });
    return { engine, lead, m, legacyValidate: same, newValidate: same, problemsToErrors: same, postToBuyer: async () => true };
  },
  'docs/observe.md': (t, made) => {
    const response = { type: () => response, send: (text) => assert.match(text, /^# HELP leadwright_/m) };
    return { ...tiny(t, made), app: { get: (_, handle) => handle(undefined, response) } };
  },
  'docs/privacy.md': (t, made) => ({ ...tiny(t, made), key: new Uint8Array(32) }),
};

const FENCE = /^```js( not run: [^\n]+)?\n(.*?)^```$/gms;
const Run = Object.getPrototypeOf(async () => {}).constructor;

for (const name of fs.readdirSync(path.join(REPOSITORY, 'docs')).filter((file) => file.endsWith('.md'))) {
  const page = `docs/${name}`;
  const text = fs.readFileSync(path.join(REPOSITORY, page), 'utf8');
  for (const [number, [, reason, block]] of [...text.matchAll(FENCE)].entries()) {
    test(`${page}, snippet ${number}`, { skip: reason?.trim() }, async (t) => {
      const made = place(t);
      // A block that imports is a program of its own, in the folder that the page had `leadwright init` make.
      if (block.includes('shop/plan.jsonc')) spawnSync(process.execPath, [COMMAND, 'init', 'shop', '--yes'], { cwd: made });
      if (/^import /m.test(block)) return void printed(made, block);
      const before = process.cwd();
      process.chdir(made);
      t.after(() => process.chdir(before));
      // What a block declares itself it is not given.
      const declared = [...block.matchAll(/^const (\w+|\{[^}]*\})/gm)].flatMap(([, names]) => names.match(/\w+/g));
      const given = Object.entries({ require, ...SCENES[page](t, made) }).filter(([key]) => !declared.includes(key));
      const run = new Run(...given.map(([key]) => key), block);
      // A block that waits for ever is ended by its signal.
      await run(...given.map(([, value]) => value)).catch((error) => assert.equal(error.name, 'AbortError', error));
    });
  }
}
