import leadwright

LEAD = {"id": "L1", "source": "search-lp", "vertical": "roofing", "name": "lee, ANN", "phone": "(773) 555-0123",
        "street": "233 south wacker drive", "zip": "60606", "homeowner": "Yes", "roof_age": "12", "timeframe": "ASAP"}

plan = leadwright.Plan.load("examples/home-services/plan.jsonc")
with leadwright.Engine(plan, store="quickstart.db") as engine:
    decision = engine.decide(LEAD, now="2026-11-24T15:30:00Z")
    print(decision.id, decision.outcome)
    for sold in decision.assignments:
        print("sold:", sold["contract"], sold["sale"], sold["price"])
    for entry in engine.explain(decision)["entries"][:3]:
        print("not sold:", entry["contract"], entry["code"], entry["check"])
