// Never run: the same package, imported.

import leadwright, { Engine, type Lead, Plan } from 'leadwright';

export const decide = async (lead: Lead): Promise<string> => {
  const decision = await new Engine(Plan.load('plan.jsonc')).decide(lead);
  return decision instanceof leadwright.Decision ? decision.id : '';
};
