// A service that takes leads.

import express from 'express';
import { Messages } from 'leadwright';
import { decideLead, problems, validLead } from 'leadwright/express';

const messages = new Messages({
  'field.missing': 'Please fill in {field}.',
  'phone.not_a_number': 'Please give a phone number.',
});

/** The service. `log` gets what others may see; with an `engine` leads are also sold. */
export function service({ log = console.log, engine } = {}) {
  const app = express();
  const lead = validLead({ schema: 'us/home-services@1', require: ['zip'], messages });
  app.post('/leads', lead, (request, response) => {
    // Here it would be stored.
    log(`took ${request.lead.redacted().json}`);
    response.status(201).json({ state: request.lead.canonical.state, warnings: request.lead.problems });
  });
  if (engine) {
    // The source is what the service knows of who sends, and not what they say.
    const decide = decideLead({ engine, messages, fields: () => ({ source: 'search-lp' }) });
    app.post('/sell', decide, ({ decision }, response) => {
      response.status(decision.replayed ? 200 : 201).json({ id: decision.id, outcome: decision.outcome });
    });
  }
  app.use(problems());
  return app;
}
