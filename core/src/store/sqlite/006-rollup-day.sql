-- The same sums by day: a report of months reads a row where `rollup` has up to 96.
CREATE TABLE rollup_day(
  tenant TEXT NOT NULL,
  date TEXT NOT NULL,
  source TEXT NOT NULL,
  contract TEXT NOT NULL,
  outcome TEXT NOT NULL,
  leads INTEGER NOT NULL,
  revenue INTEGER NOT NULL,
  payout INTEGER NOT NULL,
  PRIMARY KEY(tenant, date, source, contract, outcome)
) STRICT, WITHOUT ROWID;
INSERT INTO rollup_day
  SELECT tenant, date, source, contract, outcome, sum(leads), sum(revenue), sum(payout)
  FROM rollup GROUP BY tenant, date, source, contract, outcome;
