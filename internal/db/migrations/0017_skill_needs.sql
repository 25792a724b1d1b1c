-- +goose Up
-- What functions ask of skills. Everything that holds is a fact: an answer to a rule, a level that somebody set, a circumstance of article 4, a role
-- of the organisation, the version of the framework. A fact is never changed: another with a higher number takes its place, and says what it
-- took the place of, so that one sees who changed what, and can put it back.

CREATE TABLE skill_need_heads (
  tenant_id TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  seq       BIGINT NOT NULL                                      -- of the last change
);

CREATE TABLE skill_need_changes (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  seq        BIGINT NOT NULL CHECK (seq > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('answers', 'taken', 'level', 'factors', 'role', 'proposal', 'import', 'framework', 'undo')),
  account_id TEXT NOT NULL,                                      -- who made it; '' for somebody who was erased
  at         BIGINT NOT NULL,
  note       TEXT NOT NULL,
  undoes     BIGINT NOT NULL,                                    -- the change that this one put back; 0: none
  facts      BIGINT NOT NULL,                                    -- how many it wrote
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX skill_need_changes_undoes ON skill_need_changes (tenant_id, undoes) WHERE undoes > 0;
CREATE INDEX skill_need_changes_account ON skill_need_changes (tenant_id, account_id, seq);

CREATE TABLE skill_need_facts (
  tenant_id   TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('answer', 'level', 'factor', 'role', 'framework')),
  family      TEXT NOT NULL,
  function_id TEXT NOT NULL,
  unit_id     TEXT NOT NULL,
  role_id     TEXT NOT NULL,
  item        TEXT NOT NULL,                                     -- the rule, skill or circumstance
  seq         BIGINT NOT NULL,
  value       TEXT NOT NULL,                                     -- '' takes away
  note        TEXT NOT NULL,
  how         TEXT NOT NULL,
  was_value   TEXT NOT NULL,
  was_note    TEXT NOT NULL,
  was_how     TEXT NOT NULL,
  was_seq     BIGINT NOT NULL,                                   -- 0: there was nothing before
  PRIMARY KEY (tenant_id, kind, family, function_id, unit_id, role_id, item, seq),
  FOREIGN KEY (tenant_id, seq) REFERENCES skill_need_changes (tenant_id, seq) ON DELETE CASCADE
);
CREATE INDEX skill_need_facts_seq ON skill_need_facts (tenant_id, seq);
CREATE INDEX skill_need_facts_function ON skill_need_facts (tenant_id, function_id, seq) WHERE function_id <> '';
CREATE INDEX skill_need_facts_family ON skill_need_facts (tenant_id, family, seq) WHERE family <> '';

-- What managers propose for the functions of their team, until HR decides.
CREATE TABLE skill_need_proposals (
  tenant_id   TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id          TEXT NOT NULL,
  account_id  TEXT NOT NULL,                                     -- who proposes; '' for somebody who was erased
  at          BIGINT NOT NULL,
  function_id TEXT NOT NULL,
  wishes      TEXT NOT NULL,                                     -- JSON
  reason      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'withdrawn')),
  decided_by  TEXT NOT NULL DEFAULT '',
  decided_at  BIGINT NOT NULL DEFAULT 0,
  answer      TEXT NOT NULL DEFAULT '',                          -- what HR says to it
  seq         BIGINT NOT NULL DEFAULT 0,                         -- the change that it became
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX skill_need_proposals_state ON skill_need_proposals (tenant_id, state, id);
CREATE INDEX skill_need_proposals_account ON skill_need_proposals (tenant_id, account_id, id);

-- Sheets that were brought and not yet taken over.
CREATE TABLE skill_need_imports (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  account_id TEXT NOT NULL,
  at         BIGINT NOT NULL,
  file_name  TEXT NOT NULL,
  reason     TEXT NOT NULL,
  base_seq   BIGINT NOT NULL,                                    -- the last change when the sheet was compared
  staged     TEXT NOT NULL,                                      -- JSON; '' once it is decided
  state      TEXT NOT NULL CHECK (state IN ('staged', 'applied', 'dropped')),
  seq        BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);

-- The framework as the organisation adapts it.
CREATE TABLE skill_frameworks (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  number     BIGINT NOT NULL CHECK (number > 0),
  version    TEXT NOT NULL,
  base       TEXT NOT NULL,                                      -- version of the framework that it was made from
  digest     TEXT NOT NULL,                                      -- of that framework
  change     TEXT NOT NULL,                                      -- JSON: what is written otherwise
  framework  TEXT NOT NULL,                                      -- JSON: the whole
  note       TEXT NOT NULL,
  account_id TEXT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, number)
);

-- What HR is writing and has not published.
CREATE TABLE skill_framework_drafts (
  tenant_id  TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  change     TEXT NOT NULL,                                      -- JSON
  version    BIGINT NOT NULL,                                    -- how often it was kept
  account_id TEXT NOT NULL,
  at         BIGINT NOT NULL
);

-- +goose Down
DROP TABLE skill_framework_drafts;
DROP TABLE skill_frameworks;
DROP TABLE skill_need_imports;
DROP TABLE skill_need_proposals;
DROP TABLE skill_need_facts;
DROP TABLE skill_need_changes;
DROP TABLE skill_need_heads;
