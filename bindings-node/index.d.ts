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
 * Functions, symbols, promises and the like are a `TypeError` that names their place.
 */
export type Lead = object | string | Uint8Array;

/** A `Date`, epoch milliseconds, or RFC 3339 with a zone. */
export type Time = Date | number | string;

/** The time and the chance of a decision. */
export interface Tick {
  /** The time of the decision; the clock is asked only where it is not given. */
  now?: Time | null;
  /** Where chance comes from: 0 to 2^53 − 1; 0 when absent. */
  seed?: number;
}

/** Answers are bytes of the core, parsed once and only when somebody looks. */
interface Answer<Members> {
  /** The bytes, the same from every language. Personal data. */
  readonly json: Buffer;
  /** A new object with all members. */
  toJSON(): Members;
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
}

/** The answer to a line of a batch that was no lead: blank, or too long. */
export interface LineError extends Answer<wire.LineError>, Readonly<Pick<wire.LineError, 'line' | 'problems'>> {}
export class LineError {
  private constructor();
}

/** A lead after validation. */
export interface Validation extends Answer<wire.Validation>, Readonly<Omit<wire.Validation, 'v'>> {}
export class Validation {
  private constructor();
}

/** A postal address. */
export interface Address extends Answer<wire.Address>, Readonly<wire.Address> {}
export class Address {
  private constructor();
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
  /** How old consent may be. */
  consentMaxAgeDays?: number;
  /** The country of the lead's IP address by two letters, where the host looked it up. */
  ipCountry?: string;
}

/** What is done about a problem or a repair. */
export type Policy = 'fix' | 'warn' | 'reject' | 'hold';

/**
 * Validates a raw lead against a schema of the catalogue. A bad lead throws nothing: look at `valid` and `problems`.
 *
 * @throws {InputError} `input.bad_option` for a schema or an option that is not known.
 */
export function validate(lead: Lead, options: ValidateOptions): Validation;

/** How many addresses are read. */
export interface AddressesOptions {
  /** Threads that read; default 1. */
  threads?: number;
  /** Stops the call, which is rejected then with the reason of the signal. */
  signal?: AbortSignal;
}

/** Reads a US address from text, or from an object of parts under their usual names. */
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
 * Checks one value of a kind: `phone`, `email`, `date`, `money` …
 *
 * Options are those of the kind, as `minAge` or `min_age`. One that is not known is a problem of the answer.
 */
export function checkField(kind: string, value: unknown, options?: Readonly<Record<string, unknown>>): FieldCheck;

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
  /** Everything that is wrong with a plan, in the order of its files; throws nothing for a bad plan. */
  static check(path: string | URL): wire.Issue[];
  /** The text of a plan file laid out as `leadwright fmt` does; `null` when it is not JSON with comments. */
  static format(text: string): string | null;
  /** What changes from this plan to a new one: under `changes` what changes, each with a sentence in `text`. */
  diff(plan: Plan): wire.PlanDiff;
  /** The whole plan with its lists in one text. */
  bundle(): string;
  /** The name that the plan gives itself. */
  readonly name: string;
  /** `sha256:` and 64 hex digits over the canonical plan and its lists. */
  readonly hash: string;
  /** All contracts with their buyers, sorted by contract. */
  readonly contracts: { contract: string; buyer: string }[];
}

/** An engine's settings. */
export interface EngineOptions {
  /** The path of a SQLite file, made when it is not there; without it decisions are kept in memory. */
  store?: string | URL | null;
  /** Whose leads these are; `main` when absent. */
  tenant?: string;
  /** Answer before the disk has it: a power cut may lose the last answers. */
  relaxed?: boolean;
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

/** Decides leads by a plan and records them in a store. */
export class Engine implements Disposable, AsyncDisposable {
  /** @throws {StoreError} when the store cannot be opened. */
  constructor(plan: Plan, options?: EngineOptions);
  /**
   * Decides one lead and records the decision. Calls of one turn of the event loop share a transaction.
   *
   * A bad lead is no error: its outcome is `rejected`, and its problems say why.
   */
  decide(lead: Lead, tick?: Tick): Promise<Decision>;
  /** The same at once, on this thread. */
  decideSync(lead: Lead, tick?: Tick): Decision;
  /** Decides against the state of the store, and writes nothing. */
  dryRun(lead: Lead, tick?: Tick): Decision;
  /** Decides JSON Lines, or any iterable of leads, in their order and off the event loop. */
  decideBatch(
    leads: string | Uint8Array | Iterable<Lead> | AsyncIterable<Lead>,
    options?: BatchOptions,
  ): Promise<(Decision | LineError)[]>;
  /** Why each contract of the route did or did not get the lead: the decision, and `entries` for all. */
  explain(decision: string | Decision): wire.Explanation;
  /** Decides again what was decided, one decision or all: its id, and whether it is the same to the byte. */
  replay(decision?: string | Decision): Generator<{ id: string; same: boolean }, void, undefined>;
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
}

/** A plan that cannot be decided by. */
export class PlanError extends LeadwrightError {
  constructor(message: string, code?: string, issues?: wire.Issue[]);
  /** Everything that was found, in the order of the files. */
  readonly issues: wire.Issue[];
}

/** The store could not be opened, read or written. */
export class StoreError extends LeadwrightError {}

/** An argument of a call is wrong, or larger than a call takes. */
export class InputError extends LeadwrightError {}

/** A decision cannot be decided again. */
export class ReplayError extends LeadwrightError {}

/** The engine cannot be used as it was. */
export class EngineError extends LeadwrightError {}

/** A mistake of leadwright itself. */
export class InternalError extends LeadwrightError {}
