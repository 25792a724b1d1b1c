// Package shelftest shows pages of the place to try to tests: behind a server, for whoever a test says.
package shelftest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// Site is pages behind a server, at a time that a test sets.
type Site struct {
	T      testing.TB
	Server *web.Server
	log    *buffer
	mu     sync.Mutex
	at     time.Time
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// New returns a site without pages, but for what they all share.
func New(t testing.TB) *Site {
	t.Helper()
	s := Bare(t)
	s.Add(shelf.AddTo)
	return s
}

// Bare returns a site without pages.
func Bare(t testing.TB) *Site {
	t.Helper()
	s := &Site{T: t, log: &buffer{}, at: time.Date(2026, 11, 24, 9, 13, 27, 0, time.UTC)}
	s.Server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.Now,
		slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	return s
}

// Add makes pages known.
func (s *Site) Add(parts ...func(*web.Server) error) {
	s.T.Helper()
	for _, add := range parts {
		if err := add(s.Server); err != nil {
			s.T.Fatal(err)
		}
	}
}

// Now is the time at the site.
func (s *Site) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

// Set sets the time.
func (s *Site) Set(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
}

// Log is what the server wrote.
func (s *Site) Log() string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.b.String()
}

// Account is the id of the account of who, "hr", "hr-two" or "employee".
func Account(who string) string { return "account-of-" + who }

// Actor is who, with the role that its name begins with.
func Actor(t tenant.ID, who string) access.Actor {
	role, _, _ := strings.Cut(who, "-two")
	return access.Actor{Kind: access.Person, Tenant: t, ID: Account(who), Owner: Account(who), Roles: []access.Role{access.Employee, access.Role(role)}}
}

// Visit implements web.Visitors: "X-Test-Who: hr" is somebody of our organisation, "theirs hr" of the other;
// "Authorization: Bearer hr actions.read" is a key with scopes.
func (s *Site) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	o := dbtest.Ours
	if elsewhere {
		o = dbtest.Theirs
	}
	if key, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		parts := strings.Fields(key)
		v.Actor = Actor(o, parts[0])
		v.Actor.Kind = access.Key
		for _, scope := range parts[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(scope))
		}
	} else if who != "" {
		v.Actor, v.Name, v.Session = Actor(o, who), "Wie Kijkt", "s"
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

// Get asks for a page as who.
func (s *Site) Get(who, target string, headers ...string) *Answer {
	s.T.Helper()
	return s.send(http.MethodGet, who, target, nil, headers)
}

// Post sends a form of pairs of a name and a value as who.
func (s *Site) Post(who, target string, pairs ...string) *Answer {
	s.T.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.send(http.MethodPost, who, target, strings.NewReader(form.Encode()), nil)
}

func (s *Site) send(method, who, target string, body io.Reader, headers []string) *Answer {
	s.T.Helper()
	r := httptest.NewRequestWithContext(s.T.Context(), method, target, body)
	r.Header.Set("Accept-Language", "nl")
	r.Header.Set("X-Test-Who", who)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.Server.ServeHTTP(w, r)
	a := &Answer{ResponseRecorder: w, t: s.T, what: method + " " + target}
	var err error
	if a.root, err = html.Parse(strings.NewReader(w.Body.String())); err != nil {
		s.T.Fatal(err)
	}
	return a
}

// Answer is what came back.
type Answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
	root *html.Node
}

// Text is the text of the page, white space as one space.
func (a *Answer) Text() string {
	var b strings.Builder
	for d := range a.root.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "script" && d.Parent.Data != "style") {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Wants fails the test unless the answer has a status, and its text says all that it should.
func (a *Answer) Wants(status int, says ...string) *Answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%s: status %d, want %d, to %q: %.600s", a.what, a.Code, status, a.Header().Get("Location"), a.Text())
	}
	for _, text := range says {
		if !strings.Contains(a.Text(), text) {
			a.t.Errorf("%s: it does not say %q, but %.2500s", a.what, text, a.Text())
		}
	}
	return a
}

// Silent fails the test when the page has one of these.
func (a *Answer) Silent(texts ...string) *Answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body.String(), text) {
			a.t.Errorf("%s: it has %q", a.what, text)
		}
	}
	return a
}

// Leads fails the test unless the browser is sent to a place that begins as wanted; it returns the place.
func (a *Answer) Leads(to string) string {
	a.t.Helper()
	got := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		a.t.Fatalf("%s: status %d to %q, want to %s: %.800s", a.what, a.Code, got, to, a.Text())
	}
	return got
}

// Value returns the value of the first control with a name: what stands in it.
func (a *Answer) Value(name string) string {
	a.t.Helper()
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" && n.Data != "textarea" {
			continue
		}
		value, is := "", false
		for _, x := range n.Attr {
			is = is || x.Key == "name" && x.Val == name
			if x.Key == "value" {
				value = x.Val
			}
		}
		if is && n.Data == "textarea" && n.FirstChild != nil {
			return n.FirstChild.Data
		}
		if is {
			return value
		}
	}
	a.t.Fatalf("%s: no control %q: %.800s", a.what, name, a.Text())
	return ""
}
