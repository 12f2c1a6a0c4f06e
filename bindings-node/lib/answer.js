'use strict';

const { ENGLISH } = require('./messages');

/** Bytes of the core, parsed once and only when somebody looks. */
class Json {
  #bytes;
  #parsed;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** The bytes, the same from every language. Of an answer about a lead they are personal data. */
  get json() {
    return this.#bytes;
  }

  /** A new object with all members. */
  toJSON() {
    return JSON.parse(this.#bytes);
  }

  /** Gives `Class` a getter for each member of its JSON; one with another name here is a pair of both. */
  static reads(Class, ...names) {
    for (const [name, member] of names.map((each) => (Array.isArray(each) ? each : [each, each]))) {
      const get = function () {
        return this.#member(member);
      };
      Object.defineProperty(Class.prototype, name, { get, configurable: true });
    }
  }

  #member(name) {
    this.#parsed ??= this.toJSON();
    return this.#parsed[name];
  }

  /** What `console.log` shows: nothing of the person. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `<${this.constructor.name} ${this.summary()}>`;
  }
}

/** An answer about a lead or a part of one, with its problems. */
class Answer extends Json {
  /** What its problems say to people, in their order: in English, or in the words of the host. */
  messages(messages = ENGLISH) {
    return this.problems.map((problem) => messages.of(problem));
  }
}

/** The codes of an answer's problems, for its summary. */
function codes(answer) {
  return `problems=[${answer.problems.map((problem) => problem.code).join(', ')}]`;
}

/** Each of many answers that came in one piece. */
function* each({ bytes, ends }, Class) {
  let start = 0;
  for (const end of ends) {
    yield new Class(bytes.subarray(start, end));
    start = end;
  }
}

module.exports = { Answer, Json, codes, each };
