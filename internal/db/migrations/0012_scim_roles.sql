-- +goose Up
-- The directory of an organisation gives roles too. A check cannot be changed on both engines, so the table is made anew; its rows
-- wait elsewhere meanwhile, so that its constraints keep their names.
CREATE TABLE account_roles_before AS SELECT tenant_id, account_id, role, source FROM account_roles;
DROP TABLE account_roles;
CREATE TABLE account_roles (
  tenant_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,
  role       TEXT NOT NULL,
  source     TEXT NOT NULL CHECK (source IN ('local', 'oidc', 'scim')), -- who gave it: a person here, a group at the sign-in provider, or one of the directory
  PRIMARY KEY (tenant_id, account_id, role, source),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
INSERT INTO account_roles (tenant_id, account_id, role, source) SELECT tenant_id, account_id, role, source FROM account_roles_before;
DROP TABLE account_roles_before;

-- +goose Down
CREATE TABLE account_roles_before AS SELECT tenant_id, account_id, role, source FROM account_roles WHERE source <> 'scim';
DROP TABLE account_roles;
CREATE TABLE account_roles (
  tenant_id  TEXT NOT NULL,
  account_id TEXT NOT NULL,
  role       TEXT NOT NULL,
  source     TEXT NOT NULL CHECK (source IN ('local', 'oidc')),
  PRIMARY KEY (tenant_id, account_id, role, source),
  FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
INSERT INTO account_roles (tenant_id, account_id, role, source) SELECT tenant_id, account_id, role, source FROM account_roles_before;
DROP TABLE account_roles_before;
