'use strict';

// Values that nobody expects. Each is made anew, as a call may use it up; what throws, throws an Error.

const boom = () => {
  throw new Error('odd');
};

/** A proxy that throws whatever is asked of it. */
const hostile = (target) => new Proxy(target, new Proxy({}, { get: () => boom }));

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function nested(depth, around) {
  let value = 1;
  for (let at = 0; at < depth; at++) value = around(value);
  return value;
}

function detached() {
  const bytes = new Uint8Array(64);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function circle(value, name) {
  value[name] = value;
  return value;
}

const odd = {
  nothing: () => undefined,
  null: () => null,
  'not a number': () => NaN,
  infinite: () => -Infinity,
  'minus zero': () => -0,
  'a half': () => 0.5,
  'a number beyond all': () => 2 ** 63,
  'a bigint': () => 2n ** 70n,
  'no': () => false,
  'a symbol': () => Symbol('odd'),
  'an empty text': () => '',
  'a text with a zero': () => 'a\0b',
  'half a pair': () => '\ud83d',
  'a long text': () => 'x'.repeat(2 ** 20 + 1),
  'half of JSON': () => '{"a":',
  'JSON too deep': () => '['.repeat(100_000),
  'a function': () => boom,
  'a class': () => class Odd {},
  'a promise': () => Promise.resolve({}),
  'a promise in disguise': () => ({ then: boom }),
  'an empty object': () => ({}),
  'an object of nobody': () => Object.create(null, { a: { value: 1, enumerable: true } }),
  'a circle': () => circle({}, 'a'),
  'a circle of lists': () => circle([], 0),
  'a getter that throws': () => ({ get id() { return boom(); } }),
  'a `toJSON` that throws': () => ({ toJSON: boom }),
  'a `toJSON` that never ends': () => circle({}, 'a') && { toJSON() { return { ...this }; } },
  'a `toPrimitive` that throws': () => ({ [Symbol.toPrimitive]: boom, toString: boom, valueOf: boom }),
  'a tag that throws': () => ({ get [Symbol.toStringTag]() { return boom(); } }),
  'an iterator that throws': () => ({ [Symbol.iterator]: boom }),
  'an iterator that throws later': () => ({ [Symbol.iterator]: () => ({ next: boom, return: boom }) }),
  'an iterator of nothing': () => ({ [Symbol.iterator]: () => 7 }),
  'an asynchronous one that rejects': () => ({ [Symbol.asyncIterator]: () => ({ next: async () => boom() }) }),
  'a hostile proxy': () => hostile({}),
  'a hostile function': () => hostile(() => {}),
  'a hostile list': () => hostile([]),
  'a revoked proxy': () => revoked({}),
  'a revoked list': () => revoked([]),
  'a proxy without an end': () => {
    const handler = { get: (_, name) => (typeof name === 'string' && name.length === 1 ? endless() : undefined), ownKeys: () => ['a', 'b'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) };
    const endless = () => new Proxy({}, handler);
    return endless();
  },
  'a list with holes': () => [1, , 3],
  'a list of holes': () => new Array(2 ** 32 - 1),
  'lists too deep': () => nested(100_000, (value) => [value]),
  'objects too deep': () => nested(100_000, (a) => ({ a })),
  'objects that share': () => nested(60, (a) => ({ a, b: a })),
  'a length and nothing else': () => ({ length: 2 ** 53 }),
  'a name of the prototype': () => JSON.parse('{"__proto__":{"a":1},"constructor":1}'),
  'a map of odd names': () => new Map([[Symbol('odd'), 1], [{}, 2], [NaN, 3]]),
  'a map with itself': () => ((map) => map.set('a', map))(new Map()),
  'a set with itself': () => ((set) => set.add(set))(new Set()),
  'a weak map': () => new WeakMap(),
  'a time that is none': () => new Date(NaN),
  'a time far off': () => new Date(8.64e15),
  'a time with methods of its own': () => Object.assign(new Date(0), { toJSON: boom, getTime: boom, toISOString: boom, [Symbol.toPrimitive]: boom }),
  'a pattern': () => /odd/,
  'an error': () => new Error('odd'),
  'a number in an object': () => Object.assign(new Number(7), { valueOf: boom }),
  'a symbol in an object': () => Object(Symbol('odd')),
  'bytes that are gone': detached,
  'bytes that are shared': () => new Uint8Array(new SharedArrayBuffer(8)),
  'bytes of no text': () => Buffer.from([0xff, 0x00, 0xc3]),
  'many bytes': () => Buffer.alloc(2 ** 20 + 1, 0x5b),
  'other numbers': () => new Float64Array(2),
  'a buffer': () => new ArrayBuffer(8),
  'a view': () => new DataView(new ArrayBuffer(8)),
  'arguments': function () { return (function () { return arguments; })(1, 2); },
  'a generator': () => (function* () { yield Symbol('odd'); })(),
  'private members': () => new (class Odd { #a = 1; get a() { return this.#a; } })(),
  'a signal that is none': () => ({ aborted: false, throwIfAborted: boom, addEventListener: boom }),
  'what is frozen': () => Object.freeze({ a: Object.freeze([]) }),
};

/** These take long to look at: they come as the first argument alone. */
const LARGE = ['a long text', 'JSON too deep', 'a proxy without an end', 'lists too deep', 'objects too deep', 'objects that share', 'many bytes'];

module.exports = { LARGE, odd };
