// node server.js PLAN STORE

import { Engine, Plan } from 'leadwright';
import { service } from './app.js';

const [plan, store] = process.argv.slice(2);
if (store === undefined) {
  console.error('usage: node server.js PLAN STORE');
  process.exit(2);
}
const server = service(new Engine(Plan.load(plan), { store })).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
