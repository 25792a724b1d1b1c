package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Bulk is a statement that writes many rows of one table.
type Bulk struct {
	Table   string
	Columns []string // behind tenant_id, which stands in front of them and is that of the scope
	// Conflict is what stands behind the rows, such as "ON CONFLICT (tenant_id, id) DO NOTHING"; "" for nothing.
	Conflict string
}

// bulkRows are the numbers of rows that one statement writes on PostgreSQL. There are few of them, so that the driver knows each
// statement already.
var bulkRows = []int{64, 8, 1}

// InsertAll writes n rows; row appends the values of one, in the order of the columns. It is the fastest way on both engines. On
// SQLite that is one row a statement that is parsed once: of a statement with many rows it keeps a journal of its own, and the time
// to read "$N" grows with the square of how many there are. On PostgreSQL it is many rows at a time, for each statement waits for
// the server.
func (s *Scope) InsertAll(ctx context.Context, b *Bulk, n int, row func(i int, to []any) []any) error {
	if n == 0 {
		return nil
	}
	if s.tenant == "" {
		return s.holds("")
	}
	if s.engine == SQLite {
		return s.insertEach(ctx, b, n, row)
	}
	args := make([]any, 0, 1+bulkRows[0]*len(b.Columns))
	for i := 0; i < n; {
		piece := bulkRows[slices.IndexFunc(bulkRows, func(p int) bool { return p <= n-i })]
		args = append(args[:0], string(s.tenant))
		for range piece {
			args = row(i, args)
			i++
		}
		if _, err := exec(ctx, s.q, b.statement(piece), args); err != nil {
			return err
		}
	}
	return nil
}

// insertEach writes a row at a time.
func (s *Scope) insertEach(ctx context.Context, b *Bulk, n int, row func(i int, to []any) []any) (err error) {
	tx, ok := s.q.(*sql.Tx)
	if !ok {
		return errors.New("db: many rows are written in a transaction")
	}
	statement, err := tx.PrepareContext(ctx, b.statement(1))
	if err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, classify(statement.Close())) }()
	args := make([]any, 0, 1+len(b.Columns))
	lasting := context.WithoutCancel(ctx) // the driver would start a goroutine for each row to look out for the end of ctx
	for i := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := statement.ExecContext(lasting, row(i, append(args[:0], string(s.tenant)))...); err != nil {
			return classify(err)
		}
	}
	return nil
}

// statement writes the statement for so many rows.
func (b *Bulk) statement(rows int) string {
	var s strings.Builder
	s.WriteString("INSERT INTO " + b.Table + " (tenant_id, " + strings.Join(b.Columns, ", ") + ") VALUES ")
	for i, next := 0, 2; i < rows; i++ {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString("($1")
		for range b.Columns {
			fmt.Fprintf(&s, ", $%d", next)
			next++
		}
		s.WriteByte(')')
	}
	if b.Conflict != "" {
		s.WriteString(" " + b.Conflict)
	}
	return s.String()
}

// Analyze has PostgreSQL look at how tables are filled, after a large part of them was written: it does so by itself too, but only
// after a while, and until then may read a whole table for a few of its rows. On SQLite, which plans without looking, it does nothing.
func (d *DB) Analyze(ctx context.Context, tables ...string) error {
	if d.Engine != PostgreSQL {
		return nil
	}
	for _, name := range tables {
		if _, err := exec(ctx, d.write, `ANALYZE `+quoted(name), nil); err != nil {
			return fmt.Errorf("look at how table %s is filled: %w", name, err)
		}
	}
	return nil
}
