-- +goose Up
-- Links that bring people without an account to the check of their skills: one to scan from a poster, one for a device that many people use.
-- A link that is withdrawn is gone.
CREATE TABLE skill_links (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  kind      TEXT NOT NULL CHECK (kind IN ('poster', 'kiosk')),
  key       TEXT NOT NULL UNIQUE,
  made_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);

-- +goose Down
DROP TABLE skill_links;
