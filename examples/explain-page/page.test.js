// The page in a real browser, over a store.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Engine, Plan } from 'leadwright';
import { browserPath, open, picture, watched } from '../../ui/support/browser.js';
import { service } from './app.js';

const there = browserPath() !== undefined;
if (!there) console.error('SKIPPED: examples/explain-page: no chromium on the path; install it, or name one in LEADWRIGHT_BROWSER');

const plan = Plan.load(fileURLToPath(new URL('../home-services/plan.jsonc', import.meta.url)));
const engine = new Engine(plan);
const lead = { id: 'L1', source: 'search-lp', vertical: 'roofing', phone: '(312) 867-5309', street: '233 south wacker drive', zip: '60606' };
engine.decideSync({ ...lead, homeowner: 'Yes', roof_age: '12' }, { now: '2026-11-24T15:30:00Z' });
const server = service(engine).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
after(() => {
  server.closeAllConnections();
  server.close();
  engine.close();
});

test('no value of the lead is answered, and who is unknown is told so', async () => {
  const answer = await fetch(`${url}/api/decisions?id=search-lp/L1.1`);
  const text = await answer.text();
  assert.equal(answer.status, 200);
  for (const value of ['8675309', 'WACKER', '60606']) assert.ok(!text.includes(value), value);
  assert.equal(JSON.parse(text).entries.length, 24);
  const unknown = await fetch(`${url}/api/decisions?id=search-lp/L9.1`);
  assert.deepEqual([unknown.status, (await unknown.json()).code], [404, 'replay.not_found']);
});

test('the page asks, shows, and hears what is opened', { skip: !there }, async (t) => {
  const browser = await open((end) => t.after(end));
  const { page, heard } = await watched(browser);
  await page.goto(url);
  await page.type('input[name=id]', 'search-lp/L1.1');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('lw-decision').shadowRoot.querySelector('article'));
  await page.evaluate(() => document.querySelector('lw-decision').shadowRoot.querySelector('.contract summary').click());
  await page.waitForFunction(() => document.querySelector('#opened').textContent !== '');
  await picture(page, 'explain-page');
  assert.match(await page.$eval('#opened', (one) => one.textContent), /^[a-z-]+: (criteria|contract)\./);
  assert.equal(new URL(page.url()).search, '?id=search-lp%2FL1.1');
  assert.deepEqual({ ...heard, requests: [] }, { console: [], errors: [], requests: [], foreign: [] });
});
