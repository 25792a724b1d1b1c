package desk

import (
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// methodView is how a result was computed, and what one must know to read it.
type methodView struct {
	*board
	caveats []string
	skills  ui.Table
	reading []ui.Fact
	hidden  []string
	based   []string
}

func (s *Service) method(w http.ResponseWriter, r *web.Request) error {
	b, err := s.shown(r)
	if err != nil {
		return err
	}
	v := methodView{board: b, caveats: b.caveats(), skills: b.measuredTable(), reading: b.readingFacts(), hidden: b.hiddenLines()}
	v.based = b.rests(b.Moment(r.Local(b.row.made)))
	p := b.page(r, b.say("method.title"))
	p.Lead = b.say("method.lead")
	return r.Show(w, p, methodPage(v))
}

// caveats are what one must know to read the figures; a caveat about several skills is said once.
func (b *board) caveats() []string {
	var out []string
	skills := map[gap.NoteKind][]string{}
	for i := range b.x.Caveats {
		if n := &b.x.Caveats[i]; n.Skill != "" {
			skills[n.Kind] = append(skills[n.Kind], b.noteSkill(n))
		}
	}
	said := map[gap.NoteKind]bool{}
	for i := range b.x.Caveats {
		n := &b.x.Caveats[i]
		if said[n.Kind] || n.Kind == gap.UnknownFunction && b.facts.Detail == placing.Undivided || n.Kind == gap.UnknownDepartment && !b.facts.Divided {
			continue
		}
		said[n.Kind] = true
		text := b.noteText(n)
		if list := skills[n.Kind]; len(list) > 0 {
			if len(list) == len(b.x.Skills) && !numbered(n.Kind) {
				text = b.T("note.every", i18n.Args{"text": text})
			} else {
				text = b.T("note.some", i18n.Args{"text": text, "skills": b.And(list)})
			}
		}
		out = append(out, text)
	}
	if b.facts.Mixed >= 0.01 {
		out = append(out, b.T("method.mixed", i18n.Args{"share": b.part(b.facts.Mixed)}))
	}
	return out
}

// numbered tells whether a caveat about a skill has a number of its own.
func numbered(k gap.NoteKind) bool {
	return k == gap.PartlySelf || k == gap.LowReliability || k == gap.Unscored || k == gap.Weighted
}

// noteSkill is a skill with the number of a caveat.
func (b *board) noteSkill(n *gap.Note) string {
	name := b.skillName(n.Skill)
	if n.Kind == gap.Unscored {
		return name + " (" + b.part(n.Number) + ")"
	}
	if numbered(n.Kind) {
		return name + " (" + b.Decimal(n.Number, 2) + ")"
	}
	return name
}

// noteText is a caveat in words.
func (b *board) noteText(n *gap.Note) string {
	return b.T("note."+string(n.Kind), i18n.Args{"share": b.part(n.Number), "number": b.Decimal(n.Number, 2)})
}

// measuredTable is how each skill was measured.
func (b *board) measuredTable() ui.Table {
	t := ui.Table{Caption: b.say("method.skills"), HideCaption: true, Columns: []ui.Column{{Label: b.say("skill")}, {Label: b.say("method.basis"), Long: true}, {Label: b.say("method.items"), Numeric: true}, {Label: b.say("method.origin"), Long: true}, {Label: b.say("method.reliability"), Numeric: true},
		{Label: b.say("method.spread"), Numeric: true}}}
	for i := range b.x.Skills {
		m := &b.x.Skills[i]
		origin := "–"
		switch {
		case m.Origin != "":
			origin = b.say("origin." + string(m.Origin))
		case len(m.Items) > 0:
			origin = b.say("origin.bank")
		}
		number := func(x float64, n int) string {
			if x == 0 {
				return "–"
			}
			return b.Decimal(x, n)
		}
		basis := b.say("basis." + string(m.Basis))
		if m.Correlation != nil {
			basis += " " + b.T("method.correlation", i18n.Args{"r": b.Decimal(*m.Correlation, 1)})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(b.skillName(m.ID), basis, b.Int(len(m.Items)), origin, number(m.Reliability, 2), number(m.Spread, 1))})
	}
	return t
}

// readingFacts say where respondents were taken to be.
func (b *board) readingFacts() []ui.Fact {
	if !b.facts.Said {
		return []ui.Fact{{Term: b.say("reading.who"), Text: b.say("places.not-yet")}}
	}
	if b.said == nil { // it went with the answers
		return []ui.Fact{{Term: b.say("reading.who"), Text: b.say("reading.said")}}
	}
	name := func(axis *placing.Axis) string {
		if c := placing.Find(b.facts.Columns, axis.Column); c != nil {
			return b.T("reading.column", i18n.Args{"question": b.Quote(c.Name.In(b.Lang))})
		}
		return b.say("reading.none")
	}
	r := &b.said.Reading
	out := []ui.Fact{{Term: b.say("axis.department"), Text: name(&r.Department)}, {Term: b.say("axis.function"), Text: name(&r.Function)}}
	if b.facts.Detail != placing.ByFunction {
		out = append(out, ui.Fact{Term: b.say("axis.family"), Text: name(&r.Family)})
	}
	return append(out, ui.Fact{Term: b.say("reading.who"), Text: b.say("reading.said")})
}

// hiddenLines say how many groups are not shown.
func (b *board) hiddenLines() []string {
	h := b.x.Hidden
	var out []string
	for _, k := range b.kinds() {
		n := map[gap.Kind]int{gap.ByDepartment: h.Departments, gap.ByFamily: h.Families, gap.ByFunction: h.Functions, gap.ByCell: h.Cells}[k]
		if n > 0 {
			out = append(out, b.say("by."+b.kindKey(k))+": "+b.n("method.hidden-n", n))
		}
	}
	return out
}

// rests say on what the result rests.
func (b *board) rests(made string) []string {
	out := []string{b.T("method.made", i18n.Args{"when": made, "n": b.n("count.respondents", b.x.Whole.N)})}
	if b.x.Staffed {
		out = append(out, b.T("method.staff", i18n.Args{"n": b.n("count.people", b.x.Whole.Staff)}))
	}
	if b.facts.Weighted {
		out = append(out, b.say("method.weighted"))
	}
	if b.x.Whole.Untried != nil {
		out = append(out, b.T("method.untried", i18n.Args{"share": b.share(b.x.Whole.Untried), "span": b.shareSpan(b.x.Whole.Untried)}))
	}
	return append(out, b.say("method.error"), b.T("method.groups", i18n.Args{"k": b.Int(b.x.K)}))
}
