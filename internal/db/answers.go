package db

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// answersVersion is the migration that makes the table of answers. It is written in Go because it says something that the
// engines say differently: the rows stand in the order of their random key and have no number by which they came in. On
// SQLite that is a table without row ids; a table of PostgreSQL has none to begin with, and where it puts a row is undone
// when the wave is closed.
const answersVersion = 6

// answersTable holds sealed answers to a wave that is open. No column says who, when, where from or in which order.
const answersTable = `CREATE TABLE wave_answers (
  tenant_id TEXT NOT NULL,
  wave_id   TEXT NOT NULL,
  key       BYTEA NOT NULL,
  stratum   TEXT NOT NULL DEFAULT '',
  ballot    BYTEA NOT NULL,
  sealed    BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, wave_id, key),
  FOREIGN KEY (tenant_id, wave_id) REFERENCES wave_launches (tenant_id, wave_id)
)`

// answersMigration makes the table of answers.
func answersMigration(engine Engine) *goose.Migration {
	statement := answersTable
	if engine == SQLite {
		statement += " WITHOUT ROWID"
	}
	run := func(statement string) *goose.GoFunc {
		return &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}}
	}
	return goose.NewGoMigration(answersVersion, run(statement), run("DROP TABLE wave_answers"))
}
