package gap

import (
	"context"
	"math"
)

// RawRow is a group before rounding: intervals of level, below, distance and people, and the share that never tried.
type RawRow struct {
	Kind                         Kind
	Function, Department, Family int
	N                            int
	Staff                        float64
	Skills                       [][3][3]float64 // by skill: level (in levels), below, distance; value, low, high
	Untried                      [3]float64
}

// Raw computes without rounding.
func Raw(ctx context.Context, in *Input, o Options) ([]RawRow, error) {
	w, _, err := analyse(ctx, in, o)
	if err != nil {
		return nil, err
	}
	w.result = &Gap{}
	w.gather()
	var out []RawRow
	steps := float64(len(in.Cuts))
	add := func(kind Kind, slot int32, f, d, g int) {
		if slot < 0 {
			return
		}
		r := RawRow{Kind: kind, Function: f, Department: d, Family: g, N: w.sums[slot].n, Staff: w.d.size[slot]}
		for s := range in.Skills {
			var x [3][3]float64
			for i, k := range []int{levelOf, belowOf, distanceOf} {
				v, lo, hi := w.d.skills[s][slot][k].interval()
				x[i] = [3]float64{v, lo, hi}
				if k == levelOf {
					x[i] = [3]float64{1 + steps*v, 1 + steps*lo, 1 + steps*hi}
				}
				if k == distanceOf {
					x[i] = [3]float64{steps * v, steps * lo, steps * hi}
				}
			}
			r.Skills = append(r.Skills, x)
		}
		if w.c.tried != nil {
			v, lo, hi := w.d.untried[slot].interval()
			r.Untried = [3]float64{v, lo, hi}
		}
		out = append(out, r)
	}
	sl := w.d.slots
	add("", sl.whole, -1, -1, -1)
	for i, s := range sl.function {
		add(ByFunction, s, i, -1, -1)
	}
	for i, s := range sl.department {
		add(ByDepartment, s, -1, i, -1)
	}
	for i, s := range sl.family {
		add(ByFamily, s, -1, -1, i)
	}
	for c, s := range sl.cell {
		add(ByCell, s, int(w.p.function[c]), int(w.p.department[c]), -1)
	}
	return out, nil
}

// PlugIn takes the estimated variances as if known.
func PlugIn(o Options) Options {
	o.plugIn, o.Blur = true, -1
	return o
}

// ScoresOf gives the scores of a skill by respondent (NaN: none), and the mean error variance.
func ScoresOf(ctx context.Context, in *Input, skill int) (score []float64, meanError float64, err error) {
	o := Options{}.filled()
	m, err := measureSkill(ctx, in, skill, &o)
	if err != nil {
		return nil, 0, err
	}
	n := 0.0
	for _, i := range m.pattern {
		if i < 0 {
			score = append(score, math.NaN())
			continue
		}
		score = append(score, m.score[i])
		meanError += m.variance[i]
		n++
	}
	return score, meanError / n, nil
}
