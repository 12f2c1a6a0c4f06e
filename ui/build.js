// Makes dist: one ES module, its types, and the types of the wire.

import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `leadwright:codes`: what every problem and reason says, from the one table of codes. */
const codes = {
  name: 'codes',
  setup(make) {
    make.onResolve({ filter: /^leadwright:codes$/ }, ({ path }) => ({ path, namespace: 'codes' }));
    make.onLoad({ filter: /.*/, namespace: 'codes' }, () => ({ contents: JSON.stringify(texts()), loader: 'json' }));
  },
};

export function texts(toml = readFileSync(here('../core/codes.toml'), 'utf8')) {
  const found = {};
  let part = '';
  for (const line of toml.split('\n')) {
    part = /^\[(.+)\]$/.exec(line)?.[1] ?? part;
    const code = /^(\w+) = \{ kind = "(?:problem|reason)",.*? text = ("(?:[^"\\]|\\.)*")/.exec(line);
    if (code !== null) found[`${part}.${code[1]}`] = JSON.parse(code[2]);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(here('dist'), { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const types = ['--emitDeclarationOnly', '--declaration', '--outDir', 'dist', '--rootDir', 'src', '-p', '.'];
  execFileSync(process.execPath, [tsc, ...types], { cwd: here('.'), stdio: 'inherit' });
  cpSync(here('../bindings-node/wire.d.ts'), here('dist/wire.d.ts'));
  await build({
    absWorkingDir: here('.'),
    entryPoints: ['src/index.ts'],
    outfile: 'dist/elements.js',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    plugins: [codes],
  });
}
