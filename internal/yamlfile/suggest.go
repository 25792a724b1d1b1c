package yamlfile

import "strings"

// DidYouMean returns `did you mean "x"?` for the known word nearest to word, or otherwise when none is near.
func DidYouMean(word string, known []string, otherwise string) string {
	if best := Nearest(word, known); best != "" {
		return "did you mean " + Quote(best) + "?"
	}
	return otherwise
}

// Bounds on the search for a suggestion, so that a hostile file cannot make it slow.
const (
	longestWord = 40
	mostWords   = 1000
)

// Nearest returns the known word within an edit distance of a third of its length (at most 3), letters
// compared without case; "" when there is none. Ties go to the first in sorted order.
func Nearest(word string, known []string) string {
	if len(word) > longestWord {
		return ""
	}
	best, distance := "", 4
	w := []rune(strings.ToLower(word))
	for _, k := range known[:min(len(known), mostWords)] {
		if len(k) > longestWord || k == word {
			continue
		}
		r := []rune(strings.ToLower(k))
		limit := min(3, min(len(r), len(w))/3)
		if max(len(r)-len(w), len(w)-len(r)) > limit {
			continue
		}
		if d := editDistance(w, r); d <= limit && (d < distance || d == distance && k < best) {
			best, distance = k, d
		}
	}
	return best
}

// editDistance counts the insertions, deletions, substitutions and swaps of neighbours that turn a into b
// (optimal string alignment: Damerau 1964, restricted as no letter is edited twice).
func editDistance(a, b []rune) int {
	before, last, this := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		this[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			this[j] = min(last[j]+1, this[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
		}
		before, last, this = last, this, before
	}
	return last[len(b)]
}
