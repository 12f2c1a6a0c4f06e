'use strict';

// What needs no plan, no store and no engine: the first thing to adopt.

const native = require('./native');
const { Answer, codes } = require('./answer');
const { gathered } = require('./batch');
const { call, translated } = require('./errors');
const { civil, options, snake } = require('./options');
const values = require('./values');

/** A lead after validation. */
class Validation extends Answer {
  summary() {
    return `valid=${this.valid} ${codes(this)}`;
  }
}

Answer.reads(Validation, 'schema', 'valid', 'canonical', 'problems', 'corrections');

/** A postal address. */
class Address extends Answer {
  summary() {
    return `confidence=${this.confidence} ${codes(this)}`;
  }
}

Answer.reads(Address, 'components', 'lines', 'key', 'building_key', 'confidence', 'confidence_by_part', 'needs_review', 'problems', 'corrections');

/** One value after its check. */
class FieldCheck extends Answer {
  summary() {
    return `valid=${this.valid} ${codes(this)}`;
  }
}

Answer.reads(FieldCheck, 'valid', ['value', 'normalized'], 'problems', 'corrections');

/**
 * Validates a raw lead against a schema of the catalogue. A bad lead throws nothing: look at `valid` and `problems`.
 *
 * `asOf` is today where the lead is judged, the clock's date when absent; the other options are words of a plan's
 * `intake`, and `problems` are policies as a vertical has them.
 */
function validate(lead, given) {
  const told = options(given, 'schema', 'asOf', 'repair', 'onZipStateConflict', 'require', 'problems', 'now', 'consentMaxAgeDays', 'ipCountry');
  if (typeof told.schema !== 'string') throw new TypeError('`schema` names a schema, like "us/home-services@1"');
  const words = {
    as_of: civil(told.asOf ?? new Date()),
    repair: told.repair,
    on_zip_state_conflict: told.onZipStateConflict,
    require: told.require,
    problems: told.problems,
    now: told.now instanceof Date ? told.now.toISOString() : told.now,
    consent_max_age_days: told.consentMaxAgeDays,
    ip_country: told.ipCountry,
  };
  const text = values.lead(lead);
  return new Validation(call(() => native.validate(text, told.schema, JSON.stringify(words))));
}

/** Reads a US address from text, or from an object of parts under their usual names. */
function canonicalizeAddress(address) {
  const text = values.json(address);
  return new Address(call(() => native.canonicalizeAddress(text)));
}

/** Reads many addresses off the event loop, each as `canonicalizeAddress` does, and answers in their order. */
async function canonicalizeAddresses(addresses, given) {
  const { threads = 1, signal } = options(given, 'threads', 'signal');
  const expected = 'addresses are an iterable of texts and objects; for one there is canonicalizeAddress';
  if (typeof addresses === 'string') throw new TypeError(expected);
  const answers = [];
  try {
    signal?.throwIfAborted();
    for await (const portion of gathered(addresses, signal, expected, values.json)) {
      const { bytes, ends } = await native.canonicalizeAddresses(portion.join('\n'), threads);
      ends.forEach((end, at) => answers.push(new Address(bytes.subarray(ends[at - 1] ?? 0, end))));
    }
    signal?.throwIfAborted();
    return answers;
  } catch (error) {
    throw translated(error);
  }
}

/** Checks one value of a kind: `phone`, `email`, `date`, `money` … */
function checkField(kind, value, given = {}) {
  const opts = Object.fromEntries(Object.entries(given).map(([name, option]) => [snake(name), day(option)]));
  const text = values.json({ field_type: String(kind), raw: value, opts });
  return new FieldCheck(call(() => native.checkField(text)));
}

/** Among the options of a field a time is always a day. */
function day(option) {
  return option instanceof Date ? civil(option) : option;
}

module.exports = {
  Address,
  FieldCheck,
  Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  validate,
};
