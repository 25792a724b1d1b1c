package desk

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people"
	"tekentafel/internal/people/peopletest"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, and "theirs hr" to somebody of the other.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	o := dbtest.Ours
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor = access.Actor{Kind: access.Person, Tenant: o, ID: who, Owner: who, Roles: []access.Role{access.Role(who)}}
		v.Name, v.Session = "Wie Kijkt", "s"
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

// site is the pages behind a server, with workers that run the jobs.
type site struct {
	t      testing.TB
	desk   *Desk
	people *peopletest.World
	server *web.Server
}

func newSite(t testing.TB, d *db.DB, parts ...Part) *site {
	t.Helper()
	s := &site{t: t, people: peopletest.New(t, d, peopletest.Options{})}
	s.desk = New(Dependencies{People: s.people.Service, Settings: parts})
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, visitors{}, nil, s.people.Now, s.people.Log)
	if err := s.desk.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func (s *site) send(method, target string, body io.Reader, set ...string) *answer {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", "nl")
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
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

func (s *site) get(who, target string, set ...string) *answer {
	s.t.Helper()
	return s.send(http.MethodGet, target, nil, append([]string{"X-Test-Who", who}, set...)...)
}

func (s *site) post(who, target string, form url.Values) *answer {
	s.t.Helper()
	return s.send(http.MethodPost, target, strings.NewReader(form.Encode()), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
}

// upload sends fields and a file as a browser does; no file for "".
func (s *site) upload(who string, fields url.Values, content string) *answer {
	s.t.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	for name := range fields {
		if err := m.WriteField(name, fields.Get(name)); err != nil {
			s.t.Fatal(err)
		}
	}
	if content != "" {
		f, err := m.CreateFormFile("file", `C:\temp\export.csv`)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, importsAt, body, "X-Test-Who", who, "Content-Type", m.FormDataContentType())
}

// source adds a source whose files hold everybody.
func (s *site) source(name string) string {
	s.t.Helper()
	v, err := s.people.AddSource(s.t.Context(), hr(), people.SourceInput{Name: name, Complete: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return v.ID
}

// bring sends a file of a source and returns where its import is, after what follows by itself.
func (s *site) bring(source, content string) string {
	s.t.Helper()
	at := s.upload("hr", url.Values{"source": {source}}, content).leads(importsAt + "/")
	s.people.Settle()
	return at
}

// maps takes the columns of an import as they are proposed.
func (s *site) maps(at string) {
	s.t.Helper()
	s.post("hr", at+"/columns", s.get("hr", at+"/columns").form(at+"/columns")).leads(at)
	s.people.Settle()
}

// takes applies an import.
func (s *site) takes(at string) {
	s.t.Helper()
	s.post("hr", at+"/apply", s.get("hr", at).form(at+"/apply")).leads(at)
	s.people.Settle()
}

func hr() access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "hr", Owner: "hr", Roles: []access.Role{access.HR}}
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
	root *html.Node
}

// wants fails the test unless the answer has a status, and its text says all that it should.
func (a *answer) wants(status int, says ...string) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Errorf("%s: status %d, want %d, to %q", a.what, a.Code, status, a.Header().Get("Location"))
		return a
	}
	words := textOf(a.root)
	for _, text := range says {
		if !strings.Contains(words, text) {
			a.t.Errorf("%s: it does not say %q, but %.1500s", a.what, text, words)
		}
	}
	return a
}

// silent fails the test when the text says one of these.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(textOf(a.root), text) {
			a.t.Errorf("%s: it says %q", a.what, text)
		}
	}
	return a
}

// leads fails the test unless the browser is sent to a place that begins as wanted; it returns the place.
func (a *answer) leads(to string) string {
	a.t.Helper()
	got := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		a.t.Fatalf("%s: status %d to %q, want to %s: %.800s", a.what, a.Code, got, to, textOf(a.root))
	}
	return got
}

// all lists the elements with a name and, in pairs, attributes; "class" holds among others.
func (a *answer) all(name string, attrs ...string) []*html.Node {
	var out []*html.Node
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name && matches(n, attrs) {
			out = append(out, n)
		}
	}
	return out
}

func matches(n *html.Node, attrs []string) bool {
	for i := 0; i+1 < len(attrs); i += 2 {
		value := attr(n, attrs[i])
		if attrs[i] == "class" && !slices.Contains(strings.Fields(value), attrs[i+1]) || attrs[i] != "class" && value != attrs[i+1] {
			return false
		}
	}
	return true
}

// one fails the test unless there is one such element.
func (a *answer) one(name string, attrs ...string) *html.Node {
	a.t.Helper()
	list := a.all(name, attrs...)
	if len(list) != 1 {
		a.t.Fatalf("%s: %d elements %s with %v: %.800s", a.what, len(list), name, attrs, textOf(a.root))
	}
	return list[0]
}

// form returns the fields of the form to an address, as a browser sends them untouched.
func (a *answer) form(action string) url.Values {
	a.t.Helper()
	v := url.Values{}
	for n := range a.one("form", "action", action).Descendants() {
		if n.Type != html.ElementNode || attr(n, "name") == "" {
			continue
		}
		switch n.Data {
		case "input":
			kind := attr(n, "type")
			if (kind == "radio" || kind == "checkbox") && !has(n, "checked") || kind == "file" {
				continue
			}
			v.Add(attr(n, "name"), attr(n, "value"))
		case "textarea":
			v.Add(attr(n, "name"), textOf(n))
		case "select":
			v.Add(attr(n, "name"), chosen(n))
		}
	}
	return v
}

// chosen is the option of a list that is chosen, the first without one.
func chosen(list *html.Node) string {
	first, any := "", false
	for o := range list.Descendants() {
		if o.Type == html.ElementNode && o.Data == "option" {
			if has(o, "selected") {
				return attr(o, "value")
			}
			if !any {
				first, any = attr(o, "value"), true
			}
		}
	}
	return first
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
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
	return strings.NewReplacer(" ,", ",", " .", ".").Replace(strings.Join(strings.Fields(b.String()), " "))
}
