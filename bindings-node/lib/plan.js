'use strict';

const { fileURLToPath } = require('node:url');
const { types } = require('node:util');
const native = require('./native');
const { call } = require('./errors');
const { civil, listed, millis, options, textOf } = require('./options');
const values = require('./values');

/** No table has more rows, no list of a plan more entries, and no plan more values. */
const [ROWS, ENTRIES, VALUES] = [1 << 20, 1 << 24, 1 << 27];

/** Only `Plan.load` and `Plan.fromBundle` make plans. */
const FROM_HERE = Symbol('native');

/** A checked and compiled plan: immutable, cheap to share. */
class Plan {
  #native;

  constructor(inner, key) {
    if (key !== FROM_HERE) throw new TypeError('a plan is made by Plan.load or Plan.fromBundle');
    this.#native = inner;
  }

  /** Reads `plan.jsonc` with its includes and lists. Throws `PlanError` with every mistake of the plan at once. */
  static load(path) {
    const file = filePath(path);
    return new Plan(call(() => native.Plan.load(file)), FROM_HERE);
  }

  /** The plan that `bundle` wrote. */
  static fromBundle(bundle) {
    if (typeof bundle !== 'string') throw new TypeError('a bundle is a string');
    return new Plan(call(() => native.Plan.fromBundle(bundle)), FROM_HERE);
  }

  /**
   * A plan whose buyers and contracts are rows, beside a `base`: the path of a plan with all the rest, or that plan as an
   * object. Throws `PlanError` with every mistake at once, those of cells by table, row and column.
   */
  static fromRows(given) {
    const { tables, path, text } = fromTables(given);
    return new Plan(call(() => native.Plan.fromRows(tables, path, text)), FROM_HERE);
  }

  /** Everything that is wrong with such tables; throws nothing for a bad plan. */
  static checkRows(given) {
    const { tables, path, text } = fromTables(given);
    return JSON.parse(call(() => native.Plan.checkRows(tables, path, text))).issues;
  }

  /** The files that such tables stand for, by their names. */
  static rowsToFiles(given) {
    const { tables, path, text } = fromTables(given);
    return JSON.parse(call(() => native.Plan.checkRows(tables, path, text))).files;
  }

  /** The plan as files, one for each buyer: without comments and remarks, and without the entries of lists. */
  toDocuments() {
    return JSON.parse(call(() => this.#native.toDocuments()));
  }

  /** Everything that is wrong with a plan, in the order of its files; throws nothing for a bad plan. */
  static check(path) {
    const file = filePath(path);
    return JSON.parse(call(() => native.Plan.check(file)));
  }

  /** What `check` finds, and what the plan hardly means; `asOf` is the day on which it is judged, today when absent. */
  static lint(path, given) {
    const file = filePath(path);
    const today = civil(options(given, 'asOf').asOf ?? new Date());
    return JSON.parse(call(() => native.Plan.lint(file, today)));
  }

  /** The text of a plan file laid out as `leadwright fmt` does; `null` when it is not JSON with comments. */
  static format(text) {
    if (typeof text !== 'string') throw new TypeError('the text of a plan is a string');
    return call(() => native.Plan.format(text));
  }

  /** What changes from this plan to a new one: under `changes` what changes, each with a sentence in `text`. */
  diff(plan) {
    const other = inner(plan);
    return JSON.parse(call(() => this.#native.diff(other)));
  }

  /**
   * What would become of a lead if nothing had been decided before, and why: needs no engine and no store. Lists that the
   * plan keeps outside of itself count as missing; `engine.explainLead` has them.
   */
  explain(lead, given) {
    const { at, all = false, contract } = options(given, 'at', 'all', 'contract');
    const text = values.lead(lead);
    return JSON.parse(call(() => this.#native.explain(text, millis(at), Boolean(all), textOf('contract', contract))));
  }

  /**
   * Mends what is wrong with a plan where that is without doubt, with `guesses` also where it is not. Nothing is written
   * unless `write` is set: look at `files` first.
   */
  static fix(path, given) {
    const { guesses = false, write = false } = options(given, 'guesses', 'write');
    const file = filePath(path);
    return JSON.parse(call(() => native.Plan.fix(file, Boolean(guesses), Boolean(write))));
  }

  /** The whole plan with its lists in one text: what a worker is sent. */
  bundle() {
    return call(() => this.#native.bundle());
  }

  /** The name that the plan gives itself. */
  get name() {
    return this.#native.name();
  }

  /** `sha256:` and 64 hex digits over the canonical plan and its lists. */
  get hash() {
    return this.#native.hash();
  }

  /** All contracts with their buyers, sorted by contract. */
  get contracts() {
    return this.#native.contracts().map(([contract, buyer]) => ({ contract, buyer }));
  }

  /** The lists that an engine must be given, each with its compiled file; null for one that the host answers for. */
  get outsideLists() {
    return Object.fromEntries(this.#native.outsideLists().map(([name, file = null]) => [name, file]));
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `<Plan ${this.name} ${this.hash}>`;
  }

  /** The native half of a plan, for the engine. */
  static inner(plan) {
    if (!(plan instanceof Plan)) throw new TypeError('a plan is made by Plan.load or Plan.fromBundle');
    return plan.#native;
  }
}

/** What the native half takes: the tables as JSON, and the base as a path or as the text of a plan. */
function fromTables(given) {
  const { base, buyers = [], contracts = [], lists = {}, ignore = [] } = options(
    given, 'base', 'buyers', 'contracts', 'lists', 'ignore');
  const entries = Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, listed(values, undefined, ENTRIES)]));
  const rows = { buyers: listed(buyers, days, ROWS), contracts: listed(contracts, days, ROWS), lists: entries };
  const tables = values.told({ ...rows, ignore: listed(ignore) }, VALUES);
  const isPath = typeof base === 'string' || base instanceof URL;
  if (!isPath && (typeof base !== 'object' || base === null)) throw new TypeError('`base` is a path or a plan');
  return isPath ? { tables, path: filePath(base), text: '' } : { tables, path: undefined, text: values.told(base, VALUES) };
}

/** A row with days for its dates: the driver of a database gives a day as the midnight that begins it here. */
function days(row) {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return row;
  if (types.isMap(row)) return new Map(Array.from(row, ([name, cell]) => [name, day(cell)]));
  const told = typeof row.toJSON === 'function' ? row.toJSON('') : row;
  if (typeof told !== 'object' || told === null || !Object.values(told).some(types.isDate)) return told;
  return Object.fromEntries(Object.entries(told).map(([name, cell]) => [name, day(cell)]));
}

function day(cell) {
  return types.isDate(cell) && !Number.isNaN(cell.getTime()) ? civil(cell) : cell;
}

/** A path as a string; a file's URL is one, too. */
function filePath(path) {
  if (typeof path === 'string') return path;
  if (path instanceof URL) return fileURLToPath(path);
  throw new TypeError('a path is a string or a URL of a file');
}

const { inner } = Plan;
delete Plan.inner;

module.exports = { Plan, filePath, inner };
