// Package propose turns what a report and a gap found into proposed actions. It does no I/O.
//
// A proposal says what was found, with its interval, and for whom something could be done. It is made only where the intervals say it: the
// lowest skill is lowest when its whole interval lies below those of the others, and a group is behind when its whole interval lies below that
// of everyone. Two 95 % intervals that do not touch differ at the 5 % level however the two figures are correlated, as
// se(a-b) <= se(a)+se(b). Nothing here says why a figure is as it is, or that an action will change it.
//
// Groups by age, gender or schooling get no action of their own: it would single people out by what they are, and not by their work.
package propose

import (
	"cmp"
	"slices"

	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// Rule is why something is proposed.
type Rule string

// The rules.
const (
	LowestSkill Rule = "lowest-skill" // a skill that people rate lowest, clear of the others
	NonUse      Rule = "non-use"      // a reason not to use AI that is named most, or surely by many
	Support     Rule = "support"      // what people ask for most, or surely many
	Unknown     Rule = "rules"        // surely many do not know the rules
	Undisclosed Rule = "undisclosed"  // surely some use AI from elsewhere without saying so
	Behind      Rule = "behind"       // a group that lies clear below everyone together
	Short       Rule = "gap"          // a place where many are below what the work asks, as surely as the gap says it
)

// Rules lists them all, in the order of proposals.
func Rules() []Rule {
	return []Rule{LowestSkill, Short, NonUse, Support, Unknown, Undisclosed, Behind}
}

// Thresholds of the rules: the lower end of an interval from which something is proposed. Those that the report has too are the same there,
// so that both call for the same.
const (
	LeastReason      = 0.15 // share that names a reason, where none leads
	LeastSupport     = 0.30 // share that asks for something, where nothing leads
	LeastUnknowing   = 0.20 // share that does not know the rules
	LeastUndisclosed = 0.05 // share that uses AI from elsewhere without saying so
	LeastShort       = 0.20 // share below what the work asks
	LeastSure        = 0.50 // probability that a place is among the first of its ranking
)

const (
	mostAtTop  = 3 // figures that may share the first place; more say nothing
	mostBehind = 6 // groups
	mostPlaces = 3 // of each kind of group in a gap
)

// Proposal is an action that could be taken.
type Proposal struct {
	Rule      Rule
	Figure    action.Figure
	Beside    *action.Figure  // everyone together, where the figure is of a group that is behind
	Ties      []action.Figure // figures that share the place: the order among them says nothing
	Among     int             // how many figures it was compared with, itself not counted
	Leads     bool            // of NonUse and Support: it, or they together, lie clear above the rest
	Target    action.Target
	Direction action.Direction
	Topic     instrument.Topic // of Behind: use, skills or rules
	Reason    string           // of NonUse: the reason, as an option of the questionnaire
	People    *action.Figure   // of Short: how many people are below what is asked
	Sure      float64          // of Short: probability to be among the first of the ranking
}

// Key names the proposal within its report.
func (p *Proposal) Key() string { return string(p.Rule) + "~" + p.Figure.Key.String() }

// Find returns the proposal with a key, nil when there is none.
func Find(list []Proposal, key string) *Proposal {
	for i := range list {
		if list[i].Key() == key {
			return &list[i]
		}
	}
	return nil
}

// From proposes actions from what a report found.
func From(f *findings.Findings) []Proposal {
	var out []Proposal
	r := source{f, action.NewReader(f)}
	for _, rule := range []func(source) []Proposal{lowestSkill, nonUse, support, unknown, undisclosed, behind} {
		out = append(out, rule(r)...)
	}
	return out
}

// source is a report that many figures are read of.
type source struct {
	*findings.Findings
	*action.Reader
}

// questions are those of a topic that may be proposed on, in the order of the report.
func questions(f source, topic instrument.Topic, keep func(*findings.Question) bool) []*findings.Question {
	var out []*findings.Question
	for i := range f.Questions {
		if q := &f.Questions[i]; q.Topic == topic && keep(q) {
			out = append(out, q)
		}
	}
	return out
}

// The kinds of questions in findings.
const (
	kindConstruct = "construct"
	kindIndicator = "indicator"
	kindMultiple  = "multiple"
)

func isConstruct(q *findings.Question) bool { return q.Kind == kindConstruct && !q.Sensitive }
func isIndicator(q *findings.Question) bool { return q.Kind == kindIndicator && !q.Sensitive }

// forWork tells whether a question is about work, or about no place at all: what people do at home is theirs.
func forWork(q *findings.Question) bool {
	return q.Context == instrument.Work || q.Context == ""
}

// first returns the smallest set of at most mostAtTop figures that lie clear above all others; nil when the intervals allow no such claim.
func first(list []action.Figure) []action.Figure {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b action.Figure) int { return cmp.Compare(b.Value, a.Value) })
	for k := 1; k <= mostAtTop && k < len(sorted); k++ {
		lowest, highest := sorted[0].Low, sorted[k].High
		for _, f := range sorted[:k] {
			lowest = min(lowest, f.Low)
		}
		for _, f := range sorted[k:] {
			highest = max(highest, f.High)
		}
		if lowest > highest {
			return sorted[:k]
		}
	}
	return nil
}

// last is first from below.
func last(list []action.Figure) []action.Figure {
	turned := slices.Clone(list)
	for i, f := range list {
		turned[i].Value, turned[i].Low, turned[i].High = -f.Value, -f.High, -f.Low
	}
	out := first(turned)
	for i, f := range out {
		out[i].Value, out[i].Low, out[i].High = -f.Value, -f.High, -f.Low
	}
	return out
}

// shared makes a proposal of each of the figures that share a place.
func shared(place []action.Figure, of int, p Proposal) []Proposal {
	var out []Proposal
	for i := range place {
		one := p
		one.Figure, one.Among = place[i], of-1
		one.Ties = append(slices.Clone(place[:i]), place[i+1:]...)
		if one.Rule == NonUse {
			one.Reason = one.Figure.Key.Option
		}
		out = append(out, one)
	}
	return out
}

func report(item, option string) action.Key {
	return action.Key{Source: action.FromReport, Item: item, Option: option}
}

func lowestSkill(f source) []Proposal {
	var list []action.Figure
	for _, q := range questions(f, instrument.TopicSkills, isConstruct) {
		x, ok := f.Read(report(q.ID, ""))
		if !ok || len(list) > 0 && (x.From != list[0].From || x.To != list[0].To) {
			continue // on another scale it cannot be set beside the others
		}
		list = append(list, x)
	}
	return shared(last(list), len(list), Proposal{Rule: LowestSkill, Target: action.Target{Kind: action.Everyone}, Direction: action.Up})
}

// answers are the shares of the answers to a question, without those that name nothing.
func answers(f source, q *findings.Question) []action.Figure {
	var list []action.Figure
	for i := range q.Options {
		o := &q.Options[i]
		if o.Missing != "" || o.None || hasWord(o.ID, "other", "else", "none") {
			continue
		}
		if x, ok := f.Read(report(q.ID, o.ID)); ok {
			list = append(list, x)
		}
	}
	return list
}

// named proposes on the answers that lead, or where none does on those that surely so many gave.
func named(list []action.Figure, least float64, p Proposal) []Proposal {
	if top := first(list); top != nil {
		p.Leads = true
		return shared(top, len(list), p)
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b action.Figure) int { return cmp.Compare(b.Value, a.Value) })
	many := slices.DeleteFunc(slices.Clone(list), func(f action.Figure) bool { return f.Low < least })
	return shared(many[:min(len(many), mostAtTop)], len(list), p)
}

func nonUse(f source) []Proposal {
	for _, q := range questions(f, instrument.TopicNonUse, func(q *findings.Question) bool { return q.Kind == kindMultiple && forWork(q) && !q.Sensitive }) {
		list := answers(f, q)
		return named(list, LeastReason, Proposal{Rule: NonUse, Target: action.Target{Kind: action.NonUsers}, Direction: action.Down})
	}
	return nil
}

func support(f source) []Proposal {
	for _, q := range questions(f, instrument.TopicSupport, func(q *findings.Question) bool { return q.Kind == kindMultiple && !q.Sensitive }) {
		list := answers(f, q)
		return named(list, LeastSupport, Proposal{Rule: Support, Target: action.Target{Kind: action.Everyone}, Direction: action.Down})
	}
	return nil
}

// indicator reads an indicator for everyone or for a group; ok is false when it is not shown.
func indicator(f source, q *findings.Question, variable, value string) (x action.Figure, ok bool) {
	if len(q.Options) == 0 {
		return x, false
	}
	k := report(q.ID, q.Options[0].ID)
	k.Variable, k.Value = variable, value
	return f.Read(k)
}

func unknown(f source) []Proposal {
	for _, q := range questions(f, instrument.TopicRules, isIndicator) {
		x, ok := indicator(f, q, "", "")
		if !ok {
			continue
		}
		if knows := !CountsUnknowing(q.ID); knows && x.High <= 1-LeastUnknowing || !knows && x.Low >= LeastUnknowing {
			d := action.Up
			if !knows {
				d = action.Down
			}
			return []Proposal{{Rule: Unknown, Figure: x, Target: action.Target{Kind: action.Everyone}, Direction: d}}
		}
	}
	return nil
}

func undisclosed(f source) []Proposal {
	for _, q := range questions(f, instrument.TopicShadow, func(q *findings.Question) bool { return q.Kind == kindIndicator }) {
		if x, ok := indicator(f, q, "", ""); ok && x.Low >= LeastUndisclosed {
			return []Proposal{{Rule: Undisclosed, Figure: x, Target: action.Target{Kind: action.Everyone}, Direction: action.Down}}
		}
	}
	return nil
}
