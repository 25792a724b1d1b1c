package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const rowsOnPage = 40

// heatView is skills by groups of one kind, a part of them.
type heatView struct {
	*board
	kind  gap.Kind
	skill string // one skill with all its figures; "" for all skills beside each other
	q     string
	sort  string // "" by name, "below" the most below first
	found int
	shown []*gap.Row // of the lines of table
	table heatTable
	pager ui.Pager
	form  *ui.FormState
}

// heatTable is a table of which the cells of skills are shaded.
type heatTable struct {
	caption string
	skills  []string
	rows    []heatRow
}

type heatRow struct {
	name, href, about string
	cells             []heatCell
}

// heatCell is a skill in a group: a figure with its interval, or why there is none.
type heatCell struct {
	class             string
	value, span, none string
}

func (s *Service) heat(w http.ResponseWriter, r *web.Request) error {
	b, err := s.shown(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	kind, ok := b.kindOf(q.Get("by"))
	if !ok {
		return refuse(problem.NotFound, "error.no-groups", nil)
	}
	v := heatView{board: b, kind: kind, q: strings.TrimSpace(q.Get("q")), sort: q.Get("sort")}
	if _, there := b.x.skill[q.Get("skill")]; there {
		v.skill = q.Get("skill")
	}
	if v.sort != "below" {
		v.sort = ""
	}
	v.form = &ui.FormState{ID: "search", Values: url.Values{"q": {v.q}, "skill": {v.skill}, "sort": {v.sort}, "by": {string(kind)}}}
	list := v.chosen()
	v.found = len(list)
	from, _ := strconv.Atoi(q.Get("from")) // anything else is the beginning
	if from < 0 || from >= len(list) {
		from = 0
	}
	to := min(len(list), from+rowsOnPage)
	v.table = b.heatTable(b.say("map.caption-"+b.kindKey(kind)), list[from:to])
	for _, h := range list[from:to] {
		v.shown = append(v.shown, h.Row)
	}
	if from > 0 || to < len(list) {
		v.pager = ui.Pager{Sorted: true, Text: b.T("range", i18n.Args{"from": b.Int(from + 1), "to": b.Int(to), "all": b.Int(len(list))})}
		if from > 0 {
			v.pager.Newer = v.link(max(0, from-rowsOnPage))
		}
		if to < len(list) {
			v.pager.Older = v.link(to)
		}
	}
	p := b.page(r, b.say("map.title"))
	p.Lead = b.say("map.lead")
	return r.Show(w, p, heatPage(v))
}

// link is the page from a row on.
func (v *heatView) link(from int) string {
	at := ""
	if from > 0 {
		at = strconv.Itoa(from)
	}
	return v.at("map", "by", string(v.kind), "q", v.q, "skill", v.skill, "sort", v.sort, "from", at)
}

// chosen are the rows that are looked for, in the order that is asked for.
func (v *heatView) chosen() []gap.HeatRow {
	o := v.x.ordered(strings.Join([]string{string(v.kind), string(v.Lang), v.sort, v.skill}, "/"), v.order)
	words := strings.Fields(value.Fold(v.q))
	if len(words) == 0 {
		return o.rows
	}
	var out []gap.HeatRow
	for i, name := range o.folded {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) }) {
			out = append(out, o.rows[i])
		}
	}
	return out
}

// order puts the rows of the kind in the order that is asked for.
func (v *heatView) order() order {
	list := gap.Heat(v.x.Gap, v.kind)
	i18n.Collate(v.Printer, list, func(h gap.HeatRow) string { return v.name(h.Row) })
	if v.sort == "below" {
		slices.SortStableFunc(list, func(a, b gap.HeatRow) int { return cmp.Compare(v.worst(b), v.worst(a)) })
	}
	o := order{rows: list, folded: make([]string, len(list))}
	for i := range list {
		o.folded[i] = value.Fold(v.name(list[i].Row))
	}
	return o
}

// worst is the largest share below of a row, in the skill that was chosen or in any; -1 where there is none.
func (v *heatView) worst(h gap.HeatRow) float64 {
	out := -1.0
	for s := range h.Standings {
		if f := h.Standings[s].Below; f != nil && (v.skill == "" || v.x.Skills[s].ID == v.skill) {
			out = max(out, f.Value)
		}
	}
	return out
}

func (b *board) heatTable(caption string, list []gap.HeatRow) heatTable {
	t := heatTable{caption: caption}
	for i := range b.x.Skills {
		t.skills = append(t.skills, b.skillName(b.x.Skills[i].ID))
	}
	for _, h := range list {
		row := heatRow{name: b.name(h.Row), href: b.groupAt(h.Row), about: b.staffOf(h.Row)}
		for s := range h.Standings {
			row.cells = append(row.cells, b.cell(&h.Standings[s]))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// cell is a skill in a group: the share below with its shade, or the level where nothing is asked.
func (b *board) cell(st *gap.Standing) heatCell {
	switch st.Verdict {
	case gap.TooFew:
		return heatCell{none: b.say("verdict.too-few")}
	case gap.NoRequirement:
		return heatCell{value: b.with("map.level", "level", b.levels(st.Level)), span: b.levelsSpan(st.Level), none: b.notAsked()}
	case gap.Enough, gap.TooUncertain:
	}
	if st.Below == nil {
		return heatCell{none: b.verdictText(st.Verdict)}
	}
	c := heatCell{class: "h" + strconv.Itoa(shade(st.Below)), value: b.share(st.Below), span: b.shareSpan(st.Below)}
	if st.Verdict == gap.TooUncertain {
		c.class += " unsure"
		c.none = b.say("map.unsure")
	}
	return c
}

func (b *board) notAsked() string {
	if b.unplaced() {
		return ""
	}
	return b.say("map.not-asked")
}

// skillTable is one skill with all its figures.
func (v *heatView) skillTable() ui.Table {
	s := v.x.skill[v.skill]
	t := ui.Table{Caption: v.table.caption, HideCaption: true, Columns: []ui.Column{{Label: v.say("group")}, {Label: v.say("figure.required")}, {Label: v.say("figure.level"), Numeric: true}, {Label: v.say("figure.below"), Numeric: true},
		{Label: v.say("figure.distance"), Numeric: true}, {Label: v.say("figure.people"), Numeric: true}, {Label: v.say("figure.verdict")}}}
	for i := range v.table.rows {
		h := &v.table.rows[i]
		st := &v.shown[i].Skills[s]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Content: named(h.href, h.name, h.about)}, {Text: v.requiredOf(st)}, {Content: twoLines(v.levels(st.Level), v.levelsSpan(st.Level))}, {Content: twoLines(v.share(st.Below), v.shareSpan(st.Below))},
			{Content: twoLines(v.levels(st.Distance), v.levelsSpan(st.Distance))}, {Content: twoLines(v.people(st.People), v.peopleSpan(st.People))}, {Text: v.verdictText(st.Verdict), Quiet: true}}})
	}
	return t
}

// byTabs are the kinds of groups beside each other.
func (b *board) byTabs(path string, current gap.Kind, but ...gap.Kind) []ui.Link {
	var out []ui.Link
	for _, k := range b.kinds() {
		if !slices.Contains(but, k) {
			out = append(out, ui.Link{Label: b.say("by." + b.kindKey(k)), Href: b.at(path, "by", string(k)), Current: k == current})
		}
	}
	return out
}

func (v *heatView) skillChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "skill", Label: v.say("skill")}, Options: []ui.Option{{Label: v.say("map.all-skills")}}}
	for i := range v.x.Skills {
		c.Options = append(c.Options, ui.Option{Value: v.x.Skills[i].ID, Label: v.skillName(v.x.Skills[i].ID)})
	}
	return c
}

func (v *heatView) sortChoice() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "sort", Label: v.say("map.sort")}, Options: []ui.Option{{Label: v.say("map.sort-name")}, {Value: "below", Label: v.say("map.sort-below")}}}
}
