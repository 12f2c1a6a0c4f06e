// What JSX may say about the two elements.

import type { DecisionElement, PlanDiffElement } from '@leadwright/elements';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'lw-decision': DetailedHTMLProps<HTMLAttributes<DecisionElement>, DecisionElement>;
      'lw-plan-diff': DetailedHTMLProps<HTMLAttributes<PlanDiffElement>, PlanDiffElement>;
    }
  }
}
