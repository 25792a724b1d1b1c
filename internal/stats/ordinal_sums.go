package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// ordSums are the gradient and the information (minus the second derivatives, lower triangle) of the weighted log
// likelihood at some parameters, and itself where it was asked for.
type ordSums struct {
	known    bool
	loglik   float64
	gradient []float64
	info     []float64
}

// ordPoint holds what a pass needs at some parameters, so that no unit takes an exponential: exp(x'b) is a product of
// table entries. With u = exp(-threshold above a level), 0 above the highest, and d = exp(-threshold below it),
// infinite below the lowest, the constants by level are written so that both ends stay finite.
type ordPoint struct {
	power [][]float64 // by predictor and code: exp(b x)
	level []ordLevel
}

type ordLevel struct {
	up     float64 // u
	down   float64 // 1/d
	share  float64 // (d-u)/d
	first  float64 // u/(d-u)
	second float64 // u d/(d-u)
	third  float64 // d/(d-u)
}

func (f *ordFit) point(par []float64) *ordPoint {
	q := len(f.values) - 1
	at := &ordPoint{level: make([]ordLevel, q+1)}
	for k := range at.level {
		l := ordLevel{share: 1, third: 1}
		if k < q {
			l.up = math.Exp(-par[k])
			l.second = l.up
		}
		if k > 0 {
			l.down = math.Exp(par[k-1])
			l.share = 1 - l.up*l.down
			if k < q {
				l.share = -math.Expm1(par[k-1] - par[k])
			}
			l.third = 1 / l.share
			l.first = l.up * l.down / l.share
			l.second = l.up / l.share
		}
		at.level[k] = l
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

// Working columns of a tile. With a and b the probabilities of an answer at or below the level and below it, P = a-b.
const (
	ordProbability = iota // P
	ordSlope              // of log P to x'b: a+b-1
	ordUpper              // of log P to the threshold above
	ordLower              // of log P to the threshold below, sign changed
	ordCurveA             // a(1-a)
	ordCurveB             // b(1-b)
	ordA                  // a
	ordB                  // b
	ordWeight             // weight of the unit, 0 outside the domain
	ordHelp
	ordX // the predictors
)

// scores fills the working columns of a tile: nothing in them is a difference of near-equal numbers.
func (f *ordFit) scores(t *momTile, at *ordPoint) {
	f.rows.domain(t)
	e := t.room(ordHelp)
	for i := range e {
		e[i] = 1
	}
	for j, power := range at.power {
		x, value := t.room(ordX+j), f.rows.value[j]
		for i, c := range t.codes[j][:t.n] {
			e[i] *= power[c]
			x[i] = value[c]
		}
	}
	w := t.room(ordWeight)
	for i, v := range t.weight[:t.n] {
		w[i] = v * t.in[i] * f.scale
	}
	p, s, up, low := t.room(ordProbability), t.room(ordSlope), t.room(ordUpper), t.room(ordLower)
	ca, cb, as, bs := t.room(ordCurveA), t.room(ordCurveB), t.room(ordA), t.room(ordB)
	for i, c := range t.codes[f.p][:t.n] {
		l := &at.level[f.level[c]]
		ei := e[i]
		a := 1 / (1 + ei*l.up)
		d := 1 / (l.down + ei)
		b, notB := l.down*d, ei*d
		p[i] = a * notB * l.share
		s[i] = a - notB
		up[i] = a * (l.first + ei*l.second)
		low[i] = b * (l.third + ei*l.second)
		ca[i] = a * a * ei * l.up
		cb[i] = b * notB
		as[i], bs[i] = a, b
	}
}

// ordPartial are the sums of a block. Thresholds are counted from 1, so that the level k lies between thresholds k and
// k+1; 0 and the last stand for none.
type ordPartial struct {
	loglik           float64
	slope, slopeInfo []float64 // gradient and information of the slopes
	gradient, info   []float64 // of the thresholds
	pair             []float64 // information of a threshold with the one before
	cross            []float64 // of a threshold with the slopes, by threshold
}

func newOrdPartial(p, q int) *ordPartial {
	return &ordPartial{
		slope: make([]float64, p), slopeInfo: make([]float64, p*p), gradient: make([]float64, q+2),
		info: make([]float64, q+2), pair: make([]float64, q+2), cross: make([]float64, (q+2)*p),
	}
}

func (s *ordPartial) parts() [][]float64 {
	return [][]float64{s.slope, s.slopeInfo, s.gradient, s.info, s.pair, s.cross}
}

func (s *ordPartial) clear() {
	s.loglik = 0
	for _, part := range s.parts() {
		clear(part)
	}
}

func (s *ordPartial) add(o *ordPartial) {
	s.loglik += o.loglik
	theirs := o.parts()
	for i, part := range s.parts() {
		momAdd(part, theirs[i])
	}
}

// sums reads the units once. The likelihood takes a quarter of the time, so it is worked out only when asked for.
func (f *ordFit) sums(par []float64, likelihood bool) *ordSums {
	p, q := f.p, len(f.values)-1
	at := f.point(par)
	total := newOrdPartial(p, q)
	pass := momPass[*ordPartial]{
		d: f.d, columns: f.codes, work: ordX + p, stride: f.stride,
		fresh: func() *ordPartial { return newOrdPartial(p, q) },
		clear: (*ordPartial).clear,
		visit: func(s *ordPartial, t *momTile) {
			f.scores(t, at)
			if likelihood {
				s.likelihood(t)
			}
			s.thresholds(t, f.level, t.codes[p][:t.n], p)
			s.slopes(t, p)
		},
		merge: total.add,
	}
	pass.run()
	n := p + q
	out := &ordSums{known: likelihood, loglik: total.loglik, gradient: make([]float64, n), info: make([]float64, n*n)}
	for k := range q {
		out.gradient[k] = total.gradient[k+1]
		out.info[k*n+k] = total.info[k+1]
		if k > 0 {
			out.info[k*n+k-1] = -total.pair[k+1]
		}
		for j := range p {
			out.info[(q+j)*n+k] = -total.cross[(k+1)*p+j]
		}
	}
	for j := range p {
		out.gradient[q+j] = total.slope[j]
		copy(out.info[(q+j)*n+q:][:j+1], total.slopeInfo[j*p:])
	}
	return out
}

func (s *ordPartial) likelihood(t *momTile) {
	prob := t.room(ordProbability)
	for i, w := range t.room(ordWeight) {
		if w != 0 {
			s.loglik += w * math.Log(prob[i])
		}
	}
}

// thresholds adds what concerns the thresholds.
func (s *ordPartial) thresholds(t *momTile, level []int, codes []uint16, p int) {
	up, low := t.room(ordUpper), t.room(ordLower)
	ca, cb, as, bs := t.room(ordCurveA), t.room(ordCurveB), t.room(ordA), t.room(ordB)
	for i, w := range t.room(ordWeight) {
		if w == 0 {
			continue
		}
		k := level[codes[i]]
		u, l := up[i], low[i]
		s.gradient[k+1] += w * u
		s.gradient[k] -= w * l
		s.info[k+1] += w * u * (u - 1 + 2*as[i])
		s.info[k] += w * l * (l + 1 - 2*bs[i])
		s.pair[k+1] += w * u * l
		above, below := s.cross[(k+1)*p:(k+2)*p], s.cross[k*p:(k+1)*p]
		wa, wb := w*ca[i], w*cb[i]
		for j := range above {
			x := t.work[(ordX+j)*momTileSize+i]
			above[j] += wa * x
			below[j] += wb * x
		}
	}
}

// slopes adds what concerns the slopes alone.
func (s *ordPartial) slopes(t *momTile, p int) {
	slope, curve, help := t.room(ordSlope), t.room(ordCurveA), t.room(ordHelp)
	cb := t.room(ordCurveB)
	for i, w := range t.room(ordWeight) {
		slope[i] *= w
		curve[i] = (curve[i] + cb[i]) * w
	}
	for j := range p {
		x := t.room(ordX + j)
		for i, c := range curve {
			help[i] = c * x[i]
		}
		s.slope[j] += floats.Dot(slope, x)
		for k := range j + 1 {
			s.slopeInfo[j*p+k] += floats.Dot(help, t.room(ordX+k))
		}
	}
}

// influence returns the fill of a problem whose totals' covariance is that of the slopes: the score of a unit times the
// inverse information.
func (f *ordFit) influence() func(*momTile) {
	n, q := len(f.par), len(f.values)-1
	root, _ := ordRoot(f.now.info, n, q)
	bread := make([][]float64, f.p) // by slope: of the slopes
	above := make([][]float64, f.p) // by slope and level: of the threshold above, 0 for none
	below := make([][]float64, f.p)
	for j := range bread {
		row := make([]float64, n)
		row[q+j] = f.scale
		regSolve(root, n, row)
		bread[j] = row[q:]
		above[j] = append(append([]float64(nil), row[:q]...), 0)
		below[j] = append([]float64{0}, row[:q]...)
	}
	at := f.point(f.par)
	return func(t *momTile) {
		f.scores(t, at)
		slope, up, low, help := t.room(ordSlope), t.room(ordUpper), t.room(ordLower), t.room(ordHelp)
		codes := t.codes[f.p][:t.n]
		for j, row := range bread {
			clear(help)
			for k, b := range row {
				x := t.room(ordX + k)
				for i := range help {
					help[i] += b * x[i]
				}
			}
			a, b := above[j], below[j]
			out := t.column(j)
			for i, c := range codes {
				l := f.level[c]
				out[i] = t.in[i] * (slope[i]*help[i] + a[l]*up[i] - b[l]*low[i])
			}
		}
	}
}
