-- Times are milliseconds since 1970 in UTC, money is in 1/10,000 of the unit. The tenant is first in every key.

CREATE TABLE migration(
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

-- The bundle of every plan that decided: a replay needs it.
CREATE TABLE plan(
  hash TEXT PRIMARY KEY,
  bundle TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A row is never changed. `input`, `body` and `reads` make a replay; `digest` verifies also when the body is gone.
CREATE TABLE decision(
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  source TEXT NOT NULL,
  lead TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  plan TEXT NOT NULL REFERENCES plan(hash),
  outcome TEXT NOT NULL,
  idempotency_key TEXT,
  payload BLOB NOT NULL,
  input BLOB NOT NULL,
  reads TEXT NOT NULL,
  body BLOB NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX decision_of_lead ON decision(tenant, source, lead, n);
CREATE INDEX decision_by_lead ON decision(tenant, lead);
CREATE INDEX decision_by_payload ON decision(tenant, source, payload, at);

-- What an idempotency key stands for: the first decision it led to.
CREATE TABLE request_key(
  tenant TEXT NOT NULL,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES decision(seq),
  PRIMARY KEY(tenant, source, key)
) STRICT, WITHOUT ROWID;

-- The clock of a tenant never goes back.
CREATE TABLE clock(
  tenant TEXT PRIMARY KEY,
  last_decided_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Owner, window, measure and what is counted are the key: a changed limit keeps its count, a new day is a new key.
CREATE TABLE counter(
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY(tenant, key)
) STRICT, WITHOUT ROWID;

-- Dedupe values as hashes, in buckets of 30 days: forgetting is deleting a range of the key.
CREATE TABLE claim(
  tenant TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  scope TEXT NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  lead TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY(tenant, bucket, scope, hash, at, source, lead, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE turn_group(
  tenant TEXT NOT NULL,
  route_group TEXT NOT NULL,
  n INTEGER NOT NULL,
  steady TEXT NOT NULL,
  PRIMARY KEY(tenant, route_group)
) STRICT, WITHOUT ROWID;

CREATE TABLE turn(
  tenant TEXT NOT NULL,
  route_group TEXT NOT NULL,
  contract TEXT NOT NULL,
  served INTEGER NOT NULL,
  last INTEGER NOT NULL,
  credit INTEGER NOT NULL,
  PRIMARY KEY(tenant, route_group, contract)
) STRICT, WITHOUT ROWID;

-- What is to be delivered. The key is the same for every attempt; the fence grows with every claim.
CREATE TABLE outbox(
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
  state TEXT NOT NULL DEFAULT 'ready' CHECK(state IN ('ready', 'claimed', 'unknown', 'parked', 'done')),
  fence INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  claimed_by TEXT,
  claimed_until INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox(tenant, due_at, id) WHERE state IN ('ready', 'parked');

CREATE TABLE event(
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  lead TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;

-- Sums for reports; `contract` is empty for the lead itself.
CREATE TABLE rollup(
  tenant TEXT NOT NULL,
  date TEXT NOT NULL,
  slot INTEGER NOT NULL,
  source TEXT NOT NULL,
  contract TEXT NOT NULL,
  outcome TEXT NOT NULL,
  leads INTEGER NOT NULL,
  revenue INTEGER NOT NULL,
  payout INTEGER NOT NULL,
  PRIMARY KEY(tenant, date, slot, source, contract, outcome)
) STRICT, WITHOUT ROWID;
