import { Engine, Plan } from "leadwright";

const LEAD = { id: "L1", source: "search-lp", vertical: "roofing", name: "lee, ANN", phone: "(773) 555-0123",
  street: "233 south wacker drive", zip: "60606", homeowner: "Yes", roof_age: "12", timeframe: "ASAP" };

const plan = Plan.load("examples/home-services/plan.jsonc");
const engine = new Engine(plan, { store: "quickstart.db" });
const decision = await engine.decide(LEAD, { now: "2026-11-24T15:30:00Z" });
console.log(decision.id, decision.outcome);
for (const sold of decision.assignments) console.log("sold:", sold.contract, sold.sale, sold.price);
for (const entry of engine.explain(decision).entries.slice(0, 3))
  console.log("not sold:", entry.contract, entry.code, entry.check);
engine.close();
