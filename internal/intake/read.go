package intake

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"os"

	"tekentafel/internal/instrument"
)

// Options says how to read a file. The zero value reads what it recognises by itself.
type Options struct {
	Mapping *Mapping // what the headings and cells of this file mean; nil: what the instrument says

	// Headings of columns outside the instrument, "" for none.
	Weight  string   // each respondent's weight; goes to Answers.Weights
	Strata  string   // goes to Answers.Extra under this name
	Cluster string   // the same
	Extra   []string // the same: columns to break down by

	Limits   Limits                  // zero fields take DefaultLimits
	Progress func(done, total int64) // called now and then from one goroutine, with bytes or cells; may be nil
}

// Limits bounds what a file may make the program hold in memory.
type Limits struct {
	CellBytes   int // of one cell
	RowBytes    int // of one row
	Columns     int
	Rows        int
	ColumnBytes int   // of the distinct cells of one column
	UnzipBytes  int64 // of the unpacked parts of a workbook
	UnzipRatio  int64 // of unpacked to packed size of a part of a workbook
	Issues      int   // issues that are kept; the others are counted
}

// DefaultLimits returns limits that no real wave meets.
func DefaultLimits() Limits {
	return Limits{
		CellBytes: 64 << 10, RowBytes: 64 << 20, Columns: 5_000, Rows: 100_000_000, ColumnBytes: 1 << 30,
		UnzipBytes: 2 << 30, UnzipRatio: 200, Issues: 10_000,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		CellBytes: cmp.Or(l.CellBytes, d.CellBytes), RowBytes: cmp.Or(l.RowBytes, d.RowBytes),
		Columns: cmp.Or(l.Columns, d.Columns), Rows: cmp.Or(l.Rows, d.Rows),
		ColumnBytes: cmp.Or(l.ColumnBytes, d.ColumnBytes), UnzipBytes: cmp.Or(l.UnzipBytes, d.UnzipBytes),
		UnzipRatio: cmp.Or(l.UnzipRatio, d.UnzipRatio), Issues: cmp.Or(l.Issues, d.Issues),
	}
}

// factor is a column outside the instrument that becomes a Factor.
type factor struct {
	name, role string
	required   bool // an empty cell is an error
}

func (o Options) factors() []factor {
	var list []factor
	if o.Strata != "" {
		list = append(list, factor{o.Strata, " for the strata", true})
	}
	if o.Cluster != "" {
		list = append(list, factor{o.Cluster, " for the clusters", true})
	}
	for _, name := range o.Extra {
		list = append(list, factor{name, " to break down by", false})
	}
	return list
}

// Result is what was read and what became of the rest.
type Result struct {
	Answers    *instrument.Answers
	Quality    Quality
	Issues     []Issue // in order of row, then column
	MoreIssues int     // issues beyond Limits.Issues
	Proposals  []Merge // in order of column, then spelling
}

// Read reads the file at path. The format follows from what is in it, not from its name. Errors are *Error, or that of
// the context; a cell that is not understood is no error but an Issue.
func Read(ctx context.Context, path string, in *instrument.Instrument, opt Options) (*Result, error) {
	opt.Limits = opt.Limits.orDefault()
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read from
	return read(ctx, path, f, size, in, opt)
}

func openFile(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, &Error{Kind: KindUnreadable, File: path, Message: "the file cannot be opened", Err: errors.Unwrap(err),
			Mend: "check the name, and that you may read it"}
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &Error{Kind: KindUnreadable, File: path, Message: "this is no file", Mend: "name a file with answers"}
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// source is an open file of some format.
type source interface {
	// headings returns the row in which the headings stand, as a spreadsheet counts, and the headings as written.
	headings() (row int, names []string, err error)
	// table reads the wanted columns.
	table(ctx context.Context, p *plan, missing spellings) (*table, error)
	// describe fills in what the source found out about the file.
	describe(*Quality)
}

// input is the file as the formats see it.
type input struct {
	name     string
	file     io.ReaderAt
	size     int64
	limits   Limits
	mapping  *Mapping // never nil
	progress func(done, total int64)
}

func read(ctx context.Context, name string, r io.ReaderAt, size int64, in *instrument.Instrument, opt Options) (*Result, error) {
	f, err := opt.input(name, r, size)
	if err != nil {
		return nil, err
	}
	if f.isSnapshot() {
		return readSnapshot(ctx, f, in, opt)
	}
	src, p, err := f.plan(ctx, in, opt)
	if err != nil {
		return nil, err
	}
	if !p.serves() {
		return nil, p.noneKnown(name, in)
	}
	return readTable(ctx, f, src, p, in, opt)
}

// input returns the file as the formats see it.
func (o Options) input(name string, r io.ReaderAt, size int64) (input, error) {
	if size == 0 {
		return input{}, &Error{Kind: KindEmpty, File: name, Message: "the file is empty", Mend: "export the answers anew"}
	}
	f := input{name: name, file: r, size: size, limits: o.Limits, mapping: o.Mapping, progress: o.Progress}
	if f.mapping == nil {
		f.mapping = &Mapping{}
	}
	if f.progress == nil {
		f.progress = func(int64, int64) {}
	}
	return f, nil
}

// plan opens the file and says which of its columns serves what.
func (f input) plan(ctx context.Context, in *instrument.Instrument, opt Options) (source, *plan, error) {
	src, err := f.source(ctx)
	if err != nil {
		return nil, nil, err
	}
	row, names, err := src.headings()
	if err != nil {
		return nil, nil, err
	}
	if names, err = checkHeadings(f.name, row, names, opt.Limits); err != nil {
		return nil, nil, err
	}
	p, err := newPlan(f.name, names, in, opt)
	return src, p, err
}

func readTable(ctx context.Context, f input, src source, p *plan, in *instrument.Instrument, opt Options) (*Result, error) {
	missing := newSpellings(DefaultMissing())
	if f.mapping.Missing != nil {
		missing = newSpellings(f.mapping.Missing)
	}
	t, err := src.table(ctx, p, missing)
	if err != nil {
		return nil, err
	}
	if t.rows == 0 {
		return nil, &Error{Kind: KindEmpty, File: f.name, Message: "the file has headings but no rows", Mend: "export the answers anew"}
	}
	c := &coder{name: f.name, plan: p, table: t, mapping: f.mapping, missing: missing, issues: issues{limit: opt.Limits.Issues}}
	src.describe(&c.quality)
	answers, err := c.answers(ctx, in, opt)
	if err != nil {
		return nil, err
	}
	res := &Result{Answers: answers, Quality: c.quality, Proposals: c.proposals}
	res.Issues, res.MoreIssues = c.issues.done()
	return res, nil
}

// usableWeight tells whether a weight may be computed with.
func usableWeight(w float64) bool { return w >= 0 && !math.IsInf(w, 1) }
