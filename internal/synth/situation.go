package synth

import (
	"math"
	"strings"

	"tekentafel/internal/instrument"
)

// What people can do, as the answers to questions with better and worse options show it. All of it is made up.
const (
	skipped      = 0.04 // of such questions, which take more reading than others
	ableSelf     = 0.3  // correlation of what people can with what they say that they can
	fieldTech    = -0.5 // how much less of the technical skill people in the field have, in standard deviations
	situationA   = 1.3  // slope of the graded response model (Samejima 1969, logistic, D = 1)
	situationLow = -0.6 // threshold of an answer that is half right, for half of a skill's questions somewhat higher
	situationTop = 0.7  // threshold of the best answer
)

// technicalSkill is the construct in which work in the field makes a difference.
const technicalSkill = "technical"

// situation is the answer to a question whose options have a credit: better ones for who has more of the skill.
type situation struct {
	k       int
	trait   int    // of what people say of themselves; -1 for none
	skill   string // the construct, or "" for one skill behind all
	low     float64
	high    float64
	credits [3][]int // codes by credit
}

// newSituation is nil for a question that does not test people with credits of 0, 1 and 2, or 0 and 1.
func newSituation(v *instrument.Variable, in *instrument.Instrument, w *world) recipe {
	s := &situation{k: v.K(), trait: -1}
	if v.Item.Topic != instrument.TopicTest || v.Item.Kind != instrument.Single {
		return nil
	}
	substantive, _ := v.Choices()
	for _, c := range substantive {
		if c.Option.Value == nil || *c.Option.Value < 0 || *c.Option.Value > 2 {
			return nil
		}
		credit := int(*c.Option.Value)
		s.credits[credit] = append(s.credits[credit], c.Code)
	}
	if len(s.credits[0]) == 0 || len(s.credits[1])+len(s.credits[2]) == 0 {
		return nil
	}
	s.skill, s.trait = skillOf(v.Item.ID, in, w)
	shift := 0.4 * (spread(v.ID, 0) - 0.5)
	s.low, s.high = situationLow+shift, situationTop+shift
	return s
}

// skillOf finds the construct whose name starts as the second word of a question's id: test_com_steer_03_office.
func skillOf(id string, in *instrument.Instrument, w *world) (string, int) {
	if words := strings.Split(id, "_"); len(words) > 1 && words[1] != "" {
		for i := range in.Constructs {
			if c := &in.Constructs[i]; c.Topic == instrument.TopicSkills && strings.HasPrefix(c.ID, words[1]) {
				return c.ID, w.traits[c.ID]
			}
		}
	}
	return "", -1
}

func (s *situation) column(n int) *instrument.Column {
	return &instrument.Column{Narrow: make([]uint8, n), K: s.k}
}

func (s *situation) answer(p *person) int {
	theta := p.can(s)
	gap, u, which := p.rng.Float64(), p.rng.Float64(), p.rng.Float64()
	if gap < skipped {
		return instrument.NoAnswer
	}
	credit := 0
	switch {
	case len(s.credits[2]) > 0 && u < reaches(theta, s.high):
		credit = 2
	case len(s.credits[1]) > 0 && u < reaches(theta, s.low):
		credit = 1
	}
	codes := s.credits[credit]
	return codes[min(len(codes)-1, int(which*float64(len(codes))))]
}

func reaches(theta, threshold float64) float64 {
	return 1 / (1 + math.Exp(-situationA*(theta-threshold)))
}

// can is how much of a skill a person has, in standard deviations of the reference population. It is decided when first asked for, so
// that answers to all that is asked before stay the same whether people are tested or not.
func (p *person) can(s *situation) float64 {
	if theta, known := p.able[s.skill]; known {
		return theta
	}
	theta := p.rng.NormFloat64()
	if s.trait >= 0 {
		theta = ableSelf*p.traits[s.trait] + math.Sqrt(1-ableSelf*ableSelf)*theta
	}
	if s.skill == technicalSkill && p.field {
		theta += fieldTech
	}
	if p.able == nil {
		p.able = map[string]float64{}
	}
	p.able[s.skill] = theta
	return theta
}
