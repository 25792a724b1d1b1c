package intake

import (
	"bytes"
	"math"
	"strings"
)

// sink gathers the cells of one wanted column for a run of rows.
type sink struct {
	want    want
	lookup  *lookup
	missing spellings
	ids     []uint32
	numbers []float64
	bad     []badCell // rows within the run
}

// want says what a file column is read for.
type want uint8

const (
	wantIDs      want = 1 << iota // distinct cells
	wantPresence                  // whether something stands there: id 1, else 0
	wantNumber                    // the number that stands there
)

// badCellsKept bounds the weights that a run of rows reports one by one.
const badCellsKept = 10_000

func (s *sink) add(cell []byte) error {
	if s.want&wantIDs != 0 {
		id, err := s.lookup.id(cell)
		if err != nil {
			return err
		}
		s.ids = append(s.ids, id)
	} else if s.want&wantPresence != 0 {
		var id uint32
		if !s.missing.has(string(bytes.TrimSpace(cell))) {
			id = 1
		}
		s.ids = append(s.ids, id)
	}
	if s.want&wantNumber != 0 {
		v, ok := parseNumber(string(cell))
		if !ok && len(s.bad) < badCellsKept && !s.missing.has(string(bytes.TrimSpace(cell))) {
			s.bad = append(s.bad, badCell{len(s.numbers), strings.ToValidUTF8(string(cell[:min(len(cell), 4*issueValueLength)]), "\uFFFD")})
		}
		s.numbers = append(s.numbers, v)
	}
	return nil
}

// addFormula adds a cell with a formula, which is no answer.
func (s *sink) addFormula() {
	if s.want&wantIDs != 0 {
		s.ids = append(s.ids, s.lookup.dict.formula())
	} else if s.want&wantPresence != 0 {
		s.ids = append(s.ids, 1)
	}
	if s.want&wantNumber != 0 {
		if len(s.bad) < badCellsKept {
			s.bad = append(s.bad, badCell{len(s.numbers), formulaCell})
		}
		s.numbers = append(s.numbers, math.NaN())
	}
}

// run is what a sink gathered.
type run struct {
	part    part
	numbers []float64
	bad     []badCell
}

// take returns what was gathered and makes the sink ready for the next run.
func (s *sink) take() run {
	r := run{part: narrow(s.ids), numbers: s.numbers, bad: s.bad}
	s.ids, s.numbers, s.bad = s.ids[:0], nil, nil
	return r
}

// append puts a run behind the rows that the column has.
func (c *rawColumn) append(first int, r run) {
	if c.dict != nil {
		c.parts = append(c.parts, r.part)
	}
	if r.numbers != nil {
		c.numbers = append(c.numbers, r.numbers)
	}
	for _, b := range r.bad {
		c.bad = append(c.bad, badCell{first + b.row, b.cell})
	}
}

// sinks makes one worker's sinks, nil for a column that is not wanted.
func (t *table) sinks(p *plan, missing spellings) []*sink {
	list := make([]*sink, len(t.columns))
	for i, c := range t.columns {
		if c != nil {
			list[i] = &sink{want: p.wants[i], missing: missing}
			if c.dict != nil {
				list[i].lookup = newLookup(c.dict)
			}
		}
	}
	return list
}
