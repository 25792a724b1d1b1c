package propose

import (
	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/gap"
)

// FromGap proposes actions from a gap: for the skill of which most people are below what the work asks, where it lies clear of the others,
// and for the places at the head of the rankings that the gap is sure enough of. names are as action.ReadGap wants them.
func FromGap(g *gap.Gap, names map[string]instrument.Text) []Proposal {
	if g == nil {
		return nil
	}
	out := wholeGap(g, names)
	for _, kind := range []gap.Kind{gap.ByDepartment, gap.ByFamily, gap.ByFunction} {
		ranking := gap.Rank(g, kind)
		if ranking == nil {
			continue
		}
		n := 0
		for i := range ranking.Places {
			p := &ranking.Places[i]
			if n == mostPlaces || p.Verdict != gap.Enough || p.Sure < LeastSure || p.Below.Low < LeastShort {
				continue
			}
			code := map[gap.Kind]string{gap.ByDepartment: p.Department, gap.ByFamily: p.Family, gap.ByFunction: p.Function}[kind]
			f, ok := action.ReadGap(g, action.Key{Source: action.FromGap, Item: p.Skill, Option: action.GapBelow, Variable: string(kind), Value: code}, names)
			if !ok {
				continue
			}
			n++
			people := f
			people.Value, people.Low, people.High, people.Grain = p.People.Value, p.People.Low, p.People.High, p.People.Grain
			out = append(out, Proposal{Rule: Short, Figure: f, Among: len(ranking.Places) - 1, Direction: action.Down, People: &people, Sure: p.Sure,
				Target: action.Target{Kind: audience(kind), Value: code, Name: f.Group}})
		}
	}
	return out
}

func audience(kind gap.Kind) action.Audience {
	switch kind {
	case gap.ByDepartment:
		return action.Department
	case gap.ByFamily:
		return action.Family
	case gap.ByFunction:
		return action.Function
	case gap.ByCell:
	}
	return action.Other
}

// wholeGap proposes for the skill of which most people are below what is asked.
func wholeGap(g *gap.Gap, names map[string]instrument.Text) []Proposal {
	if g.Whole == nil {
		return nil
	}
	var list []action.Figure
	for s := range g.Skills {
		if g.Whole.Skills[s].Verdict != gap.Enough {
			continue
		}
		if f, ok := action.ReadGap(g, action.Key{Source: action.FromGap, Item: g.Skills[s].ID, Option: action.GapBelow}, names); ok {
			list = append(list, f)
		}
	}
	top := first(list)
	if len(top) == 0 || top[len(top)-1].Low < LeastShort {
		return nil
	}
	return shared(top, len(list), Proposal{Rule: Short, Target: action.Target{Kind: action.Everyone}, Direction: action.Down, Leads: true})
}

// All proposes from a report and its gap, in the order of the rules. g may be nil.
func All(r []Proposal, fromGap []Proposal) []Proposal {
	var out []Proposal
	for _, rule := range Rules() {
		for _, list := range [][]Proposal{r, fromGap} {
			for i := range list {
				if list[i].Rule == rule {
					out = append(out, list[i])
				}
			}
		}
	}
	return out
}
