// The same way in for suppliers, in Express: keys, limits, idempotent answers, and problems with codes.

import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import { Buyers, Engine, EngineError, InputError, Plan, StoreError, validate } from 'leadwright';

const SCHEMA = 'us/home-services@1';
/** Problems that say that a request contradicts an earlier one. */
const CONFLICTS = new Set(['lead.id_conflict', 'lead.idempotency_key_reused']);

/** Where leads come in. */
const POSTED = new Set(['/leads', '/ping', '/post']);

/** What a caller did wrong, or what we cannot do now. Its members go out: none holds a value of a lead. */
class Problem extends Error {
  constructor(status, title, { headers = {}, ...members } = {}) {
    super(title);
    Object.assign(this, { status, headers, body: { title, status, ...members } });
  }
}

/**
 * The app, and its engine for whoever closes it. `secrets` are those that the plan names, `allow` is for buyers inside of your
 * network; `log` gets the kind and the place of mistakes of ours.
 */
export function service({ plan, store, sources, secrets = {}, allow = [], log = console.error, clock = () => performance.now() / 1000 }) {
  const engine = new Engine(Plan.load(plan), { store });
  const buyers = new Buyers({ secrets, allow });
  const known = readSources(sources, clock);
  const app = express();
  app.disable('x-powered-by');

  /** A lead of a supplier comes in; `answer` gets it under the source of its key. */
  const takes = (path, answer) => app.post(path, (request, response, next) => {
    response.locals.source = supplier(known, request);
    next();
  }, express.raw({ type: () => true, limit: '64kb' }), (request, response) => answer(under(response.locals.source, request), response));

  takes('/leads', async (lead, response) => decided(await asked(() => engine.decide(lead)), response));
  // What the supplier would get.
  takes('/ping', async (lead, response) => {
    const told = await asked(() => engine.ping(lead, buyers));
    shown(told, ['ping_id', 'bid', 'currency', 'expires', 'because'], response);
  });
  // Placed while the supplier waits, for what was bid or more.
  takes('/post', async (lead, response) => {
    const told = await asked(() => engine.post(lead, buyers));
    shown(told, ['decision', 'ended', 'payout', 'currency', 'ping', 'because'], response);
  });
  app.get('/openapi.json', (_, response) => response.sendFile(new URL('../openapi.json', import.meta.url).pathname));
  app.get('/healthz', (_, response) => response.json({ ok: true }));
  app.get('/readyz', async (_, response) => {
    await asked(() => engine.subscribers());
    response.json({ ok: true });
  });

  app.use((request) => {
    throw new Problem(POSTED.has(request.path) ? 405 : 404, 'there is nothing like that here');
  });
  // Express knows it by its four arguments.
  app.use((error, _request, response, _next) => {
    const { status, headers, body } = told(error, log);
    response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(body));
  });
  return { app, engine };
}

/** Sources with the hashes of their keys and their buckets; each process has buckets of its own. */
function readSources(path, clock) {
  const read = Object.entries(JSON.parse(readFileSync(path, 'utf8')));
  return read.map(([name, { keys, rate, burst }]) => {
    const bucket = { has: burst, at: clock() };
    /** Takes a token: 0, or in how many seconds there is one. */
    const take = () => {
      const now = clock();
      bucket.has = Math.min(burst, bucket.has + (now - bucket.at) * rate);
      bucket.at = now;
      if (bucket.has < 1) return (1 - bucket.has) / rate;
      bucket.has -= 1;
      return 0;
    };
    return { name, take, keys: keys.map((key) => Buffer.from(key)) };
  });
}

/** Whose request it is, if it may come now. All hashes are compared, each in the same time. */
function supplier(known, request) {
  const [, scheme, key] = /^(\S*) (.*)$/.exec(request.get('authorization') ?? '') ?? [];
  const given = Buffer.from(`sha256:${createHash('sha256').update(key ?? '').digest('hex')}`);
  const fits = (one) => one.length === given.length && timingSafeEqual(one, given);
  const [source] = known.filter(({ keys }) => keys.filter(fits).length > 0);
  if (!source || scheme.toLowerCase() !== 'bearer') {
    throw new Problem(401, 'the key is missing or unknown', { headers: { 'WWW-Authenticate': 'Bearer' } });
  }
  const wait = source.take();
  if (wait > 0) throw new Problem(429, 'too many requests', { headers: { 'Retry-After': String(Math.ceil(wait)) } });
  return source.name;
}

/**
 * The body with our members in front: of a key that comes twice the core takes the first, and says so. The rest goes to the
 * core as it came: a reader in between would drop repeated keys and round numbers.
 */
function under(source, request) {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const key = request.get('idempotency-key');
  if (key !== undefined && !(key.length >= 1 && key.length <= 255)) {
    throw new Problem(400, 'an Idempotency-Key has 1 to 255 characters');
  }
  // As signs of one byte each: what is no UTF-8 stays what it is.
  const theirs = body.toString('latin1').replace(/^\xef\xbb\xbf/, '').trim();
  if (!theirs.startsWith('{')) throw ofLead(422, validate(body, { schema: SCHEMA }).problems);
  const rest = theirs.slice(1).trimStart();
  const ours = Buffer.from(JSON.stringify({ source, idempotency_key: key }).slice(0, -1));
  return Buffer.concat([ours, Buffer.from((rest.startsWith('}') ? '' : ', ') + rest, 'latin1')]);
}

/** What the engine cannot do now may be tried again, with the same key. */
async function asked(what) {
  try {
    return await what();
  } catch (error) {
    if (error instanceof InputError) throw new Problem(400, 'the request is not understood', { code: error.code });
    if (!(error instanceof StoreError || error instanceof EngineError)) throw error;
    throw new Problem(503, 'try again', { headers: { 'Retry-After': '1' }, code: error.code });
  }
}

/** The answer follows from the bytes of the decision alone, and so it is the same each time. */
function decided(decision, response) {
  if (decision.replayed) response.set('Idempotent-Replayed', 'true');
  const { id, outcome, money, problems } = decision;
  if (outcome === 'rejected') {
    const conflict = problems.some(({ action, code }) => action === 'rejected' && CONFLICTS.has(code));
    throw ofLead(conflict ? 409 : 422, problems);
  }
  response.status(201).json({ decision: id, outcome, payout: money?.payout, currency: money?.currency, problems });
}

/** What is the supplier's business. Who buys its leads is not. */
function shown(told, names, response) {
  response.json(Object.fromEntries(names.filter((name) => name in told).map((name) => [name, told[name]])));
}

function ofLead(status, problems) {
  const rejected = problems.filter(({ action }) => action === 'rejected');
  return new Problem(status, 'the lead is not taken', { problems: rejected.length ? rejected : problems });
}

/** A mistake of ours is told as one. Its message might hold a lead: the log has its kind and its place. */
function told(error, log) {
  if (error instanceof Problem) return error;
  if (error.type === 'entity.too.large') return new Problem(413, 'a lead has 64 KiB at most');
  if (error.expose) return new Problem(error.status, 'the request is not understood');
  log(`${error.name} ${error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))?.trim()}`);
  return new Problem(500, 'a mistake of ours');
}
