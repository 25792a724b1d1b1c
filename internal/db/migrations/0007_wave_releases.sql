-- +goose Up
-- What was shown of how many took part in a wave that runs: at most once a day, and never so that two days beside each other
-- tell of fewer people than the smallest group.
CREATE TABLE wave_releases (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  day       TEXT NOT NULL,              -- 2026-11-29, where the organisation is: the day that began when it was counted
  figures   TEXT NOT NULL DEFAULT '',   -- JSON; '' on a day with nothing new to show
  PRIMARY KEY (tenant_id, wave_id, day),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES waves (tenant_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE wave_releases;
