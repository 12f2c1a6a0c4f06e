-- A sale may fall, come about after all, and fall again; it comes back only once.
DROP INDEX ledger_entry_once;
CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry(tenant, key) WHERE kind = 'return';
