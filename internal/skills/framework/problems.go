package framework

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong: where, what, and how to mend it.
type Problem struct {
	File    string
	Line    int    // 1-based; 0 when it is not known, or the file as a whole
	Column  int    // 1-based, in characters
	Path    string // place in the structure, such as skills[2].levels[0].summary.fr
	Message string
	Mend    string
}

// String formats the problem as file:line:column: message; mend, or with the path when there is no line.
func (p Problem) String() string {
	var at []string
	switch {
	case p.Line > 0:
		at = append(at, fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column))
	case p.File != "":
		at = append(at, p.File)
	}
	if p.Line == 0 && p.Path != "" {
		at = append(at, p.Path)
	}
	at = append(at, p.Message)
	return strings.Join(at, ": ") + "; " + p.Mend
}

// Problems is the error of Parse, ParseItems and Adapt: everything wrong, by place.
type Problems struct {
	List []Problem
	More int // beyond the first 1000, counted but not listed
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

func (p *Problems) add(q Problem) {
	if len(p.List) >= maxProblems {
		p.More++
		return
	}
	p.List = append(p.List, q)
}

// err returns the problems by place, each once, or nil when there are none.
func (p *Problems) err() error {
	if len(p.List) == 0 {
		return nil
	}
	slices.SortStableFunc(p.List, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	p.List = slices.Compact(p.List)
	return p
}

// quote shows a value inside a message: in quotes, control characters escaped, shortened.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q...", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}

// oneOf says what may stand in the place of a wrong word.
func oneOf[S ~string](words []S) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return "use one of: " + strings.Join(list, ", ")
}
