// What an explained decision must have for it to be shown.

import { Failure } from './failure.js';
import { check, type Shape } from './shape.js';
import type { Decision, Explanation } from './wire.js';

const PROBLEM: Shape = { code: 'text', severity: 'text', path: 'text', 'shape?': 'text', 'expected?': 'text' };
const BID: Shape = { contract: 'text', is: 'text', sale: 'text', took_ms: 'number', 'price?': 'text', 'until?': 'text' };
const GROUP: Shape = { group: 'text', select: 'text', eligible: 'number', 'auction?': { list: BID } };
const FUNNEL: Shape = { considered: 'number', matched: 'number', open: 'number', eligible: 'number', sold: 'number' };
const SOLD: Shape = { buyer: 'text', contract: 'text', group: 'text', price: 'text', sale: 'text', state: 'text' };
const FAILING: Shape = { code: 'text', 'check?': 'text', 'found?': 'text', 'wanted?': 'text' };
const FULL: Shape = {
  buyer: 'text',
  caps: { list: { check: 'text', limit: 'text', 'used?': 'text' } },
  conditions: { list: { check: 'text', wanted: 'text', 'found?': 'text', 'met?': 'flag' } },
  open: 'flag',
  'exclusive?': 'text',
  'shared?': 'text',
};
const ENTRY: Shape = {
  contract: 'text',
  group: 'text',
  code: 'text',
  'check?': 'text',
  'found?': 'text',
  'wanted?': 'text',
  'criteria?': 'text',
  'failing?': { list: FAILING },
  'full?': FULL,
};
const DECISION: Shape = {
  id: 'text',
  lead: 'text',
  source: 'text',
  at: 'text',
  plan: 'text',
  outcome: 'text',
  'observed?': 'flag',
  'parent?': 'text',
  'next?': { action: 'text', 'at?': 'text', 'until?': 'text' },
  problems: { list: PROBLEM },
  'quality?': { score: 'number', reasons: { list: { code: 'text', points: 'number' } } },
  assignments: { list: SOLD },
  money: { currency: 'text', revenue: 'text', payout: 'text', margin: 'text' },
  trace: { funnel: FUNNEL, groups: { list: GROUP }, entries: { list: ENTRY } },
};
const EXPLANATION: Shape = {
  state: 'text',
  decision: DECISION,
  entries: { list: ENTRY },
  near: { list: { contract: 'text', text: 'text', would: 'text', failing: 'number' } },
  sales: { list: { contract: 'text', price: 'text', text: 'text' } },
  decisive: { list: { contract: 'text', text: 'text' } },
  'returned?': { list: { at: 'text', text: 'text' } },
};

/** What is shown: an explanation, and whether it tells all contracts of the route. */
export interface Told {
  explanation: Explanation;
  whole: boolean;
}

/** An explanation, or a decision alone, which knows the contracts whose criteria were met. @throws {Failure} */
export function told(given: Explanation | Decision): Told {
  if (typeof given === 'object' && 'v' in given && given.v !== 1) {
    throw new Failure('ui.wrong_version', { path: '/v', expected: 'version 1' });
  }
  if (typeof given === 'object' && 'decision' in given) {
    check(given, EXPLANATION);
    return { explanation: given, whole: true };
  }
  check(given, DECISION);
  const { entries } = given.trace;
  return { explanation: { v: 1, state: 'recorded', decision: given, entries, near: [], sales: [], decisive: [] }, whole: false };
}
