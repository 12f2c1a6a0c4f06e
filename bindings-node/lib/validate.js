'use strict';

// Leads after validation, one and many: the first thing to adopt.

const native = require('./native');
const { signalOf, unlessAborted } = require('./abort');
const { Answer, codes, each } = require('./answer');
const { gathered } = require('./batch');
const { call, translated } = require('./errors');
const { civil, keyBytes, options, threadCount } = require('./options');
const values = require('./values');

/** A lead after validation. */
class Validation extends Answer {
  summary() {
    return `valid=${this.valid} ${codes(this)}`;
  }

  /** The same lead as others may see it: of each value what its class leaves, and no corrections. */
  redacted() {
    return new this.constructor(call(() => native.redactValidation(this.json, 'redacted')));
  }

  /** The same lead with keyed hashes in place of values. The key has 16 bytes or more. */
  hashed(key) {
    const bytes = keyBytes(key);
    return new this.constructor(call(() => native.redactValidation(this.json, 'hashed', bytes)));
  }
}

Answer.reads(Validation, 'schema', 'valid', 'canonical', 'problems', 'corrections', 'quality');

/** One of many leads after validation. What is no lead at all is not valid, and has neither fields nor corrections. */
class ValidatedLine extends Validation {
  get schema() {
    return super.schema ?? '';
  }

  get canonical() {
    return super.canonical ?? {};
  }

  get corrections() {
    return super.corrections ?? [];
  }

  summary() {
    return `line=${this.line} ${super.summary()}`;
  }
}

Answer.reads(ValidatedLine, 'id', 'line');

/** What says how a lead is validated and written. */
const WORDS = ['schema', 'asOf', 'repair', 'onZipStateConflict', 'require', 'problems', 'now', 'consentMaxAgeDays', 'consent', 'ipCountry', 'honeypots', 'redact', 'key'];

/**
 * Validates a raw lead against a schema of the catalogue. A bad lead throws nothing: look at `valid` and `problems`.
 *
 * `asOf` is today where the lead is judged, the clock's date when absent; `repair`, `onZipStateConflict`, `require`
 * and `consentMaxAgeDays` are words of a plan's `intake`, and `problems` are policies as a vertical has them. `now` is the
 * moment that times are compared with. `redact` says how the lead is written; `hashed` takes a `key`.
 */
function validate(lead, given) {
  const validator = validatorOf(options(given, ...WORDS));
  const text = values.lead(lead);
  return new Validation(call(() => validator.one(text)));
}

/**
 * Validates many leads off the event loop, each as `validate` does, and answers in their order with the bytes of the
 * command `leadwright validate`.
 */
async function validateMany(leads, given) {
  const { threads, signal: asked, ...told } = options(given, ...WORDS, 'threads', 'signal');
  const signal = signalOf(asked);
  const expected = 'leads are an iterable of leads; for one there is validate';
  if (typeof leads === 'string' || ArrayBuffer.isView(leads)) throw new TypeError(expected);
  const validator = validatorOf(told);
  const many = threadCount(threads);
  const answers = [];
  let number = 0;
  const made = (lead) => {
    number += 1;
    try {
      return values.lead(lead);
    } catch (error) {
      throw error instanceof TypeError ? new TypeError(`lead ${number}: ${error.message}`, { cause: error }) : error;
    }
  };
  try {
    signal?.throwIfAborted();
    for await (const portion of gathered(leads, signal, expected, made)) {
      const some = await unlessAborted(signal, () => validator.many(portion, answers.length + 1, many));
      for (const answer of each(some, ValidatedLine)) answers.push(answer);
    }
    signal?.throwIfAborted();
    return answers;
  } catch (error) {
    throw translated(error);
  }
}

function validatorOf({ schema, asOf, now, redact = 'raw', key, ...told }) {
  if (typeof schema !== 'string') throw new TypeError('`schema` names a schema, like "us/home-services@1"');
  const words = {
    as_of: civil(asOf ?? new Date()),
    repair: told.repair,
    on_zip_state_conflict: told.onZipStateConflict,
    require: told.require,
    problems: told.problems,
    now: now instanceof Date ? now.toISOString() : now,
    consent_max_age_days: told.consentMaxAgeDays,
    consent: consentOf(told.consent),
    ip_country: told.ipCountry,
    honeypots: told.honeypots,
  };
  const bytes = keyBytes(key);
  return call(() => new native.Validator(schema, values.told(words), String(redact), bytes));
}

/** The terms of a consent, in the words of the core. */
function consentOf(terms) {
  if (terms === undefined || terms === null) return undefined;
  const { maxAgeDays, certificateMaxAgeHours, ...rest } = terms;
  return { ...rest, max_age_days: maxAgeDays, certificate_max_age_hours: certificateMaxAgeHours };
}

/** What others may see of one canonical value of a kind, or with a `key` the hash that stands in its place. */
function redactText(kind, value, given) {
  const key = keyBytes(options(given, 'key').key);
  return call(() => native.redactText(String(kind), String(value), key === undefined ? 'redacted' : 'hashed', key));
}

module.exports = { ValidatedLine, Validation, redactText, validate, validateMany };
