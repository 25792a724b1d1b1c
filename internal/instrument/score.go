package instrument

import (
	"fmt"
	"math"
)

// Score is the score of a construct for each respondent, as codes with a table of values.
type Score struct {
	// Column holds a code for each respondent: FirstOption and up for a score, NotAsked when none of the items was
	// asked, NoAnswer when too few of them are answered. Its Numbers are the scores by code - FirstOption, ascending.
	Column *Column
	// Values are the scores by code, in scale units; NaN for codes below FirstOption. len(Values) == Column.K.
	Values []float64
}

// Score computes the score of a construct: the mean of the items answered, after reversal (lowest + highest - score),
// for respondents who answered at least MinAnswered of them. It agrees with psych::scoreItems(impute = "none", missing
// = TRUE) up to the minimum, which psych does not know.
//
// Equal means have equal codes. An item without a column counts as not asked. The error is that of a construct which
// Parse would refuse.
func (in *Instrument) Score(a *Answers, c *Construct) (*Score, error) {
	items, err := in.scoredItems(a, c)
	if err != nil {
		return nil, err
	}
	s, err := newScoring(items[0].item.points(), len(items), max(1, c.MinAnswered))
	if err != nil {
		return nil, fmt.Errorf("construct %s: %w", c.ID, err)
	}
	out := &Score{Column: newColumn(a.N, FirstOption+len(s.values))}
	out.Column.Numbers = s.values
	out.Values = make([]float64, out.Column.K)
	for code := range out.Values {
		out.Values[code] = math.NaN()
	}
	copy(out.Values[FirstOption:], s.values)
	for i := range items {
		items[i].tally(s)
	}
	eachBlock(a.N, func() func(from, to int) {
		totals := make([]uint32, blockRows)
		return func(from, to int) { s.block(items, out.Column, totals, from, to) }
	})
	return out, nil
}

// scoredItem is an item of a construct with its answers.
type scoredItem struct {
	item    *Item
	reverse bool
	column  *Column // nil when the data has none
	adds    []uint32
}

// What a code adds to a respondent's total: the steps of the answer, one answered item, one asked item. A construct has
// at most 100 items and 60,000 sums and counts, so the three never run into each other.
const (
	sumBits     = 16
	oneAnswered = 1 << sumBits
	oneAsked    = 1 << (sumBits + 8)
)

// tally works out what each code of the item adds to a respondent's total.
func (it *scoredItem) tally(s *scoring) {
	it.adds = make([]uint32, 1<<8)
	for code := NoAnswer; code < FirstOption; code++ {
		it.adds[code] = oneAsked
	}
	for i, step := range s.steps {
		if it.reverse {
			step = s.most - step
		}
		it.adds[FirstOption+i] = oneAsked + oneAnswered + uint32(step)
	}
}

func (in *Instrument) scoredItems(a *Answers, c *Construct) ([]scoredItem, error) {
	if len(c.Items) == 0 || len(c.Items) > maxConstructItems {
		return nil, fmt.Errorf("construct %s has %d items; name 1 to %d", c.ID, len(c.Items), maxConstructItems)
	}
	columns := a.byVariable()
	scored := map[string]*Item{}
	for _, v := range in.Variables() {
		if v.Item.Kind.isOrdered() {
			scored[v.ID] = v.Item
		}
	}
	reverse := map[string]bool{}
	for _, id := range c.Reverse {
		reverse[id] = true
	}
	items := make([]scoredItem, len(c.Items))
	for i, id := range c.Items {
		if scored[id] == nil {
			return nil, fmt.Errorf("construct %s: there is no scale item or matrix row %q; correct its items", c.ID, id)
		}
		if !sameScale(scored[c.Items[0]], scored[id]) {
			return nil, fmt.Errorf("construct %s: the item %q has another scale than %q; split the construct", c.ID, id, c.Items[0])
		}
		items[i] = scoredItem{item: scored[id], reverse: reverse[id], column: columns[id]}
	}
	return items, nil
}

// block scores the respondents from..to-1; totals is scratch space.
func (s *scoring) block(items []scoredItem, out *Column, totals []uint32, from, to int) {
	totals = totals[:to-from]
	clear(totals)
	for i := range items {
		it := &items[i]
		switch {
		case it.column == nil:
		case it.column.Narrow != nil:
			adds := (*[256]uint32)(it.adds)
			for r, code := range it.column.Narrow[from:to] {
				totals[r] += adds[code]
			}
		default:
			for r, code := range it.column.Wide[from:to] {
				totals[r] += it.adds[code]
			}
		}
	}
	for r, t := range totals {
		code := uint16(NotAsked)
		if t >= oneAsked {
			code = s.codes[int(t>>sumBits&0xff)*s.width+int(t&(1<<sumBits-1))]
		}
		if out.Narrow != nil {
			out.Narrow[from+r] = uint8(code)
		} else {
			out.Wide[from+r] = code
		}
	}
}

// Indicate computes an indicator for each respondent, by IndicatorCodes. It returns nil when the data has no column of the
// item.
func (in *Instrument) Indicate(a *Answers, ind *Indicator) (*Column, error) {
	source := a.byVariable()[ind.Item]
	k := 1 << 8
	if source != nil {
		k = max(k, source.K)
	}
	table, err := in.IndicatorCodes(ind, k)
	if err != nil || source == nil {
		return nil, err
	}
	out := newColumn(a.N, FirstOption+2)
	eachBlock(a.N, func() func(from, to int) {
		return func(from, to int) {
			for i := from; i < to; i++ {
				out.Narrow[i] = table[source.At(i)]
			}
		}
	})
	return out, nil
}

// IndicatorCodes says what an indicator makes of each of the first k codes of its item: FirstOption+1 for yes, FirstOption
// for no, and the code itself for those outside the base.
func (in *Instrument) IndicatorCodes(ind *Indicator, k int) ([]uint8, error) {
	v, ok := in.Variable(ind.Item)
	if !ok || v.Option != nil || !v.Item.Kind.hasOptions() {
		return nil, fmt.Errorf("indicator %s: there is no single choice, scale or matrix row %q; correct its item", ind.ID, ind.Item)
	}
	table := make([]uint8, k)
	for code := range table {
		table[code] = uint8(min(code, FirstOption))
	}
	if ind.All {
		table[NotAsked] = FirstOption
	}
	for _, id := range ind.Options {
		code, known := v.CodeOf(id)
		if !known || code < FirstOption {
			return nil, fmt.Errorf("indicator %s: %q has no option %q in its base; correct its options", ind.ID, ind.Item, id)
		}
		table[code] = FirstOption + 1
	}
	return table, nil
}

// newColumn returns an empty column of n respondents for codes below k.
func newColumn(n, k int) *Column {
	if k <= 1<<8 {
		return &Column{Narrow: make([]uint8, n), K: k}
	}
	return &Column{Wide: make([]uint16, n), K: k}
}

// byVariable returns the columns by variable ID.
func (a *Answers) byVariable() map[string]*Column {
	out := make(map[string]*Column, len(a.Columns))
	for i, c := range a.Columns {
		out[a.Variables[i].ID] = c
	}
	return out
}
