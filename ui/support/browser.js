// A real browser for tests: the one on the path, never one that is downloaded.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a browser: what `LEADWRIGHT_BROWSER` says, else the first on the path; undefined where there is none. */
export function browserPath() {
  if (process.env.LEADWRIGHT_BROWSER) return process.env.LEADWRIGHT_BROWSER;
  for (const name of NAMES) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** Starts the browser, and ends it with the tests of `after`. */
export async function open(after) {
  const browser = await puppeteer.launch({
    executablePath: browserPath(),
    // In containers tests run as root, and there is little shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run'],
  });
  after(() => browser.close());
  return browser;
}

/**
 * A page that takes down what must not be: messages of the console, errors, requests to other sites, broken policies.
 */
export async function watched(browser, { width = 1280, height = 900, dark = false } = {}) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  const heard = { console: [], errors: [], requests: [], foreign: [] };
  page.on('console', (message) => heard.console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => heard.errors.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    heard.requests.push(url.pathname);
    if (url.hostname !== '127.0.0.1') heard.foreign.push(request.url());
  });
  return { page, heard };
}

/** Keeps a picture below the target folder, for people to look at. */
export async function picture(page, name) {
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
  const folder = path.join(target, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
