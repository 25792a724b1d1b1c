package yamlfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a file: where, what, and how to mend it.
type Problem struct {
	File    string
	Line    int    // 1-based; 0 when it is not known, or the problem is the file as a whole
	Column  int    // 1-based, in characters
	Path    string // place in the structure, such as items[2].options[0].label.fr
	Message string // what is wrong
	Mend    string // what to do about it
}

// String formats the problem as file:line:column: message; mend, with the path where there is no line.
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
	text := strings.Join(append(at, p.Message), ": ")
	if p.Mend != "" {
		text += "; " + p.Mend
	}
	return text
}

// Problems is the error of who reads a file: everything wrong, by place.
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

// mostProblems bounds what a hostile file can make the checker remember.
const mostProblems = 1000

// Add remembers a problem.
func (p *Problems) Add(q Problem) {
	if len(p.List) >= mostProblems {
		p.More++
		return
	}
	p.List = append(p.List, q)
}

// Err returns the problems by place, each once, or nil when there are none.
func (p *Problems) Err() error {
	if len(p.List) == 0 {
		return nil
	}
	slices.SortStableFunc(p.List, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	p.List = slices.CompactFunc(p.List, func(a, b Problem) bool {
		return a == b || a.Line > 0 && a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
	return p
}

// Quote shows a value inside a message: in quotes, control characters escaped, shortened to 60 characters.
func Quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q...", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}

// OneOf says what may stand in the place of a wrong word.
func OneOf[S ~string](words []S) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	return "use one of: " + strings.Join(list, ", ")
}
