// <lw-plan-diff>: what changes between two plans, and what the new one would have made of past leads.

import { DataElement } from './base.js';
import { bar, h, section, table, time, type Child } from './dom.js';
import { Failure } from './failure.js';
import { difference, direction, signed, units } from './money.js';
import { check, type Shape } from './shape.js';
import type { CapPressure, SumsOf, WhatIfReport } from './what-if.js';
import type { ChangeLine, PlanChange, PlanDiff } from './wire.js';
import { count } from './words.js';

/** What `lw-select` tells of a thing of the plan that somebody opened. */
export interface SelectedChange {
  kind: string;
  id: string;
  change: string;
}

const LINE: Shape = {
  path: 'text',
  what: 'text',
  text: 'text',
  'from?': 'text',
  'to?': 'text',
  'added?': { list: 'text' },
  'removed?': { list: 'text' },
};
const CHANGE: Shape = { kind: 'text', id: 'text', change: 'text', text: 'text', 'lines?': { list: LINE } };
const DIFF: Shape = { old: 'text', new: 'text', changes: { list: CHANGE } };
const SUMS: Shape = { sold: 'number', sales: 'number', revenue: 'text', payout: 'text', margin: 'text' };
const PART: Shape = { sales: 'number', revenue: 'text' };
const OF: Shape = { list: { id: 'text', old: SUMS, new: SUMS } };
const CAPS: Shape = {
  list: {
    owner: 'text',
    window: 'text',
    limit: 'text',
    filled: 'number',
    'first_filled?': 'text',
    'usually_at?': 'text',
    turned_away: 'number',
    unsold: 'number',
    unsold_money: 'text',
  },
};
const REASON: Shape = { contract: 'text', old: 'text', new: 'text', leads: 'number', revenue: 'text', examples: { list: 'text' } };
const REPORT: Shape = {
  plans: { old: { name: 'text', hash: 'text' }, new: { name: 'text', hash: 'text' } },
  currency: 'text',
  leads: { read: 'number', 'first?': 'text', 'last?': 'text' },
  outcomes: { list: { outcome: 'text', old: 'number', new: 'number' } },
  total: { old: SUMS, new: SUMS },
  basis: {
    history: 'text',
    observed: PART,
    other_terms: PART,
    never_offered: PART,
    given_up: PART,
    difference: 'text',
    without_assumed: 'text',
    unlike_history: 'number',
  },
  contracts: OF,
  sources: OF,
  caps: { old: CAPS, new: CAPS },
  changes: { leads: 'number', lost: 'number', won: 'number', moved: 'number', reasons: { list: REASON } },
};

export class PlanDiffElement extends DataElement {
  protected readonly properties = ['diff', 'report'];
  #diff: PlanDiff | null = null;
  #report: WhatIfReport | null = null;

  /** What `plan.diff` and `leadwright plan diff --json` give. */
  get diff(): PlanDiff | null {
    return this.#diff;
  }

  set diff(given: PlanDiff | null | undefined) {
    this.#diff = given ?? null;
    this.changed();
  }

  /** What `leadwright what-if --json` gives. */
  get report(): WhatIfReport | null {
    return this.#report;
  }

  set report(given: WhatIfReport | null | undefined) {
    this.#report = given ?? null;
    this.changed();
  }

  /** Either, or both: `{"diff": …, "report": …}`. */
  protected take(data: unknown): void {
    const of = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : null;
    if (of !== null && ('diff' in of || 'report' in of)) {
      this.diff = ('diff' in of ? of.diff : null) as PlanDiff | null;
      this.report = ('report' in of ? of.report : null) as WhatIfReport | null;
    } else if (of !== null && 'basis' in of) {
      this.report = data as WhatIfReport;
    } else {
      this.diff = data as PlanDiff;
    }
  }

  protected view(): Node | null {
    if (this.#diff === null && this.#report === null) return null;
    const [diff, report] = [this.#diff, this.#report];
    if (diff !== null) checked(diff, DIFF, report === null ? '' : '/diff');
    if (report !== null) checked(report, REPORT, diff === null ? '' : '/report');
    const old = diff?.old ?? report?.plans.old.hash ?? '';
    const now = diff?.new ?? report?.plans.new.hash ?? '';
    const name = report?.plans.new.name;
    return h(
      'article',
      { part: 'plan-diff', class: 'card' },
      h(
        'header',
        { part: 'header' },
        h('h2', {}, name === undefined ? 'What changes between two plans' : `What changes in plan ${name}`),
        h('p', { class: 'soft' }, 'from ', short(old), ' to ', short(now)),
      ),
      diff && this.#changes(diff),
      report && totals(report),
      report && basis(report),
      report && sums('By contract', 'Contract', report.contracts, 'contracts'),
      report && sums('By source', 'Source', report.sources, 'sources'),
      report && caps(report),
      report && reasons(report),
    );
  }

  #changes({ changes }: PlanDiff): HTMLElement {
    if (changes.length === 0) return h('p', { class: 'note' }, 'Nothing changes.');
    const items = changes.map((one) => h('li', { class: one.change }, this.#change(one)));
    return section('changes', count(changes.length, 'change'), h('ul', { class: 'changes' }, ...items));
  }

  #change(of: PlanChange): HTMLElement {
    const title = [
      h('span', { class: `badge ${of.change === 'added' ? 'good' : of.change === 'removed' ? 'stop' : ''}`, part: 'change' }, of.change),
      h('span', { class: 'soft' }, of.kind),
      h('strong', {}, of.id),
    ];
    const lines = of.lines ?? [];
    if (lines.length === 0) return h('div', { class: 'line' }, ...title, h('span', {}, of.text));
    const rows = lines.map((line) => ({ cells: [line.what, before(line), after(line)] }));
    const columns: [string, string][] = [['What', 'name'], ['Before', 'before'], ['After', 'after']];
    const said = h('span', { class: 'soft said' }, lines.map((line) => line.text.replaceAll(' -> ', ' → ')).join(', '));
    const made = h('details', {}, h('summary', { part: 'thing' }, ...title, said), table(of.text, columns, rows, 'lines'));
    made.addEventListener('toggle', () => {
      const detail: SelectedChange = { kind: of.kind, id: of.id, change: of.change };
      if (made.open) this.tell('lw-select', detail);
    });
    return made;
  }
}

function checked(given: { v: number }, shape: Shape, path: string): void {
  if (typeof given === 'object' && 'v' in given && given.v !== 1) {
    throw new Failure('ui.wrong_version', { path: `${path}/v`, expected: 'version 1' });
  }
  check(given, shape, path);
}

function short(hash: string): HTMLElement {
  return h('code', { title: hash }, hash.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1…'));
}

function before({ from, removed }: ChangeLine): Child {
  return removed === undefined ? from : h('del', {}, removed.join(', '));
}

function after({ to, added }: ChangeLine): Child {
  return added === undefined ? to : h('ins', {}, added.join(', '));
}

/** A difference of what more is better of, with its direction as sign and colour. */
function changed(text: string): HTMLElement {
  return h('span', { class: direction(text) }, text);
}

/** One that is neither good nor bad by itself. */
function plain(text: string): HTMLElement {
  return h('span', { class: 'plain' }, text);
}

function totals({ leads, total, outcomes, currency }: WhatIfReport): HTMLElement {
  const plus = (a: number, b: number) => (b > a ? `+${b - a}` : String(b - a));
  const counted = (name: string, a: number, b: number) => ({ cells: [name, String(a), String(b), plain(plus(a, b))] });
  const paid = (name: 'revenue' | 'payout' | 'margin') => ({
    cells: [name, total.old[name], total.new[name], (name === 'payout' ? plain : changed)(difference(total.old[name], total.new[name]))],
  });
  const rows = [
    ...outcomes.map((one) => counted(one.outcome, one.old, one.new)),
    counted('sales', total.old.sales, total.new.sales),
    ...(['revenue', 'payout', 'margin'] as const).map(paid),
  ];
  const span: Child[] = leads.first === null || leads.last === null ? [] : [' from ', time(leads.first), ' to ', time(leads.last)];
  return section(
    'totals',
    'What becomes of past leads',
    h('p', { class: 'soft' }, `${count(leads.read, 'lead')}`, ...span, `; amounts in ${currency}`),
    table('Leads and money by both plans', ['', ['Old plan', 'number'], ['New plan', 'number'], ['Difference', 'number']], rows, 'totals'),
  );
}

/** A plan that sells more in a calculation has not sold anything yet. */
function basis({ basis: of, currency }: WhatIfReport): HTMLElement {
  const rows: { cells: Child[]; kind?: string }[] = [
    ['observed', of.observed, 'bought by the same contract, in the same form, for as much or more'],
    ['assumed', of.other_terms, 'the buyer bought the lead, but for less, in another form or contract'],
    ['assumed', of.never_offered, 'the buyer was never offered the lead'],
    ['given up', of.given_up, 'sales that happened and that the new plan does not make'],
  ].map((row) => {
    const [name, part, what] = row as [string, { sales: number; revenue: string }, string];
    return { cells: [name, what, String(part.sales), part.revenue] };
  });
  const held = of.history === 'old_plan' ? 'what the old plan decides, for no store was given' : 'what was recorded';
  return section(
    'basis',
    'What is known, what is assumed',
    h(
      'p',
      {},
      `The difference in revenue is ${signed(of.difference)} ${currency}. It is ${signed(of.without_assumed)} ${currency} `,
      `if every sale fails that is only assumed. The sales of the new plan are held against ${held}.`,
    ),
    table('The sales of the new plan', ['', 'What', ['Sales', 'number'], ['Revenue', 'number']], rows, 'basis'),
    of.unlike_history > 0 && h('p', { class: 'note' }, `The old plan decides ${count(of.unlike_history, 'lead')} in another way than happened.`),
  );
}

function sums(title: string, of: string, rows: SumsOf[], part: string): Child {
  if (rows.length === 0) return null;
  const by = rows.map((row) => units(row.new.revenue) ?? 0n).reduce((a, b) => (a > b ? a : b), 1n);
  const share = (amount: string) => Number(((units(amount) ?? 0n) * 1000n) / by) / 1000;
  const bars = (row: SumsOf) => h('div', { class: 'pair' }, bar(share(row.old.revenue), 'was'), bar(share(row.new.revenue)));
  const made = rows.map((row) => ({
    cells: [
      row.id,
      `${row.old.sold} → ${row.new.sold}`,
      `${row.old.revenue} → ${row.new.revenue}`,
      changed(difference(row.old.revenue, row.new.revenue)),
      changed(difference(row.old.margin, row.new.margin)),
      bars(row),
    ],
  }));
  const columns: [string, string][] = [
    [of, 'name'],
    ['Leads sold', 'number'],
    ['Revenue', 'number'],
    ['Revenue ±', 'number'],
    ['Margin ±', 'number'],
    ['', 'bars'],
  ];
  return section(part, title, table(`${title}: old plan → new plan`, columns, made, 'sums-of'));
}

function caps({ caps: of }: WhatIfReport): Child {
  const rows = (['old', 'new'] as const).flatMap((plan) => of[plan].map((cap) => ({ cells: pressure(plan, cap) })));
  if (rows.length === 0) return null;
  const columns: [string, string][] = [
    ['Cap', 'name'],
    ['Plan', ''],
    ['Limit', 'number'],
    ['Full', 'number'],
    ['First / usually', ''],
    ['Turned away', 'number'],
    ['Unsold', 'number'],
    ['Their price', 'number'],
  ];
  return section('caps', 'Caps that fill', table('Caps that fill under each plan', columns, rows, 'caps'));
}

function pressure(plan: string, cap: CapPressure): Child[] {
  const when = cap.usually_at ? `about ${cap.usually_at}` : cap.first_filled ? time(cap.first_filled) : '';
  const counts = [cap.turned_away, cap.unsold].map(String);
  return [`${cap.owner} ${cap.window}`, plan, cap.limit, String(cap.filled), when, ...counts, cap.unsold_money];
}

function reasons({ changes }: WhatIfReport): Child {
  const { leads, won, lost, moved } = changes;
  const rows = changes.reasons.map((one) => ({
    cells: [one.contract, one.old, one.new, String(one.leads), changed(signed(one.revenue)), one.examples[0]],
  }));
  const columns: [string, string][] = [
    ['Contract', 'name'],
    ['Old plan', ''],
    ['New plan', ''],
    ['Leads', 'number'],
    ['Revenue', 'number'],
    ['For example', 'example'],
  ];
  const said = `${count(leads, 'lead')} change: ${won} sold that were not, ${lost} no longer, ${moved} to others or at other prices.`;
  const shown = table('The ways in which leads change', columns, rows, 'reasons');
  return section('reasons', 'Leads that change', h('p', {}, said), rows.length > 0 && shown);
}
