"""The service as its environment says.

    GATEWAY_STORE=leads.db uvicorn app:app --workers 2
"""

from __future__ import annotations

import os

from gateway import HERE, service

app = service(
    plan=os.environ.get("GATEWAY_PLAN", HERE / "plan.jsonc"),
    store=os.environ.get("GATEWAY_STORE", "leads.db"),
    sources=os.environ.get("GATEWAY_SOURCES", HERE / "sources.json"),
    allow=os.environ.get("GATEWAY_ALLOW", "").split(),
)
