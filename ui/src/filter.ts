// Which contracts are shown: by words, by reason and by buyer.

import { h } from './dom.js';
import type { Explained } from './wire.js';
import { count, word } from './words.js';

/** A row of a contract, with what is searched. */
export interface Shown {
  node: HTMLElement;
  code: Explained['code'];
  buyer: string | undefined;
  text: string;
}

/** The row of an entry. */
export function shown(entry: Explained, buyer: string | undefined, node: HTMLElement): Shown {
  const others = (entry.failing ?? []).flatMap((one) => [one.code, one.check]);
  const parts = [entry.contract, buyer, entry.code, word(entry.code), entry.check, entry.wanted, entry.criteria, ...others];
  return { node, code: entry.code, buyer, text: parts.filter(Boolean).join('\n').toLowerCase() };
}

/** Search, buyer and reason: rows that do not fit are hidden, and how many are left is said. */
export function filter(rows: readonly Shown[], groups: readonly HTMLElement[]): HTMLElement {
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
