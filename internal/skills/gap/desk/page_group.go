package desk

import (
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// groupView is one group with its skills, and the groups inside it.
type groupView struct {
	*board
	r      *gap.Row
	skills standingsView
	inside []insideView
	change ui.Table // since the earlier wave
}

// insideView is the next groups down of one kind.
type insideView struct {
	id, title string
	table     heatTable
	more      string // the page with all of them; "" where all are here
}

func (s *Service) group(w http.ResponseWriter, r *web.Request) error {
	b, err := s.shown(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	row := b.find(q.Get("function"), q.Get("department"), q.Get("family"))
	if row == nil || row == b.x.Whole {
		return refuse(problem.NotFound, "error.no-group", nil)
	}
	v := groupView{board: b, r: row, skills: b.standings(row)}
	v.down()
	v.change = b.changeOf(row)
	p := b.page(r, b.name(row), b.link("tab.map", b.at("map", "by", string(b.kindOfRow(row)))))
	p.Lead = b.say("group.lead-" + b.kindKey(b.kindOfRow(row)))
	return r.Show(w, p, groupPage(v))
}

func (b *board) kindOfRow(r *gap.Row) gap.Kind {
	switch {
	case r.Function != "" && r.Department != "":
		return gap.ByCell
	case r.Function != "":
		return gap.ByFunction
	case r.Department != "":
		return gap.ByDepartment
	}
	return gap.ByFamily
}

// mostInside is how many groups inside one stand on its page.
const mostInside = 60

// down lists the groups inside: what is hidden there has no line.
func (v *groupView) down() {
	add := func(of gap.Kind, code, key string) {
		list := gap.Inside(v.x.Gap, of, code)
		if len(list) == 0 {
			return
		}
		i18n.Collate(v.Printer, list, func(h gap.HeatRow) string { return v.insideName(of, h.Row) })
		one := insideView{id: "inside-" + string(of), title: v.say(key)}
		if len(list) > mostInside {
			one.more = v.n("group.more", len(list)-mostInside)
			list = list[:mostInside]
		}
		one.table = v.heatTable(one.title, list)
		for i := range one.table.rows {
			one.table.rows[i].name = v.insideName(of, list[i].Row)
		}
		v.inside = append(v.inside, one)
	}
	switch v.kindOfRow(v.r) {
	case gap.ByFamily:
		add(gap.ByFamily, v.r.Family, "group.functions")
	case gap.ByFunction:
		add(gap.ByFunction, v.r.Function, "group.departments")
	case gap.ByDepartment:
		key := "group.functions"
		if v.kindKey(gap.ByFunction) == "work" {
			key = "group.work"
		}
		add(gap.ByDepartment, v.r.Department, key)
	case gap.ByCell:
	}
}

// insideName is how a group is called on the page of the one that it is in.
func (b *board) insideName(of gap.Kind, r *gap.Row) string {
	switch of {
	case gap.ByFunction:
		return b.departmentName(r.Department)
	case gap.ByDepartment:
		return b.functionName(r.Function)
	case gap.ByFamily, gap.ByCell:
	}
	return b.name(r)
}

// around are the groups that a group is in.
func (v *groupView) around() []ui.Link {
	var out []ui.Link
	add := func(r *gap.Row) {
		if r != nil {
			out = append(out, ui.Link{Label: v.name(r), Href: v.groupAt(r)})
		}
	}
	switch {
	case v.r.Function != "" && v.r.Department != "":
		add(v.find(v.r.Function, "", ""))
		add(v.find("", v.r.Department, ""))
	case v.r.Function != "" && v.r.Family != "":
		add(v.find("", "", v.r.Family))
	}
	return out
}

// needsAt is where one reads what the function asks, "" where the group is no function of the staff list.
func (v *groupView) needsAt() string {
	if v.r.Function == "" || !v.x.Staffed || v.kindKey(gap.ByFunction) != string(gap.ByFunction) {
		return ""
	}
	return query("/learn/needs/functions/"+v.r.Function, "unit", v.r.Department)
}
