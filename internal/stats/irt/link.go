package irt

import (
	"errors"
	"fmt"
	"math"
)

// Link carries parameters and skills of a new calibration to an earlier scale: theta on it is A theta + B. It keeps the meaning of
// levels when items are calibrated anew.
type Link struct{ A, B float64 }

// ErrLink says that two calibrations can't be linked; the error around it says why.
var ErrLink = errors.New("calibrations can't be linked")

// Theta is a skill on the earlier scale.
func (l Link) Theta(theta float64) float64 { return l.A*theta + l.B }

// Item has the item's parameters on the earlier scale; its curve over the carried skills is the same.
func (l Link) Item(it Item) Item {
	out := Item{A: it.A / l.A, B: make([]float64, len(it.B)), C: it.C}
	for k, b := range it.B {
		out.B[k] = l.Theta(b)
	}
	return out
}

// linkable checks that both are the same items.
func linkable(fresh, earlier []Item) error {
	if len(fresh) != len(earlier) || len(fresh) == 0 {
		return fmt.Errorf("%w: %d new and %d earlier items; give the same items in the same order", ErrLink, len(fresh), len(earlier))
	}
	if err := checkItems(fresh); err != nil {
		return fmt.Errorf("%w: new %w", ErrLink, err)
	}
	if err := checkItems(earlier); err != nil {
		return fmt.Errorf("%w: earlier %w", ErrLink, err)
	}
	for i := range fresh {
		if len(fresh[i].B) != len(earlier[i].B) {
			return fmt.Errorf("%w: item %d has %d and had %d categories", ErrLink, i, fresh[i].Categories(), earlier[i].Categories())
		}
	}
	return nil
}

// MeanSigma links through the mean and the standard deviation of all thresholds (Marco 1977). It needs two different thresholds. It is
// quick and sensitive to one bad threshold; StockingLord is the better one. The error wraps ErrLink.
func MeanSigma(fresh, earlier []Item) (Link, error) {
	if err := linkable(fresh, earlier); err != nil {
		return Link{}, err
	}
	spread := func(items []Item) (mean, sd float64) {
		n := 0.0
		for _, it := range items {
			for _, b := range it.B {
				mean += b
				n++
			}
		}
		mean /= n
		for _, it := range items {
			for _, b := range it.B {
				sd += (b - mean) * (b - mean)
			}
		}
		return mean, math.Sqrt(sd / n)
	}
	from, s := spread(fresh)
	to, t := spread(earlier)
	if s < 1e-9 || t < 1e-9 {
		return Link{}, fmt.Errorf("%w: all thresholds are the same", ErrLink)
	}
	return Link{A: t / s, B: to - t/s*from}, nil
}

// StockingLord links by the least squared difference of the expected test scores of the anchor items, over a standard normal
// population on the earlier scale (Stocking & Lord 1983, Applied Psychological Measurement 7). The error wraps ErrLink.
func StockingLord(fresh, earlier []Item) (Link, error) {
	link, err := MeanSigma(fresh, earlier)
	if err != nil {
		if err := linkable(fresh, earlier); err != nil {
			return Link{}, err
		}
		link = Link{A: 1, B: earlier[0].B[0] - fresh[0].B[0]}
	}
	population := Standard()
	// loss has Gauss-Newton's normal equations in log A and B beside the squared difference.
	loss := func(l Link) (value float64, g, h [3]float64) {
		for q, x := range population.points {
			diff, da, db := 0.0, 0.0, 0.0
			for i, it := range fresh {
				moved := l.Item(it)
				diff += moved.Expected(x) - earlier[i].Expected(x)
				for _, b := range moved.B {
					s := logistic(moved.A * (x - b))
					v := (1 - moved.C) * s * (1 - s)
					da -= v * moved.A * (x - l.B)
					db -= v * moved.A
				}
			}
			m := population.mass[q]
			value += m * diff * diff
			g[0] += m * diff * da
			g[1] += m * diff * db
			h[0] += m * da * da
			h[1] += m * da * db
			h[2] += m * db * db
		}
		return value, g, h
	}
	value, g, h := loss(link)
	damp := 1e-9
	for range 200 {
		a, c := h[0]*(1+damp)+1e-300, h[2]*(1+damp)+1e-300
		det := a*c - h[1]*h[1]
		stepA, stepB := -(c*g[0]-h[1]*g[1])/det, -(a*g[1]-h[1]*g[0])/det
		next := Link{A: link.A * math.Exp(max(-1, min(1, stepA))), B: link.B + stepB}
		v, ng, nh := loss(next)
		if !(v <= value) {
			if damp *= 10; damp > 1e9 {
				break
			}
			continue
		}
		small := math.Abs(stepA) < 1e-12 && math.Abs(stepB) < 1e-12
		link, value, g, h, damp = next, v, ng, nh, max(1e-9, damp/10)
		if small {
			break
		}
	}
	return link, nil
}
