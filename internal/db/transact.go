package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"tekentafel/internal/clock"
)

const (
	attempts     = 20                     // of a transaction that conflicts with others: some four seconds of waiting in all
	firstBackoff = 2 * time.Millisecond   // doubled at each attempt, with jitter
	lastBackoff  = 320 * time.Millisecond // the longest
)

// transact runs change in a serialisable transaction, anew as often as it loses from another.
// What change adds to after is called when it is committed.
func (d *DB) transact(ctx context.Context, change func(tx *sql.Tx, after *[]func()) error) error {
	backoff := firstBackoff
	for attempt := 1; ; attempt++ {
		var after []func()
		err := d.once(ctx, func(tx *sql.Tx) error { return change(tx, &after) })
		if err == nil {
			for _, f := range after {
				f()
			}
			return nil
		}
		if !errors.Is(err, errConflict) {
			return err
		}
		if attempt == attempts {
			return fmt.Errorf("%w: gave up after %d attempts: %w", ErrBusy, attempts, err)
		}
		if err := clock.Wait(ctx, backoff/2+rand.N(backoff)); err != nil {
			return err
		}
		backoff = min(2*backoff, lastBackoff)
	}
}

func (d *DB) once(ctx context.Context, change func(*sql.Tx) error) (err error) {
	tx, err := d.write.BeginTx(ctx, d.isolation())
	if err != nil {
		return classify(err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
		if err != nil {
			if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
				err = errors.Join(err, back)
			}
		}
	}()
	if err := change(tx); err != nil {
		return err
	}
	return classify(tx.Commit())
}

// isolation asks PostgreSQL for what SQLite does by itself.
func (d *DB) isolation() *sql.TxOptions {
	if d.Engine == PostgreSQL {
		return &sql.TxOptions{Isolation: sql.LevelSerializable}
	}
	return nil
}
