package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"
)

// parquetSource is a Parquet file of flat columns.
type parquetSource struct {
	input
	file    *parquet.File
	columns []*parquet.Column // by heading
}

func openParquet(f input) (src source, err error) {
	defer f.guard(&err)
	if err := f.checkFooter(); err != nil {
		return nil, err
	}
	file, err := parquet.OpenFile(f.file, f.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, f.fail(err, "the Parquet file is damaged or incomplete")
	}
	s := &parquetSource{input: f, file: file, columns: file.Root().Columns()}
	rows := int64(0)
	for _, g := range file.RowGroups() {
		if g.NumRows() < 0 {
			return nil, f.damaged("a row group has a negative number of rows")
		}
		rows += g.NumRows()
	}
	switch {
	case rows != file.NumRows():
		return nil, f.damaged(fmt.Sprintf("the row groups have %d rows, the file says %d", rows, file.NumRows()))
	case rows > int64(f.limits.Rows):
		return nil, &Error{
			Kind: KindLimit, File: f.name, Message: fmt.Sprintf("the file has %d rows; the most is %d", rows, f.limits.Rows),
			Mend: "split the wave, or draw a sample of the rows",
		}
	case len(s.columns) == 0:
		return nil, &Error{Kind: KindEmpty, File: f.name, Message: "the file has no columns", Mend: "export the answers anew"}
	}
	return s, nil
}

func (s *parquetSource) headings() (int, []string, error) {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.Name()
	}
	return 1, names, nil
}

func (s *parquetSource) describe(q *Quality) { q.Format = "parquet" }

// table reads the wanted columns side by side, each from its first row group to its last.
func (s *parquetSource) table(ctx context.Context, p *plan, missing spellings) (*table, error) {
	t := newTable(p, s.limits)
	t.headerRow, t.rows = 1, int(s.file.NumRows())
	sinks := t.sinks(p, missing)
	wanted := 0
	for i, c := range s.columns {
		if sinks[i] == nil {
			continue
		}
		wanted++
		if !c.Leaf() || c.Repeated() {
			return nil, &Error{
				Kind: KindFormat, File: s.name, Column: c.Name(), Message: "the column is nested: a cell holds a list or a record",
				Mend: "write one value in a cell; for a multiple choice, a column for each option or the options between semicolons",
			}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var done atomic.Int64
	for i, c := range s.columns {
		if sinks[i] == nil {
			continue
		}
		g.Go(func() (err error) {
			defer s.guard(&err)
			r := newPageReader(c, sinks[i], t.columns[i])
			if err := s.column(ctx, r, t.rows); err != nil {
				return s.located(err, c.Name())
			}
			done.Add(int64(t.rows))
			return nil
		})
	}
	err := g.Wait()
	s.progress(done.Load(), int64(t.rows)*int64(wanted))
	return t, err
}

func (s *parquetSource) located(err error, column string) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	err = s.fail(err, "the Parquet file is damaged or incomplete")
	var e *Error
	if errors.As(err, &e) {
		e.Column = column
	}
	return err
}

// column reads one column into its raw column.
func (s *parquetSource) column(ctx context.Context, r *pageReader, rows int) error {
	if r.sink.want&(wantIDs|wantPresence) != 0 {
		r.whole = make([]uint8, rows)
	}
	for i, g := range s.file.RowGroups() {
		if err := s.checkPages(i, r.column.Index()); err != nil {
			return err
		}
		if err := r.rowGroup(ctx, g); err != nil {
			return err
		}
	}
	r.finish(rows)
	return nil
}

// rowGroup reads the pages of the column in one row group.
func (r *pageReader) rowGroup(ctx context.Context, g parquet.RowGroup) (err error) {
	pages := g.ColumnChunks()[r.column.Index()].Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	left := int(g.NumRows())
	for left > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return &Error{Kind: KindFormat, Message: fmt.Sprintf("the column ends %d rows before the others", left), Mend: "export the answers anew"}
		}
		if err != nil {
			return err
		}
		n := int(page.NumRows())
		if n > left {
			parquet.Release(page)
			return &Error{Kind: KindFormat, Message: "the column has more rows than the others", Mend: "export the answers anew"}
		}
		err = r.page(page, n)
		parquet.Release(page)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

// finish joins the parts: when all rows fitted one byte, they are one piece.
func (r *pageReader) finish(rows int) {
	if r.raw.dict == nil {
		return
	}
	if !slices.ContainsFunc(r.raw.parts, func(p part) bool { return p.u8 == nil && p.len() > 0 }) {
		r.raw.whole = r.whole[:rows:rows]
		r.raw.parts = []part{{u8: r.raw.whole}}
	}
}
