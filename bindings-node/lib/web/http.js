'use strict';

// What the helpers of web frameworks have in common: a lead out of a body, and errors as RFC 9457 has them. Python's are the same.

const { InputError } = require('../errors');
const { ENGLISH } = require('../messages');
const { validate } = require('../validate');

/** What the core takes as one lead; more is not read. */
const MOST = 64 * 1024;

/** After so many seconds the same request may be sent again. */
const AGAIN = '1';

/** A request is answered with this problem. */
class Problem extends Error {
  constructor(body) {
    super(body.code);
    this.body = body;
  }
}

function problem(status, code, title, more) {
  return new Problem({ type: `urn:leadwright:${code}`, title, status, code, ...more });
}

const tooLong = () => problem(413, 'limit.lead_bytes', 'A lead has 64 KiB at most.');
const encoded = () => problem(415, 'lead.encoded', 'Send the lead without a content-encoding.');

/** Told of a lead that is not valid: its problems with words for people, no value. */
function invalid({ problems }, messages) {
  const told = problems.map((each) => ({ ...each, message: messages.of(each) }));
  return problem(422, 'lead.invalid', 'The lead is not valid.', { problems: told });
}

/** Told of a call that failed: its code, and its words where they are about what the client sent. */
function failed(error) {
  const { code } = error;
  if (error.retryable) return problem(503, code, 'Send it again in a moment; nothing is done twice.');
  if (error instanceof InputError) return problem(code.startsWith('limit.') ? 413 : 400, code, error.message);
  return problem(500, code, 'Something is wrong on our side.');
}

function headersOf({ status }) {
  return { 'content-type': 'application/problem+json', ...(status === 503 && { 'retry-after': AGAIN }) };
}

/**
 * What comes in as one lead. JSON goes to the core as it came: a reader in between would drop repeated keys and round numbers.
 * Where the service says `fields` of its own, it is read, and they stand in place of the sender's.
 */
function leadOf(body, kind, fields) {
  const lead = isForm(kind) ? Object.fromEntries(new URLSearchParams(Buffer.from(body).toString())) : body;
  if (fields === undefined) return lead;
  const read = Buffer.isBuffer(lead) ? parsed(lead) : lead;
  // What is no object is told by the core.
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return lead;
  return { ...fields, ...read, ...fields };
}

function isForm(kind) {
  return String(kind ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');
}

function parsed(bytes) {
  try {
    return JSON.parse(bytes);
  } catch {
    return undefined;
  }
}

/** A function that makes a `Validation` of a lead, or throws the problem to answer with. */
function validator({ messages = ENGLISH, fields, ...options }) {
  // What is wrong with the options is told now, and not to who sends leads.
  validate({}, options);
  return {
    fields,
    answer: (lead) => {
      const validation = validate(lead, options);
      if (!validation.valid) throw invalid(validation, messages);
      return validation;
    },
  };
}

/** A function that makes a `Decision` of a lead, or throws the problem to answer with. */
function decider({ engine, messages = ENGLISH, fields, ...rest }) {
  const [other] = Object.keys(rest);
  if (other !== undefined) throw new TypeError(`there is no option \`${other}\`; there are engine, messages, fields`);
  if (typeof engine !== 'function' && typeof engine?.decide !== 'function') {
    throw new TypeError('`engine` is an Engine, or a function that gives one');
  }
  return {
    fields,
    answer: async (lead) => {
      const decision = await (typeof engine === 'function' ? await engine() : engine).decide(lead);
      if (decision.outcome === 'rejected') throw invalid(decision, messages);
      return decision;
    },
  };
}

module.exports = { Problem, decider, encoded, failed, headersOf, leadOf, tooLong, MOST, validator };
