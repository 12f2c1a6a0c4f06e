'use strict';

// Every entry point of the package with arguments that it takes, for `test/fuzz.test.js`.

const lw = require('..');
const migrate = require('../migrate');
const express = require('../express');
const next = require('../next');
const { TINY, lead } = require('.');
const fs = require('node:fs');

const SCHEMA = 'us/home-services@1';
const KEY = 'sixteen bytes or more';
const [PLAN, LIST] = ['plan.jsonc', 'opt-outs.lwlist'];

/** What is public: the functions, the classes and their methods but `reads`, which makes them. Of errors there is one: the others have no more. */
function names() {
  const found = [];
  for (const [module, all] of Object.entries({ '': lw, 'migrate.': migrate, 'express.': express, 'next.': next })) {
    for (const [name, made] of Object.entries(all)) {
      if (typeof made !== 'function' || made.prototype instanceof lw.LeadwrightError) continue;
      const path = `${module}${name}`;
      if (!/^class/.test(Function.prototype.toString.call(made))) found.push(path);
      else found.push(`new ${path}`, ...methods(made, path, ['prototype', 'reads']), ...methods(made.prototype, `${path}#`, ['constructor']));
    }
  }
  return [...new Set(found)].sort();
}

function methods(of, path, usual) {
  const found = [];
  for (let at = of; at !== null && at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    if (at === Error || at === Error.prototype) break;
    for (const name of Reflect.ownKeys(at)) {
      const { value } = Object.getOwnPropertyDescriptor(at, name);
      if (typeof value !== 'function' || usual.includes(name)) continue;
      const shown = typeof name === 'symbol' ? `[${name.description.split('.').at(-1)}]` : name;
      found.push(path.endsWith('#') ? `${path}${shown}` : `${path}.${shown}`);
    }
  }
  return found;
}

function saysNothing(given) {
  try {
    return given === undefined || given === null || (typeof given === 'object' && Object.keys(given).length === 0);
  } catch {
    return false;
  }
}

/** The entries: what is called, with which arguments, and names of the options of the last one. */
async function entries() {
  fs.writeFileSync(PLAN, TINY);
  lw.SuppressionList.of(['312-867-5309']).write(LIST, 'x');
  const plan = lw.Plan.load(PLAN);
  const engine = new lw.Engine(plan);
  const decision = engine.decideSync(lead(1));
  const [line] = await engine.decideBatch('\n');
  const subscription = engine.subscribe('odd');
  const [event] = await subscription.poll(1);
  const [row] = await engine.prepareBatch([lead(2)]);
  const list = lw.SuppressionList.of(['312-867-5309']);
  const buyers = new lw.Buyers();
  const m = new migrate.Migration('odd', { engine, stage: 'shadow' });
  const step = m.step('validate', () => 'x', { candidate: () => 'x' });
  const decide = m.decide('decide', () => null, { seen: () => ({ outcome: 'unsold' }) });
  const sending = { id: 'x', key: 'x' };
  const answers = {
    Address: lw.canonicalizeAddress('5 elm pl'),
    Decision: decision,
    Event: event,
    FieldCheck: lw.checkField('phone', ''),
    LineError: line,
    ValidatedLine: (await lw.validateMany([{}], { schema: SCHEMA }))[0],
    Validation: lw.validate({}, { schema: SCHEMA }),
  };
  const error = new lw.StoreError('words', 'store.busy');
  const ended = AbortSignal.abort(new Error('enough'));

  const all = {
    canonicalizeAddress: [lw.canonicalizeAddress, 'x'],
    canonicalizeAddresses: [lw.canonicalizeAddresses, ['x'], {}],
    checkField: [lw.checkField, 'phone', 'x', { region: 'US' }],
    redactText: [lw.redactText, 'phone', 'x', {}],
    validate: [lw.validate, {}, { schema: SCHEMA }],
    validateMany: [lw.validateMany, [{}], { schema: SCHEMA }],
    verifyWebhook: [lw.verifyWebhook, ['whsec_c2VjcmV0'], {}, '{}', {}],

    'new Buyers': [(...args) => new lw.Buyers(...args), {}],
    'new Engine': [(...args) => new lw.Engine(...args), plan, {}],
    'new LeadwrightError': [(...args) => new lw.LeadwrightError(...args).toJSON(), 'm', 'c'],
    'LeadwrightError.from': [(json) => lw.LeadwrightError.from(json), error.toJSON()],
    'LeadwrightError#toJSON': [() => error.toJSON()],
    'new Messages': [(texts) => new lw.Messages(texts), { '*': 'x' }],
    'Messages#of': [(problem) => new lw.Messages().of(problem), { code: 'phone.invalid' }],
    'new Plan': [(...args) => new lw.Plan(...args), plan],
    'new Subscription': [(...args) => new lw.Subscription(...args).poll(), engine],
    'new SuppressionList': [(...args) => new lw.SuppressionList(...args).holds('x'), 'x'],

    'Plan.load': [lw.Plan.load, PLAN],
    'Plan.fromBundle': [lw.Plan.fromBundle, plan.bundle()],
    'Plan.fromRows': [lw.Plan.fromRows, { base: JSON.parse(TINY), contracts: [] }],
    'Plan.checkRows': [lw.Plan.checkRows, { base: JSON.parse(TINY), contracts: [] }],
    'Plan.rowsToFiles': [lw.Plan.rowsToFiles, { base: JSON.parse(TINY), contracts: [] }],
    'Plan.check': [lw.Plan.check, PLAN],
    'Plan.lint': [lw.Plan.lint, PLAN, {}],
    'Plan.format': [lw.Plan.format, '{}'],
    'Plan.fix': [lw.Plan.fix, PLAN, {}],
    'Plan#toDocuments': [() => plan.toDocuments()],
    'Plan#diff': [(...args) => plan.diff(...args), plan],
    'Plan#explain': [(...args) => plan.explain(...args), lead(1), {}],
    'Plan#bundle': [() => plan.bundle()],

    'SuppressionList.open': [lw.SuppressionList.open.bind(lw.SuppressionList), LIST, {}],
    'SuppressionList.openSync': [lw.SuppressionList.openSync.bind(lw.SuppressionList), LIST],
    'SuppressionList.of': [lw.SuppressionList.of.bind(lw.SuppressionList), ['312-867-5309'], {}],
    'SuppressionList#holds': [(...args) => list.holds(...args), 'x'],
    'SuppressionList#write': [(...args) => list.write(...args), 'written', 'x'],

    'Subscription#poll': [(...args) => subscription.poll(...args), 1],
    'Subscription#ack': [(...args) => subscription.ack(...args), 1],
    'Subscription#seek': [(...args) => subscription.seek(...args), 'start'],
    'Subscription#follow': [(...args) => subscription.follow(...args), { timeout: 0 }],
    'Subscription#[asyncIterator]': [() => subscription.follow({ timeout: 0 })],

    'Decision#redacted': [(of) => decision.redacted(of), plan],
    'Decision#hashed': [(...args) => decision.hashed(...args), plan, KEY],
    'Validation#redacted': [() => answers.Validation.redacted()],
    'Validation#hashed': [(key) => answers.Validation.hashed(key), KEY],
    'ValidatedLine#redacted': [() => answers.ValidatedLine.redacted()],
    'ValidatedLine#hashed': [(key) => answers.ValidatedLine.hashed(key), KEY],

    'migrate.current': [migrate.current],
    'migrate.inWorker': [migrate.inWorker, 'none.js', {}],
    'migrate.killedByEnv': [(...args) => migrate.killedByEnv(...args)?.(), 'ODD'],
    'migrate.killedByFile': [(...args) => migrate.killedByFile(...args)?.(), 'none'],
    'migrate.stageFromEnv': [migrate.stageFromEnv, 'ODD'],
    'migrate.stageFromFile': [migrate.stageFromFile, 'none'],
    'migrate.stageFromOpenFeature': [migrate.stageFromOpenFeature, {}, 'x'],
    'new migrate.Args': [(...args) => new migrate.Args(...args), 'x'],
    'new migrate.Call': [(...args) => new migrate.Call(...args).seed, 'x', 0],
    'new migrate.Migration': [(...args) => new migrate.Migration(...args).end(), 'x', {}],
    'new migrate.Room': [(...args) => new migrate.Room(...args), 'x'],
    'migrate.Room#confirm': [() => new migrate.Room().confirm()],
    'migrate.Room#release': [() => new migrate.Room().release()],
    'migrate.Migration#step': [(given, ...args) => step(given, ...args), 'x'],
    'migrate.Migration#decide': [(given) => decide(given), lead(1)],
  };
  for (const name of ['room', 'setStage', 'stage', 'start', 'calibrate']) all[`migrate.Migration#${name}`] = [(...args) => m[name](...args), 'x'];
  // They take nothing, or look at what other calls have written.
  for (const name of ['tick', 'written', 'flush', 'counters', 'status', 'summary', 'check', 'end']) all[`migrate.Migration#${name}`] = [() => m[name]()];
  for (const [name, answer] of Object.entries(answers)) {
    all[`new ${name}`] = [(...args) => new lw[name](...args).toJSON(), Buffer.from('{}'), {}];
    if (answer.messages) all[`${name}#messages`] = [(...args) => answer.messages(...args), new lw.Messages()];
    for (const method of ['summary', 'toJSON']) all[`${name}#${method}`] = [() => answer[method]()];
  }

  const onEngine = {
    decide: [lead(1), {}],
    decideSync: [lead(1), {}],
    dryRun: [lead(1), {}],
    decideBatch: [[lead(1)], {}],
    prepareBatch: [[lead(1)], {}],
    settleBatch: [[row], {}],
    operate: [{ op: 'revoke', phone: '312-867-5309', reason: 'x' }, {}],
    observe: [lead(9), { outcome: 'unsold' }, {}],
    reserveExternal: ['acme-il', 'k', {}],
    confirmExternal: ['k', {}],
    releaseExternal: ['k', {}],
    report: [{}],
    statement: ['buyer:acme', {}],
    statements: ['buyer:acme'],
    balances: [],
    forget: [{ phone: '312-867-5309', by: 'x', reason: 'x' }, {}],
    errors: [],
    retry: ['x', {}],
    claim: ['w', {}],
    delivered: ['x', 'accepted', {}],
    runDelivery: [{ signal: ended, untilEmpty: true }],
    submit: [lead(1), buyers, { within: 50 }],
    ping: [lead(1), buyers, { within: 50 }],
    post: [lead(1), buyers, { within: 50 }],
    requestOf: [sending, {}],
    outcomeOf: [sending, { status: 200 }, {}],
    outbox: [],
    breakers: [{}],
    deliveries: ['due'],
    delivery: ['x'],
    redrive: [{ key: 'x' }, {}],
    queue: [],
    workQueue: [{}],
    release: [{ lead: 'x', do: 'drop' }, {}],
    drift: [{}],
    metrics: [],
    prometheus: [],
    explain: [decision, {}],
    explainLead: [lead(1), {}],
    replay: [decision.id],
    subscribe: ['odd2', {}],
    subscribers: [],
    unsubscribe: ['odd2'],
    setList: ['x', list],
    swap: [plan],
  };
  for (const [name, args] of Object.entries(onEngine)) all[`Engine#${name}`] = [(...given) => engine[name](...given), ...args];
  // Without options it would run for as long as the program does.
  all['Engine#runDelivery'][0] = (given) => engine.runDelivery(saysNothing(given) ? { signal: ended } : given);
  const closing = { close: 'close', '[dispose]': Symbol.dispose ?? Symbol.for('nodejs.dispose'), '[asyncDispose]': Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose') };
  for (const [name, method] of Object.entries(closing)) all[`Engine#${name}`] = [() => new lw.Engine(plan)[method]()];
  for (const name of ['Address', 'Buyers', 'Decision', 'Engine', 'Event', 'FieldCheck', 'LineError', 'Plan', 'Subscription', 'SuppressionList', 'ValidatedLine', 'Validation']) {
    const shown = { Buyers: buyers, Engine: engine, Plan: plan, Subscription: subscription, SuppressionList: list, ...answers }[name];
    all[`${name}#[custom]`] = [(...args) => shown[Symbol.for('nodejs.util.inspect.custom')](...args), 0];
  }

  const request = () => new Request('http://localhost/', { method: 'POST', body: '{}' });
  const incoming = (body) => ({ headers: {}, body, readableEnded: true });
  const quiet = { headersSent: false, setHeader() {}, writeHead() {}, end() {} };
  all['express.problems'] = [(given) => express.problems()(given, incoming(), quiet, () => {}), error];
  all['express.validLead'] = [(options, body) => express.validLead(options)(incoming(body), quiet, () => {}), { schema: SCHEMA }, {}];
  all['express.decideLead'] = [(options, body) => express.decideLead(options)(incoming(body), quiet, () => {}), { engine }, lead(1)];
  all['next.problemOf'] = [next.problemOf, error];
  all['next.validLead'] = [(options, then) => next.validLead(options, then)(request()), { schema: SCHEMA }, () => ({})];
  all['next.decideLead'] = [(options, given) => next.decideLead(options)(given), { engine }, request()];
  return all;
}

module.exports = { entries, names };
