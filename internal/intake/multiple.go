package intake

import (
	"slices"
	"strings"

	"tekentafel/internal/instrument"
)

// What a cell in the column of one option says, as bits, so that a row's cells can be joined.
const (
	stateEmpty   = 0
	stateNo      = 1
	stateYes     = 2
	stateInvalid = 4
)

// rows that are resolved at a time, so that what is known of them stays in the nearest cache
const blockRows = 4096

// optionColumn is a column with the cells of one option of a multiple choice.
type optionColumn struct {
	option    *instrument.Option
	variable  int // none for a "don't know" or "not applicable"
	column    int // of the file
	states    []uint8
	exclusive bool // chosen with another, it contradicts it
}

// ownColumns codes a multiple choice that has a column for each option.
func (c *coder) ownColumns(a *instrument.Answers, variables []int) {
	item := c.plan.variables[variables[0]].Item
	var list []optionColumn
	for _, i := range variables {
		if c.plan.column[i] != none {
			o := c.plan.variables[i].Option
			list = append(list, optionColumn{option: o, variable: i, column: c.plan.column[i], exclusive: o.Exclusive})
		}
	}
	for _, o := range c.plan.absent {
		if o.item == item.ID {
			list = append(list, optionColumn{option: o.option, variable: none, column: o.column, exclusive: true})
		}
	}
	for i := range list {
		list[i].states = c.states(list[i].column, item.ID, list[i].option)
	}
	exclusive := slices.ContainsFunc(list, func(o optionColumn) bool { return o.exclusive })
	for first := 0; first < c.table.rows; first += blockRows {
		end := min(first+blockRows, c.table.rows)
		if exclusive {
			c.resolveExclusive(list, item.ID, first, end)
		} else {
			resolve(list, first, end)
		}
	}
	for _, o := range list {
		if o.variable != none {
			a.Columns[o.variable] = c.trim(&instrument.Column{Narrow: o.states, K: instrument.FirstOption + 2})
		}
	}
}

// states returns what each row's cell says.
func (c *coder) states(column int, item string, option *instrument.Option) []uint8 {
	raw, r := c.table.columns[column], c.reading(column)
	cells := raw.dict.values
	made := newCoding(len(cells), stateInvalid+1)
	for id, cell := range cells {
		text, empty := r.cell(cell)
		yes, ok := chosen(text, *option)
		switch {
		case yes:
			made.codes[id] = stateYes
		case ok:
			made.codes[id] = stateNo
		case empty || r.missing.has(strings.TrimSpace(text)):
			made.codes[id] = stateEmpty
		default:
			made.refuse(id, "says neither that the option was chosen (1, yes, x) nor that it was not (0, no, empty)", "")
			made.codes[id] = stateInvalid
		}
	}
	c.report(column, item, made.wrong)
	return translate(raw, c.table.rows, made.codes, made.k).Narrow
}

// resolve turns states into codes: an empty cell is "not chosen" where another cell of the item is filled.
func resolve(list []optionColumn, first, end int) {
	var joined [blockRows]uint8
	for _, o := range list {
		for i, s := range o.states[first:end] {
			joined[i] |= s
		}
	}
	open := slices.Contains(joined[:end-first], stateEmpty)
	codes := [8]uint8{
		stateEmpty: instrument.FirstOption, stateNo: instrument.FirstOption,
		stateYes: instrument.FirstOption + 1, stateInvalid: instrument.Invalid,
	}
	for _, o := range list {
		states := o.states[first:end]
		for i, s := range states {
			states[i] = codes[s&7]
		}
		if open {
			for i := range states {
				if joined[i] == stateEmpty {
					states[i] = instrument.NoAnswer
				}
			}
		}
	}
}

// resolveExclusive does the same for an item with options that exclude the others.
func (c *coder) resolveExclusive(list []optionColumn, item string, first, end int) {
	var yes, excluding [blockRows]uint8 // how many were chosen (2: or more); 1 + the option that excludes
	for n, o := range list {
		for i, s := range o.states[first:end] {
			if s == stateYes {
				yes[i] = min(yes[i]+1, 2)
				if o.exclusive {
					excluding[i] = uint8(min(n+1, 255))
				}
			}
		}
	}
	for i := range end - first {
		if excluding[i] != 0 && yes[i] > 1 {
			c.contradiction(list, item, first+i)
		}
	}
	settled := map[int]uint8{} // rows whose item has one code throughout
	for i := range end - first {
		if excluding[i] == 0 {
			continue
		}
		only := list[excluding[i]-1]
		switch {
		case yes[i] > 1:
			settled[first+i] = instrument.Invalid
		case only.variable == none:
			settled[first+i] = uint8(only.option.Missing.Code())
		}
	}
	resolve(list, first, end)
	for row, code := range settled {
		for _, o := range list {
			o.states[row] = code
		}
	}
}

// contradiction reports a row in which an exclusive option was chosen together with another.
func (c *coder) contradiction(list []optionColumn, item string, row int) {
	if _, dropped := slices.BinarySearch(c.dropped, row); dropped {
		return
	}
	var both []string
	column := none
	for _, o := range list {
		if o.states[row] == stateYes {
			both = append(both, o.option.ID)
			if o.exclusive && column == none {
				column = o.column
			}
		}
	}
	c.issue(column, row, strings.Join(both, "; "), item, wrong{contradictory, ""})
}

const contradictory = "an option that excludes the others was chosen together with another"

// oneCell codes a multiple choice whose chosen options stand in one cell.
func (c *coder) oneCell(a *instrument.Answers, variables []int, column int) {
	raw, r := c.table.columns[column], c.reading(column)
	item := c.plan.variables[variables[0]].Item
	cells := raw.dict.values
	set := newOptionSet(item.Options)
	made := make([]*coding, len(variables))
	for j := range made {
		made[j] = newCoding(len(cells), instrument.FirstOption+2)
	}
	all := func(id int, code uint16) {
		for _, m := range made {
			m.codes[id] = code
		}
	}
	bad := map[uint32]wrong{}
	for id, cell := range cells {
		text, empty := r.cell(cell)
		picked, why := split(text, set)
		switch {
		case why.message != "" && (empty || r.missing.has(strings.TrimSpace(text))):
			all(id, instrument.NoAnswer)
		case why.message != "":
			all(id, instrument.Invalid)
			bad[uint32(id)] = why
		case len(picked) == 1 && item.Options[picked[0]].Missing != instrument.NotMissing:
			all(id, uint16(item.Options[picked[0]].Missing.Code()))
		default:
			for j, v := range variables {
				made[j].codes[id] = instrument.FirstOption
				if slices.ContainsFunc(picked, func(p int) bool { return item.Options[p].ID == c.plan.variables[v].Option.ID }) {
					made[j].codes[id] = instrument.FirstOption + 1
				}
			}
		}
	}
	c.report(column, item.ID, bad)
	for j, v := range variables {
		a.Columns[v] = c.trim(translate(raw, c.table.rows, made[j].codes, made[j].k))
	}
}

// split returns the options that a cell names, or why it cannot be read.
func split(cell string, set *optionSet) ([]int, wrong) {
	if i, ok, _ := set.find(cell); ok {
		return []int{i}, wrong{}
	}
	separators := ";|\r\n"
	if !set.hasComma() {
		separators += ","
	}
	var picked []int
	exclusive := false
	for _, name := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if trimmed(name) == "" {
			continue
		}
		i, ok, unclear := set.find(name)
		switch {
		case unclear:
			return nil, wrong{"two options are spelt " + quoted(trimmed(name)) + "; use the option's ID", ""}
		case !ok:
			return nil, wrong{quoted(trimmed(name)) + " fits no option (" + set.known() + ")", set.nearest(name)}
		case slices.Contains(picked, i):
			continue
		}
		picked = append(picked, i)
		exclusive = exclusive || set.options[i].Exclusive || set.options[i].Missing != instrument.NotMissing
	}
	switch {
	case len(picked) == 0:
		return nil, wrong{"names no option", ""}
	case exclusive && len(picked) > 1:
		return nil, wrong{contradictory, ""}
	}
	return picked, wrong{}
}
