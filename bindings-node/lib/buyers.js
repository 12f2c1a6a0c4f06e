'use strict';

const native = require('./native');
const { call } = require('./errors');
const { listed, options } = require('./options');

/** The native half of some buyers; only the engine asks for it. */
const inners = new WeakMap();

/** Secrets by name. */
function secretsOf(secrets) {
  if (typeof secrets !== 'object' || secrets === null) throw new TypeError('secrets are an object of names and texts');
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, String(secret)]));
}

/**
 * The buyers of a plan behind HTTP: the connections that are kept, and the secrets that requests need. Make one, and use it for
 * all calls.
 */
class Buyers {
  constructor(given) {
    const { secrets = {}, allow = [] } = options(given, 'secrets', 'allow');
    const known = secretsOf(secrets);
    inners.set(this, call(() => new native.Buyers(known, listed(allow, String))));
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return '<Buyers>';
  }
}

function innerBuyers(buyers) {
  const inner = inners.get(buyers);
  if (inner === undefined) throw new TypeError('buyers are made by `new Buyers()`');
  return inner;
}

module.exports = { Buyers, innerBuyers, secretsOf };
