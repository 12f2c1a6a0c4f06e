// The package without a browser: what is in it, that a server may import it, and that nothing of it drifts.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { texts } from '../build.js';
import { homeServices } from '../support/world.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundle = readFileSync(here('../dist/elements.js'));
const codes = JSON.parse(readFileSync(here('../../docs/reference/schema/explanation.json'), 'utf8')).$defs;

/** A module of src by itself. */
async function source(name) {
  const { outputFiles } = await build({ entryPoints: [here(`../src/${name}.ts`)], bundle: true, write: false, format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

test('a server imports it, and nothing happens', async () => {
  const { withoutLead, DecisionElement } = await import('@leadwright/elements');
  assert.equal(typeof DecisionElement, 'function');
  const { sold } = homeServices();
  const text = JSON.stringify(sold);
  const bare = withoutLead(sold);
  assert.equal(JSON.stringify(sold), text, 'what it was given is left as it was');
  assert.deepEqual([bare.decision.canonical, bare.decision.corrections], [{}, []]);
  assert.deepEqual(bare.entries, sold.entries);
});

test('it is one module without dependencies, and as small as its page says', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(here('../package.json'), 'utf8'));
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
  const text = bundle.toString();
  assert.doesNotMatch(text, /\bimport\s*[({"']|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?:\/\//);
  const [, size, packed] = /(\d+) kB \((\d+) kB packed\)/.exec(readFileSync(here('../README.md'), 'utf8').replace(/\s+/g, ' '));
  assert.ok(bundle.length / 1000 <= Number(size), `${bundle.length} bytes`);
  assert.ok(gzipSync(bundle).length / 1000 <= Number(packed), `${gzipSync(bundle).length} bytes packed`);
});

test('npm packs the module, its types and those of the wire, and nothing else', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: here('..'), encoding: 'utf8' });
  const listed = JSON.parse(packed);
  const files = (Array.isArray(listed) ? listed[0] : Object.values(listed)[0]).files.map(({ path }) => path);
  for (const file of ['dist/elements.js', 'dist/index.d.ts', 'dist/wire.d.ts', 'package.json', 'README.md']) assert.ok(files.includes(file), file);
  assert.deepEqual(files.filter((file) => !/^(dist\/[\w-]+\.(js|d\.ts)|package\.json|README\.md)$/.test(file)), []);
  assert.equal(readFileSync(here('../dist/wire.d.ts'), 'utf8'), readFileSync(here('../../bindings-node/wire.d.ts'), 'utf8'));
});

test('every problem and every reason has its sentence', () => {
  const told = texts();
  for (const code of [...codes.ProblemCode.enum, ...codes.ReasonCode.enum]) assert.ok(told[code], code);
});

test('every property and part of the page is one of the elements', () => {
  const page = readFileSync(here('../README.md'), 'utf8');
  const written = readdirSync(here('../src')).map((name) => readFileSync(here(`../src/${name}`), 'utf8')).join('\n');
  const properties = new Set(page.match(/--lw-\w+/g));
  assert.deepEqual([...properties].sort(), [...new Set(written.match(/--lw-\w+/g))].sort());
  const parts = page.split('parts:')[1].split('\n\n')[0].match(/\w+(?=`)/g);
  for (const part of parts) {
    assert.match(written, part === 'section' ? /part: `section / : part === 'table' ? /part: `table / : new RegExp(`part: '${part}'`), part);
  }
});

test('amounts are exact', async () => {
  const { difference, signed, units, written } = await source('money');
  assert.equal(difference('0.10', '0.30'), '+0.20');
  assert.equal(difference('359.50', '768.00'), '+408.50');
  assert.equal(difference('10.00', '9.9975'), '-0.0025');
  assert.equal(difference('90071992547409.93', '90071992547409.94'), '+0.01');
  assert.equal(difference('1.00', '1.00'), '0.00');
  assert.equal(difference('1.00', 'much'), '');
  assert.deepEqual(['0.005', '-12.50', '3.00'].map(signed), ['+0.005', '-12.50', '+3.00']);
  for (const text of ['0.00', '-0.01', '12.345', '1.2345', '-1000.10']) assert.equal(written(units(text)), text);
});

test('the first thing that is wrong is told by its place', async () => {
  const { check } = await source('shape');
  const shape = { a: { list: { b: 'text', 'c?': 'number' } }, 'd?': 'flag' };
  check({ a: [{ b: 'x' }, { b: 'y', c: 1 }, { b: 'z', c: null }], more: 1 }, shape);
  const wrong = (value) => {
    try {
      check(value, shape);
    } catch (failure) {
      return failure.where;
    }
    return undefined;
  };
  assert.equal(wrong(null), 'at the top: found null, expected an object');
  assert.equal(wrong({}), 'at /a: found nothing, expected a list');
  assert.equal(wrong({ a: [{ b: 'x' }, { b: 7 }] }), 'at /a/1/b: found a number, expected a text');
  assert.equal(wrong({ a: [{ b: 'x', c: '1' }] }), 'at /a/0/c: found a text, expected a number');
  assert.equal(wrong({ a: [], d: [] }), 'at /d: found a list, expected true or false');
  assert.equal(wrong(Object.create({ a: [] })), 'at /a: found nothing, expected a list');
});
