// The service as its environment says.

import { service } from './gateway.js';

const beside = (name) => new URL(`../${name}`, import.meta.url).pathname;
const { env } = process;
/** `secret://summit` of the plan is the variable LEADWRIGHT_SECRET_SUMMIT; names are of small letters, digits and `_`. */
const PREFIX = 'LEADWRIGHT_SECRET_';
const named = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
const { app } = service({
  plan: env.GATEWAY_PLAN ?? beside('plan.jsonc'),
  store: env.GATEWAY_STORE ?? 'leads.db',
  sources: env.GATEWAY_SOURCES ?? beside('sources.json'),
  secrets: Object.fromEntries(named.map(([name, secret]) => [name.slice(PREFIX.length).toLowerCase(), secret])),
  allow: (env.GATEWAY_ALLOW ?? '').split(' ').filter(Boolean),
});
app.listen(env.PORT ?? 8080);
