package instrument

import (
	"math"
	"strings"
	"unicode"
)

// Assumptions behind the estimate of the time to answer. They are the authors', not measured: a careful reader of plain
// text, on a phone, who uses the whole time that an answer may take. A pilot with a watch corrects them.
const (
	WordsPerMinute    = 200.0 // reading plain prose (level B1)
	SecondsPerPage    = 1.5   // finding one's way on the page, and going on to the next
	SecondsPerChoice  = 3.0   // deciding on one option of a list
	SecondsPerRow     = 3.0   // deciding on a row of a matrix
	SecondsPerTick    = 1.0   // each option of a multiple choice, ticked or not
	SecondsPerNumber  = 5.0   // typing a number
	SecondsPerList    = 6.0   // finding one's department or campus in a list
	SecondsPerWriting = 30.0  // an open question, as an average of those who write and those who do not
)

// Duration is the time to answer, in minutes, over all routes through an instrument.
type Duration struct {
	Shortest float64
	Longest  float64
	// Exact says that every route was walked. Else Shortest leaves out, and Longest takes in, items that no single route
	// combines: the true times lie between.
	Exact bool
}

// Minutes estimates the time to answer in a language, over the shortest and the longest route that the conditions
// allow; every item that is asked is answered. The assumptions are the constants above.
func (r *Routing) Minutes(l Lang) Duration {
	return r.PartMinutes(l, func(*Item) bool { return true })
}

// PartMinutes is Minutes for the items in part alone, such as those of a module, asked among all others.
func (r *Routing) PartMinutes(l Lang, part func(*Item) bool) Duration {
	routes := newRoutes(r.in, r.conditions)
	total := Duration{Exact: true}
	for _, is := range routes.islands {
		seconds := make([]float64, len(is.items))
		for k, i := range is.items {
			if part(&r.in.Items[i]) {
				seconds[k] = r.in.Items[i].seconds(l)
			}
		}
		shortest, longest := math.Inf(1), 0.0
		walked := routes.walkIsland(is, func(asked []bool) bool {
			sum := sumWhere(seconds, asked)
			shortest, longest = min(shortest, sum), max(longest, sum)
			return true
		})
		if !walked {
			total.Exact = false
			shortest, longest = 0, 0
			for k, i := range is.items {
				longest += seconds[k]
				if r.conditions[i] == nil {
					shortest += seconds[k]
				}
			}
		}
		total.Shortest += shortest / 60
		total.Longest += longest / 60
	}
	return total
}

// RouteMinutes estimates the time to answer in a language, in minutes, for one route: what Route returned.
func (r *Routing) RouteMinutes(l Lang, route []bool) float64 {
	seconds := make([]float64, len(r.in.Items))
	for i := range r.in.Items {
		seconds[i] = r.in.Items[i].seconds(l)
	}
	return sumWhere(seconds, route) / 60
}

func sumWhere(values []float64, where []bool) float64 {
	sum := 0.0
	for i, v := range values {
		if where[i] {
			sum += v
		}
	}
	return sum
}

// seconds estimates the time that an item takes: reading all of it once, and answering.
func (it *Item) seconds(l Lang) float64 {
	words := CountWords(it.Question.In(l)) + CountWords(it.Help.In(l))
	for i := range it.Options {
		words += CountWords(it.Options[i].Label.In(l))
	}
	for i := range it.Rows {
		words += CountWords(it.Rows[i].Text.In(l))
	}
	seconds := float64(words)*60/WordsPerMinute + SecondsPerPage
	switch it.Kind {
	case Single, Scale:
		seconds += SecondsPerChoice
	case Multiple:
		seconds += SecondsPerTick * float64(len(it.Options))
	case Matrix:
		seconds += SecondsPerRow * float64(len(it.Rows))
	case Number:
		seconds += SecondsPerNumber
	case Category:
		seconds += SecondsPerList
	case OpenText:
		seconds += SecondsPerWriting
	case Info:
	}
	return seconds
}

// CountWords counts the words that somebody reads of a text: runs between spaces that hold a letter or digit.
func CountWords(s string) int {
	n := 0
	for _, w := range strings.Fields(s) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}
