package check

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"

	"tekentafel/internal/stats/irt"
)

// How a test asks. Of all skills: two items each, of two areas, and then where most is still unknown. Of one skill: each of its areas at
// least once, until the standard error is 0.4. What is more than that ends after five minutes as most people read. The chance that mixes the questions comes from the seed, so that going back and coming
// again asks the same.
const (
	each     = 2
	chance   = 0.25
	precise  = 0.4
	oneLeast = 4
	minutes  = 5
)

func (m *Material) rules(p Plan, scales []int, first bool) irt.Rules {
	r := irt.Rules{Criterion: irt.ExpectedVariance, Order: irt.Neediest, MaxItems: p.MostQuestions(), MaxTotal: p.MostQuestions(), TargetSD: precise,
		Random: chance, MaxRate: 1}
	for _, scale := range scales {
		areas := len(m.Framework.Skills[scale].Areas)
		for a := range areas {
			q := irt.Quota{Scale: scale, Of: a, Max: 2}
			switch {
			case p == One:
				q.Min, q.Max = 1, int(math.Ceil(float64(r.MaxItems)/float64(areas)))+1
			case first:
				q.Max = 1
			}
			r.Areas = append(r.Areas, q)
		}
	}
	switch {
	case p == One:
		r.MinItems = oneLeast
	case first:
		r.MinItems, r.MaxItems = each, each
	default:
		r.MinItems = each
	}
	if !first || p == One {
		r.MaxSeconds = 60 * minutes
	}
	return r
}

// Next returns the item to ask, or false when the test has asked all that it will.
func (m *Material) Next(s *State) (item int, ok bool, err error) {
	if s.Plan.MostQuestions() == 0 || len(s.Given) >= maxGiven {
		return 0, false, nil
	}
	state := irt.State{}
	for scale, skill := range m.skills {
		if s.Plan != One || skill == s.Skill {
			state.Scales = append(state.Scales, scale)
		}
	}
	for _, g := range s.Given {
		state.Given = append(state.Given, irt.Given{Entry: g.Item, Category: m.Items[g.Item].In(s.Field).Options[g.Option].Credit, Seconds: m.entries[g.Item].Seconds})
	}
	bank, err := m.without(s)
	if err != nil {
		return 0, false, err
	}
	seed := s.Derive("questions")
	for _, first := range []bool{true, false} {
		if first && s.Plan == One {
			continue
		}
		rng := rand.New(rand.NewPCG(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:16])+uint64(len(s.Given))))
		choice, err := irt.Next(state, bank, m.rules(s.Plan, state.Scales, first), rng)
		if err != nil {
			return 0, false, err
		}
		if choice.Entry >= 0 {
			return choice.Entry, true, nil
		}
	}
	return 0, false, nil
}

// without is the bank without what the person saw before; a skill of which too little would be left, or an area of which nothing, keeps all.
func (m *Material) without(s *State) (*irt.Bank, error) {
	if len(s.Avoid) == 0 {
		return m.bank, nil
	}
	entries := slices.Clone(m.entries)
	for scale := range m.skills {
		left, areas := 0, map[int]int{}
		for i := range entries {
			if entries[i].Scale == scale && !slices.Contains(s.Avoid, i) {
				left++
				areas[entries[i].Area]++
			}
		}
		need := each + 2
		if s.Plan == One {
			need = oneLeast + 4
		}
		if left < need || len(areas) < len(m.Framework.Skills[scale].Areas) {
			continue
		}
		for _, i := range s.Avoid {
			if entries[i].Scale == scale {
				entries[i].Off = true
			}
		}
	}
	return irt.NewBank(entries)
}
