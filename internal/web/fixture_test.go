package web

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
	"testing/fstest"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// stepped is a clock that stands still until a test moves it.
type stepped struct {
	mu sync.Mutex
	at time.Time
}

func (c *stepped) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *stepped) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newStepped() *stepped { return &stepped{at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)} }

// whoHeader says in a test who sends a request: "hr", "employee", "key"; nothing for a visitor.
const whoHeader = "X-Test-Who"

// visitors resolves whoHeader; visit changes what it makes of it.
type visitors struct {
	now   func() time.Time
	visit func(v *Visit, r *http.Request) error
}

func (v visitors) Visit(_ context.Context, r *http.Request) (Visit, error) {
	out := Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: "ours"},
		Org: Organisation{ID: "ours", Slug: "ours", Name: "Onze stad", Languages: instrument.Languages(), GroupSize: 10}}
	if who := r.Header.Get(whoHeader); who != "" {
		out.Actor = access.Actor{Kind: access.Person, Tenant: "ours", ID: "account-of-" + who, Owner: "account-of-" + who, Roles: []access.Role{access.Role(who)}}
		out.Name, out.Session, out.ConfirmedAt = "Jan Peeters", "session-of-"+who, v.now()
		if who == "key" {
			out.Actor.Kind, out.Actor.Roles, out.Actor.Scopes = access.Key, access.Roles(), access.Actions()
		}
	}
	if v.visit != nil {
		if err := v.visit(&out, r); err != nil {
			return Visit{}, err
		}
	}
	return out, nil
}

// place is a server with what a test needs of it.
type place struct {
	*Server
	t     testing.TB
	clock *stepped
	log   *syncBuffer
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// setting changes the server of a test before it is made.
type setting func(*Config, *visitors)

func overHTTPS(c *Config, _ *visitors) { c.PublicURL = address("https://tekentafel.example") }

func address(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

func newPlace(t testing.TB, settings ...setting) *place {
	t.Helper()
	p := &place{t: t, clock: newStepped(), log: &syncBuffer{}}
	c := Config{PublicURL: address("http://tekentafel.example"), Version: "test"}
	v := visitors{now: p.clock.now}
	for _, set := range settings {
		set(&c, &v)
	}
	p.Server = New(c, v, nil, p.clock.now, slog.New(slog.NewJSONHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	p.AddNotices("words", words(t))
	p.add(
		Route{Pattern: "GET /{$}", Public: true, Handle: show("home")},
		Route{Pattern: "GET /public/{id}", Public: true, Handle: show("public")},
		Route{Pattern: "GET /mine", Any: true, Handle: show("mine")},
		Route{Pattern: "GET /reports/{id}", Action: access.ReadReport, Handle: show("report")},
		Route{Pattern: "GET /accounts", Action: access.ReadAccounts, Handle: show("accounts")},
		Route{Pattern: "POST /accounts", Action: access.ReadAccounts, Handle: take},
		Route{Pattern: "POST /public", Public: true, Handle: take},
		Route{Pattern: "POST /fresh", Any: true, Fresh: true, Handle: take},
		Route{Pattern: "GET /fresh", Any: true, Fresh: true, Handle: show("fresh")},
	)
	return p
}

func (p *place) add(routes ...Route) {
	p.t.Helper()
	if err := p.Add(routes...); err != nil {
		p.t.Fatal(err)
	}
}

// words is a bundle as a feature has one.
func words(t testing.TB) *i18n.Bundle {
	t.Helper()
	files := fstest.MapFS{}
	for _, lang := range instrument.Languages() {
		text := "notice:\n  kept: \"Kept (" + string(lang) + ")\"\nsecret: \"Not for a notice\"\n"
		files["locale/"+string(lang)+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return i18n.New(files, "locale")
}

// show answers with a page.
func show(title string) Handler {
	return func(w http.ResponseWriter, r *Request) error {
		page := Page{}
		page.Title = title
		return r.Show(w, page, says("content of "+title))
	}
}

func says(text string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>"+templ.EscapeString(text)+" lang="+string(ui.Lang(ctx))+"</p>")
		return err
	})
}

// take reads a form and sends on with a notice.
func take(w http.ResponseWriter, r *Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	return r.Redirect(w, Local(form.Get("to"), "/"), r.Notice("words", "notice.kept"))
}

// request makes a request; set changes it.
func request(method, target, body string, set ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" || method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, f := range set {
		f(r)
	}
	return r
}

func as(who string) func(*http.Request) { return with(whoHeader, who) }

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func from(remote string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = remote } }

// do sends a request and returns the answer.
func (p *place) do(method, target, body string, set ...func(*http.Request)) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, request(method, target, body, set...))
	return w
}

func (p *place) get(target string, set ...func(*http.Request)) *httptest.ResponseRecorder {
	return p.do(http.MethodGet, target, "", set...)
}

// wants fails the test unless an answer has a status.
func wants(t testing.TB, what string, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Errorf("%s: status %d, want %d\n%.300s", what, w.Code, status, w.Body)
	}
}
