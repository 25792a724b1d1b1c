// Package installation remembers what belongs to an installation as a whole and to no organisation: which key it works
// with, and when it was last backed up.
package installation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/seal"
)

// Names of what is remembered.
const (
	KeyFingerprint = "key_fingerprint" // seal.Box.Fingerprint of the key that the rows were sealed with
	LastBackup     = "last_backup"     // microseconds since 1970
)

// ErrOtherKey says that the rows were sealed with another key than the program was given.
var ErrOtherKey = errors.New("the key does not belong to this database")

// Get returns what is remembered under a name, and "" when nothing is.
func Get(ctx context.Context, s *db.System, name string) (value string, err error) {
	err = s.Row(ctx, `SELECT value FROM installation WHERE name = $1`, []any{name}, &value)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return value, err
}

// Set remembers a value under a name; s is a System inside its Write.
func Set(ctx context.Context, s *db.System, name, value string) error {
	_, err := s.Exec(ctx, `INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// HoldKey remembers the key at the first start, and afterwards returns ErrOtherKey when it is given another.
func HoldKey(ctx context.Context, d *db.DB, box *seal.Box) error {
	return d.System().Write(ctx, func(s *db.System) error {
		have, err := Get(ctx, s, KeyFingerprint)
		switch {
		case err != nil:
			return err
		case have == "":
			return Set(ctx, s, KeyFingerprint, box.Fingerprint())
		case have != box.Fingerprint():
			return fmt.Errorf("%w: it has the fingerprint %s, and this key %s; give the key that belongs to it", ErrOtherKey, have, box.Fingerprint())
		}
		return nil
	})
}

// BackedUp returns when the installation was last backed up; the zero time when it never was.
func BackedUp(ctx context.Context, s *db.System) (time.Time, error) {
	value, err := Get(ctx, s, LastBackup)
	if err != nil || value == "" {
		return time.Time{}, err
	}
	micros, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("the time of the last backup, %q, is no time: %w", value, err)
	}
	return clock.Time(micros), nil
}
