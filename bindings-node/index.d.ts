/**
 * leadwright: the lead-distribution engine you import.
 *
 * ```js
 * import { canonicalizeAddress } from 'leadwright';
 * canonicalizeAddress('5 elm place, st louis mo 63104').lines; // ['5 ELM PL', 'SAINT LOUIS MO 63104']
 * ```
 *
 * @packageDocumentation
 */

/// <reference types="node" />

import type * as wire from './wire';

/** The version of the package. */
export const version: string;

/**
 * A raw lead: an object or a `Map` of fields, or JSON as a string or as bytes.
 *
 * Objects are taken as `JSON.stringify` takes them, and what JSON cannot say is made text: a `Date` is RFC 3339, bytes
 * are UTF-8, `NaN` is "NaN". A `Map` is an object, a `Set` a list in the order of its values, a `bigint` a number.
 * Functions, symbols, promises and the like are a `ValueError` that names their place, and so is what would come out empty: an
 * object that keeps its members private, or names them by symbols.
 */
export type Lead = object | string | Uint8Array;

/** A value that no lead can have. Its own words hold no value; the `cause` of one that could not be read may. */
export interface ValueError extends TypeError {
  /** Where it is, RFC 6901; empty for the lead itself. */
  readonly path: string;
  /** What it is, as `a Function`. */
  readonly shape: string;
}

/** A `Date`, epoch milliseconds, or RFC 3339 with a zone. */
export type Time = Date | number | string;

/** The time and the chance of a decision. */
export interface Tick {
  /** The time of the decision; the clock is asked only where it is not given. */
  now?: Time | null;
  /** Where chance comes from: 0 to 2^53 − 1; 0 when absent. */
  seed?: number;
}

/** How a lead is decided. */
export interface DecideOptions extends Tick {
  /**
   * Rejects with the reason of the signal. A lead that still waits for its transaction is taken back; once that has begun the
   * decision may be recorded, and the same lead again gives it.
   */
  signal?: AbortSignal;
}

/** How a lead is placed, or bid on, while its supplier waits. */
export interface AskOptions extends Tick {
  /** Milliseconds, at most an hour. */
  within?: number;
  /**
   * Rejects with the reason of the signal, at once. What buyers were asked by then goes on, and is recorded: the lead may be
   * sold. The same lead again gives what became of it.
   */
  signal?: AbortSignal;
}

/** How often a number was so large: each step is its upper bound, and how many were not above it and above the one before. */
export interface Histogram {
  steps: [bound: number, count: number][];
  /** All of them, also those above the last step. */
  count: number;
  sum: number;
}

/** What an engine did since it was opened in this process. */
export interface Metrics {
  /** Decisions that were recorded, by outcome. */
  decisions: Record<string, number>;
  /** The same by source; those of a source that the plan does not have, and of more than 500, under `other`. */
  sources: Record<string, Record<string, number>>;
  /** What was sold, by contract; of more than 500, under `other`. Not what another system sold, nor tests. */
  sales: Record<string, { buyer: string; sales: number; revenue: string }>;
  /** Requests that were answered as before. */
  replayed: number;
  /** Problems of the decisions, by code. */
  problems: Record<string, number>;
  /** Transactions that were committed. */
  commits: number;
  /** Transactions that failed, by the code of the error. */
  failures: Record<string, number>;
  /** Callers that were turned away because too many waited. */
  busy: number;
  /** Callers that wait for a transaction now. */
  waiting: number;
  /** Leads of a transaction. */
  batch_leads: Histogram;
  /** From a call to the begin of its transaction, in microseconds. */
  wait_micros: Histogram;
  /** A transaction and its commit, in microseconds. */
  commit_micros: Histogram;
}

/** Bytes of the core, parsed once and only when somebody looks. */
interface Json<Members> {
  /** The bytes, the same from every language and exact to the digit. Of an answer about a lead they are personal data. */
  readonly json: Buffer;
  /** A new object with all members. Whole numbers beyond 2^53, as an id may be, are rounded as `JSON.parse` rounds them. */
  toJSON(): Members;
}

/** An answer about a lead or a part of one, with its problems. */
interface Answer<Members> extends Json<Members> {
  /** What its problems say to people, in their order: in English, or in the words of the host. */
  messages(messages?: Messages): string[];
}

/**
 * The texts of a host for problems, by their codes; a code without one is told in English.
 *
 * A text may name what a problem says in braces: `{code}`, `{severity}`, `{action}`, `{path}`, `{field}`, `{shape}`,
 * `{expected}`, `{suggestion}`, and the English `{text}` and `{remedy}`. Of a list of texts the first counts whose parts are
 * all there; `*` stands for all other codes.
 *
 * @throws {InputError} for what is no text, and for a code that no problem has.
 */
export class Messages {
  constructor(texts?: Readonly<Record<string, string | readonly string[]>>);
  /** The words for a problem of an answer. They hold no value of the lead. */
  of(problem: wire.Problem): string;
}

/** The complete answer about one lead, with its receipt. */
export interface Decision extends Answer<wire.Decision>, Readonly<wire.Decision> {}
export class Decision {
  private constructor();
  /** Its position in the store's log; 0 for a dry run. */
  readonly seq: number;
  /** How safe it is. */
  readonly durability: wire.Durability;
  /** Whether the lead had been decided before: these are the bytes of then. */
  readonly replayed: boolean;
  /** The same decision as others may see it who must not see the lead. The plan knows the class of each field. */
  redacted(plan: Plan): Decision;
  /** The same with keyed hashes in place of the lead's values. The key has 16 bytes or more. */
  hashed(plan: Plan, key: string | Uint8Array): Decision;
}

/** The answer to a line of a batch that was no lead: blank, or too long. */
export interface LineError extends Answer<wire.LineError>, Readonly<Pick<wire.LineError, 'line' | 'problems'>> {}
export class LineError {
  private constructor();
}

/** A lead after validation. */
export interface Validation extends Answer<wire.Validation>, Readonly<Omit<wire.Validation, 'v'>> {}
export class Validation {
  protected constructor();
  /** The same lead as others may see it: of each value what its class leaves, and no corrections. */
  redacted(): this;
  /** The same lead with keyed hashes in place of values. The key has 16 bytes or more. */
  hashed(key: string | Uint8Array): this;
}

/**
 * One of many leads after validation: a line of `leadwright validate`. What is no lead at all is not valid, and has
 * neither fields nor corrections nor a quality.
 *
 * It is a `Validation` for `instanceof`; its type is none, as the quality of a `Validation` is always there.
 */
export interface ValidatedLine extends Answer<LineMembers>, Readonly<Omit<wire.Validation, 'v' | 'quality'>> {}
export class ValidatedLine {
  private constructor();
  /**
   * The id of the lead as it came; null where it has none. A number beyond 2^53 is rounded, as `JSON.parse` rounds it;
   * the bytes in `json` have all of its digits.
   */
  readonly id: string | number | null;
  /** Its number among the leads, from 1. */
  readonly line: number;
  /** How good it looks; absent for what is no lead at all. */
  readonly quality?: wire.Quality;
  /** The same lead as others may see it: of each value what its class leaves, and no corrections. */
  redacted(): this;
  /** The same lead with keyed hashes in place of values. The key has 16 bytes or more. */
  hashed(key: string | Uint8Array): this;
}

/** What a line of `leadwright validate` has; of what is no lead only these. */
interface LineMembers extends Partial<Omit<wire.Validation, 'valid' | 'problems'>> {
  id: string | number | null;
  line: number;
  valid: boolean;
  problems: wire.Problem[];
}

/** A postal address. */
export interface Address extends Answer<wire.Address>, Readonly<wire.Address> {}
export class Address {
  private constructor();
  /** The same lines in the letters that people read: `12 N Elm St Apt 4B`. */
  readonly titleLines: string[];
}

/** One value after its check. */
export interface FieldCheck extends Answer<wire.FieldLine> {}
export class FieldCheck {
  private constructor();
  /** Whether nothing was wrong enough to refuse the value. */
  readonly valid: boolean;
  /** The canonical value; absent where there is none. Its parts, like the extension of a phone, are in `toJSON()`. */
  readonly value?: wire.Value;
  /** What was wrong. */
  readonly problems: wire.Problem[];
  /** What was changed. Personal data. */
  readonly corrections: wire.Correction[];
}

/** How a lead is validated: words of a plan's `intake`. */
export interface ValidateOptions {
  /** A schema of the catalogue, like `us/home-services@1`. */
  schema: string;
  /** Today where the lead is judged, `YYYY-MM-DD` or a `Date`; the clock's date when absent. */
  asOf?: Date | string;
  /** What may be mended without asking; all of them when absent. */
  repair?: readonly ('zip_leading_zero' | 'zip_letter_o' | 'state_from_zip')[];
  /** What to do when ZIP code and state disagree; `warn` when absent. */
  onZipStateConflict?: 'reject' | 'zip_wins' | 'warn';
  /** Fields that must be there besides those that the schema requires. */
  require?: readonly string[];
  /** What problems and repairs do, as under `problems` of a plan's vertical: by code or group, for all fields or each. */
  problems?: Readonly<Record<string, Policy | Readonly<Record<string, Policy>>>>;
  /** The moment that times of the lead are compared with: RFC 3339 with a zone, or a `Date`. */
  now?: Date | string;
  /** How old consent may be, where it has a time. */
  consentMaxAgeDays?: number;
  /** What the consent must have: see docs/consent.md. */
  consent?: ConsentTerms;
  /** The country of the lead's IP address by two letters, where the host looked it up. */
  ipCountry?: string;
  /** Fields of the form that people do not see, besides the usual names of such fields. */
  honeypots?: readonly string[];
  /** How the lead is written: `raw` when absent, `redacted` or `hashed` for other eyes. */
  redact?: 'raw' | 'redacted' | 'hashed';
  /** The key of `hashed`, 16 bytes or more. */
  key?: string | Uint8Array | null;
}

/** What the consent of a lead must have; all that is named. */
export interface ConsentTerms {
  /** Whether `consent` must be true. */
  given?: boolean;
  /** Evidence that must be there; `certificate` is one of TrustedForm and Jornaya. */
  has?: readonly ('at' | 'certificate' | 'ip' | 'jornaya' | 'sellers' | 'text' | 'trustedform' | 'version')[];
  maxAgeDays?: number;
  /** By `consent.certified_at`. */
  certificateMaxAgeHours?: number;
  /** Names, one of which must be among those who may call. */
  sellers?: readonly string[];
  /** Texts by version or `sha256:` and 64 hex digits; one must be what was agreed to. */
  texts?: readonly string[];
}

/** How many leads are validated. */
export interface ValidateManyOptions extends ValidateOptions {
  /** Threads that validate; default 1. */
  threads?: number;
  /** Stops the call, which is rejected then with the reason of the signal. */
  signal?: AbortSignal;
}

/** What is done about a problem or a repair. */
export type Policy = 'fix' | 'warn' | 'reject' | 'hold';

/**
 * Validates a raw lead against a schema of the catalogue. A bad lead throws nothing: look at `valid` and `problems`.
 *
 * @throws {InputError} `input.bad_option` for a schema or an option that is not known.
 */
export function validate(lead: Lead, options: ValidateOptions): Validation;

/**
 * Validates many leads off the event loop, each as `validate` does, and answers in their order with the bytes of the
 * command `leadwright validate`. `threads` (default 1) are used for the call and end with it.
 */
export function validateMany(
  leads: Iterable<Lead> | AsyncIterable<Lead>,
  options: ValidateManyOptions,
): Promise<ValidatedLine[]>;

/**
 * What others may see of one canonical value of a kind (`phone`, `email`, `name`, `date`, `zip` …), or with a `key` the
 * hash that stands in its place in a hashed lead.
 */
export function redactText(kind: string, value: string, options?: { key?: string | Uint8Array }): string;

/** How many addresses are read. */
export interface AddressesOptions {
  /** Threads that read; default 1. */
  threads?: number;
  /** Stops the call, which is rejected then with the reason of the signal. */
  signal?: AbortSignal;
}

/** Reads an address of the United States or Canada from text, or from an object of parts under their usual names. */
export function canonicalizeAddress(address: string | object): Address;
/**
 * Reads many addresses off the event loop, each as `canonicalizeAddress` does, and answers in their order. `threads`
 * (default 1) are used for the call and end with it.
 */
export function canonicalizeAddresses(
  addresses: Iterable<string | object> | AsyncIterable<string | object>,
  options?: AddressesOptions,
): Promise<Address[]>;

/**
 * Checks one value of a kind: `phone`, `email`, `date`, `money` … (`wire.FieldKind` has them all).
 *
 * Options are those of the kind, as `minAge` or `min_age`. One that is not known is a problem of the answer.
 */
export function checkField(kind: string, value: unknown, options?: Readonly<Record<string, unknown>>): FieldCheck;

/**
 * Whether a message comes from somebody who knows one of the secrets (Standard Webhooks) and is not older or newer than
 * `tolerance` (300) seconds. Gives its id, by which a second one is known, and `null` for one that is not to be believed:
 * answer it with 401, and look at nothing that it says.
 */
export function verifyWebhook(
  secrets: string | readonly string[],
  headers: Record<string, string> | Iterable<[string, string]>,
  body: string | Uint8Array,
  options?: { now?: Time; tolerance?: number },
): string | null;

/** A checked and compiled plan: immutable, cheap to share between engines. A worker is sent its `bundle()`. */
export class Plan {
  private constructor();
  /**
   * Reads `plan.jsonc` with its includes and lists.
   *
   * @throws {PlanError} with every mistake of the plan at once.
   */
  static load(path: string | URL): Plan;
  /** The plan that `bundle` wrote. */
  static fromBundle(bundle: string): Plan;
  /**
   * A plan whose buyers and contracts are rows of tables: what the columns may be called is in `docs/tables.md`.
   *
   * @throws {PlanError} with every mistake at once; of a cell, `file` is the table, `line` the row, `column` the column and
   * `path` its name.
   */
  static fromRows(tables: Tables): Plan;
  /** Everything that is wrong with such tables; throws nothing for a bad plan. */
  static checkRows(tables: Tables): wire.Issue[];
  /**
   * The files that such tables stand for, by their names: for who moves from tables to files. Comments of the base stay,
   * and those of lists are personal data.
   */
  static rowsToFiles(tables: Tables): { [name: string]: string };
  /** The plan as files, one for each buyer: without comments and remarks, and without the entries of lists. */
  toDocuments(): { [name: string]: string };
  /** Everything that is wrong with a plan, in the order of its files; throws nothing for a bad plan. */
  static check(path: string | URL): wire.Issue[];
  /**
   * What `check` finds, and what the plan hardly means: contracts that never buy, gaps, limits that never count. `asOf` is
   * the day on which the plan is judged, today when absent.
   */
  static lint(path: string | URL, options?: { asOf?: Date | string }): wire.Issue[];
  /** The text of a plan file laid out as `leadwright fmt` does; `null` when it is not JSON with comments. */
  static format(text: string): string | null;
  /** What changes from this plan to a new one: under `changes` what changes, each with a sentence in `text`. */
  diff(plan: Plan): wire.PlanDiff;
  /**
   * What would become of a lead if nothing had been decided before, and why: needs no engine and no store. Lists that the
   * plan keeps outside of itself count as missing; `engine.explainLead` has them.
   */
  explain(lead: Lead, options?: ExplainOptions & { at?: Tick['now'] }): wire.Explanation;
  /**
   * Mends what is wrong with a plan where that is without doubt, with `guesses` also where it is not. Nothing is written
   * unless `write` is set: look at `files` first.
   */
  static fix(path: string | URL, options?: { guesses?: boolean; write?: boolean }): Fixed;
  /** The whole plan with its lists in one text. */
  bundle(): string;
  /** The name that the plan gives itself. */
  readonly name: string;
  /** `sha256:` and 64 hex digits over the canonical plan and its lists. */
  readonly hash: string;
  /** All contracts with their buyers, sorted by contract. */
  readonly contracts: { contract: string; buyer: string }[];
  /** The lists that an engine must be given, each with its compiled file; null for one that the host answers for. */
  readonly outsideLists: { [name: string]: string | null };
}

/** Buyers and contracts as rows, beside a plan with all the rest. */
export interface Tables {
  /** The path of the plan with all the rest, or that plan as an object. */
  base: string | URL | object;
  /** One row a buyer; a `Date` in it is the day here, where the program runs. Without any, the buyers are those that the contracts name. */
  buyers?: Iterable<object>;
  /** One row a contract; a `Date` in it is the day here, where the program runs. */
  contracts: Iterable<object>;
  /** The entries of lists that the base reads from files, by the names of the lists. */
  lists?: { [name: string]: Iterable<unknown> };
  /** Columns that say nothing about the plan. */
  ignore?: Iterable<string>;
}

/** What mending a plan came to. */
export interface Fixed {
  /** The files that change, with their new text. Those of lists are personal data. */
  files: { [name: string]: string };
  /** How many mistakes were mended. */
  applied: number;
  /** What is still wrong. */
  issues: wire.Issue[];
}

/** What the entries of a list are. */
export interface ListOptions {
  /** `phone` when absent. */
  of?: 'phone' | 'email' | 'other';
  /** With what the entries come hashed; absent for values in clear. */
  hash?: 'md5' | 'sha1' | 'sha256';
  /** Which text was hashed; every one that is usual when absent. */
  form?: 'e164' | 'digits' | 'national' | 'lower' | 'gmail' | 'plain';
  /** Which state of the list this is; a checksum when absent. */
  version?: string;
  /** When it was made: needed where the plan names a `max_age`. */
  madeAt?: Date | string;
}

/**
 * A list of who must not be sold, for `engine.setList` where the plan keeps it outside of itself. It holds digests and no
 * values, shows none, and may be shared between engines.
 */
export class SuppressionList {
  private constructor();
  /**
   * Opens a file of `leadwright list build` or `write` off the event loop. It is read once, and stays on disk.
   *
   * @throws {ListError} for one that is damaged: nobody is sold on half a list.
   */
  static open(path: string | URL, options?: { signal?: AbortSignal }): Promise<SuppressionList>;
  /** The same at once, on this thread. */
  static openSync(path: string | URL): SuppressionList;
  /**
   * A list in memory: of values in clear, or with `hash` of hexadecimal digests or digests as bytes.
   *
   * @throws {ListError} for the first entry that is none: left out in silence, it might be somebody who must not be called.
   */
  static of(entries: Iterable<string | Uint8Array>, options?: ListOptions): SuppressionList;
  /** Whether a value is on the list, however it is written. */
  holds(value: string): boolean;
  /** Writes a list that is in memory as a compiled file, as a whole or not at all. */
  write(path: string | URL, id: string): void;
  /** What it says about itself. */
  readonly about: {
    version: string;
    count: number;
    madeAt: string | null;
    of: 'phone' | 'email' | 'other';
    hash: 'md5' | 'sha1' | 'sha256';
    forms: string[];
  };
}

/** How much is explained. */
export interface ExplainOptions {
  /** Every failing check of each contract, and not only the first. */
  all?: boolean;
  /** Only this contract, in full. */
  contract?: string;
}

/** An engine's settings. */
export interface EngineOptions {
  /**
   * The path of a SQLite file, made when it is not there, or a PostgreSQL database (`postgres://…`); without it decisions
   * are kept in memory.
   */
  store?: string | URL | null;
  /** Whose leads these are; `main` when absent. */
  tenant?: string;
  /** Answer before the disk has it: a power cut may lose the last answers. */
  relaxed?: boolean;
  /**
   * Keys of 32 bytes, each under an id: all that is about a person is then encrypted in the file, and whoever is forgotten is
   * gone from backups too. The first one locks what is new; the others open what was locked with them.
   */
  keys?: Readonly<Record<string, Uint8Array>> | null;
  /** The lists that the plan keeps outside of itself. Until one is given, nobody is sold whom it could hold. */
  lists?: Readonly<Record<string, SuppressionList>>;
}

/** How a batch is decided. One time holds for all of it. */
export interface BatchOptions extends Tick {
  /** Threads that validate and match; 1 when absent. */
  threads?: number;
  /**
   * Ends the batch after the transaction that it is in, and rejects with the signal's reason. What was committed
   * stays: the same leads again give the same decisions.
   */
  signal?: AbortSignal;
}

/** How rows are settled. */
export interface SettleOptions {
  /** The number of the line that the first row was prepared from; 1 when absent. */
  line?: number;
  /** Ends it as that of a batch does. */
  signal?: AbortSignal;
}

/** A member of every event. */
type OfEvents = 'specversion' | 'id' | 'source' | 'subject' | 'time' | 'datacontenttype' | 'dataschema' | 'sequence' | 'partitionkey';

/** A CloudEvent of version 1.0. It names nobody. What `data` holds goes by `type`: `toJSON()` knows it. */
export interface Event extends Json<wire.CloudEvent>, Readonly<Pick<wire.CloudEvent, OfEvents | 'type' | 'data'>> {}
export class Event {
  private constructor();
  /** Its position in the log. */
  readonly position: number;
}

/** Which events are read. */
export interface SubscribeOptions {
  /** Types of events, as `lead.decided.v1`; all when absent. */
  types?: wire.EventKind | Iterable<wire.EventKind>;
  /** Where a new name begins: at the `start` when absent, `now`, or at the event of a position. */
  start?: 'start' | 'now' | number;
}

/** How long events are waited for. */
export interface FollowOptions {
  /** Ends when no event came for so many milliseconds; never when absent. */
  timeout?: number;
  /** Ends at once, with the reason of the signal. */
  signal?: AbortSignal;
}

/**
 * Somebody who reads the events under a name, each at least once and in the order of the log.
 *
 * What was not acknowledged comes again when somebody subscribes under the name anew; whoever read under it before gets
 * `events.fenced` then.
 */
export class Subscription implements AsyncIterable<Event> {
  private constructor();
  /** Its name. */
  readonly name: string;
  /** Up to `limit` events (100 when absent) after those that were handed out before; none when there are none now. */
  poll(limit?: number): Promise<Event[]>;
  /** Says that everything up to an event, or a position, is worked off. */
  ack(event: Event | number): Promise<void>;
  /** Reads on from the `start`, `now` or the event of a position: the way to read again what was worked off. */
  seek(start: 'start' | 'now' | number): Promise<void>;
  /**
   * Events as they come, waiting for more. An event is acknowledged when the next one is asked for: one on which the loop
   * was left comes again.
   */
  follow(options?: FollowOptions): AsyncGenerator<Event, void, undefined>;
  /** The same without options. */
  [Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined>;
}

/** Whose limits a reservation counts on, and how long it is held. */
export interface ReserveOptions {
  /** The channel that the lead came through, for its caps. */
  source?: string;
  /** The part of that channel. */
  sub_id?: string;
  /** Needed where the contract buys several. */
  vertical?: string;
  /** `route/group`; the first of the route with the contract when absent. */
  group?: string;
  /** What the buyer will pay; what the contract says when absent. */
  price?: string;
  /** Like `15m`, which it is when absent. */
  hold?: string;
  now?: Time;
}

/** What became of leads that were delivered. */
export interface Delivered {
  /** How attempts ended that were reported. */
  readonly ended: Readonly<Partial<Record<wire.AttemptClass, number>>>;
  /** Those of which nobody knew until their buyers were asked. */
  readonly found_out: number;
  /** Sales that fell, and whose leads went on where they could. */
  readonly fell: number;
  /** Deliveries that were given up. */
  readonly dead: number;
  /** What could not be reported: nobody knows how the attempt ended. */
  readonly unreported: number;
}

/** A request that carries a lead. Personal data, and secrets. */
export interface DeliveryRequest {
  /** The endpoint of the plan. */
  readonly endpoint: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly [string, string][];
  readonly body: string;
  /** The secret with the client certificate that the buyer wants. */
  readonly identity: string | null;
  /** How long an answer is waited for. */
  readonly wait_ms: number;
}

/**
 * The buyers of a plan behind HTTP: the connections that are kept, and the secrets that requests need. Make one, and use it for
 * all calls.
 */
export class Buyers {
  /** `allow` says what may be reached beside the public internet. */
  constructor(options?: {
    /** Those that the plan names. */
    secrets?: Record<string, string>;
    allow?: Iterable<string>;
  });
}

/** Decides leads by a plan and records them in a store. */
export class Engine implements Disposable, AsyncDisposable {
  /** @throws {StoreError} when the store cannot be opened. */
  constructor(plan: Plan, options?: EngineOptions);
  /**
   * Decides one lead and records the decision. Calls of one turn of the event loop share a transaction.
   *
   * A bad lead is no error: its outcome is `rejected`, and its problems say why.
   */
  decide(lead: Lead, options?: DecideOptions): Promise<Decision>;
  /** The same at once, on this thread. */
  decideSync(lead: Lead, tick?: Tick): Decision;
  /** Decides against the state of the store, and writes nothing. */
  dryRun(lead: Lead, tick?: Tick): Decision;
  /** Decides JSON Lines, or any iterable of leads, in their order and off the event loop. */
  decideBatch(
    leads: string | Uint8Array | Iterable<Lead> | AsyncIterable<Lead>,
    options?: BatchOptions,
  ): Promise<(Decision | LineError)[]>;
  /**
   * The half of `decideBatch` that needs no state, for a machine that does not settle: validates, canonicalizes and matches
   * the leads, and gives a row of bytes for each, for `settleBatch` of an engine with the same plan, tenant and version.
   * An engine without a store does; it needs its `lists`. Where several machines prepare, give them the same `now`. Rows
   * hold the lead: personal data.
   */
  prepareBatch(
    leads: string | Uint8Array | Iterable<Lead> | AsyncIterable<Lead>,
    options?: BatchOptions,
  ): Promise<Buffer[]>;
  /**
   * Settles what `prepareBatch` gave, in the order of the rows: the same bytes as `decideBatch` of the leads. All are read
   * before the first is settled. A checksum finds damage, not intent: take rows from your own machines only.
   *
   * @throws {InputError} `prepared.*` when a row is damaged, or is of another plan, tenant or version.
   */
  settleBatch(
    rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options?: SettleOptions,
  ): Promise<(Decision | LineError)[]>;
  /**
   * Why each contract of the route did or did not get the lead: the decision, `entries` for all, `near`, `sales` with who
   * came next, and `decisive`, the limits without which somebody would have had the lead.
   */
  explain(decision: string | Decision, options?: ExplainOptions): wire.Explanation;
  /** What would become of a lead now, on the state of the store, and why; nothing is recorded. */
  explainLead(lead: Lead, options?: ExplainOptions & Tick): wire.Explanation;

  /**
   * Does what operations say beside the plan, at once and without a new plan: `override`, `clear`, `funds`, `return`,
   * `adjust`, `payment`, `close`, `revoke` or `restore`. Answers with the events that were written into the log.
   */
  operate(operation: wire.Operation | string, options?: { now?: Time }): wire.Operated;

  /**
   * Takes down what another system did with a lead, so that caps, duplicates, turns and reports count it. `seen` has
   * `outcome`, the `sales` of one that is `assigned`, and where that is not now, `at`; with `compare` it is also answered what
   * would have been decided here. The same again changes nothing.
   */
  observe(lead: Lead, seen: wire.Observation | string, options?: Tick): { told: Decision; ours: Decision | null };
  /**
   * Takes room from the limits of a contract before another system sells. `state` is `held` where there is any; else it is
   * missing, and `why` says what is in the way. What is not confirmed within `hold` (`15m`) is given back.
   */
  reserveExternal(contract: string, key: string, options?: ReserveOptions): wire.Reserved;
  /** What was reserved under this key is sold. One whose time is over takes its room anew, where there is any. */
  confirmExternal(key: string, options?: { now?: Time }): wire.Reserved;
  /** Gives back what was reserved under this key; `null` where nothing was. */
  releaseExternal(key: string, options?: { now?: Time }): wire.Reserved | null;

  /**
   * Leads, sales and money, a row for each `day`, `hour`, `source`, `contract` and `outcome` that is asked for, from sums
   * that are kept with every decision. `from` and `to` are the first and the last day; by day where `by` is absent.
   */
  report(query?: Partial<wire.SumsQuery>): wire.Sums[];

  /**
   * What a buyer owes (`buyer:acme`) or a supplier is owed (`supplier:web`): a closed statement by its number `n`, or the
   * days `from` to `to`, which are the open period when they are absent.
   */
  statement(party: string, query?: Omit<wire.StatementQuery, 'party'>): wire.Statement;

  /** The closed statements of a party, or of all. Close one with `operate`: `{ op: 'close', … }`. */
  statements(party?: string): wire.Statement[];

  /** What every account of the money ledger stands at. */
  balances(): wire.Balances;

  /**
   * Erases the leads of a person who asked for it, named by `phone`, `email` or `lead`, with `by` and `reason`. Digests still
   * verify. It reads the whole log.
   */
  forget(person: wire.Person | string, options?: { now?: Time }): wire.Forgotten;
  /**
   * The error ledger: every problem that leads had, once, with shapes and never values. Say `acknowledge` or `resolve` with
   * `operate`.
   */
  errors(): wire.ProblemGroup[];
  /**
   * Decides again the leads with this problem that were not sold: `was`, `before`, `now`, and `decided` where a new decision
   * was recorded. Unless `dry` is false nothing is recorded.
   */
  retry(problem: string, options?: Tick & { dry?: boolean }): wire.Retried[];
  /**
   * Hands out leads to send, `limit` (16) at most, each to nobody else for `hold` (`60s`), to every buyer in turn. Send each
   * with its `key`, and say with `delivered` how it ended. What nobody reports in time becomes `unknown`: it is kept, and sent
   * again only where `policy` says of its contract that `no_answer` is `retry`.
   */
  claim(worker: string, options?: Omit<Partial<wire.ClaimDeliveries>, 'worker'> & { now?: Time }): wire.Sending[];
  /**
   * Says how an attempt ended: by its class, or with `class`, `status` and `retry_after` in seconds. Answers what becomes of
   * the delivery. An error `delivery.fenced` says that somebody else has it now.
   */
  delivered(
    id: string,
    outcome: wire.AttemptClass | Omit<Partial<wire.DeliveryOutcome>, 'policy'>,
    options?: { policy?: Partial<wire.DeliveryTerms>; now?: Time },
  ): wire.DeliveryReported;
  /**
   * Sends what was sold to its buyers, as `post` and `endpoints` of the plan say, and reports how it ended, until `signal`
   * aborts, or with `untilEmpty` until nothing is due any more. It works in threads of its own; what is on its way when it ends
   * is waited for. Answers how many attempts `ended` in which class. An abort is how it ends, and no error. In a Worker that ends
   * it takes nothing new, and what is on its way is still reported.
   *
   * `allow` says what may be reached beside the public internet. Have more `workers` (16) than a buyer may have leads on their
   * way, or one that hangs holds all of them.
   */
  runDelivery(options?: {
    workers?: number;
    /** Those that the plan names. */
    secrets?: Record<string, string>;
    allow?: Iterable<string>;
    signal?: AbortSignal;
    untilEmpty?: boolean;
    worker?: string;
  }): Promise<Delivered>;
  /**
   * Decides a lead and places it while its supplier waits, for `within` milliseconds (2000) at most: contracts that bid are
   * asked, the lead is posted to who won, and to the next one where it refuses. `ended` is `sold`, why not, or `pending`: it is
   * kept safe then, and the outbox delivers it.
   */
  submit(lead: Lead, buyers: Buyers, options?: AskOptions): Promise<wire.Submitted>;
  /**
   * What the supplier of this lead would get, of which there may be only a part: a `bid`, where somebody wants it, and the
   * `ping_id` that `post` names. The same ping gets the same answer for ten minutes. `within` is 800 where nothing is said.
   */
  ping(lead: Lead, buyers: Buyers, options?: AskOptions): Promise<wire.Pinged>;
  /**
   * As `submit`, for a lead with the `ping_id` of a `ping`: its supplier gets what was bid, or the lead is not taken. `ping` of
   * the answer says what it was good for.
   */
  post(lead: Lead, buyers: Buyers, options?: AskOptions): Promise<wire.Submitted>;
  /**
   * The request that carries a lead which `claim` handed out, for a client of your own. Where there is none, `class` is what to
   * report and `says` is why.
   */
  requestOf(
    sending: wire.Sending,
    options?: { secrets?: Record<string, string>; now?: Time },
  ): DeliveryRequest | { class: wire.AttemptClass; says: string };
  /** What `delivered` is to be told of a lead that was answered so, by the table of its endpoint. */
  outcomeOf(
    sending: wire.Sending,
    answered: {
      status: number;
      headers?: Record<string, string> | Iterable<[string, string]>;
      body?: string | Uint8Array;
      tookMs?: number;
    },
    options?: { now?: Time },
  ): wire.DeliveryOutcome;
  /** How much is still to be delivered, by buyer and state, and since when the oldest is. */
  outbox(): wire.Backlog[];
  /** Where the breaker of each buyer stands that was ever delivered to, and when it tries again. */
  breakers(options?: { now?: Time }): wire.BreakerSeen[];
  /** The deliveries in a state, with their attempts; without one all that are not done. Dead letters are the `dead` ones. */
  deliveries(state?: wire.DeliveryState): Generator<wire.DeliverySeen, void, undefined>;
  /** One delivery by its key, with its attempts; `null` where there is none. */
  delivery(key: string): wire.DeliverySeen | null;
  /**
   * Lets deliveries that were given up be tried again, to the same buyers under the same keys: the one of a `key`, or those
   * of a `buyer`, a `contract`, or that were given up for this reason (`why`); `limit` (100) at most. With `unknown` those of
   * which nobody knows whether the buyer has them. With `dry_run` it only says which.
   */
  redrive(said: wire.Redrive | string, options?: { now?: Time }): wire.Redriven;
  /** The leads that wait, in the order in which they came. */
  queue(): Generator<wire.Waiting, void, undefined>;
  /**
   * Looks at up to `most` leads whose time has come, the oldest first, and answers with those that were decided. Nothing
   * calls it but you: every minute or so, from as many processes as you like.
   */
  workQueue(options?: Tick & { most?: number }): Decision[];
  /** Decides a lead that waits, because somebody says so: `do` is `release`, `fix` or `drop`. */
  release(said: wire.Release | string, options?: Tick): Decision;

  /** What operations have changed beside the plan of now, and what is to be done about each. */
  drift(options?: { now?: Time }): wire.Drift[];
  /**
   * What this engine did in this process: decisions by outcome, problems and failures by code, and how long transactions
   * took. Nothing in it comes from a lead.
   */
  metrics(): Metrics;
  /** The same as the text that Prometheus scrapes, of the content type `text/plain; version=0.0.4`. */
  prometheus(): string;
  /**
   * Reads the events under a name, from where its cursor is. Whoever read under it before is out.
   *
   * @throws {InputError} for a type that no event has.
   */
  subscribe(name: string, options?: SubscribeOptions): Subscription;
  /** Who reads the events, and how many events each is `behind`. */
  subscribers(): wire.SubscriberLag[];
  /** Forgets a subscriber and its cursor; whether there was one. */
  unsubscribe(name: string): boolean;
  /**
   * Decides again what was decided, one decision or all: its id, and whether it is the same to the byte. Of all, those are
   * left out whose lead was erased; asked for by its id, one is a ReplayError, `replay.erased`.
   */
  replay(decision?: string | Decision): Generator<{ id: string; same: boolean }, void, undefined>;
  /**
   * Gives the engine a list that its plan keeps outside of it, or a newer state of one that it has. Leads that come from
   * now on are looked up in it.
   *
   * @throws {ListError} for one that does not fit; the list of before then stays.
   */
  setList(name: string, list: SuppressionList): void;
  /** Decides by another plan from now on; counters and turns go on. */
  swap(plan: Plan): void;
  /** The hash of the plan that is decided by now. */
  readonly planHash: string;
  /** Closes the store. Calls after it fail with `engine.closed`; those before it are decided, then it resolves. */
  close(): Promise<void>;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What every error of the package is. `code` is stable, the words may change. */
export class LeadwrightError extends Error {
  constructor(message: string, code?: string);
  readonly code: string;
  /** Whether the same call may work a moment later; nothing is done twice then. */
  readonly retryable: boolean;
  /** The place in what was given; of a plan where its first mistake is; `null` where there is none. */
  readonly path: string | null;
  /**
   * The error as plain data, for logs and for messages between workers: a structured clone keeps no more of an error than
   * its words.
   */
  toJSON(): ErrorData;
  /** The error that `toJSON` told. */
  static from(json: Pick<ErrorData, 'code' | 'message'> & Partial<ErrorData>): LeadwrightError;
}

/** An error as plain data. */
export interface ErrorData {
  name: string;
  code: string;
  message: string;
  retryable: boolean;
  path: string | null;
  /** Of a `PlanError`. */
  issues?: wire.Issue[];
}

/** A plan that cannot be decided by. */
export class PlanError extends LeadwrightError {
  constructor(message: string, code?: string, issues?: wire.Issue[]);
  /** Everything that was found, in the order of the files. */
  readonly issues: wire.Issue[];
}

/** The store could not be opened, read or written. */
export class StoreError extends LeadwrightError {}

/** A suppression list that cannot be opened, made, written, or given to the engine. */
export class ListError extends LeadwrightError {}

/** An argument of a call is wrong, or larger than a call takes. */
export class InputError extends LeadwrightError {}

/** An operation that is not understood, or that the plan does not permit. */
export class OperationError extends LeadwrightError {}

/** A decision cannot be decided again. */
export class ReplayError extends LeadwrightError {}

/** Events cannot be read under this name any more. */
export class EventsError extends LeadwrightError {}

/** Rules, stages, gates or observations of a migration that are not understood. */
export class ParityError extends LeadwrightError {}

/** The engine cannot be used as it was. */
export class EngineError extends LeadwrightError {}

/** A mistake of leadwright itself. */
export class InternalError extends LeadwrightError {}
