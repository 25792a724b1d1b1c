-- +goose Up
-- What a wave says of skills beside what functions ask, one row a report. The result that is shown stays until the next is there.
CREATE TABLE skill_gaps (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  report_id  TEXT NOT NULL,                                      -- of the report whose answers it is computed from
  state      TEXT NOT NULL CHECK (state IN ('making', 'ready', 'failed')),
  job_id     TEXT NOT NULL,
  file_id    TEXT,                                               -- the result, JSON, gzip; null before the first
  facts      TEXT NOT NULL DEFAULT '',                           -- JSON: what the result rests on
  problem    TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL DEFAULT '',                           -- who asked for it last; '' for the program
  made_at    BIGINT NOT NULL DEFAULT 0,                          -- of the result; 0 before the first
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, report_id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);

-- Which answer stands for which unit, function or family, once HR said so. It then holds for every computation from these answers: results
-- under two readings could be subtracted from each other.
CREATE TABLE skill_gap_readings (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  source_id TEXT NOT NULL,                                       -- of the answers
  reading   TEXT NOT NULL,                                       -- JSON
  PRIMARY KEY (tenant_id, source_id)
);

-- +goose Down
DROP TABLE skill_gap_readings;
DROP TABLE skill_gaps;
