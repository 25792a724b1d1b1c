package intake

import (
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
)

// factor makes a Factor of a column outside the instrument.
func (c *coder) factor(f factor) (*instrument.Factor, error) {
	column := c.plan.factors[f.name]
	raw, r := c.table.columns[column], c.reading(column)
	used := raw.counts(c.dropped)
	texts := make([]string, len(used))
	var levels []string
	for id, cell := range raw.dict.values {
		text, empty := r.cell(cell)
		if empty || cell == formulaCell || r.missing.has(strings.TrimSpace(text)) {
			text = ""
		}
		if texts[id] = text; used[id] > 0 {
			levels = append(levels, text)
		}
	}
	slices.Sort(levels)
	levels = slices.Compact(levels)
	if f.required && levels[0] == "" {
		return nil, c.emptyFactor(f, column, texts)
	}
	level := make([]uint32, len(texts))
	for id, text := range texts {
		i, _ := slices.BinarySearch(levels, text)
		level[id] = uint32(i)
	}
	codes := make([]uint32, c.table.rows)
	raw.each(func(first int, p part) {
		for i := range p.len() {
			codes[first+i] = level[p.at(i)]
		}
	})
	return &instrument.Factor{Codes: kept(codes, c.dropped), Levels: levels}, nil
}

// emptyFactor is the error for strata or clusters that some rows lack.
func (c *coder) emptyFactor(f factor, column int, texts []string) error {
	const most = 10
	mark := make([]bool, len(texts))
	for id, text := range texts {
		mark[id] = text == ""
	}
	var rows []string
	n := 0
	c.table.columns[column].marked(mark, func(row int, _ uint32) {
		if _, dropped := slices.BinarySearch(c.dropped, row); dropped {
			return
		}
		if n++; n <= most {
			rows = append(rows, fmt.Sprint(c.table.rowNumber(row)))
		}
	})
	list := strings.Join(rows, ", ")
	if n > most {
		list += fmt.Sprintf(" and %d more", n-most)
	}
	return &Error{
		Kind: KindDesign, File: c.name, Column: f.name,
		Message: fmt.Sprintf("the column%s is empty in %d rows: %s", f.role, n, list),
		Mend:    "fill it in for every respondent, or leave the rows out of the file",
	}
}
