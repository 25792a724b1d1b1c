package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// additive is the projection that takes main effects of rows and columns out of a table whose cells are scaled by
// D^(1/2), D the cell proportions. Rao and Scott's (1984) generalised design effects are the eigenvalues of
// P D^(-1/2) V D^(-1/2) P; their F needs only the trace of that matrix and of its square, and the projection P is the
// identity minus blocks of a row (E) minus a matrix of as many columns as the table has (R T R'), so that a table of
// 300 groups costs little.
//
// survey::svychisq gives a cell without respondents the inverse proportion 0. In terms of P, main effects must then
// vanish in that cell: the row's effect is minus the column's. Rows so tied have no effect of their own, and columns
// that share such a row have one effect.
type additive struct {
	rows, cols int
	root       []float64 // of the cell proportions
	tied       []bool    // by row
	r          []float64 // cells * cols
	t          []float64 // cols * cols
}

// newAdditive takes proportions by row that add up to one; every row and column has a positive sum.
func newAdditive(p []float64, rows, cols int) *additive {
	a := &additive{rows: rows, cols: cols, root: make([]float64, len(p)), tied: make([]bool, rows)}
	for i, v := range p {
		a.root[i] = math.Sqrt(v)
	}
	column, tie := tieColumns(p, rows, cols)
	a.r = make([]float64, len(p)*cols)
	for i := range rows {
		a.tied[i] = tie[i] >= 0
		a.fillRow(p, i, column, tie[i])
	}
	a.t = a.gram(a.r, a.r, cols, cols)
	invertSymmetric(a.t, cols)
	return a
}

// tieColumns returns the effect that each column shares and, for a row with an empty cell, the effect it takes over.
func tieColumns(p []float64, rows, cols int) (column, tie []int) {
	column, tie = make([]int, cols), make([]int, rows)
	for j := range column {
		column[j] = j
	}
	for i := range rows {
		tie[i] = -1
		for j := range cols {
			if p[i*cols+j] > 0 {
				continue
			}
			if tie[i] < 0 {
				tie[i] = j
				continue
			}
			from, to := column[j], column[tie[i]]
			for k := range column {
				if column[k] == from {
					column[k] = to
				}
			}
		}
	}
	for i := range rows {
		if tie[i] >= 0 {
			tie[i] = column[tie[i]]
		}
	}
	return column, tie
}

func (a *additive) fillRow(p []float64, i int, column []int, tie int) {
	cells := p[i*a.cols : (i+1)*a.cols]
	mean := make([]float64, a.cols) // of each effect in the row
	if tie >= 0 {
		mean[tie] = 1
	} else {
		var sum float64
		for j, v := range cells {
			mean[column[j]] += v
			sum += v
		}
		for k := range mean {
			mean[k] /= sum
		}
	}
	for j := range cells {
		row := a.r[(i*a.cols+j)*a.cols:]
		for k := range a.cols {
			v := -mean[k]
			if column[j] == k {
				v++
			}
			row[k] = v * a.root[i*a.cols+j]
		}
	}
}

// gram returns x'y of matrices with a row a cell.
func (a *additive) gram(x, y []float64, nx, ny int) []float64 {
	g := make([]float64, nx*ny)
	for c := range a.root {
		for i := range nx {
			v := x[c*nx+i]
			if v == 0 {
				continue
			}
			for j := range ny {
				g[i*ny+j] += v * y[c*ny+j]
			}
		}
	}
	return g
}

// centre applies E to the n columns of y: takes out the row effects of rows that have one.
func (a *additive) centre(y []float64, n int) {
	sum := make([]float64, n)
	for i := range a.rows {
		if a.tied[i] {
			continue
		}
		clear(sum)
		var mass float64
		for c := i * a.cols; c < (i+1)*a.cols; c++ {
			mass += a.root[c] * a.root[c]
			for k := range n {
				sum[k] += a.root[c] * y[c*n+k]
			}
		}
		for c := i * a.cols; c < (i+1)*a.cols; c++ {
			for k := range n {
				y[c*n+k] -= a.root[c] * sum[k] / mass
			}
		}
	}
}

// apply projects the n columns of y.
func (a *additive) apply(y []float64, n int) {
	a.centre(y, n)
	ry := a.gram(a.r, y, a.cols, n)
	try := product(a.t, ry, a.cols, a.cols, n)
	for c := range a.root {
		for i := range a.cols {
			v := a.r[c*a.cols+i]
			if v == 0 {
				continue
			}
			for k := range n {
				y[c*n+k] -= v * try[i*n+k]
			}
		}
	}
}

func product(x, y []float64, rows, inner, cols int) []float64 {
	r := mat.NewDense(rows, cols, nil)
	r.Mul(mat.NewDense(rows, inner, x), mat.NewDense(inner, cols, y))
	return r.RawMatrix().Data
}

func traceOfProduct(x, y []float64, n int) float64 {
	var s float64
	for i := range n {
		for j := range n {
			s += x[i*n+j] * y[j*n+i]
		}
	}
	return s
}

// lowRankTraces returns the traces of P S P and of its square for the covariance V = diag(q) + y m y' of the cell
// proportions, where y has a row a cell and n columns.
func (a *additive) lowRankTraces(q, y, m []float64, n int) (tr, tr2 float64) {
	delta := make([]float64, len(q))
	low := make([]float64, len(y))
	for c, root := range a.root {
		if root <= 0 {
			continue
		}
		delta[c] = q[c] / (root * root)
		for k := range n {
			low[c*n+k] = y[c*n+k] / root
		}
	}
	hat := append([]float64(nil), low...)
	a.apply(hat, n)
	mg := product(m, a.gram(low, hat, n, n), n, n, n)
	inner := a.gram(hat, scaleRows(delta, hat, n), n, n)
	tr, tr2 = a.diagonalTraces(delta)
	for k := range n {
		tr += mg[k*n+k]
	}
	return tr, tr2 + 2*traceOfProduct(m, inner, n) + traceOfProduct(mg, mg, n)
}

// diagonalTraces returns the traces of P diag(delta) and of its square.
func (a *additive) diagonalTraces(delta []float64) (tr, tr2 float64) {
	for i := range a.rows {
		var mass, first, second float64
		for c := i * a.cols; c < (i+1)*a.cols; c++ {
			v := a.root[c] * a.root[c]
			mass += v
			tr += delta[c]
			tr2 += delta[c] * delta[c]
			first += v * delta[c]
			second += v * delta[c] * delta[c]
		}
		if !a.tied[i] {
			tr -= first / mass
			tr2 += first*first/(mass*mass) - 2*second/mass
		}
	}
	dr := scaleRows(delta, a.r, a.cols)
	rdr := product(a.t, a.gram(a.r, dr, a.cols, a.cols), a.cols, a.cols, a.cols)
	edr := append([]float64(nil), dr...)
	a.centre(edr, a.cols)
	rded := a.gram(dr, edr, a.cols, a.cols)
	for k := range a.cols {
		tr -= rdr[k*a.cols+k]
	}
	return tr, tr2 - 2*traceOfProduct(a.t, rded, a.cols) + traceOfProduct(rdr, rdr, a.cols)
}

func scaleRows(by, x []float64, n int) []float64 {
	r := make([]float64, len(x))
	for c, d := range by {
		for k := range n {
			r[c*n+k] = d * x[c*n+k]
		}
	}
	return r
}

// denseTraces returns the traces of P S P and of its square for any covariance v of the cell proportions, which it
// overwrites.
func (a *additive) denseTraces(v []float64) (tr, tr2 float64) {
	n := len(a.root)
	for i := range n {
		for j := range n {
			if a.root[i] > 0 && a.root[j] > 0 {
				v[i*n+j] /= a.root[i] * a.root[j]
			} else {
				v[i*n+j] = 0
			}
		}
	}
	a.apply(v, n)
	transpose(v, n)
	a.apply(v, n)
	for i := range n {
		tr += v[i*n+i]
		for j := range n {
			tr2 += v[i*n+j] * v[j*n+i]
		}
	}
	return tr, tr2
}

func transpose(v []float64, n int) {
	for i := range n {
		for j := range i {
			v[i*n+j], v[j*n+i] = v[j*n+i], v[i*n+j]
		}
	}
}
