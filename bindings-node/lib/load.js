'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Of which C library a Linux is; nothing elsewhere. */
function libcOf(platform = process.platform, report = () => process.report?.getReport()) {
  if (platform !== 'linux') return undefined;
  try {
    return report().header.glibcVersionRuntime ? 'gnu' : 'musl';
  } catch {
    // Without a report there is still the loader of musl.
    return fs.existsSync('/lib') && fs.readdirSync('/lib').some((name) => name.startsWith('ld-musl-')) ? 'musl' : 'gnu';
  }
}

/** The package with the native half for a platform. */
function packageOf({ platform, arch, libc }) {
  return `@leadwright/${[platform, arch, libc].filter(Boolean).join('-')}`;
}

/** Where the native half may be, in this order; one that is named is the only one. */
function placesOf(host, env = process.env) {
  const named = env.LEADWRIGHT_NATIVE_PATH;
  if (named) return [path.resolve(named)];
  return [path.join(__dirname, '../leadwright.node'), packageOf(host)];
}

/** What can be done about it. */
function remedyOf(host, tried, env = process.env) {
  if (env.LEADWRIGHT_NATIVE_PATH) return 'LEADWRIGHT_NATIVE_PATH names the file: correct it, or unset it';
  const found = tried.find(({ isMissing }) => !isMissing);
  if (found) return `${found.place} is there, but not for this machine: remove node_modules and install anew on it`;
  const pinned = packageOf(host);
  return (
    `npm leaves optional packages out with --omit=optional, and where the lock file was written on another platform: ` +
    `\`npm install ${pinned}\` adds the one that is missing. In a checkout, \`cargo xtask bindings\` builds it`
  );
}

/** Tells what a person needs to mend it. */
function failureOf(host, tried, env) {
  const machine = [host.platform, host.arch, host.libc].filter(Boolean).join(' ');
  const lines = [
    `the native half of leadwright cannot be loaded on ${machine}, Node ${host.node} (ABI ${host.abi})`,
    ...tried.map(({ place, error }) => `  tried ${place}: ${String(error.message).split('\n')[0]}`),
    `  ${remedyOf(host, tried, env)}`,
  ];
  const failure = new Error(lines.join('\n'), { cause: tried.at(-1).error });
  return Object.assign(failure, { code: 'ERR_LEADWRIGHT_NATIVE', tried: tried.map(({ place }) => place) });
}

/** The native half: the first that is there. One that is there and does not load is no reason to look on. */
function load(host, take = require, env = process.env) {
  const tried = [];
  for (const place of placesOf(host, env)) {
    try {
      return take(place);
    } catch (error) {
      // What is inside of it may be missing, too; that is another mistake.
      const isMissing = error.code === 'MODULE_NOT_FOUND' && String(error.message).includes(place);
      tried.push({ place, error, isMissing });
      if (!isMissing) break;
    }
  }
  throw failureOf(host, tried, env);
}

/** This machine. */
function here() {
  const { platform, arch, versions } = process;
  return { platform, arch, libc: libcOf(), node: versions.node, abi: versions.modules };
}

module.exports = { here, libcOf, load, packageOf };
