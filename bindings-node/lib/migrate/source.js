'use strict';

// Where stages come from, and what stops a candidate. All are read beside the calls, once a second.

const fs = require('node:fs');
const { MigrationError } = require('./errors');

/** Stages from a text: one for all, or `step=stage` for each, by lines or semicolons. */
function byStep(text, steps) {
  const parts = text.split(/[;\n]/).map((part) => part.trim()).filter((part) => part && !part.startsWith('#'));
  if (parts.length === 1 && !parts[0].includes('=')) return steps.map((step) => [step, parts[0]]);
  const named = new Map();
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 0) throw new MigrationError('a line of stages is `step=stage`', 'migrate.bad_stage');
    named.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return steps.map((step) => [step, named.get(step) ?? named.get('*') ?? 'off']);
}

class Source {
  constructor(read, isSlow = false) {
    this.read = read;
    /** Whether it answers with a promise, or may. */
    this.isSlow = isSlow;
  }
}

/** Stages from a variable of the environment. */
function stageFromEnv(name, fallback = 'off') {
  return new Source((steps) => byStep(process.env[name] || fallback, steps));
}

/** Stages from a file, which may be written anew while the app runs; without the file it is the fallback. */
function stageFromFile(file, fallback = 'off') {
  return new Source((steps) => {
    let text;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    return byStep(text?.trim() || fallback, steps);
  });
}

function asked(ask) {
  return new Source(async (steps) => Promise.all(steps.map(async (step) => [step, String(await ask(step))])), true);
}

/** Stages from string flags of an OpenFeature client, one a step; `{step}` in `flag` is the step. */
function stageFromOpenFeature(client, flag = '{step}', fallback = 'off') {
  return asked((step) => client.getStringValue(flag.replaceAll('{step}', step), fallback));
}

/** Whatever says a stage. */
function sourceOf(given) {
  if (given instanceof Source) return given;
  if (typeof given === 'string') return new Source((steps) => byStep(given, steps));
  if (typeof given === 'function') return asked(given);
  if (typeof given === 'object' && given !== null) {
    return new Source((steps) => steps.map((step) => [step, given[step] ?? given['*'] ?? 'off']));
  }
  throw new TypeError('`stage` is a text, an object by step, a function of the step, or what a `stageFrom…` gives');
}

/** On while the variable is set to anything but nothing and `0`. */
function killedByEnv(name) {
  return () => !['', '0', undefined].includes(process.env[name]);
}

/** On while there is such a file. */
function killedByFile(file) {
  return () => fs.existsSync(file);
}

module.exports = { killedByEnv, killedByFile, sourceOf, stageFromEnv, stageFromFile, stageFromOpenFeature };
