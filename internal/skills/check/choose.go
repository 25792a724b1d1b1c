package check

import (
	"cmp"
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
	mixed    = 0.75 // of chance, while a test of all skills chooses from few
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
		r.MinItems, r.MaxItems, r.Random = each, each, mixed
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
	seed := s.Derive("questions")
	for _, first := range []bool{true, false} {
		if first && s.Plan == One {
			continue
		}
		bank, err := m.offered(s, first)
		if err != nil {
			return 0, false, err
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

// briefest is how many items of each skill a test of all skills first chooses from: the shortest that the person did not see. From all 24 of a
// skill, ten questions take 5.8 minutes at 180 words a minute and leave a standard error of 0.73; from these they take five, and leave 0.79. Two
// people then have five of ten questions in common, because chance weighs more; with the usual weight it would be nine.
const briefest = 6

// offered is the bank without what the person saw before; a skill of which too little would be left, or an area of which nothing, keeps all. For
// the first questions of a test of all skills the long ones are left out too.
func (m *Material) offered(s *State, first bool) (*irt.Bank, error) {
	if len(s.Avoid) == 0 && first {
		return m.brief[versionOf(s.Field)], nil
	}
	if len(s.Avoid) == 0 {
		return m.bank, nil
	}
	entries := slices.Clone(m.entries)
	for scale := range m.skills {
		m.leaveSeen(entries, scale, s)
		if first {
			m.leaveLong(entries, scale, s.Field)
		}
	}
	return irt.NewBank(entries)
}

// makeBanks makes the banks that most people need.
func (m *Material) makeBanks() error {
	var err error
	if m.bank, err = irt.NewBank(m.entries); err != nil {
		return err
	}
	for _, field := range []bool{false, true} {
		entries := slices.Clone(m.entries)
		for scale := range m.skills {
			m.leaveLong(entries, scale, field)
		}
		if m.brief[versionOf(field)], err = irt.NewBank(entries); err != nil {
			return err
		}
	}
	return nil
}

// versionOf is the place of a version among those of an item.
func versionOf(field bool) int {
	if field {
		return 1
	}
	return 0
}

// leaveSeen leaves out of a skill what the person saw before, where enough is left.
func (m *Material) leaveSeen(entries []irt.Entry, scale int, s *State) {
	left, areas := 0, map[int]bool{}
	for i := range entries {
		if entries[i].Scale == scale && !slices.Contains(s.Avoid, i) {
			left++
			areas[entries[i].Area] = true
		}
	}
	need := each + 2
	if s.Plan == One {
		need = oneLeast + 4
	}
	if left < need || len(areas) < len(m.Framework.Skills[scale].Areas) {
		return
	}
	for _, i := range s.Avoid {
		if entries[i].Scale == scale {
			entries[i].Off = true
		}
	}
}

// leaveLong leaves of a skill the shortest items, of two areas at least.
func (m *Material) leaveLong(entries []irt.Entry, scale int, field bool) {
	version := versionOf(field)
	var of []int
	for i := range entries {
		if entries[i].Scale == scale && !entries[i].Off {
			of = append(of, i)
		}
	}
	slices.SortStableFunc(of, func(a, b int) int { return cmp.Compare(m.Items[a].takes[version], m.Items[b].takes[version]) })
	areas := map[int]bool{}
	for n, i := range of {
		if n >= briefest && len(areas) >= each {
			entries[i].Off = true
		}
		areas[entries[i].Area] = true
	}
}
