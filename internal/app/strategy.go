package app

import (
	"context"
	"strings"

	"tekentafel/internal/action/evidence"
	"tekentafel/internal/action/strategy"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/skills/nonuse/guide"
	"tekentafel/internal/tenant"
)

// storyOfStrategy tells findings as the report does.
type storyOfStrategy struct{}

// Tell implements strategy.Words.
func (storyOfStrategy) Tell(f *findings.Findings, lang instrument.Lang) strategy.Telling {
	st := story.Tell(f, lang)
	out := strategy.Telling{Lead: st.Lead, Caveats: st.Caveats}
	for i := range st.Chapters {
		c := &st.Chapters[i]
		x := strategy.Subject{ID: c.ID, Headline: strings.TrimSpace(c.Big + " " + c.Headline), Text: c.Text}
		for j := range c.Figures {
			x.Tables = append(x.Tables, strategy.Table{Title: c.Figures[j].Title, Head: c.Figures[j].Table.Head, Rows: c.Figures[j].Table.Rows})
		}
		out.Chapters = append(out.Chapters, x)
	}
	return out
}

// helpsOfStrategy are the suggestions of the guide.
type helpsOfStrategy struct{ guide *guide.Guide }

// Reasons implements strategy.Helps.
func (h helpsOfStrategy) Reasons(lang instrument.Lang) []strategy.Reason {
	in := func(t framework.Text) string { return t.In(framework.Lang(lang)) }
	var out []strategy.Reason
	for i := range h.guide.Reasons {
		r := &h.guide.Reasons[i]
		x := strategy.Reason{ID: r.ID, Name: in(r.Name)}
		for j := range r.Helps {
			x.Helps = append(x.Helps, strategy.Help{Office: in(r.Helps[j].Office), Field: in(r.Helps[j].Field)})
		}
		out = append(out, x)
	}
	return out
}

// audiences are the staff by family of functions, with what these ask.
type audiences struct{ needs *needs.Service }

// Audiences implements evidence.People.
func (a audiences) Audiences(ctx context.Context, t tenant.ID) ([]evidence.Audience, error) {
	m, err := a.needs.Map(ctx, t)
	if err != nil || len(m.Rows) == 0 {
		return nil, err
	}
	all := m.Coverage()
	out := []evidence.Audience{{Kind: evidence.Staff, Count: evidence.Count{People: all.People + all.Without}}}
	for i := range m.Families {
		f := &m.Families[i]
		if f.People == 0 {
			continue
		}
		x := evidence.Audience{Kind: evidence.Family, Name: f.Name, Count: evidence.Count{People: f.People}}
		for s := range m.Framework.Skills {
			l := evidence.Level{Skill: m.Framework.Skills[s].ID, Name: textOfFramework(m.Framework.Skills[s].Name), Decided: true}
			for _, at := range f.Rows {
				if n := &m.Rows[at].Needs[s]; m.Rows[at].People > 0 {
					if l.Lowest == 0 || n.Level < l.Lowest {
						l.Lowest = n.Level
					}
					l.Highest, l.Decided = max(l.Highest, n.Level), l.Decided && n.Set
				}
			}
			x.Levels = append(x.Levels, l)
		}
		for j := range m.Framework.Factors {
			k := demand.Key{Kind: demand.Factor, Where: framework.Where{Family: f.Name}, Item: m.Framework.Factors[j].ID}
			if f.Name != "" && m.State.Of(k).Value.Value == demand.Yes {
				x.Factors = append(x.Factors, textOfFramework(m.Framework.Factors[j].Name))
			}
		}
		out = append(out, x)
	}
	return out, nil
}

func textOfFramework(t framework.Text) instrument.Text {
	out := instrument.Text{}
	for _, l := range instrument.Languages() {
		out[l] = t.In(framework.Lang(l))
	}
	return out
}
