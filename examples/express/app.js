// A service that takes leads.

import express from 'express';
import { Messages } from 'leadwright';
import { validLead } from './leads.js';

const messages = new Messages({
  'field.missing': 'Please fill in {field}.',
  'phone.not_a_number': 'Please give a phone number.',
});

/** The service. `log` gets what others may see. */
export function service(log = console.log) {
  const app = express();
  const lead = validLead({ schema: 'us/home-services@1', require: ['zip'], messages });
  app.post('/leads', lead, (request, response) => {
    // Here it would be stored, or decided by an engine.
    log(`took ${request.lead.redacted().json}`);
    response.status(201).json({ state: request.lead.canonical.state, warnings: request.lead.problems });
  });
  return app;
}
