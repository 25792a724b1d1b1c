package backup

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"tekentafel/internal/seal"
)

// sink takes what a backup holds.
type sink interface {
	table(columns) error
	row(values []any) error // holds the values of one row; they may be kept
	end() error
}

// nowhere is the sink of who only looks.
type nowhere struct{}

func (nowhere) table(columns) error { return nil }
func (nowhere) row([]any) error     { return nil }
func (nowhere) end() error          { return nil }

// Look reads the beginning of a backup, which is readable without its key.
func Look(r io.Reader) (*Header, error) {
	h, _, err := readHeader(bufio.NewReader(r))
	return h, err
}

// Verify reads a whole backup and says what it holds. The error is ErrNoBackup, ErrOtherKey or ErrDamaged when it cannot
// be restored. Box may be nil for a backup that is not encrypted.
func Verify(ctx context.Context, box *seal.Box, r io.Reader) (*Manifest, error) {
	return scan(ctx, box, r, nowhere{})
}

// scan reads a whole backup into a sink, and checks all of it.
func scan(ctx context.Context, box *seal.Box, r io.Reader, to sink) (*Manifest, error) {
	frames, header, err := newFrameReader(ctx, r, box)
	if err != nil {
		return nil, err
	}
	zip, err := gzip.NewReader(frames)
	if err != nil {
		return nil, damaged(err)
	}
	zip.Multistream(false)
	in := &reader{r: bufio.NewReaderSize(zip, frameSize), to: to}
	m, err := in.all()
	if err != nil {
		return nil, damaged(err)
	}
	if _, err := in.r.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, damaged(err)
	}
	if _, err := frames.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, damaged(err)
	}
	if m.Key != header.Key || m.Format != header.Format || m.Encrypted != (header.Cipher == sealed) {
		return nil, fmt.Errorf("%w (its beginning is that of another)", ErrDamaged)
	}
	return m, nil
}

// damaged marks errors of the formats below as damage; those of a sink and of the disk stay what they are.
func damaged(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case err == nil:
		return fmt.Errorf("%w (more follows behind its end)", ErrDamaged)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &corrupt):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

type reader struct {
	r     *bufio.Reader
	buf   bytes.Buffer
	to    sink
	found []Table
}

func (in *reader) all() (*Manifest, error) {
	first, err := in.manifest(head)
	if err != nil {
		return nil, err
	}
	for {
		k, body, err := readRecord(in.r, &in.buf)
		if err != nil {
			return nil, err
		}
		switch k {
		case begin:
			if err := in.table(body); err != nil {
				return nil, err
			}
		case tail:
			var m Manifest
			if err := unmarshal(body, &m); err != nil {
				return nil, err
			}
			if !slices.Equal(m.Tables, in.found) || m.Version != first.Version || m.Key != first.Key || !m.Created.Equal(first.Created) {
				return nil, fmt.Errorf("%w (it does not hold what its manifest says)", ErrDamaged)
			}
			return &m, nil
		case head, line, end:
			return nil, fmt.Errorf("%w (a record of kind %q out of place)", ErrDamaged, k)
		default:
			return nil, fmt.Errorf("%w (a record of unknown kind %q)", ErrDamaged, k)
		}
	}
}

func (in *reader) manifest(want kind) (m Manifest, err error) {
	k, body, err := readRecord(in.r, &in.buf)
	if err != nil {
		return m, err
	}
	if k != want {
		return m, fmt.Errorf("%w (no manifest)", ErrDamaged)
	}
	return m, unmarshal(body, &m)
}

func (in *reader) table(body []byte) error {
	var c columns
	if err := unmarshal(body, &c); err != nil {
		return err
	}
	if c.Name == "" || len(c.Names) != len(c.Kinds) || len(c.Names) == 0 {
		return fmt.Errorf("%w (a table without columns)", ErrDamaged)
	}
	if err := in.to.table(c); err != nil {
		return err
	}
	t := Table{Name: c.Name}
	sum := newSum()
	for {
		k, body, err := readRecord(in.r, &in.buf)
		if err != nil {
			return err
		}
		if k != line {
			var said Table
			if k != end || unmarshal(body, &said) != nil {
				return fmt.Errorf("%w (table %s does not end)", ErrDamaged, c.Name)
			}
			if t.SHA256 = sum.String(); t != said {
				return fmt.Errorf("%w (table %s does not hold what it says)", ErrDamaged, c.Name)
			}
			in.found = append(in.found, t)
			return in.to.end()
		}
		sum.add(body)
		t.Rows++
		values, err := readRow(make([]any, 0, len(c.Kinds)), body, c.Kinds)
		if err != nil {
			return fmt.Errorf("table %s, row %d: %w", c.Name, t.Rows, err)
		}
		if err := in.to.row(values); err != nil {
			return fmt.Errorf("table %s, row %d: %w", c.Name, t.Rows, err)
		}
	}
}

func unmarshal(body []byte, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return nil
}
