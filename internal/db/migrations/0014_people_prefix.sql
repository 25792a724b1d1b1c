-- +goose Up
-- Two payrolls may give one number to two people. What stands before the numbers of a source tells them apart.
ALTER TABLE people_sources ADD COLUMN prefix TEXT NOT NULL DEFAULT '';           -- before each staff number of its files, with a dash; '' for none
ALTER TABLE people_sources ADD COLUMN former_prefixes TEXT NOT NULL DEFAULT '[]'; -- JSON: those under which its people may stand, the newest last

-- +goose Down
ALTER TABLE people_sources DROP COLUMN former_prefixes;
ALTER TABLE people_sources DROP COLUMN prefix;
