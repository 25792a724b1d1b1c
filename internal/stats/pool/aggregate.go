package pool

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Aggregates are totals over cells, weighted by how many people are there (post-stratification to the staff list: Gelman &
// Little 1997), with the covariance between them.
type Aggregates struct {
	Predictions []Prediction

	fit   *Fit
	parts []part
}

// part is a linear combination of all effects after elimination: its error is the sum of independent pieces.
type part struct {
	cells     []piece // by key
	functions []piece
	families  []piece
	dense     []float64 // departments and fixed effects, in which errors have variance 1
	moves     []float64 // derivative by each relative variance
	noise     float64   // variance that no other part shares
}

type piece struct {
	key      int
	weight   float64
	variance float64
}

// Aggregate says something about each of a number of groups of targets, as one: a department, a function, everybody. Group
// holds the group of each target, -1 for none; a target weighs its Size. A group of size 0 is an error, as are the targets that
// Predict refuses (*TargetError).
//
// Errors of cells go together as the model says: cells of a function share its error, and so on. A share is the mean of
// shares, and its error is linear in theirs (the delta method).
func (f *Fit) Aggregate(targets []Target, group []int, groups int, o Options) (*Aggregates, error) {
	if err := f.check(targets, o.Finite, true); err != nil {
		return nil, err
	}
	if len(group) != len(targets) {
		return nil, &TargetError{-1, fmt.Sprintf("%d targets and a group for %d", len(targets), len(group))}
	}
	size := make([]float64, groups)
	for i, g := range group {
		if g < -1 || g >= groups {
			return nil, &TargetError{i, fmt.Sprintf("group %d is not below %d", g, groups)}
		}
		if g >= 0 {
			size[g] += targets[i].Size
		}
	}
	for g, n := range size {
		if !(n > 0) {
			return nil, &TargetError{-1, fmt.Sprintf("nobody is in group %d: leave it out", g)}
		}
	}
	a := &Aggregates{Predictions: make([]Prediction, groups), fit: f, parts: make([]part, groups)}
	people := make([]population, groups)
	for g := range people {
		people[g].size = size[g]
	}
	weight := a.collect(targets, group, people, o.Finite)
	a.reduce(targets, group, weight, people, o)
	return a, nil
}

// collect sums means and residual noise, and returns the coefficient of each target's linear predictor.
func (a *Aggregates) collect(targets []Target, group []int, people []population, finite bool) []float64 {
	f := a.fit
	weight := make([]float64, len(targets))
	for g := range a.parts {
		a.parts[g].moves = make([]float64, len(f.active))
	}
	f.visit(targets, needs{variance: f.share}, func(i int, m moments) {
		g, t := group[i], &targets[i]
		if g < 0 {
			return
		}
		p, q, size := &a.Predictions[g], &a.parts[g], people[g].size
		mean := f.answer(m)
		known, rest := 0.0, t.Size
		if finite {
			known, rest = t.rest()
			q.noise += rest * mean.noise / (size * size)
		}
		people[g].known += known
		people[g].rest += rest
		p.Estimate += (known + rest*mean.mean) / size
		p.Linear += t.Size / size * m.linear
		weight[i] = rest * mean.slope / size
		for j, x := range m.moves {
			q.moves[j] += weight[i] * x
		}
	})
	return weight
}

// reduce eliminates cells, functions and families from each group's combination, and fills in what follows from its variance.
func (a *Aggregates) reduce(targets []Target, group []int, weight []float64, people []population, o Options) {
	f, z, model := a.fit, a.fit.critical(), o.Rule.model(a.fit)
	order := make([]int, 0, len(targets))
	for i, g := range group {
		if g >= 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		s, t := &targets[i], &targets[j]
		return cmp.Or(group[i]-group[j], s.Function-t.Function, s.Department-t.Department)
	})
	for len(order) > 0 {
		g, n := group[order[0]], 1
		for n < len(order) && group[order[n]] == g {
			n++
		}
		p, q := &a.Predictions[g], &a.parts[g]
		p.People = f.combine(targets, order[:n], weight, q)
		order = order[n:]
		f.sum(p, q, people[g], z, o.Finite)
		p.Doubt = model | o.Rule.width(p)
		if p.People < o.Rule.MinGroup {
			p.Doubt |= FewInGroup
		}
	}
}

// sum fills in errors and interval of an aggregate.
func (f *Fit) sum(p *Prediction, q *part, of population, z float64, finite bool) {
	v := f.Residual*q.variance(q) + f.hyperVariance(q.moves, q.moves)
	p.SE, p.LinearSE, p.PluginSE = math.Sqrt(v+q.noise), math.Sqrt(v), math.NaN()
	if f.share {
		p.Linear, p.LinearSE = math.NaN(), math.NaN()
	}
	if !finite || of.rest == 0 {
		f.interval(p, z)
		return
	}
	share := (p.Estimate*of.size - of.known) / of.rest
	sd := math.Sqrt(v) * of.size / of.rest
	f.finite(p, z, of, logit(share), sd/(share*(1-share)))
}

// combine eliminates the combination of targets (sorted by function and department) into q, and returns how many people
// answered in their cells.
func (f *Fit) combine(targets []Target, order []int, weight []float64, q *part) (people int) {
	l, s, p, d := f.l, f.wide.s, f.l.p, f.l.departments
	dense, family, row := make([]float64, s.n), make([]float64, l.families), make([]float64, p)
	for len(order) > 0 {
		fn, own := targets[order[0]].Function, 0.0
		for len(order) > 0 && targets[order[0]].Function == fn {
			dept, sum := targets[order[0]].Department, 0.0
			for len(order) > 0 && targets[order[0]].Function == fn && targets[order[0]].Department == dept {
				i := order[0]
				l.columns(row, targets[i].X, fn)
				axpy(weight[i], row, dense[d:])
				sum += weight[i]
				order = order[1:]
			}
			left := sum // what the cell leaves to the terms above it
			c := l.cell(fn, dept)
			if c >= 0 {
				people += int(l.peopleOf[CellTerm][c])
			}
			if gamma := s.gamma[CellTerm]; gamma > 0 {
				phi := gamma
				if c >= 0 {
					phi *= s.cellK[c]
					left -= s.cellW[c] * phi * sum
					axpy(-phi*sum, s.cellX[c*p:(c+1)*p], dense[d:])
				}
				q.cells = append(q.cells, piece{fn*d + dept, sum, phi})
			}
			dense[dept] += left
			own += left
		}
		g := l.family[fn]
		family[g] += own
		phi := s.gamma[FunctionTerm] * s.funcK[fn]
		if phi == 0 || own == 0 {
			continue
		}
		q.functions = append(q.functions, piece{fn, own, phi})
		y := phi * own
		for c := l.cells[fn]; c < l.cells[fn+1]; c++ {
			dense[l.dept[c]] -= s.omega[c] * y
		}
		axpy(-y, s.funcX[fn*p:(fn+1)*p], dense[d:])
		family[g] -= s.funcW[fn] * y
	}
	if s.families {
		for g, x := range family {
			phi := s.gamma[FamilyTerm] * s.famK[g]
			if x == 0 || phi == 0 {
				continue
			}
			q.families = append(q.families, piece{g, x, phi})
			axpy(-phi*x, s.famH[g*s.n:(g+1)*s.n], dense)
		}
	}
	q.dense = s.whiten(dense)
	return people
}

// variance is the covariance of two parts, over the residual variance, without their moves and noise.
func (q *part) variance(o *part) float64 {
	return dot(q.dense, o.dense) + together(q.cells, o.cells) + together(q.functions, o.functions) + together(q.families, o.families)
}

// together sums over the pieces that two sorted lists share.
func together(a, b []piece) float64 {
	sum := 0.0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].key < b[0].key:
			a = a[1:]
		case a[0].key > b[0].key:
			b = b[1:]
		default:
			sum += a[0].weight * b[0].weight * a[0].variance
			a, b = a[1:], b[1:]
		}
	}
	return sum
}

// Covariance of the errors of the estimates of two groups.
func (a *Aggregates) Covariance(i, j int) float64 {
	p, q := &a.parts[i], &a.parts[j]
	v := a.fit.Residual*p.variance(q) + a.fit.hyperVariance(p.moves, q.moves)
	if i == j {
		v += p.noise
	}
	return v
}

// Difference of group i less group j of the same aggregates, with what their errors share taken out.
func (a *Aggregates) Difference(i, j int) Change {
	p, q := a.Predictions[j], a.Predictions[i]
	r := 0.0
	if s := p.SE * q.SE; s > 0 {
		r = math.Max(-1, math.Min(1, a.Covariance(i, j)/s))
	}
	return Compare(p, q, r)
}
