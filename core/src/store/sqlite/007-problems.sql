-- The error ledger: problems that are the same problem again, with shapes and no values.
CREATE TABLE problem_group(
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  code TEXT NOT NULL,
  path TEXT NOT NULL,
  source TEXT,
  severity TEXT NOT NULL,
  count INTEGER NOT NULL,
  actions TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  shape TEXT,
  expected TEXT,
  sampled_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  said_by TEXT,
  reason TEXT,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  PRIMARY KEY(tenant, fingerprint)
) STRICT, WITHOUT ROWID;
