package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the store was written by a newer version of the program.
var ErrNewer = errors.New("the database belongs to a newer version of the program; start that version, or restore a backup made by this one")

// Migrate brings the store to the version of this program. Several programs may start at once: one migrates, the others
// wait. Going back to an older program is refused with ErrNewer.
func (d *DB) Migrate(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if have > want {
		return fmt.Errorf("%w (it is at version %d, this program knows %d)", ErrNewer, have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database from version %d to %d: %w; nothing of the failed step is kept", have, want, classify(err))
	}
	return nil
}

// Versions returns the version at which the store is, and the one that this program wants.
func (d *DB) Versions(ctx context.Context) (have, want int64, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, 0, err
	}
	return p.GetVersions(ctx)
}

func (d *DB) provider() (*goose.Provider, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	inGo := goose.WithGoMigrations(answersMigration(d.Engine), piecesMigration(d.Engine), vaultsMigration(d.Engine))
	if d.Engine == PostgreSQL {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectPostgres, d.write, steps, inGo, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(goose.DialectSQLite3, d.write, steps, inGo)
}
