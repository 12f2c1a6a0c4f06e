/**
 * Middleware for Express, Connect, and whatever hands out requests of `node:http`. The package depends on none of them.
 *
 * ```js
 * app.post('/leads', validLead({ schema: 'us/home-services@1' }), (request, response) => {
 *   response.status(201).json({ warnings: request.lead.problems });
 * });
 * app.use(problems());
 * ```
 *
 * @packageDocumentation
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Decision, Engine, Messages, ValidateOptions, Validation } from './index.js';

declare global {
  namespace Express {
    interface Request {
      /** What `validLead` made of the body. */
      lead?: Validation;
      /** What `decideLead` made of the body. */
      decision?: Decision;
    }
  }
}

/** A middleware. Handlers of Express are given more; these take what every server of Node gives. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => Promise<void>;

/** What both have. */
interface Told {
  /** Your words for problems; English when absent. */
  messages?: Messages;
  /**
   * What the service knows itself, as the `source` of who is logged in: it stands in place of what the sender says. JSON is read
   * for it; without it, it goes to the core as it came.
   */
  fields?: (request: IncomingMessage) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** How leads are validated. */
export interface ValidLeadOptions extends ValidateOptions, Told {}

/** How leads are decided. */
export interface DecideLeadOptions extends Told {
  /** An engine, or a function that gives one. */
  engine: Engine | (() => Engine | Promise<Engine>);
}

/**
 * Routes behind it get a valid lead as `request.lead`, from JSON or a form; others are answered 422 with their problems, as
 * `application/problem+json`: codes, paths and words, never a value. What is longer than a lead may be is answered 413.
 *
 * @throws {InputError} for options that are wrong.
 */
export function validLead(options: ValidLeadOptions): Middleware;
/**
 * Routes behind it get the `request.decision` about a lead. One that is rejected is answered as by `validLead`; a call that
 * failed 503 with `Retry-After` where it may work a moment later, and 500 with its code alone where it may not.
 */
export function decideLead(options: DecideLeadOptions): Middleware;
/** The last middleware: answers what failed in leadwright as `decideLead` does, and hands all else on. */
export function problems(): (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;
