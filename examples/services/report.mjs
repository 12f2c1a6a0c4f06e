// Says how things stand, and why a lead was sold to whom. It reads, and nothing waits for it.
//
//     PORT=8090 node report.mjs

import { createServer } from 'node:http';
import { Engine, Plan } from 'leadwright';
import { cacheAt } from './cache.mjs';
import { readEvents } from './events.mjs';
import { Hot } from './hot.mjs';
import { Totals } from './totals.mjs';
import { why } from './why.mjs';

const { env } = process;
const port = Number(env.PORT ?? 8090);
const plan = Plan.load(env.LEADS_PLAN ?? new URL('plan.jsonc', import.meta.url).pathname);
const engine = new Engine(plan, { store: env.LEADS_STORE ?? 'leads.db' });
const over = new AbortController();
const totals = new Totals();

readEvents(env.LEADS_EVENTS ?? 'store', {
  engine, reader: `report-${port}`, stream: env.LEADS_STREAM, signal: over.signal,
}, (event) => totals.add(event)).catch((error) => {
  // Whoever looks after us starts it anew, and it reads from the beginning.
  console.error(`report: ${error.message}`);
  process.exit(1);
});

const hot = new Hot({
  engine,
  redis: await cacheAt(env.LEADS_CACHE),
  make: (id) => why(engine, id),
  name: `hot-${port}`,
  prefix: env.LEADS_NAME,
});

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    if (request.method !== 'GET') return answer(response, 405, { title: 'only GET' });
    if (pathname === '/healthz') return answer(response, 200, { ok: true });
    if (pathname === '/report') return answer(response, 200, totals);
    if (pathname.startsWith('/decisions/')) return answer(response, 200, await hot.read(pathname.slice(11)));
    return answer(response, 404, { title: 'there is no such page' });
  } catch (error) {
    if (error.code === 'replay.not_found') return answer(response, 404, { title: 'there is no such decision' });
    return answer(response, 503, { title: 'try again', code: error.code });
  }
});
server.listen(port, () => console.error(`report: http://localhost:${port}/report`));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    over.abort();
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

function answer(response, status, body) {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(status < 400 ? body : { ...body, status }));
}
