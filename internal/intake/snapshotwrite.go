package intake

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"tekentafel/internal/instrument"
)

// WriteSnapshot writes answers as a snapshot, which Read loads at the speed of the disk. A file that stands at path is
// replaced as a whole, or not at all when an error is returned.
func WriteSnapshot(path string, a *instrument.Answers) error { return writeSnapshot(path, a, nil) }

// WriteSnapshot writes the answers as a snapshot together with what is known of their quality, so that reading it
// gives this result again. Weight is the heading that the weights were read from, "" without weights.
func (r *Result) WriteSnapshot(path, weight string) error {
	return writeSnapshot(path, r.Answers, &snapshotSource{
		Weight: weight, Quality: r.Quality, Issues: r.Issues, MoreIssues: r.MoreIssues, Proposals: r.Proposals,
	})
}

// snapshotChunk is how much of a column is turned into bytes at a time.
const snapshotChunk = 1 << 16

func writeSnapshot(path string, a *instrument.Answers, source *snapshotSource) (err error) {
	head, pieces, err := planSnapshot(a, source)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return fmt.Errorf("a snapshot cannot be written beside %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, p := range pieces {
		if err := p(w); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// planSnapshot lays out the pieces and returns the encoded header and the functions that write them in order.
func planSnapshot(a *instrument.Answers, source *snapshotSource) (head []byte, pieces []func(io.Writer) error, err error) {
	h := &snapshotHeader{
		Instrument: a.Instrument.ID, Version: a.Instrument.Version, Variables: variablesHash(a.Instrument),
		N: a.N, Synthetic: a.Synthetic, Texts: a.Texts, Source: source, Extra: map[string]snapshotFactor{},
	}
	offset := int64(0)
	place := func(write func(io.Writer) error) (snapshotPiece, error) {
		sum := crc32.New(castagnoli())
		n := &countingWriter{w: sum}
		if err := write(n); err != nil {
			return snapshotPiece{}, err
		}
		p := snapshotPiece{Offset: offset, Bytes: n.n, CRC: sum.Sum32()}
		offset += n.n + padding(n.n)
		pieces = append(pieces, func(w io.Writer) error {
			if err := write(w); err != nil {
				return err
			}
			_, err := w.Write(make([]byte, padding(n.n)))
			return err
		})
		return p, nil
	}
	for i, c := range a.Columns {
		if c == nil {
			continue
		}
		if c.Len() != a.N {
			return nil, nil, fmt.Errorf("variable %s has %d answers, not %d", a.Variables[i].ID, c.Len(), a.N)
		}
		p, err := place(func(w io.Writer) error { return writeCodes(w, c) })
		if err != nil {
			return nil, nil, err
		}
		h.Columns = append(h.Columns, snapshotColumn{
			Variable: a.Variables[i].ID, Wide: c.Narrow == nil, K: c.K, snapshotPiece: p, Levels: c.Levels, Numbers: c.Numbers,
		})
	}
	if a.Weights != nil {
		p, err := place(func(w io.Writer) error {
			return writeWords(w, a.Weights, 8, func(b []byte, v float64) { binary.LittleEndian.PutUint64(b, math.Float64bits(v)) })
		})
		if err != nil {
			return nil, nil, err
		}
		h.Weights = &p
	}
	if a.Links != nil {
		if len(a.Links) != a.N {
			return nil, nil, fmt.Errorf("there are %d links, not %d", len(a.Links), a.N)
		}
		p, err := place(func(w io.Writer) error {
			return writeWords(w, a.Links, len(instrument.Link{}), func(b []byte, l instrument.Link) { copy(b, l[:]) })
		})
		if err != nil {
			return nil, nil, err
		}
		h.Links = &p
	}
	for _, name := range slices.Sorted(maps.Keys(a.Extra)) {
		f := a.Extra[name]
		p, err := place(func(w io.Writer) error { return writeWords(w, f.Codes, 4, binary.LittleEndian.PutUint32) })
		if err != nil {
			return nil, nil, err
		}
		h.Extra[name] = snapshotFactor{snapshotPiece: p, Levels: f.Levels}
	}
	head, err = h.encode()
	return head, pieces, err
}

func writeCodes(w io.Writer, c *instrument.Column) error {
	if c.Wide != nil {
		return writeWords(w, c.Wide, 2, binary.LittleEndian.PutUint16)
	}
	_, err := w.Write(c.Narrow)
	return err
}

func writeWords[T any](w io.Writer, list []T, size int, put func([]byte, T)) error {
	buffer := make([]byte, snapshotChunk)
	for chunk := range slices.Chunk(list, snapshotChunk/size) {
		for i, v := range chunk {
			put(buffer[i*size:], v)
		}
		if _, err := w.Write(buffer[:len(chunk)*size]); err != nil {
			return err
		}
	}
	return nil
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
