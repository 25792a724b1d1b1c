package roster

import (
	"net/http"
	"net/url"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const peopleOnPage = 50

// filter is what a list of people is narrowed to, as it stands in the address.
type filter struct {
	search, unit, function string // unit and function by id
	service                store.Service
	wrong                  *ui.FormState // fields that name nothing
}

// services are the values of the field in an address.
func services() map[string]store.Service {
	return map[string]store.Service{"": store.InService, "out": store.OutOfService, "all": store.Everybody}
}

func serviceText(s store.Service) string {
	for text, v := range services() {
		if v == s {
			return text
		}
	}
	return ""
}

// filterOf reads what a list is narrowed to: a unit and a function by their id, or as somebody typed them.
func (b *board) filterOf(r *web.Request, q url.Values) filter {
	form := problem.Form{Bundle: locale()}
	f := filter{search: strings.TrimSpace(q.Get("q")), service: services()[q.Get("service")]}
	f.unit, f.function = b.pickUnit(strings.TrimSpace(q.Get("unit")), "unit", &form), b.pickFunction(strings.TrimSpace(q.Get("function")), "function", &form)
	shown := url.Values{"q": {f.search}, "unit": {q.Get("unit")}, "function": {q.Get("function")}, "service": {serviceText(f.service)}}
	if f.unit != "" {
		shown.Set("unit", b.unitLabel(f.unit))
	}
	if f.function != "" {
		shown.Set("function", b.functionLabel(f.function))
	}
	f.wrong = &ui.FormState{ID: "search", Values: shown}
	if p, is := problem.Of(form.Err()); is {
		for _, field := range p.Fields {
			f.wrong.Fail(field.Name, field.In(r.Lang))
		}
	}
	return f
}

// query is what the store is asked.
func (f filter) query(b *board) store.Query {
	q := store.Query{Search: f.search, Function: f.function, Service: f.service, Limit: peopleOnPage}
	if f.unit != "" {
		q.Units = b.within(f.unit)
	}
	return q
}

// values is the filter as it stands in an address.
func (f filter) values() url.Values {
	v := url.Values{}
	for key, text := range map[string]string{"q": f.search, "unit": f.unit, "function": f.function, "service": serviceText(f.service)} {
		if text != "" {
			v.Set(key, text)
		}
	}
	return v
}

func (f filter) link(path string, more ...string) string {
	v := f.values()
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (f filter) narrow() bool { return len(f.values()) > 0 }

// listView is a page of people.
type listView struct {
	filter filter
	table  ui.Table
	b      *board
	pager  ui.Pager
	empty  bool // the organisation has nobody
	words
}

func (x *Roster) list(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	v := listView{filter: b.filterOf(r, r.URL.Query()), b: b, words: say}
	p := page(r, say.say("list.title"))
	p.Lead = say.say("list.lead")
	if !v.filter.wrong.OK() {
		p.Status, p.Invalid = http.StatusUnprocessableEntity, true
		return r.Show(w, p, listPage(v))
	}
	q := v.filter.query(b)
	q.After = r.URL.Query().Get("after")
	found, err := x.Search(r.Context(), r.Actor, q)
	if err != nil {
		return err
	}
	v.table = say.peopleTable(b, found.People, "/staff/list/")
	v.empty = len(found.People) == 0 && !v.filter.narrow() && len(b.units) == 0
	if q.After != "" {
		v.pager.Newer = v.filter.link("/staff/list")
	}
	if found.Next != "" {
		v.pager.Older = v.filter.link("/staff/list", "after", found.Next)
	}
	if len(found.People) > 0 {
		p.Actions = []ui.Action{{Label: say.say("list.export"), Href: v.filter.link("/staff/list/export"), Kind: ui.Quiet}}
	}
	return r.Show(w, p, listPage(v))
}

// peopleTable is people with where they work; base is before their id in the address of their page.
func (w words) peopleTable(b *board, list []people.Person, base string) ui.Table {
	t := ui.Table{Caption: w.say("list.title"), HideCaption: true, Columns: []ui.Column{{Label: w.say("what.person")}, {Label: w.say("what.unit")}, {Label: w.say("what.function")}, {Label: w.say("what.fte"), Numeric: true}}}
	for i := range list {
		p := &list[i]
		row := ui.Row{Cells: []ui.Cell{{Text: p.Name(), Href: base + p.ID}, {}, {}, {}}}
		if len(p.Posts) == 0 {
			row.Cells[1] = ui.Cell{Text: w.say("list.no-post"), Quiet: true}
		}
		if p.Out {
			row.Cells[1] = ui.Cell{Text: w.say("list.out"), Quiet: true}
		}
		if len(p.Posts) > 0 {
			main := &p.Posts[0]
			row.Cells[1], row.Cells[2], row.Cells[3] = w.known(main.Unit, b.unitName(main.Unit)), w.known(main.Function, b.functionName(main.Function)), ui.Cell{Text: w.share(main.FTE)}
			if len(p.Posts) > 1 {
				row.Cells[2].Text = w.T("list.more-posts", i18n.Args{"function": row.Cells[2].Text, "n": w.Int(len(p.Posts) - 1)})
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v listView) service() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "service", Label: v.say("list.service")}}
	for _, text := range []string{"", "out", "all"} {
		key := text
		if key == "" {
			key = "in"
		}
		c.Options = append(c.Options, ui.Option{Value: text, Label: v.say("list.service-" + key)})
	}
	return c
}

// personView is the page of a person.
type personView struct {
	people.Person
	b       *board
	facts   []ui.Fact
	posts   ui.Table
	history ui.Table
	base    string
	words
}

func (x *Roster) person(w http.ResponseWriter, r *web.Request) error {
	return x.showPerson(w, r, "/staff/list/")
}

func (x *Roster) teamPerson(w http.ResponseWriter, r *web.Request) error {
	return x.showPerson(w, r, "/staff/team/")
}

// showPerson shows a person without birth year and number. It is noted as seen, for HR as well as for who leads the person.
func (x *Roster) showPerson(w http.ResponseWriter, r *web.Request, base string) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	found, err := x.Person(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	say := in(r)
	v := personView{Person: found, b: b, base: base, words: say}
	names, err := x.names(r.Context(), x.read(r), b.at, v.Manager)
	if err != nil {
		return err
	}
	v.facts, v.posts = v.factsOf(names[v.Manager]), v.postsTable()
	p := page(r, v.Name(), say.link("list.title", "/staff/list"))
	if base == "/staff/team/" {
		p = page(r, v.Name(), say.link("team.title", "/staff/team"))
	}
	back, err := x.undone(r, say)
	if err != nil {
		return err
	}
	p.Notices = append(back, ui.Notice{Title: say.say("person.noted-title"), Text: say.say("person.noted")})
	if base == "/staff/list/" {
		if v.history, err = x.postHistory(r, b, v.ID); err != nil {
			return err
		}
		if r.Can(access.ChangePeople) {
			p.Actions = append(p.Actions, ui.Action{Label: say.say("person.move"), Href: base + v.ID + "/move"})
		}
		if r.Can(access.ReadPersonFile) {
			p.Actions = append(p.Actions, ui.Action{Label: say.say("person.file"), Href: base + v.ID + "/file", Kind: ui.Quiet})
		}
	}
	return r.Show(w, p, personPage(v))
}

func (v personView) factsOf(manager string) []ui.Fact {
	service := v.span(v.Span)
	if v.Out {
		service = v.T("person.out", i18n.Args{"span": service})
	}
	out := []ui.Fact{{Term: v.say("person.service"), Text: service}}
	if len(v.Posts) > 0 && v.Posts[0].Unit != "" {
		out = append(out, ui.Fact{Term: v.say("person.path"), Text: strings.Join(v.b.path(v.Posts[0].Unit), step)})
	}
	switch {
	case v.Manager == "":
		manager = v.say("person.no-manager")
	case manager == "":
		manager = v.say("nobody-known")
	}
	out = append(out, ui.Fact{Term: v.say("what.manager"), Text: manager})
	for _, f := range []field{{"mail", v.Mail}, {"site", v.Site}, {"shift", v.Shift}} {
		if f.value != "" {
			out = append(out, ui.Fact{Term: v.say("what." + f.key), Text: f.value})
		}
	}
	if v.Language != "" {
		out = append(out, ui.Fact{Term: v.say("what.language"), Text: v.language(v.Language)})
	}
	return out
}

func (v personView) postsTable() ui.Table {
	t := ui.Table{Caption: v.say("person.posts"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.function")}, {Label: v.say("what.unit")}, {Label: v.say("what.fte"), Numeric: true}, {Label: v.say("what.statute")}, {Label: v.say("what.span")}}}
	for i := range v.Posts {
		p := &v.Posts[i]
		function, unit := v.known(p.Function, v.b.functionName(p.Function)), v.known(p.Unit, v.b.unitName(p.Unit))
		if v.base == "/staff/list/" {
			if p.Function != "" && function.Text != "" {
				function.Href = "/staff/functions/" + p.Function
			}
			if p.Unit != "" && unit.Text != "" {
				unit.Href = "/staff/units/" + p.Unit
			}
		}
		if len(v.Posts) > 1 && p.Main {
			function.Text += " (" + v.say("post.main") + ")"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{function, unit, {Text: v.share(p.FTE)}, {Text: p.Statute}, {Text: v.span(p.Span)}}})
	}
	return t
}

// postHistory is how the posts of a person changed, the newest first.
func (x *Roster) postHistory(r *web.Request, b *board, person string) (ui.Table, error) {
	say := in(r)
	ids, err := store.PostsEver(r.Context(), x.read(r), person)
	if err != nil {
		return ui.Table{}, err
	}
	var all []event
	for _, id := range ids {
		versions, err := store.History[org.Post](r.Context(), x.read(r), id)
		if err != nil {
			return ui.Table{}, err
		}
		for _, e := range events(say, versions, b.postFields(say)) {
			if len(ids) > 1 {
				if name := b.functionName(versions[0].Row.Function); name != "" {
					e.said = append([]string{name}, e.said...)
				}
			}
			all = append(all, e)
		}
	}
	sortEvents(all)
	return x.historyTable(r.Context(), r, say, all)
}

// moveView is the form with which somebody gets another place.
type moveView struct {
	person         people.Person
	unit, function string // labels
	b              *board
	form           *ui.FormState
	words
}

func (x *Roster) askMove(w http.ResponseWriter, r *web.Request) error {
	return x.moveForm(w, r, http.StatusOK, web.NewForm())
}

func (x *Roster) moveForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	found, err := x.Person(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	say := in(r)
	v := moveView{person: found, b: b, form: form, words: say}
	if len(found.Posts) > 0 {
		v.unit, v.function = b.unitLabel(found.Posts[0].Unit), b.functionLabel(found.Posts[0].Function)
	}
	p := page(r, say.T("move.title", i18n.Args{"name": found.Name()}), say.link("list.title", "/staff/list"), ui.Link{Label: found.Name(), Href: "/staff/list/" + found.ID})
	p.Lead, p.Status, p.Invalid = say.say("move.lead"), status, !form.OK()
	return r.Show(w, p, movePage(v))
}

func (x *Roster) move(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	wrong := problem.Form{Bundle: locale()}
	unit, function := b.pickUnit(form.Get("unit"), "unit", &wrong), b.pickFunction(form.Get("function"), "function", &wrong)
	if err = wrong.Err(); err == nil {
		var posts []org.Post
		if posts, err = store.PostsOf(r.Context(), x.read(r), b.at, id); err != nil {
			return err
		}
		if len(posts) == 0 || posts[0].Unit != unit || posts[0].Function != function { // what is so already needs no change
			err = x.PlacePerson(r.Context(), r.Actor, id, unit, function, at(form.Get("at")))
		}
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.moveForm(w, r, status, state) })
	}
	return r.Redirect(w, "/staff/list/"+id, r.Notice(noticeBundle, "notice.moved"))
}

// fileView asks for what birth year and number are needed, and shows them once.
type fileView struct {
	person people.Person
	form   *ui.FormState
	words
}

func (x *Roster) askFile(w http.ResponseWriter, r *web.Request) error {
	return x.fileForm(w, r, http.StatusOK, web.NewForm())
}

func (x *Roster) fileForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	found, err := x.Person(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := x.filePage(r, &found, "file.title")
	p.Lead, p.Status, p.Invalid = in(r).say("file.lead"), status, !form.OK()
	return r.Show(w, p, filePage(fileView{found, form, in(r)}))
}

func (*Roster) filePage(r *web.Request, who *people.Person, key string) web.Page {
	say := in(r)
	return page(r, say.T(key, i18n.Args{"name": who.Name()}), say.link("list.title", "/staff/list"), ui.Link{Label: who.Name(), Href: "/staff/list/" + who.ID})
}

// file shows birth year and number in the answer to the form alone: the page cannot be loaded again without asking again.
func (x *Roster) file(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	open, err := x.File(r.Context(), r.Actor, r.PathValue("id"), form.Get("purpose"))
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.fileForm(w, r, status, state) })
	}
	w.Header().Set("Cache-Control", "no-store")
	return r.Show(w, x.filePage(r, &open, "file.open-title"), openPage(fileView{open, nil, in(r)}))
}

func (v fileView) facts() []ui.Fact {
	number, year, hidden := v.person.Number, v.say("unknown"), v.say("file.hidden-no")
	if number == "" {
		number = v.say("unknown")
	}
	if v.person.BirthYear != 0 {
		year = itoa(v.person.BirthYear)
	}
	if v.person.Hidden != "" {
		hidden = v.say("file.hidden-yes")
	}
	return []ui.Fact{{Term: v.say("what.number"), Text: number}, {Term: v.say("what.birth"), Text: year}, {Term: v.say("what.national"), Text: hidden}}
}

// teamView is the people whom somebody leads.
type teamView struct {
	table ui.Table
	pager ui.Pager
	words
}

func (x *Roster) team(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	after := r.URL.Query().Get("after")
	found, err := x.Team(r.Context(), r.Actor, store.Query{Limit: peopleOnPage, After: after})
	if err != nil {
		return err
	}
	say := in(r)
	v := teamView{table: say.peopleTable(b, found.People, "/staff/team/"), words: say}
	v.table.Columns = v.table.Columns[:3] // a team needs no parts of full time
	for i := range v.table.Rows {
		v.table.Rows[i].Cells = v.table.Rows[i].Cells[:3]
	}
	if after != "" {
		v.pager.Newer = "/staff/team"
	}
	if found.Next != "" {
		v.pager.Older = "/staff/team?" + url.Values{"after": {found.Next}}.Encode()
	}
	p := page(r, say.say("team.title"))
	p.Lead = say.say("team.lead")
	return r.Show(w, p, teamPage(v))
}
