-- +goose Up
-- What every feature stands on: who did what, work in the background, mail, files, and what was asked once.

CREATE TABLE audit_log (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id        TEXT NOT NULL,                                      -- sorts by time
  at        BIGINT NOT NULL,
  actor     TEXT NOT NULL,                                      -- person, key, system, visitor
  actor_id  TEXT NOT NULL,                                      -- account or key; '' for system and visitor
  action    TEXT NOT NULL,                                      -- "report.published"
  subject   TEXT NOT NULL,                                      -- id of what it was done to
  account   TEXT NOT NULL DEFAULT '',                           -- the account it is about, if any
  detail    TEXT NOT NULL DEFAULT '{}',                         -- JSON without personal data
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_account ON audit_log (tenant_id, account, id);
CREATE INDEX audit_log_actor ON audit_log (tenant_id, actor_id, id);

-- A change that is asked for twice with the same key is made once.
CREATE TABLE asked (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  key        TEXT NOT NULL,                                     -- of the form or request, with who asked
  digest     TEXT NOT NULL,                                     -- of what was asked
  result     TEXT NOT NULL,                                     -- JSON
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, key)
);
CREATE INDEX asked_age ON asked (created_at);

CREATE TABLE jobs (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id           TEXT NOT NULL PRIMARY KEY,                       -- sorts by time
  kind         TEXT NOT NULL,
  subject      TEXT NOT NULL DEFAULT '',                        -- what it works on
  args         TEXT NOT NULL,                                   -- JSON
  account_id   TEXT NOT NULL DEFAULT '',                        -- who asked for it
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  attempt      BIGINT NOT NULL DEFAULT 0,                       -- grows at each start; only the newest attempt may finish
  max_attempts BIGINT NOT NULL,
  run_at       BIGINT NOT NULL,                                 -- not before
  lease_until  BIGINT NOT NULL DEFAULT 0,                       -- while running: when it counts as abandoned
  stage        TEXT NOT NULL DEFAULT '',
  done         BIGINT NOT NULL DEFAULT 0,
  total        BIGINT NOT NULL DEFAULT 0,
  problem      TEXT NOT NULL DEFAULT '',                        -- JSON: what went wrong, for its owner
  created_at   BIGINT NOT NULL,
  started_at   BIGINT NOT NULL DEFAULT 0,
  finished_at  BIGINT NOT NULL DEFAULT 0,
  unique_key   TEXT                                             -- while waiting or running, one job with this key
);
CREATE INDEX jobs_tenant ON jobs (tenant_id, id);
CREATE INDEX jobs_subject ON jobs (tenant_id, subject);
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'waiting';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_unique ON jobs (tenant_id, kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running');

CREATE TABLE mails (
  tenant_id   TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id          TEXT NOT NULL,                                    -- also the left part of Message-ID
  kind        TEXT NOT NULL,                                    -- which template
  recipient   TEXT NOT NULL,                                    -- '' once the person is forgotten
  account_id  TEXT NOT NULL DEFAULT '',
  subject     TEXT NOT NULL,
  body        BYTEA NOT NULL,                                   -- sealed; emptied once it is sent
  forget      BOOLEAN NOT NULL DEFAULT FALSE,                   -- the recipient is emptied with the body
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'unsure')),
  attempts    BIGINT NOT NULL DEFAULT 0,                        -- grows at each claim; only the newest claim may record
  tries       BIGINT NOT NULL DEFAULT 0,                        -- claims since it was posted or last resent by a person
  run_at      BIGINT NOT NULL,
  until       BIGINT NOT NULL DEFAULT 0,                        -- of no use afterwards, such as when its link has ended; 0: never
  lease_until BIGINT NOT NULL DEFAULT 0,                        -- while sending: when its worker counts as dead
  handed_at   BIGINT NOT NULL DEFAULT 0,                        -- written before the first byte of the message goes out; 0: none has
  reason      TEXT NOT NULL DEFAULT '',                         -- why it stands as it does, a word of internal/mail
  reply       TEXT NOT NULL DEFAULT '',                         -- what the server last said
  created_at  BIGINT NOT NULL,
  finished_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mails_due ON mails (run_at) WHERE state = 'waiting';
CREATE INDEX mails_leased ON mails (lease_until) WHERE state = 'sending';
CREATE INDEX mails_account ON mails (tenant_id, account_id) WHERE account_id <> '';

-- Files, in pieces, so that a node needs no shared disk.
CREATE TABLE files (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,                                     -- as its owner calls it
  media_type TEXT NOT NULL,
  size       BIGINT NOT NULL,
  sha256     TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE file_pieces (
  tenant_id TEXT NOT NULL,
  file_id   TEXT NOT NULL,
  seq       BIGINT NOT NULL,
  bytes     BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, file_id, seq),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id) ON DELETE CASCADE
);

-- What belongs to the installation as a whole: the fingerprint of its key, the time of its last backup.
CREATE TABLE installation (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
DROP TABLE installation;
DROP TABLE file_pieces;
DROP TABLE files;
DROP TABLE mails;
DROP TABLE jobs;
DROP TABLE asked;
DROP TABLE audit_log;
