import { Engine, Plan } from "leadwright";

const LEAD = { id: "L1", source: "web", vertical: "home-services", first_name: "Ann", last_name: "Lee",
  phone: "210-555-0142", email: "ann.lee@example.com", zip: "77436" };

const plan = Plan.load("shop/plan.jsonc");
const engine = new Engine(plan, { store: "leads.db" });
const decision = await engine.decide(LEAD, { now: "2026-11-24T17:00:00Z" });
console.log(decision.id, decision.outcome);
for (const sold of decision.assignments) console.log("sold:", sold.contract, sold.sale, sold.price);
engine.close();
