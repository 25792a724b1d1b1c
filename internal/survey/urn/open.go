package urn

import (
	"context"
	"crypto/cipher"
	"fmt"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
)

// Count returns how many answers a wave has.
func (u *Urn) Count(ctx context.Context, w *wave.Wave) (n int64, err error) {
	err = u.DB.Of(w.Tenant).Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, []any{w.ID}, &n)
	return n, err
}

// Each opens the answers of a wave and calls each for every one, in order of key; few are held at a time. What the entry
// points to may be kept. Answers that come in meanwhile may be left out. The error is ErrClosed when the key is gone, holds
// seal.ErrBroken when an answer does not open, or is that of each.
func (u *Urn) Each(ctx context.Context, w *wave.Wave, each func(Entry) error) error {
	id, r := idOf(w), u.DB.Of(w.Tenant)
	s, err := newSealer(ctx, r, u.Box, id)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	pages := make(chan []Entry, 1)
	defer func() {
		stop(nil)
		for range pages { // until the reading below has ended
			continue
		}
	}()
	go func() {
		defer close(pages)
		var last []byte
		for {
			page, err := readPage(ctx, r, s, id, last)
			if err != nil {
				stop(err)
				return
			}
			if len(page) == 0 {
				return
			}
			last = page[len(page)-1].Key[:]
			select {
			case pages <- page:
			case <-ctx.Done():
				return
			}
		}
	}()
	for page := range pages {
		for _, e := range page {
			if err := each(e); err != nil {
				return err
			}
		}
	}
	return context.Cause(ctx)
}

// pageRows is how many answers are read at a time.
const pageRows = 4096

// readPage reads the answers whose keys follow last, and opens them.
func readPage(ctx context.Context, r db.Reader, s cipher.AEAD, w waveID, last []byte) ([]Entry, error) {
	page := make([]Entry, 0, pageRows)
	err := r.Rows(ctx, `SELECT key, stratum, ballot, sealed FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 AND key > $3 ORDER BY key LIMIT $4`,
		func(scan func(...any) error) error {
			var e Entry
			var key, sealed []byte
			if err := scan(&key, &e.Stratum, &e.Ballot, &sealed); err != nil {
				return err
			}
			if len(key) != len(e.Key) {
				return fmt.Errorf("an answer of wave %s has a key of %d bytes: %w", w.id, len(key), seal.ErrBroken)
			}
			e.Key = [32]byte(key)
			var err error
			if e.Record, err = s.Open(nil, nil, sealed, bound(w, key)); err != nil {
				return fmt.Errorf("an answer of wave %s does not open: %w", w.id, seal.ErrBroken)
			}
			page = append(page, e)
			return nil
		}, w.id, filled(last), pageRows)
	return page, err
}
