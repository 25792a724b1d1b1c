package db

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// piecesVersion is the migration that lets PostgreSQL keep the pieces of files as they are. It would try to compress each, which for
// pieces of 256 kB takes longer than to write them; most files are compressed already. SQLite compresses nothing.
const piecesVersion = 13

func piecesMigration(engine Engine) *goose.Migration {
	storage := func(how string) *goose.GoFunc {
		return &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			if engine != PostgreSQL {
				return nil
			}
			_, err := tx.ExecContext(ctx, "ALTER TABLE file_pieces ALTER COLUMN bytes SET STORAGE "+how)
			return err
		}}
	}
	return goose.NewGoMigration(piecesVersion, storage("EXTERNAL"), storage("EXTENDED"))
}
