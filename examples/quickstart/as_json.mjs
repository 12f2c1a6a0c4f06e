import { Engine, Plan } from "leadwright";

const LEAD = { id: "L1", source: "search-lp", vertical: "roofing", name: "lee, ANN", phone: "(773) 555-0123",
  street: "233 south wacker drive", zip: "60606", homeowner: "Yes", roof_age: "12", timeframe: "ASAP" };

const plan = Plan.load("examples/home-services/plan.jsonc");
const engine = new Engine(plan);
const decision = await engine.decide(LEAD, { now: "2026-11-24T15:30:00Z" });
console.log(decision.json.toString());
const explained = engine.explain(decision, { contract: "homefront-roof" });
console.log(JSON.stringify(explained));
engine.close();
