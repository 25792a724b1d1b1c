package kept

import (
	"net/http"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

type listView struct {
	words
	search string
	list   []Item
	shares []ShareItem
	any    bool // the person keeps something
}

func (s *Service) listPage(w http.ResponseWriter, r *web.Request) error {
	v := listView{words: in(r), search: r.URL.Query().Get("q")}
	all, err := s.List(r.Context(), r.Actor, "")
	if err != nil {
		return err
	}
	v.any = len(all) > 0
	for _, x := range all {
		if has(x.Title, v.search) {
			v.list = append(v.list, x)
		}
	}
	if v.shares, err = s.Shares(r.Context(), r.Actor); err != nil {
		return err
	}
	quiet(w)
	p := page(r, v.say("title"))
	p.Lead = v.say("lead")
	if v.any {
		p.Actions = []ui.Action{{Label: v.say("list.new"), Href: chatAt, Kind: ui.Quiet}}
	}
	return r.Show(w, p, listContent(v))
}

func (v *listView) table() ui.Table {
	t := ui.Table{Caption: v.say("title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.title")}, {Label: v.say("column.changed")}, {Label: v.say("column.until")}}}
	for i := range v.list {
		x := &v.list[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Title, Href: at(x.ID)}, {Text: v.moment(x.Changed)}, {Text: v.day(x.Until)}}})
	}
	return t
}

func (v *listView) shareTable() ui.Table {
	t := ui.Table{Caption: v.say("list.shares"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.title")}, {Label: v.say("column.shared")}, {Label: v.say("column.until")}}}
	for i := range v.shares {
		x := &v.shares[i]
		t.Rows = append(t.Rows, ui.Row{
			Cells:   []ui.Cell{{Text: x.Title, Href: shareAt(x.ID)}, {Text: v.moment(x.Made)}, {Text: v.day(x.Until)}},
			Actions: []ui.Action{{Label: v.say("withdraw.do"), About: x.Title, Href: shareAt(x.ID) + "/withdraw", Kind: ui.Quiet}},
		})
	}
	return t
}

func (v *listView) nothing() ui.Empty {
	return ui.Empty{Title: v.say("list.empty"), Text: v.say("list.empty-text"), Action: &ui.Action{Label: v.say("list.empty-do"), Href: chatAt, Kind: ui.Next}}
}

func (s *Service) askDeleteAll(w http.ResponseWriter, r *web.Request) error {
	list, err := s.List(r.Context(), r.Actor, "")
	if err != nil {
		return err
	}
	v := in(r)
	return r.Show(w, below(r, v.say("all.title")), ui.ConfirmForm(ui.Confirm{
		ID: "all", Title: v.say("all.title"), Text: v.n("all.text", len(list)), Cancel: home, Do: ui.Action{Label: v.say("all.do"), Kind: ui.Danger}, Form: ui.FormSpec{Action: allAt},
	}))
}

func (s *Service) deleteAll(w http.ResponseWriter, r *web.Request) error {
	if _, err := s.DeleteAll(r.Context(), r.Actor); err != nil {
		return err
	}
	return r.Redirect(w, home, notice(r, "all"))
}
