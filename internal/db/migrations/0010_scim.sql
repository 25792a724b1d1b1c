-- +goose Up
-- What the directory of an organisation says of its people and groups, by SCIM (RFC 7643).

CREATE TABLE scim_users (
  tenant_id   TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id          TEXT NOT NULL,
  external_id TEXT NOT NULL DEFAULT '',                          -- the name of the user there
  user_name   TEXT NOT NULL,                                     -- without capitals
  active      BOOLEAN NOT NULL,
  resource    TEXT NOT NULL,                                     -- JSON; '{}' once the user is deleted there
  words       TEXT NOT NULL DEFAULT '',                          -- its texts without capitals, to look through
  person_id   TEXT NOT NULL DEFAULT '',
  account_id  TEXT NOT NULL DEFAULT '',                          -- '' while there was never a reason to let them sign in
  version     BIGINT NOT NULL DEFAULT 1,
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL,
  deleted_at  BIGINT NOT NULL DEFAULT 0,                         -- 0 while the directory has the user
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX scim_users_name ON scim_users (tenant_id, user_name) WHERE deleted_at = 0;
CREATE UNIQUE INDEX scim_users_external ON scim_users (tenant_id, external_id) WHERE deleted_at = 0 AND external_id <> '';
-- Those who are out are looked for too.
CREATE INDEX scim_users_by_name ON scim_users (tenant_id, user_name);
CREATE INDEX scim_users_by_external ON scim_users (tenant_id, external_id);
CREATE INDEX scim_users_account ON scim_users (tenant_id, account_id) WHERE account_id <> '';

CREATE TABLE scim_groups (
  tenant_id    TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  external_id  TEXT NOT NULL DEFAULT '',
  display_name TEXT NOT NULL,
  display_key  TEXT NOT NULL,                                    -- without capitals
  version      BIGINT NOT NULL DEFAULT 1,
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX scim_groups_name ON scim_groups (tenant_id, display_key);
CREATE UNIQUE INDEX scim_groups_external ON scim_groups (tenant_id, external_id) WHERE external_id <> '';

CREATE TABLE scim_members (
  tenant_id TEXT NOT NULL,
  group_id  TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  PRIMARY KEY (tenant_id, group_id, user_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES scim_groups (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES scim_users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX scim_members_user ON scim_members (tenant_id, user_id);

-- Which roles the members of a group play here. The administrator fills it; a group without a row gives no role.
CREATE TABLE scim_group_roles (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  matches   TEXT NOT NULL CHECK (matches IN ('displayName', 'externalId')),
  value     TEXT NOT NULL CHECK (value <> ''),                   -- of the group; a displayName without capitals
  shown     TEXT NOT NULL,                                       -- as it was typed
  role      TEXT NOT NULL CHECK (role <> ''),
  PRIMARY KEY (tenant_id, matches, value, role)
);

-- +goose Down
DROP TABLE scim_group_roles;
DROP TABLE scim_members;
DROP TABLE scim_groups;
DROP TABLE scim_users;
