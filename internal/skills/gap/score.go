package gap

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"tekentafel/internal/stats/irt"
)

// The points of theta over which posteriors and expectations are sums.
const (
	points    = 61
	pointFrom = -6.0
	pointStep = 0.2
	wideSD    = 1.5 // of the prior of the EAP that scores are made of: wide, so that it parts people at the ends
	degree    = 5   // of the polynomial of the EAP
	features  = degree + 1
)

// scorer turns the pattern of answers of a form into a score and an error variance.
type scorer struct {
	items   []irt.Item
	loading *irt.Loading   // of the mean self-report, in keys with selfBits; nil without
	log     [][8][]float64 // log-probability of item and category over the points; category from 1, 0 for no answer
	prior   []float64
	forms   map[uint64]*form
}

// Keys of both test and self-report hold the sum and the number of statements above the items.
const (
	selfSum    = 52
	selfNumber = 59
	maxTest    = selfSum / bitsPerItem // items of a test in such keys
)

func newScorer(items []irt.Item, loading *irt.Loading) *scorer {
	s := &scorer{items: items, loading: loading, forms: map[uint64]*form{}, prior: make([]float64, points), log: make([][8][]float64, len(items))}
	for q := range points {
		z := point(q) / wideSD
		s.prior[q] = -z * z / 2
	}
	for i, it := range items {
		for c := range it.Categories() {
			s.log[i][c+1] = make([]float64, points)
		}
		var p []float64
		for q := range points {
			p = it.LogProbabilities(p[:0], point(q))
			for c, l := range p {
				s.log[i][c+1][q] = l
			}
		}
	}
	return s
}

func point(q int) float64 { return pointFrom + pointStep*float64(q) }

// mask names the form of a pattern: a bit for each item that was answered, and one for the self-report.
func (s *scorer) mask(key uint64) uint64 {
	m := uint64(0)
	for i := range s.items {
		if key>>(bitsPerItem*i)&7 > 0 {
			m |= 1 << i
		}
	}
	if s.loading != nil && key>>selfNumber > 0 {
		m |= 1 << len(s.items)
	}
	return m
}

// eap is the mean of theta given a pattern, under the wide prior, over wideSD.
func (s *scorer) eap(key uint64) float64 {
	var log [points]float64
	copy(log[:], s.prior)
	for i := range s.items {
		if a := key >> (bitsPerItem * i) & 7; a > 0 {
			for q, l := range s.log[i][a] {
				log[q] += l
			}
		}
	}
	if n := key >> selfNumber; s.loading != nil && n > 0 {
		s.self(&log, float64(key>>selfSum&127)/float64(n))
	}
	return mean(&log)
}

func (s *scorer) self(log *[points]float64, self float64) {
	for q := range log {
		z := (self - s.loading.Nu - s.loading.Lambda*point(q)) / s.loading.Sigma
		log[q] -= z * z / 2
	}
}

func mean(log *[points]float64) float64 {
	top := math.Inf(-1)
	for _, l := range log {
		top = max(top, l)
	}
	sum, first := 0.0, 0.0
	for q, l := range log {
		if l -= top; l > -40 {
			m := math.Exp(l)
			sum += m
			first += m * point(q)
		}
	}
	return first / sum / wideSD
}

// form has the coefficients of the score and of the error variance as polynomials of the EAP.
type form struct {
	score, variance [features]float64
	reliability     float64 // in the reference population
}

func (f *form) of(x float64) (score, variance float64) {
	for k := degree; k >= 0; k-- {
		score = score*x + f.score[k]
		variance = variance*x + f.variance[k]
	}
	return score, variance
}

// The values of theta over which scores are fitted, and how many patterns are looked at where there are too many to list.
const (
	fitFrom, fitStep, fitPoints = -4.0, 0.2, 41
	fitSD                       = 1.6 // weight of theta: normal with this standard deviation
	listed                      = 4096
	simulated                   = 300  // for each value of theta
	smooth                      = 0.05 // weight of the score's variance beside its bias: a third less error for a bias of 0.02
)

// form finds the form of a mask, making it when it is new.
func (s *scorer) form(mask uint64) *form {
	f := s.forms[mask]
	if f == nil {
		f = s.make(mask)
		s.forms[mask] = f
	}
	return f
}

// make solves for the coefficients. With h the powers of the EAP, E[h | theta] and E[h h' | theta] are sums over patterns.
// The score minimises the weighted squares of E[a'h | theta] - theta plus a small part of its variance; the error variance is the
// b'h whose expectation is nearest to E[(a'h)^2 | theta] - theta^2.
func (s *scorer) make(mask uint64) *form {
	first := make([][features]float64, fitPoints)
	second := make([][features][features]float64, fitPoints)
	s.expect(mask, first, second)
	weight := make([]float64, fitPoints)
	left, right := mat.NewSymDense(features, nil), mat.NewVecDense(features, nil)
	for t := range fitPoints {
		theta := fitFrom + fitStep*float64(t)
		z := theta / fitSD
		weight[t] = math.Exp(-z * z / 2)
		h := &first[t]
		for i := range features {
			right.SetVec(i, right.AtVec(i)+weight[t]*h[i]*theta)
			for j := i; j < features; j++ {
				left.SetSym(i, j, left.At(i, j)+weight[t]*(h[i]*h[j]+smooth*(second[t][i][j]-h[i]*h[j])))
			}
		}
	}
	f := &form{}
	solve(left, right, f.score[:])
	left, right = mat.NewSymDense(features, nil), mat.NewVecDense(features, nil)
	sum, total := 0.0, 0.0
	for t := range fitPoints {
		theta := fitFrom + fitStep*float64(t)
		square := 0.0
		for i := range features {
			for j := range features {
				square += f.score[i] * f.score[j] * second[t][i][j]
			}
		}
		h, target := &first[t], square-theta*theta
		for i := range features {
			right.SetVec(i, right.AtVec(i)+weight[t]*h[i]*target)
			for j := i; j < features; j++ {
				left.SetSym(i, j, left.At(i, j)+weight[t]*(h[i]*h[j]+smooth*(second[t][i][j]-h[i]*h[j])))
			}
		}
		reference := math.Exp(-theta * theta / 2)
		sum, total = sum+reference*target, total+reference
	}
	solve(left, right, f.variance[:])
	f.reliability = 1 / (1 + max(0, sum/total))
	return f
}

// solve finds the least-squares coefficients; a form of too few patterns for the degree has many, of which the shortest is taken.
func solve(left *mat.SymDense, right *mat.VecDense, into []float64) {
	for i := range features {
		left.SetSym(i, i, left.At(i, i)*(1+1e-10)+1e-10)
	}
	var c mat.Cholesky
	var out mat.VecDense
	if !c.Factorize(left) || c.SolveVecTo(&out, right) != nil && out.Len() == 0 {
		return // not reached: the matrix is positive definite
	}
	for i := range into {
		into[i] = out.AtVec(i)
	}
}

// expect fills in the expectations of powers and of products of powers of the EAP, given theta.
func (s *scorer) expect(mask uint64, first [][features]float64, second [][features][features]float64) {
	var items []int
	patterns := 1
	for i := range s.items {
		if mask>>i&1 > 0 {
			items = append(items, i)
			patterns = min(listed+1, patterns*s.items[i].Categories())
		}
	}
	withSelf := mask>>len(s.items)&1 > 0
	if withSelf || patterns > listed {
		s.simulate(mask, items, withSelf, first, second)
		return
	}
	probs := make([][fitPoints][]float64, len(items))
	for j, i := range items {
		for t := range fitPoints {
			probs[j][t] = s.items[i].Probabilities(nil, fitFrom+fitStep*float64(t))
		}
	}
	category := make([]int, len(items))
	for range patterns {
		key := uint64(0)
		for j, i := range items {
			key |= uint64(category[j]+1) << (bitsPerItem * i)
		}
		h := powers(s.eap(key))
		for t := range fitPoints {
			p := 1.0
			for j := range items {
				p *= probs[j][t][category[j]]
			}
			add(&first[t], &second[t], &h, p)
		}
		for j := range category {
			if category[j]++; category[j] < s.items[items[j]].Categories() {
				break
			}
			category[j] = 0
		}
	}
}

// simulate does the same with patterns drawn given theta, with a seed of the form alone.
func (s *scorer) simulate(mask uint64, items []int, withSelf bool, first [][features]float64, second [][features][features]float64) {
	r := rand.New(rand.NewPCG(mask, uint64(bits.OnesCount64(mask))))
	var p []float64
	for t := range fitPoints {
		theta := fitFrom + fitStep*float64(t)
		for range simulated {
			var log [points]float64
			copy(log[:], s.prior)
			for _, i := range items {
				p = s.items[i].Probabilities(p[:0], theta)
				u, c := r.Float64(), 0
				for c < len(p)-1 && u >= p[c] {
					u -= p[c]
					c++
				}
				for q, l := range s.log[i][c+1] {
					log[q] += l
				}
			}
			if withSelf {
				s.self(&log, s.loading.Nu+s.loading.Lambda*theta+s.loading.Sigma*r.NormFloat64())
			}
			h := powers(mean(&log))
			add(&first[t], &second[t], &h, 1.0/simulated)
		}
	}
}

func powers(x float64) [features]float64 {
	var h [features]float64
	h[0] = 1
	for k := 1; k < features; k++ {
		h[k] = h[k-1] * x
	}
	return h
}

func add(first *[features]float64, second *[features][features]float64, h *[features]float64, p float64) {
	for i, hi := range h {
		first[i] += p * hi
		for j, hj := range h {
			second[i][j] += p * hi * hj
		}
	}
}
