// One engine for the process, opened when somebody first asks. It reads the store that the deciding service writes.

import { Engine, Plan } from 'leadwright';
import type { ContractOf } from '@leadwright/elements';

const shared = globalThis as typeof globalThis & { leadwright?: { engine: Engine; plan: Plan } };

function opened() {
  const { LEADWRIGHT_PLAN, LEADWRIGHT_STORE } = process.env;
  if (!LEADWRIGHT_PLAN || !LEADWRIGHT_STORE) throw new Error('set LEADWRIGHT_PLAN and LEADWRIGHT_STORE to a plan and a store');
  const plan = Plan.load(LEADWRIGHT_PLAN);
  return { plan, engine: new Engine(plan, { store: LEADWRIGHT_STORE }) };
}

/** The engine. */
export const engine = () => (shared.leadwright ??= opened()).engine;

/** The plan that it decides by. */
export const plan = () => (shared.leadwright ??= opened()).plan;

/** Whose each contract is, as plain objects that may go to the browser. */
export const contracts = (): ContractOf[] => plan().contracts.map(({ contract, buyer }) => ({ contract, buyer }));
