// Never run: the same package, imported.

import leadwright, { Engine, type Lead, Plan } from 'leadwright';
import express, { decideLead } from 'leadwright/express';
import migrate, { Migration } from 'leadwright/migrate';
import next, { problemOf } from 'leadwright/next';

export const decide = async (lead: Lead): Promise<string> => {
  const decision = await new Engine(Plan.load('plan.jsonc')).decide(lead);
  return decision instanceof leadwright.Decision ? decision.id : '';
};

export const bucketed = new Migration('routing', { stage: migrate.stageFromEnv('LEAD_STAGE') }).stage('validate');

export const web = [express.decideLead === decideLead, next.problemOf === problemOf];
