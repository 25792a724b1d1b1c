package urn

import (
	"bytes"
	"context"
	"crypto/cipher"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
)

// Settle makes the closing of a wave final and tells about how many answers it has, within some percents: answers that were let in
// while it was open are either there or refused, however long their transaction was held up.
//
// On PostgreSQL a transaction that saw the wave open may end after the one that closed it. Counting in a serialisable
// transaction makes that impossible: the count would come after the closing and before the answers, which came before the
// closing, so the answers are undone and, tried anew, find the wave closed. On SQLite one writes at a time, and counting reads
// every row, which of ten million takes seconds: a part of them is counted.
func (u *Urn) Settle(ctx context.Context, w *wave.Wave) (about int64, err error) {
	if u.DB.Engine == db.SQLite {
		return sampleShelves(ctx, u.DB.Of(w.Tenant), w.ID)
	}
	err = u.DB.Write(ctx, w.Tenant, func(s *db.Scope) error {
		return s.Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, []any{w.ID}, &about)
	})
	return about, err
}

// sampledShelves are counted: of ten million answers 312,500 or so, with a standard error of a sixth of a percent.
const sampledShelves = 8

// sampleShelves tells about how many answers there are from the first shelves.
func sampleShelves(ctx context.Context, r db.Reader, waveID string) (about int64, err error) {
	from, _ := shelf(0)
	_, to := shelf(sampledShelves - 1)
	err = r.Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 AND key > $3 AND key < $4`, []any{waveID, from, to}, &about)
	return about * shelfCount / sampledShelves, err
}

// Opened is an answer as it was handed in, without its ballot.
type Opened struct {
	Key     [32]byte
	Stratum string
	Record  []byte
}

// Each opens the answers of a wave and calls each for every one, in order of key; few are held at a time. What the entry
// points to may be kept. Answers that come in meanwhile may be left out; to a wave that is closed none come in after Settle. The
// error is ErrClosed when the key is gone, holds seal.ErrBroken when an answer does not open, or is that of each.
func (u *Urn) Each(ctx context.Context, w *wave.Wave, each func(Opened) error) error {
	id, r := idOf(w), u.DB.Of(w.Tenant)
	s, err := newSealer(ctx, r, u.Box, id)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop(nil)
	var shelves [shelfCount]chan []Opened
	for i := range shelves {
		shelves[i] = make(chan []Opened, shelfPages)
	}
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for i := int(next.Add(1)) - 1; i < shelfCount; i = int(next.Add(1)) - 1 {
				if err := readShelf(ctx, r, s, id, i, shelves[i]); err != nil {
					stop(err)
					return
				}
				close(shelves[i])
			}
		})
	}
	for _, shelf := range shelves {
		if err := empty(ctx, shelf, each); err != nil {
			return err
		}
	}
	return nil
}

// empty calls each for what comes on a shelf.
func empty(ctx context.Context, shelf <-chan []Opened, each func(Opened) error) error {
	for {
		select {
		case page, more := <-shelf:
			if !more {
				return context.Cause(ctx)
			}
			for _, e := range page {
				if err := each(e); err != nil {
					return err
				}
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// The keys are cut by their first byte into shelves that are read beside each other: keys are hashes, so the shelves are of
// about one size. Of a wave of ten million answers one shelf holds some 39,000.
const (
	shelfCount = 256
	shelfPages = 10
)

// shelf returns between what the keys that begin with a byte lie. Neither is as long as a key, so no key equals it.
func shelf(first int) (from, to []byte) {
	if first == shelfCount-1 {
		return []byte{byte(first)}, bytes.Repeat([]byte{0xff}, 33)
	}
	return []byte{byte(first)}, []byte{byte(first) + 1}
}

// readShelf reads the answers whose keys begin with a byte.
func readShelf(ctx context.Context, r db.Reader, s cipher.AEAD, w waveID, first int, to chan<- []Opened) error {
	last, end := shelf(first)
	for {
		page, err := readPage(ctx, r, s, w, last, end)
		if err != nil || len(page) == 0 {
			return err
		}
		select {
		case to <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(page) < pageRows {
			return nil
		}
		last = page[len(page)-1].Key[:]
	}
}

// How much is read and opened at a time.
const (
	pageRows  = 4096      // answers
	slabBytes = 256 << 10 // of records that are opened into one piece of memory
)

// readPage reads the answers whose keys lie between last and end, and opens them.
func readPage(ctx context.Context, r db.Reader, s cipher.AEAD, w waveID, last, end []byte) ([]Opened, error) {
	var page []Opened
	var key, sealed sql.RawBytes // of a row, until the next
	var slab []byte
	to := bound(w, make([]byte, len(Opened{}.Key)))
	err := r.Rows(ctx, `SELECT key, stratum, sealed FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 AND key > $3 AND key < $4 ORDER BY key LIMIT $5`,
		func(scan func(...any) error) error {
			var e Opened
			if err := scan(&key, &e.Stratum, &sealed); err != nil {
				return err
			}
			if len(key) != len(e.Key) {
				return fmt.Errorf("an answer of wave %s has a key of %d bytes: %w", w.id, len(key), seal.ErrBroken)
			}
			e.Key = [32]byte(key)
			copy(to[len(to)-len(key):], key)
			if cap(slab)-len(slab) < len(sealed) {
				slab = make([]byte, 0, max(slabBytes, len(sealed)))
			}
			opened, err := s.Open(slab, nil, sealed, to)
			if err != nil {
				return fmt.Errorf("an answer of wave %s does not open: %w", w.id, seal.ErrBroken)
			}
			e.Record = opened[len(slab):len(opened):len(opened)]
			slab = opened
			page = append(page, e)
			return nil
		}, w.id, last, end, pageRows)
	return page, err
}
