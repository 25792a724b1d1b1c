-- +goose Up
-- How long an organisation keeps each kind of data, where it does not want the usual period.

CREATE TABLE retention (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  kind       TEXT NOT NULL,
  days       BIGINT NOT NULL CHECK (days >= 0),
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);

-- +goose Down
DROP TABLE retention;
