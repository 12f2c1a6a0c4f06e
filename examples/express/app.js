// A service that takes leads.

import express from 'express';
import { validLead } from './leads.js';

/** The service. `log` gets what others may see. */
export function service(log = console.log) {
  const app = express();
  app.post('/leads', validLead({ schema: 'us/home-services@1', require: ['zip'] }), (request, response) => {
    // Here it would be stored, or decided by an engine.
    log(`took ${request.lead.redacted().json}`);
    response.status(201).json({ state: request.lead.canonical.state, warnings: request.lead.problems });
  });
  return app;
}
