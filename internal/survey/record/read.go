package record

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/instrument"
)

// Read reads one respondent's answers: a JSON object with, under the ID of an item or of a row of a matrix, the ID of an
// option, a list of such IDs (multiple choice), a number or a text; null is no answer. It decides by the routing of the
// instrument what was to be asked, drops the rest, and refuses with a *Problems what does not fit or is required and not
// there.
//
// A codec of NewLinked also takes a link, as 64 hexadecimal digits under LinkID.
func (c *Codec) Read(raw []byte) (Record, error) { return c.read(raw, true) }

// Draft is Read of answers under way: what is required may still be absent.
func (c *Codec) Draft(raw []byte) (Record, error) { return c.read(raw, false) }

func (c *Codec) read(raw []byte, complete bool) (Record, error) {
	if len(raw) > MaxBytes {
		return Record{}, whole(TooLarge)
	}
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return Record{}, whole(Broken)
	}
	r := reader{
		Codec:   c,
		in:      scanner{raw: raw},
		answers: make([]given, len(c.fields)),
		seen:    make([]bool, len(c.fields)),
		rec: Record{
			codec: c, codes: make([]uint8, len(c.variables)),
			numbers: make([]float64, len(c.numbers)), texts: make([]string, len(c.texts)),
		},
	}
	if !r.object() {
		return Record{}, whole(Broken)
	}
	r.route(complete)
	if len(r.problems) > 0 {
		r.sort()
		return Record{}, &Problems{List: r.problems}
	}
	return r.rec, nil
}

// given is an answer that fits its field.
type given struct {
	codes  []uint8 // of the variables of the field; nil: not answered
	number float64
	text   string
}

// reader reads one object.
type reader struct {
	*Codec
	in       scanner
	rec      Record
	answers  []given // by field
	seen     []bool
	asLink   bool // a link came in
	problems []Problem
}

func (r *reader) wrong(f *field, fault Fault) {
	if len(r.problems) < MaxProblems {
		r.problems = append(r.problems, Problem{Item: f.item.ID, Variable: f.id, Fault: fault})
	}
}

// object reads the whole; false when it is no object of answers.
func (r *reader) object() bool {
	if !r.in.takes('{') {
		return false
	}
	for !r.in.takes('}') {
		r.in.takes(',')
		r.in.next()
		id, ok := r.in.text()
		if !ok || !r.in.takes(':') || !r.member(id) {
			return false
		}
	}
	return true
}

// member reads one answer; false when it goes deeper than answers do.
func (r *reader) member(id string) bool {
	value, list, ok := r.value()
	if !ok {
		return false
	}
	f := r.fields[id]
	switch {
	case r.linked && id == LinkID:
		r.link(value, list)
	case f == nil:
		if len(r.problems) < MaxProblems {
			id = shortened(id)
			r.problems = append(r.problems, Problem{Item: id, Variable: id, Fault: Unknown})
		}
	case r.seen[f.at]:
		r.wrong(f, Twice)
	default:
		r.seen[f.at] = true
		if value != nil || list != nil {
			r.answer(f, value, list)
		}
	}
	return true
}

// shortened keeps the name of an unknown item from filling an answer.
func shortened(id string) string {
	const most = 64
	id = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, id)
	for i := range id {
		if i >= most {
			return id[:i]
		}
	}
	return id
}

// value reads a string, a number, null, or a list of strings. Of a list of something else the value is true.
func (r *reader) value() (value any, list []string, ok bool) {
	switch r.in.next() {
	case '{':
		return nil, nil, false
	case '"':
		value, ok = r.in.text()
		return value, nil, ok
	case '[':
		return r.list()
	}
	switch word := r.in.word(); word {
	case "null":
		return nil, nil, true
	case "true", "false":
		return true, nil, true
	default:
		return json.Number(word), nil, true
	}
}

func (r *reader) list() (value any, list []string, ok bool) {
	list = []string{}
	for r.in.takes('['); !r.in.takes(']'); r.in.takes(',') {
		switch r.in.next() {
		case '{', '[':
			return nil, nil, false
		case '"':
			id, ok := r.in.text()
			if !ok {
				return nil, nil, false
			}
			list = append(list, id)
		default:
			r.in.word()
			value = true
		}
	}
	return value, list, true
}

// answer reads what was given to a field.
func (r *reader) answer(f *field, value any, list []string) {
	word, isWord := value.(string)
	g := &r.answers[f.at]
	switch f.item.Kind {
	case instrument.Multiple:
		if list == nil || value != nil {
			r.wrong(f, WrongKind)
			return
		}
		r.chosen(f, g, list)
	case instrument.Number:
		n, isNumber := value.(json.Number)
		if !isNumber {
			r.wrong(f, WrongKind)
			return
		}
		r.number(f, g, n)
	case instrument.OpenText:
		if !isWord {
			r.wrong(f, WrongKind)
			return
		}
		if g.text = clean(word); utf8.RuneCountInString(g.text) > MaxText {
			r.wrong(f, TooLong)
			return
		}
		if g.text != "" {
			g.codes = []uint8{instrument.FirstOption}
		}
	default:
		if !isWord {
			r.wrong(f, WrongKind)
			return
		}
		o, found := f.codes[word]
		if !found {
			r.wrong(f, NoOption)
			return
		}
		g.codes = []uint8{o.code}
	}
}

// chosen reads the options of a multiple choice. None chosen is no answer.
func (r *reader) chosen(f *field, g *given, list []string) {
	if len(list) == 0 {
		return
	}
	g.codes = slices.Repeat([]uint8{instrument.FirstOption}, f.count)
	alone, count := false, 0
	for i, id := range list {
		o, found := f.codes[id]
		if !found {
			r.wrong(f, NoOption)
			return
		}
		if i >= len(f.codes) || slices.Contains(list[:i], id) {
			r.wrong(f, Twice)
			return
		}
		alone, count = alone || o.alone, count+1
		if o.variable >= 0 {
			g.codes[o.variable-f.first] = o.code
			continue
		}
		for j := range g.codes {
			g.codes[j] = o.code
		}
	}
	if alone && count > 1 {
		r.wrong(f, Together)
	}
}

func (r *reader) number(f *field, g *given, n json.Number) {
	v, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsInf(v, 0) || f.item.Min != nil && v < *f.item.Min || f.item.Max != nil && v > *f.item.Max {
		r.wrong(f, Range)
		return
	}
	g.number = v + 0 // -0 and 0 are one
	g.codes = []uint8{instrument.FirstOption}
}
