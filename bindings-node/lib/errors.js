'use strict';

// Why a call failed as a whole. A bad lead is never an error: it is a decision with problems.

/** The call may work when it is made again, with nothing changed, and nothing is done twice. */
const RETRYABLE = new Set(['engine.busy', 'store.busy', 'store.commit_unknown', 'store.lease_over', 'store.unreachable']);

/** What every error of the package is. `code` is stable, the words may change. */
class LeadwrightError extends Error {
  constructor(message, code = 'internal.error') {
    super(message);
    this.code = code;
  }

  get name() {
    return this.constructor.name;
  }

  /** Whether the same call may work a moment later; nothing is done twice then. */
  get retryable() {
    return RETRYABLE.has(this.code);
  }

  /** The place in what was given; `null` where there is none. */
  get path() {
    return null;
  }

  /** As plain data: a structured clone, as of a message to a worker, keeps no more of an error than its words. */
  toJSON() {
    const { name, code, message, retryable, path } = this;
    return { name, code, message, retryable, path };
  }

  /** The error that `toJSON` told. */
  static from(json) {
    const { name, code, message, issues } = json ?? {};
    if (typeof code !== 'string' || typeof message !== 'string') throw new TypeError('an error is what `toJSON` of one gave');
    const Kind = Object.hasOwn(kinds, name) ? kinds[name] : kindOf(code);
    return new Kind(message, code, issues);
  }
}

/** A plan that cannot be decided by; `issues` holds everything that was found. */
class PlanError extends LeadwrightError {
  constructor(message, code, issues = []) {
    super(message, code);
    this.issues = issues;
  }

  /** Where the first mistake is. */
  get path() {
    return this.issues.find(({ severity }) => severity === 'error')?.path ?? null;
  }

  toJSON() {
    return { ...super.toJSON(), issues: this.issues };
  }
}

/** The store could not be opened, read or written. */
class StoreError extends LeadwrightError {}

/** A suppression list that cannot be opened, made, written, or given to the engine. */
class ListError extends LeadwrightError {}

/** An argument of a call is wrong, or larger than a call takes. */
class InputError extends LeadwrightError {}

/** An operation that is not understood, that the plan does not permit, or about a lead that does not wait. */
class OperationError extends LeadwrightError {}

/** A decision cannot be decided again. */
class ReplayError extends LeadwrightError {}

/** Events cannot be read under this name any more. */
class EventsError extends LeadwrightError {}

/** Rules, stages, gates or observations of a migration that are not understood. */
class ParityError extends LeadwrightError {}

/** The engine cannot be used as it was. */
class EngineError extends LeadwrightError {}

/** A mistake of leadwright itself. */
class InternalError extends LeadwrightError {}

const KINDS = {
  plan: PlanError,
  criteria: PlanError,
  rows: PlanError,
  store: StoreError,
  list: ListError,
  input: InputError,
  limit: InputError,
  prepared: InputError,
  replay: ReplayError,
  operation: OperationError,
  queue: OperationError,
  delivery: OperationError,
  engine: EngineError,
  events: EventsError,
  parity: ParityError,
};

function kindOf(code) {
  return KINDS[code.split('.')[0]] ?? InternalError;
}

/** The error in an envelope of the native half. */
function opened(envelope) {
  const { code, message, issues } = JSON.parse(envelope);
  return new (kindOf(code))(message, code, issues);
}

/** What the bridge to the native half says of an argument of a wrong kind. Its words quote the value, which may be somebody's. */
const BRIDGE = /^(InvalidArg|[A-Z][A-Za-z0-9]*Expected)$/;

/** What the native half threw, as an error of the package. */
function translated(error) {
  if (!(error instanceof Error) || error instanceof LeadwrightError) return error;
  if (error.message.startsWith('{"code":')) return opened(error.message);
  if (!BRIDGE.test(error.code)) return error;
  return new TypeError(`an argument of the call is of a wrong kind (${error.code})`);
}

/** Runs a call of the native half. */
function call(work) {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

const kinds = {
  EngineError,
  EventsError,
  InputError,
  InternalError,
  LeadwrightError,
  ListError,
  OperationError,
  ParityError,
  PlanError,
  ReplayError,
  StoreError,
};

module.exports = { ...kinds, call, opened, translated };
