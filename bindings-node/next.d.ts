/**
 * Route handlers of `Request` and `Response`, as Next.js, Hono, Bun and Deno have them. The package depends on none of them. In
 * Next.js they need the runtime `nodejs`.
 *
 * ```js
 * // app/api/leads/route.js
 * export const POST = decideLead({ engine, fields: () => ({ source: 'web' }) });
 * ```
 *
 * @packageDocumentation
 */

import type { Decision, Engine, Messages, ValidateOptions, Validation } from './index.js';

/** A route handler. */
export type Handler<Context = unknown> = (request: Request, context?: Context) => Promise<Response>;

/** What both have. */
interface Told {
  /** Your words for problems; English when absent. */
  messages?: Messages;
  /**
   * What the service knows itself, as the `source` of who is logged in: it stands in place of what the sender says. JSON is read
   * for it; without it, it goes to the core as it came.
   */
  fields?: (request: Request) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** How leads are validated. */
export interface ValidLeadOptions extends ValidateOptions, Told {}

/** How leads are decided. */
export interface DecideLeadOptions extends Told {
  /** An engine, or a function that gives one: a build of Next.js loads routes, and must open no store. */
  engine: Engine | (() => Engine | Promise<Engine>);
}

/** Says the answer: a `Response`, or what becomes JSON with the status 201, or 200 where the lead had been decided before. */
export type Then<Answer, Context = unknown> = (
  answer: Answer,
  request: Request,
  context?: Context,
) => Response | object | Promise<Response | object>;

/**
 * Takes leads that are valid, from JSON or a form; others are answered 422 with their problems, as `application/problem+json`:
 * codes, paths and words, never a value. What is longer than a lead may be is answered 413.
 *
 * @throws {InputError} for options that are wrong.
 */
export function validLead<Context = unknown>(options: ValidLeadOptions, then: Then<Validation, Context>): Handler<Context>;
/**
 * Decides leads; without `then` the answer is the `id` and the `outcome` of the decision. A lead that is rejected is answered as
 * by `validLead`; a call that failed 503 with `Retry-After` where it may work a moment later, and 500 with its code alone where
 * it may not.
 */
export function decideLead<Context = unknown>(options: DecideLeadOptions, then?: Then<Decision, Context>): Handler<Context>;
/** The answer to an error of leadwright, for handlers of your own; throws what is none again. */
export function problemOf(error: unknown): Response;
