// An Express middleware: a lead that is not valid is answered 422, with its problems.

import express from 'express';
import { Messages, validate } from 'leadwright';

/**
 * Handlers that put what `validate` makes of the body (JSON, or a form) into `request.lead`. `messages` are your
 * words for problems; the other options are those of `validate`.
 */
export function validLead({ messages = new Messages(), ...options }) {
  // The bytes go to the core as they came: a reader in between would drop repeated keys and round numbers. What is longer
  // than a lead may be is answered 413.
  const read = express.raw({ type: () => true, limit: '64kb' });
  const check = (request, response, next) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const isForm = request.is('application/x-www-form-urlencoded');
    const lead = validate(isForm ? Object.fromEntries(new URLSearchParams(body.toString())) : body, options);
    if (!lead.valid) {
      const problems = lead.problems.map((problem) => ({ ...problem, message: messages.of(problem) }));
      response.status(422).json({ problems });
      return;
    }
    request.lead = lead;
    next();
  };
  return [read, check];
}
