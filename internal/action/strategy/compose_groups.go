package strategy

import (
	"tekentafel/internal/action"
	"tekentafel/internal/docx"
)

// groups are those of which a figure lies below that of everyone beyond doubt, and those where training would reach most people.
func (c *composer) groups() []docx.Block {
	p := c.placed
	out := []docx.Block{below(c.say("document.groups"))}
	switch {
	case p.Compared == 0:
		out = append(out, say1(c.say("document.groups-nothing")))
	case len(p.Behind) == 0:
		out = append(out, say1(c.n("document.groups-none", p.Compared)))
	default:
		t := docx.Table{Titled: true, Caption: c.say("document.groups"), Columns: []docx.Column{{Label: c.say("document.group")}, {Label: c.say("document.figure")}, {Label: c.say("document.in-group")}, {Label: c.say("document.in-whole")}}}
		for i := range p.Behind {
			x := &p.Behind[i]
			all := ""
			if w := p.whole(x.Key); w != nil {
				all = c.action.Figure(w)
			}
			t.Rows = append(t.Rows, row(x.Group.In(c.lang), x.What.In(c.lang), c.action.Figure(x), all))
		}
		out = append(out, say1(c.n("document.groups-text", p.Compared)), t)
		if p.More > 0 {
			out = append(out, small(c.n("document.groups-more", p.More)))
		}
	}
	if p.Gap == nil || len(p.Gap.Places) == 0 {
		return out
	}
	t := c.skillTable(c.say("document.gap-places"), p.Gap.Places, true)
	return append(out, below(c.say("document.gap-places")), say1(c.say("document.gap-places-text")), t, small(c.say("document.gap-person")))
}

// skills are what the gap says of everyone.
func (c *composer) skills() []docx.Block {
	if c.placed.Gap == nil || len(c.placed.Gap.Whole) == 0 {
		return nil
	}
	list := c.placed.Gap.Whole
	return []docx.Block{below(c.say("document.gap")), say1(c.with("document.gap-text", "basis", c.basis(list[0].Basis))), c.skillTable(c.say("document.gap"), list, false), small(c.say("document.gap-person"))}
}

// basis says on what figures of skills rest.
func (c *composer) basis(b string) string {
	if key := "basis." + b; c.Has(key) {
		return c.say(key)
	}
	return c.say("basis.both")
}

func (c *composer) skillTable(caption string, list []SkillLine, grouped bool) docx.Table {
	t := docx.Table{Titled: true, Caption: caption}
	if grouped {
		t.Columns = append(t.Columns, docx.Column{Label: c.say("document.group")})
	}
	t.Columns = append(t.Columns, docx.Column{Label: c.say("document.skill")}, docx.Column{Label: c.say("document.asked")}, docx.Column{Label: c.say("document.below")})
	for i := range list {
		x := &list[i]
		var cells []string
		if grouped {
			cells = append(cells, x.Group)
		}
		t.Rows = append(t.Rows, row(append(cells, c.skillName(x), c.levels(x), c.share(x))...))
	}
	return t
}

func (c *composer) skillName(x *SkillLine) string {
	if name := x.Name.In(c.lang); name != "" {
		return name
	}
	return x.Skill
}

// levels are the lowest and highest level that is asked.
func (c *composer) levels(x *SkillLine) string {
	switch {
	case x.High == 0:
		return "–"
	case x.Low == x.High:
		return c.Int(x.Low)
	default:
		return c.Int(x.Low) + "–" + c.Int(x.High)
	}
}

func (c *composer) share(x *SkillLine) string {
	if x.Below == nil {
		return "–"
	}
	return c.action.Figure(&action.Figure{Unit: action.Share, Value: x.Below.Value, Low: x.Below.Low, High: x.Below.High})
}

// named lists the figures that a text may call, for the form.
func (c *composer) named() []Named {
	if c.placed == nil || c.hidden {
		return nil
	}
	return c.placed.Figures
}
