// What a strict host writes, against the types of the built package.

import { DecisionElement, withoutLead, type Explanation, type PlanDiff, type SelectedContract, type WhatIfReport } from '@leadwright/elements';

declare const explanation: Explanation;
declare const diff: PlanDiff;
declare const report: WhatIfReport;

const decision = document.createElement('lw-decision');
decision.decision = explanation;
decision.decision = explanation.decision;
decision.decision = null;
decision.buyers = [{ contract: 'acme-il', buyer: 'acme' }];
decision.src = '/decisions/1';
const again: Promise<void> = decision.reload();

const plans = document.createElement('lw-plan-diff');
plans.diff = diff;
plans.report = report;

const opened: SelectedContract[] = [];
decision.addEventListener('lw-select', ({ detail }) => {
  if ('contract' in detail) opened.push(detail);
});
document.addEventListener('lw-error', ({ detail }) => console.error(detail.code, detail.path));

const bare: Explanation = withoutLead(explanation);
const one: DecisionElement | null = document.querySelector('lw-decision');

// @ts-expect-error an explanation is not a plan diff
plans.diff = explanation;
// @ts-expect-error events name what was opened by `contract`, or by `id`
decision.addEventListener('lw-select', ({ detail }) => detail.lead);

export { again, bare, one };
