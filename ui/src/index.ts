/**
 * `<lw-decision>` and `<lw-plan-diff>`: importing this makes them known to the page. On a server it does nothing.
 *
 * @packageDocumentation
 */

import type { SelectedContract } from './contracts.js';
import { DecisionElement } from './decision.js';
import type { FailureCode, FailureParts } from './failure.js';
import { PlanDiffElement, type SelectedChange } from './plan-diff.js';

export { withoutLead } from './without-lead.js';
export { DecisionElement, PlanDiffElement };
export type { ContractOf, SelectedContract } from './contracts.js';
export type { FailureCode, FailureParts } from './failure.js';
export type { SelectedChange } from './plan-diff.js';
export type { WhatIfReport } from './what-if.js';
export type { Decision, Explanation, PlanDiff } from './wire.js';

declare global {
  interface HTMLElementTagNameMap {
    'lw-decision': DecisionElement;
    'lw-plan-diff': PlanDiffElement;
  }
  interface GlobalEventHandlersEventMap {
    'lw-select': CustomEvent<SelectedContract | SelectedChange>;
    'lw-error': CustomEvent<{ code: FailureCode } & FailureParts>;
  }
}

const elements = { 'lw-decision': DecisionElement, 'lw-plan-diff': PlanDiffElement };
for (const [name, element] of Object.entries(elements)) {
  // A page that has two copies keeps the first.
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
}
