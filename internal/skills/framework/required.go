package framework

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"tekentafel/internal/yamlfile"
)

// Reason is a level that something asks of a skill.
type Reason struct {
	Rule  string // id of the rule; "" is what is asked of everyone
	Level int
	Text  Text
}

// Required is the level that is required for a skill.
type Required struct {
	Skill    string
	Level    int
	Proposed int       // by the rules; Level differs when somebody overrode it
	Reasons  []Reason  // of the proposal: highest level first, then in the order of the rules, everyone last
	Override *Override // what decided instead of the rules, or nil
}

// Propose returns the level that the rules require, one for each skill in the order of the framework: the highest that a
// rule with the answer yes asks, and never below what is asked of everyone. A rule without an answer counts as no.
// An answer to a rule that does not exist is an error.
func (f *Framework) Propose(answers map[string]bool) ([]Required, error) {
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if !slices.ContainsFunc(f.Rules, func(r Rule) bool { return r.ID == id }) {
			return nil, fmt.Errorf("an answer names the rule %s, which version %s of the framework does not have; leave it out, or answer the rules of this version", yamlfile.Quote(id), yamlfile.Quote(f.Version))
		}
	}
	out := make([]Required, 0, len(f.Skills))
	for i := range f.Skills {
		r := Required{Skill: f.Skills[i].ID, Proposed: 1}
		for j := range f.Rules {
			if answers[f.Rules[j].ID] {
				r.ask(f.Rules[j].ID, f.Rules[j].Asks)
			}
		}
		r.ask("", f.Everyone)
		slices.SortStableFunc(r.Reasons, func(a, b Reason) int { return cmp.Compare(b.Level, a.Level) })
		r.Level = r.Proposed
		out = append(out, r)
	}
	return out, nil
}

// ask adds what a rule asks of the skill.
func (r *Required) ask(rule string, asks []Ask) {
	for i := range asks {
		if a := &asks[i]; a.Skill == r.Skill {
			r.Proposed = max(r.Proposed, a.Level)
			r.Reasons = append(r.Reasons, Reason{rule, a.Level, a.Reason})
		}
	}
}
