'use strict';

// Why a call failed as a whole. A bad lead is never an error: it is a decision with problems.

/** What every error of the package is. `code` is stable, the words may change. */
class LeadwrightError extends Error {
  constructor(message, code = 'internal.error') {
    super(message);
    this.code = code;
  }

  get name() {
    return this.constructor.name;
  }
}

/** A plan that cannot be decided by; `issues` holds everything that was found. */
class PlanError extends LeadwrightError {
  constructor(message, code, issues = []) {
    super(message, code);
    this.issues = issues;
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

/** The error in an envelope of the native half. */
function opened(envelope) {
  const { code, message, issues } = JSON.parse(envelope);
  const Kind = KINDS[code.split('.')[0]] ?? InternalError;
  return new Kind(message, code, issues);
}

/** What the native half threw, as an error of the package. */
function translated(error) {
  if (error instanceof LeadwrightError || !error?.message?.startsWith('{"code":')) return error;
  return opened(error.message);
}

/** Runs a call of the native half. */
function call(work) {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

module.exports = {
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
  call,
  opened,
  translated,
};
