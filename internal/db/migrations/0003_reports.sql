-- +goose Up
-- Answers that were uploaded, what was analysed from them, and who may see it.

CREATE TABLE report_sources (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,
  instrument TEXT NOT NULL,                                     -- the questionnaire, YAML
  instrument_id TEXT NOT NULL,
  instrument_version TEXT NOT NULL,
  mapping    TEXT NOT NULL DEFAULT '',                          -- YAML, or ''
  margins    TEXT NOT NULL DEFAULT '',                          -- CSV, or ''
  file_id    TEXT NOT NULL,
  respondents BIGINT NOT NULL,
  quality    TEXT NOT NULL DEFAULT '{}',                       -- JSON: what was read and not understood
  synthetic  BOOLEAN NOT NULL DEFAULT FALSE,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);

CREATE TABLE reports (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  source_id    TEXT,                                            -- null once the answers are gone
  title        TEXT NOT NULL,
  wave         TEXT NOT NULL,
  options      TEXT NOT NULL,                                   -- JSON: population, breakdowns, trim, group size
  state        TEXT NOT NULL CHECK (state IN ('making', 'ready', 'failed')),
  job_id       TEXT NOT NULL DEFAULT '',
  findings     TEXT,                                            -- file with the Findings, JSON, gzip
  respondents  BIGINT NOT NULL DEFAULT 0,
  synthetic    BOOLEAN NOT NULL DEFAULT FALSE,
  problem      TEXT NOT NULL DEFAULT '',
  published_at BIGINT NOT NULL DEFAULT 0,                       -- 0: not published to staff
  created_by   TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES report_sources (tenant_id, id),
  FOREIGN KEY (tenant_id, findings) REFERENCES files (tenant_id, id)
);
CREATE INDEX reports_source ON reports (tenant_id, source_id);

-- A link by which anyone may see a report until it is revoked or ends.
CREATE TABLE report_links (
  tenant_id  TEXT NOT NULL,
  id         TEXT NOT NULL,
  report_id  TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  note       TEXT NOT NULL DEFAULT '',                          -- for whom it is
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0,
  used       BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, report_id) REFERENCES reports (tenant_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE report_links;
DROP TABLE reports;
DROP TABLE report_sources;
