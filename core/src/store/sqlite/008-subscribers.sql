-- Who reads the events, and up to which position. The fence grows with everybody who reads on under a name; `types` is
-- empty for all of them. One that was dropped has no position and keeps its
-- fence, so that whoever read under the name then is not taken for whoever does now.
CREATE TABLE subscriber(
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER,
  fence INTEGER NOT NULL,
  types TEXT NOT NULL,
  updated_at INTEGER,
  PRIMARY KEY(tenant, name)
) STRICT, WITHOUT ROWID;
