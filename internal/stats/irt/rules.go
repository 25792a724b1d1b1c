package irt

import (
	"errors"
	"fmt"
)

// Order is which scale a session asks next.
type Order int

// Orders.
const (
	// Neediest asks the open scale of which least is known: shared limits go where they serve most.
	Neediest Order = iota
	// Blocks finishes each scale before the next one, in the order of State.Scales; what a shared limit leaves is divided equally over the
	// scales that are still open.
	Blocks
)

// Quota bounds how many items of an area, or of a kind, a session gives on a scale.
type Quota struct {
	Scale, Of int // the scale, and its area or kind
	Min       int // at least; the scale is not finished before, unless no such item is left
	Max       int // at most; 0 is no bound
}

// Rules are how an adaptive session chooses and stops. Content is balanced by quotas (Kingsbury & Zara 1989): an item whose area or kind
// is full is not asked, and as soon as the minima need all that is left until MinItems, only what they need is. Quotas hold exactly and
// can be read by whoever answers for the content; weighted deviations balance better only where attributes are many.
//
// Exposure is controlled by the progressive-restricted method (Revuelta & Ponsoda 1998, JEM 35): chance weighs Random at the start of a
// scale and nothing at its end, and an entry whose rate is above MaxRate is held back while there is another. It needs no simulation
// before and no new one after each change of the bank, as Sympson-Hetter does; and it bounds the rate. In a small bank, of which a session
// asks most items, no bound can hold: MaxRate is then taken as one and a half times the mean rate of the scale.
type Rules struct {
	Criterion Criterion
	Order     Order

	MinItems int     // per scale, before precision may end it
	MaxItems int     // per scale
	TargetSD float64 // posterior standard deviation that ends a scale
	MinGain  float64 // a scale ends when the best item is expected to lower the posterior standard deviation by less

	MaxTotal   int     // items of the session; 0 is no bound
	MaxSeconds float64 // of the session: time spent, and the usual time of the item to be asked; 0 is no bound

	Areas, Kinds []Quota

	Random  float64 // weight of chance at the start of a scale, 0 to 1
	MaxRate float64 // exposure rate above which an entry is held back; above 0
	Top     int     // drawn from so many best entries with equal chances (randomesque); 0 and 1 take the best
}

// DefaultRules are those of a test of at most 12 items a scale that stops at a posterior standard deviation of 0.45 (reliability 0.80),
// within 5 minutes. A bank of 24 items on a scale, with slopes about 1.3, reaches it for 95 of 100 people, and one of 60 with 7 items on
// average; one of 12 does not, and a test then ends where all that is left tells little.
func DefaultRules() Rules {
	return Rules{
		Criterion: ExpectedVariance, MinItems: 4, MaxItems: 12, TargetSD: 0.45, MinGain: 0.005, MaxSeconds: 300,
		Random: 0.25, MaxRate: 0.8,
	}
}

// ErrRules says that rules can't be followed; the error around it says why.
var ErrRules = errors.New("rules of the session can't be followed")

// Check returns an error that wraps ErrRules when a value is out of range, or the bank has too few items for a minimum.
func (r Rules) Check(b *Bank) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrRules}, args...)...)
	}
	switch {
	case r.MinItems < 0 || r.MaxItems < 1 || r.MinItems > r.MaxItems:
		return bad("at least %d and at most %d items a scale", r.MinItems, r.MaxItems)
	case !(r.TargetSD >= 0) || !(r.MinGain >= 0):
		return bad("target %v and least gain %v; give 0 or more", r.TargetSD, r.MinGain)
	case r.MaxTotal < 0 || !(r.MaxSeconds >= 0) || r.Top < 0:
		return bad("a limit is below 0")
	case !(r.Random >= 0 && r.Random <= 1) || !(r.MaxRate > 0 && r.MaxRate <= 1):
		return bad("chance weighs %v and the highest exposure rate is %v; give 0 to 1, and above 0 to 1", r.Random, r.MaxRate)
	case r.Criterion < MaxInformation || r.Criterion > ExpectedVariance || r.Order < Neediest || r.Order > Blocks:
		return bad("criterion %d or order %d is unknown", r.Criterion, r.Order)
	}
	for _, of := range []struct {
		name   string
		quotas []Quota
		value  func(*Entry) int
	}{{"area", r.Areas, areaOf}, {"kind", r.Kinds, kindOf}} {
		need := map[int]int{}
		for _, q := range of.quotas {
			if q.Min < 0 || q.Max < 0 || q.Max > 0 && q.Min > q.Max {
				return bad("%s %d of scale %d: at least %d and at most %d", of.name, q.Of, q.Scale, q.Min, q.Max)
			}
			have := 0
			for _, i := range b.scales[q.Scale] {
				if e := &b.entries[i]; !e.Off && of.value(e) == q.Of {
					have++
				}
			}
			if have < q.Min {
				return bad("%s %d of scale %d: at least %d, and the bank has %d", of.name, q.Of, q.Scale, q.Min, have)
			}
			if need[q.Scale] += q.Min; need[q.Scale] > r.MaxItems {
				return bad("the minima of the %ss of scale %d add up to %d, above the %d items of a scale", of.name, q.Scale, need[q.Scale], r.MaxItems)
			}
		}
	}
	return nil
}

func areaOf(e *Entry) int { return e.Area }
func kindOf(e *Entry) int { return e.Kind }

// tally counts what was given on a scale, against the quotas of areas and kinds.
type tally struct {
	quotas [2][]Quota // areas and kinds of the scale
	given  [2]map[int]int
}

func (r Rules) tally(scale int) *tally {
	t := &tally{given: [2]map[int]int{{}, {}}}
	for d, quotas := range [][]Quota{r.Areas, r.Kinds} {
		for _, q := range quotas {
			if q.Scale == scale {
				t.quotas[d] = append(t.quotas[d], q)
			}
		}
	}
	return t
}

func (t *tally) add(e *Entry) {
	t.given[0][e.Area]++
	t.given[1][e.Kind]++
}

// full tells whether the entry's area or kind has its maximum.
func (t *tally) full(e *Entry) bool {
	for d, of := range []int{e.Area, e.Kind} {
		for _, q := range t.quotas[d] {
			if q.Of == of && q.Max > 0 && t.given[d][of] >= q.Max {
				return true
			}
		}
	}
	return false
}

// missing is how many items the minima need at least, of which an item may serve an area and a kind.
func (t *tally) missing() int { return t.missingAfter(nil) }

// missingAfter is missing once the entry is given.
func (t *tally) missingAfter(e *Entry) int {
	most := 0
	for d := range t.quotas {
		need := 0
		for _, q := range t.quotas[d] {
			have := t.given[d][q.Of]
			if e != nil && (d == 0 && e.Area == q.Of || d == 1 && e.Kind == q.Of) {
				have++
			}
			need += max(0, q.Min-have)
		}
		most = max(most, need)
	}
	return most
}
