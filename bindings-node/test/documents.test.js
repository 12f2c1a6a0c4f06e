'use strict';

// The JavaScript of the READMEs is run, and the quickstart prints what its page says.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const { REPOSITORY, TINY, folder } = require('../support');

const PACKAGE = path.join(__dirname, '..');

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

test('the quickstart prints its page, also the second time', (t) => {
  const [made, examples] = [place(t), path.join(REPOSITORY, 'examples/quickstart')];
  const read = (name) => fs.readFileSync(path.join(examples, name), 'utf8');
  const [text, want] = ['quickstart.mjs', 'output.txt'].map(read);
  assert.equal(printed(made, text), want);
  assert.equal(printed(made, text), want);
});
