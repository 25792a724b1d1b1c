-- +goose Up
-- Organisations, the people who sign in, and how they do.

CREATE TABLE organisations (
  tenant_id   TEXT PRIMARY KEY CHECK (tenant_id <> ''),
  parent_id   TEXT REFERENCES organisations (tenant_id),       -- the federation that holds it
  slug        TEXT NOT NULL UNIQUE CHECK (slug <> ''),         -- in addresses before one has signed in
  host        TEXT UNIQUE,                                      -- the host name under which it is reached, if any
  name        TEXT NOT NULL CHECK (name <> ''),
  languages   TEXT NOT NULL CHECK (languages <> ''),           -- "nl,fr": the first is the default
  group_size  BIGINT NOT NULL CHECK (group_size >= 5),
  synthetic   BOOLEAN NOT NULL DEFAULT FALSE,
  settings    TEXT NOT NULL DEFAULT '{}',                       -- JSON
  theme       TEXT NOT NULL DEFAULT '{}',                       -- JSON: custom properties by scheme
  theme_hash  TEXT NOT NULL DEFAULT '',                         -- in the address of its style sheet; '' without one
  logo        BYTEA,                                            -- PNG
  logo_hash   TEXT NOT NULL DEFAULT '',                         -- in its address; '' without a logo
  version     BIGINT NOT NULL DEFAULT 1,
  created_at  BIGINT NOT NULL,
  CHECK (parent_id IS NULL OR parent_id <> tenant_id)
);
CREATE INDEX organisations_parent ON organisations (parent_id);

CREATE TABLE accounts (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  name         TEXT NOT NULL,
  mail         TEXT,                                            -- lower case
  staff_number TEXT,
  search       TEXT NOT NULL DEFAULT '',                        -- name, mail and number without capitals and accents
  language     TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('active', 'blocked', 'erased')),
  version      BIGINT NOT NULL DEFAULT 1,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX accounts_search ON accounts (tenant_id, search, id);
CREATE UNIQUE INDEX accounts_mail ON accounts (tenant_id, mail) WHERE mail IS NOT NULL;
CREATE UNIQUE INDEX accounts_staff_number ON accounts (tenant_id, staff_number) WHERE staff_number IS NOT NULL;

CREATE TABLE account_roles (
  tenant_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,
  role       TEXT NOT NULL,
  source     TEXT NOT NULL CHECK (source IN ('local', 'oidc')), -- who gave it: a person here, or a group at the provider
  PRIMARY KEY (tenant_id, account_id, role, source),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE passwords (
  tenant_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,
  hash       TEXT NOT NULL,                                     -- argon2id, PHC string
  set_at     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE totps (
  tenant_id    TEXT NOT NULL,
  account_id   TEXT NOT NULL,
  secret       BYTEA NOT NULL,                                  -- sealed with the key of the installation
  confirmed_at BIGINT NOT NULL DEFAULT 0,
  last_step    BIGINT NOT NULL DEFAULT 0,                       -- a code is accepted once
  PRIMARY KEY (tenant_id, account_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
  tenant_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,
  hash       TEXT NOT NULL,
  PRIMARY KEY (tenant_id, account_id, hash),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE pins (
  tenant_id   TEXT NOT NULL,
  account_id  TEXT NOT NULL,
  hash        TEXT NOT NULL,                                    -- argon2id over a keyed hash of the PIN
  must_change BOOLEAN NOT NULL DEFAULT TRUE,
  set_at      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

-- Failed attempts, by what was tried: an account and a method.
CREATE TABLE lockouts (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  subject      TEXT NOT NULL,
  failures     BIGINT NOT NULL,
  last_at      BIGINT NOT NULL,
  locked_until BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, subject)
);

CREATE TABLE passkeys (
  tenant_id  TEXT NOT NULL,
  id         TEXT NOT NULL,                                     -- credential id, base64url
  account_id TEXT NOT NULL,
  name       TEXT NOT NULL,
  credential TEXT NOT NULL,                                     -- JSON of the library
  created_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

-- The sign-in provider of an organisation (OpenID Connect).
CREATE TABLE providers (
  tenant_id  TEXT PRIMARY KEY REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  issuer     TEXT NOT NULL,
  client_id  TEXT NOT NULL,
  secret     BYTEA NOT NULL,                                    -- sealed
  settings   TEXT NOT NULL,                                     -- JSON: label, scopes, groups claim, groups to roles, who may be made
  enabled    BOOLEAN NOT NULL DEFAULT TRUE,
  changed_at BIGINT NOT NULL
);

CREATE TABLE subjects (
  tenant_id  TEXT NOT NULL,
  issuer     TEXT NOT NULL,
  subject    TEXT NOT NULL,
  account_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, issuer, subject),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE sessions (
  token_hash   TEXT PRIMARY KEY,                                -- SHA-256 of the cookie, hex
  id           TEXT NOT NULL UNIQUE,                            -- how its owner names it
  tenant_id    TEXT NOT NULL,
  account_id   TEXT NOT NULL,
  method       TEXT NOT NULL,                                   -- oidc, passkey, password, pin, link
  device       TEXT NOT NULL DEFAULT '',                        -- "Firefox, Android": for the owner to recognise it
  shared       BOOLEAN NOT NULL DEFAULT FALSE,                  -- on a device that others use
  provider     TEXT NOT NULL DEFAULT '',                        -- JSON: issuer, sid and id token, for signing out there
  created_at   BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,                                 -- when its owner last proved who they are
  seen_at      BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  idle_micros  BIGINT NOT NULL,
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_account ON sessions (tenant_id, account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Sign-ins half way: the state of OpenID Connect, the challenge of a passkey, a password that still wants its second factor.
CREATE TABLE flows (
  token_hash TEXT PRIMARY KEY,
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  kind       TEXT NOT NULL,
  data       TEXT NOT NULL,                                     -- JSON
  expires_at BIGINT NOT NULL
);
CREATE INDEX flows_expiry ON flows (expires_at);

-- Links that work once: the first administrator (of the first organisation when tenant_id is null), an invitation, a new
-- password.
CREATE TABLE links (
  token_hash TEXT PRIMARY KEY,
  tenant_id  TEXT REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  account_id TEXT,                                              -- null: the first administrator, who has none yet
  purpose    TEXT NOT NULL CHECK (purpose IN ('first-administrator', 'invitation', 'recovery')),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX links_account ON links (tenant_id, account_id);

CREATE TABLE api_keys (
  tenant_id  TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  name       TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  scopes     TEXT NOT NULL,                                     -- actions, separated by spaces
  account_id TEXT NOT NULL,                                     -- who made it: it can never do more than they
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX api_keys_account ON api_keys (tenant_id, account_id);

-- +goose Down
DROP TABLE api_keys;
DROP TABLE links;
DROP TABLE flows;
DROP TABLE sessions;
DROP TABLE subjects;
DROP TABLE providers;
DROP TABLE passkeys;
DROP TABLE lockouts;
DROP TABLE pins;
DROP TABLE recovery_codes;
DROP TABLE totps;
DROP TABLE passwords;
DROP TABLE account_roles;
DROP TABLE accounts;
DROP TABLE organisations;
