'use strict';

// JavaScript's values as JSON: the same bytes go in as from every language. `vectors/domain` has the table.

const { types } = require('node:util');

/** Objects nest no deeper than this on their way in; the core says what is wrong with a lead long before. */
const DEEPEST = 64;

/**
 * So many values have more bytes than a lead may, as the core says then: the others need not be written. Objects that share
 * parts, or make them up, have no end.
 */
const MOST = 1 << 16;

/** A byte order mark is a character of the text like others. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A lead, or a part of one, as JSON; what makes it too long is not written. */
function json(value) {
  return says(value, MOST) ? JSON.stringify(value) : written(value, { path: [], around: [], left: { values: MOST, isCut: true } });
}

/** Whatever else is told, as JSON: all of it. */
function told(value, most = MOST) {
  return says(value, most) ? JSON.stringify(value) : written(value, { path: [], around: [], left: { values: most } });
}

/** A lead, an object or JSON already, as what the native half takes. */
function lead(value) {
  if (typeof value === 'string') return wellFormed(value);
  if (types.isUint8Array(value)) return types.isSharedArrayBuffer(value.buffer) ? Uint8Array.from(value) : value;
  if (typeof value === 'object' && value !== null && !isList(value)) return json(value);
  throw new TypeError(`a lead is an object, or JSON as a string or a Buffer, not ${named(value)}`);
}

function isList(value) {
  return read([], () => Array.isArray(value));
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
function says(value, most) {
  try {
    return isPlain(value, DEEPEST, { values: most });
  } catch {
    // What cannot be read is told with its place.
    return false;
  }
}

function isPlain(value, depth, left) {
  left.values -= 1;
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
  if (depth === 0 || left.values < 0 || value.toJSON !== undefined) return false;
  if (Array.isArray(value)) return value.length <= left.values && value.every((item) => isPlain(item, depth - 1, left));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let isEmpty = true;
  for (const name in value) {
    isEmpty = false;
    if (!isPlain(value[name], depth - 1, left)) return false;
  }
  return !isEmpty || !isHollow(value);
}

/** `at` has under `path` the names and positions on the way to the value, the objects `around` it, and what is `left`. */
function written(value, at) {
  at.left.values -= 1;
  if (at.left.values < 0) {
    if (at.left.isCut) return 'null';
    throw tooMany(at.path);
  }
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
      return value === null ? 'null' : object(value, at);
    default:
      throw refused(value, at.path);
  }
}

function object(value, at) {
  const { path, around, left } = at;
  if (types.isDate(value)) return time(value);
  if (types.isUint8Array(value)) return JSON.stringify(UTF8.decode(value));
  if (types.isBoxedPrimitive(value)) return written(unboxed(value, path), at);
  if (around.includes(value)) throw failed('the value holds itself', named(value), path);
  if (around.length === DEEPEST) return 'null';
  const within = { path, around: [...around, value], left };
  const toJSON = read(path, () => value.toJSON);
  if (typeof toJSON === 'function') return written(read(path, () => value.toJSON(path.at(-1) ?? '')), within);
  if (read(path, () => Array.isArray(value))) {
    if (!left.isCut && value.length > left.values) throw tooMany(path);
    return list(value, within);
  }
  if (types.isSet(value)) return list(Set.prototype.values.call(value), within, inOrder);
  if (types.isMap(value)) return members(Map.prototype.entries.call(value), within);
  // Promises, functions in disguise, errors: what has a kind of its own is no plain data.
  if (read(path, () => Object.prototype.toString.call(value)) !== '[object Object]') throw refused(value, path);
  const names = read(path, () => Object.keys(value));
  if (names.length === 0 && read(path, () => isHollow(value))) throw refused(value, path);
  return members(names.map((name) => [name, () => value[name]]), within, read);
}

/** Whether an object without members by name has any in another way: a class keeps them private, a symbol names them. */
function isHollow(value) {
  const made = Object.getPrototypeOf(value);
  const isPlainObject = made === null || Object.getPrototypeOf(made) === null;
  return !isPlainObject || Reflect.ownKeys(value).length > 0;
}

/** By the methods that every time has: one may have others of the same name. */
function time(value) {
  const millis = Date.prototype.getTime.call(value);
  return JSON.stringify(Number.isNaN(millis) ? 'Invalid Date' : new Date(millis).toISOString());
}

function unboxed(value, path) {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  throw refused(value, path);
}

function list(items, at, order = (texts) => texts) {
  const texts = [];
  const each = read(at.path, () => items[Symbol.iterator]());
  while (true) {
    const next = read([...at.path, texts.length], () => each.next());
    if (next.done || at.left.values < 0) return `[${order(texts).join()}]`;
    texts.push(written(next.value, { ...at, path: [...at.path, texts.length] }));
  }
}

/** A set has no order, and a decision must not have one by accident: by the bytes of the JSON. */
function inOrder(texts) {
  return texts.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** `take` gives the value of an entry. */
function members(entries, at, take = (_, value) => value) {
  const texts = [];
  for (const [key, given] of entries) {
    if (at.left.values < 0) break;
    const path = [...at.path, nameOf(key, at.path)];
    const value = take(path, given);
    // As `JSON.stringify` does: a member that is undefined is not there.
    if (value === undefined) continue;
    texts.push(`${JSON.stringify(path.at(-1))}:${written(value, { ...at, path })}`);
  }
  return `{${texts.join()}}`;
}

/** What an object gives of itself: a getter, a method or a proxy may fail. */
function read(path, get) {
  try {
    return get();
  } catch (cause) {
    throw failed('the value cannot be read', 'an unreadable value', path, { cause });
  }
}

function nameOf(key, path) {
  if ((typeof key === 'object' && key !== null) || typeof key === 'symbol' || typeof key === 'function') {
    throw failed(`${named(key)} cannot be the name of a member`, named(key), path);
  }
  return String(key);
}

/** Names what cannot be said and where; never the value, which is somebody's. */
function refused(value, path) {
  return failed(`${named(value)} cannot be a value of a lead`, named(value), path);
}

function tooMany(path) {
  return failed('there are too many values', 'too many values', path);
}

function failed(why, shape, path, options) {
  return Object.assign(new TypeError(`${why}, at ${pointer(path) || 'the top'}`, options), { path: pointer(path), shape });
}

/** RFC 6901, with names cut: they may be as long as a value. */
function pointer(path) {
  const step = (name) => String(name).slice(0, 64).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
  return path.map((name) => `/${step(name)}`).join('');
}

/** What kind of thing it is, by its class where it is nobody's words. */
function named(value) {
  if (value === null || value === undefined) return String(value);
  const kind = kindOf(value);
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function kindOf(value) {
  try {
    const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
    const name = kind === 'Object' ? value.constructor?.name : kind;
    return typeof name === 'string' && /^[\w$]{1,64}$/.test(name) ? name : kind;
  } catch {
    return 'value that cannot be read';
  }
}

module.exports = { json, lead, line, told, wellFormed };
