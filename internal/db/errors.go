package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that callers tell apart, on both engines.
var (
	// ErrNoRow says that a query for one row found none.
	ErrNoRow = errors.New("no such row")
	// ErrExists says that a row with the same key is there already.
	ErrExists = errors.New("a row with this key exists")
	// ErrRefers says that a row is still referred to, or refers to one that is not there.
	ErrRefers = errors.New("the row refers to another that is missing, or another refers to it")
	// ErrCheck says that a rule of the store refuses the row.
	ErrCheck = errors.New("a rule of the store refuses the row")
	// ErrText says that a text holds a character that the store cannot keep: the character zero, or broken UTF-8.
	ErrText = errors.New("a text holds a character that cannot be kept")
	// ErrBusy says that the store was too busy to take the change; nothing of it is left, and it may be tried again.
	ErrBusy = errors.New("the store is busy")
	// ErrFull says that there is no room left on the disk; nothing of the change is left.
	ErrFull = errors.New("the disk of the database is full")
	// ErrReadOnly says that the store may not be written to.
	ErrReadOnly = errors.New("the database cannot be written to")
	// ErrUnreachable says that the store does not answer. A change that was under way may or may not be kept.
	ErrUnreachable = errors.New("the database does not answer")

	errConflict = errors.New("the transaction conflicts with another")
)

// classify turns a driver's error into one of this package, with the original inside.
func classify(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoRow
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return mark(sqliteKind(lite.Code()), err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return mark(postgresKind(pg.Code), err)
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) || isBroken(err) {
		return mark(ErrUnreachable, err)
	}
	return err
}

func mark(kind, err error) error {
	if kind == nil {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func sqliteKind(code int) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return ErrExists
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrRefers
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return ErrCheck
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return errConflict
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY:
		return ErrReadOnly
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR:
		return ErrUnreachable
	}
	return nil
}

// postgresKind reads a SQLSTATE (PostgreSQL manual, appendix A).
func postgresKind(state string) error {
	switch state {
	case "40001", "40P01":
		return errConflict
	case "23505":
		return ErrExists
	case "23503":
		return ErrRefers
	case "23502", "23514", "P0001":
		return ErrCheck
	case "22021", "22P05":
		return ErrText
	case "53100":
		return ErrFull
	case "25006":
		return ErrReadOnly
	case "53300", "57P01", "57P02", "57P03":
		return ErrUnreachable
	}
	if len(state) == 5 && state[:2] == "08" {
		return ErrUnreachable
	}
	return nil
}
