package intake

import (
	"fmt"
	"maps"
	"slices"

	"tekentafel/internal/instrument"
)

// SyntheticColumn is the heading by which a generator says that the answers are made up: 1 in every row.
const SyntheticColumn = "tekentafel_synthetic"

// none is no file column.
const none = -1

// plan says which file column serves what.
type plan struct {
	headings  []string
	wants     []want
	variables []instrument.Variable
	column    []int // by variable: its file column, or none
	absent    []absentOption
	cell      map[string]int // multiple choice in one cell: file column by item ID
	weight    int
	consent   int
	marker    int                 // SyntheticColumn
	factors   map[string]int      // strata, clusters and the like, by the caller's name
	values    []map[string]string // by file column: what the mapping says that cells stand for
	unread    []string
	ignored   []string
	missing   []string
}

// absentOption is the column of a "don't know" or "not applicable" of a multiple choice, which has no variable of its
// own: it is a code of all variables of the item.
type absentOption struct {
	item   string
	option *instrument.Option
	column int
}

// newPlan matches the headings of a file with the instrument, the mapping and what the caller asks for. The headings
// have been checked: none empty, none double.
func newPlan(file string, headings []string, in *instrument.Instrument, opt Options) (*plan, error) {
	p := &plan{
		headings: headings, wants: make([]want, len(headings)), variables: in.Variables(),
		cell: map[string]int{}, weight: none, consent: none, marker: none, factors: map[string]int{},
	}
	p.column = slices.Repeat([]int{none}, len(p.variables))
	m := opt.Mapping
	if m == nil {
		m = &Mapping{}
	}
	if err := m.check(file, in); err != nil {
		return nil, err
	}
	if err := p.translations(file, m); err != nil {
		return nil, err
	}
	byExact := map[string]int{}
	for i, h := range headings {
		byExact[h] = i
	}
	free := slices.Repeat([]bool{true}, len(headings))
	for _, name := range slices.Concat(in.IgnoreColumns, m.Ignore) {
		if i := findHeading(headings, name); i != none && free[i] {
			free[i] = false
			p.ignored = append(p.ignored, headings[i])
		}
	}
	if i, ok := byExact[SyntheticColumn]; ok {
		p.marker, free[i] = i, false
		p.wants[i] |= wantIDs
	}
	all := targets(p.variables)
	serve := func(t target, column int) {
		free[column] = false
		switch {
		case t.variable != none:
			p.column[t.variable] = column
		case t.option != nil:
			p.absent = append(p.absent, absentOption{t.item, t.option, column})
		default:
			p.cell[t.item] = column
		}
	}
	open := all[:0:0]
	for _, t := range all {
		heading, mapped := m.Columns[t.id]
		if !mapped {
			open = append(open, t)
			continue
		}
		column := findHeading(headings, heading)
		if column == none {
			return nil, noColumn(file, heading, headings, "the mapping reads "+t.id+" from a column that the file does not have",
				"correct the heading in the mapping")
		}
		serve(t, column)
	}
	for rank := range 4 {
		open = p.claim(open, rank, free, serve)
	}
	p.settleCells(m, free)
	if err := p.design(file, opt, m, free); err != nil {
		return nil, err
	}
	p.want()
	for i, h := range headings {
		if free[i] {
			p.unread = append(p.unread, h)
		}
	}
	p.listMissing(in)
	return p, nil
}

// translations finds the columns whose cells the mapping translates.
func (p *plan) translations(file string, m *Mapping) error {
	p.values = make([]map[string]string, len(p.headings))
	for _, heading := range slices.Sorted(maps.Keys(m.Values)) {
		switch i := findHeading(p.headings, heading); {
		case i != none:
			p.values[i] = m.Values[heading]
		case len(m.Values[heading]) > 0:
			return noColumn(file, heading, p.headings, "the mapping translates cells of a column that the file does not have",
				"correct the heading in the mapping, or remove its lines")
		}
	}
	return nil
}

// settleCells chooses where a multiple choice has both a column for each option and one cell for all: the columns tell
// more, unless the mapping names the cell.
func (p *plan) settleCells(m *Mapping, free []bool) {
	for id, cell := range p.cell {
		var own []int
		for i, v := range p.variables {
			if v.Item.ID == id && p.column[i] != none {
				own = append(own, i)
			}
		}
		if len(own) == 0 {
			continue
		}
		if _, mapped := m.Columns[id]; !mapped {
			free[cell] = true
			delete(p.cell, id)
			continue
		}
		for _, i := range own {
			free[p.column[i]] = true
			p.column[i] = none
		}
		p.absent = slices.DeleteFunc(p.absent, func(a absentOption) bool {
			if a.item == id {
				free[a.column] = true
			}
			return a.item == id
		})
	}
}

// claim gives each open target the one free column that bears one of its names of this rank, unless another target
// has the same claim. Rank 0 is what the instrument calls its column, 1 the ID, 2 both without regard to case,
// 3 labels and wordings.
func (p *plan) claim(open []target, rank int, free []bool, serve func(target, int)) (left []target) {
	key := func(s string) string { return trimmed(s) }
	if rank >= 2 {
		key = caseless
	}
	columns := map[string][]int{}
	for i, h := range p.headings {
		if free[i] {
			columns[key(h)] = append(columns[key(h)], i)
		}
	}
	claims := make([][]int, len(open))
	claimants := map[int]int{}
	for i, t := range open {
		var known []string
		switch rank {
		case 0, 1:
			known = t.ranks[rank]
		case 2:
			known = slices.Concat(t.ranks[0], t.ranks[1])
		default:
			known = t.ranks[2]
		}
		for _, name := range known {
			for _, c := range columns[key(name)] {
				if !slices.Contains(claims[i], c) {
					claims[i] = append(claims[i], c)
				}
			}
		}
		for _, c := range claims[i] {
			claimants[c]++
		}
	}
	for i, t := range open {
		if len(claims[i]) == 1 && claimants[claims[i][0]] == 1 {
			serve(t, claims[i][0])
		} else {
			left = append(left, t)
		}
	}
	return left
}

// design finds the columns that the caller and the mapping name outside the instrument.
func (p *plan) design(file string, opt Options, m *Mapping, free []bool) error {
	find := func(name, role, mend string) (int, error) {
		i := findHeading(p.headings, name)
		if i == none {
			return none, noColumn(file, name, p.headings, "the file has no column "+quoted(name)+role, mend)
		}
		free[i] = false
		return i, nil
	}
	var err error
	if opt.Weight != "" {
		if p.weight, err = find(opt.Weight, " for the weights", "name the heading as it stands in the file"); err != nil {
			return err
		}
	}
	if m.Consent != nil {
		if p.consent, err = find(m.Consent.Column, " for consent", "correct the heading in the mapping"); err != nil {
			return err
		}
	}
	for _, f := range opt.factors() {
		if p.factors[f.name], err = find(f.name, f.role, "name the heading as it stands in the file"); err != nil {
			return err
		}
	}
	return nil
}

// want says for each column what it is read for.
func (p *plan) want() {
	for i, column := range p.column {
		if column == none {
			continue
		}
		if p.variables[i].Item.Kind == instrument.OpenText {
			p.wants[column] |= wantPresence
		} else {
			p.wants[column] |= wantIDs
		}
	}
	for _, column := range p.cell {
		p.wants[column] |= wantIDs
	}
	for _, a := range p.absent {
		p.wants[a.column] |= wantIDs
	}
	for _, column := range p.factors {
		p.wants[column] |= wantIDs
	}
	if p.weight != none {
		p.wants[p.weight] |= wantNumber
	}
	if p.consent != none {
		p.wants[p.consent] |= wantIDs
	}
}

// listMissing lists the variables without a column; of a multiple choice without any, only the item; of an extra module without any,
// none.
func (p *plan) listMissing(in *instrument.Instrument) {
	served := map[string]bool{}
	for i, column := range p.column {
		if column != none {
			served[p.variables[i].Item.ID] = true
		}
	}
	unasked := notChosen(in, func(item string) bool { _, inCell := p.cell[item]; return served[item] || inCell })
	for i, v := range p.variables {
		switch _, inCell := p.cell[v.Item.ID]; {
		case unasked[v.Item.ID]:
		case p.column[i] != none || inCell && v.Option != nil:
		case v.Option != nil && !served[v.Item.ID]:
			if !slices.Contains(p.missing, v.Item.ID) {
				p.missing = append(p.missing, v.Item.ID)
			}
		default:
			p.missing = append(p.missing, v.ID)
		}
	}
}

// serves tells whether any column serves the instrument.
func (p *plan) serves() bool {
	return len(p.cell) > 0 || slices.ContainsFunc(p.column, func(c int) bool { return c != none })
}

// noneKnown is the error for a file without a single known column: what was found, and what is expected.
func (p *plan) noneKnown(file string, in *instrument.Instrument) error {
	var expected []string
	for _, t := range targets(p.variables) {
		if t.variable != none {
			expected = append(expected, t.ranks[0][0])
		}
	}
	return &Error{
		Kind: KindColumns, File: file,
		Message: fmt.Sprintf("no column belongs to the instrument %s: the file has %s; the instrument expects %s",
			quoted(in.ID), listed(p.headings), listed(expected)),
		Mend: "check that this is the right file, or write a mapping that says which column holds which question",
	}
}
