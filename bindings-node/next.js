'use strict';

// Route handlers of `Request` and `Response`, as Next.js, Hono, Bun and Deno have them. It depends on none of them.

const { LeadwrightError } = require('./lib/errors');
const { MOST, Problem, decider, encoded, failed, headersOf, leadOf, tooLong, validator } = require('./lib/web/http');

/** Bytes of a body, as long as they are no more than a lead may be. */
async function bytesOf(body) {
  const parts = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > MOST) throw tooLong();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A route handler: `then` says the answer of what `answer` makes of the lead. */
function handler({ fields, answer }, then) {
  return async (request, context) => {
    try {
      const encoding = request.headers.get('content-encoding') ?? 'identity';
      if (encoding !== 'identity') throw encoded();
      const body = await bytesOf(request.body);
      const made = await answer(leadOf(body, request.headers.get('content-type'), await fields?.(request)));
      const said = await then(made, request, context);
      return said instanceof Response ? said : Response.json(said, { status: made.replayed ? 200 : 201 });
    } catch (error) {
      return problemOf(error);
    }
  };
}

/** The answer to what failed in leadwright; all else is thrown again, for the framework. */
function problemOf(error) {
  const problem = error instanceof LeadwrightError ? failed(error) : error;
  if (!(problem instanceof Problem)) throw error;
  return new Response(JSON.stringify(problem.body), { status: problem.body.status, headers: headersOf(problem.body) });
}

/** Takes leads that are valid; `then` answers. */
function validLead(options, then) {
  if (typeof then !== 'function') throw new TypeError('`then` is a function that answers');
  return handler(validator(options), then);
}

/** Decides leads; without `then` the answer is the id and the outcome of the decision. */
function decideLead(options, then = ({ id, outcome }) => ({ id, outcome })) {
  if (typeof then !== 'function') throw new TypeError('`then` is a function that answers');
  return handler(decider(options), then);
}

module.exports = { decideLead, problemOf, validLead };
