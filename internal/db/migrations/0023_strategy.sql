-- +goose Up
-- The texts of the strategy. Each time that somebody keeps a text it is a version of its own; none is ever overwritten.
CREATE TABLE strategy_texts (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  chapter    TEXT NOT NULL,
  language   TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('written', 'restored', 'draft')), -- draft: back to the words of the product
  restored   BIGINT NOT NULL DEFAULT 0,                          -- the version that it was put back from; 0 for none
  text       TEXT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who kept it; '' for somebody who was erased
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, chapter, language, version)
);
CREATE INDEX strategy_texts_at ON strategy_texts (tenant_id, at);

-- The figures that were placed from a report, as it told them then. They stay when the report goes.
CREATE TABLE strategy_figures (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  number     BIGINT NOT NULL CHECK (number > 0),
  report_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who placed them; '' for somebody who was erased
  at         BIGINT NOT NULL,
  content    TEXT NOT NULL,                                      -- JSON
  PRIMARY KEY (tenant_id, number)
);

-- +goose Down
DROP TABLE strategy_figures;
DROP TABLE strategy_texts;
