'use strict';

// Addresses and single values: they need no plan, no store and no engine.

const native = require('./native');
const { signalOf, unlessAborted } = require('./abort');
const { Answer, codes, each } = require('./answer');
const { gathered } = require('./batch');
const { call, translated } = require('./errors');
const { bytesOf, civil, listed, millis, options, snake, threadCount } = require('./options');
const values = require('./values');

/** A postal address. */
class Address extends Answer {
  summary() {
    return `confidence=${this.confidence} ${codes(this)}`;
  }

  /** The same lines in the letters that people read. */
  get titleLines() {
    return native.titleCase(this.lines);
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

/** Reads an address of the United States or Canada from text, or from an object of parts under their usual names. */
function canonicalizeAddress(address) {
  const text = values.json(address);
  return new Address(call(() => native.canonicalizeAddress(text)));
}

/** Reads many addresses off the event loop, each as `canonicalizeAddress` does, and answers in their order. */
async function canonicalizeAddresses(addresses, given) {
  const { threads, signal: asked } = options(given, 'threads', 'signal');
  const [many, signal] = [threadCount(threads), signalOf(asked)];
  const expected = 'addresses are an iterable of texts and objects; for one there is canonicalizeAddress';
  if (typeof addresses === 'string' || ArrayBuffer.isView(addresses)) throw new TypeError(expected);
  const answers = [];
  try {
    signal?.throwIfAborted();
    for await (const portion of gathered(addresses, signal, expected, values.json)) {
      const some = await unlessAborted(signal, () => native.canonicalizeAddresses(portion.join('\n'), many));
      for (const answer of each(some, Address)) answers.push(answer);
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

/**
 * Whether a message comes from somebody who knows one of the secrets (Standard Webhooks) and is not older or newer than
 * `tolerance` (300) seconds. Gives its id, by which a second one is known, and `null` for one that is not to be believed.
 */
function verifyWebhook(secrets, headers, body, given) {
  const { now, tolerance = 300 } = options(given, 'now', 'tolerance');
  const pairs = typeof headers[Symbol.iterator] === 'function' ? listed(headers) : Object.entries(headers);
  const told = pairs.map(([name, value]) => [String(name), String(value)]);
  if (!Number.isSafeInteger(tolerance)) throw new TypeError('`tolerance` is whole seconds');
  const bytes = bytesOf(body);
  const keys = Array.isArray(secrets) ? listed(secrets, String) : [String(secrets)];
  return call(() => native.verifyWebhook(keys, told, bytes, millis(now), tolerance)) ?? null;
}

module.exports = {
  Address,
  FieldCheck,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  verifyWebhook,
};
