package gap

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"tekentafel/internal/stats/pool"
)

// field is the joint posterior of all effects of one variable, given its variances: means of cells y = mu + family + function +
// department + cell + error. Cells, then functions are eliminated; departments, families and the mean are left as one dense
// system, in which departments and families are scaled by their standard deviation so that it may be 0. Draws go the other way.
type field struct {
	p        *places
	t        *tallies
	within   float64   // variance of theta within cells
	omega    []float64 // precision of a cell's mean about its function's and department's
	kappa    []float64 // part of what is left of a cell's mean that is the cell's own
	sd       []float64 // of a cell's own effect, given all else
	funcVar  []float64 // of a function's effect, given departments, families and the mean
	n        int       // departments, families and the mean
	scale    []float64
	root     []float64 // upper Cholesky factor
	centre   []float64 // posterior mean of the dense part, scaled
	linear   float64   // factor of all errors, for the design effect of weights
	function float64   // variance of functions
}

// newField eliminates. variance is by pool.Term.
func newField(p *places, t *tallies, variance [4]float64, residual, within float64) *field {
	cells := len(p.function)
	n := p.departments + p.families + 1
	f := &field{p: p, t: t, within: within, n: n, linear: math.Sqrt(t.deff), function: variance[pool.FunctionTerm],
		omega: make([]float64, cells), kappa: make([]float64, cells), sd: make([]float64, cells),
		funcVar: make([]float64, p.functions), scale: make([]float64, n), root: make([]float64, n*n), centre: make([]float64, n)}
	for i := range n {
		switch {
		case i < p.departments:
			f.scale[i] = math.Sqrt(variance[pool.DepartmentTerm])
		case i < n-1:
			f.scale[i] = math.Sqrt(variance[pool.FamilyTerm])
		default:
			f.scale[i] = 1
		}
	}
	own := variance[pool.CellTerm]
	for c := range cells {
		f.sd[c] = math.Sqrt(own)
		if w := t.weight[c]; w > 0 {
			noise := residual / w
			f.omega[c] = 1 / (own + noise)
			f.kappa[c] = own / (own + noise)
			f.sd[c] = math.Sqrt(f.kappa[c] * noise)
		}
	}
	f.reduce()
	f.solve()
	return f
}

// reduce fills the dense matrix and its right-hand side (in centre), unscaled.
func (f *field) reduce() {
	p, n := f.p, f.n
	var at []int
	var h []float64
	for fn := range p.functions {
		at, h = at[:0], h[:0]
		sum, pull := 0.0, 0.0
		family, mean := p.departments+int(p.family[fn]), n-1
		for c := p.start[fn]; c < p.start[fn+1]; c++ {
			w := f.omega[c]
			if w == 0 {
				continue
			}
			d := int(p.department[c])
			at, h = append(at, d), append(h, w)
			sum, pull = sum+w, pull+w*f.t.mean[c]
			f.root[d*n+d] += w
			f.root[d*n+family] += w
			f.root[d*n+mean] += w
			f.centre[d] += w * f.t.mean[c]
		}
		if sum == 0 {
			f.funcVar[fn] = f.function
			continue
		}
		f.root[family*n+family] += sum
		f.root[family*n+mean] += sum
		f.root[mean*n+mean] += sum
		f.centre[family] += pull
		f.centre[mean] += pull
		if f.function == 0 {
			continue
		}
		v := 1 / (sum + 1/f.function)
		f.funcVar[fn] = v
		at, h = append(at, family, mean), append(h, sum, sum)
		for i, a := range at {
			x := v * h[i]
			row := f.root[a*n:]
			for j := i; j < len(at); j++ {
				row[at[j]] -= x * h[j]
			}
			f.centre[a] -= x * pull
		}
	}
}

// solve scales, factors and finds the posterior mean.
func (f *field) solve() {
	n := f.n
	for i := range n {
		for j := i; j < n; j++ {
			f.root[i*n+j] *= f.scale[i] * f.scale[j]
		}
		if i < n-1 {
			f.root[i*n+i]++
		} else if f.root[i*n+i] < 1e-9 {
			f.root[i*n+i] = 1e-9 // every family has its own mean, and the mean of all is left to these
		}
		f.centre[i] *= f.scale[i]
	}
	lapack64.Potrf(blas64.Symmetric{N: n, Stride: n, Data: f.root, Uplo: blas.Upper})
	x, u := f.vector(f.centre), f.triangle()
	blas64.Trsv(blas.Trans, u, x)
	blas64.Trsv(blas.NoTrans, u, x)
}

func (f *field) vector(x []float64) blas64.Vector { return blas64.Vector{N: f.n, Inc: 1, Data: x} }

func (f *field) triangle() blas64.Triangular {
	return blas64.Triangular{N: f.n, Stride: f.n, Data: f.root, Uplo: blas.Upper, Diag: blas.NonUnit}
}

// draw writes a draw of the mean of each cell into eta. sign turns the normals around, for pairs of opposite draws; sign 0
// gives the posterior mean.
func (f *field) draw(r *rand.Rand, sign float64, eta, dense []float64) {
	p, n := f.p, f.n
	sign *= f.linear
	if sign == 0 {
		copy(dense, f.centre)
	} else {
		for i := range dense {
			dense[i] = sign * r.NormFloat64()
		}
		blas64.Trsv(blas.NoTrans, f.triangle(), f.vector(dense))
		for i, x := range f.centre {
			dense[i] += x
		}
	}
	for i, s := range f.scale {
		dense[i] *= s
	}
	mean := dense[n-1]
	for fn := range p.functions {
		from, to := p.start[fn], p.start[fn+1]
		if from == to {
			continue
		}
		base := mean + dense[p.departments+int(p.family[fn])]
		pull := 0.0
		for c := from; c < to; c++ {
			if w := f.omega[c]; w > 0 {
				pull += w * (f.t.mean[c] - base - dense[p.department[c]])
			}
		}
		v := f.funcVar[fn]
		base += v * pull
		if sign != 0 {
			base += sign * math.Sqrt(v) * r.NormFloat64()
		}
		for c := from; c < to; c++ {
			e := base + dense[p.department[c]]
			e += f.kappa[c] * (f.t.mean[c] - e)
			if sign != 0 {
				e += sign * f.sd[c] * r.NormFloat64()
			}
			eta[c] = e
		}
	}
}
