package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/clock"
	"tekentafel/internal/people/linkage/synthetic"
)

// record is what the peers compare: a text, and a year that must agree where both are known.
type record struct {
	text string
	year int
}

// plain writes a text in small letters without accents and punctuation.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(s))
	return strings.Join(strings.Fields(s), " ")
}

func peers(now clock.Clock, rows []record, labels []int, tuning []record, truth []int) {
	start, busy := now(), computing()
	exact := map[string]map[int]int{}
	q := synthetic.Quality{True: synthetic.TruePairs(labels)}
	seen := map[string]int{}
	for i, r := range rows {
		k := r.text + "|" + strconv.Itoa(r.year)
		if exact[k] == nil {
			exact[k] = map[int]int{}
		}
		q.Proposed += seen[k]
		q.Right += exact[k][labels[i]]
		seen[k]++
		exact[k][labels[i]]++
	}
	show("", 0, "exact after folding", q, spent{now().Sub(start), computing() - busy})
	best, top := 0.0, -1.0
	scores := neighbours(tuning, truth)
	for t := 0.80; t < 0.995; t += 0.01 {
		if q := at(scores, t, truth); q.F1() > top {
			best, top = t, q.F1()
		}
	}
	start, busy = now(), computing()
	q = at(neighbours(rows, labels), best, labels)
	show("", 0, "Jaro-Winkler "+strconv.FormatFloat(best, 'f', 2, 64), q, spent{now().Sub(start), computing() - busy})
}

type score struct {
	similarity float64
	same       bool
}

// neighbours compares each row with fifty behind it in the order of the alphabet, and in that of the text read backwards.
func neighbours(rows []record, labels []int) []score {
	const window = 50
	var scores []score
	done := map[[2]int]bool{}
	for _, backwards := range []bool{false, true} {
		order := make([]int, len(rows))
		keys := make([]string, len(rows))
		for i := range rows {
			order[i], keys[i] = i, rows[i].text
			if backwards {
				b := []byte(keys[i])
				slices.Reverse(b)
				keys[i] = string(b)
			}
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
		for i := range order {
			for j := i + 1; j < min(len(order), i+1+window); j++ {
				a, b := min(order[i], order[j]), max(order[i], order[j])
				x, y := rows[a], rows[b]
				if x.year != y.year && x.year != 0 && y.year != 0 || done[[2]int{a, b}] {
					continue
				}
				if s := jaroWinkler(x.text, y.text); s >= 0.8 {
					done[[2]int{a, b}] = true
					scores = append(scores, score{s, labels[a] == labels[b]})
				}
			}
		}
	}
	return scores
}

func at(scores []score, threshold float64, labels []int) synthetic.Quality {
	q := synthetic.Quality{True: synthetic.TruePairs(labels)}
	for _, s := range scores {
		if s.similarity >= threshold {
			q.Proposed++
			if s.same {
				q.Right++
			}
		}
	}
	return q
}

// jaroWinkler is the peer's own, as in Winkler (1990).
func jaroWinkler(a, b string) float64 {
	reach := max(max(len(a), len(b))/2-1, 0)
	inA, inB := make([]bool, len(a)), make([]bool, len(b))
	m := 0.0
	for i := range len(a) {
		for j := max(0, i-reach); j < min(len(b), i+reach+1); j++ {
			if !inB[j] && a[i] == b[j] {
				inA[i], inB[j] = true, true
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	crossed, j := 0, 0
	for i := range len(a) {
		if !inA[i] {
			continue
		}
		for !inB[j] {
			j++
		}
		if a[i] != b[j] {
			crossed++
		}
		j++
	}
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(crossed/2))/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}
