package draft

import (
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
)

// odd tells what a row is when it is not about anything: empty, totals, or the headings again.
func (r *reader) odd(cells []string) Kind {
	filled, total, other, heading := 0, 0, 0, 0
	meaning := false
	for i, c := range cells {
		if value.Empty(c) {
			continue
		}
		filled++
		meaning = meaning || i < len(r.used) && r.used[i]
		switch first := c[0]; {
		case first >= '0' && first <= '9':
			if !numeric(c) {
				other++
			}
			continue
		case value.Total(c):
			total++
		case !numeric(c):
			other++
		}
		if i < len(r.headings) && begins(c, r.headings[i]) && value.Fold(c) == r.headings[i] {
			heading++
		}
	}
	switch {
	case !meaning && total == 0:
		return EmptyRow
	case heading > 0 && heading*2 >= filled && (heading >= 2 || filled == 1 || len(r.headings) == 1):
		return RepeatedHeading
	case total > 0 && other == 0:
		return TotalRow
	case total > 0 && r.content == mapping.People:
		if key := r.cell(cells, r.key); key == "" || value.Total(key) {
			return TotalRow
		}
	}
	if !meaning {
		return EmptyRow
	}
	return ""
}

// numeric tells whether a cell is a number, such as a total is.
func numeric(c string) bool {
	for i := 0; i < len(c); i++ {
		switch b := c[i]; {
		case b >= '0' && b <= '9', b == '.', b == ',', b == ' ', b == '%', b == '-', b == '+':
		default:
			return false
		}
	}
	return true
}

// begins tells whether a cell may be a heading: it is short, and its first letter is that of the heading or not a plain one.
func begins(c, heading string) bool {
	return heading != "" && len(c) < longest && (c[0]|0x20 == heading[0] || (c[0]|0x20 < 'a' || c[0]|0x20 > 'z'))
}
