'use strict';

// Odd values in every place of every entry point: each call answers or throws an Error, and the process lives.

const assert = require('node:assert/strict');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { test } = require('node:test');
const { folder } = require('../support');

test('no odd value ends the process, and every entry point is tried', { timeout: 900_000 }, async (t) => {
  const child = spawn(process.execPath, [path.join(__dirname, '../support/fuzz.js')], { cwd: folder(t), stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let [out, err] = ['', ''];
  child.stdout.on('data', (some) => (out += some));
  child.stderr.on('data', (some) => (err += some));
  const [code, signal] = await once(child, 'close');
  assert.deepEqual([code, signal, err], [0, null, ''], out);
  const { calls, complaints, missing, gone } = JSON.parse(out);
  assert.deepEqual(complaints, []);
  assert.deepEqual([missing, gone], [[], []], 'support/entries.js lists what is public');
  assert.ok(calls > 10_000, `${calls} calls`);
});
