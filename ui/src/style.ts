// How the elements look. A page changes it by the custom properties that are named here, and by `::part`.

export const CSS: string = `
:host {
  --ink: var(--lw-ink, light-dark(#1a1f2b, #e6e9ef));
  --soft: var(--lw-soft, light-dark(#586174, #a3adbd));
  --paper: var(--lw-paper, light-dark(#ffffff, #12151c));
  --raised: var(--lw-raised, light-dark(#f5f6f9, #1b1f29));
  --line: var(--lw-line, light-dark(#d5d9e0, #343b49));
  --edge: var(--lw-edge, light-dark(#7b8496, #7f899b));
  --accent: var(--lw-accent, light-dark(#2c5bb8, #8fb3ff));
  --good: var(--lw-good, light-dark(#146c3f, #4cc38a));
  --stop: var(--lw-stop, light-dark(#a33f06, #f7a35c));
  color-scheme: light dark;
  display: block;
  container-type: inline-size;
  color: var(--ink);
  font: var(--lw-font, 15px/1.5 system-ui, sans-serif);
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: var(--lw-radius, .6rem); padding: 1.25rem 1.5rem 1.5rem; }
h2 { font-size: 1.3em; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1.05em; margin: 1.75rem 0 .5rem; }
p { margin: .35rem 0; overflow-wrap: anywhere; }
ul { margin: .25rem 0; padding-left: 1.2rem; }
li { margin: .2rem 0; overflow-wrap: anywhere; }
code { font: .88em ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.note { border-left: 3px solid var(--edge); padding-left: .6rem; }
.badge { border: 1px solid currentColor; border-radius: .4rem; color: var(--soft); display: inline-block; font-size: .8rem;
  font-weight: 600; line-height: 1.5; padding: 0 .5rem; vertical-align: .1em; white-space: nowrap; }
.good { color: var(--good); }
.stop { color: var(--stop); }
.heard { block-size: 1px; clip-path: inset(50%); inline-size: 1px; overflow: hidden; position: absolute; white-space: nowrap; }
.failed, .returned { border-left: 4px solid var(--stop); background: var(--raised); border-radius: .3rem; margin: .75rem 0;
  padding: .6rem .9rem; }

table { border-collapse: collapse; inline-size: 100%; position: relative; }
th, td { border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; padding: .35rem .9rem .35rem 0;
  text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-size: .85em; }
tbody tr:last-child > * { border-bottom: 0; }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.bars { inline-size: 40%; vertical-align: middle; }
.bar { background: var(--accent); block-size: .7rem; border-radius: .2rem; display: block; }
.pair { display: grid; gap: 2px; }
.pair .bar { block-size: .45rem; }
.was { background: var(--edge); }
.totals th { overflow-wrap: normal; }
.more, .less { font-weight: 600; }
.plain { color: inherit; font-weight: 600; }
span.more { color: var(--good); }
span.less { color: var(--stop); }
del { color: var(--stop); }
ins { color: var(--good); text-decoration: none; }

.sold-to { display: grid; gap: .5rem; list-style: none; padding: 0; }
.sold-to li { align-items: baseline; background: var(--raised); border-left: 4px solid var(--good); border-radius: .3rem; display: flex;
  flex-wrap: wrap; gap: .1rem .9rem; margin: 0; padding: .5rem .9rem; }
.price { font-size: 1.1em; font-variant-numeric: tabular-nums; font-weight: 700; }
.sums { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: .6rem 0 0; }
.sums div { display: flex; gap: .4rem; }
dt { color: var(--soft); }
dd { font-variant-numeric: tabular-nums; margin: 0; }
.steps .step { inline-size: 12rem; }
.steps .number { inline-size: 5rem; }
.steps .bars { inline-size: auto; }
.misses .name { min-inline-size: 10rem; }
.problem { table-layout: fixed; }
.problem .name { inline-size: 24%; }
.problem .where { inline-size: 16%; }
.problem .found, .problem .expected { inline-size: 14%; }

summary { cursor: pointer; border-radius: .2rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.filter { align-items: end; background: var(--raised); border-radius: .4rem; display: flex; flex-wrap: wrap; gap: .6rem 1rem;
  padding: .6rem .9rem .75rem; }
.filter label { display: grid; flex: 1 1 11rem; font-size: .85em; gap: .15rem; max-inline-size: 20rem; min-inline-size: 0; }
.filter p { margin: 0; padding-bottom: .3rem; }
input, select { background: var(--paper); border: 1px solid var(--edge); border-radius: .35rem; color: inherit; font: inherit;
  block-size: 2.3rem; font-size: 1rem; inline-size: 100%; min-inline-size: 0; padding: .3rem .5rem; }
.group { margin-top: 1rem; }
.group > summary { align-items: baseline; border-bottom: 2px solid var(--line); display: flex; flex-wrap: wrap; gap: 0 .75rem;
  padding: .2rem 0; }
.group > summary::before, .changes summary::before { color: var(--soft); content: "▸"; display: inline-block; inline-size: .8rem; }
.group[open] > summary::before, .changes details[open] > summary::before { content: "▾"; }
.group > summary::marker, .changes summary::marker { content: ""; }
.tally { margin-left: auto; }
.contracts { table-layout: fixed; }
.contracts th:first-child { padding-left: .4rem; }
.contracts .name { inline-size: 22%; }
.contracts .buyer { inline-size: 13%; }
.contracts .what { inline-size: 22%; }
.contracts .check { inline-size: 17%; }
.contracts .found { inline-size: 8%; }
.contract summary { font-weight: 600; overflow-wrap: anywhere; }
.contract p { color: var(--soft); font-size: .92em; font-weight: 400; }
.word { display: block; }
.code { color: var(--soft); font-size: .78em; }
.got > * { background: color-mix(in srgb, var(--good) 10%, transparent); }
.got .word { color: var(--good); font-weight: 700; }
.met .word { color: var(--stop); }
.unmet .word { color: var(--soft); }
h4 { font-size: 1em; margin: 1rem 0 .25rem; }
.full { border-left: 3px solid var(--line); margin: .5rem 0 1rem .4rem; padding-left: .9rem; }
.full .sums { margin: .25rem 0 .5rem; }
.yes { color: var(--good); }
.no { color: var(--stop); }
div.more { color: var(--soft); font-size: .92em; font-weight: 400; }
.bids { background: var(--raised); border-radius: .3rem; margin: .5rem 0; }
.bids th:first-child { padding-left: .9rem; }
.bids td:last-child, .bids th:last-child { padding-right: .9rem; }

.changes { list-style: none; padding: 0; }
.changes > li { border-bottom: 1px solid var(--line); margin: 0; padding: .4rem 0; }
.changes summary, .line { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 .6rem; }
.said { flex: 1 1 14rem; }
.changes details[open] .said { visibility: hidden; }
.lines { margin: .3rem 0 .3rem 1.4rem; inline-size: calc(100% - 1.4rem); }
.lines .name { inline-size: 30%; }
.before, .after { inline-size: 35%; }
.sums-of .bars { inline-size: 20%; }

@container (max-width: 44rem) {
  .card { padding: .9rem .9rem 1.1rem; }
  .cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { block-size: 1px; clip-path: inset(50%); inline-size: 1px; overflow: hidden; position: absolute; }
  .cards tbody tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  .cards tbody tr:last-child { border-bottom: 0; }
  .cards tbody th, .cards tbody td { border: 0; display: grid; gap: 0 .75rem; grid-template-columns: 7.5rem minmax(0, 1fr);
    inline-size: auto !important; padding: .1rem 0; text-align: left; white-space: normal; }
  .cards tbody th:first-child { padding-left: 0; }
  .cards tbody td::before { color: var(--soft); content: attr(data-title); font-size: .85em; }
  .cards tbody th { display: block; font-weight: 600; }
  .cards tbody .empty { display: none; }
  .cards tbody .got > * { background: none; }
  .cards tbody .got { background: color-mix(in srgb, var(--good) 10%, transparent); border-radius: .3rem; margin: 0 -.5rem;
    padding-inline: .5rem; }
  .cards.bids tbody tr, .cards.lines tbody tr { padding-inline: .6rem; }
  .lines { inline-size: 100%; margin-inline: 0; }
  .steps .step { inline-size: 50%; }
  .steps .number { inline-size: 3rem; }
  .steps thead { block-size: 1px; clip-path: inset(50%); inline-size: 1px; overflow: hidden; position: absolute; }
  .filter label { flex-basis: 100%; max-inline-size: none; }
}
@media (forced-colors: active) { .bar { background: CanvasText; } .badge, .sold-to li { border-color: CanvasText; } }
@media print { .filter { display: none; } .card { border: 0; padding: 0; } }
`;
