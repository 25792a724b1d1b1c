package roster

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const functionsOnPage = 100

// functionsView is the catalogue.
type functionsView struct {
	table   ui.Table
	total   int // in the catalogue
	found   int
	search  string
	lacking string // shows those that lack something
	pager   ui.Pager
	words
}

func (x *Roster) functions(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	q := r.URL.Query()
	v := functionsView{words: say, search: strings.TrimSpace(q.Get("q")), lacking: q.Get("lacks")}
	var found []int
	search := strings.ToLower(v.search)
	for i := range b.functions {
		f := &b.functions[i]
		if !f.On(b.day) {
			continue
		}
		v.total++
		if search != "" && !strings.Contains(strings.ToLower(f.Name+" "+f.Family), search) && !strings.EqualFold(f.Code, search) && f.ISCO != search {
			continue
		}
		if v.lacking == "level" && f.Level != "" || v.lacking == "work" && f.Work != "" {
			continue
		}
		found = append(found, i)
	}
	v.found = len(found)
	if v.lacking != "" { // those that most people have come first: there mending helps most
		slices.SortStableFunc(found, func(i, j int) int { return of(b.has, b.functions[j].ID).people - of(b.has, b.functions[i].ID).people })
	}
	from := min(max(0, int(at(q.Get("from")))), len(found))
	to := min(from+functionsOnPage, len(found))
	v.table = v.tableOf(b, found[from:to])
	if to < len(found) || from > 0 {
		v.pager = v.pagerOf(from, to, len(found))
	}
	p := page(r, say.say("functions.title"))
	p.Lead = say.say("functions.lead")
	p.Actions = []ui.Action{{Label: say.say("titles.title"), Href: "/staff/titles", Kind: ui.Quiet}}
	if r.Can(access.ChangePeople) {
		p.Actions = append(p.Actions, ui.Action{Label: say.say("functions.new"), Href: "/staff/functions/new", Kind: ui.Quiet})
	}
	return r.Show(w, p, functionsPage(v))
}

func (v functionsView) link(from int) string {
	q := url.Values{}
	for key, text := range map[string]string{"q": v.search, "lacks": v.lacking} {
		if text != "" {
			q.Set(key, text)
		}
	}
	if from > 0 {
		q.Set("from", itoa(from))
	}
	if len(q) == 0 {
		return "/staff/functions"
	}
	return "/staff/functions?" + q.Encode()
}

func (v functionsView) pagerOf(from, to, all int) ui.Pager {
	p := ui.Pager{Text: v.T("range", i18n.Args{"from": v.Int(from + 1), "to": v.Int(to), "all": v.Int(all)})}
	if from > 0 {
		p.Newer = v.link(max(0, from-functionsOnPage))
	}
	if to < all {
		p.Older = v.link(to)
	}
	return p
}

func (v functionsView) tableOf(b *board, list []int) ui.Table {
	t := ui.Table{Caption: v.say("functions.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.function")}, {Label: v.say("what.family")}, {Label: v.say("what.level")},
		{Label: v.say("what.work")}, {Label: v.say("what.isco")}, {Label: v.say("column.people"), Numeric: true}}}
	for _, i := range list {
		f := &b.functions[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Name, Href: "/staff/functions/" + f.ID}, {Text: f.Family}, v.known(string(f.Level), string(f.Level)), v.known(string(f.Work), v.work(f.Work)), {Text: f.ISCO},
			{Text: v.Int(of(b.has, f.ID).people)}}})
	}
	return t
}

// known is a cell with a text, or one that says that it is not known.
func (w words) known(value, text string) ui.Cell {
	if value == "" {
		return ui.Cell{Text: w.say("unknown"), Quiet: true}
	}
	return ui.Cell{Text: text}
}

func (w words) work(k org.Work) string {
	if k == "" {
		return w.say("unknown")
	}
	return w.say("work." + string(k))
}

func (v functionsView) searchForm() *ui.FormState {
	return &ui.FormState{ID: "search", Values: url.Values{"q": {v.search}, "lacks": {v.lacking}}}
}

func (v functionsView) lacks() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "lacks", Label: v.say("functions.lacks")}, Options: []ui.Option{{Value: "", Label: v.say("functions.lacks-any")}, {Value: "level", Label: v.say("functions.lacks-level")}, {Value: "work", Label: v.say("functions.lacks-work")}}}
}

// functionView is the page of a function.
type functionView struct {
	fn      *org.Function
	facts   []ui.Fact
	where   ui.Table
	more    int // units that are not listed
	history ui.Table
	b       *board
	changes bool
	words
}

func (x *Roster) function(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	i, ok := b.function[id]
	if !ok {
		return db.ErrNoRow
	}
	say := in(r)
	v := functionView{fn: &b.functions[i], b: b, words: say, changes: r.Can(access.ChangePeople)}
	versions, err := store.History[org.Function](r.Context(), x.read(r), id)
	if err != nil {
		return err
	}
	if v.history, err = x.historyTable(r.Context(), r, say, events(say, versions, functionFields(say))); err != nil {
		return err
	}
	v.facts = v.factsOf()
	v.where, v.more = v.whereTable()
	p := page(r, v.fn.Name, say.link("functions.title", "/staff/functions"))
	p.Kicker = v.fn.Family
	if p.Notices, err = x.told(r, say); err != nil {
		return err
	}
	p.Actions = []ui.Action{{Label: say.say("function.people"), Href: "/staff/list?function=" + url.QueryEscape(id), Kind: ui.Quiet}}
	if v.changes {
		p.Actions = append([]ui.Action{{Label: say.say("function.edit"), Href: "/staff/functions/" + id + "/edit"}}, p.Actions...)
	}
	return r.Show(w, p, functionPage(v))
}

func (v functionView) factsOf() []ui.Fact {
	f := v.fn
	level := string(f.Level)
	if level == "" {
		level = v.say("unknown")
	}
	out := []ui.Fact{{Term: v.say("column.people"), Text: v.people(of(v.b.has, f.ID))}, {Term: v.say("what.level"), Text: level}, {Term: v.say("what.work"), Text: v.work(f.Work)},
		{Term: v.say("function.holds"), Text: v.span(f.Span)}}
	for _, more := range []field{{"family", f.Family}, {"isco", f.ISCO}, {"code", f.Code}} {
		if more.value != "" {
			out = append(out, ui.Fact{Term: v.say("what." + more.key), Text: more.value})
		}
	}
	return out
}

// whereTable is the units where a function occurs, with how many people.
func (v functionView) whereTable() (ui.Table, int) {
	t := ui.Table{Caption: v.say("function.where"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.unit")}, {Label: v.say("column.people"), Numeric: true}}}
	var list []store.Tally
	for _, y := range v.b.tallies {
		if y.Function == v.fn.ID && y.People > 0 {
			list = append(list, y)
		}
	}
	slices.SortStableFunc(list, func(a, b store.Tally) int { return b.People - a.People })
	const most = 50
	for _, y := range list[:min(len(list), most)] {
		cell := ui.Cell{Text: v.b.unitLabel(y.Unit), Href: "/staff/units/" + y.Unit}
		if cell.Text == "" {
			cell = ui.Cell{Text: v.say("no-unit"), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: v.Int(y.People)}}})
	}
	return t, max(0, len(list)-most)
}

// functionForm is a form of a function.
type functionForm struct {
	fn   org.Function
	b    *board
	form *ui.FormState
	words
}

func (x *Roster) askNewFunction(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	return x.functionForm(w, r, http.StatusOK, b, &org.Function{}, web.NewForm())
}

func (x *Roster) functionForm(w http.ResponseWriter, r *web.Request, status int, b *board, f *org.Function, form *ui.FormState) error {
	say := in(r)
	above := []ui.Link{say.link("functions.title", "/staff/functions")}
	p := page(r, say.say("function.new-title"), above...)
	if f.ID != "" {
		name := b.functionName(f.ID)
		p = page(r, say.T("function.edit-title", i18n.Args{"name": name}), append(above, ui.Link{Label: name, Href: "/staff/functions/" + f.ID})...)
	}
	p.Lead, p.Status, p.Invalid = say.say("function.edit-lead"), status, !form.OK()
	return r.Show(w, p, functionFormPage(functionForm{*f, b, form, say}))
}

func (x *Roster) editedFunction(r *web.Request) (*board, *org.Function, error) {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return nil, nil, err
	}
	i, ok := b.function[r.PathValue("id")]
	if !ok {
		return nil, nil, db.ErrNoRow
	}
	return b, &b.functions[i], nil
}

func (x *Roster) askFunction(w http.ResponseWriter, r *web.Request) error {
	b, f, err := x.editedFunction(r)
	if err != nil {
		return err
	}
	return x.functionForm(w, r, http.StatusOK, b, f, web.NewForm())
}

func functionInput(form url.Values, was org.Function) (org.Function, error) {
	wrong := problem.Form{Bundle: locale()}
	f := was
	f.Name, f.Code, f.Family, f.ISCO = form.Get("name"), form.Get("code"), form.Get("family"), form.Get("isco")
	f.Level, f.Work = org.Level(form.Get("level")), org.Work(form.Get("work"))
	f.From, f.To = dayField(form, "from", &wrong), dayField(form, "to", &wrong)
	if !f.Possible() {
		wrong.Wrong("to", "pick.span", nil)
	}
	return f, wrong.Err()
}

func (x *Roster) addFunction(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	f, err := functionInput(form, org.Function{})
	made := ""
	if err == nil {
		made, err = x.AddFunction(r.Context(), r.Actor, f, r.Asked(form, f))
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error {
			return x.functionForm(w, r, status, b, &org.Function{}, state)
		})
	}
	return r.Redirect(w, "/staff/functions/"+made, r.Notice(noticeBundle, "notice.kept"))
}

func (x *Roster) putFunction(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, was, err := x.editedFunction(r)
	if err != nil {
		return err
	}
	f, err := functionInput(form, *was)
	if err == nil && f != *was {
		_, err = x.PutFunction(r.Context(), r.Actor, f, at(form.Get("at")))
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.functionForm(w, r, status, b, was, state) })
	}
	return r.Redirect(w, "/staff/functions/"+f.ID, r.Notice(noticeBundle, "notice.kept"))
}

func (f functionForm) action() string {
	if f.fn.ID == "" {
		return "/staff/functions"
	}
	return "/staff/functions/" + f.fn.ID + "/edit"
}

func (f functionForm) levels() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "level", Label: f.say("what.level"), Hint: f.say("function.level-hint")}, Chosen: []string{string(f.fn.Level)}, Options: []ui.Option{{Value: "", Label: f.say("unknown")}}}
	for _, l := range org.Levels() {
		c.Options = append(c.Options, ui.Option{Value: string(l), Label: string(l)})
	}
	return c
}

func (f functionForm) works() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "work", Label: f.say("what.work"), Hint: f.say("function.work-hint")}, Chosen: []string{string(f.fn.Work)}}
	for _, k := range []org.Work{org.WorkUnknown, org.Desk, org.Field, org.Both} {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: f.work(k)})
	}
	return c
}

// families are those that the catalogue knows.
func (f functionForm) families() []string {
	var out []string
	for i := range f.b.functions {
		if name := f.b.functions[i].Family; name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
