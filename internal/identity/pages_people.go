package identity

import (
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (p *pages) peopleRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /people", Action: access.ReadAccounts, Handle: p.people},
		{Pattern: "GET /people/people.csv", Action: access.ReadAccounts, Slow: true, Handle: p.peopleCSV},
		{Pattern: "GET /people/new", Action: access.ChangeAccount, Fresh: true, Handle: p.newPerson},
		{Pattern: "POST /people", Action: access.ChangeAccount, Fresh: true, Handle: p.addPerson},
		{Pattern: "GET /people/{id}", Action: access.ReadAccounts, Handle: p.person},
		{Pattern: "GET /people/{id}/edit", Action: access.ChangeAccount, Fresh: true, Handle: p.editPerson},
		{Pattern: "POST /people/{id}", Action: access.ChangeAccount, Fresh: true, Handle: p.changePerson},
		{Pattern: "GET /people/{id}/roles", Action: access.ChangeAccount, Fresh: true, Handle: p.roles},
		{Pattern: "POST /people/{id}/roles", Action: access.ChangeAccount, Fresh: true, Handle: p.setRoles},
		{Pattern: "POST /people/{id}/invite", Action: access.ChangeAccount, Fresh: true, Handle: p.invite},
		{Pattern: "GET /people/{id}/pin", Action: access.IssuePIN, Fresh: true, Handle: p.askPIN},
		{Pattern: "POST /people/{id}/pin", Action: access.IssuePIN, Fresh: true, Handle: p.issuePIN},
		{Pattern: "GET /people/{id}/block", Action: access.ChangeAccount, Handle: p.askBlock},
		{Pattern: "POST /people/{id}/block", Action: access.ChangeAccount, Handle: p.block},
		{Pattern: "POST /people/{id}/unblock", Action: access.ChangeAccount, Handle: p.unblock},
		{Pattern: "POST /people/{id}/sessions/end", Action: access.ChangeAccount, Handle: p.endPersonSessions},
		{Pattern: "GET /people/{id}/second-factor/reset", Action: access.ChangeAccount, Fresh: true, Handle: p.askResetFactor},
		{Pattern: "POST /people/{id}/second-factor/reset", Action: access.ChangeAccount, Fresh: true, Handle: p.resetFactor},
		{Pattern: "GET /people/{id}/erase", Action: access.EraseAccount, Fresh: true, Handle: p.askErase},
		{Pattern: "POST /people/{id}/erase", Action: access.EraseAccount, Fresh: true, Handle: p.erase},
	}
}

// peopleView is the list of accounts.
type peopleView struct {
	words
	query url.Values
	form  *ui.FormState
	page  Page
	table ui.Table
	may   bool
}

// queryIn reads what an address asks of the list.
func queryIn(q url.Values) Query {
	out := Query{Search: q.Get("search"), Role: access.Role(q.Get("role")), State: State(q.Get("state")), After: q.Get("after")}
	if !slices.Contains(access.Roles(), out.Role) {
		out.Role = ""
	}
	if out.State != Active && out.State != Blocked {
		out.State = ""
	}
	return out
}

func (p *pages) people(w http.ResponseWriter, r *web.Request) error {
	q := queryIn(r.URL.Query())
	list, err := p.Accounts(r.Context(), r.Actor, q)
	if err != nil {
		return err
	}
	v := peopleView{words: in(r.Lang), query: url.Values{}, page: list, may: r.Can(access.ChangeAccount)}
	for name, value := range map[string]string{"search": q.Search, "role": string(q.Role), "state": string(q.State)} {
		if value != "" {
			v.query.Set(name, value)
		}
	}
	v.form = ui.NewFormState(v.query)
	v.table = peopleTable(v.words, list.Accounts)
	pg := page(v.say("people.title"))
	pg.Lead = v.N("people.count", list.Total, map[string]string{"n": v.Int(list.Total)})
	if v.may {
		pg.Actions = []ui.Action{{Label: v.say("people.new"), Href: "/people/new"}}
	}
	return r.Show(w, pg, peopleBody(v))
}

func peopleTable(w words, list []AccountView) ui.Table {
	t := ui.Table{Caption: w.say("people.title"), HideCaption: true}
	for _, key := range []string{"label.name", "label.mail", "label.number", "people.roles", "people.state"} {
		t.Columns = append(t.Columns, ui.Column{Label: w.say(key)})
	}
	for _, a := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: a.Name, Href: "/people/" + a.ID}, {Text: orDash(a.Mail)}, {Text: orDash(a.StaffNumber)},
			{Text: roleWords(w, a.AllRoles())}, {Content: stateTag(w, a.State)},
		}})
	}
	return t
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// stateOptions are the choices of the filter.
func (v peopleView) stateOptions() []ui.Option {
	return []ui.Option{{Value: "", Label: ui.WordAll.In(v.Lang)}, {Value: string(Active), Label: v.say("state.active")}, {Value: string(Blocked), Label: v.say("state.blocked")}}
}

func (v peopleView) roleOptions() []ui.Option {
	out := []ui.Option{{Value: "", Label: ui.WordAll.In(v.Lang)}}
	for _, r := range access.Roles() {
		if r != access.Employee {
			out = append(out, ui.Option{Value: string(r), Label: v.say("role." + string(r))})
		}
	}
	return out
}

func (v peopleView) older() string {
	if v.page.Next == "" {
		return ""
	}
	q := url.Values{"after": {v.page.Next}}
	for name, values := range v.query {
		q[name] = values
	}
	return "/people?" + q.Encode()
}

func (v peopleView) csv() string {
	if len(v.query) == 0 {
		return "/people/people.csv"
	}
	return "/people/people.csv?" + v.query.Encode()
}

func (p *pages) peopleCSV(w http.ResponseWriter, r *web.Request) error {
	if !r.Can(access.ReadAccounts) {
		return say(problem.Forbidden, "forbidden")
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="people.csv"`)
	return p.ExportAccounts(r.Context(), r.Actor, queryIn(r.URL.Query()), w)
}

func (p *pages) newPerson(w http.ResponseWriter, r *web.Request) error {
	return p.showNewPerson(w, r, web.NewForm(), http.StatusOK)
}

func (p *pages) showNewPerson(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	say := in(r.Lang)
	pg := back(page(say.say("people.new")), say.say("people.title"), "/people")
	return r.Show(w, shaped(pg, state, status), personForm(say, state, "/people", AccountView{Language: r.Org.Languages[0]}, r.Org.Languages, true))
}

// accountIn reads the form of an account.
func accountIn(form url.Values) AccountInput {
	in := AccountInput{
		Name: form.Get("name"), Mail: form.Get("mail"), StaffNumber: form.Get("staffNumber"), Language: instrument.Lang(form.Get("language")),
		Version: version(form), Roles: rolesIn(form),
	}
	return in
}

func rolesIn(form url.Values) []access.Role {
	var out []access.Role
	for _, r := range form["roles"] {
		out = append(out, access.Role(r))
	}
	return out
}

func (p *pages) addPerson(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in := accountIn(form)
	a, err := p.AddAccount(r.Context(), r.Actor, in, r.Asked(form, in))
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showNewPerson(w, r, state, status)
	}
	return r.Redirect(w, "/people/"+a.ID, notice("account-added"))
}

// personView is the page of one account.
type personView struct {
	words
	account AccountView
	creds   Credentials
	made    string
	may     bool // change it
	erase   bool
	pin     bool
	self    bool
	mails   bool
}

func (p *pages) person(w http.ResponseWriter, r *web.Request) error {
	a, err := p.find(r)
	if err != nil {
		return err
	}
	rd := p.db.Of(r.Actor.Tenant)
	o, err := organisation(r.Context(), rd)
	if err != nil {
		return err
	}
	v := personView{words: in(r.Lang), account: a, self: a.ID == r.Actor.Owner, mails: p.mail != nil && a.Mail != ""}
	if v.creds, err = credentials(r.Context(), rd, a.ID); err != nil {
		return err
	}
	v.made = v.day(r, a.CreatedAt)
	v.may, v.erase = r.Can(access.ChangeAccount), r.Can(access.EraseAccount)
	v.pin = r.Can(access.IssuePIN) && mayIssue(r.Actor, o, a) == nil
	return r.Show(w, back(page(a.Name), v.say("people.title"), "/people"), personBody(v))
}

// find returns the account that the address names; an erased one is not there any more.
func (p *pages) find(r *web.Request) (AccountView, error) {
	a, err := p.Account(r.Context(), r.Actor, r.PathValue("id"))
	if err == nil && a.State == Erased {
		return a, db.ErrNoRow
	}
	return a, err
}

// below is a page below that of an account.
func below(w words, a AccountView, title string) web.Page {
	pg := page(title)
	pg.Crumbs = []ui.Link{{Label: w.say("people.title"), Href: "/people"}, {Label: a.Name, Href: "/people/" + a.ID}}
	return pg
}

func (p *pages) editPerson(w http.ResponseWriter, r *web.Request) error {
	return p.showEdit(w, r, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showEdit(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	a, err := p.find(r)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	return r.Show(w, shaped(below(say, a, say.say("people.edit")), state, status), personForm(say, state, "/people/"+a.ID, a, r.Org.Languages, false))
}

func (p *pages) changePerson(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if _, err := p.ChangeAccount(r.Context(), r.Actor, id, accountIn(form)); err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showEdit(w, r, state, status)
	}
	return r.Redirect(w, "/people/"+id, notice("account-changed"))
}

func (p *pages) roles(w http.ResponseWriter, r *web.Request) error {
	return p.showRoles(w, r, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showRoles(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	a, err := p.find(r)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	return r.Show(w, shaped(below(say, a, say.say("people.roles-title")), state, status), rolesBody(say, state, a))
}

func (p *pages) setRoles(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	before, err := p.find(r)
	if err != nil {
		return err
	}
	after, err := p.SetRoles(r.Context(), r.Actor, id, rolesIn(form), version(form))
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showRoles(w, r, state, status)
	}
	if id == r.Actor.Owner && len(after.AllRoles()) > len(before.AllRoles()) { // more may be done with it now
		if err := p.Renew(r.Context(), w, r.Request, r.Actor); err != nil {
			return err
		}
	}
	if !slices.Contains(after.AllRoles(), access.Administrator) && id == r.Actor.Owner {
		return r.Redirect(w, "/", notice("roles-set"))
	}
	return r.Redirect(w, "/people/"+id, notice("roles-set"))
}

func (p *pages) invite(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	inv, err := p.Invite(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	if inv.Mailed {
		return r.Redirect(w, "/people/"+id, notice("invited"))
	}
	shown, err := p.showLink(r, Shown{Kind: ShownLink, Account: id, Lines: []string{inv.Link}, Ends: inv.Ends, Next: "/people/" + id})
	if err != nil {
		return err
	}
	return r.Redirect(w, "/shown/"+shown, nil)
}

// showLink keeps a link for whoever made it to see.
func (p *pages) showLink(r *web.Request, v Shown) (shown string, err error) {
	err = p.db.Write(r.Context(), r.Actor.Tenant, func(sc *db.Scope) (err error) {
		shown, err = p.show(r.Context(), sc, r.Actor, v)
		return err
	})
	return shown, err
}
