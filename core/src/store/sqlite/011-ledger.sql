-- The money ledger. A row says what the account of a party was debited on a day (less than zero: credited); its kind says
-- which account of the house was posted the other way round, so no row has one side only. Sales and payouts are only here:
-- each of them is in its decision too.
CREATE TABLE ledger_day(
  tenant TEXT NOT NULL,
  account TEXT NOT NULL,
  date TEXT NOT NULL,
  kind TEXT NOT NULL,
  contract TEXT NOT NULL,
  source TEXT NOT NULL,
  count INTEGER NOT NULL,
  debit INTEGER NOT NULL,
  PRIMARY KEY(tenant, account, date, kind, contract, source)
) STRICT, WITHOUT ROWID;

-- Money that somebody moved, and no decision: a row each, beside its part of the day. `key` is that of the sale it is about.
CREATE TABLE ledger_entry(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  at INTEGER NOT NULL,
  account TEXT NOT NULL,
  date TEXT NOT NULL,
  kind TEXT NOT NULL,
  contract TEXT NOT NULL,
  source TEXT NOT NULL,
  count INTEGER NOT NULL,
  debit INTEGER NOT NULL,
  lead TEXT,
  n INTEGER,
  key TEXT,
  sold TEXT,
  refers_to TEXT,
  counters TEXT NOT NULL,
  said_by TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_entry_of_account ON ledger_entry(tenant, account, date);
CREATE INDEX ledger_entry_of_sale ON ledger_entry(tenant, lead) WHERE lead IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry(tenant, key, kind) WHERE key IS NOT NULL;

CREATE TABLE statement(
  tenant TEXT NOT NULL,
  party TEXT NOT NULL,
  n INTEGER NOT NULL,
  first TEXT,
  last TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(tenant, party, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE ON ledger_entry BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER ledger_entry_is_kept BEFORE DELETE ON ledger_entry BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER statement_stays BEFORE UPDATE ON statement BEGIN SELECT raise(ABORT, 'a closed statement is never changed'); END;
CREATE TRIGGER statement_is_kept BEFORE DELETE ON statement BEGIN SELECT raise(ABORT, 'a closed statement is never changed'); END;

-- A file of before begins its ledger here, with the funds that buyers have; its sales of before are in the reports.
INSERT INTO setting(tenant, key, value, at)
  SELECT d.tenant, 'ledger_after', CAST(max(d.seq) AS TEXT), coalesce(max(c.last_decided_at), 0)
  FROM decision d LEFT JOIN clock c USING (tenant) GROUP BY d.tenant;
INSERT INTO ledger_entry(tenant, at, account, date, kind, contract, source, count, debit, counters, said_by, reason)
  SELECT c.tenant, coalesce(k.last_decided_at, 0), 'funds:' || substr(c.key, 7, length(c.key) - 12),
    date(coalesce(k.last_decided_at, 0) / 1000, 'unixepoch'), 'deposit', '', '', 1, -c.used, '{}', 'leadwright',
    'carried over from before the ledger'
  FROM counter c LEFT JOIN clock k USING (tenant) WHERE c.key LIKE 'buyer:%|funds' AND c.used <> 0;
INSERT INTO ledger_day(tenant, account, date, kind, contract, source, count, debit)
  SELECT tenant, account, date, kind, contract, source, count, debit FROM ledger_entry;
