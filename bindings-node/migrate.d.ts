/**
 * One function of the old app after the other changes over to leadwright, with proof and a way back. The guide is
 * `docs/migrate.md`.
 *
 * ```js
 * const m = new Migration('routing', { stage: 'shadow' });
 * const validate = m.step('validate', legacyValidate, { candidate: newValidate });
 * ```
 *
 * @packageDocumentation
 */

import { type Decision, type Engine, type Lead, LeadwrightError, type Tick } from './index.js';

/** A migration that is put together wrongly, or a stage that it may not have yet. */
export class MigrationError extends LeadwrightError {}

/** A candidate tried to write while the legacy answers. */
export class ReadOnlyError extends LeadwrightError {}

/** In the stage `verify`, where it was asked for: legacy and candidate differ. Says where and how, never what. */
export class Mismatch extends LeadwrightError {}

/** What `adaptIn` returns where the candidate takes more than one argument. */
export class Args {
  constructor(...values: unknown[]);
  readonly values: unknown[];
}

/** What a candidate may know of the legacy's call, so that it decides as it was then. */
export class Call {
  constructor(key: string, atMs: number, answering?: boolean);
  readonly key: string;
  readonly atMs: number;
  /** When the legacy was called, as RFC 3339. */
  readonly at: string;
  /** The chance of this key: the same whenever it comes, in every language. */
  readonly seed: number;
  /** Whether what the candidate says goes to the caller; only then it may write. */
  readonly answering: boolean;
}

/** The call that a candidate or a decide step is in; `undefined` elsewhere. */
export function current(): Call | undefined;

/** What became of asking for room. `held` says whether the old app may sell. */
export class Room {
  private constructor();
  readonly key: string;
  readonly held: boolean;
  /** Whether there is a reservation of this key. */
  readonly reserved: boolean;
  /** What is in the way, as `reserveExternal` says it. */
  readonly why: unknown;
  /** It was sold. */
  confirm(): void;
  /** It was not. */
  release(): void;
}

/** Something that says which stage each step has. */
export interface StageSource {
  readonly isSlow: boolean;
}

/** Stages from a variable of the environment. */
export function stageFromEnv(name: string, fallback?: string): StageSource;

/** Stages from a file, which may be written anew while the app runs; without the file it is the fallback. */
export function stageFromFile(file: string, fallback?: string): StageSource;

/** Stages from string flags of an OpenFeature client, one a step; `{step}` in `flag` is the step. */
export function stageFromOpenFeature(
  client: { getStringValue(flag: string, fallback: string): string | Promise<string> },
  flag?: string,
  fallback?: string,
): StageSource;

/** On while the variable is set to anything but nothing and `0`. */
export function killedByEnv(name: string): () => boolean;

/** On while there is such a file. */
export function killedByFile(file: string): () => boolean;

/**
 * A candidate that a file exports, run on a worker thread: one that hangs or exits ends with its thread. Its arguments and
 * answers go the way of `postMessage`.
 */
export function inWorker(
  file: string,
  name?: string,
  options?: { deadline?: number },
): (...args: unknown[]) => Promise<unknown>;

/** A difference that is meant, with who says so and until when. */
export interface Known {
  id: string;
  reason: string;
  owner: string;
  expires: string;
  class?: string;
  path?: string;
}

export interface MigrationOptions {
  engine?: Engine;
  /** The file of pairs; made when the first one is written. */
  parity?: string;
  /** Which lead a call is about, from its arguments; the `id` of the first where it is not given. */
  key?: Key;
  /** A text, an object by step, a function of the step, or what a `stageFrom…` gives. */
  stage?: string | Record<string, string> | ((step: string) => string | Promise<string>) | StageSource;
  /** While it is true the legacy answers everything; by default the variable `LEADWRIGHT_MIGRATE_KILL`. */
  kill?: () => boolean;
  /** Hex, 16 bytes or more: values are told apart in the file by keyed hashes. */
  hashKey?: string;
  /** Whether values stand in the file themselves. It is personal data then. */
  values?: boolean;
  /** Whether the keys of leads stand in the file. */
  ids?: boolean;
  /** Hears of stages that may not be. */
  warn?: (text: string) => void;
}

type Key = (...args: any[]) => string | number | bigint;

interface Shared {
  key?: Key;
  adaptIn?: (...args: any[]) => unknown;
  /** JSON Pointers with `*` that are not compared. */
  ignore?: string[];
  tolerance?: Record<string, string | number>;
  known?: Known[];
  /** Makes plain what is not, before the legacy is called, like a replacer of JSON. */
  plain?: (value: unknown) => unknown;
  /** In `verify`: a difference is thrown. */
  raiseOnMismatch?: boolean;
}

export interface StepOptions extends Shared {
  candidate: (...args: any[]) => unknown;
  adaptOut?: (value: any) => unknown;
  /** What is compared of an answer of either side. */
  clean?: (value: any) => unknown;
  unordered?: string[];
  money?: string[];
  /** Milliseconds; 250 where it is not given. */
  deadline?: number;
  /** Whether the legacy runs beside a candidate that answers, or a function without side effects that does the same. */
  reverse?: boolean | ((...args: any[]) => unknown);
}

export interface DecideOptions<Result> extends Shared {
  /** What the legacy did, as `engine.observe` takes it. */
  seen: (result: Result) => object | null | undefined;
  adaptOut?: (decision: Decision) => Result;
  observe?: 'background' | 'inline';
  reverse?: (...args: any[]) => unknown;
  /** Why a canary may begin although the step `limits` is not in force. */
  withoutLimits?: string;
}

/** An engine that nobody can write with: a method that writes throws a `ReadOnlyError`. */
export interface DryRun
  extends Pick<
    Engine,
    | 'balances' | 'breakers' | 'deliveries' | 'delivery' | 'drift' | 'errors' | 'explain' | 'explainLead' | 'metrics' | 'outbox'
    | 'planHash' | 'prometheus' | 'queue' | 'replay' | 'report' | 'statement' | 'statements' | 'subscribers'
  > {
  dryRun(lead: Lead, tick?: Tick): Decision;
}

/** What was counted of a step in this thread. */
export interface StepCounters {
  calls: number;
  sampledOut: number;
  unkeyed: number;
  unsnapshotable: number;
  dropped: number;
  skippedBreaker: number;
  recorded: number;
  matched: number;
  known: number;
  mismatched: number;
  legacyErrors: number;
  candidateErrors: number;
  timeouts: number;
  answered: number;
  fallbacks: number;
  observed: number;
  unobserved: number;
  soldWithoutRoom: number;
  failures: number;
  breakerOpen: boolean;
  legacyMicros: [bound: number | null, count: number][];
  candidateMicros: [bound: number | null, count: number][];
}

export interface LimitsCounters {
  calls: number;
  held: number;
  refused: number;
  wouldRefuse: number;
  confirmed: number;
  released: number;
  failures: number;
}

/** Some functions of an app on their way to leadwright, each under a name of its own and with a stage of its own. */
export class Migration {
  constructor(name: string, options?: MigrationOptions);
  readonly name: string;
  /** The engine as candidates may use it: it decides dry, and writes nothing. */
  readonly engine: DryRun;
  /** Wraps the legacy of a step: a function of the same kind, with the same name and length. */
  step<F extends (...args: any[]) => unknown>(name: string, legacy: F, options: StepOptions): F & { wrapped: F };
  /** Wraps the function that decides a lead in the old app; the candidate is the engine. */
  decide<F extends (...args: any[]) => unknown>(
    name: string,
    legacy: F,
    options: DecideOptions<Awaited<ReturnType<F>>>,
  ): F & { wrapped: F };
  /** Room for one sale of the old app: sell where it is `held`, then `confirm()` or `release()`. */
  room(contract: string, key: string, options?: Parameters<Engine['reserveExternal']>[2]): Room;
  /** Sets a stage from the app itself, over whatever source there is. */
  setStage(step: string, stage: string): void;
  /** The stage that a step has now. */
  stage(step: string): string;
  /** Runs the legacy beside itself for the next `n` calls that are sampled. */
  calibrate(step: string, n?: number): void;
  /** Waits until everything is compared and written; whether it is. */
  flush(milliseconds?: number): Promise<boolean>;
  /** What was counted in this thread, by step. */
  counters(): Record<string, StepCounters | LimitsCounters>;
  status(): { killed: boolean; stages: Record<string, string>; refused: Record<string, string>; ledgerFailures: number };
  /** What the file of pairs says: rates with their intervals, classes, known differences, latencies. */
  summary(step?: string): any;
  /** Whether a step is ready by a gate, and each condition with what was found and what was wanted. */
  check(gate: object): any;
}
