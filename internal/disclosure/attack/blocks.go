package attack

import (
	"context"
	"maps"
	"math"
	"slices"
)

func sortedNames(t Terms) []string { return slices.Sorted(maps.Keys(t)) }

// blocks is a system after everything that follows at once has been filled in, cut into parts that share no number.
type blocks struct {
	fixed  []float64 // by variable; NaN while unknown
	of     []int     // block of each unknown variable
	parts  []block
	solved []*tableau
}

// block is one part: its variables and the rows over them.
type block struct {
	vars []int
	rows []row
}

// tolerance is the rounding error accepted in a count.
const tolerance = 1e-6

func newBlocks(s *System) (*blocks, error) {
	b := &blocks{fixed: make([]float64, len(s.names)), of: make([]int, len(s.names))}
	for i := range b.fixed {
		b.fixed[i] = math.NaN()
	}
	rows, err := b.fill(s.rows)
	if err != nil {
		return nil, err
	}
	b.cut(rows)
	b.solved = make([]*tableau, len(b.parts))
	return b, nil
}

func (b *blocks) value(i int) (float64, bool) { return b.fixed[i], !math.IsNaN(b.fixed[i]) }

// fill fixes every number that stands alone in an equation, or in a sum that is 0, until no more follows, and returns
// the rows that remain.
func (b *blocks) fill(rows []row) ([]row, error) {
	for changed := true; changed; {
		changed = false
		var left []row
		for _, r := range rows {
			r = b.substitute(r)
			switch {
			case len(r.vars) == 0:
				if math.Abs(r.rhs) > tolerance {
					return nil, ErrContradiction
				}
			case len(r.vars) == 1:
				v := r.rhs / r.coef[0]
				if v < -tolerance {
					return nil, ErrContradiction
				}
				b.fixed[r.vars[0]] = max(v, 0)
				changed = true
			case math.Abs(r.rhs) < tolerance && sameSign(r.coef):
				for _, i := range r.vars {
					b.fixed[i] = 0
				}
				changed = true
			default:
				left = append(left, r)
			}
		}
		rows = left
	}
	return rows, nil
}

func (b *blocks) substitute(r row) row {
	out := row{rhs: r.rhs}
	for k, i := range r.vars {
		if v, fixed := b.value(i); fixed {
			out.rhs -= r.coef[k] * v
			continue
		}
		out.vars = append(out.vars, i)
		out.coef = append(out.coef, r.coef[k])
	}
	return out
}

func sameSign(coef []float64) bool {
	for _, c := range coef {
		if (c > 0) != (coef[0] > 0) {
			return false
		}
	}
	return true
}

// cut groups the rows that share variables.
func (b *blocks) cut(rows []row) {
	parent := make([]int, len(b.fixed))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, r := range rows {
		for _, i := range r.vars[1:] {
			parent[find(i)] = find(r.vars[0])
		}
	}
	index := map[int]int{}
	for i := range parent {
		if _, fixed := b.value(i); fixed {
			continue
		}
		k, ok := index[find(i)]
		if !ok {
			k = len(b.parts)
			index[find(i)] = k
			b.parts = append(b.parts, block{})
		}
		b.of[i] = k
		b.parts[k].vars = append(b.parts[k].vars, i)
	}
	for _, r := range rows {
		k := b.of[r.vars[0]]
		b.parts[k].rows = append(b.parts[k].rows, r)
	}
}

func (b *blocks) bounds(ctx context.Context, o objective) (Interval, error) {
	if b.solved[o.block] == nil {
		t, err := newTableau(ctx, b.parts[o.block])
		if err != nil {
			return Interval{}, err
		}
		b.solved[o.block] = t
	}
	t := b.solved[o.block]
	low, err := t.minimise(ctx, o.coef, 1)
	if err != nil {
		return Interval{}, err
	}
	high, err := t.minimise(ctx, o.coef, -1)
	if err != nil {
		return Interval{}, err
	}
	return Interval{Low: low, High: -high}, nil
}

// seen returns the least and the largest value that the objective has in the solutions found so far; 0 and 0 without any.
func (b *blocks) seen(o objective) (low, high float64) {
	if b.solved[o.block] == nil {
		return 0, 0
	}
	for k, solution := range b.solved[o.block].solutions {
		v := 0.0
		for i, c := range o.coef {
			v += c * solution[i]
		}
		if k == 0 {
			low, high = v, v
		}
		low, high = min(low, v), max(high, v)
	}
	return low, high
}
