package db

import (
	"context"
	"errors"
	"strconv"
	"time"

	"tekentafel/internal/clock"
)

const (
	checkpoints    = 20                     // attempts to empty the write-ahead log
	checkpointWait = 100 * time.Millisecond // between two of them
)

// Checkpoint brings the write-ahead log of SQLite into the file and empties it, so that what was deleted is in neither. Somebody
// who reads meanwhile holds it back; then it is tried for some seconds, between which others write, and what is left goes with a
// later checkpoint: that is no error. On PostgreSQL, whose log the server keeps by its own rules, it does nothing.
func (d *DB) Checkpoint(ctx context.Context) error {
	if d.Engine != SQLite {
		return nil
	}
	for attempt := 1; ; attempt++ {
		busy, err := d.checkpoint(ctx)
		if err != nil || !busy || attempt == checkpoints {
			return err
		}
		if err := clock.Wait(ctx, checkpointWait); err != nil {
			return err
		}
	}
}

// checkpoint tries once. It has the connection of the writer, so it does not wait for readers as statements do.
func (d *DB) checkpoint(ctx context.Context) (busy bool, err error) {
	c, err := d.write.Conn(ctx)
	if err != nil {
		return false, classify(err)
	}
	var was int64
	if err := row(ctx, c, `PRAGMA busy_timeout`, nil, []any{&was}); err != nil {
		return false, errors.Join(err, c.Close())
	}
	defer func() {
		// Whoever writes next waits as long as before, also when ctx is at its end.
		back := row(context.WithoutCancel(ctx), c, `PRAGMA busy_timeout = `+strconv.FormatInt(was, 10), nil, []any{new(int64)})
		err = errors.Join(err, back, classify(c.Close()))
	}()
	if err := row(ctx, c, `PRAGMA busy_timeout = 20`, nil, []any{new(int64)}); err != nil {
		return false, err
	}
	var held, frames, moved int64
	err = row(ctx, c, `PRAGMA wal_checkpoint(TRUNCATE)`, nil, []any{&held, &frames, &moved})
	return held != 0, err
}
