package db

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// vaultsVersion is the migration after which the rows of what belongs to one person alone stand by their name, which is random, and have no
// number by which they came in (on SQLite; see answersVersion). On PostgreSQL it keeps what is sealed as it is: nothing of it
// can be compressed.
const vaultsVersion = 24

const (
	vaultsTable = `CREATE TABLE skill_vaults_new (
  tenant_id TEXT NOT NULL REFERENCES organisations (tenant_id) ON DELETE CASCADE,
  name      TEXT NOT NULL,
  sealed    BYTEA NOT NULL,
  version   BIGINT NOT NULL,
  used_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, name)
)`
	vaultsCopy = `INSERT INTO skill_vaults_new (tenant_id, name, sealed, version, used_at)
SELECT tenant_id, name, sealed, version, used_at FROM skill_vaults ORDER BY tenant_id, name`
)

// vaultsMigration makes the table anew, with the rows in the order of their names.
func vaultsMigration(engine Engine) *goose.Migration {
	run := func(options, storage string) *goose.GoFunc {
		return &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			statements := []string{vaultsTable, vaultsCopy, "DROP TABLE skill_vaults", "ALTER TABLE skill_vaults_new RENAME TO skill_vaults",
				"CREATE INDEX skill_vaults_used ON skill_vaults (tenant_id, used_at)"}
			if engine == SQLite {
				statements[0] += options
			} else {
				statements = append(statements, "ALTER TABLE skill_vaults ALTER COLUMN sealed SET STORAGE "+storage)
			}
			for _, s := range statements {
				if _, err := tx.ExecContext(ctx, s); err != nil {
					return err
				}
			}
			return nil
		}}
	}
	return goose.NewGoMigration(vaultsVersion, run(" WITHOUT ROWID", "EXTERNAL"), run("", "EXTENDED"))
}
