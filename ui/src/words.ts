// Words for what the wire says in codes. A code of a later version is shown as it is.

import texts from 'leadwright:codes';
import type { ExplainedState, Next, Outcome, ReasonCode, Sale } from './wire.js';

/** Short words, as `leadwright explain` has them; all others are told by the sentence of the code. */
const SHORT: Partial<Record<ReasonCode, string>> = {
  'contract.sold': 'sold',
  'contract.caps': 'capped',
  'contract.closed': 'closed',
  'contract.paused': 'paused',
  'contract.breaker_open': 'not called',
  'contract.no_bid': 'no bid',
  'contract.bad_bid': 'bad bid',
  'contract.bid_timeout': 'no bid in time',
  'contract.not_asked': 'not asked for a bid',
  'contract.outranked': 'outranked',
  'contract.duplicate': 'duplicate',
  'criteria.not_met': 'not eligible',
  'criteria.unknown_missing_field': 'not eligible, the field is missing',
};

/** What became of a contract. */
export function word(code: ReasonCode): string {
  return SHORT[code] ?? said(code);
}

/** What a code says in a sentence. */
export function said(code: string): string {
  return Object.hasOwn(texts, code) ? (texts[code] ?? code) : code;
}

/** How a contract is coloured: it got the lead, it could have, or it did not want it. */
export function standing(code: ReasonCode): 'got' | 'met' | 'unmet' {
  if (code === 'contract.sold') return 'got';
  return code.startsWith('criteria.') ? 'unmet' : 'met';
}

const OUTCOMES: Partial<Record<Outcome, string>> = {
  rejected: 'the lead itself is no good',
  duplicate: 'the same person was here within the window',
  suppressed: 'the person is on a list of those who must not be sold, or the list could not be asked',
  unmatched: 'no contract’s criteria were met',
  unsold: 'some contracts’ criteria were met, and none could take it',
  queued: 'it waits',
  test: 'a test lead: decided in full, nothing counted',
};

/** An outcome in a sentence; nothing for one that speaks for itself. */
export function outcome(of: Outcome): string {
  return OUTCOMES[of] ?? '';
}

/** On what it was decided, where it was not recorded. */
export function state(of: ExplainedState): string {
  if (of === 'current') return 'Tried on the state of the store as it is now; nothing is recorded.';
  if (of === 'empty') return 'Tried on an empty state, with no cap used and no lead before it; nothing is recorded.';
  return '';
}

/** What is done with a lead that waits. */
export function next({ action, at, until }: Next): string {
  const latest = until === undefined ? '' : `, at the latest until ${until}`;
  if (action === 'retry' && at !== undefined) return `It waits, and is decided again at ${at}${latest}.`;
  return action === 'hold' ? `It waits for somebody to release it${latest}.` : '';
}

/** One buyer alone, or several. */
export function form(sale: Sale): string {
  return sale === 'exclusive' ? 'alone' : sale;
}

/** `1 contract`, `3 contracts` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
