// A site for tests, as strict as sites are: nothing inline, nothing from elsewhere, no markup out of texts.

import { createReadStream } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>elements</title>
<link rel="stylesheet" href="/page.css">
<script type="module" src="/elements.js"></script>
</head>
<body><main><h1>elements</h1></main></body>
</html>
`;
const STYLE = `html { color-scheme: light dark } body { font: 15px/1.5 system-ui; margin: 0 auto; max-width: 70rem; padding: 1rem }
h1 { font-size: 1.2rem } @media (prefers-color-scheme: dark) { body { background: #0b0d12; color: #e6e9ef } }`;

/** Serves the elements, a page, and `answers` by their paths: an object is JSON, a function answers itself. */
export async function site(answers, after) {
  const send = (response, type, body) => {
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
    response.end(body);
  };
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/') return send(response, 'text/html', PAGE);
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    if (pathname === '/page.css') return send(response, 'text/css', STYLE);
    if (pathname === '/elements.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      return createReadStream(fileURLToPath(new URL('../dist/elements.js', import.meta.url))).pipe(response);
    }
    const answer = answers[pathname];
    if (typeof answer === 'function') return answer(request, response);
    if (answer !== undefined) return send(response, 'application/json', JSON.stringify(answer));
    response.writeHead(404, { 'content-type': 'text/plain' });
    return response.end('there is nothing here');
  });
  await new Promise((listens) => server.listen(0, '127.0.0.1', listens));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
