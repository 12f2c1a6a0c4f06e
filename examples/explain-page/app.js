// Answers explanations of a store, and serves the page that shows them. It needs no framework and no build.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { withoutLead } from '@leadwright/elements';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const FILES = {
  '/': [here('index.html'), 'text/html; charset=utf-8'],
  '/page.js': [here('page.js'), 'text/javascript'],
  '/page.css': [here('page.css'), 'text/css'],
  '/elements.js': [fileURLToPath(import.meta.resolve('@leadwright/elements')), 'text/javascript'],
};

// Nothing inline, nothing from elsewhere: the elements need no exception.
const HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** The service over an engine. Who may see decisions is for the host to say, in front of it. */
export function service(engine) {
  return createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const send = (status, type, body) => response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body);
    try {
      if (pathname === '/api/decisions') {
        // The values of the lead stay here: the page needs none.
        const explained = withoutLead(engine.explain(searchParams.get('id') ?? ''));
        return send(200, 'application/json', JSON.stringify(explained));
      }
      if (pathname === '/favicon.ico') return response.writeHead(204).end();
      const [file, type] = FILES[pathname] ?? [];
      return file === undefined ? send(404, 'text/plain', 'there is no such page') : send(200, type, await readFile(file));
    } catch (error) {
      const status = error.code === 'replay.not_found' ? 404 : 500;
      const problem = { type: 'about:blank', title: 'This decision cannot be explained', status, code: error.code };
      return send(status, 'application/problem+json', JSON.stringify(problem));
    }
  });
}
