'use strict';

// Finding the native half, and what is said where it is not.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { test } = require('node:test');
const { here, libcOf, load, packageOf } = require('../lib/load');
const { folder } = require('../support');

const ADDON = path.join(__dirname, '../leadwright.node');
const ALPINE = { platform: 'linux', arch: 'arm64', libc: 'musl', node: '22.0.0', abi: '127' };

/** A `require` that finds only these; another value is the error of one that is there. */
function taking(found) {
  return (place) => {
    if (found[place] instanceof Error) throw found[place];
    if (place in found) return found[place];
    throw Object.assign(new Error(`Cannot find module '${place}'\nRequire stack:`), { code: 'MODULE_NOT_FOUND' });
  };
}

test('the file beside the package comes first, then the package of the platform', () => {
  assert.equal(load(ALPINE, taking({ [ADDON]: 1, '@leadwright/linux-arm64-musl': 2 }), {}), 1);
  assert.equal(load(ALPINE, taking({ '@leadwright/linux-arm64-musl': 2 }), {}), 2);
  const env = { LEADWRIGHT_NATIVE_PATH: '/opt/lw.node' };
  assert.equal(load(ALPINE, taking({ [ADDON]: 1, '/opt/lw.node': 3 }), env), 3);
  assert.equal(packageOf({ platform: 'darwin', arch: 'arm64' }), '@leadwright/darwin-arm64');
  assert.equal(packageOf({ platform: 'win32', arch: 'x64' }), '@leadwright/win32-x64');
});

test('where there is none, it says the machine, what was tried, and what to do', () => {
  assert.throws(() => load(ALPINE, taking({}), {}), (error) => {
    for (const part of ['linux arm64 musl', 'Node 22.0.0 (ABI 127)', `tried ${ADDON}`, 'npm install @leadwright/linux-arm64-musl']) {
      assert.ok(error.message.includes(part), part);
    }
    assert.deepEqual([error.code, error.tried], ['ERR_LEADWRIGHT_NATIVE', [ADDON, '@leadwright/linux-arm64-musl']]);
    assert.ok(error.cause instanceof Error && !error.message.includes('Require stack'));
    return true;
  });
});

test('one that is there and does not load is told, not passed over', () => {
  const wrong = Object.assign(new Error('invalid ELF header'), { code: 'ERR_DLOPEN_FAILED' });
  const told = /leadwright\.node: invalid ELF header\n.*not for this machine/;
  assert.throws(() => load(ALPINE, taking({ [ADDON]: wrong, '@leadwright/linux-arm64-musl': 2 }), {}), told);
  const env = { LEADWRIGHT_NATIVE_PATH: ADDON };
  assert.throws(() => load(ALPINE, taking({ [ADDON]: wrong }), env), /LEADWRIGHT_NATIVE_PATH names the file/);
});

test('the C library of a Linux', () => {
  assert.equal(libcOf('linux', () => ({ header: { glibcVersionRuntime: '2.36' } })), 'gnu');
  assert.equal(libcOf('linux', () => ({ header: {} })), 'musl');
  assert.match(libcOf('linux', () => { throw new Error('none'); }), /^(gnu|musl)$/);
  assert.equal(libcOf('darwin'), undefined);
  assert.equal(here().abi, process.versions.modules);
});

test('a file that is named is loaded, and a wrong one is told', (t) => {
  const at = folder(t);
  const run = (named) => {
    const env = { ...process.env, LEADWRIGHT_NATIVE_PATH: named };
    const script = `console.log(require(${JSON.stringify(path.join(__dirname, '..'))}).version)`;
    return spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
  };
  fs.symlinkSync(ADDON, path.join(at, 'other.node'));
  assert.equal(run(path.join(at, 'other.node')).stdout.trim(), require('../package.json').version);
  fs.writeFileSync(path.join(at, 'no.node'), 'no addon');
  for (const [name, why] of [['no.node', /no\.node: .*\n.*LEADWRIGHT_NATIVE_PATH/], ['none.node', /Cannot find module/]]) {
    const { status, stderr } = run(path.join(at, name));
    assert.equal(status, 1);
    assert.match(stderr, why);
    assert.match(stderr, new RegExp(`${process.platform} ${process.arch}`));
  }
});
