package needs

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
	"tekentafel/internal/api"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation and "theirs hr" to somebody of the other; a key of the API is
// "Bearer hr skills.needs skills.change".
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: o}}
	if who != "" {
		v.Actor, v.Name, v.Session = person(o, access.Role(who)), "Jan Vos", "s"
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		words := strings.Fields(key)
		v.Actor = access.Actor{Kind: access.Key, Tenant: o, ID: "key-" + words[0], Owner: words[0], Roles: []access.Role{access.Role(words[0])}}
		for _, s := range words[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(s))
		}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

// site is the pages and operations behind a server.
type site struct {
	*world
	server *web.Server
	api    *api.API
}

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{world: newWorld(t, d)}
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, visitors{}, nil, s.Now, quiet())
	s.api = api.New(s.server, visitors{}, "1.2.3")
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.API(s.api)
	return s
}

func eachSite(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func (s *site) send(method, target string, body io.Reader, set ...string) *answerPage {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", "nl")
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	a := &answerPage{ResponseRecorder: w, t: s.t, what: method + " " + target}
	var err error
	if a.root, err = html.Parse(strings.NewReader(w.Body.String())); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *site) get(who, target string) *answerPage {
	s.t.Helper()
	return s.send(http.MethodGet, target, nil, "X-Test-Who", who)
}

func (s *site) post(who, target string, form url.Values) *answerPage {
	s.t.Helper()
	return s.send(http.MethodPost, target, strings.NewReader(form.Encode()), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
}

// upload sends a file with a reason, as a browser does; no file for nil.
func (s *site) upload(content []byte, reason string) *answerPage {
	s.t.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	err := m.WriteField("reason", reason)
	if err == nil && content != nil {
		var f io.Writer
		if f, err = m.CreateFormFile("file", `C:\temp\noden.xlsx`); err == nil {
			_, err = f.Write(content)
		}
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, importAt, body, "X-Test-Who", "hr", "Content-Type", m.FormDataContentType())
}

// answerPage is what came back.
type answerPage struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
	root *html.Node
}

// wants fails the test unless the answer has a status, and its text says all that it should.
func (a *answerPage) wants(status int, says ...string) *answerPage {
	a.t.Helper()
	if a.Code != status {
		a.t.Errorf("%s: status %d, want %d, to %q: %.600s", a.what, a.Code, status, a.Header().Get("Location"), textOf(a.root))
		return a
	}
	words := textOf(a.root)
	for _, text := range says {
		if !strings.Contains(words, text) {
			a.t.Errorf("%s: it does not say %q, but %.2500s", a.what, text, words)
		}
	}
	return a
}

// silent fails the test when the text says one of these.
func (a *answerPage) silent(texts ...string) *answerPage {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(textOf(a.root), text) {
			a.t.Errorf("%s: it says %q", a.what, text)
		}
	}
	return a
}

// leads fails the test unless the browser is sent to a place that begins as wanted; it returns the place.
func (a *answerPage) leads(to string) string {
	a.t.Helper()
	got := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		a.t.Fatalf("%s: status %d to %q, want to %s: %.800s", a.what, a.Code, got, to, textOf(a.root))
	}
	return got
}

// form returns the fields of the form to an address, as a browser sends them untouched.
func (a *answerPage) form(action string) url.Values {
	a.t.Helper()
	var form *html.Node
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attr(n, "action") == action {
			form = n
		}
	}
	if form == nil {
		a.t.Fatalf("%s: there is no form to %s: %.800s", a.what, action, textOf(a.root))
	}
	v := url.Values{}
	for n := range form.Descendants() {
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
			v.Add(attr(n, "name"), rawText(n))
		case "select":
			v.Add(attr(n, "name"), chosen(n))
		}
	}
	return v
}

// links lists the addresses that the page leads to.
func (a *answerPage) links() []string {
	var out []string
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/") {
			out = append(out, attr(n, "href"))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

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

// rawText is the text in an element as it stands.
func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
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
	return strings.NewReplacer(" ,", ",", " .", ".", "( ", "(", " )", ")").Replace(strings.Join(strings.Fields(b.String()), " "))
}
