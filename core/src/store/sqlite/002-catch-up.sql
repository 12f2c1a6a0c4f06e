-- What a member of a group missed while it was closed, where the group lets it make up for that.
ALTER TABLE turn ADD COLUMN owed INTEGER NOT NULL DEFAULT 0;
