package gap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"tekentafel/internal/stats/pool"
)

// tallies are the sums of one variable, a skill or having tried, over the cells of places.
type tallies struct {
	base   []int // people who count
	weight []float64
	mean   []float64
	levels [][]int // people by level; nil where that means nothing
	error  float64 // mean error variance
	spread float64 // standard error of the variance of theta within cells
	people int
	deff   float64 // of the weights within cells
	cells  []pool.Cell
	total  float64 // variance of the scores
}

// answer is one person's value, error variance and level (-1: none).
type answer struct {
	value, variance float64
	level           int8
}

// tally sums over cells, in an order that hangs on the values alone. Weights are scaled to a mean of 1 within each cell: between
// cells the staff list weighs.
func tally(p *places, weight []float64, levels int, b *blur, of func(r int32) (answer, bool)) *tallies {
	cells := len(p.function)
	t := &tallies{base: make([]int, cells), weight: make([]float64, cells), mean: make([]float64, cells), deff: 1}
	if levels > 0 {
		t.levels = make([][]int, cells)
	}
	type entry struct{ w, y, v float64 }
	var list []entry
	squares, all, first, second := 0.0, 0.0, 0.0, 0.0
	within := variation{}
	for c := range cells {
		list = list[:0]
		for _, r := range p.of(c) {
			a, ok := of(r)
			if !ok {
				continue
			}
			w := 1.0
			if weight != nil {
				w = weight[r]
			}
			list = append(list, entry{w, a.value, a.variance})
			if a.level >= 0 && levels > 0 {
				if t.levels[c] == nil {
					t.levels[c] = make([]int, levels)
				}
				t.levels[c][a.level]++
			}
		}
		if len(list) == 0 {
			continue
		}
		slices.SortFunc(list, func(a, b entry) int {
			return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.v, b.v), cmp.Compare(a.w, b.w))
		})
		total := 0.0
		for _, e := range list {
			total += e.w
		}
		if b != nil {
			r := b.of(c)
			for i := range list {
				list[i].y += b.sd * r.NormFloat64()
				list[i].v += b.sd * b.sd
			}
		}
		scale := float64(len(list)) / total
		cell := pool.Cell{Function: int(p.function[c]), Department: int(p.department[c])}
		for _, e := range list {
			w := e.w * scale
			cell.Add(e.y, w)
			squares += w * w
			t.error += w * e.v
			first += w * e.y
			second += w * e.y * e.y
		}
		for _, e := range list {
			within.add(e.y-cell.WeightedSum/cell.Weight, e.v, len(list))
		}
		all += cell.Weight
		t.people += len(list)
		t.base[c], t.weight[c], t.mean[c] = len(list), cell.Weight, cell.WeightedSum/cell.Weight
		t.cells = append(t.cells, cell)
	}
	if t.people > 0 {
		t.error /= all
		t.deff = squares / float64(t.people)
		t.total = second/all - first/all*first/all
		t.spread = within.error()
	}
	return t
}

// variation is that of what single people say of the variance of theta within cells: squares about the mean of the cell less the
// error variance. It is read off the data, for scores are not normal.
type variation struct{ n, sum, squares float64 }

func (x *variation) add(from, variance float64, people int) {
	if people < 2 {
		return
	}
	q := from*from*float64(people)/float64(people-1) - variance
	x.n++
	x.sum += q
	x.squares += q * q
}

func (x *variation) error() float64 {
	if x.n < 2 {
		return 0
	}
	mean := x.sum / x.n
	return math.Sqrt(max(0, x.squares/x.n-mean*mean) / (x.n - 1))
}

// fitted is a fitted model of one variable.
type fitted struct {
	variance [4]float64 // by pool.Term
	se       [4]float64
	residual float64
	freedom  float64
	within   float64 // variance of theta within a cell; of no use for having tried
	spread   float64 // its standard error
	atFloor  bool
	few      [2]bool // functions, departments
}

// spreadFloor is the smallest variance of theta within a cell that is believed: a standard deviation of 0.3, less than a
// third of a level.
const spreadFloor = 0.09

// flat is the prior variance of a family that is to have its own mean.
const flat = 100

// fitModel fits the model, or a simpler one where the data does not allow it; nil when none can be.
func fitModel(ctx context.Context, p *places, t *tallies, o *Options) (*fitted, error) {
	data := pool.Data{Functions: p.functions, Departments: p.departments, Cells: t.cells}
	m := pool.Model{Cell: true}
	if o.Family == FamilyRandom && p.families > 1 && p.families <= p.functions {
		m.Family = pool.FamilyRandom
		data.Families = make([]int, p.functions)
		for f, g := range p.family {
			data.Families[f] = int(g)
		}
	}
	fixed := o.Family == FamilyFixed && p.families > 1 && p.families <= p.functions
	if fixed {
		m.Family = pool.FamilyFixed
		data.Families = make([]int, p.functions)
		for f, g := range p.family {
			data.Families[f] = int(g)
		}
	}
	for _, simpler := range []pool.Model{m, {Family: m.Family}, {Cell: true}, {}} {
		f, err := pool.FitLinear(ctx, &data, simpler)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("gap: %w", ctx.Err())
		}
		switch {
		case err == nil:
			return t.read(f, p, o, fixed && simpler.Family == pool.FamilyFixed), nil
		case errors.Is(err, pool.ErrEmpty) || errors.Is(err, pool.ErrConstant) || errors.Is(err, pool.ErrFew):
			return nil, nil //nolint:nilnil // no model is an answer
		}
	}
	return nil, nil //nolint:nilnil // as above
}

func (t *tallies) read(f *pool.Fit, p *places, o *Options, fixed bool) *fitted {
	out := &fitted{residual: f.Residual, freedom: max(1, float64(f.People-len(f.Coefficients)))}
	for _, c := range f.Components {
		out.variance[c.Term], out.se[c.Term] = c.Variance, c.SE
		few := c.Doubt != 0 || c.Levels < o.Rule.FewGroups
		switch c.Term {
		case pool.FunctionTerm:
			out.few[0] = few
		case pool.DepartmentTerm:
			out.few[1] = few
		case pool.CellTerm, pool.FamilyTerm:
		}
	}
	if fixed {
		out.variance[pool.FamilyTerm], out.se[pool.FamilyTerm] = flat, 0
	}
	out.within, out.spread = f.Residual-t.error, t.spread
	if out.within < spreadFloor {
		out.within, out.atFloor = spreadFloor, true
	}
	return out
}

// drawn returns variances drawn from what is known of them: of a positive one the logarithm is normal, one at 0 is the absolute
// value of a normal.
func (f *fitted) drawn(normal func() float64) (variance [4]float64, residual, within float64) {
	for t, v := range f.variance {
		z := normal()
		switch {
		case v > 0 && f.se[t] > 0:
			s := math.Sqrt(math.Log1p(math.Min(4, f.se[t]*f.se[t]/(v*v))))
			variance[t] = v * math.Exp(s*z)
		case v > 0:
			variance[t] = v
		default:
			variance[t] = math.Abs(z) * f.se[t]
		}
	}
	z := normal()
	residual = f.residual * math.Exp(math.Sqrt(2/f.freedom)*z)
	within = max(spreadFloor, f.within+f.spread*z)
	return variance, residual, within
}
