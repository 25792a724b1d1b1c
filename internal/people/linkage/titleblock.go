package linkage

import (
	"cmp"
	"slices"
	"strings"
)

func (t *titleRows) passes() []pass {
	joined := func(i int) string { return t.rows[i].joined }
	tail := func(i int) string { return reversed(t.rows[i].joined) }
	mark := func(i int, add func(string), key string) {
		if key == "" {
			return
		}
		if !t.across {
			key += "|" + t.rows[i].seniority
		}
		add(key)
	}
	return []pass{
		{"same-words", func(i int, add func(string)) { mark(i, add, t.rows[i].sorted) }, joined},
		{"rare-words", func(i int, add func(string)) {
			for _, k := range t.rarest(i, 2) {
				mark(i, add, k)
			}
		}, joined},
		{"begin", func(i int, add func(string)) { mark(i, add, cut(t.rows[i].joined, 5)) }, joined},
		{"end", func(i int, add func(string)) { mark(i, add, cut(reversed(t.rows[i].joined), 6)) }, tail},
		{"sound", func(i int, add func(string)) {
			mark(i, add, sound(strings.ReplaceAll(t.rows[i].sorted, " ", "")))
		}, joined},
		{"word-beginnings", func(i int, add func(string)) {
			w := t.rows[i].words[:min(len(t.rows[i].words), 4)]
			for j := range w {
				for k := j + 1; k < len(w); k++ {
					a, b := cut(w[j].full, 3), cut(w[k].full, 3)
					mark(i, add, min(a, b)+" "+max(a, b))
				}
			}
		}, func(i int) string { return t.rows[i].sorted }},
		{"initials", func(i int, add func(string)) {
			var b []byte
			for _, w := range t.rows[i].words {
				if !w.weak {
					b = append(b, w.full[0])
				}
			}
			if len(b) > 1 {
				mark(i, add, string(b))
			}
		}, func(i int) string { return sound(t.rows[i].joined) }},
	}
}

func (t *titleRows) rarest(i, n int) []string {
	r := &t.rows[i]
	order := make([]int, 0, len(r.words))
	for k := range r.words {
		if !r.words[k].weak {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.weights[b], r.weights[a]) })
	var keys []string
	for _, k := range order[:min(n, len(order))] {
		keys = append(keys, r.words[k].key)
	}
	return keys
}

func cut(s string, n int) string { return s[:min(n, len(s))] }

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}
