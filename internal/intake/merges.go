package intake

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"tekentafel/internal/instrument"
)

// likeness is a way in which two spellings can be one: the same under key.
type likeness struct {
	why string
	key func(string) string
}

// likenesses go from the smallest difference to the largest.
func likenesses() []likeness {
	return []likeness{
		{"white space", func(s string) string { return strings.Join(strings.Fields(trimmed(s)), " ") }},
		{"capitals", caseless},
		{"accents", unaccented},
		{"punctuation", lettersOnly},
	}
}

// letters that a word needs before one letter more, less or else can be a slip
const longWord = 6

// levels among which a slip of one letter is looked for
const slipLevels = 20_000

// propose proposes merges among the levels of a category, in the spellings of the file. A translation of a spelling to
// itself in the mapping says that it stands on its own.
func (c *coder) propose(heading, item string, r reading, made *coding, cells []string, used []int) {
	counts := make([]int, len(made.levels))
	alone := map[string]bool{}
	merged := 0
	for id, code := range made.codes {
		if code >= instrument.FirstOption {
			counts[int(code)-instrument.FirstOption] += used[id]
		}
		if made.merged[uint32(id)] {
			merged += used[id]
		}
	}
	for from, to := range r.values {
		if from == to {
			alone[from] = true
		}
	}
	found := merges(made.levels, counts, alone)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quality.Merged += merged
	for _, m := range found {
		m.Column, m.Item = heading, item
		c.proposals = append(c.proposals, m)
	}
}

// merges finds the spellings that look like one, each to go into the one that occurs most.
func merges(levels []string, counts []int, alone map[string]bool) []Merge {
	var groups [][]int // of levels; the first of a group occurs most
	for i, level := range levels {
		if !alone[level] {
			groups = append(groups, []int{i})
		}
	}
	most := func(a, b int) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(levels[a], levels[b]))
	}
	for _, l := range likenesses() {
		at := map[string]int{}
		left := groups[:0]
		for _, g := range groups {
			key := l.key(levels[g[0]])
			first, same := at[key]
			if !same || key == "" {
				at[key] = len(left)
				left = append(left, g)
				continue
			}
			both := slices.Concat(left[first], g)
			slices.SortStableFunc(both, most)
			left[first] = both
		}
		groups = left
	}
	var list []Merge
	heads := make([]int, 0, len(groups))
	add := func(from, to int, why string) {
		list = append(list, Merge{
			From: levels[from], Into: levels[to], CountFrom: counts[from], CountInto: counts[to], Why: why,
		})
	}
	for _, g := range groups {
		heads = append(heads, g[0])
		for _, m := range g[1:] {
			add(m, g[0], difference(levels[m], levels[g[0]]))
		}
	}
	if len(heads) <= slipLevels {
		slices.SortFunc(heads, most)
		for _, s := range slips(levels, heads) {
			add(s.from, s.to, "one letter")
		}
	}
	return list
}

// difference names the largest likeness that two spellings need to be one.
func difference(a, b string) string {
	list := likenesses()
	for _, l := range list {
		if l.key(a) == l.key(b) {
			return l.why
		}
	}
	return list[len(list)-1].why
}

// slip is a level that differs from another, more frequent one, by one letter in one long word.
type slip struct{ from, to int }

// slips finds, for each level, the most frequent other that it differs from by a slip. Levels come by falling frequency.
// Two texts are at distance 1 only when they share a text from which at most one letter was deleted, so that looking
// those up replaces comparing all pairs.
func slips(levels []string, heads []int) []slip {
	at := map[string][]int{} // ranks of the levels that have the text
	into := map[int]bool{}
	var list []slip
	for rank, h := range heads {
		key := unaccented(levels[h])
		var near []int
		shorter := deletions(key)
		for _, d := range shorter {
			near = append(near, at[d]...)
		}
		slices.Sort(near)
		for _, r := range slices.Compact(near) {
			n := heads[r]
			if !into[n] && oneLetter(unaccented(levels[n]), key) {
				list = append(list, slip{h, n})
				into[h] = true
				break
			}
		}
		for _, d := range shorter {
			at[d] = append(at[d], rank)
		}
	}
	return list
}

// deletions returns the text itself and all texts with one letter less.
func deletions(s string) []string {
	r := []rune(s)
	r = r[:min(len(r), distanceLength)]
	list := []string{string(r)}
	for i := range r {
		list = append(list, string(r[:i])+string(r[i+1:]))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// oneLetter tells whether two texts have the same words but for one, which is long in both, holds no digit, and
// differs by one letter inserted, deleted, replaced, or swapped with its neighbour.
func oneLetter(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	at := none
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		if at != none {
			return false
		}
		at = i
	}
	if at == none {
		return false
	}
	v, w := x[at], y[at]
	return min(len([]rune(v)), len([]rune(w))) >= longWord && !strings.ContainsFunc(v+w, unicode.IsDigit) && distance(v, w, 1) == 1
}
