'use strict';

const path = require('node:path');
const native = require('../native');
const { call } = require('../errors');
const { options } = require('../options');
const { DecideStep } = require('./decide');
const { MigrationError } = require('./errors');
const { Ledger } = require('./ledger');
const { Limits } = require('./limits');
const { killedByEnv, sourceOf } = require('./source');
const { Step } = require('./step');
const { dryRun } = require('./view');
const { background } = require('./work');
const { kindOf, wrap } = require('./wrap');

const LIMITS = 'limits';
const DEADLINE_MS = 250;
const RULES = ['ignore', 'tolerance', 'unordered', 'money', 'known'];

/** Some functions of an app on their way to leadwright, each under a name of its own and with a stage of its own. */
class Migration {
  #engine;
  #key;
  #source;
  #kill;
  #steps = new Map();
  #limits;
  #reasons = new Map();
  #refused = new Map();
  #set = new Map();
  #isReading = false;

  constructor(name, given) {
    const told = options(given, 'engine', 'parity', 'key', 'stage', 'kill', 'hashKey', 'values', 'ids', 'warn');
    this.name = String(name);
    this.killed = false;
    this.started = false;
    const { stage = 'off' } = told;
    /** Whether stages change by `setStage` alone. */
    this.isFixed = typeof stage === 'string';
    this.#source = sourceOf(stage);
    this.#engine = told.engine;
    this.#key = told.key ?? ((lead) => lead.id);
    this.#kill = told.kill ?? killedByEnv('LEADWRIGHT_MIGRATE_KILL');
    this.warn = told.warn ?? ((text) => process.emitWarning(text, 'LeadwrightMigrate'));
    this.ledger = new Ledger(path.resolve(told.parity ?? 'parity.db'), this.name, told);
    if (this.#engine) this.#limits = new Limits(this, LIMITS, this.#engine);
    background.register(this);
  }

  // Setting up.

  /** The engine as candidates may use it: it decides dry, and writes nothing. */
  get engine() {
    return dryRun(this.#engineOf('a candidate with an engine'));
  }

  #engineOf(what) {
    if (this.#engine) return this.#engine;
    throw new MigrationError(`${what} needs \`new Migration(name, { engine })\``, 'migrate.no_engine');
  }

  /** Wraps the legacy of a step. What it returns is a function of the same kind, with the same name and length. */
  step(name, legacy, given) {
    const told = options(
      given, 'candidate', 'adaptIn', 'adaptOut', 'clean', ...RULES, 'key', 'plain', 'deadline', 'reverse', 'raiseOnMismatch',
    );
    isFunction(legacy, 'a step');
    isFunction(told.candidate, '`candidate`');
    const { deadline = DEADLINE_MS, reverse = true, key = this.#key } = told;
    const { candidate, adaptIn, adaptOut, clean, plain, raiseOnMismatch = false } = told;
    const kept = { candidate, adaptIn, adaptOut, clean, plain, key, deadline, reverse, raiseOnMismatch };
    return this.#added(new Step(this, String(name), legacy, kindOf(legacy), kept), rules(told, false));
  }

  /** Wraps the function that decides a lead in the old app; the candidate is the engine. */
  decide(name, legacy, given) {
    const told = options(
      given, 'seen', 'adaptIn', 'adaptOut', 'ignore', 'tolerance', 'known', 'key', 'plain', 'observe', 'reverse',
      'withoutLimits', 'raiseOnMismatch',
    );
    isFunction(legacy, 'a step');
    isFunction(told.seen, '`seen`');
    const { observe = 'background', reverse = false, key = this.#key, seen, adaptIn, adaptOut, plain } = told;
    if (observe !== 'background' && observe !== 'inline') {
      throw new MigrationError('`observe` is `background` or `inline`', 'migrate.bad_step');
    }
    const kind = kindOf(legacy);
    if (kind.includes('generator')) throw new MigrationError('what decides a lead is no generator', 'migrate.bad_step');
    const engine = this.#engineOf('a decide step');
    const kept = {
      seen, adaptIn, adaptOut, plain, key, reverse, engine, inline: observe === 'inline', deadline: 5_000,
      raiseOnMismatch: told.raiseOnMismatch ?? false,
    };
    this.#reasons.set(String(name), told.withoutLimits);
    return this.#added(new DecideStep(this, String(name), legacy, kind, kept), rules(told, true));
  }

  #added(step, given) {
    if (this.#steps.has(step.name) || step.name === LIMITS) {
      throw new MigrationError(`there is a step \`${step.name}\` already`, 'migrate.bad_step');
    }
    this.ledger.addStep(step.name, given);
    this.#steps.set(step.name, step);
    try {
      if (!this.#source.isSlow) this.#apply(this.#source.read(this.#names()), true);
    } catch (error) {
      this.#steps.delete(step.name);
      throw error;
    }
    step.settle();
    return wrap(step);
  }

  /** Room for one sale of the old app: sell where it is `held`, then `confirm()` or `release()`. */
  room(contract, key, given) {
    if (!this.#limits) throw new MigrationError('limits need `new Migration(name, { engine })`', 'migrate.no_engine');
    this.start();
    return this.#limits.room(contract, key, given);
  }

  /** Whether the old app sells nothing without room. */
  get limitsInForce() {
    return this.#limits !== undefined && this.#limits.inForce;
  }

  // Stages.

  /** Sets a stage from the app itself, over whatever source there is. Throws where it may not be. */
  setStage(step, stage) {
    if (!this.#names().includes(step)) throw new MigrationError(`there is no step \`${step}\``, 'migrate.bad_step');
    this.#one(step, String(stage));
    this.#set.set(step, String(stage));
  }

  /** The stage that a step has now. */
  stage(step) {
    const [name, share] = this.#of(step).stage;
    return share === 10_000 && name !== 'canary' ? name : `${name} ${share / 100}`;
  }

  #names() {
    return [...(this.#limits ? [LIMITS] : []), ...this.#steps.keys()];
  }

  #of(step) {
    return step === LIMITS ? this.#limits : this.#steps.get(step);
  }

  #one(step, text) {
    const { name, share } = call(() => native.parseStage(text));
    const answers = ['canary', 'primary', 'done'].includes(name);
    if (answers && this.#reasons.has(step) && !this.limitsInForce && !this.#reasons.get(step)) {
      const why = `\`${step}\` may be \`${name}\` when the step \`limits\` is \`primary\`: before that two systems count the caps`;
      throw new MigrationError(`${why}; \`withoutLimits\` names the reason why it may all the same`, 'migrate.no_limits');
    }
    const target = this.#of(step);
    if (target.stage[0] !== name || target.stage[1] !== share) target.setStage(name, share);
  }

  /** One that may not be leaves the step as it is, and is said in `status`. */
  #apply(read, strict = false) {
    const stages = new Map(read);
    for (const step of this.#names()) {
      try {
        this.#one(step, this.#set.get(step) ?? stages.get(step) ?? 'off');
        this.#refused.delete(step);
      } catch (error) {
        if (strict) throw error;
        if (this.#refused.get(step) !== error.message) {
          this.warn(`migration ${this.name}, step ${step}: the stage stays as it is: ${error.message}`);
        }
        this.#refused.set(step, error.message);
      }
    }
  }

  /** The kill switch, then the stages. */
  #look() {
    let killed = this.killed;
    try {
      killed = Boolean(this.#kill());
    } catch {
      // Who cannot be asked has not changed.
    }
    if (killed !== this.killed) {
      this.killed = killed;
      for (const step of this.#names()) this.#of(step).settle();
    }
    if (!this.#source.isSlow) this.#apply(this.#source.read(this.#names()));
    else if (!this.#isReading) void this.#readLater();
  }

  async #readLater() {
    this.#isReading = true;
    try {
      this.#apply(await this.#source.read(this.#names()));
    } catch {
      // The stages stay as they are.
    } finally {
      this.#isReading = false;
    }
  }

  /** Begins to read stages; the first call does it. */
  start() {
    if (this.started) return;
    this.started = true;
    background.start();
    try {
      this.#look();
    } finally {
      for (const step of this.#names()) this.#of(step).settle();
    }
  }

  // The background calls these.

  tick() {
    if (!this.started) return;
    try {
      this.#look();
    } finally {
      this.#count();
    }
  }

  written() {
    this.ledger.write();
  }

  end() {
    this.ledger.write();
    this.#count();
  }

  #count() {
    this.ledger.count([...this.#steps].map(([name, step]) => [name, step.counters()]));
  }

  // What came of it.

  /** Runs the legacy beside itself for the next `n` calls that are sampled. Only for a legacy that may run twice. */
  calibrate(step, n = 1_000) {
    const found = this.#steps.get(step);
    if (!found || found instanceof DecideStep) {
      throw new MigrationError(`\`${step}\` is no step whose legacy can run twice`, 'migrate.bad_step');
    }
    found.calibrations = n;
  }

  /** Waits until everything is compared and written; whether it is. */
  async flush(milliseconds = 2_000) {
    const done = await background.flush(milliseconds);
    this.#count();
    return done;
  }

  /** What was counted in this thread, by step. Nothing in it comes from a lead. */
  counters() {
    return Object.fromEntries(this.#names().map((step) => [step, this.#of(step).counters()]));
  }

  /** The stage of each step, what was refused and why, and whether the kill switch is on. */
  status() {
    const stages = Object.fromEntries(this.#names().map((step) => [step, this.stage(step)]));
    const refused = Object.fromEntries(this.#refused);
    return { killed: this.killed, stages, refused, ledgerFailures: this.ledger.failures };
  }

  /** What the file of pairs says: rates with their intervals, classes, known differences, latencies. */
  summary(step) {
    return this.ledger.summary(step);
  }

  /** Whether a step is ready by a gate, and each condition with what was found and what was wanted. */
  check(gate) {
    return this.ledger.check(gate);
  }
}

function rules(told, decision) {
  const given = Object.fromEntries(RULES.map((rule) => [rule, told[rule]]).filter(([, rule]) => rule !== undefined));
  const text = (number) => (typeof number === 'number' ? number.toFixed(12).replace(/\.?0+$/, '') : String(number));
  const tolerance = Object.entries(given.tolerance ?? {}).map(([pointer, most]) => [pointer, text(most)]);
  return { ...given, tolerance: Object.fromEntries(tolerance), decision };
}

function isFunction(value, what) {
  if (typeof value !== 'function') throw new TypeError(`${what} is a function`);
}

module.exports = { Migration };
