-- +goose Up
-- Conversations that somebody kept. Title and content are sealed for this person and this id, and padded, so that their length tells little.
CREATE TABLE lab_kept (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  account_id TEXT NOT NULL,                                      -- whose it is: nobody else opens it
  version    BIGINT NOT NULL CHECK (version > 0),                -- counts changes, so that two tabs do not overwrite each other
  until_on   TEXT NOT NULL,                                      -- 2027-01-15: the last day, on the calendar of the installation
  aged_at    BIGINT NOT NULL,                                    -- end of the day on which it was last kept or prolonged
  made_at    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  title      BYTEA NOT NULL,                                     -- sealed
  content    BYTEA NOT NULL,                                     -- sealed
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX lab_kept_account ON lab_kept (tenant_id, account_id, changed_at);
CREATE INDEX lab_kept_until ON lab_kept (tenant_id, until_on);

-- A branch of a conversation, as the people of the organisation may read it. It does not change.
CREATE TABLE lab_shared (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who shares it
  until_on   TEXT NOT NULL,
  aged_at    BIGINT NOT NULL,
  made_at    BIGINT NOT NULL,
  title      BYTEA NOT NULL,                                     -- sealed
  content    BYTEA NOT NULL,                                     -- sealed
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX lab_shared_account ON lab_shared (tenant_id, account_id, made_at);
CREATE INDEX lab_shared_until ON lab_shared (tenant_id, until_on);

-- +goose Down
DROP TABLE lab_shared;
DROP TABLE lab_kept;
