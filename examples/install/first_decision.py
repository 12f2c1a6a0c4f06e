import leadwright

LEAD = {"id": "L1", "source": "web", "vertical": "home-services", "first_name": "Ann", "last_name": "Lee",
        "phone": "210-555-0142", "email": "ann.lee@example.com", "zip": "77436"}

plan = leadwright.Plan.load("shop/plan.jsonc")
with leadwright.Engine(plan, store="leads.db") as engine:
    decision = engine.decide(LEAD, now="2026-11-24T17:00:00Z")
    print(decision.id, decision.outcome)
    for sold in decision.assignments:
        print("sold:", sold["contract"], sold["sale"], sold["price"])
