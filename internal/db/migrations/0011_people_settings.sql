-- +goose Up
-- What an organisation chose for its personnel data.
CREATE TABLE people_settings (
  tenant_id TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  national  TEXT NOT NULL CHECK (national IN ('refuse', 'hash', 'keep')), -- what becomes of national numbers in a file
  basis     TEXT NOT NULL DEFAULT '',                             -- on what legal basis they are kept
  basis_by  TEXT NOT NULL DEFAULT '',                             -- the account that wrote it down
  basis_at  BIGINT NOT NULL DEFAULT 0,
  version   BIGINT NOT NULL DEFAULT 1,
  CHECK (national <> 'keep' OR basis <> '')
);

-- +goose Down
DROP TABLE people_settings;
