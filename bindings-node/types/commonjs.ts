// Never run: `tsc` compiles it, and fails where a type says too much or too little.

import {
  type Address,
  Decision,
  Engine,
  LeadwrightError,
  LineError,
  Buyers,
  Messages,
  Plan,
  PlanError,
  SuppressionList,
  type ValidatedLine,
  type Validation,
  canonicalizeAddress,
  canonicalizeAddresses,
  checkField,
  redactText,
  validate,
  validateMany,
} from 'leadwright';
import leadwright = require('leadwright');
import http = require('node:http');
import express = require('leadwright/express');
import migrate = require('leadwright/migrate');
import next = require('leadwright/next');
import type { Assignment, CloudEvent, Durability, Issue, Outcome, Quality, Value } from 'leadwright/wire';

/** The two are the same type, not only assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export async function events(engine: Engine): Promise<void> {
  const crm = engine.subscribe('crm', { types: ['lead.decided.v1'], start: 'now' });
  // @ts-expect-error: no event is of this type
  engine.subscribe('crm', { types: ['lead.sold.v1'] });
  for await (const event of crm.follow({ timeout: 1000, signal: AbortSignal.timeout(5000) })) {
    const told: CloudEvent = event.toJSON();
    if (told.type === 'lead.decided.v1') void [told.data.outcome, told.data.assignments?.[0]?.price];
    // @ts-expect-error: a plan has no outcome
    if (told.type === 'plan.activated.v1') void told.data.outcome;
    const id: string = event.id;
    void [id, event.position.toFixed()];
    await crm.ack(event);
  }
  const behind: number[] = engine.subscribers().map((each) => each.behind);
  for await (const { type } of crm) void [type, behind, await crm.poll(7)];
}

export function pure(): void {
  const lead: Validation = validate({ zip: '60601', tags: new Set(['a']) }, { schema: 'us/home-services@1' });
  const canonical: { [name: string]: Value } = lead.canonical;
  validate(new Map([['zip', 60601n]]), { schema: 'us/home-services@1', asOf: new Date(), repair: ['zip_letter_o'] });
  // @ts-expect-error: a schema is needed
  validate('{}', {});
  // @ts-expect-error: there is no such repair
  validate('{}', { schema: 'us/home-services@1', repair: ['zip'] });
  // @ts-expect-error: a number is no lead
  validate(7, { schema: 'us/home-services@1' });
  const words: string[] = lead.messages(new Messages({ 'phone.too_short': ['{expected}', '{field}'] }));
  // @ts-expect-error: a text is a text
  new Messages({ 'phone.too_short': 7 });
  void words;
  const address: Address = canonicalizeAddress('5 elm pl');
  const key: string | null = address.key;
  const value: Value | undefined = checkField('date', '6/16/1980', { asOf: new Date(), minAge: 18 }).value;
  void [canonical, key, value];
}

export async function many(): Promise<void> {
  const addresses: Address[] = await canonicalizeAddresses(new Set(['5 elm pl', { zip: 63104 }]), { threads: 2 });
  // @ts-expect-error: there is no such option
  await canonicalizeAddresses(addresses, { thread: 2 });
  const lines: ValidatedLine[] = await validateMany([{ id: 1 }, '{}'], { schema: 'us/home-services@1', redact: 'redacted' });
  const [line] = lines;
  const hashed: ValidatedLine | undefined = line?.hashed('sixteen bytes or more');
  const quality: Quality | undefined = line?.quality;
  // @ts-expect-error: what is no lead has no quality
  line?.quality.score.toFixed();
  // @ts-expect-error: one lead is not many
  await validateMany(7, { schema: 'us/home-services@1' });
  void [hashed?.line.toFixed(), hashed?.id, quality, redactText('phone', '+13128675309')];
}

export async function engine(): Promise<void> {
  const plan = Plan.load(new URL('file:///plan.jsonc'));
  const issues: Issue[] = Plan.check('plan.jsonc');
  const said: string[] = plan.diff(plan).changes.map((change) => change.text);
  const shown = Plan.lint('plan.jsonc', { asOf: new Date() }).map((issue) => issue.witness?.lead);
  const laidOut: string | null = Plan.format('{}');
  const tables = Plan.fromRows({ base: 'plan.jsonc', contracts: [{ contract: 'a', price: 42.5 }] }).toDocuments();
  const cells: Issue[] = Plan.checkRows({ base: {}, contracts: [], ignore: ['id'] });
  // @ts-expect-error: plans are loaded
  new Plan();
  await using engine = new Engine(plan, { store: 'leads.db', tenant: 'main', relaxed: true, keys: { k1: new Uint8Array(32) } });
  using other = new Engine(Plan.fromBundle(plan.bundle()));
  const decision = await engine.decide({ id: 'L1' }, { now: Date.now(), seed: 7 });
  const same: [Same<typeof decision.outcome, Outcome>, Same<typeof decision.durability, Durability>] = [true, true];
  const sold: Assignment[] = decision.assignments;
  // @ts-expect-error: answers are read
  decision.outcome = 'assigned';
  const bytes: Buffer = other.decideSync('{}', { now: '2026-11-24T15:30:00Z' }).json;
  async function* leads(): AsyncGenerator<object> {
    yield { id: 'L2' };
  }
  for (const answer of await engine.decideBatch(leads(), { threads: 2, signal: AbortSignal.timeout(1000) })) {
    if (answer instanceof LineError) answer.line.toFixed();
    else answer.outcome.trim();
  }
  const rows: Buffer[] = await engine.prepareBatch(leads(), { now: 0, threads: 2 });
  const settled: (typeof decision | LineError)[] = await other.settleBatch(new Set(rows), { line: 7 });
  void settled;
  for (const { id, same } of engine.replay(decision)) void [id.trim(), same === true];
  const { events } = engine.operate({ op: 'revoke', phone: '312-867-5309', reason: 'text STOP' }, { now: 0 });
  const drifts: string[] = engine.drift().map(({ what }) => what);
  const bought: number = engine.metrics().decisions['assigned'] ?? 0;
  const [bound, count]: [number, number] = engine.metrics().batch_leads.steps[0] ?? [0, 0];
  void [events, drifts, bought, bound, count, engine.prometheus().length];
  const [entry] = engine.explain(decision.id).entries;
  const code: string | undefined = entry?.code;
  const would: string[] = engine.explain(decision, { all: true }).near.map((miss) => miss.would);
  const state: string = plan.explain({ id: 'L1' }, { at: new Date(), contract: 'acme-il' }).state;
  const lost: string[] = other.explainLead('{}', { now: 0, all: true }).decisive.flatMap((limit) => limit.instead);
  void [would, state, lost];
  engine.swap(plan);
  const list: SuppressionList = await SuppressionList.open('opt-outs.lwlist');
  engine.setList('opt-outs', list);
  other.setList('opt-outs', SuppressionList.of([new Uint8Array(32)], { hash: 'sha256', madeAt: new Date() }));
  const hidden: string = decision.redacted(plan).hashed(plan, 'sixteen bytes or more').id;
  const fixed: Record<string, string> = Plan.fix('plan.jsonc', { guesses: true }).files;
  // @ts-expect-error: entries have a hash that is known
  SuppressionList.of([], { hash: 'crc32' });
  void [hidden, fixed];
  void [issues, said, shown, laidOut, tables, cells, same, sold, bytes, code, Decision];
}

export async function waited(engine: Engine, buyers: Buyers, signal: AbortSignal): Promise<void> {
  const decision: Decision = await engine.decide({ id: 'L1' }, { now: 0, signal });
  await engine.submit('{}', buyers, { within: 9, signal });
  const list: SuppressionList = await SuppressionList.open('opt-outs.lwlist', { signal });
  // @ts-expect-error: at once is at once
  engine.decideSync({ id: 'L1' }, { signal });
  void [decision, list];
}

export function web(engine: Engine): http.Server {
  const valid = express.validLead({ schema: 'us/home-services@1', require: ['zip'], fields: () => ({ source: 'web' }) });
  // @ts-expect-error: an engine is needed
  express.decideLead({});
  const post: next.Handler = next.decideLead({ engine: async () => engine }, ({ outcome }) => ({ outcome }));
  const put = next.validLead<{ params: { id: string } }>({ schema: 'us/home-services@1' }, (lead, _request, context) =>
    Response.json({ id: context?.params.id, state: lead.canonical['state'] }),
  );
  void [post, put, express.problems()];
  return http.createServer((request, response) => void valid(request, response, () => response.end()));
}

export function errors(error: unknown): string {
  if (error instanceof LeadwrightError && error.retryable) return LeadwrightError.from(error.toJSON()).path ?? '';
  if (error instanceof PlanError) return error.issues.map((issue) => `${issue.file}:${issue.line}`).join();
  return error instanceof LeadwrightError ? error.code : String(error instanceof leadwright.StoreError);
}

export function migration(engine: Engine): void {
  const m = new migrate.Migration('routing', { engine, stage: { limits: 'shadow' }, key: (lead: { id: string }) => lead.id });
  const validate = m.step('validate', (lead: { id: string }) => [lead.id], { candidate: () => [] });
  const same: Same<ReturnType<typeof validate>, string[]> = true;
  const decide = m.decide('decide', async (lead: { id: string }): Promise<string | null> => (lead.id ? 'acme-il' : null), {
    seen: (contract) => (contract === null ? { outcome: 'unsold' } : { outcome: 'assigned', sales: [{ contract }] }),
    adaptOut: (decision) => decision.id,
  });
  const found: Promise<string | null> = decide({ id: 'L1' });
  const dry: Decision = m.engine.dryRun({ id: 'L1' });
  // @ts-expect-error: a candidate cannot write
  m.engine.decide({ id: 'L1' });
  void [same, found, dry];
}

export async function delivery(engine: Engine, signal: AbortSignal): Promise<number> {
  const done = await engine.runDelivery({ workers: 4, secrets: { acme: 't0ken' }, allow: ['10.0.0.0/8'], signal });
  for (const sending of engine.claim('w1', { posts: true })) {
    const request = engine.requestOf(sending, { secrets: { acme: 't0ken' } });
    if ('says' in request) engine.delivered(sending.id, request.class);
    else engine.delivered(sending.id, engine.outcomeOf(sending, { status: 200, body: request.body, tookMs: 12 }));
  }
  // @ts-expect-error: secrets are an object
  await engine.runDelivery({ secrets: 't0ken' });
  const buyers = new Buyers({ secrets: { acme: 't0ken' }, allow: ['10.0.0.0/8'] });
  const bid: string | undefined = (await engine.ping({ zip: '60601' }, buyers)).bid;
  const submitted = await engine.post({ id: 'L1', ping_id: bid ?? '' }, buyers, { within: 2000, seed: 7 });
  const payout: string = submitted.payout;
  const pending: boolean = submitted.ended === 'pending' && payout === (await engine.submit('{}', buyers)).payout;
  // @ts-expect-error: no such option
  await engine.submit('{}', buyers, { wihtin: pending ? 1 : 2 });
  const id: string | null = leadwright.verifyWebhook(['whsec_'], { 'webhook-id': 'k1' }, '{}', { tolerance: 60 });
  return (done.ended.accepted ?? 0) + done.unreported + (id?.length ?? 0);
}
