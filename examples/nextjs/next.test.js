// The app built and started as one does, and looked at in a real browser.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browserPath, open, picture, watched } from '../../ui/support/browser.js';
import { packages } from './packages.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const at = (name) => path.join(here, '../..', name);
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
const place = mkdtempSync(path.join(tmpdir(), 'leadwright-next-'));
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_ENV: 'production',
  LEADWRIGHT_PLAN: at('docs/samples/autumn.jsonc'),
  LEADWRIGHT_NEXT_PLAN: at('docs/samples/winter.jsonc'),
  LEADWRIGHT_STORE: path.join(place, 'leads.db'),
};

const there = browserPath() !== undefined;
if (!there) console.error('SKIPPED: examples/nextjs: no chromium on the path; install it, or name one in LEADWRIGHT_BROWSER');

const ends = [];
let url, browser;

before(async () => {
  packages();
  const { Engine, Plan } = await import('leadwright');
  const engine = new Engine(Plan.load(env.LEADWRIGHT_PLAN), { store: env.LEADWRIGHT_STORE });
  const lead = { source: 'affil-17', vertical: 'roofing', homeowner: 'yes', roof_age: '12', phone: '(312) 867-5309', name: 'Ann Peterson' };
  engine.decideSync({ ...lead, id: 'N1', zip: '75201' }, { now: '2026-11-24T15:30:00Z' });
  engine.decideSync({ ...lead, id: 'N2', zip: '99501' }, { now: '2026-11-24T15:31:00Z' });
  engine.close();

  const started = Date.now();
  const built = spawnSync(process.execPath, [next, 'build'], { cwd: here, env, encoding: 'utf8' });
  assert.equal(built.status, 0, built.stdout + built.stderr);
  console.log(`next build took ${((Date.now() - started) / 1000).toFixed(1)} s`);
  url = await serve();
  if (there) browser = await open((end) => ends.push(end));
});

after(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(place, { recursive: true, force: true });
});

/** Starts the app on a free port; where it listens. */
async function serve() {
  const server = spawn(process.execPath, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], { cwd: here, env });
  const ended = new Promise((ends) => server.once('exit', ends));
  ends.push(() => server.kill() && ended);
  let said = '';
  server.stderr.on('data', (part) => (said += part));
  return new Promise((resolve, reject) => {
    server.stdout.on('data', (part) => {
      said += part;
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (found !== null) resolve(found[0]);
    });
    ended.then((code) => reject(new Error(`next start ended with ${code}: ${said}`)));
  });
}

const shown = (page, tag) => page.evaluate((tag) => document.querySelector(tag).shadowRoot?.querySelector('article')?.innerText ?? '', tag);

test('an explained decision comes from the store without the values of the lead', async () => {
  const answer = await fetch(`${url}/decisions/affil-17/N1.1`);
  const text = await answer.text();
  assert.equal(answer.status, 200);
  assert.ok(text.includes('summit-dfw'));
  for (const value of ['8675309', '867-5309', 'PETERSON']) assert.ok(!text.toUpperCase().includes(value), value);
});

test('a decision that is not there is 404, and the form leads to one', async () => {
  assert.equal((await fetch(`${url}/decisions/affil-17/N9.1`)).status, 404);
  const asked = await fetch(`${url}/decisions?id=affil-17/N2.1`, { redirect: 'manual' });
  assert.deepEqual([asked.status, asked.headers.get('location')], [307, '/decisions/affil-17/N2.1']);
});

test('the element is mounted, hears its data, and tells the app what was opened', { skip: !there }, async () => {
  const { page, heard } = await watched(browser);
  await page.goto(`${url}/decisions/affil-17/N1.1`);
  await page.waitForFunction(() => document.querySelector('lw-decision')?.shadowRoot?.querySelector('.contract summary'));
  await page.evaluate(() => document.querySelector('lw-decision').shadowRoot.querySelector('.contract summary').click());
  await page.waitForFunction(() => document.querySelector('[role=status]').textContent.startsWith('opened'));
  await picture(page, 'next-decision');
  const text = await shown(page, 'lw-decision');
  for (const part of ['affil-17/N1.1', 'assigned', 'summit-dfw', '42.50 USD']) assert.ok(text.includes(part), part);
  assert.deepEqual({ ...heard, requests: [] }, { console: [], errors: [], requests: [], foreign: [] });
  await page.close();
});

test('what changes between two plans', { skip: !there }, async () => {
  const { page, heard } = await watched(browser, { dark: true });
  await page.goto(`${url}/plans`);
  await page.waitForFunction(() => document.querySelector('lw-plan-diff')?.shadowRoot?.querySelector('article'));
  await picture(page, 'next-plans');
  assert.match(await shown(page, 'lw-plan-diff'), /4 changes[^]*summit-dfw/);
  assert.deepEqual({ ...heard, requests: [] }, { console: [], errors: [], requests: [], foreign: [] });
  await page.close();
});
