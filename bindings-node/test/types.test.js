'use strict';

// The hand-written types say what the package has, no more and no less.

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const ts = require('typescript');
const leadwright = require('leadwright');
const { NOW, TINY, file, lead } = require('../support');

const types = path.join(__dirname, '../index.d.ts');
const lib = ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'];
const program = ts.createProgram([types], { strict: true, target: ts.ScriptTarget.ES2022, lib });
const checker = program.getTypeChecker();

/** What a plain object, a function and an error have anyway, and what is for the console. */
const USUAL = new Set([Object.prototype, Error.prototype].flatMap((each) => Object.getOwnPropertyNames(each)));
['name', 'length', 'prototype', 'stack', 'cause', 'summary', 'reads', 'captureStackTrace', 'stackTraceLimit',
  'prepareStackTrace'].forEach((name) => USUAL.add(name));

/** The names of a type's members; those that are symbols come as `__@dispose@12`. */
const declared = (type) =>
  names(checker.getPropertiesOfType(type).map(({ name }) => name.split('@')[1] ?? name));

/** The names of what is there, the inherited ones too. */
function present(object) {
  const found = [];
  for (let at = object; at !== null && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    found.push(...Object.getOwnPropertyNames(at));
    found.push(...Object.getOwnPropertySymbols(at).map((symbol) => symbol.description.split('.').at(-1)));
  }
  return names(found.filter((name) => name !== 'custom'));
}

const names = (all) => [...new Set(all)].filter((name) => !USUAL.has(name)).sort();

/** One of each class. */
async function examples(t) {
  const plan = leadwright.Plan.load(file(t, 'plan.jsonc', TINY));
  const engine = new leadwright.Engine(plan);
  const errors = Object.entries(leadwright).filter(([name]) => name.endsWith('Error') && name !== 'LineError');
  const [line, decision] = await engine.decideBatch(`\n${JSON.stringify(lead(1))}`, { now: NOW });
  const lines = await leadwright.validateMany([{}], { schema: 'us/home-services@1' });
  return {
    Buyers: new leadwright.Buyers(),
    Messages: new leadwright.Messages(),
    Plan: plan,
    Event: (await engine.subscribe('types').poll())[0],
    Subscription: engine.subscribe('types'),
    Engine: engine,
    LineError: line,
    Decision: decision,
    SuppressionList: leadwright.SuppressionList.of([]),
    ValidatedLine: lines[0],
    Validation: leadwright.validate({}, { schema: 'us/home-services@1' }),
    Address: leadwright.canonicalizeAddress(''),
    FieldCheck: leadwright.checkField('phone', ''),
    ...Object.fromEntries(errors.map(([name, Kind]) => [name, new Kind('words', 'a.code')])),
  };
}

test('every export is typed, and every type is exported', async (t) => {
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(types)));
  const values = exported.filter((symbol) => symbol.flags & ts.SymbolFlags.Value);
  assert.deepEqual(values.map((symbol) => symbol.name).sort(), Object.keys(leadwright).sort());
  const instances = await examples(t);
  const classes = values.filter((symbol) => symbol.flags & ts.SymbolFlags.Class);
  assert.deepEqual(classes.map((symbol) => symbol.name).sort(), Object.keys(instances).sort());
  for (const symbol of classes) {
    const instance = declared(checker.getDeclaredTypeOfSymbol(symbol));
    assert.deepEqual(instance, present(instances[symbol.name]), symbol.name);
    const statics = declared(checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration));
    assert.deepEqual(statics, present(leadwright[symbol.name]), `static members of ${symbol.name}`);
  }
});
