package instrument

import (
	"encoding/binary"
	"math/bits"
)

// RoutingReport says what Apply found.
type RoutingReport struct {
	Violations map[string]int // answers set aside because the question was not to be asked, by variable ID; none are zero
	Total      int            // of Violations
	// Unjudged are the items, in order, whose condition names something that the data has no column for. Their answers
	// stay as they are.
	Unjudged []string
}

// Apply brings the columns in line with the routing, in place: NotAsked where the condition of an item was not met
// (an answer that stood there is set aside and counted), and NoAnswer where an item was asked and nothing stands.
// Answers to items that are themselves not asked count as unanswered in later conditions.
//
// Each distinct combination of answers that a condition names is evaluated once per worker, however many rows there
// are; blocks of rows are worked on in parallel. Applying it again changes nothing.
func (r *Routing) Apply(a *Answers) RoutingReport {
	p := r.plan(a)
	var workers []*router
	eachBlock(a.N, func() func(from, to int) {
		workers = append(workers, newRouter(p, len(a.Columns)))
		return workers[len(workers)-1].block
	})
	report := RoutingReport{Violations: map[string]int{}, Unjudged: p.unjudged}
	for _, w := range workers {
		for i, n := range w.violations {
			if n > 0 {
				report.Violations[a.Variables[i].ID] += n
				report.Total += n
			}
		}
	}
	return report
}

// router routes blocks of rows; one worker's.
type router struct {
	*plan
	eval       evaluator
	outcomes   []outcomes // by judged condition
	masks      [][]uint8  // by judged condition: all bits set for a row that is asked
	shown      []uint8    // the mask of items that everyone is asked
	index      []uint64   // scratch: combination of answers by row
	violations []int      // by column
}

func newRouter(p *plan, columns int) *router {
	w := &router{plan: p, violations: make([]int, columns), index: make([]uint64, blockRows), shown: make([]uint8, blockRows)}
	for i := range w.shown {
		w.shown[i] = 0xff
	}
	for _, j := range p.judged {
		w.masks = append(w.masks, make([]uint8, blockRows))
		w.outcomes = append(w.outcomes, newOutcomes(j))
	}
	return w
}

// block routes the rows from..to-1, item by item, so that a condition sees earlier items as routed.
func (w *router) block(from, to int) {
	for _, s := range w.steps {
		mask := w.shown[:to-from]
		if s.judged >= 0 {
			mask = w.masks[s.judged][:to-from]
			if s.first {
				w.judge(s.judged, mask, from, to)
			}
		}
		for _, c := range s.columns {
			if c.column.Narrow != nil {
				w.violations[c.at] += routeNarrow(c.column.Narrow[from:to], mask)
			} else {
				w.violations[c.at] += routeWide(c.column.Wide[from:to], mask)
			}
		}
	}
}

// judge fills the mask of a condition.
func (w *router) judge(at int, mask []uint8, from, to int) {
	j, o := w.judged[at], &w.outcomes[at]
	index := w.index[:to-from]
	clear(index)
	for i := range j.inputs {
		j.inputs[i].add(index, from)
	}
	if o.dense != nil {
		for i, x := range index {
			v := o.dense[x]
			if v == notJudged {
				v = j.outcome(&w.eval, x)
				o.dense[x] = v
			}
			mask[i] = -(v >> 1)
		}
		return
	}
	for i, x := range index {
		v := o.sparse[x]
		if v == notJudged {
			v = j.outcome(&w.eval, x)
			o.sparse[x] = v
		}
		mask[i] = -(v >> 1)
	}
}

// Bytes of a word, for eight rows at a time.
const (
	lows  = 0x7f7f7f7f7f7f7f7f
	highs = 0x8080808080808080
	// above turns the high bit of a byte on when the byte, below 128, is FirstOption or more.
	above = (0x80 - FirstOption) * 0x0101010101010101
)

// routeNarrow sets codes to NotAsked where the mask is clear, and NotAsked to NoAnswer where it is set. It returns how
// many substantive answers it set aside. Eight codes go at a time: the bytes of a word never carry into each other.
func routeNarrow(codes, mask []uint8) (violations int) {
	whole := len(codes) &^ 7
	for i := 0; i < whole; i += 8 {
		c, m := binary.LittleEndian.Uint64(codes[i:]), binary.LittleEndian.Uint64(mask[i:])
		hidden := c &^ m
		violations += bits.OnesCount64((((hidden & lows) + above) | hidden) & highs)
		open := c | ^m
		empty := ^(((open & lows) + lows) | open | lows)
		if routed := c&m | empty>>7*NoAnswer; routed != c {
			binary.LittleEndian.PutUint64(codes[i:], routed)
		}
	}
	for i := whole; i < len(codes); i++ {
		violations += route(&codes[i], mask[i])
	}
	return violations
}

// routeWide is routeNarrow for wide columns.
func routeWide(codes []uint16, mask []uint8) (violations int) {
	for i := range codes {
		violations += route(&codes[i], mask[i])
	}
	return violations
}

func route[C uint8 | uint16](code *C, mask uint8) (violation int) {
	switch {
	case mask == 0 && *code >= FirstOption:
		*code = NotAsked
		return 1
	case mask == 0:
		*code = NotAsked
	case *code == NotAsked:
		*code = NoAnswer
	}
	return 0
}
