package pool

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// system is the penalised normal matrix of the fixed and random effects (Bates et al. 2015, eq. 17; Henderson's mixed
// model equations) under weights of the records and relative variances gamma (variance of a term over that of the
// residual), eliminated block by block.
//
// Given everything else, cells do not touch each other; with these gone functions do not, with these gone families do not.
// Each of the three is a division per level and a correction of rank one. Departments and fixed effects are left, as one
// dense matrix. Departments are scaled by the root of their gamma ("spherical", Bates et al. 2015, section 3.1), so that
// every gamma may be 0.
type system struct {
	l        *layout
	families bool // whether families are a random term
	gamma    [terms]float64
	w        []float64 // of each record
	cross    []float64 // p by p: X'WX, upper triangle

	cellW []float64 // weight of each cell
	cellX []float64 // p of each cell: weighted sum of the fixed columns

	cellK  []float64 // 1 / (1 + gamma cellW)
	omega  []float64 // weight of each cell that is left after its own intercept
	funcW  []float64 // sum of omega by function
	funcX  []float64 // p of each function
	funcK  []float64
	famW   []float64
	famH   []float64 // of each family: what is left of it in departments and fixed columns
	famK   []float64
	n      int       // departments and fixed columns
	info   []float64 // n by n, upper triangle: the information left, unscaled and without prior
	root   []float64 // n by n, upper Cholesky factor of the scaled matrix
	logDet float64   // of the random part: log |L|^2 in Bates et al. 2015
	buffer []float64
}

func newSystem(l *layout, families bool) *system {
	cells := len(l.dept)
	s := &system{l: l, families: families, n: l.departments + l.p, cross: make([]float64, l.p*l.p)}
	s.cellW, s.cellK, s.omega = make([]float64, cells), make([]float64, cells), make([]float64, cells)
	s.cellX = make([]float64, cells*l.p)
	s.funcW, s.funcK, s.funcX = make([]float64, l.functions), make([]float64, l.functions), make([]float64, l.functions*l.p)
	s.famW, s.famK = make([]float64, l.families), make([]float64, l.families)
	if families {
		s.famH = make([]float64, l.families*s.n)
	}
	s.info, s.root, s.buffer = make([]float64, s.n*s.n), make([]float64, s.n*s.n), make([]float64, s.n)
	return s
}

// weigh sets the weights of the records.
func (s *system) weigh(w []float64) {
	s.w = w
	p := s.l.p
	clear(s.cellW)
	clear(s.cellX)
	clear(s.cross)
	for r, c := range s.l.cellOf {
		x, sum := s.l.x[r*p:(r+1)*p], s.cellX[int(c)*p:(int(c)+1)*p]
		s.cellW[c] += w[r]
		for i, xi := range x {
			if xi == 0 {
				continue
			}
			a := w[r] * xi
			sum[i] += a
			for j := i; j < p; j++ {
				s.cross[i*p+j] += a * x[j]
			}
		}
	}
}

// outer subtracts a v v' from the upper triangle of an n by n matrix.
func outer(m []float64, n int, a float64, v []float64) {
	for i, vi := range v {
		if vi == 0 {
			continue
		}
		axpy(-a*vi, v[i:], m[i*n+i:i*n+len(v)])
	}
}

func axpy(a float64, x, y []float64) {
	if len(x) < 24 {
		for i, xi := range x {
			y[i] += a * xi
		}
		return
	}
	blas64.Axpy(a, blas64.Vector{N: len(x), Inc: 1, Data: x}, blas64.Vector{N: len(y), Inc: 1, Data: y})
}

// factor eliminates under the given gamma. It returns the fixed column that follows from those before it, or -1.
func (s *system) factor(gamma [terms]float64) (aliased int) {
	l, p, d := s.l, s.l.p, s.l.departments
	s.gamma, s.logDet = gamma, 0
	clear(s.info)
	clear(s.funcX)
	clear(s.famW)
	clear(s.famH)
	fixed := append([]float64(nil), s.cross...)
	for f := range l.functions {
		s.cellsOf(f, fixed)
		fx := s.funcX[f*p : (f+1)*p]
		s.funcK[f] = 1 / (1 + gamma[FunctionTerm]*s.funcW[f])
		s.logDet -= math.Log(s.funcK[f])
		if s.families {
			s.intoFamily(f)
		}
		if phi := gamma[FunctionTerm] * s.funcK[f]; phi > 0 {
			s.withoutFunction(f, phi)
			outer(fixed, p, phi, fx)
		}
	}
	for i := range p {
		copy(s.info[(d+i)*s.n+d+i:(d+i+1)*s.n], fixed[i*p+i:(i+1)*p])
	}
	if s.families {
		for g := range l.families {
			s.famK[g] = 1 / (1 + gamma[FamilyTerm]*s.famW[g])
			s.logDet -= math.Log(s.famK[g])
			if phi := gamma[FamilyTerm] * s.famK[g]; phi > 0 {
				outer(s.info, s.n, phi, s.famH[g*s.n:(g+1)*s.n])
			}
		}
	}
	return s.dense()
}

// cellsOf eliminates the cells of a function.
func (s *system) cellsOf(f int, fixed []float64) {
	l, p, d := s.l, s.l.p, s.l.departments
	fx := s.funcX[f*p : (f+1)*p]
	gamma, sum := s.gamma[CellTerm], 0.0
	for c := l.cells[f]; c < l.cells[f+1]; c++ {
		k := 1 / (1 + gamma*s.cellW[c])
		s.cellK[c] = k
		w := s.cellW[c] * k
		s.omega[c] = w
		sum += w
		row := s.info[int(l.dept[c])*s.n:]
		row[l.dept[c]] += w
		t := s.cellX[int(c)*p : (int(c)+1)*p]
		for i, ti := range t {
			row[d+i] += ti * k
			fx[i] += ti * k
		}
		if gamma > 0 {
			s.logDet -= math.Log(k)
			outer(fixed, p, gamma*k, t)
		}
	}
	s.funcW[f] = sum
}

// intoFamily adds what is left of a function to its family.
func (s *system) intoFamily(f int) {
	l, p := s.l, s.l.p
	g, k := int(l.family[f]), s.funcK[f]
	s.famW[g] += k * s.funcW[f]
	h := s.famH[g*s.n : (g+1)*s.n]
	for c := l.cells[f]; c < l.cells[f+1]; c++ {
		h[l.dept[c]] += k * s.omega[c]
	}
	axpy(k, s.funcX[f*p:(f+1)*p], h[l.departments:])
}

// sparse is the part of all departments below which those of a function are visited one by one.
const sparse = 0.3

// withoutFunction subtracts phi h h' of a function from the departments and their corner with the fixed columns.
func (s *system) withoutFunction(f int, phi float64) {
	l, p, d := s.l, s.l.p, s.l.departments
	lo, hi := int(l.cells[f]), int(l.cells[f+1])
	depts, omega, fx := l.dept[lo:hi], s.omega[lo:hi], s.funcX[f*p:(f+1)*p]
	h := s.buffer
	dense := float64(hi-lo) > sparse*float64(d)
	if dense {
		clear(h)
		for i, j := range depts {
			h[j] = omega[i]
		}
		copy(h[d:], fx)
	}
	for i, j := range depts {
		a := -phi * omega[i]
		row := s.info[int(j)*s.n : (int(j)+1)*s.n]
		if dense {
			axpy(a, h[j:], row[j:])
			continue
		}
		others := omega[i:]
		for k, m := range depts[i:] {
			row[m] += a * others[k]
		}
		axpy(a, fx, row[d:])
	}
}

// dense scales what is left and takes its root.
func (s *system) dense() (aliased int) {
	n, d := s.n, s.l.departments
	theta := math.Sqrt(s.gamma[DepartmentTerm])
	for i := range n {
		si := theta
		if i >= d {
			si = 1
		}
		row, from := s.root[i*n:(i+1)*n], s.info[i*n:(i+1)*n]
		for j := i; j < d; j++ {
			row[j] = si * theta * from[j]
		}
		for j := max(i, d); j < n; j++ {
			row[j] = si * from[j]
		}
		if i < d {
			row[i]++
		}
	}
	lapack64.Potrf(blas64.Symmetric{N: n, Stride: n, Data: s.root, Uplo: blas.Upper})
	for i := range n {
		u := s.root[i*n+i]
		if i < d {
			s.logDet += 2 * math.Log(u)
			continue
		}
		// What is left of a column after those before it, beside what there was of it.
		if !(u*u > 1e-11*s.info[i*n+i]) || !(s.info[i*n+i] > 1e-13*s.cross[(i-d)*s.l.p+i-d]) {
			return i - d
		}
	}
	return -1
}

// logFixed is log |R_X|^2, the determinant of the information of the fixed effects.
func (s *system) logFixed() float64 {
	sum := 0.0
	for i := s.l.departments; i < s.n; i++ {
		sum += 2 * math.Log(s.root[i*s.n+i])
	}
	return sum
}
