package draft

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// Options are what Make needs beside the file.
type Options struct {
	Day      org.Date                // of the import, by which years of two digits get their century
	Progress func(done, total int64) // rows; may be nil
}

// ErrMapping is the error when a mapping cannot work on a file; mapping.Check says why.
var ErrMapping = errors.New("the mapping does not fit the file")

// beat is after how many rows progress is told and the context is asked.
const beat = 8192

// Make reads the rows of a file. The error is ErrMapping or that of the context.
func Make(ctx context.Context, t mapping.Table, m *mapping.Mapping, opt Options) (*Draft, error) {
	headings := t.Headings()
	if problems := m.Check(headings); len(problems) > 0 {
		return nil, fmt.Errorf("%w: %s %s", ErrMapping, problems[0].Kind, problems[0].Field)
	}
	r := newReader(headings, m, opt)
	d := &Draft{Content: r.content, Key: m.Key, Fields: r.fields, In: t.Len(), byKey: map[string]int32{}, held: map[string]bool{}}
	if d.Content != mapping.People {
		d.Key = ""
	} else {
		d.Rows = make([]Row, 0, t.Len())
	}
	if err := r.scale(ctx, t); err != nil {
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
	fields   Fields
	column   []int // by field, -1 for none
	used     []bool
	headings []string // folded
	values   mapping.Values
	in, out  map[string]bool // words for in and out of service
	latest   int             // the last year of a date of two digits
	born     int             // the last year of birth
	full     float64
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
	r := &reader{content: f.Content(), key: m.Key, column: make([]int, len(mapping.Fields())), used: make([]bool, len(headings)), values: m.Values, in: map[string]bool{}, out: map[string]bool{}, texts: texts{map[string]string{}}}
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
	if year == 0 {
		year = 2026
	}
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

// take reads a row.
func (r *reader) take(d *Draft, number int, cells []string) {
	reject := func(kind Kind, f mapping.Field) {
		x := Rejected{Row: number, Kind: kind, Column: -1}
		if f != mapping.Ignore {
			x.Column = r.of(f)
			if x.Column >= 0 && x.Column < len(cells) && f != mapping.National {
				x.Value = short(cells[x.Column])
			}
		}
		d.Rejected = append(d.Rejected, x)
	}
	if kind := r.odd(cells); kind != "" {
		reject(kind, mapping.Ignore)
		return
	}
	switch d.Content {
	case mapping.Units:
		r.takeUnit(d, number, cells, reject)
	case mapping.Functions:
		r.takeFunction(d, number, cells, reject)
	case mapping.People:
		r.takePerson(d, number, cells, reject)
	case mapping.Nothing:
	}
}

func (r *reader) takeUnit(d *Draft, number int, cells []string, reject func(Kind, mapping.Field)) {
	if i := r.places.mention(number, cells); i < 0 || len(r.places.mentions[i].names) == 0 {
		reject(NoName, mapping.Ignore)
		return
	}
	d.Taken++
}

func (r *reader) takeFunction(d *Draft, number int, cells []string, reject func(Kind, mapping.Field)) {
	if r.cell(cells, mapping.FunctionName) == "" || r.roles.mention(number, cells) < 0 {
		reject(NoName, mapping.FunctionName)
		return
	}
	d.Taken++
}

func (r *reader) takePerson(d *Draft, number int, cells []string, reject func(Kind, mapping.Field)) {
	key, kind := r.keyOf(cells)
	if kind == NoKey && r.places.heading(number, cells, r.used) {
		d.Taken++ // the name of a unit above the rows of its people
		return
	}
	if kind != "" {
		reject(kind, r.key)
		return
	}
	row := r.person(number, cells)
	who, known := d.byKey[key]
	if !known {
		key = strings.Clone(key)
		who = int32(len(d.folks))
		d.byKey[key] = who
		d.folks = append(d.folks, folk{})
	} else {
		key = d.Rows[d.folks[who].rows[0]].Key
	}
	row.Key = key
	switch r.key {
	case mapping.Number:
		row.Staff = key
	case mapping.Mail:
		row.Mail = key
	case mapping.National:
		row.Hidden = key
	default:
	}
	d.folks[who].rows = append(d.folks[who].rows, int32(len(d.Rows)))
	d.Rows = append(d.Rows, row)
	d.Taken++
}

// keyOf returns what the person is recognised by.
func (r *reader) keyOf(cells []string) (string, Kind) {
	c := r.cell(cells, r.key)
	if c == "" {
		return "", NoKey
	}
	switch r.key {
	case mapping.Mail:
		if m, ok := mail(c); ok {
			return m, ""
		}
		return "", BadKey
	case mapping.National:
		if h := line(c); strings.HasPrefix(h, mapping.HashMark) && len(h) < longest {
			return h, ""
		}
		return "", BadKey
	default:
		n := number(c, r.values.Width)
		if n == "" {
			return "", NoKey
		}
		if len(n) > contact.LongestNumber {
			return "", BadKey
		}
		return n, ""
	}
}

// mail reads an address, also as "Jan Peeters <jan@stad.be>" and "mailto:jan@stad.be".
func mail(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	return contact.Mail(s)
}

// finish settles what depends on all rows: which units and functions there are, rows that are the same, people without a name.
func (r *reader) finish(d *Draft) {
	unitOf := r.places.settle(d, &r.doubts)
	functionOf := r.roles.settle(d, &r.doubts)
	for i := range d.Rows {
		row := &d.Rows[i]
		if row.Unit >= 0 {
			row.Unit = unitOf[row.Unit]
		}
		if row.Function >= 0 {
			row.Function = functionOf[row.Function]
		}
		if r.fields.Has(mapping.Service) && row.Service == value.Unsaid && !row.Unread.Has(mapping.Service) && r.marks.marks > 0 && r.marks.answers == 0 {
			row.Service = value.No // a column of marks says no by an empty cell
			if r.values.Inverse {
				row.Service = value.Yes
			}
		}
	}
	d.settleFolks(r)
	slices.SortStableFunc(d.Rejected, func(a, b Rejected) int { return cmp.Compare(a.Row, b.Row) })
	d.Doubts = r.doubts.done()
}
