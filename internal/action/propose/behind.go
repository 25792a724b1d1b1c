package propose

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// CountsUnknowing tells whether an indicator about rules counts who does not know them, by the words of its identifier.
func CountsUnknowing(id string) bool {
	return hasWord(id, "unknown", "unaware", "not", "no", "unclear", "without")
}

// hasWord tells whether an identifier holds one of the words.
func hasWord(id string, words ...string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(id), func(r rune) bool { return !unicode.IsLetter(r) }), func(w string) bool { return slices.Contains(words, w) })
}

// personal tells whether a background variable is about what people are, and not about their work.
func personal(variable string) bool {
	return hasWord(variable, "age", "gender", "sex", "education", "schooling", "diploma", "origin", "language", "disability", "nationality")
}

// certain tells whether groups differ beyond chance, with all comparisons of the report taken together (Holm).
func certain(f source, target, by string) bool {
	return slices.ContainsFunc(f.Comparisons, func(c findings.Compare) bool {
		return c.Target == target && c.Option == "" && c.By == by && c.PAdjusted < 0.05
	})
}

// lag is a group that is behind, with how far in half intervals.
type lag struct {
	Proposal
	far float64
}

// behind proposes for groups that lie clear below everyone: by their use for work, their skills, or what they know of the rules. Of each
// group and topic the figure that lies furthest. That a group is in everyone makes its distance smaller, so the rule is careful.
func behind(f source) []Proposal {
	var lags []lag
	for i := range f.Questions {
		q := &f.Questions[i]
		if q.Sensitive || q.Kind != kindConstruct && q.Kind != kindIndicator {
			continue
		}
		switch q.Topic {
		case instrument.TopicUse, instrument.TopicSkills, instrument.TopicRules:
		default:
			continue
		}
		if forWork(q) && !(q.Topic == instrument.TopicRules && CountsUnknowing(q.ID)) {
			lags = append(lags, behindIn(f, q)...)
		}
	}
	slices.SortStableFunc(lags, func(a, b lag) int { return cmp.Compare(b.far, a.far) })
	type place struct {
		topic           instrument.Topic
		variable, value string
	}
	seen := map[place]bool{}
	var out []Proposal
	for _, l := range lags {
		at := place{l.Topic, l.Figure.Key.Variable, l.Figure.Key.Value}
		if !seen[at] && len(out) < mostBehind {
			seen[at] = true
			out = append(out, l.Proposal)
		}
	}
	return out
}

// behindIn are the groups that are behind in one figure.
func behindIn(f source, q *findings.Question) []lag {
	whole, ok := readAny(f, q, "", "")
	if !ok {
		return nil
	}
	var out []lag
	for i := range f.Groups {
		g := &f.Groups[i]
		if personal(g.Variable) || g.Variable == q.ID || !certain(f, q.ID, g.Variable) {
			continue
		}
		for j := range g.Values {
			v := &g.Values[j]
			x, ok := readAny(f, q, g.Variable, v.Value)
			if !ok || x.High >= whole.Low || x.High <= x.Low {
				continue
			}
			p := Proposal{Rule: Behind, Figure: x, Beside: &whole, Among: len(g.Values), Target: targetOf(g, v), Direction: action.Up, Topic: q.Topic}
			out = append(out, lag{p, (whole.Value - x.Value) / (x.High - x.Low)})
		}
	}
	return out
}

func readAny(f source, q *findings.Question, variable, value string) (action.Figure, bool) {
	if q.Kind == kindIndicator {
		return indicator(f, q, variable, value)
	}
	k := report(q.ID, "")
	k.Variable, k.Value = variable, value
	return f.Read(k)
}

// Targets lists the groups of a report that are shown, as audiences. Groups by what people are, such as their age, are none.
func Targets(f *findings.Findings) []action.Target {
	var out []action.Target
	for i := range f.Groups {
		g := &f.Groups[i]
		if personal(g.Variable) {
			continue
		}
		for j := range g.Values {
			if v := &g.Values[j]; !v.Suppressed && len(v.Label) > 0 {
				out = append(out, targetOf(g, v))
			}
		}
	}
	return out
}

// Figures lists the figures of everyone that an action could move: what people do, can, know, ask and name, each as the report shows it.
func Figures(found *findings.Findings) []action.Figure {
	var out []action.Figure
	f := source{found, action.NewReader(found)}
	for i := range f.Questions {
		q := &f.Questions[i]
		switch {
		case q.Topic == instrument.TopicTest || q.Topic == instrument.TopicBackground:
		case q.Kind == kindConstruct, q.Kind == kindIndicator:
			if x, ok := readAny(f, q, "", ""); ok {
				out = append(out, x)
			}
		case q.Kind == kindMultiple && !q.Sensitive && forWork(q) && (q.Topic == instrument.TopicNonUse || q.Topic == instrument.TopicSupport):
			out = append(out, answers(f, q)...)
		}
	}
	return out
}

// targetOf is a group of a report as an audience.
func targetOf(g *findings.Grouping, v *findings.GroupValue) action.Target {
	t := action.Target{Kind: action.OfGroup, Variable: g.Variable, Value: v.Value, Name: v.Label}
	switch {
	case g.Variable == "workplace" && v.Value == "field":
		return action.Target{Kind: action.FieldWork}
	case hasWord(g.Variable, "department"):
		t.Kind = action.Department
	case hasWord(g.Variable, "family"):
		t.Kind = action.Family
	}
	return t
}
