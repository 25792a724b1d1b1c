package tune

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"tekentafel/internal/stats/irt"
)

// How the shift of levels is computed: made-up people of the reference population, each with as many questions of the skill as the test
// of one skill has.
const (
	madeUp    = 4000
	questions = 12
)

// shift is how the levels of made-up people change when the calibrated parameters come into use: shares by level before and after.
// They answer as the calibrated parameters say, each on items drawn for them; the same answers are scored both ways.
func shift(s *Skill, lines []ItemResult, cuts []float64) ([][]float64, error) {
	n := len(cuts) + 1
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, n)
	}
	was, now := make([]irt.Item, len(lines)), make([]irt.Item, len(lines))
	changed := false
	for i := range lines {
		was[i], now[i] = lines[i].Was, lines[i].Was
		if lines[i].Verdict == Calibrated {
			now[i], changed = lines[i].New, true
		}
	}
	if !changed || len(lines) == 0 {
		return nil, nil
	}
	before, err := irt.NewScorer(was, nil)
	if err != nil {
		return nil, err
	}
	after, err := irt.NewScorer(now, nil)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(lines))))
	normal := distuv.UnitNormal
	for p := range madeUp {
		theta := normal.Quantile((float64(p) + 0.5) / madeUp)
		var answers []irt.Answer
		for _, i := range rng.Perm(len(lines))[:min(questions, len(lines))] {
			answers = append(answers, irt.Answer{Item: i, Category: now[i].Draw(rng, theta)})
		}
		first, err := levelOf(before, answers, cuts)
		if err != nil {
			return nil, err
		}
		second, err := levelOf(after, answers, cuts)
		if err != nil {
			return nil, err
		}
		out[first][second] += 1.0 / madeUp
	}
	return out, nil
}

func levelOf(s *irt.Scorer, answers []irt.Answer, cuts []float64) (int, error) {
	p, err := s.Posterior(answers)
	if err != nil {
		return 0, err
	}
	l, err := irt.LevelOf(p, cuts)
	return l.Likeliest, err
}
