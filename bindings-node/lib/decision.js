'use strict';

const { Answer, codes } = require('./answer');
const { call, opened } = require('./errors');
const { keyBytes } = require('./options');
const { inner } = require('./plan');

/** The complete answer about one lead. */
class Decision extends Answer {
  constructor(bytes, { seq, durability, replayed }) {
    super(bytes);
    this.seq = seq;
    this.durability = durability;
    this.replayed = replayed;
  }

  summary() {
    return `${this.id} ${this.outcome}`;
  }

  /** The same decision as others may see it who must not see the lead. The plan knows the class of each field. */
  redacted(plan) {
    return this.#shown(plan, 'redacted');
  }

  /** The same with keyed hashes in place of the lead's values. The key has 16 bytes or more. */
  hashed(plan, key) {
    return this.#shown(plan, 'hashed', keyBytes(key));
  }

  #shown(plan, redact, key) {
    const of = inner(plan);
    return new Decision(call(() => of.redact(this.json, redact, key)), this);
  }
}

Answer.reads(
  Decision,
  ...['v', 'id', 'lead', 'source', 'tenant', 'plan', 'engine', 'at', 'seed', 'outcome', 'observed', 'parent'],
  ...['canonical', 'problems', 'corrections', 'quality', 'assignments', 'money', 'lists', 'overrides', 'trace', 'next', 'digest'],
);

/** The answer to a line of a batch that was no lead: blank, or too long. */
class LineError extends Answer {
  summary() {
    return `line=${this.line} ${codes(this)}`;
  }
}

Answer.reads(LineError, 'line', 'problems');

/** What the native half marks each of many answers with; `src/answers.rs` has the same numbers. */
const marks = { REFUSED: 0, DECIDED: 1, REPLAYED: 2, FAULT: 3 };

/** One answer of the native half. */
function decision({ body, seq, durability, replayed }) {
  return new Decision(body, { seq, durability, replayed });
}

/** Each of many answers: a `Decision`, a `LineError`, or the error of a call that failed alone. */
function* split({ bytes, ends, seqs, marks: kinds, durability }) {
  let start = 0;
  for (const [at, end] of ends.entries()) {
    const body = bytes.subarray(start, end);
    start = end;
    if (kinds[at] === marks.FAULT) yield opened(body);
    else if (kinds[at] === marks.REFUSED) yield new LineError(body);
    else yield new Decision(body, { seq: seqs[at], durability, replayed: kinds[at] === marks.REPLAYED });
  }
}

module.exports = { Decision, LineError, decision, split };
