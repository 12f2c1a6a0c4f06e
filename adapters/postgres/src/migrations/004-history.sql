-- Leads of the past that another system had, in the order in which they were imported. `input` is empty once the lead was
-- erased; `sales` is absent where nobody told. One index and no more: millions come at once.
CREATE TABLE history(
  tenant text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  lead text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  input bytea NOT NULL,
  sales text,
  PRIMARY KEY(tenant, seq)
);

-- The last position of each tenant: it is not given anew when what is old goes.
CREATE TABLE history_end(
  tenant text COLLATE "C" PRIMARY KEY,
  seq bigint NOT NULL
);
