package desk

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/ownuse"
	"tekentafel/internal/gateway/policy"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// site is the pages behind a server, and what they stand on.
type site struct {
	*Desk
	t      testing.TB
	server *web.Server
	at     time.Time
	where  map[string][]string
	listed []limits.Unit
	list   *price.List
	n      int
}

func actorOf(o tenant.ID, who string) access.Actor {
	role, _, _ := strings.Cut(who, "-two")
	return access.Actor{Kind: access.Person, Tenant: o, ID: who, Owner: who, Roles: []access.Role{access.Role(role)}}
}

// Visit resolves "X-Test-Who: hr" to somebody of our organisation and "theirs hr" to somebody of the other; "Authorization: Bearer hr budgets.read" is a key with scopes.
func (s *site) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	o := dbtest.Ours
	if elsewhere {
		o = dbtest.Theirs
	}
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: o}}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		parts := strings.Fields(key)
		v.Actor = actorOf(o, parts[0])
		v.Actor.Kind = access.Key
		for _, scope := range parts[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(scope))
		}
	} else if who != "" {
		v.Actor, v.Name, v.Session = actorOf(o, who), "Wie Kijkt", "s"
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad Voorbeeld", Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

// Models implements Models.
func (s *site) Models() []backend.Model {
	return []backend.Model{{Name: "small", Title: "Klein model", Where: "In het datacenter van de stad", Tools: true}, {Name: "large", Title: "Groot model", Where: "Zweden, bij een leverancier", Group: "groot", Images: true}, {Name: "vectors", Embeds: true},
		{Name: "practice", Title: "Oefenmodel", Practice: true}}
}

// Health implements Models.
func (s *site) Health() []backend.Health {
	return []backend.Health{{Backend: "eigen", Model: "small", State: backend.Well}, {Backend: "wolk", Model: "large", State: backend.Resting, Reason: backend.Unreachable, Since: s.at, Until: s.at.Add(time.Minute)}}
}

// unitsOf implements limits.Teams and keys.Units.
type unitsOf struct{ *site }

func (u unitsOf) Units(context.Context, tenant.ID) ([]limits.Unit, error) { return u.listed, nil }
func (u unitsOf) Of(_ context.Context, _ tenant.ID, account string) ([]string, error) {
	return u.where[account], nil
}
func (u unitsOf) GroupSize(context.Context, tenant.ID) (int, error) { return 5, nil }

type keyUnits struct{ *site }

func (u keyUnits) Units(context.Context, tenant.ID) (out []keys.Unit, err error) {
	for _, x := range u.listed {
		out = append(out, keys.Unit{ID: x.ID, Name: x.Name})
	}
	return out, nil
}

// accounts implements Accounts.
type accounts struct{}

func (accounts) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return map[string]string{"core-team": "Karim Bensalah", "administrator": "Bo Verlinden", "dpo": "Dries Maes", "an": "An Peeters"}[account], nil
}

func (accounts) ByMail(_ context.Context, _ db.Reader, mail string) (string, bool, error) {
	return "an", mail == "an@stad.example", nil
}

const prices = `models:
  - model: small
    prices: [{from: "2026-01-01", input: "0.15", output: "0.6"}]
    energy: {active: [8, 24], total: [8, 24], published: true}
  - model: large
    prices: [{from: "2026-01-01", input: "2.5", output: "10"}]
    energy: {metered: [0.4, 0.6]}
  - model: practice
    prices: [{from: "2026-01-01", input: "0", output: "0"}]
`

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{t: t, at: time.Date(2026, 12, 9, 10, 0, 0, 0, time.UTC), where: map[string][]string{}}
	now := func() time.Time { return s.at }
	zone := func(context.Context, tenant.ID) *time.Location { return clock.Brussels() }
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	if s.list, err = price.Parse("prices", []byte(prices)); err != nil {
		t.Fatal(err)
	}
	quiet, log := slog.New(slog.DiscardHandler), audit.New(d, now)
	s.Desk = New(Dependencies{
		Limits: limits.New(limits.Dependencies{DB: d, Audit: log, Now: now, Log: quiet, Zone: zone, Teams: unitsOf{s}, Organisations: unitsOf{s}, Groups: func() []string { return []string{"groot"} }}),
		Keys:   keys.New(keys.Dependencies{DB: d, Audit: log, Box: box, Now: now, Log: quiet, Zone: zone, Units: keyUnits{s}, Models: func() []string { return []string{"small", "large", "vectors", "practice"} }}),
		Policy: policy.New(policy.Dependencies{DB: d, Audit: log, Now: now}),
		Use:    ownuse.New(ownuse.Dependencies{DB: d, Box: box, Now: now, Log: quiet, Zone: zone}),
		Models: s, Prices: s.list, Accounts: accounts{}, DB: d, Now: now, Zone: zone, Chat: "/lab",
		Beside: []Beside{func(r *web.Request) (ui.Link, bool) {
			return ui.Link{Label: "Inzicht", Href: "/gateway/insight"}, r.Can(access.ReadUse)
		}}})
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, now, quiet)
	s.server.AddDoors(web.Door{Key: doorKey, Href: "/lab", Label: say("title", nil), Action: uses})
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.API(api.New(s.server, s, "test"))
	return s
}

// use has somebody use a model.
func (s *site) uses(account, model, group string, usage price.Usage) {
	s.t.Helper()
	s.n++
	rates, err := s.list.Rates(model, s.at)
	if err != nil {
		s.t.Fatal(err)
	}
	caller := door.Caller{Tenant: dbtest.Ours, Person: account, Teams: s.where[account]}
	most := budget.Amount{Euro: rates.Cost(usage), Tokens: usage.Tokens()}
	c := budget.Call{ID: "c" + strconv.Itoa(s.n), Person: account, Teams: caller.Teams, Group: group, Most: most, Within: time.Minute}
	if _, err := s.Limits.Watched().Reserve(s.t.Context(), dbtest.Ours, &c); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Limits.Book.Settle(s.t.Context(), dbtest.Ours, c.ID, most, false); err != nil {
		s.t.Fatal(err)
	}
	d := &door.Done{Caller: caller, Model: model, Outcome: door.Answered, Used: usage, Cost: most.Euro, At: s.at}
	if p := s.list.Energy(model); p != nil {
		d.Energy = p.Of(usage)
	}
	s.Use.Count(d)
}

// staff puts people in a unit.
func (s *site) staff(unit, name string, n int) {
	s.listed = append(s.listed, limits.Unit{ID: unit, Name: name, People: n})
	for i := range n {
		s.where[unit+strconv.Itoa(i)] = []string{unit}
	}
}

// furnish fills the site as an organisation has it after some weeks.
func (s *site) furnish() {
	s.t.Helper()
	s.staff("groen", "Groen en ruimte", 12)
	s.staff("zwembad", "Zwembad", 3)
	s.where["employee"] = []string{"groen"}
	set := func(k budget.Kind, subject, group string, p budget.Period, most int64) {
		s.t.Helper()
		if _, err := s.Limits.Set(s.t.Context(), actorOf(dbtest.Ours, "core-team"), limits.Input{Place: limits.Place{Kind: k, Subject: subject, Group: group, Period: p, Unit: budget.Euros}, Most: most, Ask: "het kernteam", Reason: "Afgesproken in het kernteam van november."}); err != nil {
			s.t.Fatal(err)
		}
	}
	set(budget.Organisation, "", "", budget.Month, 100*1e9)
	set(budget.Team, "", "", budget.Month, 5*1e9)
	set(budget.Team, "groen", "", budget.Month, 20*1e9)
	set(budget.Person, "", "", budget.Month, 4*1e9)
	set(budget.Person, "", "groot", budget.Week, 3.5*1e9)
	set(budget.Person, "an", "", budget.Month, 20*1e9)
	if err := s.Limits.SetOwn(s.t.Context(), actorOf(dbtest.Ours, "employee"), limits.Own{Period: budget.Day, Unit: budget.Tokens, Most: 2_000_000}); err != nil {
		s.t.Fatal(err)
	}
	s.at = s.at.AddDate(0, 0, -1)
	s.uses("employee", "small", "", price.Usage{Input: 4000, Output: 1200})
	s.at = s.at.AddDate(0, 0, 1)
	s.uses("employee", "large", "groot", price.Usage{Input: 120_000, Output: 260_000})
	s.uses("employee", "large", "groot", price.Usage{Input: 12_000, Output: 30_000})
	for i := range 7 {
		s.uses("groen"+strconv.Itoa(i), "large", "groot", price.Usage{Input: 12_000, Output: 90_000})
	}
	s.uses("zwembad0", "large", "groot", price.Usage{Input: 12_000, Output: 300_000})
	s.uses("zwembad1", "large", "groot", price.Usage{Input: 12_000, Output: 120_000})
}

func (s *site) send(method, who, target string, body io.Reader) *answer {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", "nl")
	r.Header.Set("X-Test-Who", who)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	a := &answer{ResponseRecorder: w, t: s.t, what: method + " " + target + " by " + who}
	var err error
	if a.root, err = html.Parse(strings.NewReader(w.Body.String())); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *site) get(who, target string) *answer {
	s.t.Helper()
	return s.send(http.MethodGet, who, target, nil)
}

// post sends a form of pairs of a name and a value.
func (s *site) post(who, target string, pairs ...string) *answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.send(http.MethodPost, who, target, strings.NewReader(form.Encode()))
}

// sends sends the form of a page as it stands, with pairs of a name and another value.
func (s *site) sends(who string, a *answer, action string, pairs ...string) *answer {
	s.t.Helper()
	form := a.form()
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return s.send(http.MethodPost, who, action, strings.NewReader(form.Encode()))
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
	root *html.Node
}

func (a *answer) text() string { return textOf(a.root) }

// wants fails the test unless the answer has a status, and its text says all that it should.
func (a *answer) wants(status int, says ...string) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%s: status %d, want %d, to %q: %.900s", a.what, a.Code, status, a.Header().Get("Location"), a.text())
	}
	for _, text := range says {
		if !strings.Contains(a.text(), text) {
			a.t.Errorf("%s: it does not say %q, but %.3500s", a.what, text, a.text())
		}
	}
	return a
}

// silent fails the test when the page has one of these.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body.String(), text) {
			a.t.Errorf("%s: it has %q", a.what, text)
		}
	}
	return a
}

// leads fails the test unless the browser is sent to a place.
func (a *answer) leads(to string) {
	a.t.Helper()
	if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != to {
		a.t.Fatalf("%s: status %d to %q, want to %s: %.1200s", a.what, a.Code, got, to, a.text())
	}
}

func attribute(n *html.Node, name string) (string, bool) {
	i := slices.IndexFunc(n.Attr, func(x html.Attribute) bool { return x.Key == name })
	if i < 0 {
		return "", false
	}
	return n.Attr[i].Val, true
}

// form reads the values of the fields of the page as a browser would send them.
func (a *answer) form() url.Values {
	out := url.Values{}
	for n := range a.root.Descendants() {
		name, _ := attribute(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		value, _ := attribute(n, "value")
		kind, _ := attribute(n, "type")
		_, checked := attribute(n, "checked")
		switch {
		case n.Data == "input" && (kind == "radio" || kind == "checkbox"):
			if checked {
				out.Add(name, value)
			}
		case n.Data == "input":
			out.Set(name, value)
		case n.Data == "textarea":
			out.Set(name, textOf(n))
		case n.Data == "select":
			for o := range n.Descendants() {
				if o.Data != "option" {
					continue
				}
				v, _ := attribute(o, "value")
				if _, chosen := attribute(o, "selected"); chosen || !out.Has(name) {
					out.Set(name, v)
				}
			}
		}
	}
	return out
}

// link is the address of the first link with a text.
func (a *answer) link(text string) string {
	a.t.Helper()
	for n := range a.root.Descendants() {
		if n.Data == "a" && strings.Contains(textOf(n), text) {
			href, _ := attribute(n, "href")
			return href
		}
	}
	a.t.Fatalf("%s: no link %q in %.2000s", a.what, text, a.text())
	return ""
}

// textOf is the text in an element, white space as one space.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "script" && d.Parent.Data != "style") {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
