package instrument

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with an instrument: where, what, and how to mend it.
type Problem struct {
	File    string
	Line    int    // 1-based; 0 when the problem is the file as a whole
	Column  int    // 1-based, in characters
	Path    string // place in the structure, such as items[2].options[0].label.fr
	Message string // what is wrong
	Mend    string // what to do about it
}

// String formats the problem as file:line:column: message; mend.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	b.WriteString(p.Message)
	if p.Mend != "" {
		b.WriteString("; ")
		b.WriteString(p.Mend)
	}
	return b.String()
}

// Problems is the error of Parse: everything wrong with an instrument, by line.
type Problems struct {
	List []Problem
	More int // problems beyond the first maxProblems, counted but not listed
}

// Error lists the problems, one a line.
func (p *Problems) Error() string {
	lines := make([]string, 0, len(p.List)+1)
	for _, q := range p.List {
		lines = append(lines, q.String())
	}
	if p.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more problems", p.More))
	}
	return strings.Join(lines, "\n")
}

// maxProblems bounds what a hostile file can make the checker remember.
const maxProblems = 1000

// add remembers a problem.
func (p *Problems) add(q Problem) {
	if len(p.List) >= maxProblems {
		p.More++
		return
	}
	p.List = append(p.List, q)
}

// err returns the problems sorted by place, or nil when there are none.
func (p *Problems) err() error {
	if len(p.List) == 0 {
		return nil
	}
	slices.SortStableFunc(p.List, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	p.List = slices.CompactFunc(p.List, func(a, b Problem) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
	return p
}

// quote shows a value inside a message: in quotes, control characters escaped, shortened.
func quote(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) > most {
		return fmt.Sprintf("%q...", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}
