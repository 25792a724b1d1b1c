package db

import (
	"context"
	"database/sql"
	"sync"
)

// mostPrepared bounds how many statements are kept. The program has fewer; one that built its statements anew each time
// would fill memory.
const mostPrepared = 500

// prepared reads with statements that SQLite parsed before: parsing and planning one takes longer than running it. The
// driver of PostgreSQL does this by itself.
type prepared struct {
	*sql.DB
	mu   sync.RWMutex
	kept map[string]*sql.Stmt
}

var _ querier = (*prepared)(nil)

// statement returns a statement that is ready, or nil when it has to do without.
func (p *prepared) statement(ctx context.Context, query string) *sql.Stmt {
	p.mu.RLock()
	s, full := p.kept[query], len(p.kept) >= mostPrepared
	p.mu.RUnlock()
	if s != nil || full {
		return s
	}
	made, err := p.PrepareContext(ctx, query) //nolint:sqlclosecheck // it is kept until the store closes
	if err != nil {
		return nil // running it says what is wrong
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.kept[query]; s != nil {
		_ = made.Close() //nolint:sqlclosecheck // another was faster
		return s
	}
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	p.kept[query] = made
	return made
}

// QueryContext implements querier.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := p.statement(ctx, query); s != nil { //nolint:sqlclosecheck // it is kept
		return s.QueryContext(ctx, args...)
	}
	return p.DB.QueryContext(ctx, query, args...)
}

// QueryRowContext implements querier.
func (p *prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := p.statement(ctx, query); s != nil { //nolint:sqlclosecheck // it is kept
		return s.QueryRowContext(ctx, args...)
	}
	return p.DB.QueryRowContext(ctx, query, args...)
}
