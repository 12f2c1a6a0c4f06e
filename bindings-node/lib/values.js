'use strict';

// JavaScript's values as JSON: the same bytes go in as from every language. `vectors/domain` has the table.

const { types } = require('node:util');

/** Objects nest no deeper than this on their way in; the core says what is wrong with a lead long before. */
const DEEPEST = 64;

/** A byte order mark is a character of the text like others. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Any value as JSON. */
function json(value) {
  return isPlain(value, DEEPEST) ? JSON.stringify(value) : written(value, []);
}

/** A lead, an object or JSON already, as what the native half takes. */
function lead(value) {
  if (typeof value === 'string') return wellFormed(value);
  if (types.isUint8Array(value)) return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return json(value);
  throw new TypeError(`a lead is an object, or JSON as a string or a Buffer, not ${named(value)}`);
}

/** A lead as one line: a line end inside of a text given as JSON would make two leads of one. */
function line(value) {
  const given = lead(value);
  // Between the tokens of JSON a line end is a space; inside of a text it is no JSON at all, and stays none.
  if (typeof given === 'string') return given.replace(/[\r\n]/g, ' ');
  return Buffer.from(given).map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte));
}

/** Half a surrogate pair stands for no character; escaped, the core finds it and says so. */
function wellFormed(text) {
  if (text.isWellFormed()) return text;
  return text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

/** Whether `JSON.stringify` says all there is to say, which is much faster than saying it here. */
function isPlain(value, depth) {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === 0 || value.toJSON !== undefined) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const name in value) {
    if (!isPlain(value[name], depth - 1)) return false;
  }
  return true;
}

/** `path` holds the names and positions on the way to the value, `around` the objects. */
function written(value, path, around = []) {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
    case 'undefined':
      return 'null';
    case 'object':
      return value === null ? 'null' : object(value, path, around);
    default:
      throw refused(value, path);
  }
}

function object(value, path, around) {
  if (types.isDate(value)) return JSON.stringify(Number.isNaN(value.getTime()) ? String(value) : value);
  if (types.isUint8Array(value)) return JSON.stringify(UTF8.decode(value));
  if (types.isBoxedPrimitive(value)) return written(value.valueOf(), path, around);
  if (around.includes(value)) throw new TypeError(`the value at ${pointer(path)} holds itself`);
  if (around.length === DEEPEST) return 'null';
  const within = [...around, value];
  if (typeof value.toJSON === 'function') return written(value.toJSON(path.at(-1) ?? ''), path, within);
  if (Array.isArray(value)) return list(value, path, within);
  if (types.isSet(value)) return list([...value], path, within, inOrder);
  if (types.isMap(value)) return members(value.entries(), path, within);
  // Promises, functions in disguise, errors: what has a kind of its own is no plain data.
  if (Object.prototype.toString.call(value) !== '[object Object]') throw refused(value, path);
  return members(Object.entries(value), path, within);
}

function list(items, path, around, order = (texts) => texts) {
  return `[${order(Array.from(items, (item, at) => written(item, [...path, at], around))).join()}]`;
}

/** A set has no order, and a decision must not have one by accident: by the bytes of the JSON. */
function inOrder(texts) {
  return texts.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function members(entries, path, around) {
  const texts = [];
  for (const [key, value] of entries) {
    // As `JSON.stringify` does: a member that is undefined is not there.
    if (value === undefined) continue;
    const name = nameOf(key, path);
    texts.push(`${JSON.stringify(name)}:${written(value, [...path, name], around)}`);
  }
  return `{${texts.join()}}`;
}

function nameOf(key, path) {
  if ((typeof key === 'object' && key !== null) || typeof key === 'symbol' || typeof key === 'function') {
    throw new TypeError(`${named(key)} cannot be the name of a member, at ${pointer(path)}`);
  }
  return String(key);
}

/** Names what cannot be said and where; never the value, which is somebody's. */
function refused(value, path) {
  return new TypeError(`${named(value)} cannot be a value of a lead, at ${pointer(path)}`);
}

/** RFC 6901, with names cut: they may be as long as a value. */
function pointer(path) {
  if (path.length === 0) return 'the top';
  const step = (name) => String(name).slice(0, 64).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
  return path.map((name) => `/${step(name)}`).join('');
}

function named(value) {
  if (value === null || value === undefined) return String(value);
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

module.exports = { json, lead, line, wellFormed };
