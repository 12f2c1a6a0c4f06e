import { Plan } from 'leadwright';
import { plan } from '../../lib/engine';
import { PlanDiff } from './plan-diff';

export const dynamic = 'force-dynamic';

/** What changes from the plan in force to the one in `LEADWRIGHT_NEXT_PLAN`. */
export default function Page() {
  const next = process.env.LEADWRIGHT_NEXT_PLAN;
  if (!next) return <p>Set LEADWRIGHT_NEXT_PLAN to a plan, and what changes is shown here.</p>;
  return <PlanDiff diff={plan().diff(Plan.load(next))} />;
}
