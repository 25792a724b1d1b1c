package sheet

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"

	"tekentafel/internal/national"
)

// Options says how to read a file. The zero value finds out everything by itself, and refuses national numbers.
type Options struct {
	Cleaner *national.Cleaner // nil refuses a file with national numbers

	// What somebody chose after a first look, each "" or 0 to find it out.
	Sheet        string // of a workbook
	Encoding     string // of a text: UTF8, UTF16LE, UTF16BE, Windows1252, CodePage850, MacRoman
	Separator    string // of a text: one character of ASCII
	HeadingRow   int    // the last row of the headings, as a spreadsheet counts; -1: there are none
	HeadingCount int    // the number of rows of the headings; with HeadingRow, 0 is 1

	Limits   Limits
	Progress func(done, total int64) // called now and then, with bytes of a text or rows of a workbook; may be nil
}

// Limits bounds what a file may make the program hold in memory. Zero fields take DefaultLimits.
type Limits struct {
	Rows      int
	Columns   int
	CellBytes int
}

// DefaultLimits returns limits that no list of staff meets.
func DefaultLimits() Limits { return Limits{Rows: 5_000_000, Columns: 500, CellBytes: 64 << 10} }

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{Rows: cmp.Or(l.Rows, d.Rows), Columns: cmp.Or(l.Columns, d.Columns), CellBytes: cmp.Or(l.CellBytes, d.CellBytes)}
}

func (o Options) progress(total int64) func(int) {
	if o.Progress == nil {
		return func(int) {}
	}
	return func(done int) { o.Progress(min(int64(done), total), total) }
}

// Read reads a CSV or XLSX file. What it is follows from its first bytes, not from its name. The error is an *Error or that of
// the context; it never quotes a national number.
func Read(ctx context.Context, path string, opt Options) (*Table, error) {
	opt.Limits = opt.Limits.orDefault()
	s, err := open(ctx, path, opt)
	if err != nil {
		return nil, err
	}
	if s.grid.rows() == 0 {
		return nil, &Error{Kind: ErrEmpty}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s.table(opt)
}

func open(ctx context.Context, path string, opt Options) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &Error{Kind: ErrUnreadable, Err: errors.Unwrap(err)}
	}
	defer f.Close() //nolint:errcheck // only read from
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, &Error{Kind: ErrUnreadable, Err: errors.Unwrap(err)}
	}
	if info.Size() == 0 {
		return nil, &Error{Kind: ErrEmpty}
	}
	magic := make([]byte, 8)
	n, err := f.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{Kind: ErrUnreadable, Err: err}
	}
	magic = magic[:n]
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")), bytes.HasPrefix(magic, []byte("PK\x05\x06")):
		return readWorkbook(ctx, path, opt)
	case bytes.HasPrefix(magic, []byte("\xD0\xCF\x11\xE0")):
		return nil, &Error{Kind: ErrOldExcel}
	case bytes.HasPrefix(magic, []byte("%PDF")), bytes.HasPrefix(magic, []byte("PAR1")):
		return nil, &Error{Kind: ErrBinary}
	}
	return readText(ctx, f, info.Size(), opt)
}
