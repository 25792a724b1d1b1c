package desk

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/api"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// site is the pages behind a server.
type site struct {
	*Desk
	*actiontest.World
	t      testing.TB
	server *web.Server
}

// Visit resolves "X-Test-Who: hr" to somebody of our organisation, and "theirs hr" to somebody of the other; "Authorization: Bearer hr actions.read"
// is a key with scopes.
func (s *site) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	o := dbtest.Ours
	if elsewhere {
		o = dbtest.Theirs
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		parts := strings.Fields(key)
		v.Actor = actiontest.ActorOf(o, parts[0])
		v.Actor.Kind = access.Key
		for _, scope := range parts[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(scope))
		}
	} else if who != "" {
		v.Actor = actiontest.ActorOf(o, who)
		v.Name, v.Session = "Wie Kijkt", "s"
	}
	v.Org = face(o)
	return v, nil
}

func face[T ~string](o T) web.Organisation {
	return web.Organisation{ID: dbtest.Ours, Slug: string(o), Name: "Stad Voorbeeld", Languages: instrument.Languages(), GroupSize: 10}
}

// faces implements Organisations.
type faces struct{}

func (faces) Organisation(_ context.Context, t tenant.ID) (web.Organisation, error) {
	return face(t), nil
}

// helps implements Helps.
type helps struct{}

func (helps) Question() string { return "nonuse_work" }

func (helps) Helps(reason string, _ instrument.Lang) (string, []Help, bool) {
	if reason != "skills" {
		return "", nil, false
	}
	return "Niet weten hoe", []Help{{"Vorming", "Geef een les van een uur.", "Geef een les van twintig minuten op de werkplek."}, {"Gesprek", "Wijs een collega aan.", "Laat een collega meelopen."}}, true
}

// places implements Places.
type places struct{}

func (places) Places(context.Context, db.Reader) ([]Place, error) {
	return []Place{{action.Department, "u1", "Groen en ruimte"}, {action.Department, "u2", "Kinderopvang"}, {action.Family, "Technisch", "Technisch"}}, nil
}

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{t: t, World: actiontest.New(t, d)}
	beside := func(r *web.Request) (ui.Link, bool) {
		return ui.Link{Label: "Strategie", Href: "/actions/strategy"}, r.Can(reads)
	}
	s.Desk = New(Dependencies{Actions: s.Service, Helps: helps{}, Places: places{}, Organisations: faces{}, Beside: []Beside{beside}})
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.Now, slog.New(slog.DiscardHandler))
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.API(api.New(s.server, s, "test"))
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
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
	a := &answer{ResponseRecorder: w, t: s.t, what: method + " " + target}
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

// fills sends the form of a page as it stands, with pairs of a name and another value.
func (s *site) fills(who, page, action string, pairs ...string) *answer {
	s.t.Helper()
	form := s.get(who, page).wants(http.StatusOK).form()
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
			a.t.Errorf("%s: it does not say %q, but %.2500s", a.what, text, a.text())
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

// leads fails the test unless the browser is sent to a place that begins as wanted; it returns the place.
func (a *answer) leads(to string) string {
	a.t.Helper()
	got := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		a.t.Fatalf("%s: status %d to %q, want to %s: %.1200s", a.what, a.Code, got, to, a.text())
	}
	return got
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

// links are the addresses of the links with a text.
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

// request is one that somebody sends, as handlers see it.
func (s *site) request(who string) *web.Request {
	return &web.Request{Request: httptest.NewRequest(http.MethodGet, "/", nil), Visit: web.Visit{Actor: actiontest.Actor(who), Org: face(dbtest.Ours)}, Lang: instrument.NL}
}
