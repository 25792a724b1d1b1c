package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"tekentafel/internal/config"
)

// lock makes sure that one server at a time uses a data folder with SQLite, whose jobs and files are its own. It returns how to let go.
func lock(place *config.Checked) (release func() error, err error) { return lockPlace(&place.Place) }

func lockPlace(place *config.Place) (release func() error, err error) {
	if place.PostgreSQL {
		return func() error { return nil }, nil
	}
	path := filepath.Join(place.Data, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w; check that the program may write there and that the disk is not full or read-only", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("another Tekentafel uses the data folder %s; stop it first, or give this one a folder of its own with --data (several nodes need PostgreSQL)", place.Data)
		}
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
