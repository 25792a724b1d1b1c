package installation_test

import (
	"errors"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/installation"
	"tekentafel/internal/seal"
)

func newBox(t *testing.T) *seal.Box {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestInstallationHoldsOnToItsFirstKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ours, other := newBox(t), newBox(t)
		for range 2 {
			if err := installation.HoldKey(t.Context(), d, ours); err != nil {
				t.Fatal(err)
			}
		}
		err := installation.HoldKey(t.Context(), d, other)
		if !errors.Is(err, installation.ErrOtherKey) || !strings.Contains(err.Error(), ours.Fingerprint()) {
			t.Error(err)
		}
	})
}

func TestTimeOfTheLastBackupIsReadOrRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	if at, err := installation.BackedUp(t.Context(), d.System()); err != nil || !at.IsZero() {
		t.Error(at, err)
	}
	for _, c := range []struct {
		value string
		micro int64
		fails bool
	}{{"1700000000000000", 1700000000000000, false}, {"yesterday", 0, true}} {
		if err := d.System().Write(t.Context(), func(s *db.System) error { return installation.Set(t.Context(), s, installation.LastBackup, c.value) }); err != nil {
			t.Fatal(err)
		}
		at, err := installation.BackedUp(t.Context(), d.System())
		if (err != nil) != c.fails || (!c.fails && at.UnixMicro() != c.micro) {
			t.Errorf("%s: %v %v", c.value, at, err)
		}
	}
}
