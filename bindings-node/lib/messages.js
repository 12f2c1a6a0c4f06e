'use strict';

const native = require('./native');
const { call } = require('./errors');
const values = require('./values');

/**
 * The texts of a host for problems, by their codes; a code without one is told in English.
 *
 * A text may name what a problem says in braces, as in `{field}: {expected}`. Of a list of texts the first counts whose
 * parts are all there; `*` stands for all other codes.
 */
class Messages {
  #native;

  constructor(texts = {}) {
    this.#native = call(() => new native.Messages(values.told(texts)));
  }

  /** The words for a problem of an answer. They hold no value of the lead. */
  of(problem) {
    return call(() => this.#native.of(values.told(problem)));
  }
}

module.exports = { Messages, ENGLISH: new Messages() };
