package attack

import (
	"context"
	"fmt"
	"math"
)

// tableau is a linear program in canonical form: body*x = rhs with a unit column for each row's basic variable.
//
// Primal simplex (Dantzig 1951) on a dense tableau; after a run of steps without progress Bland's rule (1977) takes
// over, which cannot cycle. Equations that follow from others are common here, and are dropped when found.
type tableau struct {
	vars  []int // variable of each column
	body  [][]float64
	rhs   []float64
	basis []int   // column that is basic in each row
	scale float64 // size of the numbers, for tolerances

	solutions []map[int]float64 // some of the corners found, as the values above 0 by variable
}

const (
	pivotTolerance = 1e-9
	patience       = 50      // steps without progress before Bland's rule
	maxSteps       = 200_000 // far beyond what tables need
	remembered     = 32      // corners kept
)

// newTableau finds a first solution of the block with artificial variables, one a row.
func newTableau(ctx context.Context, b block) (*tableau, error) {
	n, m := len(b.vars), len(b.rows)
	column := make(map[int]int, n)
	for c, v := range b.vars {
		column[v] = c
	}
	t := &tableau{vars: b.vars, scale: 1}
	cost := make([]float64, n+m)
	for i, r := range b.rows {
		line := make([]float64, n+m)
		sign := 1.0
		if r.rhs < 0 {
			sign = -1
		}
		for k, v := range r.vars {
			line[column[v]] += sign * r.coef[k]
		}
		line[n+i] = 1
		cost[n+i] = 1
		t.body = append(t.body, line)
		t.rhs = append(t.rhs, sign*r.rhs)
		t.basis = append(t.basis, n+i)
		t.scale = max(t.scale, math.Abs(r.rhs))
	}
	left, err := t.run(ctx, cost)
	if err != nil {
		return nil, err
	}
	if left > tolerance*t.scale {
		return nil, ErrContradiction
	}
	t.dropArtificial(n)
	return t, nil
}

// dropArtificial turns artificial variables out of the basis, drops rows where none can replace them, and cuts their columns.
func (t *tableau) dropArtificial(n int) {
	kept := 0
	for i := range t.body {
		if t.basis[i] >= n {
			best := -1
			for c := range n {
				if a := math.Abs(t.body[i][c]); a > 1e-7 && (best < 0 || a > math.Abs(t.body[i][best])) {
					best = c
				}
			}
			if best < 0 {
				continue
			}
			t.pivot(i, best, nil)
		}
		t.body[kept], t.rhs[kept], t.basis[kept] = t.body[i], t.rhs[i], t.basis[i]
		kept++
	}
	t.body, t.rhs, t.basis = t.body[:kept], t.rhs[:kept], t.basis[:kept]
	for i := range t.body {
		t.body[i] = t.body[i][:n:n]
	}
}

// minimise returns the least value of sign*objective; -Inf when there is none.
func (t *tableau) minimise(ctx context.Context, objective map[int]float64, sign float64) (float64, error) {
	cost := make([]float64, len(t.vars))
	for c, v := range t.vars {
		cost[c] = sign * objective[v]
	}
	v, err := t.run(ctx, cost)
	if err == nil && !math.IsInf(v, 0) && len(t.solutions) < remembered {
		t.remember()
	}
	return v, err
}

func (t *tableau) remember() {
	s := make(map[int]float64, len(t.basis))
	for i, c := range t.basis {
		s[t.vars[c]] = t.rhs[i]
	}
	t.solutions = append(t.solutions, s)
}

// run pivots until no column lowers the cost.
func (t *tableau) run(ctx context.Context, cost []float64) (float64, error) {
	reduced := append([]float64(nil), cost...)
	for i, line := range t.body {
		if c := cost[t.basis[i]]; c != 0 {
			for k, a := range line {
				reduced[k] -= c * a
			}
		}
	}
	idle := 0
	for range maxSteps {
		if err := ctx.Err(); err != nil {
			return 0, fmt.Errorf("attack: %w", err)
		}
		enter := entering(reduced, idle > patience)
		if enter < 0 {
			return t.value(cost), nil
		}
		leave := t.leaving(enter)
		if leave < 0 {
			return math.Inf(-1), nil
		}
		if t.rhs[leave] > tolerance {
			idle = 0
		} else {
			idle++
		}
		t.pivot(leave, enter, reduced)
	}
	return 0, fmt.Errorf("attack: no optimum after %d steps on %d x %d", maxSteps, len(t.body), len(t.vars))
}

func (t *tableau) value(cost []float64) float64 {
	sum := 0.0
	for i, c := range t.basis {
		sum += cost[c] * t.rhs[i]
	}
	return sum
}

// entering returns the column to bring in, or -1: the steepest, or under Bland's rule the first.
func entering(reduced []float64, bland bool) int {
	best := -1
	for c, r := range reduced {
		if r >= -pivotTolerance*10 {
			continue
		}
		if bland {
			return c
		}
		if best < 0 || r < reduced[best] {
			best = c
		}
	}
	return best
}

// leaving returns the row whose basic variable reaches 0 first, or -1; ties go to the lowest column, as Bland's rule asks.
func (t *tableau) leaving(enter int) int {
	best, ratio := -1, 0.0
	for i, line := range t.body {
		if line[enter] <= pivotTolerance {
			continue
		}
		r := t.rhs[i] / line[enter]
		if best < 0 || r < ratio-pivotTolerance || (r <= ratio+pivotTolerance && t.basis[i] < t.basis[best]) {
			best, ratio = i, r
		}
	}
	return best
}

// pivot makes column c basic in row i; reduced costs, when given, are carried along.
func (t *tableau) pivot(i, c int, reduced []float64) {
	line := t.body[i]
	p := line[c]
	for k := range line {
		line[k] /= p
	}
	t.rhs[i] /= p
	for r, other := range t.body {
		if r == i || other[c] == 0 {
			continue
		}
		f := other[c]
		for k, a := range line {
			if a != 0 {
				other[k] -= f * a
			}
		}
		other[c] = 0
		t.rhs[r] -= f * t.rhs[i]
		if t.rhs[r] < 0 && t.rhs[r] > -tolerance {
			t.rhs[r] = 0
		}
	}
	if reduced != nil {
		f := reduced[c]
		for k, a := range line {
			reduced[k] -= f * a
		}
		reduced[c] = 0
	}
	t.basis[i] = c
}
