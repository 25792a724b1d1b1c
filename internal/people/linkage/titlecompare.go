package linkage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (t *titleRows) compare(a, b int) (pattern, bool) {
	x, y := &t.rows[a], &t.rows[b]
	if !t.across && x.seniority != y.seniority || x.number != y.number && x.number > 0 && y.number > 0 {
		return pattern{}, false
	}
	p := pattern{missing, missing, missing, missing, missing, missing, missing, missing}
	if len(x.words) == 0 || len(y.words) == 0 {
		return p, x.joined == y.joined && x.joined != ""
	}
	p[0] = t.compareWords(x, y, nil)
	if x.letter != 0 && y.letter != 0 {
		switch {
		case x.letter != y.letter && x.written && y.written && !t.grades:
			return pattern{}, false
		case x.letter != y.letter:
			p[1] = 2
		case x.low > 0 && y.low > 0 && (x.high < y.low || y.high < x.low):
			p[1] = 1
		default:
			p[1] = 0
		}
	}
	if x.family != "" && y.family != "" {
		switch {
		case x.family == y.family:
			p[2] = 0
		case within(x.family, y.family, edits(min(len(x.family), len(y.family)))) || strings.HasPrefix(x.family, y.family) || strings.HasPrefix(y.family, x.family):
			p[2] = 1
		default:
			p[2] = 2
		}
	}
	if len(x.isco) > 2 && len(y.isco) > 2 {
		switch {
		case x.isco == y.isco:
			p[3] = 0
		case x.isco[:3] == y.isco[:3]:
			p[3] = 1
		default:
			p[3] = 2
		}
	}
	if len(x.units) > 0 && len(y.units) > 0 {
		p[4] = 1
		if meet(x.units, y.units) {
			p[4] = 0
		}
	}
	if n, m := t.titles[a].People, t.titles[b].People; n > 0 && m > 0 {
		p[5] = 1
		if min(n, m) <= 2 {
			p[5] = 0
		}
	}
	return p, true
}

func meet(a, b []string) bool {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			return true
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return false
}

// most words of a title that are laid beside those of another.
const mostWords = 16

// compareWords lays the words of two titles beside each other. The differences go to sink, where there is one.
func (t *titleRows) compareWords(x, y *titleRow, sink func(DifferenceKind, string, string)) int8 {
	tell := func(k DifferenceKind, a, b string) {
		if sink != nil {
			sink(k, a, b)
		}
	}
	if x.sorted == y.sorted && x.sorted != "" {
		if !slices.EqualFunc(x.words, y.words, func(a, b word) bool { return a.key == b.key }) {
			tell(Order, "", "")
		}
		return wordsSame
	}
	if x.joined == y.joined {
		tell(Compound, spelling(x.words), spelling(y.words))
		return wordsJoined
	}
	a, b := x.words[:min(len(x.words), mostWords)], y.words[:min(len(y.words), mostWords)]
	var usedA, usedB [mostWords]bool
	var hitA, hitB float64
	var compound, short, typo bool
	match := func(i, j int) {
		usedA[i], usedB[j] = true, true
		hitA += x.weights[i]
		hitB += y.weights[j]
	}
	for i := range a {
		for j := range b {
			if !usedB[j] && (a[i].key == b[j].key || slices.Contains(a[i].other, b[j].key) || slices.Contains(b[j].other, a[i].key)) {
				match(i, j)
				break
			}
		}
	}
	for i := range a {
		for j := range b {
			if usedA[i] || usedB[j] {
				continue
			}
			switch {
			case a[i].stands(&b[j]) || b[j].stands(&a[i]):
				short = true
				tell(Abbreviation, a[i].raw, b[j].raw)
			case t.mistyped(&a[i], &b[j]):
				typo = true
				tell(Typo, a[i].raw, b[j].raw)
			default:
				continue
			}
			match(i, j)
		}
	}
	merge := func(one, two []word, usedOne, usedTwo *[mostWords]bool, hit func(i, j int)) {
		for i := range one {
			for j := 0; j+1 < len(two) && !usedOne[i]; j++ {
				if usedTwo[j] || usedTwo[j+1] || !together(&one[i], &two[j], &two[j+1]) {
					continue
				}
				hit(i, j)
				compound = true
				tell(Compound, one[i].raw, two[j].raw+" "+two[j+1].raw)
			}
		}
	}
	merge(a, b, &usedA, &usedB, func(i, j int) { match(i, j); usedB[j+1] = true; hitB += y.weights[j+1] })
	merge(b, a, &usedB, &usedA, func(j, i int) { match(i, j); usedA[i+1] = true; hitA += x.weights[i+1] })
	for i := range a {
		if !usedA[i] {
			tell(Extra, a[i].raw, "")
			if a[i].weak {
				hitA += x.weights[i]
			}
		}
	}
	for j := range b {
		if !usedB[j] {
			tell(Extra, "", b[j].raw)
			if b[j].weak {
				hitB += y.weights[j]
			}
		}
	}
	const all = 0.9999
	inA, inB := hitA/x.total, hitB/y.total
	switch {
	case inA > all && inB > all && typo:
		return wordsMistyped
	case inA > all && inB > all && short:
		return wordsShortened
	case inA > all && inB > all && compound:
		return wordsJoined
	case inA > all && inB > all:
		return wordsSame
	case min(len(x.joined), len(y.joined)) >= 9 && within(x.joined, y.joined, 1) && len(a) != len(b):
		return wordsMistyped
	case max(inA, inB) > all && min(inA, inB) >= 0.4:
		return wordsWithin
	case (hitA+hitB)/(x.total+y.total) >= 0.5:
		return wordsPartly
	default:
		return wordsDifferent
	}
}

// stands tells whether a word can be an abbreviation of another. One that the list explains in another way must be its beginning.
func (w *word) stands(long *word) bool {
	return w.short && shortens(w.raw, long.full) || w.dotted && len(w.raw) > 2 && len(w.raw) < len(long.full) && strings.HasPrefix(long.full, w.raw)
}

// mistyped tells whether two words differ by a typing error. Where both are common, they are two words, however alike.
func (t *titleRows) mistyped(a, b *word) bool {
	n := min(len(a.full), len(b.full))
	limit := edits(n)
	if n >= 8 && max(t.df[a.key], t.df[b.key]) <= 2 {
		limit++ // both may be mistyped
	}
	if within(a.full, b.full, limit) || within(a.key, b.key, edits(min(len(a.key), len(b.key)))) {
		return t.oneIsRare(a.key, b.key)
	}
	// A short word that occurs once, an edit away from one that occurs often.
	return n >= 3 && max(len(a.full), len(b.full)) >= 4 && n < 5 && a.full[0] == b.full[0] && within(a.full, b.full, 1) &&
		min(t.df[a.key], t.df[b.key]) == 1 && max(t.df[a.key], t.df[b.key]) >= 5
}

func (t *titleRows) oneIsRare(a, b string) bool {
	n, m := t.df[a], t.df[b]
	return min(n, m) <= max(2, max(n, m)/20)
}

// together tells whether one word is two others written as one, with or without the s or e that ties them.
func together(whole, first, second *word) bool {
	rest, is := strings.CutPrefix(whole.full, first.full)
	if !is {
		rest, is = strings.CutPrefix(whole.full, first.key)
	}
	if !is || len(rest) < 3 {
		return false
	}
	for _, tie := range [...]string{"", "s", "en", "e", "n"} {
		if tail, is := strings.CutPrefix(rest, tie); is && (tail == second.full || tail == second.key) {
			return true
		}
	}
	return false
}

func spelling(words []word) string {
	var s []string
	for _, w := range words {
		s = append(s, w.raw)
	}
	return strings.Join(s, " ")
}

func (t *titleRows) apart(p pattern) bool { return p[0] == wordsDifferent }

func (t *titleRows) rarity(a, b int, p pattern, f *fit) [mostFields]float64 {
	return [mostFields]float64{}
}

func (t *titleRows) describe(a, b int, _ pattern, evidence []Evidence) {
	x, y := &t.rows[a], &t.rows[b]
	for i := range evidence {
		e := &evidence[i]
		switch e.Field {
		case FieldWords:
			e.Args = []string{t.titles[a].Text, t.titles[b].Text}
			e.Differences = different(x.traces, y.traces)
			if len(x.words) > 0 && len(y.words) > 0 {
				t.compareWords(x, y, func(k DifferenceKind, a, b string) { e.Differences = append(e.Differences, Difference{k, a, b}) })
			}
		case FieldGrade:
			e.Args = []string{x.gradeText(), y.gradeText()}
		case FieldFamily:
			e.Args = []string{t.titles[a].Family, t.titles[b].Family}
		case FieldISCO:
			e.Args = []string{x.isco, y.isco}
		case FieldPeople:
			e.Args = []string{strconv.Itoa(t.titles[a].People), strconv.Itoa(t.titles[b].People)}
		default: // the units are for the caller to show
		}
	}
}

// different returns what was taken out or written out in one title and not in the same way in the other.
func different(a, b []Difference) []Difference {
	var out []Difference
	for _, d := range a {
		if !slices.Contains(b, d) {
			out = append(out, d)
		}
	}
	for _, d := range b {
		if !slices.Contains(a, d) {
			out = append(out, Difference{d.Kind, d.B, d.A})
		}
	}
	return out
}

func (f *form) gradeText() string {
	letter := strings.ToUpper(string(rune(f.letter)))
	switch {
	case f.letter == 0:
		return ""
	case f.low == 0:
		return letter
	case f.low == f.high:
		return fmt.Sprintf("%s%d", letter, f.low)
	default:
		return fmt.Sprintf("%s%d-%s%d", letter, f.low, letter, f.high)
	}
}

// better prefers what is written in full, then words that other titles have too (a word of one title alone is often a slip), then what most
// people have, then the words that occur most, then the first key.
func (t *titleRows) better(a, b int) bool {
	x, y := &t.rows[a], &t.rows[b]
	if x.plain != y.plain {
		return x.plain
	}
	if n, m := t.commonest(a) > 1, t.commonest(b) > 1; n != m {
		return n
	}
	if n, m := t.titles[a].People, t.titles[b].People; n != m {
		return n > m
	}
	if n, m := t.commonest(a), t.commonest(b); n != m {
		return n > m
	}
	return t.titles[a].Key < t.titles[b].Key
}

func (t *titleRows) commonest(i int) int {
	least := len(t.rows) + 1
	for _, w := range t.rows[i].words {
		least = min(least, t.df[w.key])
	}
	return least
}
