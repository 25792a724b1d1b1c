package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// Engine is the database that keeps the rows.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// DB is an open store. It is safe for concurrent use.
type DB struct {
	Engine Engine
	// Address is where the store is, without a password: a file for SQLite, a URL for PostgreSQL.
	Address string

	write *sql.DB // SQLite: one connection, so that writers queue instead of failing
	read  *sql.DB
	reads querier // read, or on SQLite read with statements that are kept
}

// readers is how many queries SQLite answers beside the writer.
const readers = 8

// Open opens the store at address: "postgres://user@host/name" for PostgreSQL, else the path of a SQLite file, which is
// made when absent (mode 0600). It does not migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, strings.TrimPrefix(address, "sqlite:"))
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := touch(path); err != nil {
		return nil, err
	}
	d := &DB{Engine: SQLite, Address: path}
	var err error
	// What is deleted is overwritten: names, keys and answers do not stay in free pages.
	if d.write, err = sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate", "_pragma=journal_mode(wal)", "_pragma=synchronous(full)",
		"_pragma=secure_delete(1)")); err != nil {
		return nil, unreachable(d.Address, err)
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", sqliteDSN(path, "_pragma=query_only(1)")); err != nil {
		return nil, unreachable(d.Address, err)
	}
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.reads = &prepared{DB: d.read}
	if err := d.Ping(ctx); err != nil {
		return nil, errors.Join(unreachable(d.Address, err), d.Close())
	}
	return d, nil
}

// sqliteDSN writes the name by which the driver opens path. Pragmas hold for each connection.
func sqliteDSN(path string, options ...string) string {
	options = append([]string{"_pragma=busy_timeout(15000)", "_pragma=foreign_keys(1)", "_pragma=" + usualCache}, options...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(options, "&")
}

// touch makes the file with the rights it needs before the driver makes it with wider ones.
func touch(path string) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the database file %s cannot be opened for writing: %w; check that the folder exists, that the "+
			"program may write in it and that the disk is not full or read-only", path, err)
	}
	return f.Close()
}

func openPostgres(ctx context.Context, address string) (*DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the database address is no URL; write it as postgres://user:password@host:5432/name")
	}
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, unreachable(u.Redacted(), err)
	}
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(12)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d := &DB{Engine: PostgreSQL, Address: u.Redacted(), write: pool, read: pool, reads: pool}
	if err := d.Ping(ctx); err != nil {
		return nil, errors.Join(unreachable(d.Address, err), d.Close())
	}
	return d, nil
}

func unreachable(address string, err error) error {
	return fmt.Errorf("the database %s cannot be reached: %w; check the address, that the server runs and that the program may use it", address, err)
}

// Ping tells whether the store answers; it asks for both reading and, on SQLite, the writer's connection.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	for _, pool := range []*sql.DB{d.read, d.write} {
		if err := pool.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the store. A SQLite file is left without a write-ahead log.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Pools returns the state of the connection pools by name, for metrics.
func (d *DB) Pools() map[string]func() sql.DBStats {
	if d.read == d.write {
		return map[string]func() sql.DBStats{"all": d.write.Stats}
	}
	return map[string]func() sql.DBStats{"read": d.read.Stats, "write": d.write.Stats}
}
