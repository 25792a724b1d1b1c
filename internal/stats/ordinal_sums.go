package stats

import "math"

// ordSums are the weighted log likelihood, its gradient and its information (minus the second derivatives, lower
// triangle) at some parameters.
type ordSums struct {
	loglik   float64
	gradient []float64
	info     []float64
}

func newOrdSums(n int) *ordSums {
	return &ordSums{gradient: make([]float64, n), info: make([]float64, n*n)}
}

// ordPoint holds what a pass needs at some parameters, so that no unit takes an exponential: exp(x'b) is a product of
// table entries.
type ordPoint struct {
	power [][]float64 // by predictor and code: exp(b x)
	decay []float64   // by threshold: exp(-threshold)
}

func (f *ordFit) point(par []float64) *ordPoint {
	q := len(f.values) - 1
	at := &ordPoint{}
	for _, t := range par[:q] {
		at.decay = append(at.decay, math.Exp(-t))
	}
	for j, b := range par[q:] {
		power := make([]float64, len(f.rows.value[j]))
		for k, x := range f.rows.value[j] {
			// Codes that no complete case has could overflow.
			power[k] = math.Exp(max(-300, min(300, b*x)))
		}
		at.power = append(at.power, power)
	}
	return at
}

// ordScore is what one unit tells: its probability and the derivatives of its logarithm to the linear predictor and to
// the thresholds above and below its level.
type ordScore struct {
	probability            float64
	predictor              float64
	upper, lower           float64 // lower with its sign changed
	infoPredictor          float64 // information of the linear predictor, ...
	crossUpper, crossLower float64 // ... its covariance with the thresholds, sign changed
	infoUpper, infoLower   float64
	crossThresholds        float64 // sign changed
	upperIndex, lowerIndex int     // -1: none
}

// score works out a unit of some level with e = exp(x'b). With a and b the logistic probabilities below the upper and
// the lower threshold, the probability a-b is written as a product, so that nothing cancels.
func (at *ordPoint) score(e float64, level int) ordScore {
	s := ordScore{upperIndex: level, lowerIndex: level - 1}
	last := level == len(at.decay)
	a, b := 1.0, 0.0
	if !last {
		a = 1 / (1 + e*at.decay[level])
	}
	if level > 0 {
		b = 1 / (1 + e*at.decay[level-1])
	}
	switch {
	case level == 0:
		s.probability = a
		s.upper = e * at.decay[level] * a
	case last:
		s.upperIndex = -1
		s.probability = e * at.decay[level-1] * b
		s.lower = b
	default:
		up, down := at.decay[level], at.decay[level-1]
		gap := down - up
		s.probability = e * gap * a * b
		s.upper = a / b * up / gap
		s.lower = b / a * down / gap
	}
	s.predictor = a + b - 1
	if !last {
		s.crossUpper = a * a * e * at.decay[level]
	}
	if level > 0 {
		s.crossLower = b * b * e * at.decay[level-1]
	}
	s.infoPredictor = s.crossUpper + s.crossLower
	s.infoUpper = s.upper * (s.upper - 1 + 2*a)
	s.infoLower = s.lower * (s.lower + 1 - 2*b)
	s.crossThresholds = s.upper * s.lower
	return s
}

// sums reads the units once.
func (f *ordFit) sums(par []float64) *ordSums {
	n := len(par)
	at := f.point(par)
	total := newOrdSums(n)
	pass := momPass[*ordSums]{
		d: f.d, columns: f.codes, stride: f.stride, fresh: func() *ordSums { return newOrdSums(n) },
		clear: func(s *ordSums) {
			s.loglik = 0
			clear(s.gradient)
			clear(s.info)
		},
		visit: func(s *ordSums, t *momTile) { f.tile(s, t, at) },
		merge: func(s *ordSums) {
			total.loglik += s.loglik
			momAdd(total.gradient, s.gradient)
			momAdd(total.info, s.info)
		},
	}
	pass.run()
	return total
}

// tile adds the units of a tile.
func (f *ordFit) tile(s *ordSums, t *momTile, at *ordPoint) {
	f.rows.domain(t)
	n, q := len(s.gradient), len(at.decay)
	var room [16]float64
	x := append(room[:0], make([]float64, f.p)...)
	for i, w := range t.weight[:t.n] {
		if t.in[i] == 0 || w == 0 {
			continue
		}
		w *= f.scale
		e := 1.0
		for j := range f.p {
			c := t.codes[j][i]
			e *= at.power[j][c]
			x[j] = f.rows.value[j][c]
		}
		u := at.score(e, f.level[t.codes[f.p][i]])
		s.loglik += w * math.Log(u.probability)
		for j, xj := range x {
			s.gradient[q+j] += w * u.predictor * xj
			row := s.info[(q+j)*n:]
			h := w * u.infoPredictor * xj
			for k, xk := range x[:j+1] {
				row[q+k] += h * xk
			}
		}
		if k := u.upperIndex; k >= 0 {
			s.gradient[k] += w * u.upper
			s.info[k*n+k] += w * u.infoUpper
			h := w * u.crossUpper
			for j, xj := range x {
				s.info[(q+j)*n+k] -= h * xj
			}
		}
		if k := u.lowerIndex; k >= 0 {
			s.gradient[k] -= w * u.lower
			s.info[k*n+k] += w * u.infoLower
			h := w * u.crossLower
			for j, xj := range x {
				s.info[(q+j)*n+k] -= h * xj
			}
			if u.upperIndex >= 0 {
				s.info[u.upperIndex*n+k] -= w * u.crossThresholds
			}
		}
	}
}

// influence returns the fill of a problem whose totals' covariance is that of the slopes: the score of a unit times the
// inverse information.
func (f *ordFit) influence() func(*momTile) {
	n, q := len(f.par), len(f.values)-1
	root, _ := ordRoot(f.now.info, n, q)
	bread := make([][]float64, f.p) // by slope, over parameters
	for j := range bread {
		bread[j] = make([]float64, n)
		bread[j][q+j] = f.scale
		regSolve(root, n, bread[j])
	}
	at := f.point(f.par)
	return func(t *momTile) {
		f.rows.domain(t)
		clear(t.x)
		for i := range t.n {
			if t.in[i] == 0 || t.weight[i] == 0 {
				continue
			}
			e := 1.0
			for j := range f.p {
				e *= at.power[j][t.codes[j][i]]
			}
			u := at.score(e, f.level[t.codes[f.p][i]])
			for j, row := range bread {
				sum := 0.0
				for k := range f.p {
					sum += row[q+k] * f.rows.value[k][t.codes[k][i]]
				}
				sum *= u.predictor
				if u.upperIndex >= 0 {
					sum += row[u.upperIndex] * u.upper
				}
				if u.lowerIndex >= 0 {
					sum -= row[u.lowerIndex] * u.lower
				}
				t.x[j*momTileSize+i] = sum
			}
		}
	}
}
