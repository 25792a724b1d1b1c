-- +goose Up
-- Interviews with people who do not use AI. Three tables that share no key but the round, so that nothing leads from a name to what somebody
-- said: who is asked, what was counted, and what was noted. Rows have random names and stand in their order; no time says when an interview was held.
CREATE TABLE skill_interview_rounds (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id        TEXT NOT NULL,
  title     TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL DEFAULT 0,                           -- 0: interviews are being held
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX skill_interview_rounds_open ON skill_interview_rounds (tenant_id) WHERE closed_at = 0;

-- Who is asked in the round that is open. It is emptied when the round closes.
CREATE TABLE skill_interview_invitations (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id        TEXT NOT NULL,
  name      TEXT NOT NULL,
  contact   TEXT NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('planned', 'asked', 'yes', 'no')),
  asked_on  BIGINT NOT NULL,                                     -- start of the day on which the row was made
  PRIMARY KEY (tenant_id, id)
);

-- What of an interview is counted.
CREATE TABLE skill_interview_codes (
  tenant_id TEXT NOT NULL,
  id        TEXT NOT NULL,                                       -- random
  round_id  TEXT NOT NULL,
  month     BIGINT NOT NULL,                                     -- in which the round was opened: its first moment
  consent   TEXT NOT NULL,                                       -- version of the text that the person agreed to
  language  TEXT NOT NULL,
  work      TEXT NOT NULL CHECK (work IN ('office', 'field', '')),
  family    TEXT NOT NULL,                                       -- a group of departments with at least k people, or ''
  reasons   TEXT NOT NULL,                                       -- ids between spaces, sorted
  tag       TEXT NOT NULL UNIQUE,                                -- follows from the code that the person keeps
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, round_id) REFERENCES skill_interview_rounds (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX skill_interview_codes_round ON skill_interview_codes (tenant_id, round_id);
CREATE INDEX skill_interview_codes_month ON skill_interview_codes (tenant_id, month);

-- What was noted, each answer loose from the others.
CREATE TABLE skill_interview_notes (
  tenant_id TEXT NOT NULL,
  id        TEXT NOT NULL,                                       -- random
  round_id  TEXT NOT NULL,
  month     BIGINT NOT NULL,
  question  TEXT NOT NULL,                                       -- a question of the guide, a reason, or 'quote'
  reason    TEXT NOT NULL,                                       -- of a quote
  text      TEXT NOT NULL,
  tag       TEXT NOT NULL UNIQUE,                                -- another one for each note; only the code leads from one to the next
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, round_id) REFERENCES skill_interview_rounds (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX skill_interview_notes_round ON skill_interview_notes (tenant_id, round_id, question);
CREATE INDEX skill_interview_notes_month ON skill_interview_notes (tenant_id, month);

-- +goose Down
DROP TABLE skill_interview_notes;
DROP TABLE skill_interview_codes;
DROP TABLE skill_interview_invitations;
DROP TABLE skill_interview_rounds;
