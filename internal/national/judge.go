package national

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Level says how far a column holds national numbers.
type Level string

// The levels.
const (
	None  Level = ""      // none, or no more than chance gives
	Some  Level = "some"  // here and there, among other things
	Whole Level = "whole" // it is a column of them
)

// Verdict is what a column was judged to be.
type Verdict struct {
	Level   Level
	Dutch   bool // the numbers of a Whole column are BSN, else Belgian
	Named   bool // the heading says so
	Filled  int  // cells that are not empty
	Passed  int  // cells that are such a number
	Inside  int  // cells with such a number among other text
	Numbers int  // cells with nothing but digits and the signs between them, at least five
}

// Judge weighs the cells of one column. Chance lets 1 in 97 random digit strings pass per century, times the share that begin
// with a possible date, and 1 in 11 the Dutch check; phone numbers, staff numbers, dates and article numbers all do so now and
// then. What counts is therefore how many of the column's numbers pass.
type Judge struct {
	heading         string
	filled, numbers int
	be              tally
	nl              tally
	inside          int
}

// tally counts cells by spelling: of the shape, and passed.
type tally struct{ shaped, passed [Short + 1]int }

func (t *tally) strong() int { return t.passed[Written] + t.passed[Bare] }

// NewJudge returns a judge for a column with this heading.
func NewJudge(heading string) *Judge { return &Judge{heading: Letters(heading)} }

// Add weighs a cell.
func (j *Judge) Add(cell string) {
	n := countDigits(cell)
	if n < 5 {
		if n > 0 || strings.TrimSpace(cell) != "" {
			j.filled++
		}
		return
	}
	j.filled++
	g := digitsOf(cell)
	if g.groups == 0 {
		if n >= 8 && len(Find(cell)) > 0 {
			j.inside++
		}
		return
	}
	j.numbers++
	if how, ok := g.belgianShape(); ok {
		j.be.shaped[how]++
		// An enterprise number (KBO) without its zero has the same check digits; read as a number of a person it is mostly
		// born in a month 00, so that this proves nothing.
		if m, ok := g.belgian(); ok && (how != Short || m.Number.digits/1e7%100 != 0) {
			j.be.passed[how]++
		}
	}
	if how, ok := g.dutchShape(); ok {
		j.nl.shaped[how]++
		if _, ok := g.dutch(); ok {
			j.nl.passed[how]++
		}
	}
}

// chance that a digit string passes the checks at random: for Belgium the most, when each begins with a possible date
const (
	chanceBelgian = 2.0 / 97
	chanceDutch   = 1.0 / 11
)

// Verdict says what the column is.
func (j *Judge) Verdict() Verdict {
	v := Verdict{Filled: j.filled, Numbers: j.numbers, Inside: j.inside}
	be, nl := j.be.strong()+j.be.passed[Short], j.nl.strong()+j.nl.passed[Short]
	namedBE, namedNL := names(j.heading)
	v.Named = namedBE || namedNL
	half := func(n int) bool { return 2*n >= j.numbers && 2*n >= j.filled }
	switch {
	case namedBE && j.numbers > 0:
		v.Level, v.Passed = Whole, be
	case namedNL && j.numbers > 0:
		v.Level, v.Dutch, v.Passed = Whole, true, nl
	case j.be.strong() > 0 && half(be), j.be.passed[Short] >= 10 && 10*be >= 9*j.numbers && half(be):
		v.Level, v.Passed = Whole, be
	case half(nl) && 10*nl >= 7*j.numbers && tail(j.numbers, nl, chanceDutch) < 1e-6:
		v.Level, v.Dutch, v.Passed = Whole, true, nl
	case j.scattered():
		v.Level, v.Passed = Some, j.be.strong()
	case j.inside > 0:
		v.Level = Some
	}
	return v
}

// scattered tells whether single cells are numbers of people. One in the written form is believed; of bare digits, more must
// pass than chance gives, with room for series of which the numbers are not random: 1 in 10. With few cells to go by, they are.
func (j *Judge) scattered() bool {
	if j.be.passed[Written] > 0 {
		return true
	}
	n, k := float64(j.be.shaped[Bare]), float64(j.be.passed[Bare])
	return k > 0 && (n < 20 || k > n/10+3*math.Sqrt(n*chanceBelgian*(1-chanceBelgian)))
}

// tail returns the chance of k or more out of n.
func tail(n, k int, p float64) float64 {
	total := 0.0
	a, _ := math.Lgamma(float64(n + 1))
	for i := k; i <= n; i++ {
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		term := math.Exp(a - b - c + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
		total += term
		if term < total*1e-12 {
			break
		}
	}
	return total
}

// names tells whether a folded heading names a Belgian or a Dutch number.
func names(heading string) (be, nl bool) {
	for _, s := range []string{
		"rijksregister", "rijksreg", "bisnummer", "nationaalnummer", "registrenational", "numeronational", "numeroregistre",
		"nationalregister", "nationalerregister", "insz", "sozialeidentifikation", "nummernationalregister",
	} {
		be = be || strings.Contains(heading, s)
	}
	switch heading {
	case "rr", "rrn", "rrnr", "rrnummer", "nn", "nrn", "niss", "nissinsz", "numeroniss", "noniss", "nnational", "nonational", "ssin", "nisz", "enss":
		be = true
	}
	for _, s := range []string{"burgerservice", "sofinummer", "sofinr"} {
		nl = nl || strings.Contains(heading, s)
	}
	return be, nl || heading == "bsn" || heading == "bsnnummer" || heading == "bsnnr" || heading == "sofi"
}

// Letters leaves the small letters of a text, without accents, digits and signs: by them headings are recognised.
func Letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
