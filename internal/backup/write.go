package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
)

// format is that of the files that this program writes.
const format = 1

// Manifest says what a backup holds.
type Manifest struct {
	Format    int       `json:"format"`
	Program   string    `json:"program"` // version of the program that made it
	Version   int64     `json:"version"` // of the migrations
	Engine    db.Engine `json:"engine"`  // from which it was made
	Created   time.Time `json:"created"`
	Key       string    `json:"key"` // fingerprint of the key of the installation
	Encrypted bool      `json:"encrypted"`
	Tables    []Table   `json:"tables,omitempty"`
}

// Table says what a backup holds of one table.
type Table struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // over the rows as the file holds them
}

// Rows counts the rows of all tables.
func (m *Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Options of a backup.
type Options struct {
	Program  string    // version of the program
	Created  time.Time // now
	Plain    bool      // do not encrypt
	Progress func(table string, rows int64)
}

// columns is how the beginning of a table is written.
type columns struct {
	Name  string   `json:"name"`
	Names []string `json:"columns"`
	Kinds []string `json:"kinds"`
}

// Write writes the store, as it is at one moment, to w. It needs memory for one row and a few frames. Nobody is kept from
// writing to the store meanwhile.
func Write(ctx context.Context, d *db.DB, box *seal.Box, w io.Writer, o Options) (*Manifest, error) {
	frames, err := newFrameWriter(w, box, o.Plain)
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewWriterLevel(frames, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(zip, frameSize)
	m := &Manifest{Format: format, Program: o.Program, Engine: d.Engine, Created: o.Created.UTC(), Key: box.Fingerprint(), Encrypted: !o.Plain}
	err = d.Snapshot(ctx, func(s *db.Snapshot) error { return m.write(ctx, s, out, o.Progress) })
	if err != nil {
		return nil, err
	}
	for _, finish := range []func() error{out.Flush, zip.Close, frames.Close} {
		if err := finish(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Manifest) write(ctx context.Context, s *db.Snapshot, w io.Writer, progress func(string, int64)) error {
	var err error
	if m.Version, err = s.Version(ctx); err != nil {
		return fmt.Errorf("read the version of the database: %w; start the program once, which makes its tables", err)
	}
	tables, err := s.Tables(ctx)
	if err != nil {
		return fmt.Errorf("list the tables: %w", err)
	}
	if err := writeJSON(w, head, m); err != nil {
		return err
	}
	for _, t := range tables {
		held, err := writeTable(ctx, s, t, w, progress)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		m.Tables = append(m.Tables, held)
	}
	return writeJSON(w, tail, m)
}

// every is after how many rows progress is told.
const every = 10_000

func writeTable(ctx context.Context, s *db.Snapshot, t db.Table, w io.Writer, progress func(string, int64)) (Table, error) {
	c := columns{Name: t.Name}
	for _, column := range t.Columns {
		c.Names, c.Kinds = append(c.Names, column.Name), append(c.Kinds, column.Kind)
	}
	if err := writeJSON(w, begin, c); err != nil {
		return Table{}, err
	}
	out := Table{Name: t.Name}
	sum := newSum()
	var body []byte
	err := s.Each(ctx, t, func(values []any) (err error) {
		body = body[:0]
		for i, v := range values {
			if body, err = appendValue(body, c.Kinds[i], v); err != nil {
				return fmt.Errorf("column %s: %w", c.Names[i], err)
			}
		}
		sum.add(body)
		if out.Rows++; progress != nil && out.Rows%every == 0 {
			progress(t.Name, out.Rows)
		}
		return writeRecord(w, line, body)
	})
	if err != nil {
		return Table{}, err
	}
	if progress != nil {
		progress(t.Name, out.Rows)
	}
	out.SHA256 = sum.String()
	return out, writeJSON(w, end, out)
}

// rowSum is the SHA-256 over the rows of a table, each with its length.
type rowSum struct {
	hash io.Writer
	sum  func([]byte) []byte
}

func newSum() rowSum {
	h := sha256.New()
	return rowSum{hash: h, sum: h.Sum}
}

func (s rowSum) add(body []byte) {
	_, _ = s.hash.Write(binary.AppendUvarint(nil, uint64(len(body)))) // a hash takes everything
	_, _ = s.hash.Write(body)
}

func (s rowSum) String() string { return hex.EncodeToString(s.sum(nil)) }
