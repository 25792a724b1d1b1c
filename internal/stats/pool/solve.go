package pool

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// effects are values of all effects, or right-hand sides of their equations: dense holds departments, then fixed columns.
type effects struct {
	cell, function, family, dense []float64
}

func (s *system) zero() effects {
	l := s.l
	return effects{make([]float64, len(l.dept)), make([]float64, l.functions), make([]float64, l.families), make([]float64, s.n)}
}

// solve turns right-hand sides into effects, in place. Without withFixed the fixed effects are held at zero.
func (s *system) solve(e effects, withFixed bool) {
	s.reduce(e)
	s.solveDense(e.dense, withFixed)
	s.expand(e)
}

// reduce carries the right-hand sides of cells, functions and families into those of departments and fixed columns.
func (s *system) reduce(e effects) {
	l, p, d := s.l, s.l.p, s.l.departments
	for f := range l.functions {
		g := l.family[f]
		if gamma := s.gamma[CellTerm]; gamma > 0 {
			for c := l.cells[f]; c < l.cells[f+1]; c++ {
				y := gamma * s.cellK[c] * e.cell[c]
				if y == 0 {
					continue
				}
				wy := s.cellW[c] * y
				e.function[f] -= wy
				e.family[g] -= wy
				e.dense[l.dept[c]] -= wy
				for i, t := range s.cellX[int(c)*p : (int(c)+1)*p] {
					e.dense[d+i] -= t * y
				}
			}
		}
		y := s.gamma[FunctionTerm] * s.funcK[f] * e.function[f]
		if y == 0 {
			continue
		}
		for c := l.cells[f]; c < l.cells[f+1]; c++ {
			e.dense[l.dept[c]] -= s.omega[c] * y
		}
		axpy(-y, s.funcX[f*p:(f+1)*p], e.dense[d:])
		e.family[g] -= s.funcW[f] * y
	}
	if !s.families {
		return
	}
	for g := range l.families {
		if y := s.gamma[FamilyTerm] * s.famK[g] * e.family[g]; y != 0 {
			axpy(-y, s.famH[g*s.n:(g+1)*s.n], e.dense)
		}
	}
}

func (s *system) solveDense(v []float64, withFixed bool) {
	d := s.l.departments
	s.scale(v)
	k := s.n
	if !withFixed {
		k = d
		clear(v[d:])
	}
	x := blas64.Vector{N: k, Inc: 1, Data: v}
	u := blas64.Triangular{N: k, Stride: s.n, Data: s.root, Uplo: blas.Upper, Diag: blas.NonUnit}
	blas64.Trsv(blas.Trans, u, x)
	blas64.Trsv(blas.NoTrans, u, x)
	s.scale(v)
}

// scale multiplies departments by the root of their gamma.
func (s *system) scale(v []float64) {
	theta := math.Sqrt(s.gamma[DepartmentTerm])
	for i := range s.l.departments {
		v[i] *= theta
	}
}

// whiten turns a combination of departments and fixed effects into one of errors that are independent, with variance 1.
func (s *system) whiten(v []float64) []float64 {
	s.scale(v)
	blas64.Trsv(blas.Trans, blas64.Triangular{N: s.n, Stride: s.n, Data: s.root, Uplo: blas.Upper, Diag: blas.NonUnit}, blas64.Vector{N: s.n, Inc: 1, Data: v})
	return v
}

// colour turns independent errors of variance 1 into errors of departments and fixed effects: the transpose of whiten.
func (s *system) colour(v []float64) {
	blas64.Trsv(blas.NoTrans, blas64.Triangular{N: s.n, Stride: s.n, Data: s.root, Uplo: blas.Upper, Diag: blas.NonUnit}, blas64.Vector{N: s.n, Inc: 1, Data: v})
	s.scale(v)
}

// expand works families, functions and cells out of departments and fixed columns.
func (s *system) expand(e effects) {
	l, p, d := s.l, s.l.p, s.l.departments
	if s.families {
		for g := range l.families {
			phi := s.gamma[FamilyTerm] * s.famK[g]
			e.family[g] = phi * (e.family[g] - dot(s.famH[g*s.n:(g+1)*s.n], e.dense))
		}
	} else {
		clear(e.family)
	}
	beta := e.dense[d:]
	for f := range l.functions {
		bg := e.family[l.family[f]]
		sum := e.function[f] - s.funcW[f]*bg - dot(s.funcX[f*p:(f+1)*p], beta)
		for c := l.cells[f]; c < l.cells[f+1]; c++ {
			sum -= s.omega[c] * e.dense[l.dept[c]]
		}
		b := s.gamma[FunctionTerm] * s.funcK[f] * sum
		e.function[f] = b
		gamma := s.gamma[CellTerm]
		for c := l.cells[f]; c < l.cells[f+1]; c++ {
			if gamma == 0 {
				e.cell[c] = 0
				continue
			}
			rest := e.cell[c] - s.cellW[c]*(b+bg+e.dense[l.dept[c]]) - dot(s.cellX[int(c)*p:(int(c)+1)*p], beta)
			e.cell[c] = gamma * s.cellK[c] * rest
		}
	}
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i, xi := range x {
		sum += xi * y[i]
	}
	return sum
}

// gather adds up, for each level of each term and for each fixed column, a value of each record.
func (s *system) gather(v []float64, e effects) {
	l, p, d := s.l, s.l.p, s.l.departments
	clear(e.cell)
	clear(e.function)
	clear(e.family)
	clear(e.dense)
	for r, c := range l.cellOf {
		e.cell[c] += v[r]
		for i, x := range l.x[r*p : (r+1)*p] {
			e.dense[d+i] += x * v[r]
		}
	}
	for c, v := range e.cell {
		e.function[l.funcOf[c]] += v
		e.dense[l.dept[c]] += v
	}
	for f, v := range e.function {
		e.family[l.family[f]] += v
	}
}

// fitted writes the linear predictor of each record.
func (s *system) fitted(e effects, into []float64) {
	l, p, d := s.l, s.l.p, s.l.departments
	for r, c := range l.cellOf {
		f := l.funcOf[c]
		into[r] = e.cell[c] + e.function[f] + e.family[l.family[f]] + e.dense[l.dept[c]] + dot(l.x[r*p:(r+1)*p], e.dense[d:])
	}
}

// level returns the value of a term in a cell.
func (e effects) level(l *layout, t Term, cell int) float64 {
	switch t {
	case FunctionTerm:
		return e.function[l.funcOf[cell]]
	case DepartmentTerm:
		return e.dense[l.dept[cell]]
	case FamilyTerm:
		return e.family[l.family[l.funcOf[cell]]]
	default:
		return e.cell[cell]
	}
}

// of returns all levels of a term.
func (e effects) of(l *layout, t Term) []float64 {
	switch t {
	case FunctionTerm:
		return e.function
	case DepartmentTerm:
		return e.dense[:l.departments]
	case FamilyTerm:
		return e.family
	default:
		return e.cell
	}
}
