package check

import (
	"math"

	"tekentafel/internal/stats/irt"
)

func sqrt(x float64) float64 { return math.Sqrt(x) }

// Scored is an answer to an item, by what it counts.
type Scored struct{ Item, Category int }

// Evidence is what somebody answered in one check.
type Evidence struct {
	Self   []uint8 // by statement: 1 to 5, or 0 for no answer
	Places []uint8 // by skill: the level at which the statements of the monitor put the person, or 0
	Test   []Scored
}

// Basis is what an outcome rests on.
type Basis string

// The bases.
const (
	Nothing Basis = ""     // too little was answered
	BySelf  Basis = "self" // statements alone: how the person sees oneself, compared with a middle of the scale
	ByTest  Basis = "test" // the test, with the statements where there are any
)

// Outcome is what the evidence says of one skill.
type Outcome struct {
	Skill string
	Basis Basis
	Level int // 1 to the number of levels; 0 for Nothing

	// Of the test. Sure is the probability of Level; from Low to High lie the levels that together hold at least Likely.
	Sure          float64
	Probabilities []float64
	Low, High     int
	Theta, SE     float64
	Questions     int

	// Of the statements.
	Said      int     // answered
	Placed    bool    // by the monitor: Self is the middle of that level
	Self      float64 // mean, 1 to 5
	SelfLevel int     // the level that the person sees oneself at, as a place among others; 0 where too little was answered
	Verdict   irt.Verdict
}

// Likely is the probability that the levels from Low to High of an outcome hold together.
const Likely = 0.8

// leastSaid is how many statements about a skill must be answered, as in the monitor.
const leastSaid = 3

// Number is the level as a number with decimals: the mean over the probabilities of a test, else the level itself.
func (o *Outcome) Number() float64 {
	if o.Basis != ByTest {
		return float64(o.Level)
	}
	sum := 0.0
	for i, p := range o.Probabilities {
		sum += p * float64(i+1)
	}
	return sum
}

// Score says what evidence says of every skill, in the order of the framework.
func (m *Material) Score(e Evidence) ([]Outcome, error) {
	cuts := m.cuts()
	items := make([]irt.Item, len(m.entries))
	for i := range m.entries {
		items[i] = m.entries[i].Item
	}
	out := make([]Outcome, len(m.skills))
	for scale, skill := range m.skills {
		o := &out[scale]
		o.Skill = skill
		o.Self, o.Said = m.mean(skill, e.Self)
		if level := placed(e.Places, scale); level > 0 && o.Said < leastSaid {
			o.Self, o.Placed = m.middle(level), true
		}
		var own []irt.Item
		var answers []irt.Answer
		for _, g := range e.Test {
			if m.Items[g.Item].scale == scale {
				answers = append(answers, irt.Answer{Item: len(own), Category: g.Category})
				own = append(own, items[g.Item])
			}
		}
		o.Questions = len(own)
		if err := m.judge(o, own, answers, cuts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (m *Material) judge(o *Outcome, items []irt.Item, answers []irt.Answer, cuts []float64) error {
	says, loading := o.Said >= leastSaid || o.Placed, m.loading
	if says {
		o.SelfLevel = m.Framework.At((o.Self - loading.Nu + hair) / selfSpread)
	}
	if o.Placed { // the mean lies anywhere in the level, each place as likely
		wide := m.placeWidth() / sqrt(12)
		loading.Sigma, loading.Error = math.Hypot(loading.Sigma, wide), math.Hypot(loading.Error, wide)
	}
	if len(items) == 0 {
		if says {
			o.Basis, o.Level, o.Low, o.High = BySelf, o.SelfLevel, o.SelfLevel, o.SelfLevel
		}
		return nil
	}
	scorer, err := irt.NewScorer(items, nil)
	if err != nil {
		return err
	}
	test, err := scorer.Posterior(answers)
	if err != nil {
		return err
	}
	both := test
	if says {
		d, err := loading.Compare(test, o.Self)
		if err != nil {
			return err
		}
		o.Verdict = d.Verdict(irt.DefaultSay())
		if both, err = loading.Combine(test, o.Self); err != nil {
			return err
		}
	}
	level, err := irt.LevelOf(both, cuts)
	if err != nil {
		return err
	}
	o.Basis, o.Level, o.Sure, o.Probabilities = ByTest, level.Likeliest+1, level.Sure, level.Probabilities
	o.Theta, o.SE = both.Mean, both.SD
	o.Low, o.High = span(level.Probabilities, level.Likeliest)
	return nil
}

// span grows from the likeliest level, towards the likelier neighbour, until it holds Likely.
func span(p []float64, at int) (low, high int) {
	low, high = at, at
	for held := p[at]; held < Likely && (low > 0 || high < len(p)-1); {
		if high == len(p)-1 || low > 0 && p[low-1] >= p[high+1] {
			low--
			held += p[low]
		} else {
			high++
			held += p[high]
		}
	}
	return low + 1, high + 1
}

// mean is the mean of the statements about a skill after turning those that are reversed, and how many were answered.
func (m *Material) mean(skill string, self []uint8) (float64, int) {
	sum, n := 0.0, 0
	for i, v := range self {
		if s := &m.Statements[i]; v > 0 && s.Skill == skill {
			if s.Reversed {
				v = most + 1 - v
			}
			sum += float64(v)
			n++
		}
	}
	if n == 0 {
		return 0, 0
	}
	return sum / float64(n), n
}

func (m *Material) cuts() []float64 {
	var out []float64
	for _, l := range m.Framework.Levels {
		if l.From != nil {
			out = append(out, *l.From)
		}
	}
	return out
}

// First chooses the skill to work on first: the one that is expected to lie farthest below what is required, else the one with the lowest level; of equals the
// earlier one of the framework. required may be nil. It returns nil when no outcome says anything.
func First(outcomes []Outcome, required map[string]int) *Outcome {
	var first *Outcome
	worth := func(o *Outcome) (gap, low float64) {
		if required[o.Skill] > o.Level {
			gap = float64(required[o.Skill]) - o.Number()
		}
		return gap, -o.Number()
	}
	for i := range outcomes {
		o := &outcomes[i]
		if o.Basis == Nothing {
			continue
		}
		if first == nil {
			first = o
			continue
		}
		gap, low := worth(o)
		if bestGap, bestLow := worth(first); gap > bestGap+1e-9 || gap > bestGap-1e-9 && low > bestLow+1e-9 {
			first = o
		}
	}
	return first
}
