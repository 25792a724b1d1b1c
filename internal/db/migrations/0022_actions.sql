-- +goose Up
-- What an organisation does about what it found. The content of an action is JSON and holds no account; who answers for it and who changed it
-- stand in columns, which are emptied when somebody is erased. Each change keeps the whole as it was after it; none is ever overwritten.
CREATE TABLE actions (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version > 0),
  state      TEXT NOT NULL CHECK (state IN ('proposed', 'planned', 'running', 'done', 'stopped')),
  due_on     TEXT NOT NULL,                                      -- 2026-11-29; '' for no day
  owner_id   TEXT NOT NULL,                                      -- the account that answers for it; '' for none, and for somebody who was erased
  owner_role TEXT NOT NULL,                                      -- who answers for it, in words
  made_at    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  content    TEXT NOT NULL,                                      -- JSON
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX actions_owner ON actions (tenant_id, owner_id) WHERE owner_id <> '';

CREATE TABLE action_changes (
  tenant_id  TEXT NOT NULL,
  action_id  TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('made', 'taken', 'edited', 'moved', 'reached', 'supplied', 'reviewed', 'cleared', 'undone')),
  account_id TEXT NOT NULL,                                      -- who made it; '' for somebody who was erased
  at         BIGINT NOT NULL,
  owner_id   TEXT NOT NULL,
  owner_role TEXT NOT NULL,
  content    TEXT NOT NULL,                                      -- JSON, after the change
  PRIMARY KEY (tenant_id, action_id, version),
  FOREIGN KEY (tenant_id, action_id) REFERENCES actions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX action_changes_account ON action_changes (tenant_id, account_id) WHERE account_id <> '';

-- Proposals that were put aside: they do not come back for the same report.
CREATE TABLE action_asides (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  report_id  TEXT NOT NULL,
  proposal   TEXT NOT NULL,                                      -- its key
  reason     TEXT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who did; '' for somebody who was erased
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, report_id, proposal)
);

-- What people who answered are told about the actions. The key is the address of the page; it goes when the page is withdrawn.
CREATE TABLE action_told (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  report_id    TEXT NOT NULL,
  version      BIGINT NOT NULL CHECK (version > 0),
  key          TEXT UNIQUE,                                      -- NULL: not published
  published_at BIGINT NOT NULL,                                  -- 0: not published
  account_id   TEXT NOT NULL,                                    -- who changed it last; '' for somebody who was erased
  changed_at   BIGINT NOT NULL,
  content      TEXT NOT NULL,                                    -- JSON
  PRIMARY KEY (tenant_id, report_id)
);

-- +goose Down
DROP TABLE action_told;
DROP TABLE action_asides;
DROP TABLE action_changes;
DROP TABLE actions;
