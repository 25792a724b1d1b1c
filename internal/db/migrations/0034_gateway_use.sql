-- +goose Up
-- What was used of models in a month. While a month runs, its key marks who did what; when it is closed, the key and the marks are gone and what everyone may
-- see stays, which is all that anybody can see (docs/decisions/0033).
CREATE TABLE use_months (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  month     TEXT NOT NULL,                                     -- 2026-11
  key       BYTEA NOT NULL,                                    -- sealed; empty once the month is closed
  figures   TEXT NOT NULL,                                     -- JSON of what is shown; '' while the month runs
  closed_at BIGINT NOT NULL,                                   -- 0 while the month runs
  PRIMARY KEY (tenant_id, month)
);

-- That somebody is in a set, such as who asked a model: one row however often, without any figure. Marks of one person in two sets cannot be told to be of one
-- person without the key of the month.
CREATE TABLE use_marks (
  tenant_id TEXT NOT NULL,
  month     TEXT NOT NULL,
  cell      TEXT NOT NULL,
  mark      BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, month, cell, mark),
  FOREIGN KEY (tenant_id, month) REFERENCES use_months (tenant_id, month) ON DELETE CASCADE
);

-- What the organisation used as a whole; gone when the month is closed.
CREATE TABLE use_amounts (
  tenant_id TEXT NOT NULL,
  month     TEXT NOT NULL,
  name      TEXT NOT NULL,
  amount    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, month, name),
  FOREIGN KEY (tenant_id, month) REFERENCES use_months (tenant_id, month) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE use_amounts;
DROP TABLE use_marks;
DROP TABLE use_months;
