-- Once the lead of a decision is erased (`input` and `reads` are empty then, `body` is what is left): the hash that stands
-- for it in the digest. As long as the body is whole it can be computed, so rows of before need nothing.
ALTER TABLE decision ADD COLUMN inner BLOB;
