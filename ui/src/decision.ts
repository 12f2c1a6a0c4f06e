// <lw-decision>: why a lead was sold, and to whom; for every contract why it did or did not get it.

import { DataElement } from './base.js';
import { bar, h, section, table, time, type Child, type Row } from './dom.js';
import { Failure } from './failure.js';
import { check, type Shape } from './shape.js';
import type { Decision, Explained, Explanation, InFull, TraceGroup } from './wire.js';
import { count, form, next, outcome, said, standing, state, word } from './words.js';

/** A contract and its buyer, as `plan.contracts` lists them. */
export interface ContractOf {
  contract: string;
  buyer: string;
}

/** What `lw-select` tells of a contract that somebody opened. */
export interface SelectedContract {
  kind: 'contract';
  decision: string;
  contract: string;
  group: string;
  code: string;
  /** Where it is known. */
  buyer?: string;
}

const PROBLEM: Shape = { code: 'text', severity: 'text', path: 'text', 'shape?': 'text', 'expected?': 'text' };
const BID: Shape = { contract: 'text', is: 'text', sale: 'text', took_ms: 'number', 'price?': 'text', 'until?': 'text' };
const GROUP: Shape = { group: 'text', select: 'text', eligible: 'number', 'auction?': { list: BID } };
const FUNNEL: Shape = { considered: 'number', matched: 'number', open: 'number', eligible: 'number', sold: 'number' };
const SOLD: Shape = { buyer: 'text', contract: 'text', group: 'text', price: 'text', sale: 'text', state: 'text' };
const FAILING: Shape = { code: 'text', 'check?': 'text', 'found?': 'text', 'wanted?': 'text' };
const FULL: Shape = {
  buyer: 'text',
  caps: { list: { check: 'text', limit: 'text', 'used?': 'text' } },
  conditions: { list: { check: 'text', wanted: 'text', 'found?': 'text', 'met?': 'flag' } },
  open: 'flag',
  'exclusive?': 'text',
  'shared?': 'text',
};
const ENTRY: Shape = {
  contract: 'text',
  group: 'text',
  code: 'text',
  'check?': 'text',
  'found?': 'text',
  'wanted?': 'text',
  'criteria?': 'text',
  'failing?': { list: FAILING },
  'full?': FULL,
};
const DECISION: Shape = {
  id: 'text',
  lead: 'text',
  source: 'text',
  at: 'text',
  plan: 'text',
  outcome: 'text',
  'observed?': 'flag',
  'parent?': 'text',
  'next?': { action: 'text', 'at?': 'text', 'until?': 'text' },
  problems: { list: PROBLEM },
  'quality?': { score: 'number', reasons: { list: { code: 'text', points: 'number' } } },
  assignments: { list: SOLD },
  money: { currency: 'text', revenue: 'text', payout: 'text', margin: 'text' },
  trace: { funnel: FUNNEL, groups: { list: GROUP }, entries: { list: ENTRY } },
};
const EXPLANATION: Shape = {
  state: 'text',
  decision: DECISION,
  entries: { list: ENTRY },
  near: { list: { contract: 'text', text: 'text', would: 'text', failing: 'number' } },
  sales: { list: { contract: 'text', price: 'text', text: 'text' } },
  decisive: { list: { contract: 'text', text: 'text' } },
  'returned?': { list: { at: 'text', text: 'text' } },
};
const BUYERS: Shape = { list: { contract: 'text', buyer: 'text' } };

/** So many near misses are shown at once; the others are behind a line. */
const NEAR = 8;
/** Fewer contracts than this need no search. */
const FEW = 6;

export class DecisionElement extends DataElement {
  protected readonly properties = ['decision', 'buyers'];
  #decision: Explanation | Decision | null = null;
  #buyers: readonly ContractOf[] = [];

  /** What `engine.explain` gives. A decision alone does, too: it knows the contracts whose criteria were met. */
  get decision(): Explanation | Decision | null {
    return this.#decision;
  }

  set decision(given: Explanation | Decision | null | undefined) {
    this.#decision = given ?? null;
    this.changed();
  }

  /** Whose each contract is, as `plan.contracts` says; without it only the buyers of sales are known. */
  get buyers(): readonly ContractOf[] {
    return this.#buyers;
  }

  set buyers(given: readonly ContractOf[] | null | undefined) {
    this.#buyers = given ?? [];
    this.changed();
  }

  protected take(data: unknown): void {
    this.decision = data as Explanation;
  }

  protected view(): Node | null {
    if (this.#decision === null) return null;
    const explanation = explained(this.#decision);
    check(this.#buyers, BUYERS, '/buyers');
    const { decision } = explanation;
    const asked = decision.trace.funnel.considered > 0;
    return h(
      'article',
      { part: 'decision', class: 'card' },
      header(explanation),
      returned(explanation),
      sold(decision),
      asked ? funnel(decision) : h('p', { class: 'soft' }, 'No contract was asked.'),
      problems(decision),
      sentences('sales', 'Who would have had it otherwise', explanation.sales),
      sentences('decisive', 'Limits that decided', explanation.decisive),
      near(explanation),
      explanation.entries.length > 0 && this.#contracts(explanation),
    );
  }

  #contracts({ decision, entries }: Explanation): HTMLElement {
    const buyers = new Map(this.#buyers.map(({ contract, buyer }) => [contract, buyer]));
    for (const { contract, buyer } of decision.assignments) buyers.set(contract, buyer);
    for (const { contract, full } of entries) if (full) buyers.set(contract, full.buyer);
    const rows: Shown[] = [];
    const groups = grouped(entries).map(([group, of]) => {
      const asked = decision.trace.groups.find((one) => one.group === group);
      const made = of.map((entry) => this.#row(decision, entry, buyers));
      const columns = COLUMNS.filter(([, kind]) => kind !== 'buyer' || buyers.size > 0);
      const contracts = table(`Contracts of ${group}`, columns, made, 'contracts');
      const nodes = [...contracts.tBodies[0]!.rows];
      of.forEach((entry, index) => rows.push(shown(entry, buyers.get(entry.contract), nodes[index]!)));
      const by = asked === undefined ? '' : `by ${asked.select.replaceAll('_', ' ')}`;
      const title = h('summary', {}, h('strong', {}, group), h('span', { class: 'soft' }, by), h('span', { class: 'soft tally' }));
      const full = of.map((entry) => entry.full && inFull(entry.contract, entry.full));
      return h('details', { open: true, part: 'group', class: 'group' }, title, asked && auction(asked), contracts, ...full);
    });
    const search = filter(rows, groups);
    search.hidden = rows.length < FEW;
    return section('entries', 'Every contract, in the order they were asked', search, ...groups);
  }

  #row(decision: Decision, entry: Explained, buyers: ReadonlyMap<string, string>): Row {
    const { contract, group, code } = entry;
    const buyer = buyers.get(contract);
    const detail: SelectedContract = { kind: 'contract', decision: decision.id, contract, group, code };
    if (buyer !== undefined) detail.buyer = buyer;
    const wants = entry.criteria === undefined ? 'No criteria are told of it.' : `Wants: ${entry.criteria}`;
    const name = h('details', { class: 'contract' }, h('summary', { part: 'contract' }, contract), h('p', {}, wants));
    name.addEventListener('toggle', () => {
      if (name.open) this.tell('lw-select', detail);
    });
    const [first, ...others] = entry.failing ?? [];
    const shownFirst = first ?? entry;
    const more = others.map((one) => h('div', { class: 'more' }, `and ${reason(one)}`));
    return {
      kind: standing(code),
      cells: [
        name,
        ...(buyers.size > 0 ? [buyer] : []),
        h('div', {}, h('span', { class: 'word', part: 'word' }, word(code)), h('code', { class: 'code' }, code), ...more),
        shownFirst.check && h('code', {}, shownFirst.check),
        shownFirst.found,
        shownFirst.wanted,
      ],
    };
  }
}

const COLUMNS: [string, string][] = [
  ['Contract', 'name'],
  ['Buyer', 'buyer'],
  ['What became of it', 'what'],
  ['Check', 'check'],
  ['Found', 'found'],
  ['Wanted', 'wanted'],
];

/** Either form, with all that is shown in place. */
function explained(given: Explanation | Decision): Explanation {
  const isExplanation = typeof given === 'object' && 'decision' in given;
  if (typeof given === 'object' && 'v' in given && given.v !== 1) {
    throw new Failure('ui.wrong_version', { path: '/v', expected: 'version 1' });
  }
  if (isExplanation) {
    check(given, EXPLANATION);
    return given;
  }
  check(given, DECISION);
  return { v: 1, state: 'recorded', decision: given, entries: given.trace.entries, near: [], sales: [], decisive: [] };
}

function header({ decision, state: on }: Explanation): HTMLElement {
  const said = outcome(decision.outcome);
  const notes = [
    said && `${said[0]?.toUpperCase()}${said.slice(1)}.`,
    state(on),
    decision.next && next(decision.next),
    decision.observed && 'Another system decided, and this is what it did.',
    decision.parent && `It follows ${decision.parent}.`,
  ];
  const plan = h('code', { title: decision.plan }, decision.plan.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…'));
  return h(
    'header',
    { part: 'header' },
    h('h2', {}, decision.id, ' ', h('span', { part: 'outcome', class: `badge ${standingOf(decision)}` }, decision.outcome)),
    h('p', { class: 'soft' }, 'Lead ', decision.lead, ' of ', decision.source, ', decided at ', time(decision.at), ' by plan ', plan),
    ...notes.map((note) => note && h('p', { part: 'note', class: 'note' }, note)),
  );
}

function standingOf({ outcome: of }: Decision): string {
  if (of === 'assigned') return 'good';
  return of === 'queued' || of === 'test' ? '' : 'stop';
}

/** What became of the sales later comes first: the decision stays what it was. */
function returned({ returned: back }: Explanation): Child {
  if (back === undefined || back.length === 0) return null;
  const lines = back.map(({ text }) => h('li', {}, text));
  return h('div', { part: 'returned', class: 'returned' }, h('strong', {}, 'What became of its sales later'), h('ul', {}, ...lines));
}

function sold({ assignments, money }: Decision): Child {
  if (assignments.length === 0) return null;
  const cards = assignments.map((sale) =>
    h(
      'li',
      { part: 'sale' },
      h('span', { class: 'price' }, `${sale.price} ${money.currency}`),
      h('span', {}, 'to ', h('strong', {}, sale.buyer), ' under ', h('strong', {}, sale.contract), `, ${form(sale.sale)}`),
      h('span', { class: 'soft' }, `${sale.state.replaceAll('_', ' ')}, through ${sale.group}`),
    ),
  );
  const sums = (['revenue', 'payout', 'margin'] as const).map((name) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, `${money[name]} ${money.currency}`)),
  );
  return section('sold', 'Sold', h('ul', { class: 'sold-to' }, ...cards), h('dl', { class: 'sums' }, ...sums));
}

function funnel({ trace }: Decision): HTMLElement {
  const { considered, matched, open, eligible, sold: got } = trace.funnel;
  const steps: [string, number][] = [
    ['contracts of the route', considered],
    ['whose criteria are met', matched],
    ['open', open],
    ['able to take it', eligible],
    ['got it', got],
  ];
  const rows = steps.map(([name, number]) => ({ cells: [name, String(number), bar(number / Math.max(considered, 1))] }));
  const columns: [string, string][] = [['Step', 'step'], ['Contracts left', 'number'], ['', 'bars']];
  return section('funnel', 'Funnel', table('How many contracts were left after each step', columns, rows, 'steps'));
}

function problems({ problems: all, quality }: Decision): Child {
  if (all.length === 0 && quality === undefined) return null;
  const rows = all.map((one) => ({
    kind: one.severity,
    cells: [h('code', {}, one.code), one.path && h('code', {}, one.path), said(one.code), one.shape, one.expected],
  }));
  const columns: [string, string][] = [
    ['Code', 'name'],
    ['Where', 'where'],
    ['What', ''],
    ['Found', 'found'],
    ['Expected', 'expected'],
  ];
  const reasons = quality?.reasons.map(({ code, points }) => `${code} ${points > 0 ? '+' : ''}${points}`).join(', ');
  return section(
    'problems',
    'Problems of the lead',
    rows.length > 0 && table('Problems of the lead; values are shown by their shape', columns, rows, 'problem'),
    quality && h('p', {}, h('strong', {}, `Quality ${quality.score} of 1000`), reasons ? `: ${reasons}` : ''),
  );
}

function sentences(part: string, title: string, lines: readonly { text: string }[]): Child {
  if (lines.length === 0) return null;
  return section(part, title, h('ul', {}, ...lines.map(({ text }) => h('li', {}, text))));
}

function near({ near: all }: Explanation): Child {
  if (all.length === 0) return null;
  const rows = all.map((one) => ({ cells: [one.contract, one.text, one.would] }));
  const columns: [string, string][] = [['Contract', 'name'], ['How near', ''], ['What would change it', '']];
  const first = table('Near misses', columns, rows.slice(0, NEAR), 'misses');
  const others = rows.slice(NEAR);
  const more = h(
    'details',
    {},
    h('summary', {}, `${others.length} more`),
    table('More near misses', columns, others, 'misses'),
  );
  return section('near', 'Near misses', first, others.length > 0 && more);
}

/** Who was asked for bids, and what was heard of each. */
function auction({ group, auction: bids }: TraceGroup): Child {
  if (bids === undefined || bids.length === 0) return null;
  const rows = bids.map((bid) => ({
    kind: bid.is === 'bid' ? 'met' : 'unmet',
    cells: [bid.contract, bid.is.replaceAll('_', ' '), bid.price, form(bid.sale), `${bid.took_ms} ms`, bid.until && time(bid.until)],
  }));
  const columns: [string, string][] = [
    ['Asked for a bid', 'name'],
    ['Heard', ''],
    ['Price', 'number'],
    ['Sale', ''],
    ['After', 'number'],
    ['Holds until', ''],
  ];
  return table(`Bids in ${group}`, columns, rows, 'bids');
}

/** One contract with all that was looked at. */
function inFull(contract: string, full: InFull): HTMLElement {
  const facts = [
    ['buyer', full.buyer],
    ['alone', full.exclusive],
    ['shared', full.shared],
    ['hours', full.open ? 'open' : 'closed'],
  ];
  const said = facts.map(([name, value]) => value !== undefined && h('div', {}, h('dt', {}, name ?? ''), h('dd', {}, value)));
  const met = (is: boolean | undefined) => (is === undefined ? 'cannot tell' : is ? 'met' : 'not met');
  const conditions = full.conditions.map((one) => ({
    cells: [h('code', {}, one.check), h('span', { class: one.met ? 'yes' : 'no' }, met(one.met)), one.found, one.wanted],
  }));
  const caps = full.caps.map((cap) => ({ cells: [h('code', {}, cap.check), cap.used ?? 'not looked at then', cap.limit] }));
  const wanted: [string, string][] = [['Condition', 'name'], ['Met', ''], ['Found', 'found'], ['Wanted', '']];
  const limits: [string, string][] = [['Cap', 'name'], ['Used', 'number'], ['Limit', 'number']];
  return h(
    'div',
    { class: 'full', part: 'full' },
    h('h4', {}, `${contract} in full`),
    h('dl', { class: 'sums' }, ...said),
    conditions.length > 0 && table(`Conditions of ${contract}`, wanted, conditions),
    caps.length > 0 && table(`Caps of ${contract}`, limits, caps),
  );
}

/** `where.roof_age is 9, wanted 10 or more` */
function reason(one: { code: Explained['code']; check?: string; found?: string; wanted?: string }): string {
  if (one.check === undefined) return said(one.code);
  return `${one.check}${one.found ? ` is ${one.found}` : ''}${one.wanted ? `, wanted ${one.wanted}` : ''}`;
}

/** The groups in the order of their first entries. */
function grouped(entries: readonly Explained[]): [string, Explained[]][] {
  const groups = new Map<string, Explained[]>();
  for (const entry of entries) {
    const of = groups.get(entry.group);
    if (of === undefined) groups.set(entry.group, [entry]);
    else of.push(entry);
  }
  return [...groups];
}

/** A row of a contract, with what is searched. */
interface Shown {
  node: HTMLElement;
  code: Explained['code'];
  buyer: string | undefined;
  text: string;
}

function shown(entry: Explained, buyer: string | undefined, node: HTMLElement): Shown {
  const others = (entry.failing ?? []).flatMap((one) => [one.code, one.check]);
  const parts = [entry.contract, buyer, entry.code, word(entry.code), entry.check, entry.wanted, entry.criteria, ...others];
  return { node, code: entry.code, buyer, text: parts.filter(Boolean).join('\n').toLowerCase() };
}

/** Search, buyer and reason: rows that do not fit are hidden, and how many are left is said. */
function filter(rows: readonly Shown[], groups: readonly HTMLElement[]): HTMLElement {
  const text = h('input', { type: 'search', id: 'text', autocomplete: 'off', spellcheck: 'false', part: 'input' });
  const code = choice('code', 'every reason', tally(rows.map((row) => row.code)), word);
  const buyer = choice('buyer', 'every buyer', tally(rows.flatMap((row) => row.buyer ?? [])), String);
  const status = h('p', { role: 'status', class: 'soft', part: 'status' });
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (row: Shown) =>
      words.every((one) => row.text.includes(one)) &&
      (code.value === '' || row.code === code.value) &&
      (buyer.value === '' || row.buyer === buyer.value);
    for (const row of rows) row.node.hidden = !fits(row);
    for (const group of groups) {
      const all = group.querySelectorAll('table.contracts tbody tr');
      const left = [...all].filter((row) => !(row as HTMLElement).hidden).length;
      group.hidden = left === 0;
      group.querySelector('.tally')!.textContent = left === all.length ? count(left, 'contract') : `${left} of ${all.length}`;
    }
    const left = rows.filter((row) => !row.node.hidden).length;
    status.textContent = left === rows.length ? count(left, 'contract') : `${left} of ${count(rows.length, 'contract')}`;
  };
  for (const input of [text, code, buyer]) input.addEventListener('input', apply);
  apply();
  const labelled = (title: string, input: HTMLElement) => h('label', {}, h('span', {}, title), input);
  return h(
    'div',
    { role: 'search', part: 'filter', class: 'filter' },
    labelled('Search', text),
    labelled('Reason', code),
    buyer.options.length > 1 && labelled('Buyer', buyer),
    status,
  );
}

/** How often each comes, the most frequent first. */
function tally(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
}

function choice(id: string, all: string, of: [string, number][], say: (value: never) => string): HTMLSelectElement {
  const options = of.map(([value, number]) => h('option', { value }, `${say(value as never)} (${number})`));
  return h('select', { id, part: 'input' }, h('option', { value: '' }, all), ...options);
}
