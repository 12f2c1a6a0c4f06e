// Decisions and plans of all sorts, made by the library itself.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Buyers, Engine, Plan } from 'leadwright';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const NOW = '2026-11-24T15:30:00Z';

/** A lead that is sold, and one that is not, by the plan of examples/home-services. */
export function homeServices() {
  const plan = Plan.load(path.join(REPOSITORY, 'examples/home-services/plan.jsonc'));
  const engine = new Engine(plan);
  const lead = {
    source: 'search-lp',
    vertical: 'roofing',
    name: 'lee, ANN',
    street: '233 south wacker drive',
    zip: '60606',
    homeowner: 'Yes',
    roof_age: '12',
    timeframe: 'ASAP',
  };
  const decide = (id, phone, more = {}) => engine.decideSync({ ...lead, id, phone, ...more }, { now: NOW });
  const sold = decide('L1', '(312) 867-5309');
  const unsold = decide('L2', '(773) 555-0124', { homeowner: 'no', street: '' });
  const made = {
    sold: engine.explain(sold),
    unsold: engine.explain(unsold, { all: true }),
    one: engine.explain(sold, { contract: 'homefront-roof' }),
    redacted: sold.redacted(plan).toJSON(),
    contracts: plan.contracts,
  };
  engine.close();
  return made;
}

/** A plan of one route that has so many contracts, of which a few get the lead. */
export function wide(contracts) {
  const states = ['IL', 'IN', 'WI', 'IA', 'MO', 'OH'];
  const buyers = {};
  for (let n = 1; n <= contracts; n += 1) {
    const id = String(n).padStart(2, '0');
    const where = { state: n % 3 === 0 ? 'IL' : states[n % states.length], ...(n % 5 === 0 ? { homeowner: true } : {}) };
    const sell = { shared: { price: `${10 + (n % 17)}.50` } };
    const contract = { in: { [`roofing/${n % 2 === 0 ? 'open' : 'rest'}`]: {} }, where, caps: { day: 5 + n }, sell };
    (buyers[`buyer-${n % 12}`] ??= { contracts: {} }).contracts[`contract-${id}`] = contract;
  }
  const groups = [
    { id: 'open', select: 'price' },
    { id: 'rest', select: 'round_robin' },
  ];
  return explainedBy(planOf({ routes: { roofing: { max_sales: 3, groups, on_unsold: { then: 'store' } } }, buyers }));
}

function planOf(parts) {
  return {
    format: 1,
    plan: 'tiny',
    currency: 'USD',
    timezone: 'America/Chicago',
    verticals: { roofing: { extends: 'us/home-services@1' } },
    sources: { web: { verticals: ['roofing'], payout: { percent_of_price: 50 } } },
    ...parts,
  };
}

const LEAD = { id: 'W1', source: 'web', phone: '312-867-5309', zip: '60601' };

function explainedBy(plan) {
  return within((folder) => {
    writeFileSync(path.join(folder, 'plan.jsonc'), JSON.stringify(plan));
    return Plan.load(path.join(folder, 'plan.jsonc')).explain(LEAD, { at: NOW });
  });
}

function within(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'leadwright-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let result;
  try {
    result = work(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (!(result instanceof Promise)) remove();
  return result instanceof Promise ? result.finally(remove) : result;
}

/** A sale that its buyer gave back. */
export function returned() {
  const contracts = { 'acme-il': { in: { 'roofing/all': {} }, where: { state: 'IL' }, sell: { exclusive: { price: '40.00' } } } };
  const buyers = { acme: { returns: { within: '14d' }, contracts } };
  const routes = { roofing: { groups: [{ id: 'all', select: 'price' }], on_unsold: { then: 'store' } } };
  return within((folder) => {
    writeFileSync(path.join(folder, 'plan.jsonc'), JSON.stringify(planOf({ routes, buyers })));
    const engine = new Engine(Plan.load(path.join(folder, 'plan.jsonc')));
    const { id } = engine.decideSync(LEAD, { now: NOW });
    const said = { op: 'return', buyer: 'acme', decision: id, by: 'ops', reason: 'the number does not ring' };
    engine.operate(said, { now: '2026-11-25T10:00:00Z' });
    const explained = engine.explain(id);
    engine.close();
    return explained;
  });
}

/** Three buyers that were asked for bids: one bids most, one less, one says nothing. */
export async function auction() {
  const server = http.createServer(async (request, response) => {
    for await (const _ of request);
    const [, name, kind] = request.url.split('/');
    if (name === 'hangs') return;
    const said = kind === 'ping' ? { buy: true, price: name === 'low' ? '30.00' : '50.00' } : { ok: true };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(said));
  });
  await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
  const url = `http://127.0.0.1:${server.address().port}`;
  const buyer = (name) => {
    const contract = {
      in: { 'roofing/all': {} },
      sell: { exclusive: { bid: { min: '5.00', max: '90.00' } } },
      ping: { to: `${name}-ping`, send: ['zip'], wait: '1500ms' },
      post: { to: `${name}-post`, wait: '1500ms' },
    };
    const endpoints = {
      [`${name}-ping`]: { url: `${url}/${name}/ping`, answers: [{ if: { '/buy': true }, is: 'bid', price: '/price' }] },
      [`${name}-post`]: { url: `${url}/${name}/post`, answers: [{ if: { '/ok': true }, is: 'accepted' }] },
    };
    return [name, { contracts: { [`${name}-1`]: contract }, endpoints }];
  };
  const routes = { roofing: { groups: [{ id: 'all', select: 'price' }], on_unsold: { then: 'store' } } };
  const plan = planOf({ routes, buyers: Object.fromEntries(['bids', 'hangs', 'low'].map(buyer)) });
  return within(async (folder) => {
    writeFileSync(path.join(folder, 'plan.jsonc'), JSON.stringify(plan));
    const engine = new Engine(Plan.load(path.join(folder, 'plan.jsonc')), { store: path.join(folder, 'leads.db') });
    try {
      await engine.submit(LEAD, new Buyers({ allow: ['127.0.0.0/8', url] }), { within: 5000 });
      return engine.explain('web/W1.1');
    } finally {
      engine.close();
      server.closeAllConnections();
      server.close();
    }
  });
}

/** Two plans of docs/samples, what changes between them, and what the new one would have made of past leads. */
export function plans() {
  const sample = (name) => path.join(REPOSITORY, 'docs/samples', name);
  const [old, now] = ['autumn.jsonc', 'winter.jsonc'].map(sample);
  const command = path.join(REPOSITORY, 'bindings-node/bin/leadwright.js');
  const args = ['what-if', old, now, sample('past.jsonl'), '--now', '2026-11-25T12:00:00Z', '--json'];
  const report = JSON.parse(execFileSync(process.execPath, [command, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return { diff: Plan.load(old).diff(Plan.load(now)), report };
}

/** The same data with a text that would do harm in place of every text. */
export function hostile(value, text = HOSTILE) {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((item) => hostile(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hostile(item, text)]));
}

export const HOSTILE = `"'><img src=x onerror="window.harmed=1"><script>window.harmed=1</script><style>*{display:none}</style>javascript:harm\u202e\u0000`;
