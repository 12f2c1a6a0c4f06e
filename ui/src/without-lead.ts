import type { Explanation } from './wire.js';

/**
 * An explanation without the values of the lead: for a server, before it answers a browser. The elements show no such
 * value, so nothing is missing; `found` has shapes only.
 */
export function withoutLead(explanation: Explanation): Explanation {
  return { ...explanation, decision: { ...explanation.decision, canonical: {}, corrections: [] } };
}
