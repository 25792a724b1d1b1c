package intake

import (
	"fmt"
	"slices"
	"strings"
)

// findHeading returns the column with this heading, to the letter or else without regard to case, or none.
func findHeading(headings []string, name string) int {
	if i := slices.Index(headings, trimmed(name)); i >= 0 {
		return i
	}
	found := none
	for i, h := range headings {
		if caseless(h) == caseless(name) {
			if found != none {
				return none
			}
			found = i
		}
	}
	return found
}

func noColumn(file, name string, headings []string, message, mend string) error {
	var candidates []candidate
	for _, h := range headings {
		candidates = append(candidates, candidate{unaccented(h), h})
	}
	if near := nearest(name, candidates); near != "" {
		mend += fmt.Sprintf("; did you mean %s?", quoted(near))
	} else {
		mend += "; it has " + listed(headings)
	}
	return &Error{Kind: KindColumns, File: file, Column: name, Message: message, Mend: mend}
}

// listed shows the first names of a list.
func listed(list []string) string {
	const most = 12
	shown := make([]string, 0, most)
	for _, s := range list[:min(len(list), most)] {
		shown = append(shown, quoted(s))
	}
	text := strings.Join(shown, ", ")
	if more := len(list) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// quoted shows a text of the file in a message: control characters escaped, cut when long.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// checkHeadings trims the headings and refuses what cannot name a column.
func checkHeadings(file string, row int, headings []string, limit Limits) ([]string, error) {
	if len(headings) > limit.Columns {
		return nil, &Error{
			Kind: KindLimit, File: file, Row: row,
			Message: fmt.Sprintf("the file has %d columns; the most is %d", len(headings), limit.Columns),
			Mend:    "leave out the columns that are no answers to the questionnaire",
		}
	}
	seen := map[string]int{}
	list := make([]string, len(headings))
	for i, h := range headings {
		h = strings.ToValidUTF8(trimmed(h), "\uFFFD")
		if h == "" {
			return nil, &Error{
				Kind: KindHeadings, File: file, Row: row, Message: fmt.Sprintf("column %d has no heading", i+1),
				Mend: "give each column a heading of its own in the first row, or remove the column",
			}
		}
		if first, double := seen[h]; double {
			return nil, &Error{
				Kind: KindHeadings, File: file, Row: row, Column: h,
				Message: fmt.Sprintf("columns %d and %d have the same heading", first+1, i+1),
				Mend:    "give each column a heading of its own",
			}
		}
		seen[h], list[i] = i, h
	}
	return list, nil
}
