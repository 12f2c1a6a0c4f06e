// The service as its environment says.

import { service } from './gateway.js';

const beside = (name) => new URL(`../${name}`, import.meta.url).pathname;
const { env } = process;
const { app } = service({
  plan: env.GATEWAY_PLAN ?? beside('plan.jsonc'),
  store: env.GATEWAY_STORE ?? 'leads.db',
  sources: env.GATEWAY_SOURCES ?? beside('sources.json'),
});
app.listen(env.PORT ?? 8080);
