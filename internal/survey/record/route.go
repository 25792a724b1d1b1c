package record

import (
	"slices"

	"tekentafel/internal/instrument"
)

// route decides what was to be asked, puts the answers to that in the record, and notes what is missing of it.
func (r *reader) route(complete bool) {
	r.rec.asked = r.routing.Route(r.given)
	for i, asked := range r.rec.asked {
		if !asked {
			continue // NotAsked is the zero of the record
		}
		for at := r.items[i].from; at < r.items[i].to; {
			f := r.of[at]
			if f == nil { // a category without options is asked nobody
				at++
				continue
			}
			r.keep(f, complete)
			at += f.count
		}
	}
}

// given is what the conditions see.
func (r *reader) given(id string) instrument.Given {
	at, ok := r.byID[id]
	if !ok || r.of[at] == nil {
		return instrument.Given{}
	}
	f := r.of[at]
	g := &r.answers[f.at]
	if g.codes == nil {
		return instrument.Given{}
	}
	out := instrument.Given{Code: int(g.codes[at-f.first]), Number: g.number}
	if levels := r.levels[at]; levels != nil && out.Code >= instrument.FirstOption {
		out.Level = levels[out.Code-instrument.FirstOption]
	}
	return out
}

// keep puts the answer to a field that was asked in the record.
func (r *reader) keep(f *field, complete bool) {
	g := &r.answers[f.at]
	codes := r.rec.codes[f.first : f.first+f.count]
	if g.codes == nil {
		for j := range codes {
			codes[j] = instrument.NoAnswer
		}
		if complete && f.item.Required && !r.faulty(f) {
			r.wrong(f, Required)
		}
		return
	}
	copy(codes, g.codes)
	switch r.kinds[f.first] {
	case number:
		at, _ := slices.BinarySearch(r.numbers, f.first)
		r.rec.numbers[at] = g.number
	case text:
		at, _ := slices.BinarySearch(r.texts, f.first)
		r.rec.texts[at] = g.text
	case closed, absent:
	}
}

// faulty tells whether something is said of the field already: that it is missing too would be no help.
func (r *reader) faulty(f *field) bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Variable == f.id })
}

// sort puts the problems in the order of the questionnaire, those of the unknown last.
func (r *reader) sort() {
	place := func(p Problem) int {
		if f := r.fields[p.Variable]; f != nil {
			return f.at
		}
		return len(r.fields)
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return place(a) - place(b) })
}
