package desk

import (
	"net/http"
	"slices"

	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// perPage is how many imports or revisions stand on a page.
const perPage = 50

// importsView is the list of files that came in, and the sources that they come from.
type importsView struct {
	w       words
	sources []store.Source
	list    []row
	pager   ui.Pager
	first   bool // the first page of the list
}

// row is an import with words about it.
type row struct {
	store.Import
	source, by, when, state, did string
}

func (d *Desk) imports(w http.ResponseWriter, r *web.Request) error {
	before := r.URL.Query().Get("before")
	list, err := d.People.Imports(r.Context(), r.Actor, store.ImportQuery{Before: before, Limit: perPage + 1})
	if err != nil {
		return err
	}
	say := in(r.Lang)
	v := importsView{w: say, first: before == ""}
	if len(list) > perPage {
		list = list[:perPage]
		v.pager.Older = importsAt + "?before=" + list[perPage-1].ID
	}
	if before != "" {
		v.pager.Newer = importsAt
	}
	if v.sources, err = d.People.Sources(r.Context(), r.Actor); err != nil {
		return err
	}
	if v.list, err = d.listed(r, say, list, v.sources); err != nil {
		return err
	}
	p := page(r, say.say("imports.title"))
	p.Lead = say.say("imports.lead")
	if len(list) > 0 {
		p.Actions = []ui.Action{{Label: say.say("bring.do"), Href: importsAt + "/new", Kind: ui.Next}}
	}
	return r.Show(w, p, importsPage(v))
}

// listed puts imports into words.
func (d *Desk) listed(r *web.Request, say words, list []store.Import, sources []store.Source) ([]row, error) {
	who := d.who(r, say)
	var out []row
	for i := range list {
		v := &list[i]
		x := row{Import: *v, when: say.Moment(r.Local(v.Created)), state: say.say("state." + string(v.State))}
		if at := slices.IndexFunc(sources, func(s store.Source) bool { return s.ID == v.Source }); at >= 0 {
			x.source = sources[at].Name
		}
		var err error
		if x.by, err = who.name(v.Account); err != nil {
			return nil, err
		}
		if c := people.CountsOf(v); c != nil {
			x.did = say.few(c.People.Added, c.People.Changed, c.People.Gone, c.People.Back)
		}
		out = append(out, x)
	}
	return out, nil
}

func (v importsView) table() ui.Table {
	t := ui.Table{Caption: v.w.say("imports.caption"), HideCaption: true, Columns: []ui.Column{{Label: v.w.say("imports.file")}, {Label: v.w.say("imports.source")}, {Label: v.w.say("imports.state")},
		{Label: v.w.say("imports.did"), Long: true}, {Label: v.w.say("imports.when")}, {Label: v.w.say("imports.by")}}}
	for i := range v.list {
		x := &v.list[i]
		did := ui.Cell{Text: x.did}
		if x.did == "" {
			did = ui.Cell{Text: "–", Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.FileName, Href: importAt(x.ID)}, {Text: x.source}, {Content: ui.Tag(tone(x.State), x.state)}, did, {Text: x.when}, {Text: x.by}}})
	}
	return t
}

func (v importsView) sourceTable() ui.Table {
	t := ui.Table{Caption: v.w.say("source.caption"), HideCaption: true, Columns: []ui.Column{{Label: v.w.say("source.single")}, {Label: v.w.say("source.complete-short"), Long: true}, {Label: v.w.say("source.prefix-short")}, {Label: v.w.say("source.folder")}}}
	for i := range v.sources {
		s := &v.sources[i]
		folder, prefix := ui.Cell{Text: s.Folder}, ui.Cell{Text: s.Prefix}
		for _, c := range []*ui.Cell{&folder, &prefix} {
			if c.Text == "" {
				*c = ui.Cell{Text: "–", Quiet: true}
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Name, Href: sourcesAt + "/" + s.ID}, {Text: v.w.say("bring.complete-" + yesNo(s.Complete))}, prefix, folder},
			Actions: []ui.Action{{Label: v.w.say("bring.do"), Href: importsAt + "/new?source=" + s.ID}}})
	}
	return t
}

func (v importsView) empty() ui.Empty {
	return ui.Empty{Title: v.w.say("imports.empty"), Text: v.w.say("imports.empty-text"), Action: &ui.Action{Label: v.w.say("bring.first"), Href: importsAt + "/new", Kind: ui.Next}}
}
