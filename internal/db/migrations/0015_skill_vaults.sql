-- +goose Up
-- What belongs to one person alone, such as a profile of skills: sealed under a key that follows from a code which the person keeps, under a name
-- that follows from the same code. Nothing says whose it is.
CREATE TABLE skill_vaults (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  name      TEXT NOT NULL,
  sealed    BYTEA NOT NULL,                                      -- of one of three lengths
  version   BIGINT NOT NULL,
  used_at   BIGINT NOT NULL,                                     -- start of the month in which it was last opened
  PRIMARY KEY (tenant_id, name)
);
CREATE INDEX skill_vaults_used ON skill_vaults (tenant_id, used_at);

-- +goose Down
DROP TABLE skill_vaults;
