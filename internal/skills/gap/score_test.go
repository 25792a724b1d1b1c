package gap

import (
	"math"
	"testing"

	"tekentafel/internal/stats/irt"
)

func statements(n int, a float64) []irt.Item {
	items := make([]irt.Item, n)
	for i := range items {
		d := 0.3 * (float64(i) - float64(n-1)/2)
		items[i] = irt.Item{A: a, B: []float64{-2 + d, -1 + d, d, 1 + d}}
	}
	return items
}

// groupOf integrates scores over a group of people whose theta is normal: their mean, and their variance less the mean error variance.
func groupOf(s *scorer, mu, sd float64) (mean, spread, eap float64) {
	mask := uint64(1)<<len(s.items) - 1
	f := s.form(mask)
	patterns := 1
	for _, it := range s.items {
		patterns *= it.Categories()
	}
	total, square, variance := 0.0, 0.0, 0.0
	standard, _ := irt.NewScorer(s.items, irt.Standard())
	for p := range patterns {
		key, x := uint64(0), p
		var answers []irt.Answer
		for i, it := range s.items {
			key |= uint64(x%it.Categories()+1) << (bitsPerItem * i)
			answers = append(answers, irt.Answer{Item: i, Category: x % it.Categories()})
			x /= it.Categories()
		}
		prob := 0.0
		for t := mu - 5*sd; t <= mu+5*sd; t += sd / 4 {
			l, _ := irt.LogLikelihood(s.items, answers, t)
			z := (t - mu) / sd
			prob += math.Exp(l-z*z/2) / math.Sqrt(2*math.Pi) / 4
		}
		y, v := f.of(s.eap(key))
		post, _ := standard.Posterior(answers)
		total, mean, square, variance, eap = total+prob, mean+prob*y, square+prob*y*y, variance+prob*v, eap+prob*post.Mean
	}
	mean, square, variance, eap = mean/total, square/total, variance/total, eap/total
	return mean, math.Sqrt(square - mean*mean - variance), eap
}

// The mean of scores is the mean theta of a group, and their spread is that of theta, where an EAP is drawn in.
func TestScoresRecoverGroups(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		items      []irt.Item
		means, sds float64
	}{
		"three statements": {statements(3, 1.8), 0.04, 0.09},
		"four":             {statements(4, 1.8), 0.03, 0.09},
		"four, weak":       {statements(4, 1.2), 0.03, 0.09},
		"four test items":  {[]irt.Item{{A: 1.5, B: []float64{-1, 0}}, {A: 1.2, B: []float64{0, 1}}, {A: 1.8, B: []float64{-0.5}, C: 0.2}, {A: 1, B: []float64{-1.5, 0.8}}}, 0.1, 0.15},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScorer(c.items, nil)
			for _, sd := range []float64{0.6, 0.9} {
				for _, mu := range []float64{-1.5, -1, -0.5, 0, 0.5, 1} {
					mean, spread, eap := groupOf(s, mu, sd)
					t.Logf("mu %4.1f sd %.1f: mean %6.3f spread %.3f, EAP %6.3f", mu, sd, mean, spread, eap)
					if math.Abs(mean-mu) > c.means {
						t.Errorf("a group at %v has mean score %.3f", mu, mean)
					}
					if math.Abs(spread-sd) > c.sds {
						t.Errorf("a group at %v with spread %v has %.3f", mu, sd, spread)
					}
					if math.Abs(mu) >= 1 && math.Abs(eap-mu) < 3*c.means {
						t.Errorf("the EAP of a group at %v is %.3f: the comparison shows nothing", mu, eap)
					}
				}
			}
		})
	}
}
