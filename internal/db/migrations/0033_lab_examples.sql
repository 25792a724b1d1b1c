-- +goose Up
-- That a person did a challenge. The mark is a keyed hash of both: only the person's own pages find it again. Challenge and department stand
-- beside it until the month is over and is counted.
CREATE TABLE lab_challenge_marks (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  mark       TEXT NOT NULL,                                      -- in hexadecimal
  month      BIGINT NOT NULL,                                    -- its first moment, in microseconds
  challenge  TEXT NOT NULL,                                      -- '' once it was counted
  department TEXT NOT NULL,                                      -- '' once it was counted, or for none
  PRIMARY KEY (tenant_id, mark)
);
CREATE INDEX lab_challenge_marks_month ON lab_challenge_marks (tenant_id, month);

-- How many people did a challenge: told once it is enough people, and until then waiting for more. What is told is never changed.
CREATE TABLE lab_challenge_reach (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  challenge  TEXT NOT NULL,
  department TEXT NOT NULL,                                      -- '' for departments together, or none
  month      BIGINT NOT NULL,                                    -- told: the last that was counted; waiting: the first
  told       INTEGER NOT NULL CHECK (told IN (0, 1)),
  people     INTEGER NOT NULL CHECK (people > 0),
  PRIMARY KEY (tenant_id, challenge, department, month, told)
);

-- Examples of colleagues, as they stand now.
CREATE TABLE lab_examples (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  version    BIGINT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('offered', 'asked', 'refused', 'shown')),
  author_id  TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  content    TEXT NOT NULL,                                      -- JSON
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX lab_examples_state ON lab_examples (tenant_id, state, changed_at);
CREATE INDEX lab_examples_author ON lab_examples (tenant_id, author_id);

-- Each version of an example, and what was decided on it.
CREATE TABLE lab_example_changes (
  tenant_id  TEXT NOT NULL,
  example_id TEXT NOT NULL,
  version    BIGINT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('offered', 'changed', 'shown', 'asked', 'refused')),
  account_id TEXT NOT NULL,                                      -- who did; '' for somebody who was erased
  at         BIGINT NOT NULL,
  message    TEXT NOT NULL,                                      -- to the author, of who reviewed it
  content    TEXT NOT NULL,                                      -- JSON
  PRIMARY KEY (tenant_id, example_id, version),
  FOREIGN KEY (tenant_id, example_id) REFERENCES lab_examples (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX lab_example_changes_account ON lab_example_changes (tenant_id, account_id) WHERE account_id <> '';

-- +goose Down
DROP TABLE lab_example_changes;
DROP TABLE lab_examples;
DROP TABLE lab_challenge_reach;
DROP TABLE lab_challenge_marks;
