-- +goose Up
-- Which waves belong together, where people may link their own answers to two of them. A wave that is compared with another one
-- takes over its study. The secret, sealed, keeps links of which the code leaked from being found in stored answers; the last copy
-- goes with the last wave of the study.
CREATE TABLE wave_studies (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  study     TEXT NOT NULL CHECK (study <> ''),                 -- random; everyone who answers sees it
  secret    BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, wave_id),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES wave_launches (tenant_id, wave_id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE wave_studies;
