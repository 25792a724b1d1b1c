-- +goose Up
-- The organisation and its people, with all versions that may still be asked for or put back.
--
-- A row of people_units, people_functions, people_staff or people_posts holds for the revisions from since up to and not
-- including until; 9223372036854775807 stands for no end. What stands now are the rows with since <= current < until. The rows of a
-- revision are written under the number after current, where nobody sees them, and appear when current moves.
-- These four have no foreign key: it would be checked a million times for one import.

CREATE TABLE people_heads (
  tenant_id   TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  current     BIGINT NOT NULL DEFAULT 0,                         -- the revision that stands; 0 before the first
  oldest      BIGINT NOT NULL DEFAULT 1,                         -- the oldest revision that can be undone; versions that ended before it are gone
  pending     BIGINT NOT NULL DEFAULT 0,                         -- the revision that is being written; 0: none
  owner       TEXT NOT NULL DEFAULT '',                          -- who writes it
  lease_until BIGINT NOT NULL DEFAULT 0,                         -- when its writer counts as dead
  CHECK (pending = 0 OR pending = current + 1)
);

CREATE TABLE people_revisions (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  seq        BIGINT NOT NULL CHECK (seq > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('import', 'edit', 'merge', 'scim', 'undo')),
  import_id  TEXT NOT NULL DEFAULT '',
  account_id TEXT NOT NULL DEFAULT '',                           -- who made it; '' for the program itself
  at         BIGINT NOT NULL,
  note       TEXT NOT NULL DEFAULT '{}',                         -- JSON
  put        BIGINT NOT NULL DEFAULT 0,                          -- rows that it wrote
  ended      BIGINT NOT NULL DEFAULT 0,                          -- rows that it ended without another in their place
  undone_by  BIGINT NOT NULL DEFAULT 0,                          -- the revision that put back what this one changed; 0: it counts
  undoes     BIGINT NOT NULL DEFAULT 0,                          -- the revision that this one put back; 0: none
  PRIMARY KEY (tenant_id, seq)
);

CREATE TABLE people_units (
  tenant_id TEXT NOT NULL,
  id        TEXT NOT NULL,
  since     BIGINT NOT NULL,
  until     BIGINT NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  kind      TEXT NOT NULL,
  head_id   TEXT NOT NULL,
  from_day  BIGINT NOT NULL,                                     -- 20261129; 0: open
  to_day    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, since)
);
CREATE INDEX people_units_parent ON people_units (tenant_id, parent_id);
CREATE INDEX people_units_head ON people_units (tenant_id, head_id) WHERE head_id <> '';
CREATE INDEX people_units_since ON people_units (tenant_id, since);
CREATE INDEX people_units_until ON people_units (tenant_id, until) WHERE until < 9223372036854775807;

CREATE TABLE people_functions (
  tenant_id TEXT NOT NULL,
  id        TEXT NOT NULL,
  since     BIGINT NOT NULL,
  until     BIGINT NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  family    TEXT NOT NULL,
  level     TEXT NOT NULL,
  work      TEXT NOT NULL,
  isco      TEXT NOT NULL,
  from_day  BIGINT NOT NULL,
  to_day    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, since)
);
CREATE INDEX people_functions_since ON people_functions (tenant_id, since);
CREATE INDEX people_functions_until ON people_functions (tenant_id, until) WHERE until < 9223372036854775807;

CREATE TABLE people_staff (
  tenant_id  TEXT NOT NULL,
  id         TEXT NOT NULL,
  since      BIGINT NOT NULL,
  until      BIGINT NOT NULL,
  number     TEXT NOT NULL,
  given      TEXT NOT NULL,
  family     TEXT NOT NULL,
  mail       TEXT NOT NULL,
  language   TEXT NOT NULL,
  birth_year BIGINT NOT NULL,
  is_out     BOOLEAN NOT NULL,
  manager_id TEXT NOT NULL,
  site       TEXT NOT NULL,
  shift      TEXT NOT NULL,
  hidden     TEXT NOT NULL,                                      -- keyed hash of a national number
  sources    TEXT NOT NULL,                                      -- ids of the complete sources that name this person, with commas between
  from_day   BIGINT NOT NULL,
  to_day     BIGINT NOT NULL,
  search     TEXT NOT NULL,                                      -- " peeters jan 12 jan@stad.be": family name, first name, number, mail without capitals and accents
  PRIMARY KEY (tenant_id, id, since)
);
CREATE INDEX people_staff_search ON people_staff (tenant_id, search, id);
CREATE INDEX people_staff_number ON people_staff (tenant_id, number) WHERE number <> '';
CREATE INDEX people_staff_mail ON people_staff (tenant_id, mail) WHERE mail <> '';
CREATE INDEX people_staff_manager ON people_staff (tenant_id, manager_id) WHERE manager_id <> '';
CREATE INDEX people_staff_since ON people_staff (tenant_id, since);
CREATE INDEX people_staff_until ON people_staff (tenant_id, until) WHERE until < 9223372036854775807;

CREATE TABLE people_posts (
  tenant_id   TEXT NOT NULL,
  id          TEXT NOT NULL,
  since       BIGINT NOT NULL,
  until       BIGINT NOT NULL,
  person_id   TEXT NOT NULL,
  unit_id     TEXT NOT NULL,
  function_id TEXT NOT NULL,
  fte         BIGINT NOT NULL,                                   -- thousandths of full time; -1 unknown
  statute     TEXT NOT NULL,
  main        BOOLEAN NOT NULL,
  from_day    BIGINT NOT NULL,
  to_day      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id, since)
);
CREATE INDEX people_posts_person ON people_posts (tenant_id, person_id);
CREATE INDEX people_posts_unit ON people_posts (tenant_id, unit_id);
CREATE INDEX people_posts_function ON people_posts (tenant_id, function_id);
CREATE INDEX people_posts_since ON people_posts (tenant_id, since);
CREATE INDEX people_posts_until ON people_posts (tenant_id, until) WHERE until < 9223372036854775807;

-- Where personnel data comes from, and how its files are read.
CREATE TABLE people_sources (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL CHECK (name <> ''),
  mapping    TEXT NOT NULL DEFAULT '',                           -- JSON; '' before the first import
  key        TEXT NOT NULL CHECK (key IN ('number', 'mail', 'national')), -- by what people are recognised
  complete   BOOLEAN NOT NULL,                                   -- who is not in a file is gone
  folder     TEXT NOT NULL DEFAULT '',                           -- where files come by themselves; ''
  limits     TEXT NOT NULL DEFAULT '{}',                         -- JSON: how much loss stops an import
  signature  TEXT NOT NULL DEFAULT '',                           -- of the headings of the last file
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);

CREATE TABLE people_imports (
  tenant_id   TEXT NOT NULL,
  id          TEXT NOT NULL,                                     -- sorts by time
  source_id   TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('received', 'previewed', 'applying', 'applied', 'undone', 'refused', 'failed')),
  file_id     TEXT,                                              -- the cleaned table; null once it is not needed
  file_name   TEXT NOT NULL,                                     -- as its sender calls it
  notes       TEXT NOT NULL DEFAULT '[]',                        -- JSON: what was decided while it was read
  counts      TEXT NOT NULL DEFAULT '{}',                        -- JSON
  preview     TEXT NOT NULL DEFAULT '',                          -- JSON; '' before there is one and once it is not needed
  revision    BIGINT NOT NULL DEFAULT 0,                         -- in which it was applied; 0: not
  account_id  TEXT NOT NULL DEFAULT '',                          -- who brought it; '' for a folder
  created_at  BIGINT NOT NULL,
  finished_at BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, source_id) REFERENCES people_sources (tenant_id, id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id)
);
CREATE INDEX people_imports_source ON people_imports (tenant_id, source_id, id);
CREATE INDEX people_imports_file ON people_imports (tenant_id, file_id) WHERE file_id IS NOT NULL;

-- What a person decided on two titles or two people that may be the same.
CREATE TABLE people_decisions (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,                                      -- sorts by time
  kind       TEXT NOT NULL CHECK (kind IN ('title', 'person', 'unit')),
  a          TEXT NOT NULL,                                      -- the two in their normal form, the smaller first
  b          TEXT NOT NULL,
  verdict    TEXT NOT NULL CHECK (verdict IN ('same', 'different')),
  into_key   TEXT NOT NULL DEFAULT '',                           -- which of the two stays
  account_id TEXT NOT NULL,
  at         BIGINT NOT NULL,
  undone_at  BIGINT NOT NULL DEFAULT 0,                          -- 0: it counts
  PRIMARY KEY (tenant_id, id),
  CHECK (a < b)
);
CREATE UNIQUE INDEX people_decisions_pair ON people_decisions (tenant_id, kind, a, b) WHERE undone_at = 0;

-- How good the data was at each revision that was checked.
CREATE TABLE people_quality (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  revision  BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  result    TEXT NOT NULL,                                       -- JSON
  PRIMARY KEY (tenant_id, revision)
);

-- Who looked at whose data. The person sees it.
CREATE TABLE people_reads (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  person_id  TEXT NOT NULL,
  at         BIGINT NOT NULL,
  account_id TEXT NOT NULL,
  role       TEXT NOT NULL,
  what       TEXT NOT NULL,                                      -- which data
  purpose    TEXT NOT NULL,
  PRIMARY KEY (tenant_id, person_id, at, account_id, what)
);
CREATE INDEX people_reads_age ON people_reads (tenant_id, at);
CREATE INDEX people_reads_account ON people_reads (tenant_id, account_id);

-- +goose Down
DROP TABLE people_reads;
DROP TABLE people_quality;
DROP TABLE people_decisions;
DROP TABLE people_imports;
DROP TABLE people_sources;
DROP TABLE people_posts;
DROP TABLE people_staff;
DROP TABLE people_functions;
DROP TABLE people_units;
DROP TABLE people_revisions;
DROP TABLE people_heads;
