package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"tekentafel/internal/tenant"
)

// querier is what a pool and a transaction have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Reader reads the rows of one organisation.
type Reader struct {
	q      querier
	tenant tenant.ID
}

// Scope reads and writes the rows of one organisation inside a transaction.
type Scope struct {
	Reader
	after  *[]func()
	engine Engine
}

// AfterCommit calls f once the transaction is committed, and not when it is not.
func (s *Scope) AfterCommit(f func()) { *s.after = append(*s.after, f) }

// Of returns a reader of one organisation's rows outside any transaction: each query sees what is committed.
func (d *DB) Of(t tenant.ID) Reader { return Reader{q: d.reads, tenant: t} }

// Write runs change in a serialisable transaction on one organisation's rows and commits it, or leaves nothing of it when
// change returns an error. Change may run more than once and must have no other effect.
func (d *DB) Write(ctx context.Context, t tenant.ID, change func(*Scope) error) error {
	return d.transact(ctx, func(tx *sql.Tx, after *[]func()) error {
		return change(&Scope{Reader: Reader{q: tx, tenant: t}, after: after, engine: d.Engine})
	})
}

// Tenant returns the organisation whose rows this works on.
func (r Reader) Tenant() tenant.ID { return r.tenant }

// Rows calls each for every row of a query until it fails. In the query $1 is the tenant and args follow from $2.
func (r Reader) Rows(ctx context.Context, query string, each func(scan func(...any) error) error, args ...any) error {
	if err := r.holds(query); err != nil {
		return err
	}
	return rows(ctx, r.q, query, each, r.with(args))
}

// Row scans the only row of a query into dest; ErrNoRow when there is none. $1 is the tenant and args follow from $2.
func (r Reader) Row(ctx context.Context, query string, args []any, dest ...any) error {
	if err := r.holds(query); err != nil {
		return err
	}
	return row(ctx, r.q, query, r.with(args), dest)
}

// Exec runs a statement and returns how many rows it changed. $1 is the tenant and args follow from $2.
func (s *Scope) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := s.holds(query); err != nil {
		return 0, err
	}
	return exec(ctx, s.q, query, s.with(args))
}

func (r Reader) with(args []any) []any {
	return append([]any{string(r.tenant)}, args...)
}

// holds refuses a statement that does not say whose rows it is about.
func (r Reader) holds(query string) error {
	if r.tenant == "" {
		return errors.New("db: a scope without an organisation reaches no row")
	}
	if !strings.Contains(query, "tenant_id") || !strings.Contains(query, "$1") {
		return fmt.Errorf("db: this statement does not compare tenant_id with $1: %.120s", query)
	}
	return nil
}

// System reads and writes rows of every organisation. The linter says who may.
type System struct {
	db    *DB
	q     querier
	after *[]func()
}

// System returns a reader over all organisations, for what happens before an organisation is known (sign-in by token,
// host name), for the job queue and for retention.
func (d *DB) System() *System { return &System{db: d, q: d.reads} }

// Write is DB.Write over all organisations.
func (s *System) Write(ctx context.Context, change func(*System) error) error {
	return s.db.transact(ctx, func(tx *sql.Tx, after *[]func()) error { return change(&System{db: s.db, q: tx, after: after}) })
}

// Scope returns a scope on one organisation inside the transaction of Write.
func (s *System) Scope(t tenant.ID) *Scope {
	return &Scope{Reader: Reader{q: s.q, tenant: t}, after: s.after, engine: s.db.Engine}
}

// AfterCommit is Scope.AfterCommit.
func (s *System) AfterCommit(f func()) { *s.after = append(*s.after, f) }

// Rows calls each for every row of a query until it fails; args are $1 and on.
func (s *System) Rows(ctx context.Context, query string, each func(scan func(...any) error) error, args ...any) error {
	return rows(ctx, s.q, query, each, args)
}

// Row scans the only row of a query into dest; ErrNoRow when there is none.
func (s *System) Row(ctx context.Context, query string, args []any, dest ...any) error {
	return row(ctx, s.q, query, args, dest)
}

// Exec runs a statement and returns how many rows it changed.
func (s *System) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return exec(ctx, s.q, query, args)
}

func exec(ctx context.Context, q querier, query string, args []any) (int64, error) {
	res, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, classify(err)
	}
	n, err := res.RowsAffected()
	return n, classify(err)
}

func row(ctx context.Context, q querier, query string, args, dest []any) error {
	return classify(q.QueryRowContext(ctx, query, args...).Scan(dest...))
}

func rows(ctx context.Context, q querier, query string, each func(scan func(...any) error) error, args []any) (err error) {
	r, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, classify(r.Close())) }()
	for r.Next() {
		if err := each(r.Scan); err != nil {
			return err
		}
	}
	return classify(r.Err())
}
