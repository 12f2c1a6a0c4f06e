'use strict';

const native = require('./native');
const { signalOf, unlessAborted } = require('./abort');
const { call, translated } = require('./errors');
const { options, textOf } = require('./options');
const { filePath } = require('./plan');

/** So many entries go to the native half at once. */
const PORTION = 65_536;

/** Only `open`, `openSync` and `of` make lists. */
const FROM_HERE = Symbol('native');

/**
 * A list of who must not be sold, for `engine.setList` where the plan keeps it outside of itself. It holds digests and no
 * values, shows none, and may be shared between engines.
 */
class SuppressionList {
  #native;

  constructor(inner, key) {
    if (key !== FROM_HERE) throw new TypeError('a list is made by SuppressionList.open or SuppressionList.of');
    this.#native = inner;
  }

  /** Opens a file of `leadwright list build` or `write` off the event loop. It is read once, and stays on disk. */
  static async open(path, given) {
    const file = filePath(path);
    const signal = signalOf(options(given, 'signal').signal);
    try {
      return new SuppressionList(await unlessAborted(signal, () => native.openList(file)), FROM_HERE);
    } catch (error) {
      throw translated(error);
    }
  }

  /** The same at once, on this thread. */
  static openSync(path) {
    const file = filePath(path);
    return new SuppressionList(call(() => native.SuppressionList.open(file)), FROM_HERE);
  }

  /**
   * A list in memory: of values in clear, or with `hash` of hexadecimal digests or digests as bytes. The first entry
   * that is none is an error: left out in silence, it might be somebody who must not be called.
   */
  static of(entries, given) {
    const { of = 'phone', hash, form, version, madeAt } = options(given, 'of', 'hash', 'form', 'version', 'madeAt');
    if (typeof entries === 'string' || typeof entries?.[Symbol.iterator] !== 'function') {
      throw new TypeError('entries are an iterable of strings or digests');
    }
    const made = call(() => new native.Entries(String(of), textOf('hash', hash), textOf('form', form)));
    let portion = [];
    const push = () => call(() => made.push(portion));
    for (const entry of entries) {
      if (typeof entry !== 'string' && !(entry instanceof Uint8Array)) {
        throw new TypeError('an entry of a list is a string, or a digest as bytes');
      }
      portion.push(entry);
      if (portion.length < PORTION) continue;
      push();
      portion = [];
    }
    push();
    const at = madeAt instanceof Date ? madeAt.toISOString() : madeAt;
    return new SuppressionList(call(() => made.list(textOf('version', version), textOf('madeAt', at))), FROM_HERE);
  }

  /** Whether a value is on the list, however it is written. */
  holds(value) {
    if (typeof value !== 'string') throw new TypeError('a value of a list is a string');
    return call(() => this.#native.holds(value));
  }

  /** Writes a list that is in memory as a compiled file, as a whole or not at all. */
  write(path, id) {
    const file = filePath(path);
    call(() => this.#native.write(file, String(id)));
  }

  /** What it says about itself. */
  get about() {
    const { made_at: madeAt, ...rest } = JSON.parse(call(() => this.#native.about()));
    return { ...rest, madeAt };
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    const { version, count, of } = this.about;
    return `<SuppressionList ${version} of ${count} ${of}>`;
  }

  /** The native half of a list, for the engine. */
  static inner(list) {
    if (!(list instanceof SuppressionList)) {
      throw new TypeError('a list is made by SuppressionList.open or SuppressionList.of');
    }
    return list.#native;
  }
}

const innerList = SuppressionList.inner;
delete SuppressionList.inner;

module.exports = { SuppressionList, innerList };
