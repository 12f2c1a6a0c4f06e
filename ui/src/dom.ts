// Making nodes. Text goes in as text: there is no way from data to markup here.

export type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, string | boolean | undefined>;

/** An element with attributes (`true` is an empty one, `false` and undefined are none) and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === 'string'));
  return made;
}

/** A part of the page with a heading. */
export function section(part: string, title: string, ...children: Child[]): HTMLElement {
  return h('section', { part: `section ${part}`, class: part }, h('h3', { part: 'heading' }, title), ...children);
}

/** A column: what it is called, and the class of its cells. */
export type Column = string | [title: string, kind: string];

/** One row of a table: its cells, the first of which names it. */
export interface Row {
  cells: Child[];
  kind?: string;
}

/** Tables that fit a narrow screen as they are. */
const SLIM = ['totals', 'steps'];

/**
 * A table with a caption for those who hear it. Its roles are written out, as on a narrow screen it is laid out as cards,
 * and browsers take tables that are none to look at for none.
 */
export function table(caption: string, columns: Column[], rows: Row[], part = ''): HTMLTableElement {
  const named = columns.map((column) => (typeof column === 'string' ? ([column, ''] as const) : column));
  const head = named.map(([title, kind]) => h('th', { role: 'columnheader', scope: 'col', class: kind }, title));
  const body = rows.map(({ cells, kind }) => {
    const made = cells.map((cell, index) => {
      const [title, of] = named[index] ?? ['', ''];
      const empty = cell === undefined || cell === null || cell === false || cell === '';
      const attributes = { class: `${of}${empty ? ' empty' : ''}`, 'data-title': title };
      if (index === 0) return h('th', { role: 'rowheader', scope: 'row', ...attributes }, cell);
      return h('td', { role: 'cell', ...attributes }, cell);
    });
    return h('tr', { role: 'row', class: kind }, ...made);
  });
  return h(
    'table',
    { role: 'table', part: `table ${part}`.trim(), class: SLIM.includes(part) ? part : `${part} cards`.trim() },
    h('caption', { class: 'heard' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...head)),
    h('tbody', { role: 'rowgroup' }, ...body),
  );
}

/** A bar of a share from 0 to 1. It says nothing that the number beside it does not. */
export function bar(share: number, kind = ''): HTMLElement {
  const made = h('span', { class: `bar ${kind}`.trim(), part: 'bar', 'aria-hidden': 'true' });
  // By the object model and not as an attribute: a page may forbid inline styles.
  const percent = Math.min(1, Math.max(0, share)) * 100;
  made.style.inlineSize = percent > 0 ? `max(2px, ${percent}%)` : '0';
  return made;
}

/** `2026-11-24 15:30:00 UTC` */
export function time(at: string): HTMLElement {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(at);
  if (parts === null) return h('span', {}, at);
  const fraction = /[1-9]/.test(parts[3] ?? '') ? `.${parts[3]}` : '';
  return h('time', { datetime: at }, `${parts[1]} ${parts[2]}${fraction} UTC`);
}
