package nonuse

import (
	"cmp"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/nonuse/guide"
)

// Figure is a share with its interval, as the report of a wave has it; nothing is computed here.
type Figure struct {
	ID     string          // of the option
	Label  instrument.Text // as people could choose it
	Share  *findings.Share // nil where it is not shown
	Change *findings.Change
}

// Shown tells whether there is a figure to show.
func (f *Figure) Shown() bool { return f.Share != nil }

// Shifted tells whether the share changed since the wave before beyond chance: its interval excludes zero, also with all changes of its kind
// taken together (Holm), as in the report.
func (f *Figure) Shifted() bool {
	c := f.Change
	return c != nil && !c.Suppressed && c.PAdjusted < 0.05 && (c.Low > 0 || c.High < 0)
}

// GroupFigure is the share of a group.
type GroupFigure struct {
	Value string
	Label instrument.Text
	Never Figure
}

// Picture is who does not use AI in a context and why.
type Picture struct {
	Context  *guide.Context
	Never    []Figure // for everyone or the group that was chosen
	Hardly   []Figure
	Reasons  []Figure // the most named first; those that are not shown last
	Asked    instrument.Text
	Base     int    // who answered why not
	Compared bool   // changes against the wave before are known
	Because  string // why reasons cannot be compared: one of findings.Reasons, or ""
}

// hasQuestion tells whether a wave asked a question.
func hasQuestion(f *findings.Findings, id string) bool { return question(f, id) != nil }

func question(f *findings.Findings, id string) *findings.Question {
	for i := range f.Questions {
		if f.Questions[i].ID == id {
			return &f.Questions[i]
		}
	}
	return nil
}

// picture reads who and why from what a wave found, for everyone or for a group.
func picture(f *findings.Findings, c *guide.Context, group *findings.Group) *Picture {
	p := &Picture{Context: c}
	use, why := question(f, c.Use), question(f, c.Reasons)
	if use != nil {
		p.Never, p.Hardly = figures(f, use, c.Never, group), figures(f, use, c.Hardly, group)
	}
	if why == nil {
		return p
	}
	p.Asked = why.Wording
	var ids []string
	for _, o := range why.Options {
		if o.Missing == "" {
			ids = append(ids, o.ID)
		}
	}
	p.Reasons = figures(f, why, ids, group)
	slices.SortStableFunc(p.Reasons, func(a, b Figure) int {
		if a.Shown() != b.Shown() {
			return cmp.Compare(btoi(b.Shown()), btoi(a.Shown()))
		}
		if !a.Shown() {
			return 0
		}
		return cmp.Compare(b.Share.Share, a.Share.Share)
	})
	for i := range p.Reasons {
		if p.Reasons[i].Shown() {
			p.Base = p.Reasons[i].Share.Base
		}
		if ch := p.Reasons[i].Change; ch != nil && !ch.Suppressed {
			p.Compared = true
		}
	}
	if f.Earlier != nil {
		for _, x := range f.Earlier.Incomparable {
			if x.Item == c.Reasons {
				p.Because = x.Reason
			}
		}
	}
	return p
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func sameGroup(a, b *findings.Group) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// figures reads the shares of options of a question.
func figures(f *findings.Findings, q *findings.Question, options []string, group *findings.Group) []Figure {
	out := make([]Figure, len(options))
	for i, id := range options {
		out[i].ID = id
		if j := slices.IndexFunc(q.Options, func(o findings.Option) bool { return o.ID == id }); j >= 0 {
			out[i].Label = q.Options[j].Label
		}
	}
	at := func(id string) int { return slices.Index(options, id) }
	for i := range f.Shares {
		s := &f.Shares[i]
		if s.Item == q.ID && !s.Suppressed && s.Base > 0 && sameGroup(s.Group, group) && at(s.Option) >= 0 {
			out[at(s.Option)].Share = s
		}
	}
	for i := range f.Changes {
		c := &f.Changes[i]
		if c.Item == q.ID && sameGroup(c.Group, group) && at(c.Option) >= 0 {
			out[at(c.Option)].Change = c
		}
	}
	return out
}

// byGroup reads the share that never uses AI of each group of a background variable, in the order of the questionnaire. Groups whose figure is
// not shown have none.
func byGroup(f *findings.Findings, c *guide.Context, variable string) []GroupFigure {
	use := question(f, c.Use)
	if use == nil || len(c.Never) == 0 {
		return nil
	}
	var out []GroupFigure
	for i := range f.Groups {
		g := &f.Groups[i]
		if g.Variable != variable {
			continue
		}
		for j := range g.Values {
			v := &g.Values[j]
			x := GroupFigure{Value: v.Value, Label: v.Label}
			x.Never = figures(f, use, c.Never[:1], &findings.Group{Variable: variable, Value: v.Value})[0]
			out = append(out, x)
		}
	}
	return out
}

// grouping returns a background variable of the findings, nil when they have none of that name.
func grouping(f *findings.Findings, variable string) *findings.Grouping {
	for i := range f.Groups {
		if f.Groups[i].Variable == variable {
			return &f.Groups[i]
		}
	}
	return nil
}
