"""What the services are told, all by the environment. Secrets are named here, never held."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent

#: The plan.
PLAN = os.environ.get("LEADS_PLAN", str(HERE / "plan.jsonc"))
#: Where decisions are: a SQLite file, or a PostgreSQL database.
STORE = os.environ.get("LEADS_STORE", "leads.db")
#: Where leads wait to be decided.
INBOX = os.environ.get("LEADS_INBOX", "sqlite:inbox.db")
#: What streams and tables of the inbox are called.
NAME = os.environ.get("LEADS_NAME", "leads")
#: Who may send leads: the hash of a key for each source.
SOURCES = os.environ.get("LEADS_SOURCES", str(HERE / "sources.json"))
