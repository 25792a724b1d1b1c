package sheet

import (
	"strconv"
	"strings"

	"tekentafel/internal/national"
)

// naming is the headings of the columns of a grid; first and last are rows of it, -1 without headings.
type naming struct {
	first, last int
	names       []string // "" without one
	groups      []string
	joined      []bool
}

// name finds the headings and reads them.
func (s *source) name(t *top, opt Options) naming {
	n := naming{first: -1, last: -1, names: make([]string, len(s.grid.columns)), groups: make([]string, len(s.grid.columns)), joined: make([]bool, len(s.grid.columns))}
	switch {
	case opt.HeadingRow < 0:
		return n
	case opt.HeadingRow > 0:
		for r := range min(s.grid.rows(), len(t.rows)) {
			if int(s.grid.place[r]) <= opt.HeadingRow {
				n.last = r
				n.first = max(0, r-max(1, opt.HeadingCount)+1)
			}
		}
	default:
		if first, last, ok := t.find(s.spansColumns); ok {
			n.first, n.last = first, last
		}
	}
	if n.first >= 0 {
		for c := range n.names {
			s.nameColumn(&n, t, c)
		}
	}
	return n
}

// spansColumns tells whether a cell of a row is merged over some of the columns.
func (s *source) spansColumns(row int) bool {
	for _, m := range s.merged {
		if m.FromRow == int(s.grid.place[row]) && m.ToColumn > m.FromColumn && m.ToColumn-m.FromColumn+1 < len(s.grid.columns) {
			return true
		}
	}
	return false
}

// nameColumn puts the heading of a column together from the rows of the headings.
func (s *source) nameColumn(n *naming, t *top, c int) {
	var parts []string
	for r := n.first; r <= n.last; r++ {
		own := strings.Join(strings.Fields(t.rows[r][c]), " ")
		if r == n.last || !s.isGroups(t, n, r) {
			if own != "" {
				parts = append(parts, own)
			}
			continue
		}
		if t.rows[r+1][c] == "" { // merged downward, or alone in its column
			if own != "" {
				parts = append(parts, own)
			}
			continue
		}
		if group := s.groupOf(t, r, c); group != "" {
			n.groups[c] = strings.TrimSpace(n.groups[c] + " " + group)
		}
	}
	n.names[c] = strings.Join(parts, " ")
	n.joined[c] = len(parts) > 1
}

// isGroups tells whether a row of the headings has texts that stand above several columns.
func (s *source) isGroups(t *top, n *naming, r int) bool {
	if s.spansColumns(r) {
		return true
	}
	for c := 1; c < len(t.rows[r]); c++ {
		if t.rows[r][c] == "" && t.rows[r+1][c] != "" && s.groupOf(t, r, c) != "" {
			return true
		}
	}
	return false
}

// groupOf returns the text of a row of groups that stands above a column: what is merged over it, else the next to the left that
// has a heading of its own below.
func (s *source) groupOf(t *top, r, c int) string {
	text := func(c int) string { return strings.Join(strings.Fields(t.rows[r][c]), " ") }
	if text(c) != "" {
		return text(c)
	}
	merged := false
	for _, m := range s.merged {
		if m.FromRow != int(s.grid.place[r]) || m.ToColumn == m.FromColumn {
			continue
		}
		if merged = true; m.FromColumn <= c && c <= m.ToColumn && m.FromColumn < len(t.rows[r]) {
			return text(m.FromColumn)
		}
	}
	if merged {
		return ""
	}
	for k := c - 1; k >= 0; k-- {
		if text(k) != "" {
			if t.rows[r+1][k] == "" {
				return ""
			}
			return text(k)
		}
	}
	return ""
}

// letter returns the name of a column in a spreadsheet: A, B, ... Z, AA.
func letter(column int) string {
	var s string
	for column++; column > 0; column = (column - 1) / 26 {
		s = string(rune('A'+(column-1)%26)) + s
	}
	return s
}

// headingsOf gives each column that is kept a heading of its own, and says what it did.
func (n *naming) headingsOf(kept []int) (columns []Column, notes []Note) {
	columns = make([]Column, len(kept))
	count := map[string]int{}
	for i, c := range kept {
		name, hidden := national.Mask(n.names[c])
		group, more := national.Mask(n.groups[c])
		columns[i] = Column{Heading: name, Group: group}
		if count[name]++; hidden+more > 0 {
			notes = append(notes, Note{Kind: NoteNationalHeadings, Column: i, Heading: name})
		}
	}
	for i, c := range kept {
		if h := columns[i].Heading; h != "" && count[h] > 1 && columns[i].Group != "" {
			columns[i].Heading = columns[i].Group + " " + h
			n.joined[c] = true
		}
	}
	taken := map[string]int{}
	for i, c := range kept {
		h := &columns[i].Heading
		if *h == "" {
			*h = letter(c)
			if n.first >= 0 {
				notes = append(notes, Note{Kind: NoteUnnamed, Column: i, Heading: *h, Args: pairs([]string{"letter", letter(c)})})
			}
		} else if n.joined[c] {
			notes = append(notes, Note{Kind: NoteJoinedHeading, Column: i, Heading: *h})
		}
		first, double := taken[*h]
		if double {
			written := *h
			for k := 2; ; k++ {
				*h = written + " (" + strconv.Itoa(k) + ")"
				if _, there := taken[*h]; !there {
					break
				}
			}
			notes = append(notes, Note{Kind: NoteDoubleHeading, Column: i, Heading: *h, Args: pairs([]string{"heading", written, "first", strconv.Itoa(first)})})
		}
		taken[*h] = i
	}
	return columns, notes
}
