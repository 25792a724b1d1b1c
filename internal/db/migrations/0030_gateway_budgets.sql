-- +goose Up
-- What was used and what is held back for calls that run, by whom it counts for and by day. A limit of a week or a month is a sum of days, so
-- that a limit counts from the start of its period, whenever it was set. There is no row a call that names somebody once the call has ended.
CREATE TABLE budget_days (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  counter      TEXT NOT NULL,                                    -- whom it counts for: person:ID, team:ID, key:ID, organisation:
  model_group  TEXT NOT NULL,                                    -- '' for all models together
  day          BIGINT NOT NULL,                                  -- days since 1970 on the calendar of the organisation; 0 for all earlier days
  held_euro    BIGINT NOT NULL,                                  -- nano-euro
  held_tokens  BIGINT NOT NULL,
  used_euro    BIGINT NOT NULL,                                  -- nano-euro, with what is estimated
  used_tokens  BIGINT NOT NULL,
  guess_euro   BIGINT NOT NULL,                                  -- the part of used that is an estimate
  guess_tokens BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, counter, model_group, day)
);

-- Calls that run, and for a while the names of those that ended, so that each ends once.
CREATE TABLE budget_calls (
  tenant_id   TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id          TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('held', 'settled', 'released', 'lapsed')),
  at          BIGINT NOT NULL,                                   -- held: when it lapses; otherwise when it ended
  day         BIGINT NOT NULL,
  counters    TEXT NOT NULL,                                     -- those it counts for, one a line; '' when it was settled or released
  model_group TEXT NOT NULL,
  euro        BIGINT NOT NULL,                                   -- the most that it may cost; 0 when it was settled or released
  tokens      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX budget_calls_at ON budget_calls (tenant_id, state, at);

-- +goose Down
DROP TABLE budget_calls;
DROP TABLE budget_days;
