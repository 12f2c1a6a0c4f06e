// Puts the two packages of this repository into node_modules as npm would put published ones: as copies.
//
// npm links folders of `file:`, and Next leaves a package of serverExternalPackages alone only where it is really in
// node_modules. An app that installs leadwright from a registry needs none of this.

import { cpSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

export function packages() {
  for (const folder of ['bindings-node', 'ui']) {
    const from = path.join(here, '../..', folder);
    const { name, files } = JSON.parse(readFileSync(path.join(from, 'package.json'), 'utf8'));
    const to = path.join(here, 'node_modules', name);
    rmSync(to, { recursive: true, force: true });
    for (const file of [...files, 'package.json']) cpSync(path.join(from, file), path.join(to, file), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) packages();
