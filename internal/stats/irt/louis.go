package irt

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// maxMatrices bounds the matrices that blocks of people fill at once.
const maxMatrices = 16

// scores are, by row, which free parameters the log-probability hangs on and its derivatives in them at each point.
type scores struct {
	place [][]int
	value [][][]float64
}

// information is the gradient of the log-posterior in the free parameters at par, and the observed information: minus the second
// derivatives of the marginal log-likelihood, all parameters together (Louis 1982, JRSS B 44: expected second derivatives of the complete
// data plus the posterior covariances of their scores), and of the priors.
func (f *fit) information(ctx context.Context) ([]float64, *mat.SymDense, error) {
	place := f.par.place()
	n := len(f.par.free)
	g := make([]float64, n)
	h := make([]float64, n*n)
	for i, setup := range f.setup {
		if setup.Fixed {
			continue
		}
		k := setup.Start.Categories()
		bg, bh := make([]float64, k), make([]float64, k*k)
		f.block(i, f.now).value(f.par.value[f.par.first[i]], f.par.thresholds(i), bg, bh)
		for a := range k {
			pa := place[f.par.first[i]+a]
			if pa < 0 {
				continue
			}
			g[pa] += bg[a]
			for b := range k {
				if pb := place[f.par.first[i]+b]; pb >= 0 {
					h[pa*n+pb] += bh[a*k+b]
				}
			}
		}
	}
	items, groups := f.scores(place)
	f.groupTerms(place, g, h)
	t := f.tables(f.par)
	parts := make([][]float64, maxMatrices)
	count, err := f.blocks(ctx, maxMatrices, func(block, from, to int) {
		parts[block] = make([]float64, n*n)
		f.covariances(t, items, groups, parts[block], n, from, to)
	})
	if err != nil {
		return nil, nil, err
	}
	for _, part := range parts[:count] {
		floats.Add(h, part)
	}
	info := mat.NewSymDense(n, nil)
	for a := range n {
		for b := a; b < n; b++ {
			info.SetSym(a, b, -h[a*n+b])
		}
	}
	return g, info, nil
}

// scores tabulates the derivatives of the rows, and of the groups' distributions.
func (f *fit) scores(place []int) (items, groups scores) {
	add := func(s *scores, row, parameter int, values []float64) {
		if k := place[parameter]; k >= 0 {
			s.place[row] = append(s.place[row], k)
			s.value[row] = append(s.value[row], values)
		}
	}
	q := len(f.grid)
	items = scores{make([][]int, f.nrows), make([][][]float64, f.nrows)}
	for i := range f.setup {
		it, base := f.par.item(i), f.par.first[i]
		for k := range it.Categories() {
			slope, lower, next := make([]float64, q), make([]float64, q), make([]float64, q)
			for j, x := range f.grid {
				c := it.bends(k, x)
				slope[j], lower[j], next[j] = c.gradient(it.A)
			}
			row := f.first[i] + k
			add(&items, row, base, slope)
			if k > 0 {
				add(&items, row, base+k, lower)
			}
			if k < len(it.B) {
				add(&items, row, base+k+1, next)
			}
		}
	}
	groups = scores{make([][]int, len(f.people)), make([][][]float64, len(f.people))}
	for g := range f.people {
		at := f.par.groups + 2*g
		mean, spread := make([]float64, q), make([]float64, q)
		for j, x := range f.grid {
			z := (x - f.par.value[at]) * math.Exp(-f.par.value[at+1])
			mean[j], spread[j] = z*math.Exp(-f.par.value[at+1]), z*z-1
		}
		add(&groups, g, at, mean)
		add(&groups, g, at+1, spread)
	}
	return items, groups
}

// groupTerms adds the gradient and expected second derivatives of the groups' distributions.
func (f *fit) groupTerms(place []int, g, h []float64) {
	n, q := len(g), len(f.grid)
	for group := range f.people {
		at := f.par.groups + 2*group
		mean, sd := place[at], place[at+1]
		inverse := math.Exp(-f.par.value[at+1])
		for j, m := range f.now.groups[group*q : (group+1)*q] {
			z := (f.grid[j] - f.par.value[at]) * inverse
			if mean >= 0 {
				g[mean] += m * z * inverse
				h[mean*n+mean] -= m * inverse * inverse
			}
			if sd >= 0 {
				g[sd] += m * (z*z - 1)
				h[sd*n+sd] -= 2 * m * z * z
			}
			if mean >= 0 && sd >= 0 {
				h[mean*n+sd] -= 2 * m * z * inverse
				h[sd*n+mean] -= 2 * m * z * inverse
			}
		}
	}
}

// covariances adds, for each person, the posterior covariance of the scores to the upper triangle of h.
func (f *fit) covariances(t *tables, items, groups scores, h []float64, n, from, to int) {
	q := len(f.grid)
	mass, root := make([]float64, q), make([]float64, q)
	var places []int
	var rows [][]float64
	add := func(d int, place int, values []float64) {
		if d == len(rows) {
			rows = append(rows, make([]float64, q))
		}
		centre := floats.Dot(mass, values)
		row := rows[d]
		for j, v := range values {
			row[j] = root[j] * (v - centre)
		}
		places = append(places, place)
	}
	for p := from; p < to; p++ {
		f.person(t, p, mass)
		for j, m := range mass {
			root[j] = math.Sqrt(m)
		}
		places = places[:0]
		for _, r := range f.rows[f.d.start[p]:f.d.start[p+1]] {
			for c, values := range items.value[r] {
				add(len(places), items.place[r][c], values)
			}
		}
		for c, values := range groups.value[f.d.group[p]] {
			add(len(places), groups.place[f.d.group[p]][c], values)
		}
		w := f.d.weight[p]
		for a, pa := range places {
			for b, pb := range places[:a+1] {
				h[min(pa, pb)*n+max(pa, pb)] += w * floats.Dot(rows[a], rows[b])
			}
		}
	}
}
