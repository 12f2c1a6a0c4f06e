// What the new plan would have made of past leads: sums of `leadwright what-if`.

import { bar, h, section, table, time, type Child } from './dom.js';
import { difference, direction, signed, units } from './money.js';
import type { Shape } from './shape.js';
import type { CapPressure, SumsOf, WhatIfReport } from './what-if.js';
import { count } from './words.js';

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
/** What a report must have for it to be shown. */
export const REPORT: Shape = {
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

/** The parts of the page that show it. */
export function parts(report: WhatIfReport): Child[] {
  return [
    totals(report),
    basis(report),
    sums('By contract', 'Contract', report.contracts, 'contracts'),
    sums('By source', 'Source', report.sources, 'sources'),
    caps(report),
    reasons(report),
  ];
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
