package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tekentafel/internal/backup"
	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/db"
	"tekentafel/internal/mail"
	"tekentafel/internal/seal"
)

// backupCommand writes a backup of a running or stopped installation.
type backupCommand struct {
	config.Store
	Out   string `required:"" placeholder:"FILE" help:"File to write; it must not exist."`
	Plain bool   `help:"Do not encrypt the backup with the key of the installation. What is sealed in the database stays sealed."`
}

// Run writes the backup whole or not at all.
func (c *backupCommand) Run(ctx context.Context, s *Streams) error {
	store, box, err := openStore(ctx, &c.Store)
	if err != nil {
		return err
	}
	p := newProgress(s.Err)
	defer p.clear()
	m, err := backup.ToFile(ctx, store, box, c.Out, backup.Options{Program: version(), Created: clock.System()(), Plain: c.Plain,
		Progress: func(table string, rows int64) { p.step("backing up "+table, rows, 0) }})
	if err = errors.Join(err, store.Close()); err != nil {
		if errors.Is(err, backup.ErrNotWritten) {
			return notWritten(err)
		}
		return err
	}
	p.clear()
	_, err = fmt.Fprintf(s.Out, "%s\n%d rows of %d tables at version %d, made with the key %s. Restore it with: tekentafel restore %s\n",
		c.Out, m.Rows(), len(m.Tables), m.Version, m.Key, c.Out)
	return err
}

// verifyCommand checks a backup.
type verifyCommand struct {
	config.Store
	File string `arg:"" help:"Backup to check."`
}

// Run reads the whole backup and says what it holds.
func (c *verifyCommand) Run(ctx context.Context, s *Streams) error {
	place, err := c.Place()
	if err != nil {
		return usage("%w", err)
	}
	box, err := place.OpenKey()
	if err != nil && !errors.Is(err, config.ErrNoKey) {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return refused(err)
	}
	m, err := backup.Verify(ctx, box, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return refused(err)
	}
	_, err = fmt.Fprintf(s.Out, "%s is whole: %d rows of %d tables at version %d, made on %s from %s by Tekentafel %s with the key %s\n",
		c.File, m.Rows(), len(m.Tables), m.Version, m.Created.Format("2006-01-02 15:04:05 MST"), m.Engine, m.Program, m.Key)
	return err
}

// restoreCommand puts a backup into an empty installation.
type restoreCommand struct {
	config.Store
	File  string `arg:"" help:"Backup to restore, made from either engine."`
	Force bool   `help:"Replace what the database holds."`
}

// Run restores the backup whole or not at all. The server must not run.
func (c *restoreCommand) Run(ctx context.Context, s *Streams) error {
	place, err := c.Place()
	if err != nil {
		return usage("%w", err)
	}
	if err := os.MkdirAll(place.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder cannot be made: %w", err)
	}
	release, err := lockPlace(place)
	if err != nil {
		return err
	}
	defer func() { _ = release() }()
	box, err := place.OpenKey()
	if err != nil {
		return err
	}
	store, err := db.Open(ctx, place.Database.Reveal())
	if err != nil {
		return err
	}
	return errors.Join(c.restore(ctx, s, store, box), store.Close())
}

func (c *restoreCommand) restore(ctx context.Context, s *Streams, store *db.DB, box *seal.Box) error {
	f, err := os.Open(filepath.Clean(c.File))
	if err != nil {
		return refused(err)
	}
	defer f.Close() //nolint:errcheck // only read from
	p := newProgress(s.Err)
	defer p.clear()
	m, err := backup.Restore(ctx, store, box, f, backup.RestoreOptions{Force: c.Force,
		Progress: func(table string, rows int64) { p.step("restoring "+table, rows, 0) }})
	if err != nil {
		return refused(err)
	}
	var unsure int64
	err = store.System().Write(ctx, func(sys *db.System) (err error) {
		unsure, err = mail.AfterRestore(ctx, sys, clock.System()())
		return err
	})
	if err != nil {
		return err
	}
	p.clear()
	_, err = fmt.Fprintf(s.Out, "Restored %d rows of %d tables.\n", m.Rows(), len(m.Tables))
	if unsure > 0 {
		_, err = fmt.Fprintf(s.Out, "%d mails that waited are marked as unsure, since they may have been sent after the backup; the page Mail lists them.\n", unsure)
	}
	return err
}

// newKeyCommand prints a key for an installation.
type newKeyCommand struct{}

// Run prints the key.
func (*newKeyCommand) Run(s *Streams) error {
	_, err := fmt.Fprintln(s.Out, seal.NewKey())
	return err
}

// openStore opens the database of an installation with its key, as it is.
func openStore(ctx context.Context, c *config.Store) (*db.DB, *seal.Box, error) {
	place, err := c.Place()
	if err != nil {
		return nil, nil, usage("%w", err)
	}
	box, err := place.OpenKey()
	if err != nil {
		return nil, nil, err
	}
	if !place.PostgreSQL {
		if _, err := os.Stat(place.Database.Reveal()); err != nil {
			return nil, nil, fmt.Errorf("there is no database to work on: %w; name its folder with --data", err)
		}
	}
	store, err := db.Open(ctx, place.Database.Reveal())
	return store, box, err
}
