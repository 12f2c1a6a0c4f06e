-- Leads of the past that another system had, in the order in which they were imported. `input` is empty once the lead was
-- erased, and where leads are encrypted: then `sealed` has it. `sales` is absent where nobody told.
CREATE TABLE history(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  source TEXT NOT NULL,
  lead TEXT NOT NULL,
  at INTEGER NOT NULL,
  input BLOB NOT NULL,
  sales TEXT,
  sealed BLOB
) STRICT;
