-- What was seen of the two sides of each step. No value of a lead stands in any table but `pair` and the columns of
-- `example`, and there only where the host asked for it.

CREATE TABLE migration(
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

-- The steps of each migration of the host.
CREATE TABLE step(
  id INTEGER PRIMARY KEY,
  migration TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE(migration, name)
) STRICT;

-- Counts by hour since 1970: verdicts, and what the wrappers count.
CREATE TABLE tally(
  step INTEGER NOT NULL REFERENCES step(id),
  hour INTEGER NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(step, hour, name)
) STRICT, WITHOUT ROWID;

-- The declared differences, as the rules had them last.
CREATE TABLE known(
  step INTEGER NOT NULL REFERENCES step(id),
  id TEXT NOT NULL,
  reason TEXT NOT NULL,
  owner TEXT NOT NULL,
  expires TEXT NOT NULL,
  PRIMARY KEY(step, id)
) STRICT, WITHOUT ROWID;

-- One class of differences at one place.
CREATE TABLE class(
  id INTEGER PRIMARY KEY,
  step INTEGER NOT NULL REFERENCES step(id),
  class TEXT NOT NULL,
  path TEXT NOT NULL,
  seen INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  UNIQUE(step, class, path)
) STRICT;

-- How often, by hour and by the known difference that it was ('' for none); money in 1/10,000.
CREATE TABLE difference(
  class INTEGER NOT NULL REFERENCES class(id) ON DELETE CASCADE,
  hour INTEGER NOT NULL,
  known TEXT NOT NULL,
  count INTEGER NOT NULL,
  money INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  PRIMARY KEY(class, hour, known)
) STRICT, WITHOUT ROWID;

-- Slot 0 is the first, 1 the smallest, from 2 on the last few in turn.
CREATE TABLE example(
  class INTEGER NOT NULL REFERENCES class(id) ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  at INTEGER NOT NULL,
  key TEXT,
  size INTEGER NOT NULL,
  legacy TEXT,
  candidate TEXT,
  pair INTEGER,
  PRIMARY KEY(class, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE latency(
  step INTEGER NOT NULL REFERENCES step(id),
  hour INTEGER NOT NULL,
  side TEXT NOT NULL,
  part INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(step, hour, side, part)
) STRICT, WITHOUT ROWID;

-- What both sides were asked and answered, as JSON: only where values are kept.
CREATE TABLE pair(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL REFERENCES step(id),
  at INTEGER NOT NULL,
  key TEXT NOT NULL,
  stage TEXT NOT NULL,
  verdict TEXT NOT NULL,
  input TEXT,
  legacy TEXT NOT NULL,
  candidate TEXT
) STRICT;

CREATE INDEX pair_by_time ON pair(at);
CREATE INDEX pair_by_key ON pair(key);
