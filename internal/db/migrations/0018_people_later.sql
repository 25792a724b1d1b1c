-- +goose Up
-- What somebody put off deciding: a proposal of titles or records that may be one stands behind the others for them.
CREATE TABLE people_later (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('title', 'person')),
  proposal   TEXT NOT NULL,                                      -- SHA-256, in hex, of the ids of its rows
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id, kind, proposal)
);

-- +goose Down
DROP TABLE people_later;
