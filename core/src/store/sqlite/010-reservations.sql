-- Room that somebody beside us took from our limits. `took` says from which counters, and how much, as JSON.
CREATE TABLE reservation(
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  contract TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('held', 'confirmed', 'released')),
  at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  asked TEXT NOT NULL,
  took TEXT NOT NULL,
  sold_by TEXT,
  PRIMARY KEY(tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_held ON reservation(tenant, until, key) WHERE state = 'held';
