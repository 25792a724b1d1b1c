-- +goose Up
-- What lets programs in. A key belongs to a unit; its secret is shown once and kept as a hash. A key that was renewed has two secrets for a while.
CREATE TABLE gateway_keys (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,
  unit_id    TEXT NOT NULL,                                      -- '' for the organisation
  models     TEXT NOT NULL,                                      -- the only ones that it may ask for, one a line; '' for all that are offered
  account_id TEXT NOT NULL,                                      -- who made it; '' for somebody who was erased
  made_at    BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL,                                    -- from when it lets nobody in
  withdrawn  BOOLEAN NOT NULL,                                   -- it ended before its time
  used_on    BIGINT NOT NULL,                                    -- the last day, as days since 1970 on the calendar of the organisation; 0 for never
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE gateway_key_secrets (
  tenant_id TEXT NOT NULL,
  hash      TEXT NOT NULL,                                       -- SHA-256
  key_id    TEXT NOT NULL,
  ends_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, key_id) REFERENCES gateway_keys (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX gateway_key_secrets_hash ON gateway_key_secrets (hash);
CREATE INDEX gateway_key_secrets_key ON gateway_key_secrets (tenant_id, key_id);

-- Limits that the organisation sets. Each change adds a version; the highest of an id holds. None is ever overwritten.
CREATE TABLE gateway_limits (
  tenant_id   TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id          TEXT NOT NULL,
  version     BIGINT NOT NULL CHECK (version > 0),
  kind        TEXT NOT NULL CHECK (kind IN ('person', 'team', 'key', 'organisation')),
  subject     TEXT NOT NULL,                                     -- account, unit or key; '' for each of that kind, and for the organisation
  model_group TEXT NOT NULL,                                     -- '' for all models together
  period      TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'ever')),
  unit        TEXT NOT NULL CHECK (unit IN ('euro', 'tokens')),
  most        BIGINT NOT NULL,                                   -- nano-euro or tokens
  ask         TEXT NOT NULL,                                     -- who can raise it, in words
  holds       BOOLEAN NOT NULL,                                  -- false: this version takes the limit away
  reason      TEXT NOT NULL,
  account_id  TEXT NOT NULL,                                     -- who changed it; '' for somebody who was erased
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, version)
);

-- Limits that people set for themselves. Only they read them, and no history is kept.
CREATE TABLE gateway_own_limits (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,
  period     TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'ever')),
  unit       TEXT NOT NULL CHECK (unit IN ('euro', 'tokens')),
  most       BIGINT NOT NULL,                                    -- nano-euro or tokens
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id, period, unit)
);

-- Warnings that a limit is nearly reached, or reached: each once a period. The figure is not kept.
CREATE TABLE gateway_warnings (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  limit_id   TEXT NOT NULL,
  subject    TEXT NOT NULL,                                      -- unit or key, '' for a person and for the organisation
  account_id TEXT NOT NULL,                                      -- whose limit it is; '' for a team, a key and the organisation
  level      BIGINT NOT NULL CHECK (level IN (80, 100)),
  until      BIGINT NOT NULL,                                    -- when the limit starts anew; 0 for never
  kind       TEXT NOT NULL CHECK (kind IN ('person', 'team', 'key', 'organisation')),
  period     TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'ever')),
  own        BOOLEAN NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, limit_id, subject, account_id, level, until)
);
CREATE INDEX gateway_warnings_account ON gateway_warnings (tenant_id, account_id);

-- Warnings that somebody has seen.
CREATE TABLE gateway_warnings_seen (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,
  about      TEXT NOT NULL CHECK (about IN ('own', 'shared')),   -- shared: those of teams, keys and the organisation
  at         BIGINT NOT NULL,                                    -- those of before were seen
  PRIMARY KEY (tenant_id, account_id, about)
);

-- What the guard does with each type of sensitive data. The highest version holds.
CREATE TABLE gateway_policies (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  version    BIGINT NOT NULL CHECK (version > 0),
  content    TEXT NOT NULL,                                      -- JSON: type and action
  reason     TEXT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who changed it; '' for somebody who was erased
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, version)
);

-- What a person used by model in a month: sealed, and shown to them alone.
CREATE TABLE gateway_own_use (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,
  month      BIGINT NOT NULL,                                    -- 202611
  sealed     BYTEA NOT NULL,                                     -- JSON
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id, month)
);

-- +goose Down
DROP TABLE gateway_own_use;
DROP TABLE gateway_policies;
DROP TABLE gateway_warnings_seen;
DROP TABLE gateway_warnings;
DROP TABLE gateway_own_limits;
DROP TABLE gateway_limits;
DROP TABLE gateway_key_secrets;
DROP TABLE gateway_keys;
