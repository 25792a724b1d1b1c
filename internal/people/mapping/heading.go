package mapping

import (
	"slices"
	"strings"

	"tekentafel/internal/people/mapping/value"
)

// match is how a heading speaks for a field.
type match struct {
	word  string // of words.yaml
	score float64
	exact bool
}

// entry is a heading of words.yaml, prepared.
type entry struct {
	text     string
	field    Field
	weight   float64
	squashed string
	tokens   []string
}

// lexicon is words.yaml in the form in which it is searched.
type lexicon struct {
	*words
	entries []entry
	exact   map[string][]int // by squashed text
}

func newLexicon(w *words) *lexicon {
	l := &lexicon{words: w, exact: map[string][]int{}}
	for _, list := range w.Headings {
		for _, text := range list.Words {
			e := entry{text: text, field: list.Field, weight: list.Weight, squashed: strings.ReplaceAll(text, " ", ""), tokens: strings.Fields(text)}
			l.exact[e.squashed] = append(l.exact[e.squashed], len(l.entries))
			l.entries = append(l.entries, e)
		}
	}
	return l
}

// match returns for each field how much a heading speaks for it, between 0 and 1. A heading that is a word of words.yaml, but for
// spaces and signs, is matched by that word alone. Else it may be a word cut short ("Org.eenh"), a word with a typing error, or
// hold a word ("Functietitel hoofdfunctie").
func (l *lexicon) match(heading string) map[Field]match {
	found := map[Field]match{}
	take := func(e *entry, score float64, exact bool) {
		if s := score * e.weight; s > found[e.field].score {
			found[e.field] = match{e.text, s, exact}
		}
	}
	folded := value.Fold(heading)
	squashed := strings.ReplaceAll(folded, " ", "")
	if squashed == "" {
		return found
	}
	if at := l.exact[squashed]; at != nil {
		for _, i := range at {
			take(&l.entries[i], 1, true)
		}
		return found
	}
	tokens := strings.Fields(folded)
	defer func() { l.ofManager(tokens, found) }()
	for i := range l.entries {
		e := &l.entries[i]
		switch {
		case shortened(tokens, e.tokens) || len(tokens) == 1 && shortenedCompound(squashed, e.squashed):
			take(e, 0.85, false)
		case misspelt(squashed, e.squashed):
			take(e, 0.8, false)
		default:
			if share := held(tokens, e.tokens); share > 0 {
				take(e, 0.45+0.35*share, false)
			}
		}
	}
	return found
}

// ofManager makes what a heading says of a person what it says of the manager, where it names the manager.
func (l *lexicon) ofManager(tokens []string, found map[Field]match) {
	if !slices.ContainsFunc(tokens, func(t string) bool { return slices.Contains(l.Managers, t) }) {
		return
	}
	for _, to := range []struct{ from, to Field }{{Number, ManagerNumber}, {Mail, ManagerMail}, {Name, ManagerName}, {Family, ManagerName}, {Given, ManagerName}} {
		if m, ok := found[to.from]; ok {
			if m.score = min(0.9, m.score+0.2); m.score > found[to.to].score || to.to != ManagerName {
				found[to.to] = m
			}
			delete(found, to.from)
		}
	}
}

// shortened tells whether a heading is a word of which parts are cut short after three letters or more: "org eenh" for
// "organisatorische eenheid".
func shortened(tokens, of []string) bool {
	if len(tokens) != len(of) {
		return false
	}
	for i, t := range tokens {
		if t != of[i] && (len(t) < 3 || !strings.HasPrefix(of[i], t)) {
			return false
		}
	}
	return true
}

// shortenedCompound is shortened for a heading in one word: "functietit" for "functietitel".
func shortenedCompound(heading, of string) bool {
	return len(heading) >= 4 && len(heading)*2 > len(of) && strings.HasPrefix(of, heading)
}

// misspelt tells whether two words differ by a letter, or by two when they are long.
func misspelt(a, b string) bool {
	most := 0
	switch n := min(len(a), len(b)); {
	case n >= 11:
		most = 2
	case n >= 6:
		most = 1
	}
	return most > 0 && max(len(a), len(b))-min(len(a), len(b)) <= most && edits(a, b) <= most
}

// held returns the share of the letters of a heading that is a word which it holds, 0 when it does not. A compound holds its last
// part when that is long: "hoofdafdeling" holds "afdeling".
func held(tokens, of []string) float64 {
	letters, hit, at := 0, 0, 0
	for _, t := range tokens {
		letters += len(t)
		if at < len(of) && (t == of[at] || len(of) == 1 && len(of[0]) >= 6 && strings.HasSuffix(t, of[0])) {
			hit += len(of[at])
			at++
		}
	}
	if at < len(of) || hit < 3 {
		return 0
	}
	return float64(hit) / float64(letters)
}

// edits is the distance of Levenshtein (1966) with exchanged neighbours as one (optimal string alignment).
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
