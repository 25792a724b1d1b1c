package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Table is a table of the product in the schema.
type Table struct {
	Name    string
	Columns []Column
	Refers  []string // tables that its foreign keys name, itself included
}

// Column is a column of a table. Kind is TEXT, BIGINT, BOOLEAN or BYTEA.
type Column struct{ Name, Kind string }

// Snapshot is the whole store as it was at one moment.
type Snapshot struct {
	engine Engine
	tx     *sql.Tx
}

// Snapshot calls read with a view of the whole store at one moment, while others go on writing. On SQLite the write-ahead
// log grows until read returns.
func (d *DB) Snapshot(ctx context.Context, read func(*Snapshot) error) (err error) {
	opt := &sql.TxOptions{ReadOnly: true}
	if d.Engine == PostgreSQL {
		opt.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.read.BeginTx(ctx, opt)
	if err != nil {
		return classify(err)
	}
	defer func() {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			err = errors.Join(err, classify(back))
		}
	}()
	return read(&Snapshot{engine: d.Engine, tx: tx})
}

// Tables lists the product's tables, each after those that it refers to.
func (s *Snapshot) Tables(ctx context.Context) ([]Table, error) { return tables(ctx, s.tx, s.engine) }

// Version returns the migration at which the store is.
func (s *Snapshot) Version(ctx context.Context) (version int64, err error) {
	err = row(ctx, s.tx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`, nil, []any{&version})
	return version, err
}

// Each calls each for every row of a table, with the values of its columns: nil, string, int64, bool or []byte, which hold
// until each returns.
func (s *Snapshot) Each(ctx context.Context, t Table, each func([]any) error) error {
	values, dest := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		dest[i] = &values[i]
	}
	return rows(ctx, s.tx, "SELECT "+columnList(t)+" FROM "+quoted(t.Name), func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		return each(values)
	}, nil)
}

// Loader fills the store in one transaction, in which foreign keys are checked at the end.
type Loader struct {
	engine Engine
	tx     *sql.Tx
}

// Load calls fill in one transaction and keeps all of what it did, or nothing when it returns an error. Nobody else
// should be using the store.
func (d *DB) Load(ctx context.Context, fill func(*Loader) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return classify(err)
	}
	l := &Loader{engine: d.Engine, tx: tx}
	err = l.unbound(ctx, func() error { return fill(l) })
	if err == nil {
		return classify(tx.Commit())
	}
	if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
		err = errors.Join(err, classify(back))
	}
	return err
}

// unbound runs fill with foreign keys that are checked afterwards, all at once.
func (l *Loader) unbound(ctx context.Context, fill func() error) error {
	if l.engine == SQLite {
		if _, err := exec(ctx, l.tx, `PRAGMA defer_foreign_keys = ON`, nil); err != nil {
			return err
		}
		return fill() // the commit checks them
	}
	var drop, add []string
	err := rows(ctx, l.tx, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.contype = 'f' AND n.nspname = current_schema()
ORDER BY c.oid`, func(scan func(...any) error) error {
		var d, a string
		err := scan(&d, &a)
		drop, add = append(drop, d), append(add, a)
		return err
	}, nil)
	if err != nil {
		return err
	}
	if err := l.all(ctx, drop); err != nil {
		return err
	}
	if err := fill(); err != nil {
		return err
	}
	return l.all(ctx, add)
}

func (l *Loader) all(ctx context.Context, statements []string) error {
	for _, s := range statements {
		if _, err := exec(ctx, l.tx, s, nil); err != nil {
			return err
		}
	}
	return nil
}

// Tables lists the product's tables, each after those that it refers to.
func (l *Loader) Tables(ctx context.Context) ([]Table, error) { return tables(ctx, l.tx, l.engine) }

// Count returns how many rows a table has, as the transaction sees it.
func (l *Loader) Count(ctx context.Context, t Table) (n int64, err error) {
	err = row(ctx, l.tx, "SELECT count(*) FROM "+quoted(t.Name), nil, []any{&n})
	return n, err
}

// Clear deletes every row of a table.
func (l *Loader) Clear(ctx context.Context, t Table) error {
	_, err := exec(ctx, l.tx, "DELETE FROM "+quoted(t.Name), nil)
	return err
}

// Insert adds rows to a table; values holds their columns one row after another.
func (l *Loader) Insert(ctx context.Context, t Table, values []any) error {
	width := len(t.Columns)
	if len(values) == 0 {
		return nil
	}
	if width == 0 || len(values)%width != 0 {
		return fmt.Errorf("db: %d values do not fill rows of %d columns", len(values), width)
	}
	var b strings.Builder
	b.WriteString("INSERT INTO " + quoted(t.Name) + " (" + columnList(t) + ") VALUES ")
	for i := range values {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteByte(')')
	_, err := exec(ctx, l.tx, b.String(), values)
	return err
}

// MigrateTo brings the store to exactly a version that this program knows, up or down; going down loses what later
// versions added, so the caller makes sure that there is nothing to lose. The error is ErrNewer for a version that this
// program does not know.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", classify(err))
	}
	switch {
	case version > want || have > want:
		return fmt.Errorf("%w (version %d is asked for, the database is at %d, this program knows %d)", ErrNewer, version, have, want)
	case have < version:
		_, err = p.UpTo(ctx, version)
	case have > version:
		_, err = p.DownTo(ctx, version)
	}
	if err != nil {
		return fmt.Errorf("migrate the database from version %d to %d: %w", have, version, classify(err))
	}
	return nil
}

// tables reads the schema. Which tables there are is decided by the migrations alone.
func tables(ctx context.Context, q querier, engine Engine) ([]Table, error) {
	columns, keys := sqliteColumns, sqliteKeys
	if engine == PostgreSQL {
		columns, keys = postgresColumns, postgresKeys
	}
	byName := map[string]*Table{}
	var names []string
	err := rows(ctx, q, columns, func(scan func(...any) error) error {
		var table string
		var c Column
		if err := scan(&table, &c.Name, &c.Kind); err != nil {
			return err
		}
		t := byName[table]
		if t == nil {
			t = &Table{Name: table}
			byName[table] = t
			names = append(names, table)
		}
		c.Kind = strings.ToUpper(c.Kind)
		t.Columns = append(t.Columns, c)
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	err = rows(ctx, q, keys, func(scan func(...any) error) error {
		var from, to string
		if err := scan(&from, &to); err != nil {
			return err
		}
		if t := byName[from]; t != nil && !slices.Contains(t.Refers, to) {
			t.Refers = append(t.Refers, to)
		}
		return nil
	}, nil)
	return sorted(byName, names), err
}

// sorted puts each table after those it refers to; a circle, if there ever is one, keeps the order of names.
func sorted(byName map[string]*Table, names []string) []Table {
	var out []Table
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		t := byName[name]
		if t == nil || seen[name] {
			return
		}
		seen[name] = true
		for _, other := range t.Refers {
			visit(other)
		}
		out = append(out, *t)
	}
	for _, name := range names {
		visit(name)
	}
	return out
}

const (
	sqliteColumns = `SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND m.name <> 'goose_db_version' ORDER BY m.name, c.cid`
	sqliteKeys = `SELECT DISTINCT m.name, f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' ORDER BY m.name, f."table"`
	postgresColumns = `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'goose_db_version'
ORDER BY c.table_name, c.ordinal_position`
	postgresKeys = `SELECT DISTINCT a.relname, b.relname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid
JOIN pg_class b ON b.oid = k.confrelid JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype = 'f' AND n.nspname = current_schema() ORDER BY a.relname, b.relname`
)

func columnList(t Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoted(c.Name)
	}
	return strings.Join(names, ", ")
}

// quoted writes a name of the schema as both engines read it whatever letters it has.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
