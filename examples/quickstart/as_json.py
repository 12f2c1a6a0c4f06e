import json

import leadwright

LEAD = {"id": "L1", "source": "search-lp", "vertical": "roofing", "name": "lee, ANN", "phone": "(773) 555-0123",
        "street": "233 south wacker drive", "zip": "60606", "homeowner": "Yes", "roof_age": "12", "timeframe": "ASAP"}

plan = leadwright.Plan.load("examples/home-services/plan.jsonc")
with leadwright.Engine(plan) as engine:
    decision = engine.decide(LEAD, now="2026-11-24T15:30:00Z")
    print(decision.json.decode())
    explained = engine.explain(decision, contract="homefront-roof")
    print(json.dumps(explained, ensure_ascii=False, separators=(",", ":")))
