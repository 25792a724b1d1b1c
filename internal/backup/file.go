package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/installation"
	"tekentafel/internal/seal"
)

// ErrNotWritten says that the file of a backup could not be written; nothing stands under its name.
var ErrNotWritten = errors.New("the backup could not be written")

// ToFile writes a backup to a new file that its owner alone may read, and remembers in the store that it was made. The file
// gets its name when it is whole and on the disk; until then it stands beside it as .NAME.partial-*.
func ToFile(ctx context.Context, d *db.DB, box *seal.Box, path string, o Options) (*Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("%w: %s exists already; choose another name, or move it away", ErrNotWritten, path)
	}
	m, err := whole(path, func(w io.Writer) (*Manifest, error) { return Write(ctx, d, box, w, o) })
	if err != nil {
		return nil, err
	}
	err = d.System().Write(ctx, func(s *db.System) error {
		return installation.Set(ctx, s, installation.LastBackup, strconv.FormatInt(clock.Micros(o.Created), 10))
	})
	if err != nil {
		return m, fmt.Errorf("the backup is written, but its time could not be kept in the database: %w", err)
	}
	return m, nil
}

// whole writes a file under another name, waits until it is on the disk, and gives it its name.
func whole(path string, write func(io.Writer) (*Manifest, error)) (m *Manifest, err error) {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	f, err := os.CreateTemp(dir, "."+name+".partial-*") // mode 0600
	if err != nil {
		return nil, notWritten(path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed already where this is an error
			if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	w := &watched{w: f}
	if m, err = write(w); err != nil {
		if w.err != nil {
			return nil, notWritten(path, w.err)
		}
		return nil, err
	}
	if err = errors.Join(f.Sync(), f.Close()); err != nil {
		return nil, notWritten(path, err)
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return nil, notWritten(path, err)
	}
	if err := syncFolder(dir); err != nil {
		return nil, notWritten(path, err)
	}
	return m, nil
}

// syncFolder waits until a new name is on the disk.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) { // network disks that cannot
		err = nil
	}
	return errors.Join(err, d.Close())
}

func notWritten(path string, err error) error {
	mend := "check that its folder exists and that this program may write there"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		mend = "the disk is full; make room, or name a file on another disk"
	}
	return fmt.Errorf("%w to %s: %w; %s; no half file is left", ErrNotWritten, path, err, mend)
}

// watched remembers the error of writing, apart from those of reading the store.
type watched struct {
	w   io.Writer
	err error
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	if err != nil {
		w.err = err
	}
	return n, err
}
