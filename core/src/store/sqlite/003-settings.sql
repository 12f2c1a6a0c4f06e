-- What holds until it is changed, as JSON under a name: what operations say, and who took a consent back (by a hash).
CREATE TABLE setting(
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY(tenant, key)
) STRICT, WITHOUT ROWID;

-- What an event is about where that is no decision; source and lead are then empty.
ALTER TABLE event ADD COLUMN about TEXT;
