package analysis

import (
	"math"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// linked are people who linked their answers to both waves, by a code that only they know. They tell how far an estimate of one wave
// goes with that of the other, and so make the interval of a change narrower.
//
// Fewer than k of them are not used: neither in all, nor for a question that fewer than k answered both times. They count for
// everyone alone and never for a group: what links tell of two groups would tell, by subtraction, of the people in between.
// A correlation is rounded, towards none: from it and the shares one could else work out how many of the linked people
// moved from which answer to which.
type linked struct {
	now, old   *stats.Estimator
	sheet, was *sheet
	pairs      []stats.Pair
	k          int
	used       bool // some change is narrower, or wider, by it
}

// newLinked finds who is in both waves; nil where too few are, or the design is one for which no covariance is worked out.
func newLinked(s *sheet, d *designed, now *stats.Estimator, old *laidOut) (*linked, error) {
	if old == nil || s.answers.Links == nil || old.sheet.answers.Links == nil {
		return nil, nil
	}
	for _, design := range []*stats.Design{d.design, old.design.design} {
		if design.Strata != nil || design.Clusters != nil {
			return nil, nil
		}
	}
	l := &linked{now: now, sheet: s, was: old.sheet, k: max(s.in.GroupSize, old.sheet.in.GroupSize)}
	before := places(old.sheet.answers.Links)
	for link, at := range places(s.answers.Links) {
		if then, both := before[link]; both {
			l.pairs = append(l.pairs, stats.Pair{A: at, B: then})
		}
	}
	if len(l.pairs) < l.k {
		return nil, nil
	}
	slices.SortFunc(l.pairs, func(a, b stats.Pair) int { return a.A - b.A }) // sums come out the same each time
	var err error
	l.old, err = stats.New(old.design.design)
	return l, err
}

// places returns where each link stands. One that stands twice tells nothing.
func places(links []instrument.Link) map[instrument.Link]int {
	out, twice := map[instrument.Link]int{}, map[instrument.Link]bool{{}: true}
	for i, link := range links {
		if _, seen := out[link]; seen {
			twice[link] = true
		}
		out[link] = i
	}
	for link := range twice {
		delete(out, link)
	}
	return out
}

// correlationStep is how finely a correlation is told.
const correlationStep = 0.05

// correlation is that between the estimates of both waves of an option, or of the mean where class is -1. It is 0 for a group, and
// where linked answers tell nothing.
func (c *changer) correlation(qi, part, class int, g *findings.Group) (float64, error) {
	l := c.linked
	if l == nil || g != nil {
		return 0, nil
	}
	q := l.sheet.questions[qi]
	then := l.was.byID[q.about.ID]
	if then == nil || len(then.parts) != len(q.parts) {
		return 0, nil
	}
	x, y := l.sheet.scored(q, part, class), stats.Scored{}
	if class < 0 {
		y = l.was.scored(then, part, -1)
	} else {
		at := slices.Index(then.parts[part].options, q.parts[part].options[class])
		if at < 0 {
			return 0, nil
		}
		y = l.was.scored(then, part, at)
	}
	both := 0
	for _, p := range l.pairs {
		if !math.IsNaN(x.Values[x.Codes.At(p.A)]) && !math.IsNaN(y.Values[y.Codes.At(p.B)]) {
			both++
		}
	}
	if both < l.k {
		return 0, nil
	}
	r, err := stats.CorrelationOfMeans(l.now, l.old, x, y, l.pairs)
	if err != nil {
		return 0, err
	}
	r = math.Trunc(r/correlationStep) * correlationStep
	l.used = l.used || r != 0
	return r, nil
}

// scored gives each answer to a part the number that its estimate is the mean of: 1 for a class and 0 for the others, or the value
// where class is -1.
func (s *sheet) scored(q *question, part, class int) stats.Scored {
	p := &q.parts[part]
	codes := s.columns[p.column]
	if class < 0 {
		return stats.Scored{Codes: codes, Values: q.values}
	}
	values := make([]float64, codes.K)
	for code := range values {
		of := code
		if p.class != nil {
			of = p.class[code]
		}
		switch {
		case of < 0:
			values[code] = math.NaN()
		case of == class:
			values[code] = 1
		}
	}
	return stats.Scored{Codes: codes, Values: values}
}
