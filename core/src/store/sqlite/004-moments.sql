-- What rolling caps count: for each moment with a sale the sum of all up to it, so that any span is a difference of two.
CREATE TABLE moment(
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  upto INTEGER NOT NULL,
  PRIMARY KEY(tenant, key, at)
) STRICT, WITHOUT ROWID;
