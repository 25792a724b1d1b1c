package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
)

// ErrNotEmpty says that the store into which to restore holds rows.
var ErrNotEmpty = errors.New("the database is not empty")

// RestoreOptions of Restore.
type RestoreOptions struct {
	Force    bool // replace what the store holds
	Progress func(table string, rows int64)
}

// Restore checks a backup, puts it in the store in one transaction, and brings it to the version of this program. On an
// error the store holds what it held. The store must be empty, or Force replaces its rows when it is at the version of the
// backup. Errors are ErrNoBackup, ErrDamaged, ErrOtherKey, ErrNotEmpty and db.ErrNewer, among those of the store. Nobody
// else may use the store meanwhile.
func Restore(ctx context.Context, d *db.DB, box *seal.Box, file io.ReadSeeker, o RestoreOptions) (*Manifest, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	m, err := Verify(ctx, box, file)
	if err != nil {
		return nil, err
	}
	if box == nil || m.Key != box.Fingerprint() {
		return nil, fmt.Errorf("%w: what is sealed in it opens with the key that has the fingerprint %s; give that key", ErrOtherKey, m.Key)
	}
	if err := prepare(ctx, d, m, o.Force); err != nil {
		return nil, err
	}
	err = d.Load(ctx, func(l *db.Loader) error { return load(ctx, l, d.Engine, box, file, m, o) })
	if err != nil {
		return nil, errors.Join(fmt.Errorf("restore: %w; nothing of the backup is kept", err), d.Migrate(ctx))
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, fmt.Errorf("the backup is restored at version %d: %w", m.Version, err)
	}
	return m, nil
}

// prepare brings the store to the version of the backup; it loses nothing.
func prepare(ctx context.Context, d *db.DB, m *Manifest, force bool) error {
	have, want, err := d.Versions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read the version of the database: %w", err)
	case m.Version > want:
		return fmt.Errorf("%w (the backup is of version %d, made by %s; this program knows %d)", db.ErrNewer, m.Version, m.Program, want)
	case have > want:
		return fmt.Errorf("%w (it is at version %d, this program knows %d)", db.ErrNewer, have, want)
	case have == m.Version:
		return nil
	}
	if have > 0 {
		held, err := holds(ctx, d)
		if err != nil {
			return err
		}
		if held != "" && force {
			return fmt.Errorf("%w (%s) and at version %d, the backup at %d: they cannot be replaced in one step; make the database empty first "+
				"(move the SQLite file away, or name a new PostgreSQL database)", ErrNotEmpty, held, have, m.Version)
		}
		if held != "" {
			return notEmpty(held)
		}
	}
	return d.MigrateTo(ctx, m.Version)
}

func notEmpty(held string) error {
	return fmt.Errorf("%w (%s); name another database, or replace what it holds with --force", ErrNotEmpty, held)
}

// holds says which tables have rows; "" when none has.
func holds(ctx context.Context, d *db.DB) (string, error) {
	var names []string
	stop := errors.New("enough")
	err := d.Snapshot(ctx, func(s *db.Snapshot) error {
		tables, err := s.Tables(ctx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			err := s.Each(ctx, t, func([]any) error { return stop })
			if errors.Is(err, stop) {
				names = append(names, t.Name)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return strings.Join(names, ", "), err
}

// load fills the tables inside a transaction.
func load(ctx context.Context, l *db.Loader, engine db.Engine, box *seal.Box, file io.ReadSeeker, m *Manifest, o RestoreOptions) error {
	tables, err := l.Tables(ctx)
	if err != nil {
		return err
	}
	var held []string
	for _, t := range slices.Backward(tables) {
		n, err := l.Count(ctx, t)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		held = append(held, fmt.Sprintf("%s: %d rows", t.Name, n))
		if o.Force {
			if err := l.Clear(ctx, t); err != nil {
				return err
			}
		}
	}
	if len(held) > 0 && !o.Force {
		return notEmpty(strings.Join(held, ", "))
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	again, err := scan(ctx, box, file, &filler{ctx: ctx, l: l, strict: engine == db.PostgreSQL, tables: tables, progress: o.Progress})
	if err != nil {
		return err
	}
	if !slices.Equal(again.Tables, m.Tables) {
		return fmt.Errorf("%w (it changed while it was read)", ErrDamaged)
	}
	return nil
}

const (
	batchRows  = 200
	batchBytes = 1 << 20
	maxValues  = 30_000 // SQLite takes 32,766 in a statement, PostgreSQL 65,535
)

// filler puts the rows of a backup into the store, some at a time.
type filler struct {
	ctx      context.Context // for the length of one call of load
	l        *db.Loader
	strict   bool // the engine takes no text but UTF-8 without a zero
	tables   []db.Table
	progress func(string, int64)

	at     db.Table
	values []any
	bytes  int
	rows   int64
}

func (f *filler) table(c columns) error {
	i := slices.IndexFunc(f.tables, func(t db.Table) bool { return t.Name == c.Name })
	if i < 0 {
		return fmt.Errorf("%w (a table %q that version does not have)", ErrDamaged, c.Name)
	}
	ours := f.tables[i]
	if len(ours.Columns) != len(c.Names) {
		return fmt.Errorf("%w (table %s has %d columns, not %d)", ErrDamaged, c.Name, len(ours.Columns), len(c.Names))
	}
	f.at = db.Table{Name: c.Name}
	for j, name := range c.Names {
		column := db.Column{Name: name, Kind: c.Kinds[j]}
		if !slices.Contains(ours.Columns, column) {
			return fmt.Errorf("%w (table %s has no column %s of kind %s)", ErrDamaged, c.Name, name, c.Kinds[j])
		}
		f.at.Columns = append(f.at.Columns, column)
	}
	f.tables = slices.Delete(slices.Clone(f.tables), i, i+1)
	f.rows = 0
	return nil
}

func (f *filler) row(values []any) error {
	f.values = append(f.values, values...)
	for i, v := range values {
		switch x := v.(type) {
		case string:
			if f.strict && (!utf8.ValidString(x) || strings.IndexByte(x, 0) >= 0) {
				return fmt.Errorf("column %s holds a character that PostgreSQL does not keep (a zero, or no UTF-8); restore into SQLite and mend the row there", f.at.Columns[i].Name)
			}
			f.bytes += len(x)
		case []byte:
			f.bytes += len(x)
		}
	}
	if f.rows++; f.progress != nil && f.rows%every == 0 {
		f.progress(f.at.Name, f.rows)
	}
	width := len(f.at.Columns)
	if len(f.values) >= batchRows*width || len(f.values)+width > maxValues || f.bytes >= batchBytes {
		return f.flush()
	}
	return nil
}

func (f *filler) end() error {
	if f.progress != nil {
		f.progress(f.at.Name, f.rows)
	}
	return f.flush()
}

func (f *filler) flush() error {
	err := f.l.Insert(f.ctx, f.at, f.values)
	f.values, f.bytes = f.values[:0], 0
	return err
}
