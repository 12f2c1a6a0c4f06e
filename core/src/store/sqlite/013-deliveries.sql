-- The outbox is worked off. `since` is when it was sold or redriven, `due_at` when it may be claimed next.
CREATE TABLE outbox_now(
  id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  lead TEXT NOT NULL,
  n INTEGER NOT NULL,
  buyer TEXT NOT NULL,
  contract TEXT NOT NULL,
  price INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  since INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'ready' CHECK(state IN ('ready', 'claimed', 'unknown', 'dead', 'done')),
  fence INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  claimed_by TEXT,
  claimed_until INTEGER
) STRICT;
INSERT INTO outbox_now
SELECT id, tenant, key, source, lead, n, buyer, contract, price, due_at, due_at, iif(state = 'done', 'done', 'ready'), 0, 0,
  NULL, NULL FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_now RENAME TO outbox;
CREATE INDEX outbox_due ON outbox(tenant, buyer, due_at, id) WHERE state = 'ready';
CREATE INDEX outbox_claimed ON outbox(tenant, claimed_until, id) WHERE state = 'claimed';
CREATE INDEX outbox_left ON outbox(tenant, state, id) WHERE state IN ('unknown', 'dead');

-- One row an attempt, written before the lead is handed out. An attempt without an end goes on, or nobody knows of it.
CREATE TABLE attempt(
  outbox INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  worker TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  class TEXT,
  status INTEGER,
  retry_at INTEGER,
  PRIMARY KEY(outbox, n)
) STRICT, WITHOUT ROWID;

-- What was given up. Of a row of the outbox at most one is open.
CREATE TABLE dead_letter(
  outbox INTEGER NOT NULL REFERENCES outbox(id) ON DELETE CASCADE,
  nth INTEGER NOT NULL,
  reason TEXT NOT NULL,
  class TEXT,
  at INTEGER NOT NULL,
  resolved TEXT,
  resolved_at INTEGER,
  PRIMARY KEY(outbox, nth)
) STRICT, WITHOUT ROWID;
