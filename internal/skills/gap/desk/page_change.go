package desk

import (
	"net/http"

	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// changeView is what differs from the earlier wave.
type changeView struct {
	*board
	earlier string // title of the earlier report; "" when it is gone
	whole   ui.Table
	kind    gap.Kind
	clear   ui.Table // of the kind, where there is a change
	silent  []string // why nothing is said of a skill
	none    int      // groups of the kind in which nothing is clear
}

func (s *Service) change(w http.ResponseWriter, r *web.Request) error {
	b, err := s.shown(r)
	if err == nil && b.x.Changes == nil {
		err = refuse(problem.NotFound, "error.no-earlier", nil)
	}
	if err != nil {
		return err
	}
	v := changeView{board: b, whole: b.changeOf(b.x.Whole)}
	if list, err := s.Reports.Ready(r.Context(), r.Actor.Tenant); err != nil {
		return err
	} else {
		for i := range list {
			if list[i].ID == b.facts.Earlier {
				v.earlier = list[i].Title
			}
		}
	}
	for i, why := range b.x.Changes.Skills {
		if why != gap.NotSilent {
			v.silent = append(v.silent, b.skillName(b.x.Skills[i].ID)+": "+b.say("silence."+string(why)))
		}
	}
	v.kind, _ = b.kindOf(r.URL.Query().Get("by"))
	v.clear, v.none = b.clearChanges(v.kind)
	p := b.page(r, b.say("change.title"))
	p.Lead = b.say("change.lead")
	return r.Show(w, p, changePage(v))
}

// moved returns the change of a group; nil where there is none.
func (b *board) moved(r *gap.Row) *gap.ChangedRow {
	if b.x.Changes == nil {
		return nil
	}
	kind := gap.Kind("")
	if r != b.x.Whole {
		kind = b.kindOfRow(r)
	}
	for i := range b.x.Changes.Rows {
		x := &b.x.Changes.Rows[i]
		if x.Kind != kind || x.Department != r.Department {
			continue
		}
		if kind == gap.ByFamily && x.Family == r.Family || kind != gap.ByFamily && x.Function == r.Function {
			return x
		}
	}
	return nil
}

// changeOf is the change of a group in every skill.
func (b *board) changeOf(r *gap.Row) ui.Table {
	t := ui.Table{Caption: b.say("change.table"), HideCaption: true, Columns: []ui.Column{{Label: b.say("skill")}, {Label: b.say("change.level"), Numeric: true}, {Label: b.say("change.below"), Numeric: true}, {Label: b.say("change.says"), Long: true}}}
	x := b.moved(r)
	if x == nil {
		return t
	}
	for i := range x.Skills {
		m := &x.Skills[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: b.skillName(b.x.Skills[i].ID)}, {Content: b.levelChange(m.Level)}, {Content: b.shareChange(m.Below)}, {Text: b.verdictOf(m), Quiet: true}}})
	}
	return t
}

// clearChanges are the groups of a kind, with the skills in which there is a change; and how many groups have none.
func (b *board) clearChanges(kind gap.Kind) (t ui.Table, none int) {
	t = ui.Table{Caption: b.say("change.clear"), HideCaption: true, Columns: []ui.Column{{Label: b.say("group")}, {Label: b.say("skill")}, {Label: b.say("change.level"), Numeric: true}, {Label: b.say("change.below"), Numeric: true}, {Label: b.say("change.says"), Long: true}}}
	for i := range b.x.Changes.Rows {
		x := &b.x.Changes.Rows[i]
		if x.Kind != kind || kind == "" {
			continue
		}
		row := b.find(x.Function, x.Department, x.Family)
		if row == nil {
			continue
		}
		some := false
		for k := range x.Skills {
			if m := &x.Skills[k]; isClear(m.Level) || isClear(m.Below) {
				some = true
				t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: b.name(row), Href: b.groupAt(row)}, {Text: b.skillName(b.x.Skills[k].ID)}, {Content: b.levelChange(m.Level)}, {Content: b.shareChange(m.Below)}, {Text: b.verdictOf(m), Quiet: true}}})
			}
		}
		if !some {
			none++
		}
	}
	return t, none
}

func isClear(d *gap.Difference) bool { return d != nil && d.Clear }

// verdictOf says what a change tells.
func (b *board) verdictOf(m *gap.Moved) string {
	if m.Silence != gap.NotSilent {
		return b.say("silence." + string(m.Silence))
	}
	key := "change.unclear"
	if isClear(m.Level) || isClear(m.Below) {
		key = "change.is"
	}
	text := b.say(key)
	if m.Requirement {
		text += " " + b.say("change.requirement")
	}
	return text
}
