package draft

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// Options are what Make needs beside the file.
type Options struct {
	Day      org.Date                // of the import, by which years of two digits get their century
	Prefix   string                  // that stands before each staff number, with a dash between; "" for none
	Progress func(done, total int64) // rows; may be nil
}

// ErrMapping is the error when a mapping cannot work on a file; mapping.Check says why.
var ErrMapping = errors.New("the mapping does not fit the file")

// ErrDay is the error when the day of the import is not given.
var ErrDay = errors.New("the day of the import is missing")

// beat is after how many rows progress is told and the context is asked.
const beat = 8192

// Make reads the rows of a file. The error is ErrMapping, ErrDay or that of the context.
func Make(ctx context.Context, t mapping.Table, m *mapping.Mapping, opt Options) (*Draft, error) {
	if opt.Day == 0 {
		return nil, ErrDay
	}
	headings := t.Headings()
	if problems := m.Check(headings); len(problems) > 0 {
		return nil, fmt.Errorf("%w: %s %s", ErrMapping, problems[0].Kind, problems[0].Field)
	}
	r := newReader(headings, m, opt)
	d := &Draft{Content: r.content, Key: m.Key, Fields: r.fields, In: t.Len(), prefix: r.prefix, byKey: map[string]int32{}, held: map[string]bool{}}
	if d.Content != mapping.People {
		d.Key = ""
	} else {
		d.Rows = make([]Row, 0, t.Len())
	}
	if err := r.scale(ctx, t); err != nil {
		return nil, err
	}
	if err := r.oldLevels(ctx, t); err != nil {
		return nil, err
	}
	var cells []string
	for i := range t.Len() {
		if i%beat == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if opt.Progress != nil {
				opt.Progress(int64(i), int64(t.Len()))
			}
		}
		cells = t.AppendRow(cells[:0], i)
		r.take(d, t.Number(i), cells)
	}
	r.finish(d)
	if opt.Progress != nil {
		opt.Progress(int64(t.Len()), int64(t.Len()))
	}
	return d, nil
}

// reader reads rows by a mapping.
type reader struct {
	content  mapping.Content
	key      mapping.Key
	prefix   string // before staff numbers, with its dash
	fields   Fields
	column   []int // by field, -1 for none
	used     []bool
	headings []string // folded
	values   mapping.Values
	in, out  map[string]bool // words for in and out of service
	latest   int             // the last year of a date of two digits
	born     int             // the last year of birth
	full     float64
	old      bool // levels are numbered as before 2002
	texts    texts
	doubts   doubts
	places   places
	roles    roles
	marks    serviceMarks
}

// serviceMarks counts what a column of Service holds.
type serviceMarks struct{ marks, answers int }

func newReader(headings []string, m *mapping.Mapping, opt Options) *reader {
	f := m.Fit(headings)
	r := &reader{content: f.Content(), key: m.Key, prefix: dashed(opt.Prefix), column: make([]int, len(mapping.Fields())), used: make([]bool, len(headings)), values: m.Values, in: map[string]bool{}, out: map[string]bool{}, texts: texts{map[string]string{}}}
	for i := range r.column {
		r.column[i] = -1
	}
	for i, field := range f.Fields {
		if at := field.At(); at >= 0 {
			r.column[at], r.used[i] = i, true
			r.fields |= bit(field)
		}
	}
	for _, h := range headings {
		r.headings = append(r.headings, value.Fold(h))
	}
	for _, w := range m.Values.In {
		r.in[value.Fold(w)] = true
	}
	for _, w := range m.Values.Out {
		r.out[value.Fold(w)] = true
	}
	year := opt.Day.Year()
	r.latest, r.born = year+30, year-10
	if r.full = m.Values.FullHours; r.full == 0 {
		r.full = 38
	}
	r.places = newPlaces(r, f)
	r.roles = newRoles(r)
	return r
}

// of returns the column of a field, -1 for none.
func (r *reader) of(f mapping.Field) int { return r.column[f.At()] }

// cell returns what stands in the column of a field; "" for nothing.
func (r *reader) cell(cells []string, f mapping.Field) string {
	c := r.of(f)
	if c < 0 || c >= len(cells) || value.Empty(cells[c]) {
		return ""
	}
	return cells[c]
}

// text returns a cell as a line of at most 200 characters.
func (r *reader) text(cells []string, f mapping.Field) string {
	s := line(r.cell(cells, f))
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return r.texts.of(s)
}

// longest is the longest text that is kept, in bytes.
const longest = 400

// scale settles what bare numbers in the part of full time mean, when the mapping leaves that open.
func (r *reader) scale(ctx context.Context, t mapping.Table) error {
	if r.of(mapping.FTE) < 0 || r.values.Scale != value.Auto {
		return nil
	}
	var cells []string
	r.values.Scale = value.ScaleOf(func(yield func(string) bool) {
		for i := range t.Len() {
			if i%beat == 0 && ctx.Err() != nil {
				return
			}
			cells = t.AppendRow(cells[:0], i)
			if c := r.cell(cells, mapping.FTE); c != "" && !yield(c) {
				return
			}
		}
	})
	return ctx.Err()
}

// oldLevels settles whether the levels of functions are numbered as they were before 2002: one of them is 2+, and none has a letter.
func (r *reader) oldLevels(ctx context.Context, t mapping.Table) error {
	if r.of(mapping.FunctionLevel) < 0 {
		return nil
	}
	var cells []string
	for i := range t.Len() {
		if i%beat == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		cells = t.AppendRow(cells[:0], i)
		c := r.cell(cells, mapping.FunctionLevel)
		if _, letter := value.Level(c); letter {
			r.old = false
			return nil
		}
		r.old = r.old || value.PlusLevel(c)
	}
	return nil
}

// level reads the level of a function.
func (r *reader) level(cell string) (org.Level, bool) {
	if r.old {
		return value.OldLevel(cell)
	}
	return value.Level(cell)
}
