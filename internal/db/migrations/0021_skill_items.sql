-- +goose Up
-- What answers say of the items of the test. Parameters in use are those of the highest version; without one they are the guesses of experts.
CREATE TABLE skill_item_calibrations (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  at         BIGINT NOT NULL,
  account_id TEXT NOT NULL,                                      -- who asked for it; '' for somebody who was erased
  gifts      BOOLEAN NOT NULL,                                   -- answers that people gave were to count
  synthetic  BOOLEAN NOT NULL,                                   -- it rests on made-up answers
  base       BIGINT NOT NULL,                                    -- the version in use when it was computed; 0: the guesses
  items      BIGINT NOT NULL,                                    -- how many it calibrates
  result     TEXT NOT NULL,                                      -- JSON; nothing in it is of one person
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE skill_item_versions (
  tenant_id      TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  number         BIGINT NOT NULL CHECK (number > 0),
  at             BIGINT NOT NULL,
  account_id     TEXT NOT NULL,                                  -- who took it in use; '' for somebody who was erased
  note           TEXT NOT NULL,
  calibration_id TEXT NOT NULL,                                  -- that it was made from; '' for one that was put back
  puts_back      BIGINT NOT NULL,                                -- the version that it repeats, 0 being the guesses; -1: none
  synthetic      BOOLEAN NOT NULL,
  parameters     TEXT NOT NULL,                                  -- JSON: of each calibrated item
  PRIMARY KEY (tenant_id, number)
);

-- Answers that people gave after their own check, to improve the questions: of each which version of which item, and what the answer
-- counts. One row holds those of a whole organisation, sorted by what they are, so that no order of rows, no key and no page of the file tells
-- which came first.
CREATE TABLE skill_gifts (
  tenant_id TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  people    BIGINT NOT NULL,
  gifts     BYTEA NOT NULL
);

-- Gifts until there are enough to put them among the others together: sealed, of one length however many there are.
CREATE TABLE skill_gifts_waiting (
  tenant_id TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  sealed    BYTEA NOT NULL
);

-- +goose Down
DROP TABLE skill_gifts_waiting;
DROP TABLE skill_gifts;
DROP TABLE skill_item_versions;
DROP TABLE skill_item_calibrations;
