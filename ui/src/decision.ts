// <lw-decision>: why a lead was sold, and to whom; for every contract why it did or did not get it.

import { DataElement } from './base.js';
import { contracts, type ContractOf } from './contracts.js';
import { told } from './decision-shape.js';
import { bar, h, section, table, time, type Child } from './dom.js';
import { check, type Shape } from './shape.js';
import type { Decision, Explanation } from './wire.js';
import { form, next, outcome, said, state } from './words.js';

const BUYERS: Shape = { list: { contract: 'text', buyer: 'text' } };

/** So many near misses are shown at once; the others are behind a line. */
const NEAR = 8;

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
    const shown = told(this.#decision);
    check(this.#buyers, BUYERS, '/buyers');
    const { explanation } = shown;
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
      explanation.entries.length > 0 && contracts(shown, this.#buyers, (opened) => this.tell('lw-select', opened)),
    );
  }
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

