-- Leads that wait to be decided again, one row each. The id is the order in which they came.
CREATE TABLE waiting(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  source TEXT NOT NULL,
  lead TEXT NOT NULL,
  n INTEGER NOT NULL,
  why TEXT NOT NULL,
  received INTEGER NOT NULL,
  since INTEGER NOT NULL,
  due INTEGER NOT NULL,
  until INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  UNIQUE(tenant, source, lead)
) STRICT;
CREATE INDEX waiting_due ON waiting(tenant, due);
