// Package find finds short texts by words, in Dutch, French, German and English at once: nobody says in which language they look. It reads
// nothing and stores nothing; an index is built of what is given and kept by who built it.
//
// A word is found in any of these ways, the best counts: the same word but for case, accents and endings; a word that begins with it; a
// compound that holds it ("brief" in "klachtenbrief"); a word with a letter or two different, missing, added or swapped. Words in a title count
// most, then tags, then the rest; words that few texts have count more than words that many have.
package find

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Document is a text that can be found.
type Document struct {
	ID    string
	Title string
	Tags  string
	Body  string
}

// Hit is a document that was found. A higher score comes first.
type Hit struct {
	ID    string
	Score float64
}

// The weights of where a word stands.
const (
	inTitle = 4.0
	inTags  = 3.0
	inBody  = 1.0
)

// The weights of how a word was found.
const (
	same     = 1.0
	begins   = .7
	holds    = .5
	mistyped = .35
)

// posting is how much a word counts in a document.
type posting struct {
	doc    int
	weight float64
}

// Index holds documents by their words. It is safe for concurrent use.
type Index struct {
	ids   []string
	words map[string][]posting
}

// New returns an index of documents.
func New(list []Document) *Index {
	x := &Index{words: map[string][]posting{}}
	for i := range list {
		d := &list[i]
		x.ids = append(x.ids, d.ID)
		weights := map[string]float64{}
		for _, f := range []struct {
			text   string
			weight float64
		}{{d.Title, inTitle}, {d.Tags, inTags}, {d.Body, inBody}} {
			seen := map[string]bool{}
			for _, w := range Words(f.text) {
				if seen[w] {
					continue // a text that repeats a word is not more about it
				}
				seen[w] = true
				weights[w] += f.weight
			}
		}
		for w, weight := range weights {
			x.words[w] = append(x.words[w], posting{i, weight})
		}
	}
	return x
}

// mostWords bounds the words of a question that count.
const mostWords = 12

// Search returns the documents in which words of a question stand, the best first; none for a question without words. Where some document has
// them all, those with less than half are left out.
func (x *Index) Search(question string) []Hit {
	asked := Words(question)
	asked = asked[:min(len(asked), mostWords)]
	if len(asked) == 0 {
		return nil
	}
	scores, found := make([]float64, len(x.ids)), make([]int, len(x.ids))
	for _, a := range asked {
		best := map[int]float64{}
		for w, list := range x.words {
			how := matches(a, w)
			if how == 0 {
				continue
			}
			rare := math.Log(1 + float64(len(x.ids))/float64(len(list)))
			for _, p := range list {
				best[p.doc] = max(best[p.doc], how*rare*p.weight)
			}
		}
		for doc, s := range best {
			scores[doc] += s
			found[doc]++
		}
	}
	whole := slices.Max(append(found, 0)) == len(asked)
	var out []Hit
	for i, s := range scores {
		if s == 0 || whole && 2*found[i] < len(asked) {
			continue
		}
		part := float64(found[i]) / float64(len(asked))
		out = append(out, Hit{x.ids[i], s * part * part})
	}
	slices.SortStableFunc(out, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return out
}

// matches tells how well a word of a text fits a word that was asked, from 0 to 1.
func matches(asked, word string) float64 {
	switch n := len(asked); {
	case asked == word:
		return same
	case n >= 3 && strings.HasPrefix(word, asked):
		return begins
	case n >= 5 && strings.Contains(word, asked):
		return holds
	case n >= 9 && within(asked, word, 2), n >= 5 && within(asked, word, 1):
		return mistyped
	}
	return 0
}

// within tells whether one word becomes the other by at most so many letters that are changed, added, left out or swapped with the next.
func within(a, b string, most int) bool {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > most || -d > most {
		return false
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)] <= most
}
