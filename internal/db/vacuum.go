package db

import (
	"context"
	"fmt"
)

// Vacuum has PostgreSQL make room of rows of tables that were deleted or replaced, so that these are no longer on disk but in its own
// write-ahead log and in backups. Rows that a transaction of somebody may still see stay, and go with a later one. On SQLite, which overwrites what is
// deleted, it empties the write-ahead log (Checkpoint).
func (d *DB) Vacuum(ctx context.Context, tables ...string) error {
	if d.Engine != PostgreSQL {
		return d.Checkpoint(ctx)
	}
	for _, name := range tables {
		if _, err := exec(ctx, d.write, `VACUUM `+quoted(name), nil); err != nil {
			return fmt.Errorf("make room in table %s: %w", name, err)
		}
	}
	return nil
}
