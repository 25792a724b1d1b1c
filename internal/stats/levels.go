package stats

import "context"

// levelTally is an item's tally by the combinations of group and margin level that occur.
type levelTally struct {
	table *Table  // its groups are the combinations
	group []int32 // of each combination; -1: left out
	level []int32
}

func (l levelTally) regroup(to []int) levelTally {
	group := make([]int32, len(l.group))
	for i, g := range l.group {
		group[i] = -1
		if g >= 0 {
			group[i] = int32(to[g])
		}
	}
	l.group = group
	return l
}

// crossedColumn numbers the combinations of a group column and a margin.
type crossedColumn struct {
	codes        Codes
	group, level []int32
}

// maxCombinations bounds the tables by group and margin level; beyond it standard errors come from a pass over units.
const maxCombinations = 8192

// crossLevels crosses the group column with each margin; nil when a margin has too many combinations, or a column that
// does not fit the design (which New tells).
func crossLevels(d *Design, group *Codes) []crossedColumn {
	all := make([]crossedColumn, len(d.Raked))
	for m, margin := range d.Raked {
		if margin.Len() != d.N || margin.Validate() != nil {
			return nil
		}
		groups := 1
		if group != nil {
			groups = group.K
		}
		seen := newNumbering(groups * margin.K)
		c := &all[m]
		c.codes.U16 = make([]uint16, d.N)
		for i := range d.N {
			g := 0
			if group != nil {
				g = group.At(i)
			}
			l := margin.At(i)
			id, fresh := seen.number(g*margin.K+l, len(c.group))
			if fresh {
				if len(c.group) == maxCombinations {
					return nil
				}
				c.group, c.level = append(c.group, int32(g)), append(c.level, int32(l))
			}
			c.codes.U16[i] = uint16(id)
		}
		c.codes.K = len(c.group)
	}
	return all
}

// talliedRaking tells whether the tally holds what raked standard errors need.
func (e *Estimator) talliedRaking(t *Table) bool {
	return e.margins != nil && len(t.levels) == len(e.design.Raked)
}

// sums returns the linear sums of x's features, from the tally t of its classes where that is enough, else from a pass
// over the units. of makes the features for the codes of the Cross it is given.
func (e *Estimator) sums(ctx context.Context, x *Cross, t *Table, of func(*Cross) *features) (*sums, error) {
	if e.talliedRaking(t) {
		return e.tallied(t, of(classed(x, t))), nil
	}
	return e.linearise(ctx, x.Item, x.Group, of(x))
}

// classed is x seen from the tally of its classes.
func classed(x *Cross, t *Table) *Cross {
	return &Cross{Item: Codes{K: t.K}, Group: &Codes{K: t.G}, Keep: x.Keep}
}

// tallied returns what linearise does for a raked design without strata and clusters: every unit is a sampling unit in
// one stratum, so that sums of squares by cell and level are enough.
func (e *Estimator) tallied(t *Table, f *features) *sums {
	p := e.newPass(f)
	out, s := p.out, e.walk.strata[0]
	total, parent := make([]float64, f.count), make([]float64, f.parents)
	for cell, i := range f.of {
		if i < 0 {
			continue
		}
		coef, g := f.coefficient(cell), f.parentOf(i)
		v := s.kappa * coef * coef * t.Cells[cell].W2
		out.own[i] += v
		out.raw[i] += v
		out.cross[i] += v
		out.parent[g] += v
		out.psus[g] += int(t.positive(cell))
		out.domainPSUs += int(t.positive(cell))
		total[i] += coef * t.Cells[cell].W
		parent[g] += coef * t.Cells[cell].W
	}
	for g, n := range out.psus {
		out.strata[g] = min(1, n)
	}
	out.domainStrata = min(1, out.domainPSUs)
	if f.full {
		for i, v := range out.own {
			out.full[i*f.count+i] = v
		}
	}
	e.tallyLevels(t, f, out, s.kappa)
	if s.n > 1 {
		e.centreTallied(f, out, total, parent, s.kappa/s.n)
	}
	return out
}

func (f *features) coefficient(cell int) float64 {
	if f.coef == nil {
		return 1
	}
	return f.coef[cell]
}

func (e *Estimator) tallyLevels(t *Table, f *features, out *sums, kappa float64) {
	n := e.margins.levels
	for m, by := range t.levels {
		for c, g := range by.group {
			if g < 0 {
				continue
			}
			level := e.margins.offset[m] + int(by.level[c])
			for k := range t.K {
				cell := int(g)*t.K + k
				i := f.of[cell]
				if i < 0 {
					continue
				}
				coef, at := f.coefficient(cell), c*t.K+k
				out.level[int(i)*n+level] += kappa * coef * by.table.Cells[at].W2
				out.plain[int(i)*n+level] += coef * float64(by.table.positive(at))
			}
		}
	}
}

// centreTallied takes out the mean over all units.
func (e *Estimator) centreTallied(f *features, out *sums, total, parent []float64, factor float64) {
	n := e.margins.levels
	for i, v := range total {
		out.own[i] -= factor * v * v
		out.cross[i] -= factor * v * parent[f.parentOf(int32(i))]
		for l, w := range e.margins.weight {
			out.level[i*n+l] -= factor * v * w
		}
		if f.full {
			for j, u := range total {
				out.full[i*f.count+j] -= factor * v * u
			}
		}
	}
	for g, v := range parent {
		out.parent[g] -= factor * v * v
	}
}
