-- Times are milliseconds since 1970 in UTC, money is in 1/10,000 of the unit. The tenant is first in every key. Texts are
-- compared by their bytes, so that what is ordered comes in the same order from every store.

-- The bundle of every plan that decided: a replay needs it.
CREATE TABLE plan(
  hash text COLLATE "C" PRIMARY KEY,
  bundle text NOT NULL
);

-- The one row that every writer of a tenant locks first, and changes last. What is counted up is counted here, under that
-- lock, so the order of `seq` and `position` is the order of commits and no reader can pass by a gap.
CREATE TABLE clock(
  tenant text COLLATE "C" PRIMARY KEY,
  last_decided_at bigint,
  seq bigint NOT NULL DEFAULT 0,
  position bigint NOT NULL DEFAULT 0,
  outbox bigint NOT NULL DEFAULT 0,
  waiting bigint NOT NULL DEFAULT 0,
  entry bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

-- A row is never changed, but that its lead can be erased. The lead is bytes: what PostgreSQL makes of JSON is not what came.
CREATE TABLE decision(
  tenant text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  requested_at bigint NOT NULL,
  seed bigint NOT NULL,
  plan text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C",
  payload bytea NOT NULL,
  input bytea NOT NULL,
  reads text NOT NULL,
  body bytea NOT NULL,
  digest text COLLATE "C" NOT NULL,
  inner_hash bytea,
  PRIMARY KEY(tenant, seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX decision_erased ON decision(tenant) WHERE inner_hash IS NOT NULL;
CREATE TABLE decision_rest PARTITION OF decision DEFAULT WITH (toast_tuple_target = 8160);

-- Where the decisions of a lead are, and what they decided: found without looking into every partition.
CREATE TABLE decided(
  tenant text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  at bigint NOT NULL,
  seq bigint NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY(tenant, lead, source, n)
);
CREATE INDEX decided_by_payload ON decided(tenant, source, payload, at);

-- What an idempotency key stands for: the first decision it led to.
CREATE TABLE request_key(
  tenant text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  at bigint NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY(tenant, source, key)
);

-- Owner, window, measure and what is counted are the key: a changed limit keeps its count, a new day is a new key.
CREATE TABLE counter(
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY(tenant, key)
) WITH (fillfactor = 50);

-- What rolling caps count, by moment.
CREATE TABLE moment(
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  much bigint NOT NULL,
  PRIMARY KEY(tenant, key, at)
);

-- Dedupe values as hashes.
CREATE TABLE claim(
  tenant text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  hash bytea NOT NULL,
  at bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY(tenant, scope, hash, at, source, lead, n)
) PARTITION BY RANGE (at);
CREATE TABLE claim_rest PARTITION OF claim DEFAULT;

-- Whose turn it is in a group: all members as one JSON text.
CREATE TABLE turn_group(
  tenant text COLLATE "C" NOT NULL,
  route_group text COLLATE "C" NOT NULL,
  turns text NOT NULL,
  PRIMARY KEY(tenant, route_group)
) WITH (fillfactor = 50);

-- What is to be delivered. The key is the same for every attempt; the fence grows with every claim. `since` is when it was
-- sold or redriven, `due_at` when it may be claimed next.
CREATE TABLE outbox(
  tenant text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  buyer text COLLATE "C" NOT NULL,
  contract text COLLATE "C" NOT NULL,
  price bigint NOT NULL,
  due_at bigint NOT NULL,
  since bigint NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'ready' CHECK(state IN ('ready', 'claimed', 'unknown', 'dead', 'done')),
  fence bigint NOT NULL DEFAULT 0,
  attempts bigint NOT NULL DEFAULT 0,
  claimed_by text,
  claimed_until bigint,
  PRIMARY KEY(tenant, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
CREATE UNIQUE INDEX outbox_key ON outbox(key);
CREATE INDEX outbox_due ON outbox(tenant, buyer, due_at, id) WHERE state = 'ready';
CREATE INDEX outbox_claimed ON outbox(tenant, claimed_until, id) WHERE state = 'claimed';
CREATE INDEX outbox_left ON outbox(tenant, state, id) WHERE state IN ('unknown', 'dead');
CREATE INDEX outbox_open ON outbox(tenant, id) WHERE state <> 'done';
CREATE INDEX outbox_done ON outbox(tenant, due_at) WHERE state = 'done';

-- One row an attempt, written before the lead is handed out. An attempt without an end goes on, or nobody knows of it.
CREATE TABLE attempt(
  tenant text COLLATE "C" NOT NULL,
  outbox bigint NOT NULL,
  n bigint NOT NULL,
  fence bigint NOT NULL,
  worker text NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint,
  class text,
  status bigint,
  retry_at bigint,
  PRIMARY KEY(tenant, outbox, n, started_at)
) PARTITION BY RANGE (started_at);
CREATE TABLE attempt_rest PARTITION OF attempt DEFAULT;

-- What was given up. Of a row of the outbox at most one is open.
CREATE TABLE dead_letter(
  tenant text COLLATE "C" NOT NULL,
  outbox bigint NOT NULL,
  nth bigint NOT NULL,
  reason text NOT NULL,
  class text,
  at bigint NOT NULL,
  resolved text,
  resolved_at bigint,
  PRIMARY KEY(tenant, outbox, nth)
);

-- `about` is what an event is about where that is no decision; source and lead are then empty.
CREATE TABLE event(
  tenant text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  at bigint NOT NULL,
  data text NOT NULL,
  about text COLLATE "C",
  PRIMARY KEY(tenant, position, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_about ON event(tenant, position) WHERE about IS NOT NULL;
CREATE TABLE event_rest PARTITION OF event DEFAULT;

-- Who reads the events, and up to which position. One that was dropped has no position and keeps its fence.
CREATE TABLE subscriber(
  tenant text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  position bigint,
  fence bigint NOT NULL,
  types text NOT NULL,
  updated_at bigint,
  PRIMARY KEY(tenant, name)
);

-- What holds until it is changed, as JSON under a name.
CREATE TABLE setting(
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY(tenant, key)
);

-- Leads that wait to be decided again, one row each. The id is the order in which they came.
CREATE TABLE waiting(
  tenant text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  why text NOT NULL,
  received bigint NOT NULL,
  since bigint NOT NULL,
  due bigint NOT NULL,
  until bigint NOT NULL,
  tries bigint NOT NULL,
  PRIMARY KEY(tenant, source, lead)
);
CREATE INDEX waiting_in_order ON waiting(tenant, id);
CREATE INDEX waiting_due ON waiting(tenant, due);

-- Sums for reports, by quarter of an hour and by day; `contract` is empty for the lead itself.
CREATE TABLE rollup(
  tenant text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  slot bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  contract text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  leads bigint NOT NULL,
  revenue bigint NOT NULL,
  payout bigint NOT NULL,
  PRIMARY KEY(tenant, date, slot, source, contract, outcome)
) WITH (fillfactor = 70);
CREATE TABLE rollup_day(
  tenant text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  contract text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  leads bigint NOT NULL,
  revenue bigint NOT NULL,
  payout bigint NOT NULL,
  PRIMARY KEY(tenant, date, source, contract, outcome)
) WITH (fillfactor = 70);

-- The error ledger: problems that are the same problem again, with shapes and no values.
CREATE TABLE problem_group(
  tenant text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  code text NOT NULL,
  path text NOT NULL,
  source text,
  severity text NOT NULL,
  count bigint NOT NULL,
  actions text NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  shape text,
  expected text,
  sampled_at bigint NOT NULL,
  state text NOT NULL,
  since bigint NOT NULL,
  said_by text,
  reason text,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  PRIMARY KEY(tenant, fingerprint)
) WITH (fillfactor = 70);

-- Room that somebody beside us took from our limits. `took` says from which counters, and how much, as JSON.
CREATE TABLE reservation(
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  contract text NOT NULL,
  state text NOT NULL CHECK(state IN ('held', 'confirmed', 'released')),
  at bigint NOT NULL,
  until bigint NOT NULL,
  asked text NOT NULL,
  took text NOT NULL,
  sold_by text,
  PRIMARY KEY(tenant, key)
);
CREATE INDEX reservation_held ON reservation(tenant, until, key) WHERE state = 'held';
CREATE INDEX reservation_over ON reservation(tenant, at) WHERE state <> 'held';

-- The money ledger. A row says what the account of a party was debited on a day (less than zero: credited).
CREATE TABLE ledger_day(
  tenant text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  contract text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  debit bigint NOT NULL,
  PRIMARY KEY(tenant, account, date, kind, contract, source)
) WITH (fillfactor = 70);

-- Money that somebody moved, and no decision: a row each, beside its part of the day. `key` is that of the sale it is about.
CREATE TABLE ledger_entry(
  tenant text COLLATE "C" NOT NULL,
  id bigint NOT NULL,
  at bigint NOT NULL,
  account text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  contract text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  debit bigint NOT NULL,
  lead text COLLATE "C",
  n bigint,
  key text COLLATE "C",
  sold text COLLATE "C",
  refers_to text,
  counters text NOT NULL,
  said_by text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY(tenant, id)
);
CREATE INDEX ledger_entry_of_account ON ledger_entry(tenant, account, date);
CREATE INDEX ledger_entry_of_sale ON ledger_entry(tenant, lead) WHERE lead IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry(tenant, key, kind) WHERE key IS NOT NULL;

CREATE TABLE statement(
  tenant text COLLATE "C" NOT NULL,
  party text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  first text,
  last text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY(tenant, party, n)
);

CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION stays();
CREATE TRIGGER statement_stays BEFORE UPDATE OR DELETE ON statement FOR EACH ROW EXECUTE FUNCTION stays();
