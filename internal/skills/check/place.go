package check

import (
	"slices"

	"tekentafel/internal/instrument"
)

// Where somebody comes from the monitor, who answered the same statements there, the check knows of each skill no more than the level at
// which these put the person: a place. Twenty-five answers would single the person out among all who answered the wave; five levels do not.

// selfCuts are the means of the statements at which a next level begins. A hair below, so that a mean that falls on one counts as judge counts it.
func (m *Material) selfCuts() []float64 {
	out := m.cuts()
	for i := range out {
		out[i] = m.loading.Nu + selfSpread*out[i] - hair
	}
	return out
}

const hair = 1e-9

// middle is the mean of the statements in the middle of a level.
func (m *Material) middle(level int) float64 {
	ends := slices.Concat([]float64{1}, m.selfCuts(), []float64{most})
	return (ends[level-1] + ends[level]) / 2
}

// placeWidth is how wide a level between two others is, in means of the statements.
func (m *Material) placeWidth() float64 {
	cuts := m.selfCuts()
	if len(cuts) < 2 {
		return most - 1
	}
	return cuts[1] - cuts[0]
}

// Place keeps the level at which the monitor's statements about a skill put somebody, from 1; 0 takes it away. What is none changes nothing.
// Statements of the check itself count before it, once enough are answered.
func (m *Material) Place(s State, skill string, level int) State {
	at := slices.Index(m.skills, skill)
	if at < 0 || level < 0 || level > len(m.Framework.Levels) {
		return s
	}
	places := make([]uint8, len(m.skills))
	copy(places, s.Places)
	places[at] = uint8(level) //nolint:gosec // at most as many as there are levels
	s.Places = places
	if !slices.ContainsFunc(places, func(p uint8) bool { return p > 0 }) {
		s.Places = nil
	}
	return s
}

// Spoke tells whether somebody answered statements in the check itself, or may have left them out on purpose: has no place from the monitor.
func (s *State) Spoke() bool {
	return s.Places == nil || slices.ContainsFunc(s.Self, func(v uint8) bool { return v > 0 })
}

// placed is the place of a skill; 0 for none.
func placed(places []uint8, scale int) int {
	if scale >= len(places) {
		return 0
	}
	return int(places[scale])
}

func placeTag(skill string) uint32 { return tag("place", skill) }

// Summaries say how the answers to a questionnaire of the monitor give places: one for each skill of which it asks enough statements on the
// scale that is known, under the name of the skill.
func (m *Material) Summaries(in *instrument.Instrument) []instrument.Summary {
	var out []instrument.Summary
	for _, skill := range m.skills {
		s := instrument.Summary{Name: skill, Values: map[string]map[string]float64{}, Least: leastSaid, Cuts: m.selfCuts()}
		for _, i := range m.StatementsOf(skill) {
			if values := m.values(in, &m.Statements[i]); values != nil {
				s.Values[m.Statements[i].ID] = values
			}
		}
		if len(s.Values) >= leastSaid {
			out = append(out, s)
		}
	}
	return out
}

// values are what the options of a statement count in a questionnaire, after turning one that is reversed; nil where it is not asked on the known scale.
func (m *Material) values(in *instrument.Instrument, s *Statement) map[string]float64 {
	for i := range in.Items {
		it := &in.Items[i]
		if it.Kind != instrument.Matrix || !slices.ContainsFunc(it.Rows, func(r instrument.Row) bool { return r.ID == s.ID }) {
			continue
		}
		if len(it.Options) != len(m.Agreement) {
			return nil
		}
		out := map[string]float64{}
		for j := range it.Options {
			if it.Options[j].ID != m.Agreement[j].ID {
				return nil
			}
			out[it.Options[j].ID] = float64(j + 1)
			if s.Reversed {
				out[it.Options[j].ID] = float64(most - j)
			}
		}
		return out
	}
	return nil
}
