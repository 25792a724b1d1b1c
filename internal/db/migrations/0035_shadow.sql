-- +goose Up
-- What remains of logs that were read: a week a row, with numbers of groups alone. No line, user, address, host or hash comes here. Whoever counted, and when, is the
-- count; what it has shown of each week stands in the weeks. A week that was shown keeps its row when what was shown is deleted: counted again, with a line more or less,
-- the two counts would give somebody away.
CREATE TABLE shadow_counts (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  at         BIGINT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who had it counted; '' for somebody who was erased
  content    TEXT NOT NULL,                                      -- JSON: formats, sizes, numbers of lines, weeks
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX shadow_counts_at ON shadow_counts (tenant_id, at);

CREATE TABLE shadow_weeks (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  week      TEXT NOT NULL,                                       -- 2026-W48
  count_id  TEXT NOT NULL,                                       -- '' when what was shown is deleted
  content   TEXT NOT NULL,                                       -- JSON; '' when what was shown is deleted
  PRIMARY KEY (tenant_id, week)
);
CREATE INDEX shadow_weeks_count ON shadow_weeks (tenant_id, count_id) WHERE count_id <> '';

-- What the organisation says about a service, and what it offers instead. Each version stays; the last one holds.
CREATE TABLE shadow_rules (
  tenant_id     TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  service_id    TEXT NOT NULL,
  version       BIGINT NOT NULL CHECK (version > 0),
  standing      TEXT NOT NULL CHECK (standing IN ('unknown', 'allowed', 'refused')),
  offer         TEXT NOT NULL,                                   -- '' for what the list says
  account_id    TEXT NOT NULL,                                   -- who wrote it; '' for somebody who was erased
  at            BIGINT NOT NULL,
  superseded_at BIGINT NOT NULL DEFAULT 0,                       -- 0: it holds
  PRIMARY KEY (tenant_id, service_id, version)
);

-- Services that the organisation adds to the list. Each version stays; the last one holds.
CREATE TABLE shadow_services (
  tenant_id     TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  service_id    TEXT NOT NULL,
  version       BIGINT NOT NULL CHECK (version > 0),
  content       TEXT NOT NULL,                                   -- JSON; '' when it was taken away
  account_id    TEXT NOT NULL,                                   -- who wrote it; '' for somebody who was erased
  at            BIGINT NOT NULL,
  superseded_at BIGINT NOT NULL DEFAULT 0,                       -- 0: it holds
  PRIMARY KEY (tenant_id, service_id, version)
);

-- That all staff see what those see who have to do with it. No row: they do not.
CREATE TABLE shadow_published (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,                                      -- who published it; '' for somebody who was erased
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id)
);

-- +goose Down
DROP TABLE shadow_published;
DROP TABLE shadow_services;
DROP TABLE shadow_rules;
DROP TABLE shadow_weeks;
DROP TABLE shadow_counts;
