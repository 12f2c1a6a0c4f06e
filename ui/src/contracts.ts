// Every contract with what became of it, in the groups in the order they were asked.

import type { Told } from './decision-shape.js';
import { h, section, table, time, type Child, type Row } from './dom.js';
import { filter, shown, type Shown } from './filter.js';
import type { Decision, Explained, InFull, TraceGroup } from './wire.js';
import { form, said, standing, word } from './words.js';

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

/** Hears which contract somebody opens. */
export type Select = (opened: SelectedContract) => void;

/** Fewer contracts than this need no search. */
const FEW = 6;

const COLUMNS: [string, string][] = [
  ['Contract', 'name'],
  ['Buyer', 'buyer'],
  ['What became of it', 'what'],
  ['Check', 'check'],
  ['Found', 'found'],
  ['Wanted', 'wanted'],
];

/** The part of the page with all contracts; `known` says whose they are. */
export function contracts({ explanation: { decision, entries }, whole }: Told, known: readonly ContractOf[], select: Select): HTMLElement {
  const buyers = new Map(known.map(({ contract, buyer }) => [contract, buyer]));
  for (const { contract, buyer } of decision.assignments) buyers.set(contract, buyer);
  for (const { contract, full } of entries) if (full) buyers.set(contract, full.buyer);
  // Who bought stands above: a column for that alone would be empty.
  if (entries.filter(({ contract }) => buyers.has(contract)).length * 2 < entries.length) buyers.clear();
  const rows: Shown[] = [];
  const groups = grouped(entries).map(([group, of]) => {
    const asked = decision.trace.groups.find((one) => one.group === group);
    const made = of.map((entry) => row(decision, entry, buyers, select));
    const columns = COLUMNS.filter(([, kind]) => kind !== 'buyer' || buyers.size > 0);
    const rowsOf = table(`Contracts of ${group}`, columns, made, 'contracts');
    const nodes = [...rowsOf.tBodies[0]!.rows];
    of.forEach((entry, index) => rows.push(shown(entry, buyers.get(entry.contract), nodes[index]!)));
    const by = asked === undefined ? '' : `by ${asked.select.replaceAll('_', ' ')}`;
    const heading = h('summary', {}, h('strong', {}, group), h('span', { class: 'soft' }, by), h('span', { class: 'soft tally' }));
    const full = of.map((entry) => entry.full && inFull(entry.contract, entry.full));
    return h('details', { open: true, part: 'group', class: 'group' }, heading, asked && auction(asked), rowsOf, ...full);
  });
  const search = filter(rows, groups);
  search.hidden = rows.length < FEW;
  return section('entries', title(whole), search, ...groups);
}

function title(whole: boolean): string {
  return whole ? 'Every contract, in the order they were asked' : 'Contracts whose criteria were met';
}

function row(decision: Decision, entry: Explained, buyers: ReadonlyMap<string, string>, select: Select): Row {
  const { contract, group, code } = entry;
  const buyer = buyers.get(contract);
  const detail: SelectedContract = { kind: 'contract', decision: decision.id, contract, group, code };
  if (buyer !== undefined) detail.buyer = buyer;
  const wants = entry.criteria === undefined ? 'No criteria are told of it.' : `Wants: ${entry.criteria}`;
  const name = h('details', { class: 'contract' }, h('summary', { part: 'contract' }, contract), h('p', {}, wants));
  name.addEventListener('toggle', () => {
    if (name.open) select(detail);
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
