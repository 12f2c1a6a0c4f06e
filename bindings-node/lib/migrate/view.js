'use strict';

const { Engine } = require('../engine');
const { CURRENT } = require('./call');
const { ReadOnlyError } = require('./errors');

const READS = new Set([
  'balances', 'breakers', 'deliveries', 'delivery', 'drift', 'errors', 'explain', 'explainLead', 'metrics', 'outbox', 'planHash',
  'prepareBatch', 'prometheus', 'queue', 'replay', 'report', 'statement', 'statements', 'subscribers',
]);

/**
 * An engine that nobody can write with. It decides at the time of the legacy's call and with the chance of its key; what
 * only reads is the engine's own, and all else throws a `ReadOnlyError`.
 */
function dryRun(engine) {
  const decide = (lead, given = {}) => {
    const call = CURRENT.getStore();
    return engine.dryRun(lead, call ? { now: call.at, seed: call.seed, ...given } : given);
  };
  return new Proxy(Object.create(null), {
    get(_, name) {
      if (name === 'dryRun') return decide;
      if (READS.has(name)) {
        const found = engine[name];
        return typeof found === 'function' ? found.bind(engine) : found;
      }
      if (typeof name === 'string' && name in Engine.prototype && !(name in Object.prototype)) {
        const why = `\`${name}\` writes, and the legacy answers: a candidate has \`dryRun\``;
        throw new ReadOnlyError(why, 'migrate.read_only');
      }
      return undefined;
    },
    set() {
      throw new ReadOnlyError('a candidate changes nothing of the engine', 'migrate.read_only');
    },
  });
}

module.exports = { dryRun };
