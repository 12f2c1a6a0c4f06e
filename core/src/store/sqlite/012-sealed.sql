-- Where leads are encrypted: all of a decision that is about the person, under a key of its own that lies in another file.
-- `input` and `reads` are empty then, `body` is what is left without the lead, and the hash that stands for it is in front.
ALTER TABLE decision ADD COLUMN sealed BLOB;
-- Which file of keys belongs to this one; no row where leads are not encrypted.
CREATE TABLE sealing(
  store BLOB NOT NULL
) STRICT;
-- Keys of leads that were erased and that may still be in the other file.
CREATE TABLE key_gone(
  key INTEGER PRIMARY KEY
) STRICT;
