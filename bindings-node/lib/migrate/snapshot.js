'use strict';

// A copy of plain values that nobody else holds. Texts, numbers and the like cannot change and are kept. It is made in
// JavaScript: for an object of forty texts the way into an addon costs more than the copy.

const { types } = require('node:util');

/** Values nest no deeper, and one snapshot holds no more: whoever calls waits for no more than this. */
const DEEPEST = 64;
const MOST_VALUES = 10_000;
const MOST_BYTES = 1 << 20;

/** What cannot be copied, or is too much. */
class NotPlain extends Error {}

/** A copy of `value` and about how many bytes it holds; throws where there can be none. */
function snapshot(value, plain) {
  const copier = new Copier(plain);
  const held = copier.copy(value, DEEPEST);
  return { held, size: copier.bytes };
}

class Copier {
  constructor(plain) {
    this.plain = plain;
    this.values = 0;
    this.bytes = 0;
  }

  copy(value, depth) {
    this.values += 1;
    this.bytes += 16;
    if (typeof value === 'string') this.bytes += value.length;
    if (this.values > MOST_VALUES || this.bytes > MOST_BYTES) throw new NotPlain();
    switch (typeof value) {
      case 'object':
        return value === null ? null : this.object(value, depth);
      case 'function':
      case 'symbol':
        return this.rare(value, depth);
      default:
        return value;
    }
  }

  object(value, depth) {
    if (depth === 0) throw new NotPlain();
    if (Array.isArray(value)) {
      const items = new Array(value.length);
      for (let at = 0; at < items.length; at += 1) items[at] = this.copy(value[at], depth - 1);
      return items;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.members(value, prototype, depth);
    if (types.isDate(value)) return new Date(value.getTime());
    if (Buffer.isBuffer(value)) return this.counted(Buffer.from(value));
    if (types.isUint8Array(value)) return this.counted(Uint8Array.from(value));
    if (types.isMap(value)) {
      return new Map(Array.from(value, ([key, item]) => [this.copy(key, depth - 1), this.copy(item, depth - 1)]));
    }
    if (types.isSet(value)) return new Set(Array.from(value, (item) => this.copy(item, depth - 1)));
    return this.rare(value, depth);
  }

  members(value, prototype, depth) {
    const own = prototype === null ? Object.create(null) : {};
    for (const name of Object.keys(value)) {
      const copy = this.copy(value[name], depth - 1);
      if (name === '__proto__') Object.defineProperty(own, name, { value: copy, enumerable: true, writable: true, configurable: true });
      else own[name] = copy;
    }
    return own;
  }

  counted(bytes) {
    this.bytes += bytes.length;
    if (this.bytes > MOST_BYTES) throw new NotPlain();
    return bytes;
  }

  rare(value, depth) {
    if (this.plain === undefined || depth === 0) throw new NotPlain();
    return this.copy(this.plain(value), depth - 1);
  }
}

module.exports = { snapshot };
