// Never run: the same package, imported.

import leadwright, { Engine, type Lead, Plan } from 'leadwright';
import migrate, { Migration } from 'leadwright/migrate';

export const decide = async (lead: Lead): Promise<string> => {
  const decision = await new Engine(Plan.load('plan.jsonc')).decide(lead);
  return decision instanceof leadwright.Decision ? decision.id : '';
};

export const bucketed = new Migration('routing', { stage: migrate.stageFromEnv('LEAD_STAGE') }).stage('validate');
