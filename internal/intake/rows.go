package intake

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// weights returns the weight of each row in the file, NaN where there is none that can be used.
func (c *coder) weights() []float64 {
	if c.plan.weight == none {
		return nil
	}
	column := c.table.columns[c.plan.weight]
	weights := make([]float64, 0, c.table.rows)
	for _, run := range column.numbers {
		weights = append(weights, run...)
	}
	for _, b := range column.bad {
		c.issue(c.plan.weight, b.row, b.cell, "", wrong{"is no weight: a number of 0 or more; the row is left out", ""})
	}
	for i, w := range weights {
		if !math.IsNaN(w) && !usableWeight(w) {
			c.issue(c.plan.weight, i, numberText(w), "", wrong{"is no weight: a number of 0 or more; the row is left out", ""})
			weights[i] = math.NaN()
		}
	}
	return weights
}

// drop decides which rows are left out, and counts them by reason. A row counts once: as empty before it counts as one
// without consent, and as that before it counts as one without weight.
func (c *coder) drop(weights []float64) error {
	const noWeight, noConsent, empty = 1, 2, 3
	reasons := make([]uint8, c.table.rows)
	for i, w := range weights {
		if math.IsNaN(w) {
			reasons[i] = noWeight
		}
	}
	if c.plan.consent != none {
		column := c.table.columns[c.plan.consent]
		mark := make([]bool, column.dict.len())
		for id, cell := range column.dict.values {
			mark[id] = !slices.ContainsFunc(c.mapping.Consent.Yes, func(yes string) bool { return caseless(yes) == caseless(cell) })
		}
		column.marked(mark, func(row int, _ uint32) { reasons[row] = noConsent })
	}
	for _, row := range c.emptyRows() {
		reasons[row] = empty
	}
	var count [4]int
	for row, reason := range reasons {
		if count[reason]++; reason != 0 {
			c.dropped = append(c.dropped, row)
		}
	}
	c.quality.Empty = count[empty]
	for _, e := range []Excluded{{ExcludedEmpty, count[empty]}, {ExcludedNoConsent, count[noConsent]}, {ExcludedNoWeight, count[noWeight]}} {
		if e.N > 0 {
			c.quality.Excluded = append(c.quality.Excluded, e)
		}
	}
	if len(c.dropped) < c.table.rows {
		return nil
	}
	var why []string
	for _, e := range c.quality.Excluded {
		why = append(why, fmt.Sprintf("%d %s", e.N, e.Reason))
	}
	return &Error{Kind: KindEmpty, File: c.name, Message: "no row is left: " + strings.Join(why, ", "),
		Mend: "check that the file holds answers, and the columns for weight and consent"}
}

// emptyRows returns the rows in which no column of the instrument holds anything.
func (c *coder) emptyRows() []int {
	var served []int
	for _, column := range c.plan.column {
		if column != none {
			served = append(served, column)
		}
	}
	for _, a := range c.plan.absent {
		served = append(served, a.column)
	}
	served = slices.AppendSeq(served, maps.Values(c.plan.cell))
	slices.Sort(served)
	served = slices.Compact(served)
	var rows []int
	for i, s := range served {
		column := c.table.columns[s]
		empty := c.emptyIDs(s)
		if i == 0 {
			column.marked(empty, func(row int, _ uint32) { rows = append(rows, row) })
			continue
		}
		left := rows[:0]
		column.at(rows, func(row int, id uint32) {
			if empty[id] {
				left = append(left, row)
			}
		})
		rows = left
	}
	return rows
}

// emptyIDs marks the ids of a column that say nothing.
func (c *coder) emptyIDs(column int) []bool {
	raw := c.table.columns[column]
	if c.plan.wants[column]&wantIDs == 0 {
		return []bool{true, false} // presence
	}
	r := c.reading(column)
	mark := make([]bool, raw.dict.len())
	for id, cell := range raw.dict.values {
		text, empty := r.cell(cell)
		mark[id] = empty || r.missing.has(strings.TrimSpace(text))
	}
	return mark
}

func (c *coder) reading(column int) reading {
	return reading{missing: c.missing, values: c.plan.values[column]}
}
