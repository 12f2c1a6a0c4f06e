// The elements in a real browser, on a page with a strict policy.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { browserPath, open, picture, watched } from '../support/browser.js';
import { site } from '../support/site.js';
import { HOSTILE, auction, homeServices, hostile, plans, returned, wide } from '../support/world.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const there = browserPath() !== undefined;
if (!there) console.error('SKIPPED: ui/test/browser.test.js: no chromium on the path; install it, or name one in LEADWRIGHT_BROWSER');

const ends = [];
let browser, url, world, answers;

before(async () => {
  if (!there) return;
  world = { ...homeServices(), wide: wide(66), returned: returned(), auction: await auction(), ...plans() };
  answers = {
    '/decision.json': world.sold,
    '/plans.json': { diff: world.diff, report: world.report },
    '/text': (_, response) => response.end('no JSON'),
    '/away': (_, response) => response.writeHead(302, { location: 'http://localhost:9/elsewhere' }).end(),
  };
  browser = await open((end) => ends.push(end));
  url = await site(answers, (end) => ends.push(end));
});
after(() => Promise.all(ends.map((end) => end())));

/** A page with an element; what it tells is kept in `told`. */
async function mounted(tag, properties, options, attributes = {}) {
  const { page, heard } = await watched(browser, options);
  await page.goto(url);
  await page.evaluate(
    async (tag, properties, attributes) => {
      window.told = [];
      window.broken = [];
      for (const name of ['lw-select', 'lw-error']) {
        document.addEventListener(name, ({ type, detail }) => window.told.push({ type, ...detail }));
      }
      document.addEventListener('securitypolicyviolation', (event) => window.broken.push(event.violatedDirective));
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      Object.assign(made, properties);
      document.querySelector('main').append(made);
      await customElements.whenDefined(tag);
    },
    tag,
    properties,
    attributes,
  );
  await page.waitForFunction((tag) => document.querySelector(tag).shadowRoot?.firstElementChild, {}, tag);
  return { page, heard };
}

/** What the element shows, as text. */
const text = (page, selector = 'article, [role=alert]') =>
  page.evaluate((selector) => document.querySelector('lw-decision, lw-plan-diff').shadowRoot.querySelector(selector)?.innerText, selector);

/** Nothing was said, nothing failed, nobody else was asked, and no policy was broken. */
async function clean(page, heard) {
  const broken = await page.evaluate(() => window.broken);
  const harmed = await page.evaluate(() => window.harmed);
  assert.deepEqual({ ...heard, requests: [], broken, harmed }, { console: [], errors: [], foreign: [], requests: [], broken: [], harmed: undefined });
}

/** Contrast, names, roles, order: what a machine can see of WCAG 2.2 AA. */
async function accessible(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const run = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] };
    const { violations, passes } = await globalThis.axe.run(document, run);
    const contrast = passes.some(({ id }) => id === 'color-contrast');
    return { contrast, violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.any?.[0]?.message ?? ''}`).join('; ')}`) };
  });
  assert.deepEqual(found, { contrast: true, violations: [] });
}

/** Cells of cards that do not take the width of their table. */
function narrow(tag) {
  const cells = [...document.querySelector(tag).shadowRoot.querySelectorAll('.cards tbody th, .cards tbody td')];
  const squeezed = cells.filter((cell) => cell.offsetWidth > 0 && cell.offsetWidth < 0.8 * cell.closest('table').offsetWidth);
  return squeezed.map((cell) => `${cell.closest('table').className} ${cell.className} ${cell.offsetWidth}`);
}

const LOOKS = { light: {}, dark: { dark: true }, phone: { width: 360, height: 740 } };
const SHOWN = {
  sold: ['lw-decision', () => ({ decision: world.sold, buyers: world.contracts }), ['light', 'dark', 'phone']],
  unsold: ['lw-decision', () => ({ decision: world.unsold }), ['light', 'phone']],
  'one-contract': ['lw-decision', () => ({ decision: world.one }), ['dark', 'phone']],
  returned: ['lw-decision', () => ({ decision: world.returned }), ['light']],
  auction: ['lw-decision', () => ({ decision: world.auction }), ['dark', 'phone']],
  redacted: ['lw-decision', () => ({ decision: world.redacted }), ['light']],
  'wide-66': ['lw-decision', () => ({ decision: world.wide }), ['light', 'phone']],
  plans: ['lw-plan-diff', () => ({ diff: world.diff, report: world.report }), ['light', 'dark', 'phone']],
  wrong: ['lw-decision', () => ({ decision: { v: 1, state: 'recorded', decision: 7 } }), ['dark', 'phone']],
};

for (const [name, [tag, properties, looks]] of Object.entries(SHOWN)) {
  for (const look of looks) {
    test(`${name}, ${look}: clean, accessible and as wide as its place`, { skip: !there }, async () => {
      const { page, heard } = await mounted(tag, properties(), LOOKS[look]);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await picture(page, `${name}-${look}`);
      if (look === 'phone') assert.deepEqual(await page.evaluate(narrow, tag), [], 'cells are squeezed');
      // It has the parts of `sold`, many times.
      if (name !== 'wide-66') await accessible(page);
      assert.equal(tooWide, 0, 'the page scrolls sideways');
      await clean(page, heard);
      await page.close();
    });
  }
}

test('colours that are too weak would be found', { skip: !there }, async () => {
  const { page } = await mounted('lw-decision', { decision: world.returned });
  await page.evaluate(() => document.querySelector('lw-decision').style.setProperty('--lw-soft', '#bbb'));
  await assert.rejects(accessible(page), /color-contrast/);
  await page.close();
});

test('a decision says who got the lead, and why each other contract did not', { skip: !there }, async () => {
  const { page } = await mounted('lw-decision', { decision: world.sold });
  const shown = await text(page);
  for (const entry of world.sold.entries) assert.ok(shown.includes(entry.contract), entry.contract);
  for (const part of ['search-lp/L1.1', 'assigned', 'homefront', '18.00 USD', '2026-11-24 15:30:00 UTC', 'criteria.not_met']) {
    assert.ok(shown.includes(part), part);
  }
  await page.close();
});

test('no value of the lead is shown', { skip: !there }, async () => {
  const { page } = await mounted('lw-decision', { decision: world.sold });
  const markup = await page.evaluate(() => document.querySelector('lw-decision').shadowRoot.firstElementChild.outerHTML);
  for (const value of ['8675309', '867-5309', 'Wacker', 'WACKER', 'Lee', '60606']) assert.ok(!markup.includes(value), value);
  await page.close();
});

test('what became of a sale, who was asked for bids, and one contract in full', { skip: !there }, async () => {
  for (const [name, part] of [['returned', /What became of its sales later[^]*gave it back/], ['auction', /hangs-1[^]*timeout/]]) {
    const { page } = await mounted('lw-decision', { decision: world[name] });
    assert.match(await text(page), part);
    await page.close();
  }
  const { page } = await mounted('lw-decision', { decision: world.one });
  assert.match(await text(page), /homefront-roof in full[^]*buyer[^]*alone\s+18\.00[^]*where\.homeowner[^]*caps\.contract\.day/);
  await page.close();
});

test('a redacted decision alone is shown as far as it goes', { skip: !there }, async () => {
  const { page } = await mounted('lw-decision', { decision: world.redacted });
  const shown = await text(page);
  assert.match(shown, /search-lp\/L1\.1[^]*Contracts whose criteria were met[^]*homefront-roof/);
  assert.ok(!shown.includes('Every contract'));
  await page.close();
});

test('contracts are searched, and chosen by reason and by buyer', { skip: !there }, async () => {
  const { page, heard } = await mounted('lw-decision', { decision: world.sold, buyers: world.contracts });
  const rows = () =>
    page.evaluate(() => [...document.querySelector('lw-decision').shadowRoot.querySelectorAll('.contracts tbody tr')].filter((row) => row.checkVisibility()).length);
  const set = (id, value) =>
    page.evaluate((id, value) => {
      const input = document.querySelector('lw-decision').shadowRoot.getElementById(id);
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, id, value);
  const all = world.sold.entries.length;
  assert.equal(await rows(), all);
  await set('code', 'contract.sold');
  assert.equal(await rows(), 1);
  assert.equal(await text(page, '[role=status]'), `1 of ${all} contracts`);
  await set('code', '');
  await set('buyer', 'homefront');
  assert.equal(await rows(), world.contracts.filter((of) => of.buyer === 'homefront' && world.sold.entries.some((entry) => entry.contract === of.contract)).length);
  await set('buyer', '');
  await set('text', 'BLUE tn');
  assert.equal(await rows(), 1);
  await set('text', 'nobody');
  assert.equal(await rows(), 0);
  await clean(page, heard);
  await page.close();
});

test('a keyboard is enough, and opening a contract tells the host', { skip: !there }, async () => {
  const { page } = await mounted('lw-decision', { decision: world.sold });
  const where = () =>
    page.evaluate(() => {
      const active = document.querySelector('lw-decision').shadowRoot.activeElement;
      return active && `${active.localName}${active.closest('details.contract') ? '.contract' : ''}`;
    });
  const seen = [];
  for (let n = 0; n < 12 && seen.at(-1) !== 'summary.contract'; n += 1) {
    await page.keyboard.press('Tab');
    seen.push(await where());
  }
  assert.ok(seen.includes('input') && seen.includes('select'), seen.join());
  assert.equal(seen.at(-1), 'summary.contract');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => window.told.length > 0);
  const [entry] = world.sold.entries;
  assert.deepEqual(await page.evaluate(() => window.told), [
    { type: 'lw-select', kind: 'contract', decision: 'search-lp/L1.1', contract: entry.contract, group: entry.group, code: entry.code },
  ]);
  await page.close();
});

test('plans: what changes, in leads and money, and a thing that is opened is told', { skip: !there }, async () => {
  const { page, heard } = await mounted('lw-plan-diff', { diff: world.diff, report: world.report });
  const shown = await text(page);
  for (const part of ['4 changes', 'summit-dfw', '+408.50', '-297.50 USD', '19 leads change', 'contract:summit-dfw hour']) {
    assert.ok(shown.includes(part), part);
  }
  await page.evaluate(() => document.querySelector('lw-plan-diff').shadowRoot.querySelector('.changes summary').click());
  await page.waitForFunction(() => window.told.length > 0);
  assert.deepEqual(await page.evaluate(() => window.told[0]), { type: 'lw-select', kind: 'source', id: 'affil-17', change: 'changed' });
  await clean(page, heard);
  await page.close();
});

test('hostile texts in every place stay texts', { skip: !there }, async () => {
  const evil = { ...hostile(world.sold), v: 1 };
  evil.decision.v = 1;
  const wide = { ...hostile(world.auction), v: 1 };
  for (const [tag, properties] of [
    ['lw-decision', { decision: evil, buyers: [{ contract: HOSTILE, buyer: HOSTILE }] }],
    ['lw-decision', { decision: wide }],
    ['lw-decision', { decision: { ...hostile(world.returned), v: 1 } }],
    ['lw-plan-diff', { diff: { ...hostile(world.diff), v: 1 }, report: { ...hostile(world.report), v: 1 } }],
  ]) {
    const { page, heard } = await mounted(tag, properties);
    assert.ok((await text(page)).includes('<img src=x'), 'it is shown as it is');
    const planted = (tag) => document.querySelector(tag).shadowRoot.querySelectorAll('img, script, style, a, iframe, [onerror]').length;
    assert.equal(await page.evaluate(planted, tag), 0);
    await clean(page, heard);
    await page.close();
  }
});

test('data of the wrong shape: where and what, never the value', { skip: !there }, async () => {
  const secret = '312-867-5309';
  const broken = structuredClone(world.sold);
  broken.entries[2].contract = { secret };
  const other = { ...world.sold, v: 2 };
  for (const [decision, code, said] of [
    [broken, 'ui.wrong_shape', 'at /entries/2/contract: found an object, expected a text'],
    [secret, 'ui.wrong_shape', 'at the top: found a text, expected an object'],
    [[], 'ui.wrong_shape', 'at the top: found a list, expected an object'],
    [other, 'ui.wrong_version', 'at /v: expected version 1'],
    [{}, 'ui.wrong_shape', 'at /id: found nothing, expected a text'],
  ]) {
    const { page, heard } = await mounted('lw-decision', { decision });
    const shown = await text(page);
    assert.ok(shown.includes(said) && shown.includes(code) && !shown.includes(secret), shown);
    assert.equal((await page.evaluate(() => window.told))[0].code, code);
    await clean(page, heard);
    await page.close();
  }
});

test('src: loaded from the site, told where it fails, and no other site is asked', { skip: !there }, async () => {
  const { page, heard } = await mounted('lw-decision', {}, {}, { src: '/decision.json' });
  assert.match(await text(page), /search-lp\/L1\.1/);
  await clean(page, heard);
  await page.close();
  const plans = await mounted('lw-plan-diff', {}, {}, { src: '/plans.json' });
  assert.match(await text(plans.page), /4 changes[^]*19 leads change/);
  await plans.page.close();
  for (const [src, code] of [
    ['/nothing', 'ui.not_loaded'],
    ['/text', 'ui.not_json'],
    ['/plans.json', 'ui.wrong_shape'],
    ['http://localhost:9/decision.json', 'ui.other_origin'],
    ['/away', 'ui.not_loaded'],
  ]) {
    const { page, heard } = await mounted('lw-decision', {}, {}, { src });
    assert.ok((await text(page)).includes(code), src);
    assert.deepEqual(heard.foreign.filter((one) => !one.includes('elsewhere')), []);
    await page.close();
  }
});

test('what the README shows is what one does', { skip: !there }, async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block);
  assert.equal(blocks.length, 1);
  const script = blocks[0].replace('"@leadwright/elements"', '"/elements.js"');
  assert.notEqual(script, blocks[0]);
  const { page, heard } = await watched(browser);
  answers['/readme.js'] = (_, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  await page.goto(url);
  await page.evaluate(() => import('/readme.js'));
  await page.waitForFunction(() => document.querySelector('lw-decision')?.shadowRoot?.querySelector('.contract summary'));
  await page.evaluate(() => document.querySelector('lw-decision').shadowRoot.querySelector('.contract summary').click());
  for (let n = 0; n < 100 && heard.console.length === 0; n += 1) await new Promise((waits) => setTimeout(waits, 50));
  assert.deepEqual(heard.console, [`info: ${world.sold.entries[0].contract} ${world.sold.entries[0].code}`]);
  await page.close();
});

test('data set before the elements are known, changed later, and taken away', { skip: !there }, async () => {
  const { page } = await watched(browser);
  await page.goto(`${url}/plans.json`);
  await page.evaluate((decision) => {
    document.body.replaceChildren();
    const early = document.createElement('lw-decision');
    early.decision = decision;
    document.body.append(early);
  }, world.sold);
  await page.evaluate(() => import('/elements.js'));
  await page.waitForFunction(() => document.querySelector('lw-decision').shadowRoot?.querySelector('article'));
  assert.match(await text(page), /L1\.1/);
  await page.evaluate((decision) => { document.querySelector('lw-decision').decision = decision; }, world.unsold);
  assert.match(await text(page), /L2\.1/);
  await page.evaluate(() => { document.querySelector('lw-decision').decision = null; });
  assert.equal(await text(page), undefined);
  await page.close();
});
