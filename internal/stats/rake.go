package stats

import (
	"context"
	"fmt"
	"math"
)

// Margin is a column whose weighted distribution is known in the population.
type Margin struct {
	Name  string // for messages
	Codes Codes
	// Targets are the population totals by code (len Codes.K). NaN marks a code without a target, such as "no answer":
	// its units keep their share of the total weight, and the other targets are scaled down to make room.
	Targets []float64
}

// RakeOptions tune raking; the zero value rakes to a relative deviation of 1e-10 without trimming.
type RakeOptions struct {
	MaxIterations int     // sweeps over all margins; 0: 1000
	Tolerance     float64 // largest relative deviation of a margin from its target that counts as reached; 0: 1e-10
	// Lower and Upper bound the weights, relative to their mean: between 0 and 1, and above 1; 0: no bound. Weights are
	// trimmed and raked in turn until both hold.
	Lower, Upper float64
	Rounds       int // of trimming and raking; 0: 200
}

// RakeResult holds raked weights and how they came about.
type RakeResult struct {
	Weights      []float64
	Iterations   int     // sweeps over all margins, in all rounds
	Converged    bool    // margins reached, and weights within their bounds
	MaxDeviation float64 // largest relative deviation from a target
	Worst        string  // the margin that deviates most
	Trimmed      int     // units that raking alone had left outside the bounds
	// Scaled lists margins whose targets were scaled to the total of the first margin, because they differed by less
	// than 1 %.
	Scaled []ScaledMargin
}

// ScaledMargin tells by which factor the targets of a margin were multiplied.
type ScaledMargin struct {
	Name   string
	Factor float64
}

// totalsMayDiffer is the relative difference between the totals of margins that is mended by scaling; a larger one is
// taken for a mistake.
const totalsMayDiffer = 0.01

// Rake adjusts the weights of the design until every margin has its population totals: iterative proportional fitting
// (Deming & Stephan 1940), as survey::rake with a tight epsilon. The weights of the result add up to the total of the
// first margin. Put the margins' codes in Design.Raked for standard errors that know of it.
//
// Margins that cannot be reached (a category with a target and nobody in it, respondents in a category with target
// zero, totals that differ) are errors that say which and how to mend them. Margins that contradict each other only in
// combination show as Converged false.
func Rake(ctx context.Context, d *Design, margins []Margin, o RakeOptions) (RakeResult, error) {
	o = o.withDefaults()
	if err := d.validateWeights(); err != nil {
		return RakeResult{}, err
	}
	r := RakeResult{Weights: make([]float64, d.N)}
	for i := range r.Weights {
		r.Weights[i] = d.Weight(i)
	}
	targets, err := r.targets(margins)
	if err != nil {
		return RakeResult{}, err
	}
	k := &raker{margins: margins, targets: targets, o: o}
	k.compress()
	if err := k.run(ctx, &r); err != nil {
		return RakeResult{}, err
	}
	return r, nil
}

func (o RakeOptions) withDefaults() RakeOptions {
	if o.MaxIterations == 0 {
		o.MaxIterations = 1000
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-10
	}
	if o.Rounds == 0 {
		o.Rounds = 200
	}
	return o
}

// targets checks the margins against the sample and returns their targets on one total.
func (r *RakeResult) targets(margins []Margin) ([][]float64, error) {
	if len(margins) == 0 {
		return nil, fmt.Errorf("raking: no margins; give at least one")
	}
	all := make([][]float64, len(margins))
	var total float64
	for m, g := range margins {
		sample, err := g.sample(r.Weights)
		if err != nil {
			return nil, err
		}
		known, missing, err := g.check(sample)
		if err != nil {
			return nil, err
		}
		if m == 0 {
			total = known
		}
		factor := total / known
		if math.Abs(factor-1) > totalsMayDiffer {
			return nil, fmt.Errorf("raking: the targets of margin %q add up to %v, those of %q to %v; "+
				"make every margin add up to the same population", g.Name, known, margins[0].Name, total)
		}
		if math.Abs(factor-1) > 1e-12 {
			r.Scaled = append(r.Scaled, ScaledMargin{Name: g.Name, Factor: factor})
		}
		all[m] = make([]float64, len(g.Targets))
		var weights float64
		for _, w := range sample {
			weights += w
		}
		for k, t := range g.Targets {
			if math.IsNaN(t) {
				all[m][k] = sample[k] / weights * total
			} else {
				all[m][k] = t * factor * (1 - missing/weights)
			}
		}
	}
	return all, nil
}

// sample returns the weighted totals of the margin's codes.
func (g *Margin) sample(weights []float64) ([]float64, error) {
	if g.Codes.Len() != len(weights) {
		return nil, fmt.Errorf("raking: margin %q has %d units, the design %d; give one code a unit", g.Name, g.Codes.Len(), len(weights))
	}
	if err := g.Codes.Validate(); err != nil {
		return nil, fmt.Errorf("raking: margin %q: %w", g.Name, err)
	}
	if len(g.Targets) != g.Codes.K {
		return nil, fmt.Errorf("raking: margin %q has %d targets for %d categories; give one a category", g.Name, len(g.Targets), g.Codes.K)
	}
	s := make([]float64, g.Codes.K)
	for i, w := range weights {
		s[g.Codes.At(i)] += w
	}
	return s, nil
}

// check returns the sum of the known targets and the sample weight of codes without one.
func (g *Margin) check(sample []float64) (known, missing float64, err error) {
	for k, t := range g.Targets {
		switch {
		case math.IsNaN(t):
			missing += sample[k]
		case t < 0 || math.IsInf(t, 0):
			return 0, 0, fmt.Errorf("raking: margin %q, category %d: target %v; a population total is finite and not negative", g.Name, k, t)
		case t > 0 && sample[k] <= 0:
			return 0, 0, fmt.Errorf("raking: margin %q, category %d: the population has %v, but nobody answered; "+
				"merge the category with a similar one, or leave it out of the population", g.Name, k, t)
		case t == 0 && sample[k] > 0:
			return 0, 0, fmt.Errorf("raking: margin %q, category %d: respondents, but a target of zero; "+
				"correct the target, or merge the category with a similar one", g.Name, k)
		default:
			known += t
		}
	}
	if known <= 0 {
		return 0, 0, fmt.Errorf("raking: margin %q has no targets; give the population totals of its categories", g.Name)
	}
	return known, missing, nil
}

// raker fits on combinations of categories instead of on units.
type raker struct {
	margins []Margin
	targets [][]float64
	o       RakeOptions
	combo   []uint32   // of each unit
	level   [][]uint32 // category of each combination, by margin
	sum     []float64  // weight of each combination
}

// compress numbers the combinations that occur.
func (k *raker) compress() {
	k.combo = make([]uint32, k.margins[0].Codes.Len())
	combos := 1
	for _, g := range k.margins {
		seen := newNumbering(combos * g.Codes.K)
		var from, level []uint32
		for i, c := range k.combo {
			id, fresh := seen.number(int(c)*g.Codes.K+g.Codes.At(i), len(level))
			if fresh {
				from, level = append(from, c), append(level, uint32(g.Codes.At(i)))
			}
			k.combo[i] = id
		}
		for m, old := range k.level {
			k.level[m] = make([]uint32, len(from))
			for c, f := range from {
				k.level[m][c] = old[f]
			}
		}
		k.level = append(k.level, level)
		combos = len(level)
	}
	k.sum = make([]float64, combos)
}

// numbering gives keys numbers: in a slice while they are few, in a map beyond.
type numbering struct {
	slice []uint32 // number + 1
	many  map[int]uint32
}

func newNumbering(keys int) *numbering {
	const few = 1 << 22
	if keys <= few {
		return &numbering{slice: make([]uint32, keys)}
	}
	return &numbering{many: map[int]uint32{}}
}

// number returns the key's number, which is next when the key is fresh.
func (s *numbering) number(key, next int) (id uint32, fresh bool) {
	if s.slice != nil {
		if id := s.slice[key]; id > 0 {
			return id - 1, false
		}
		s.slice[key] = uint32(next) + 1
		return uint32(next), true
	}
	if id, ok := s.many[key]; ok {
		return id, false
	}
	s.many[key] = uint32(next)
	return uint32(next), true
}

func (k *raker) run(ctx context.Context, r *RakeResult) error {
	trims := k.o.Lower > 0 || k.o.Upper > 0
	loose := false // trimmed, so that the margins no longer hold
	for round := range k.o.Rounds {
		reached, err := k.fit(ctx, r)
		if err != nil {
			return err
		}
		loose = false
		if !trims || !reached {
			r.Converged = reached
			break
		}
		lower, upper := k.bounds(r.Weights)
		if within(r.Weights, lower, upper) {
			r.Converged = true
			break
		}
		t, err := Trim(r.Weights, lower, upper, true)
		if err != nil {
			return err
		}
		if round == 0 {
			r.Trimmed = t.Trimmed
		}
		r.Weights, loose = t.Weights, true
	}
	// The last round ends with the margins, so that they hold even where the bounds do not.
	if loose {
		_, err := k.fit(ctx, r)
		return err
	}
	return nil
}

func (k *raker) bounds(weights []float64) (lower, upper float64) {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	mean := sum / float64(len(weights))
	upper = math.Inf(1)
	if k.o.Upper > 0 {
		upper = k.o.Upper * mean
	}
	return k.o.Lower * mean, upper
}

// within allows a thousandth: trimming and raking approach each other slowly, and the bounds are a choice.
func within(weights []float64, lower, upper float64) bool {
	const slack = 1e-3
	for _, w := range weights {
		if w < lower*(1-slack) || w > upper*(1+slack) {
			return false
		}
	}
	return true
}

// fit rakes r.Weights and tells whether the margins were reached.
func (k *raker) fit(ctx context.Context, r *RakeResult) (bool, error) {
	clear(k.sum)
	for i, w := range r.Weights {
		k.sum[k.combo[i]] += w
	}
	before := append([]float64(nil), k.sum...)
	reached := false
	for range k.o.MaxIterations {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		for m := range k.margins {
			k.scale(m)
		}
		r.Iterations++
		if r.MaxDeviation, r.Worst = k.deviation(); r.MaxDeviation <= k.o.Tolerance {
			reached = true
			break
		}
	}
	for i := range r.Weights {
		if c := k.combo[i]; before[c] > 0 {
			r.Weights[i] *= k.sum[c] / before[c]
		}
	}
	return reached, nil
}

func (k *raker) total(m int) []float64 {
	t := make([]float64, len(k.targets[m]))
	for c, l := range k.level[m] {
		t[l] += k.sum[c]
	}
	return t
}

func (k *raker) scale(m int) {
	t := k.total(m)
	for l := range t {
		if t[l] > 0 {
			t[l] = k.targets[m][l] / t[l]
		}
	}
	for c, l := range k.level[m] {
		k.sum[c] *= t[l]
	}
}

func (k *raker) deviation() (worst float64, name string) {
	for m := range k.margins {
		for l, t := range k.total(m) {
			if target := k.targets[m][l]; target > 0 {
				if dev := math.Abs(t/target - 1); dev > worst || math.IsNaN(dev) {
					worst, name = dev, k.margins[m].Name
				}
			}
		}
	}
	return worst, name
}
