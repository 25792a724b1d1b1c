// Package gateway is what an administrator sees of the directory that keeps accounts and people up to date by SCIM: what to fill in
// there, what came of it, and which roles its groups give. It also says what is held about people because of it.
package gateway

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package, also for the log.
func Locale() *i18n.Bundle { return locale() }

// Keys is what an organisation has of keys with which a directory can sign in.
type Keys struct {
	Count int       // that work now
	Used  time.Time // when one was last used, to the minute; zero for never
	Ends  time.Time // when the last one stops working
}

// Accounts tells of accounts what the pages show.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
	// Keys returns the keys with the scope access.SyncPeople.
	Keys(ctx context.Context, r db.Reader) (Keys, error)
}

// Dependencies of the pages.
type Dependencies struct {
	DB       *db.DB
	Registry *scim.Registry
	Accounts Accounts
	// RoleName says what a role is called.
	RoleName func(lang instrument.Lang, role access.Role) string
}

// Gateway is the pages.
type Gateway struct{ Dependencies }

// New returns the pages.
func New(d Dependencies) *Gateway { return &Gateway{d} }

const (
	noticeBundle = "directory"
	home         = "/staff/directory"
)

// AddTo makes the pages, their line in the menu and their notices known to a server.
func (g *Gateway) AddTo(server *web.Server) error {
	server.AddMenu(web.MenuItem{Href: home, Label: say("menu"), Action: access.SyncPeople})
	server.AddNotices(noticeBundle, locale())
	return server.Add(
		web.Route{Pattern: "GET " + home, Action: access.SyncPeople, Handle: g.show},
		web.Route{Pattern: "GET " + home + "/roles", Action: access.SyncPeople, Fresh: true, Handle: g.roles},
		web.Route{Pattern: "POST " + home + "/roles", Action: access.SyncPeople, Fresh: true, Handle: g.addRole},
		web.Route{Pattern: "POST " + home + "/roles/remove", Action: access.SyncPeople, Fresh: true, Handle: g.removeRole},
	)
}

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

func say(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// The lengths of what is shown.
const (
	mostEvents = 20
	mostGroups = 200
)

// view is what the page shows.
type view struct {
	words
	*scim.Overview
	keys    Keys
	address string
	roles   []scim.GroupRole
	groups  []scim.Group
	names   map[string]string // of accounts
	role    func(access.Role) string
	local   func(time.Time) time.Time
}

func (g *Gateway) show(w http.ResponseWriter, r *web.Request) error {
	ctx, reader := r.Context(), g.DB.Of(r.Actor.Tenant)
	o, err := g.Registry.Overview(ctx, r.Actor, mostEvents)
	if err != nil {
		return err
	}
	v := view{words: in(r.Lang), Overview: &o, address: r.Absolute(scim.Prefix), names: map[string]string{}, local: r.Local}
	v.role = func(x access.Role) string { return g.RoleName(r.Lang, x) }
	if v.roles, err = g.Registry.GroupRoles(ctx, r.Actor); err != nil {
		return err
	}
	if v.groups, err = g.Registry.Groups(ctx, r.Actor, mostGroups); err != nil {
		return err
	}
	if v.keys, err = g.Accounts.Keys(ctx, reader); err != nil {
		return err
	}
	for _, account := range v.accounts() {
		if v.names[account], err = g.Accounts.Name(ctx, reader, account); err != nil {
			return err
		}
	}
	p := web.Page{Page: ui.Page{Title: v.say("title"), Lead: v.say("lead")}}
	return r.Show(w, p, directoryPage(v))
}

// accounts are those that the lists name.
func (v view) accounts() []string {
	var out []string
	for _, e := range v.Ends {
		out = append(out, e.Account)
	}
	for _, e := range v.Refused {
		out = append(out, e.Account)
	}
	return out
}

// fresh tells whether the directory never said anything.
func (v view) fresh() bool { return v.Changed.IsZero() }

func (v view) moment(t time.Time) string {
	if t.IsZero() {
		return v.say("never")
	}
	return v.Moment(v.local(t))
}

// facts are how the directory stands.
func (v view) facts() []ui.Fact {
	users := v.Int(v.Users)
	if v.Off > 0 {
		users = v.N("users-off", v.Off, i18n.Args{"n": v.Int(v.Users), "off": v.Int(v.Off)})
	}
	keys := v.say("keys-none")
	if v.keys.Count > 0 {
		keys = v.N("keys-some", v.keys.Count, i18n.Args{"n": v.Int(v.keys.Count), "until": v.Date(v.local(v.keys.Ends))})
	}
	spoke := v.keys.Used
	if v.Changed.After(spoke) { // that a key was used is kept some time later
		spoke = v.Changed
	}
	facts := []ui.Fact{
		{Term: v.say("fact.spoke"), Text: v.moment(spoke)}, {Term: v.say("fact.changed"), Text: v.moment(v.Changed)}, {Term: v.say("fact.users"), Text: users},
	}
	if v.Without > 0 {
		facts = append(facts, ui.Fact{Term: v.say("fact.without"), Text: v.T("without", i18n.Args{"n": v.Int(v.Without)})})
	}
	return append(facts, ui.Fact{Term: v.say("fact.groups"), Text: v.Int(v.Groups)}, ui.Fact{Term: v.say("fact.keys"), Text: keys})
}

// person is the cell of an account.
func (v view) person(account string) ui.Cell {
	switch name := v.names[account]; {
	case account == "":
		return ui.Cell{Text: v.say("no-account"), Quiet: true}
	case name == "":
		return ui.Cell{Text: v.say("erased"), Quiet: true}
	default:
		return ui.Cell{Text: name, Href: "/people/" + account}
	}
}

func (v view) ends() ui.Table {
	t := ui.Table{Caption: v.say("ends.title"), HideCaption: true, Columns: v.columns("ends.who", "ends.what", "ends.when")}
	for _, e := range v.Ends {
		what := "ends.off"
		if e.Out {
			what = "ends.out"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{v.person(e.Account), {Text: v.say(what)}, {Text: v.moment(e.At)}}})
	}
	return t
}

func (v view) refusals() ui.Table {
	t := ui.Table{Caption: v.say("refused.title"), HideCaption: true, Columns: v.columns("ends.who", "refused.why", "ends.when")}
	t.Columns[1].Long = true
	for _, e := range v.Refused {
		why := "refusal.somebody"
		if key := "refusal." + e.Why; v.Has(key) {
			why = key
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{v.person(e.Account), {Text: v.say(why)}, {Text: v.moment(e.At)}}})
	}
	return t
}

func (v view) columns(keys ...string) []ui.Column {
	var out []ui.Column
	for _, key := range keys {
		out = append(out, ui.Column{Label: v.say(key)})
	}
	return out
}

// rolesTable lists which roles groups give. An id stands with the name of its group where the directory sent it.
func rolesTable(w words, list []scim.GroupRole, groups []scim.Group, role func(access.Role) string, remove bool) ui.Table {
	t := ui.Table{Caption: w.say("roles.title"), HideCaption: true}
	for _, key := range []string{"roles.group", "roles.by", "roles.role"} {
		t.Columns = append(t.Columns, ui.Column{Label: w.say(key)})
	}
	if remove {
		t.Columns = append(t.Columns, ui.Column{Label: ui.WordActions.In(w.Lang)})
	}
	for _, x := range list {
		name := x.Group
		if at := slices.IndexFunc(groups, func(y scim.Group) bool { return x.By == scim.ByExternalID && y.ExternalID == x.Group }); at >= 0 {
			name = groups[at].Name + " (" + x.Group + ")"
		}
		row := ui.Row{Cells: ui.Texts(name, w.say("by."+string(x.By)), role(x.Role))}
		if remove {
			row.Cells = append(row.Cells, ui.Cell{Content: ui.PostButton(ui.FormSpec{Action: home + "/roles/remove", Hidden: []ui.NameValue{
				{Name: "by", Value: string(x.By)}, {Name: "group", Value: x.Group}, {Name: "role", Value: string(x.Role)}}},
				ui.Action{Label: w.say("roles.remove"), About: x.Group, Kind: ui.Quiet})})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// line reads a line of the table from a form.
func line(get func(string) string) scim.GroupRole {
	return scim.GroupRole{By: scim.By(get("by")), Group: contact.Line(get("group")), Role: access.Role(get("role"))}
}
