'use strict';

const { types } = require('node:util');
const native = require('./native');
const { call } = require('./errors');

/** The options of a call, which may be left out. A name that is none of them is a mistake worth telling. */
function options(given, ...names) {
  if (given === undefined || given === null) return {};
  if (typeof given !== 'object' || ArrayBuffer.isView(given)) throw new TypeError(`options are an object with ${names.join(', ')}`);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new TypeError(`there is no option \`${name}\`; there are ${names.join(', ')}`);
  }
  return given;
}

/** A time as epoch milliseconds; nothing where the clock is to be asked. */
function millis(now) {
  if (now === undefined || now === null) return undefined;
  if (typeof now === 'string') return call(() => native.millis(now));
  if (typeof now === 'number' || now instanceof Date) return Number(now);
  throw new TypeError('`now` is a Date, epoch milliseconds, or RFC 3339');
}

/** The calendar's date, here where the program runs. */
function civil(date) {
  if (!types.isDate(date)) return String(date);
  const two = (number) => String(number).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `minAge` is the core's `min_age`. */
function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A key as bytes. */
function keyBytes(key) {
  if (key === undefined || key === null) return undefined;
  if (typeof key === 'string') return Buffer.from(key);
  if (key instanceof Uint8Array) return key;
  throw new TypeError('`key` is a string or bytes');
}

/** What an iterable gives, each as `made` makes it. One that gives more than anybody means has no end, or is a mistake. */
function listed(iterable, made = (item) => item, most = 1 << 16) {
  const items = [];
  for (const item of iterable) {
    if (items.length === most) throw new TypeError(`a list of the call has more than ${most} items`);
    items.push(made(item));
  }
  return items;
}

/** A body as bytes. */
function bytesOf(body) {
  if (typeof body === 'string') return Buffer.from(body);
  if (types.isUint8Array(body)) return body;
  throw new TypeError('a body is a string or bytes');
}

/** A text that may be left out. The native half would quote what is none. */
function textOf(name, value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new TypeError(`\`${name}\` is a string`);
}

/** How many threads a call uses. */
function threadCount(threads = 1) {
  if (!Number.isSafeInteger(threads) || threads < 0) throw new TypeError('`threads` is a whole number');
  return Math.min(threads, 1024);
}

module.exports = { bytesOf, civil, keyBytes, listed, millis, options, snake, textOf, threadCount };
