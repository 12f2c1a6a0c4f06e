'use strict';

// Middleware for Express, Connect, and whatever hands out requests of `node:http`. It depends on none of them.

const { LeadwrightError } = require('./lib/errors');
const { MOST, Problem, decider, encoded, failed, headersOf, leadOf, tooLong, validator } = require('./lib/web/http');

/** The body of a request: bytes, or what a parser before made of it. */
async function bodyOf(request) {
  const { body } = request;
  if (Buffer.isBuffer(body) || typeof body === 'string') {
    if (Buffer.byteLength(body) > MOST) throw tooLong();
    return Buffer.from(body);
  }
  if (request.readableEnded) return body ?? Buffer.alloc(0);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw encoded();
  return read(request);
}

/** Not by `for await`: leaving that loop would end the connection before the answer. */
function read(request) {
  return new Promise((resolve, reject) => {
    const parts = [];
    let length = 0;
    const onData = (part) => {
      length += part.length;
      if (length <= MOST) return parts.push(part);
      request.off('data', onData);
      return reject(tooLong());
    };
    request.on('data', onData).once('error', reject).once('end', () => resolve(Buffer.concat(parts)));
  });
}

/** A middleware that puts what `answer` makes of the lead under `name`. */
function middleware(name, { fields, answer }) {
  return async (request, response, next) => {
    try {
      const body = await bodyOf(request);
      request[name] = await answer(leadOf(body, request.headers['content-type'], await fields?.(request)));
    } catch (error) {
      return told(error, request, response, next);
    }
    return next();
  };
}

/** Answers with a problem; what is none goes on. */
function told(error, request, response, next) {
  const problem = error instanceof LeadwrightError ? failed(error) : error;
  if (!(problem instanceof Problem) || response.headersSent) return next(error);
  if (!request.readableEnded) {
    // Nobody reads the rest of it.
    response.setHeader('connection', 'close');
    request.resume();
  }
  response.writeHead(problem.body.status, headersOf(problem.body));
  return response.end(JSON.stringify(problem.body));
}

/** Routes behind it get a valid lead as `request.lead`; others are answered with their problems. */
function validLead(options) {
  return middleware('lead', validator(options));
}

/** Routes behind it get the `request.decision` about a lead; one that is rejected is answered with its problems. */
function decideLead(options) {
  return middleware('decision', decider(options));
}

/** The last middleware: answers what failed in leadwright, and hands all else on. */
function problems() {
  // Express knows one for errors by its four parameters.
  return (error, request, response, next) => told(error, request, response, next);
}

module.exports = { decideLead, problems, validLead };
