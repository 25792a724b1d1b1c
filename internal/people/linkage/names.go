package linkage

import (
	_ "embed"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed names.yaml
var builtinNames []byte

// nameList knows which first names stand for each other and what stands before family names. It keeps what it read: names repeat.
type nameList struct {
	groups           map[string][]int
	particles        map[string]bool
	givens, families map[string]*name // by how they were written
}

func parseNames(text []byte) (*nameList, error) {
	var in struct {
		Given     [][]string `yaml:"given"`
		Particles []string   `yaml:"particles"`
	}
	if err := yaml.Unmarshal(text, &in); err != nil {
		return nil, fmt.Errorf("read the list of first names: %w", err)
	}
	n := &nameList{groups: map[string][]int{}, particles: set(in.Particles), givens: map[string]*name{}, families: map[string]*name{}}
	for g, names := range in.Given {
		for _, name := range names {
			k := strings.Join(pieces(name), "")
			n.groups[k] = append(n.groups[k], g)
		}
	}
	return n, nil
}

// name is one side of somebody's name, folded.
type name struct {
	joined  string
	letters uint32   // which letters occur in joined
	parts   []string // written apart: "jan" and "pieter"; for a family name what stands on either side of a hyphen, and each longer word
	groups  []int    // of first names that stand for each other
	initial bool     // one letter, or letters with dots
}

func (l *nameList) given(s string) *name {
	if n := l.givens[s]; n != nil {
		return n
	}
	folded := fold(s)
	p := pieces(folded)
	n := name{joined: strings.Join(p, ""), parts: p}
	n.letters = occurring(n.joined)
	n.initial = n.joined != "" && !slices.ContainsFunc(p, func(s string) bool { return len(s) > 1 }) ||
		len(p) == 1 && len(p[0]) <= 3 && strings.HasSuffix(strings.TrimSpace(folded), ".")
	if len(p) > 0 && !n.initial {
		n.groups = l.groups[n.joined]
		if n.groups == nil {
			n.groups = l.groups[p[0]]
		}
	}
	l.givens[s] = &n
	return &n
}

func (l *nameList) family(s string) *name {
	if n := l.families[s]; n != nil {
		return n
	}
	folded := fold(s)
	n := name{joined: strings.Join(pieces(folded), "")}
	n.letters = occurring(n.joined)
	for side := range strings.SplitSeq(folded, "-") {
		words := pieces(side)
		if whole := strings.Join(words, ""); len(whole) >= 3 {
			n.parts = append(n.parts, whole)
		}
		// Two names of which the hyphen is gone: "Peeters Janssens", "Van Damme De Smet".
		for from := 0; from < len(words); {
			to := from
			for to < len(words)-1 && l.particles[words[to]] {
				to++
			}
			if whole := strings.Join(words[from:to+1], ""); len(whole) >= 4 && !slices.Contains(n.parts, whole) {
				n.parts = append(n.parts, whole)
			}
			from = to + 1
		}
	}
	l.families[s] = &n
	return &n
}

func occurring(s string) uint32 {
	var set uint32
	for i := range len(s) {
		set |= 1 << (s[i] & 31)
	}
	return set
}

// near tells whether two names are at most limit edits apart. Each edit changes at most two letters of those that occur.
func near(a, b *name, limit int) bool {
	return bits.OnesCount32(a.letters^b.letters) <= 2*limit && within(a.joined, b.joined, limit)
}

const (
	givenSame = iota
	givenClose
	givenInitial
	givenDifferent
)

func compareGiven(a, b *name) int8 {
	switch {
	case a.joined == "" || b.joined == "":
		return missing
	case a.joined == b.joined && !a.initial && !b.initial:
		return givenSame
	case a.initial || b.initial:
		if a.joined[0] == b.joined[0] && (a.initial && b.initial || initials(a, b)) {
			return givenInitial
		}
		return givenDifferent
	case near(a, b, edits(min(len(a.joined), len(b.joined))+1)):
		return givenClose
	case a.parts[0] == b.parts[0] && len(a.parts) != len(b.parts), meetNumbers(a.groups, b.groups):
		return givenClose
	case min(len(a.joined), len(b.joined)) >= 3 && (strings.HasPrefix(a.joined, b.joined) || strings.HasPrefix(b.joined, a.joined)):
		return givenClose
	}
	return givenDifferent
}

// initials tells whether one side, of initials, fits the other: "J.P." fits "Jan Pieter" and "Jan".
func initials(a, b *name) bool {
	if b.initial {
		a, b = b, a
	}
	for i := range min(len(a.joined), len(b.parts)) {
		if a.joined[i] != b.parts[i][0] {
			return i == 1 && len(b.parts) == 1
		}
	}
	return true
}

func meetNumbers(a, b []int) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

const (
	familySame = iota
	familyClose
	familyPart
	familyDifferent
)

func compareFamily(a, b *name) int8 {
	if a.joined == "" || b.joined == "" {
		return missing
	}
	if a.joined == b.joined {
		return familySame
	}
	n := min(len(a.joined), len(b.joined))
	if near(a, b, edits(n)) {
		return familyClose
	}
	if n >= 6 && a.joined[:2] == b.joined[:2] && bits.OnesCount32(a.letters^b.letters) <= 4 && jaroWinkler(a.joined, b.joined) >= 0.95 {
		return familyClose
	}
	if (len(a.parts) > 1 || len(b.parts) > 1) && sharedPart(a, b) != "" {
		return familyPart
	}
	return familyDifferent
}

// sharedPart returns the longest part that two family names share, up to a typing error; "" none.
func sharedPart(a, b *name) string {
	best := ""
	for _, p := range a.parts {
		for _, q := range b.parts {
			if len(p) > len(best) && within(p, q, edits(min(len(p), len(q)))) {
				best = p
			}
		}
	}
	return best
}
