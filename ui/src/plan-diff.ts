// <lw-plan-diff>: what changes between two plans, and what the new one would have made of past leads.

import { DataElement } from './base.js';
import { h, section, table, type Child } from './dom.js';
import { Failure } from './failure.js';
import { REPORT, parts } from './report.js';
import { check, type Shape } from './shape.js';
import type { WhatIfReport } from './what-if.js';
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
      ...(report === null ? [] : parts(report)),
    );
  }

  #changes({ changes }: PlanDiff): HTMLElement {
    if (changes.length === 0) return h('p', { class: 'note' }, 'Nothing changes.');
    const items = changes.map((one) => h('li', {}, this.#change(one)));
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
