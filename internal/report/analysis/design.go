package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// How respondents were weighted.
const (
	weightedNone   = "none"
	weightedColumn = "column"
	weightedRaking = "raking"
)

// designed is the sampling design of a wave with what the reader must know of it.
type designed struct {
	design  *stats.Design
	weights findings.Weights
	notes   []findings.Caveat

	// What the weights were raked from and to, for weighting anew: nil and 0 where they were not raked.
	base    []float64
	margins []stats.Margin
	trim    float64
}

// newDesign builds the design from the answers and what is known of the population.
func newDesign(ctx context.Context, s *sheet, opt *Options) (*designed, error) {
	a := s.answers
	d := &designed{design: &stats.Design{N: a.N, Weights: a.Weights}, weights: findings.Weights{Method: weightedNone, Converged: true}}
	if a.Weights != nil {
		d.weights.Method = weightedColumn
		if !slices.ContainsFunc(a.Weights, func(w float64) bool { return w > 0 }) {
			return nil, fmt.Errorf("the weights of all %d respondents are 0, so nobody counts; check the column with the weights", a.N)
		}
	}
	if err := d.addUnits(a, opt); err != nil {
		return nil, err
	}
	if err := d.addPopulation(s, opt); err != nil {
		return nil, err
	}
	if len(opt.Margins) > 0 {
		if err := d.rake(ctx, s, opt); err != nil {
			return nil, err
		}
	}
	w := stats.Spread(d.design)
	d.weights.KishDeff, d.weights.Effective, d.weights.Min, d.weights.Max = w.KishDeff, w.EffectiveN, w.Min, w.Max
	return d, nil
}

// addUnits adds strata and clusters.
func (d *designed) addUnits(a *instrument.Answers, opt *Options) error {
	if opt.Strata != "" {
		f := a.Extra[opt.Strata]
		if f == nil {
			return fmt.Errorf("the answers hold no column %q for the strata; check the heading", opt.Strata)
		}
		d.design.Strata, d.design.NStrata = f.Codes, len(f.Levels)
	}
	if opt.Cluster != "" {
		f := a.Extra[opt.Cluster]
		if f == nil {
			return fmt.Errorf("the answers hold no column %q for the clusters; check the heading", opt.Cluster)
		}
		d.design.Clusters, d.design.NClusters = nest(f, d.design)
	}
	return nil
}

// nest gives clusters numbers of their own in each stratum, as svydesign(nest = TRUE): cluster 1 of one stratum is not
// cluster 1 of another.
func nest(f *instrument.Factor, d *stats.Design) (codes []uint32, n int) {
	if d.Strata == nil {
		return f.Codes, len(f.Levels)
	}
	number := map[[2]uint32]uint32{}
	codes = make([]uint32, len(f.Codes))
	for i, c := range f.Codes {
		key := [2]uint32{d.Strata[i], c}
		k, ok := number[key]
		if !ok {
			k = uint32(len(number))
			number[key] = k
		}
		codes[i] = k
	}
	return codes, len(number)
}

// addPopulation adds the finite population: N over everyone, or per stratum where the margins give it.
func (d *designed) addPopulation(s *sheet, opt *Options) error {
	if opt.Population == 0 {
		return nil
	}
	n := float64(s.answers.N)
	if opt.Population < n {
		return fmt.Errorf("the population is %s people, but %d answered; correct --population or remove repeated answers", numberText(opt.Population), s.answers.N)
	}
	if d.design.Clusters != nil {
		d.notes = append(d.notes, findings.Caveat{Key: "fpc-clusters",
			Text: "No finite population correction was made: the number of clusters in the population is not known."})
		return nil
	}
	if d.design.Strata == nil {
		d.design.Population = []float64{opt.Population}
		return nil
	}
	f := s.answers.Extra[opt.Strata]
	if sizes, ok, err := strataSizes(s, opt, f); ok || err != nil {
		d.design.Population = sizes
		return err
	}
	sizes := make([]float64, len(f.Levels))
	for _, c := range f.Codes {
		sizes[c] += opt.Population / n
	}
	d.design.Population = sizes
	d.notes = append(d.notes, findings.Caveat{Key: "fpc-equal-fraction",
		Text: "The sizes of the strata are not given; the finite population correction takes the same sampling fraction in each."})
	return nil
}

// strataSizes looks for the sizes of the strata in the margins.
func strataSizes(s *sheet, opt *Options, f *instrument.Factor) (sizes []float64, found bool, err error) {
	for _, m := range opt.Margins {
		if m.Variable != opt.Strata {
			continue
		}
		scale := opt.Population / m.Total()
		sizes = make([]float64, len(f.Levels))
		n := make([]float64, len(f.Levels))
		for _, c := range f.Codes {
			n[c]++
		}
		for h, level := range f.Levels {
			i := slices.Index(m.Values, level)
			if i < 0 {
				return nil, false, fmt.Errorf("the margins have no line for stratum %q of %s; add %s,%s,COUNT", level, m.Variable, m.Variable, level)
			}
			sizes[h] = m.Counts[i] * scale
			if math.Round(sizes[h]) < n[h] {
				return nil, false, fmt.Errorf("stratum %q holds %s people in the margins, but %d answered; correct the margins", level, numberText(sizes[h]), int(n[h]))
			}
			sizes[h] = max(sizes[h], n[h])
		}
		return sizes, true, nil
	}
	return nil, false, nil
}
