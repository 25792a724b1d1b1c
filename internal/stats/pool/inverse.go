package pool

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// inverse gives the elements of the inverse of a system that variances are made of (the selected inverse: Takahashi,
// Fagan & Chen 1973): covariances, over the residual variance, of the errors of all effects.
type inverse struct {
	s     *system
	fixed bool      // whether fixed effects are estimated; else they are known
	ball  []float64 // n by n inverse of the scaled matrix
	t     []float64 // n by n covariance of departments and fixed effects
	famT  []float64 // covariance of each family with these
	famC  []float64 // variance of each family
}

func (s *system) invert(fixed bool) *inverse {
	n, d := s.n, s.l.departments
	v := &inverse{s: s, fixed: fixed, ball: append([]float64(nil), s.root...), t: make([]float64, n*n)}
	k := n
	if !fixed {
		k = d
		clear(v.ball[d*n:])
		for i := range d {
			clear(v.ball[i*n+d : (i+1)*n])
		}
	}
	lapack64.Potri(blas64.Triangular{N: k, Stride: n, Data: v.ball, Uplo: blas.Upper, Diag: blas.NonUnit})
	theta := math.Sqrt(s.gamma[DepartmentTerm])
	for i := range n {
		si := theta
		if i >= d {
			si = 1
		}
		for j := i; j < n; j++ {
			x := v.ball[i*n+j]
			v.ball[j*n+i] = x
			sj := theta
			if j >= d {
				sj = 1
			}
			v.t[i*n+j], v.t[j*n+i] = si*sj*x, si*sj*x
		}
	}
	v.families()
	return v
}

func (v *inverse) families() {
	s := v.s
	n := s.n
	v.famT, v.famC = make([]float64, s.l.families*n), make([]float64, s.l.families)
	if !s.families {
		return
	}
	for g := range s.l.families {
		phi := s.gamma[FamilyTerm] * s.famK[g]
		h, row := s.famH[g*n:(g+1)*n], v.famT[g*n:(g+1)*n]
		for j, hj := range h {
			if hj != 0 {
				axpy(-phi*hj, v.t[j*n:(j+1)*n], row)
			}
		}
		v.famC[g] = phi - phi*dot(h, row)
	}
}

// around returns the product of the covariance of everything above a function with the function's couplings: in u that
// of departments and fixed effects, and that of its family. The function's error is minus phi times what couples to it.
func (v *inverse) around(f int, u []float64) (family, quad float64) {
	s, n := v.s, v.s.n
	l, p, d := s.l, s.l.p, s.l.departments
	g := int(l.family[f])
	clear(u)
	for c := l.cells[f]; c < l.cells[f+1]; c++ {
		j := int(l.dept[c])
		axpy(s.omega[c], v.t[j*n:(j+1)*n], u)
		family += s.omega[c] * v.famT[g*n+j]
	}
	for i, x := range s.funcX[f*p : (f+1)*p] {
		axpy(x, v.t[(d+i)*n:(d+i+1)*n], u)
		family += x * v.famT[g*n+d+i]
	}
	if s.families {
		axpy(s.funcW[f], v.famT[g*n:(g+1)*n], u)
		family += s.funcW[f] * v.famC[g]
	}
	quad = s.funcW[f]*family + dot(s.funcX[f*p:(f+1)*p], u[d:])
	for c := l.cells[f]; c < l.cells[f+1]; c++ {
		quad += s.omega[c] * u[l.dept[c]]
	}
	return family, quad
}

// margin is the covariance of the sum of the function's, department's and family's effect, and of its covariance with the
// fixed effects (in x).
func (v *inverse) margin(f, dept int, u []float64, family, quad float64, x []float64) float64 {
	s, n := v.s, v.s.n
	d, g := s.l.departments, int(s.l.family[f])
	phi := s.gamma[FunctionTerm] * s.funcK[f]
	for i := range x {
		x[i] = v.t[dept*n+d+i] + v.famT[g*n+d+i] - phi*u[d+i]
	}
	own := phi + phi*phi*quad
	return own + v.famC[g] + v.t[dept*n+dept] + 2*(v.famT[g*n+dept]-phi*(family+u[dept]))
}

// cellVariance is the error of a cell whose margin has variance m and covariance x with the fixed effects: that of the
// sum of all its random effects, and, in x on return, its covariance with the fixed effects. It returns the couplings' own
// variance too, of which traces are made. w is the cell's weight (0 without respondents), t its fixed columns.
func (v *inverse) cellVariance(m float64, x []float64, w float64, t []float64, scratch []float64) (sum, quad float64) {
	gamma := v.s.gamma[CellTerm]
	if w == 0 {
		return m + gamma, 0
	}
	n, d, p := v.s.n, v.s.l.departments, v.s.l.p
	k := 1 / (1 + gamma*w)
	// Covariance of the margin, and of the fixed effects, with w times the margin plus t times the fixed effects.
	a := w*m + dot(t, x)
	for i := range p {
		scratch[i] = w * x[i]
		if v.fixed {
			scratch[i] += dot(v.t[(d+i)*n+d:(d+i+1)*n], t)
		}
	}
	quad = w*a + dot(t, scratch)
	phi := gamma * k
	if phi == 0 {
		return m, quad
	}
	for i := range x {
		x[i] -= phi * scratch[i]
	}
	return m + phi + phi*phi*quad - 2*phi*a, quad
}

// traces returns tr(Z'PZ) of each term: P is V^-1 without what fixed effects take, or V^-1 when these are known. When into is not
// nil the error variance of each record's linear predictor goes there.
func (v *inverse) traces(into []float64) [terms]float64 {
	s := v.s
	l, p := s.l, s.l.p
	var out [terms]float64
	u, x, own, scratch := make([]float64, s.n), make([]float64, p), make([]float64, p), make([]float64, p)
	for f := range l.functions {
		if l.cells[f] == l.cells[f+1] {
			continue
		}
		family, quad := v.around(f, u)
		k := s.funcK[f]
		out[FunctionTerm] += k*s.funcW[f] - k*k*quad
		for c := int(l.cells[f]); c < int(l.cells[f+1]); c++ {
			m := v.margin(f, int(l.dept[c]), u, family, quad, x)
			copy(own, x)
			sum, q := v.cellVariance(m, own, s.cellW[c], s.cellX[c*p:(c+1)*p], scratch)
			out[CellTerm] += s.omega[c] - s.cellK[c]*s.cellK[c]*q
			if into == nil {
				continue
			}
			for r := l.records[c]; r < l.records[c+1]; r++ {
				into[r] = sum + v.fixedVariance(own, l.x[int(r)*p:(int(r)+1)*p])
			}
		}
	}
	if s.families {
		for g := range l.families {
			k, h := s.famK[g], s.famH[g*s.n:(g+1)*s.n]
			q := 0.0
			for j, hj := range h {
				if hj != 0 {
					q += hj * dot(h, v.t[j*s.n:(j+1)*s.n])
				}
			}
			out[FamilyTerm] += k*s.famW[g] - k*k*q
		}
	}
	out[DepartmentTerm] = v.departmentTrace()
	return out
}

// fixedVariance is what fixed effects with columns row add to the variance of a sum of random effects whose covariance with
// them is x.
func (v *inverse) fixedVariance(x, row []float64) float64 {
	if !v.fixed {
		return 0
	}
	n, d := v.s.n, v.s.l.departments
	sum := 0.0
	for i, xi := range row {
		if xi != 0 {
			sum += xi * (2*x[i] + dot(v.t[(d+i)*n+d:(d+i+1)*n], row))
		}
	}
	return sum
}

func (v *inverse) departmentTrace() float64 {
	s, n, d := v.s, v.s.n, v.s.l.departments
	at := func(i, j int) float64 { return s.info[min(i, j)*n+max(i, j)] }
	theta, sum := math.Sqrt(s.gamma[DepartmentTerm]), 0.0
	for i := range d {
		for j := range d {
			sum += v.ball[i*n+j] * at(i, j)
		}
		if !v.fixed {
			continue
		}
		for j := d; j < n; j++ {
			if theta > 0 {
				sum += v.ball[i*n+j] / theta * at(i, j)
				continue
			}
			for k := d; k < n; k++ {
				sum -= at(i, j) * v.ball[j*n+k] * at(i, k)
			}
		}
	}
	return sum
}

// reader reads error variances of targets off an inverse, function by function.
type reader struct {
	v             *inverse
	function      int
	family, quad  float64
	u, x, scratch []float64
}

func (v *inverse) reader() *reader {
	p := v.s.l.p
	return &reader{v: v, function: -1, u: make([]float64, v.s.n), x: make([]float64, p), scratch: make([]float64, p)}
}

// variance is that of the error of the linear predictor of a function and department with a fixed row; cell is -1 where nobody
// answered. It is quick while the function stays the same.
func (r *reader) variance(function, department, cell int, row []float64) float64 {
	s := r.v.s
	if function != r.function {
		r.function = function
		r.family, r.quad = r.v.around(function, r.u)
	}
	margin := r.v.margin(function, department, r.u, r.family, r.quad, r.x)
	w, columns := 0.0, []float64(nil)
	if p := s.l.p; cell >= 0 {
		w, columns = s.cellW[cell], s.cellX[cell*p:(cell+1)*p]
	}
	sum, _ := r.v.cellVariance(margin, r.x, w, columns, r.scratch)
	return math.Max(0, sum+r.v.fixedVariance(r.x, row))
}
