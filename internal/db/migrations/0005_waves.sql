-- +goose Up
-- Waves: what is asked, of whom, how the answers are kept apart from the people, and what came in.
--
-- What stands in the way of linking an answer to a person: wave_people notes that somebody took part and not when;
-- wave_answers (0006) holds no time, no person and no order, only sealed answers of one length under a random key. The two
-- have no column in common.

CREATE TABLE waves (
  tenant_id       TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id              TEXT NOT NULL,
  code            TEXT NOT NULL UNIQUE,                          -- in the address that people open: 8 letters and digits
  title           TEXT NOT NULL CHECK (title <> ''),
  state           TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'open', 'closed', 'published')),
  mode            TEXT NOT NULL CHECK (mode IN ('anonymous', 'confidential', 'open')),
  recipe          TEXT NOT NULL,                                 -- JSON: how the questionnaire is put together
  instrument_hash TEXT NOT NULL DEFAULT '',                      -- SHA-256 of wave_questionnaires.yaml; '' before the launch
  group_size      BIGINT NOT NULL CHECK (group_size >= 5),
  retention_days  BIGINT NOT NULL CHECK (retention_days >= 0),   -- how long the answers stay after the wave is closed
  linked          BOOLEAN NOT NULL DEFAULT FALSE,                -- people may add a secret of their own that links waves
  languages       TEXT NOT NULL CHECK (languages <> ''),         -- "nl,fr": the first is the default
  opens_at        BIGINT NOT NULL DEFAULT 0,                     -- 0: not decided
  closes_at       BIGINT NOT NULL DEFAULT 0,
  settings        TEXT NOT NULL DEFAULT '{}',                    -- JSON: reminders, contact, own words of the invitation
  previous_id     TEXT NOT NULL DEFAULT '',                      -- the wave to compare with
  secret          BYTEA NOT NULL,                                -- sealed: PINs follow from it
  source_id       TEXT NOT NULL DEFAULT '',                      -- the answers in the feature of reports, once closed
  report_id       TEXT NOT NULL DEFAULT '',
  created_by      TEXT NOT NULL,
  created_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, id, mode, instrument_hash, group_size, retention_days, linked)
);

-- The launch locks the terms. The two rows name each other's terms: neither can change while the other is there, whoever
-- writes the SQL; and the launch cannot go while ballots or answers are there.
CREATE TABLE wave_launches (
  tenant_id       TEXT NOT NULL,
  wave_id         TEXT NOT NULL,
  mode            TEXT NOT NULL,
  instrument_hash TEXT NOT NULL CHECK (instrument_hash <> ''),
  group_size      BIGINT NOT NULL,
  retention_days  BIGINT NOT NULL,
  linked          BOOLEAN NOT NULL,
  people          BIGINT NOT NULL,                               -- in the frame; 0 for an open link
  launched_at     BIGINT NOT NULL,
  answers_key     BYTEA,                                         -- sealed: opens the answers; null once the wave is closed
  PRIMARY KEY (tenant_id, wave_id),
  FOREIGN KEY (tenant_id, wave_id, mode, instrument_hash, group_size, retention_days, linked)
    REFERENCES waves (tenant_id, id, mode, instrument_hash, group_size, retention_days, linked)
);

-- The questionnaire as it is asked: one text, in all languages.
CREATE TABLE wave_questionnaires (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  yaml      TEXT NOT NULL,
  PRIMARY KEY (tenant_id, wave_id),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES waves (tenant_id, id) ON DELETE CASCADE
);

-- The keys under which ballots are signed: one for a wave, or one for each stratum.
CREATE TABLE wave_keys (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  stratum   TEXT NOT NULL,                                       -- '' where a wave has one key
  public    BYTEA NOT NULL,                                      -- SubjectPublicKeyInfo
  private   BYTEA,                                               -- sealed PKCS #8; null once the wave is closed
  people    BIGINT NOT NULL CHECK (people > 0),                  -- in this stratum of the frame
  PRIMARY KEY (tenant_id, wave_id, stratum),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES wave_launches (tenant_id, wave_id)
);

-- The frame: who may take part. Ids are random, so that their order says nothing.
CREATE TABLE wave_people (
  tenant_id  TEXT NOT NULL,
  wave_id    TEXT NOT NULL,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL DEFAULT '',                           -- '' once the wave is closed, as the three below
  mail       TEXT NOT NULL DEFAULT '',
  reference  TEXT NOT NULL DEFAULT '',                           -- staff number
  account_id TEXT NOT NULL DEFAULT '',                           -- who may come in signed in
  language   TEXT NOT NULL,
  groups     TEXT NOT NULL DEFAULT '{}',                         -- JSON: background variables of the frame
  stratum    TEXT NOT NULL DEFAULT '',
  pin_hash   TEXT NOT NULL,
  taken      BOOLEAN NOT NULL DEFAULT FALSE,                     -- drew a ballot, or handed in where the wave is confidential
  drawn      TEXT NOT NULL DEFAULT '',                           -- SHA-256 of the blinded message, so that a lost answer can be asked again
  invitation TEXT NOT NULL DEFAULT 'none' CHECK (invitation IN ('none', 'mailed', 'printed', 'bounced', 'refused')),
  mail_id    TEXT NOT NULL DEFAULT '',                           -- the last mail to this person
  PRIMARY KEY (tenant_id, wave_id, id),
  UNIQUE (tenant_id, wave_id, pin_hash),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES waves (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX wave_people_account ON wave_people (tenant_id, account_id) WHERE account_id <> '';
CREATE INDEX wave_people_mail ON wave_people (tenant_id, mail_id) WHERE mail_id <> '';

-- How many took part on each day, over everyone.
CREATE TABLE wave_days (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  day       TEXT NOT NULL,                                       -- 2026-11-29, where the organisation is
  taken     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, wave_id, day),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES waves (tenant_id, id) ON DELETE CASCADE
);

-- Answers under way of people whose browser runs no scripts; not in anonymous waves.
CREATE TABLE wave_drafts (
  tenant_id  TEXT NOT NULL,
  wave_id    TEXT NOT NULL,
  key        TEXT NOT NULL,                                      -- hash of the secret in the cookie
  sealed     BYTEA NOT NULL,
  updated_at BIGINT NOT NULL,                                    -- start of the day
  PRIMARY KEY (tenant_id, wave_id, key),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES wave_launches (tenant_id, wave_id) ON DELETE CASCADE
);

-- What people wrote in their own words, loose from all else they answered; there once the wave is closed.
CREATE TABLE wave_texts (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  item      TEXT NOT NULL,
  id        TEXT NOT NULL,                                       -- random
  text      TEXT NOT NULL,
  hidden    BOOLEAN NOT NULL DEFAULT FALSE,
  redacted  BOOLEAN NOT NULL DEFAULT FALSE,                      -- somebody took names out of it
  PRIMARY KEY (tenant_id, wave_id, item, id),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES waves (tenant_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE wave_texts;
DROP TABLE wave_drafts;
DROP TABLE wave_days;
DROP TABLE wave_people;
DROP TABLE wave_keys;
DROP TABLE wave_questionnaires;
DROP TABLE wave_launches;
DROP TABLE waves;
