-- +goose Up
-- What was shown of how many took part in a wave that runs: counted once a day, in ranges of at least k numbers.
CREATE TABLE wave_releases (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  day       TEXT NOT NULL,              -- 2026-11-29, where the organisation is: counted when it began
  figures   TEXT NOT NULL,              -- JSON
  PRIMARY KEY (tenant_id, wave_id, day),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES waves (tenant_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE wave_releases;
