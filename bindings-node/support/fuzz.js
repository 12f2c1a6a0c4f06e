'use strict';

// Calls every entry point with odd values in every place. Run by `test/fuzz.test.js`, in a process of its own, in a folder of its own.

const { setTimeout: sleep } = require('node:timers/promises');
const { entries, names } = require('./entries');
const { LARGE, odd } = require('./odd');

/** These read as much as they are given, and four thousand million holes are much. */
const ENDLESS = ['canonicalizeAddresses', 'validateMany', 'Engine#decideBatch', 'Engine#prepareBatch'];

/** What a call comes to. Of what goes on for long a little is enough. */
async function ended(work) {
  const made = await work();
  if (typeof made?.next !== 'function') return;
  const waits = sleep(50, { done: true });
  for (let n = 0; n < 3; n++) if ((await Promise.race([made.next(), waits])).done) break;
  Promise.resolve(made.return?.()).catch(() => {});
}

/** The options that a call has: it tells them of one that it does not have. */
async function optionsOf([call, ...args]) {
  const at = args.length - 1;
  if (!isOptions(args[at])) return [];
  try {
    await ended(() => call(...args.slice(0, at), { ...args[at], zzz: 1 }));
  } catch ({ message }) {
    return message.match(/there is no option `zzz`; there are (.*)/)?.[1].split(', ') ?? Object.keys(args[at]);
  }
  return Object.keys(args[at]);
}

function isOptions(value) {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

async function main() {
  const all = await entries();
  const complaints = [];
  let calls = 0;
  const tried = async (name, what, work) => {
    calls += 1;
    process.last = `${name} with ${what}`;
    try {
      await ended(work);
    } catch (error) {
      // It throws again what it was given.
      if (name === 'next.problemOf') return;
      if (!(error instanceof Error)) complaints.push(`${process.last}: threw what is no Error`);
      else if (/panicked|internal\.error/.test(`${error.code} ${error.message}`)) complaints.push(`${process.last}: ${error.message}`);
    }
  };
  for (const [name, [call, ...args]] of Object.entries(all)) {
    await tried(name, 'nothing', () => call());
    if (args.length === 0) continue;
    const options = await optionsOf([call, ...args]);
    for (const [what, make] of Object.entries(odd)) {
      if (ENDLESS.includes(name) && what === 'a list of holes') continue;
      if (LARGE.includes(what)) {
        await tried(name, `${what} at 0`, () => call(make(), ...args.slice(1)));
        continue;
      }
      for (const at of args.keys()) await tried(name, `${what} at ${at}`, () => call(...args.with(at, make())));
      for (const option of options) {
        const rest = args.slice(0, -1);
        await tried(name, `${what} as ${option}`, () => call(...rest, { ...args.at(-1), [option]: make() }));
      }
      // Within a lead, too.
      await tried(name, `${what} within`, () => call({ id: 'L', source: 'web', odd: make() }, ...args.slice(1)));
    }
  }
  return { calls, complaints, missing: names().filter((name) => !(name in all)), gone: Object.keys(all).filter((name) => !names().includes(name)) };
}

process.on('unhandledRejection', (error) => {
  console.log(JSON.stringify({ complaints: [`unhandled after ${process.last}: ${error?.stack ?? String(error)}`] }));
  process.exit(1);
});
const slow = setInterval(() => {}, 1e6);
main().then((told) => {
  clearInterval(slow);
  console.log(JSON.stringify(told));
  process.exit(0);
});
