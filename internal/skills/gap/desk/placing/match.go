package placing

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/skills/needs/demand"
)

// target is a unit or a function, with how it may be called.
type target struct {
	id    string
	depth int // of a unit: 0 at the top
	names []string
}

// names finds targets by what they are called.
type names struct {
	exact, loose map[string][]int // by folded name; loose without the words for a kind of unit
	list         []target
}

func newNames(list []target) *names {
	n := &names{exact: map[string][]int{}, loose: map[string][]int{}, list: list}
	add := func(to map[string][]int, key string, i int) {
		if key != "" && !slices.Contains(to[key], i) {
			to[key] = append(to[key], i)
		}
	}
	for i := range list {
		for _, name := range list[i].names {
			key := value.Fold(name)
			add(n.exact, key, i)
			add(n.loose, bare(key), i)
		}
	}
	return n
}

// find returns the one target that an answer means; "" where there is none, or more than one.
func (n *names) find(a *Answer) string {
	said := []string{a.ID}
	for _, text := range a.Label {
		said = append(said, text)
	}
	slices.Sort(said)
	for _, loose := range []bool{false, true} {
		var found []int
		for _, s := range said {
			key, in := value.Fold(s), n.exact
			if loose {
				key, in = bare(key), n.loose
			}
			for _, i := range in[key] {
				if !slices.Contains(found, i) {
					found = append(found, i)
				}
			}
		}
		switch i := n.highest(found); {
		case !loose && len(found) > 1: // called the same: that somebody says which one is better than a guess
			return ""
		case i >= 0:
			return n.list[i].id
		}
	}
	return ""
}

// highest returns the one of some that stands highest; -1 where several do.
func (n *names) highest(found []int) int {
	best, alone := -1, false
	for _, i := range found {
		switch {
		case best < 0 || n.list[i].depth < n.list[best].depth:
			best, alone = i, true
		case n.list[i].depth == n.list[best].depth:
			alone = false
		}
	}
	if !alone {
		return -1
	}
	return best
}

//go:embed words.yaml
var wordsFile []byte

// vocabulary is what one must know of words to find counterparts.
type vocabulary struct {
	Units []string            `yaml:"units"` // words for a kind of unit
	Small []string            `yaml:"small"` // words that say nothing of what work is about
	Kin   map[string][]string `yaml:"kin"`   // words of families by answer of the monitor
}

var vocabularyOf = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{}
	d := yaml.NewDecoder(bytes.NewReader(wordsFile))
	d.KnownFields(true)
	if err := d.Decode(v); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return v
})

// bare leaves the words for a kind of unit out of a folded name, unless nothing else is left.
func bare(folded string) string {
	rest := slices.DeleteFunc(strings.Fields(folded), func(w string) bool { return slices.Contains(vocabularyOf().Units, w) })
	if len(rest) == 0 {
		return folded
	}
	return strings.Join(rest, " ")
}

// contents are the words of a text that say what work is about.
func contents(text string) []string {
	return slices.DeleteFunc(strings.Fields(value.Fold(text)), func(w string) bool { return len(w) < 2 || slices.Contains(vocabularyOf().Small, w) })
}

// likeness is how many words of a family an answer has too.
func likeness(family string, a *Answer) int {
	words := append([]string(nil), vocabularyOf().Kin[a.ID]...)
	for _, text := range a.Label {
		words = append(words, contents(text)...)
	}
	n := 0
	for _, w := range contents(family) {
		if slices.Contains(words, w) {
			n++
		}
	}
	return n
}

// familyOf returns the answer that the people of a family would give; "" where none, or more than one, is likest.
func familyOf(family string, answers []Answer) string {
	best, most, alone := "", 0, false
	for i := range answers {
		switch n := likeness(family, &answers[i]); {
		case n > most:
			best, most, alone = answers[i].ID, n, true
		case n == most:
			alone = false
		}
	}
	if most == 0 || !alone {
		return ""
	}
	return best
}

// families are those of an organisation, by name.
func families(o *demand.Organisation) []string {
	var out []string
	for i := range o.Functions {
		if f := o.Functions[i].Family; f != "" {
			out = append(out, f)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func functionTargets(o *demand.Organisation) []target {
	out := make([]target, len(o.Functions))
	for i := range o.Functions {
		f := &o.Functions[i]
		out[i] = target{id: f.ID, names: []string{f.ID, f.Code, f.Name}}
	}
	return out
}
