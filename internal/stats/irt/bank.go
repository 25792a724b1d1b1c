package irt

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Entry is an item of a bank.
type Entry struct {
	Item    Item
	Scale   int     // the skill that it measures
	Area    int     // content area within the scale
	Kind    int     // kind of item within the scale
	Rate    float64 // exposure rate so far, 0 to 1: sessions of its scale in which it was given, as a share
	Seconds float64 // how long it usually takes; 0 where that is not known
	Off     bool    // never chosen; answers given earlier still count
}

// Bank is a set of items on one or more scales. It may be used by many goroutines at once.
type Bank struct {
	entries []Entry
	scales  map[int][]int // entries of each scale
	points  []float64
	first   []int
	log     [][]float64 // by entry and category: log-probability at the points
	prob    [][]float64
	info    [][]float64 // by entry: information at the points
}

// NewBank makes a bank of entries, which are known by their index from then on. The error is an *ItemError.
func NewBank(entries []Entry) (*Bank, error) {
	b := &Bank{entries: append([]Entry(nil), entries...), scales: map[int][]int{}, points: Standard().points}
	for i := range b.entries {
		e := &b.entries[i]
		if err := e.Item.check(i); err != nil {
			return nil, err
		}
		if !(e.Rate >= 0 && e.Rate <= 1) || !(e.Seconds >= 0) || math.IsInf(e.Seconds, 1) {
			return nil, &ItemError{i, fmt.Sprintf("exposure rate is %v and time %v seconds; give a rate from 0 to 1 and a time of 0 or more", e.Rate, e.Seconds)}
		}
		e.Item = e.Item.clone()
		b.scales[e.Scale] = append(b.scales[e.Scale], i)
		b.first = append(b.first, len(b.log))
		for _, log := range tabulate(e.Item, b.points) {
			prob := make([]float64, len(log))
			for q, l := range log {
				prob[q] = math.Exp(l)
			}
			b.log, b.prob = append(b.log, log), append(b.prob, prob)
		}
		info := make([]float64, len(b.points))
		for q, x := range b.points {
			info[q] = e.Item.Information(x)
		}
		b.info = append(b.info, info)
	}
	return b, nil
}

// Entry is the entry with an index.
func (b *Bank) Entry(index int) Entry { return b.entries[index] }

// Len is the number of entries.
func (b *Bank) Len() int { return len(b.entries) }

// rate is the mean exposure rate of the entries of a scale that are not off.
func (b *Bank) rate(scale int) float64 {
	sum, n := 0.0, 0.0
	for _, i := range b.scales[scale] {
		if !b.entries[i].Off {
			sum, n = sum+b.entries[i].Rate, n+1
		}
	}
	return sum / max(1, n)
}

// onPoints is the logarithm of what is known of a scale before the session, at the points of the bank.
func (b *Bank) onPoints(known map[int]Known, scale int) []float64 {
	k, found := known[scale]
	if !found {
		k = Known{Mean: 0, SD: 1}
	}
	log := make([]float64, len(b.points))
	for q, x := range b.points {
		z := (x - k.Mean) / k.SD
		log[q] = -z * z / 2
	}
	return log
}

// Criterion is what makes an item the best next one.
type Criterion int

// Criteria.
const (
	// MaxInformation is the most Fisher information at the present EAP (Lord 1980).
	MaxInformation Criterion = iota
	// PosteriorInformation is the most information on average over the posterior (van der Linden 1998): it counts how little is known at
	// the start of a test.
	PosteriorInformation
	// ExpectedVariance is the smallest posterior variance that the answer is expected to leave (Owen 1975): it counts the answer as well.
	ExpectedVariance
)

// worth is the value of an entry under a criterion, 0 or more; a higher one is better.
func (b *Bank) worth(c Criterion, entry int, p *Posterior) float64 {
	switch c {
	case PosteriorInformation:
		return floats.Dot(p.Mass, b.info[entry])
	case ExpectedVariance:
		return max(0, p.SD*p.SD-b.varianceAfter(entry, p))
	case MaxInformation:
	}
	return b.entries[entry].Item.Information(p.Mean)
}

// varianceAfter is the posterior variance that an answer to the entry is expected to leave.
func (b *Bank) varianceAfter(entry int, p *Posterior) float64 {
	left := 0.0
	for k := range b.entries[entry].Item.Categories() {
		row := b.prob[b.first[entry]+k]
		m, mx, mxx := 0.0, 0.0, 0.0
		for q, mass := range p.Mass {
			w := mass * row[q]
			x := p.Points[q] - p.Mean
			m, mx, mxx = m+w, mx+w*x, mxx+w*x*x
		}
		if m > 0 {
			left += mxx - mx*mx/m
		}
	}
	return left
}
