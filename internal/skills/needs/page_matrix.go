package needs

import (
	"net/http"
	"net/url"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const linesOnPage = 60

// noFamily stands in an address for the functions without a family.
const noFamily = "-"

// matrixView is the map of needs as a table, a part of it.
type matrixView struct {
	words
	matrix  *Matrix
	filter  Filter
	show    string // "", open, team
	form    *ui.FormState
	columns []ui.Column
	groups  []matrixGroup
	pager   ui.Pager
	led     bool // the reader leads people
	changes bool
}

// matrixGroup is the functions of a family.
type matrixGroup struct {
	name string
	href string // of the family; "" for none
	rows []ui.Row
}

func (s *Service) matrix(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	v := matrixView{words: wordsOf(r), show: q.Get("show"), led: r.Can(access.ProposeNeeds), changes: r.Can(access.ChangeNeeds)}
	v.filter = Filter{Search: strings.TrimSpace(q.Get("q")), Family: q.Get("family"), Unit: q.Get("unit"), Open: v.show == "open", Team: v.show == "team", After: q.Get("after"), Limit: linesOnPage}
	v.form = &ui.FormState{ID: "search", Values: url.Values{"q": {v.filter.Search}, "family": {v.filter.Family}, "unit": {v.filter.Unit}, "show": {v.show}}}
	status := http.StatusOK
	m, err := s.Matrix(r.Context(), r.Actor, v.filter)
	if problem.Is(err, problem.Invalid) { // a unit that went
		state, wrong := r.Refill(v.form.Values, err)
		if wrong != nil {
			return wrong
		}
		state.ID = v.form.ID
		v.form, status = state, http.StatusUnprocessableEntity
		v.filter.Unit = ""
		m, err = s.Matrix(r.Context(), r.Actor, v.filter)
	}
	if err != nil {
		return err
	}
	v.matrix = m
	v.group()
	if m.Next || !m.First {
		v.pager = v.pagerOf()
	}
	p := below(r, v.say("matrix.title"))
	p.Lead, p.Status, p.Invalid = v.say("matrix.lead"), status, !v.form.OK()
	return r.Show(w, p, matrixPage(v))
}

// group puts the lines of a family below each other.
func (v *matrixView) group() {
	v.columns = []ui.Column{{Label: v.say("what.function")}}
	for i := range v.matrix.Map.Framework.Skills {
		v.columns = append(v.columns, ui.Column{Label: v.of(v.matrix.Map.Framework.Skills[i].Name)})
	}
	v.columns = append(v.columns, ui.Column{Label: v.say("what.state")})
	for i := range v.matrix.Lines {
		l := &v.matrix.Lines[i]
		if n := len(v.groups); n == 0 || v.groups[n-1].name != v.familyName(l.Family) {
			g := matrixGroup{name: v.familyName(l.Family)}
			if l.Family != "" {
				g.href = familyAt(l.Family)
			}
			v.groups = append(v.groups, g)
		}
		g := &v.groups[len(v.groups)-1]
		g.rows = append(g.rows, v.rowOf(l))
	}
}

func (v *matrixView) rowOf(l *Line) ui.Row {
	href := functionAt(l.ID)
	if v.filter.Unit != "" {
		href += "?unit=" + url.QueryEscape(v.filter.Unit)
	}
	row := ui.Row{Cells: []ui.Cell{{Text: l.Name, Href: href}}}
	untouched := true // all is a proposal: said once, of the function
	for i := range l.Needs {
		untouched = untouched && !l.Needs[i].Set
	}
	for i := range l.Needs {
		mark := ""
		if !untouched {
			mark = v.markOf(&l.Needs[i])
		}
		row.Cells = append(row.Cells, v.levelCell(v.matrix.Map, &l.Needs[i], mark))
	}
	row.Cells = append(row.Cells, ui.Cell{Content: lines([]string{v.n("count.people", l.People), v.openOf(l.Row)}), Quiet: true})
	return row
}

// markOf says whether somebody set a level, or it is a proposal; "" for what follows from answers.
func (w words) markOf(n *Need) string {
	switch {
	case n.Override != nil:
		return w.say("mark.set")
	case !n.Set:
		return w.say("mark.proposal")
	}
	return ""
}

// levelCell is a level with its name, and a mark behind it.
func (w words) levelCell(m *demand.Map, n *Need, mark string) ui.Cell {
	number, name := "–", ""
	if n.Level >= 1 && n.Level <= len(m.Framework.Levels) {
		number, name = w.Int(n.Level), w.of(m.Framework.Levels[n.Level-1].Name)
	}
	return ui.Cell{Content: levelMark(number, name, mark)}
}

func (v *matrixView) link(after string) string {
	q := url.Values{}
	for key, text := range map[string]string{"q": v.filter.Search, "family": v.filter.Family, "unit": v.filter.Unit, "show": v.show, "after": after} {
		if text != "" {
			q.Set(key, text)
		}
	}
	if len(q) == 0 {
		return matrixAt
	}
	return matrixAt + "?" + q.Encode()
}

func (v *matrixView) pagerOf() ui.Pager {
	p := ui.Pager{Sorted: true}
	if !v.matrix.First {
		p.Newer = v.link(v.matrix.Prior)
	}
	if v.matrix.Next {
		p.Older = v.link(v.matrix.Lines[len(v.matrix.Lines)-1].ID)
	}
	return p
}

func (v matrixView) found() string {
	return v.N("matrix.found", v.matrix.Found, i18n.Args{"n": v.Int(v.matrix.Found), "all": v.Int(len(v.matrix.Map.Rows))})
}

func (v matrixView) families() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "family", Label: v.say("what.family")}, Options: families(v.matrix.Map, v.say("any.family"))}
	if v.matrix.Map.Family("") != nil {
		c.Options = append(c.Options, ui.Option{Value: noFamily, Label: v.familyName("")})
	}
	return c
}

func (v matrixView) units() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "unit", Label: v.say("what.unit")}, Options: v.words.units(v.matrix.Map, v.say("any.unit"))}
}

func (v matrixView) shows() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "show", Label: v.say("show.label")}, Options: []ui.Option{{Label: v.say("show.all")}, {Value: "open", Label: v.say("show.open")}}}
	if v.led {
		c.Options = append(c.Options, ui.Option{Value: "team", Label: v.say("show.team")})
	}
	return c
}
