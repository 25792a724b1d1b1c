package kept

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
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
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// world is the feature on a store with people in two organisations.
type world struct {
	*Service
	t      testing.TB
	server *web.Server
	log    *logged

	mu   sync.Mutex
	now  time.Time
	days int
}

// logged is what the server wrote into its log.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b) //nolint:wrapcheck // never fails
}

// String returns what was written.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// later lets days pass.
func (w *world) later(days int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.AddDate(0, 0, days)
}

// Name implements Accounts.
func (w *world) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return "Naam van " + account, nil
}

// Days implements Periods.
func (w *world) Days(context.Context, tenant.ID, string) (int, error) { return w.days, nil }

// Policy implements Policies.
func (w *world) Policy(context.Context, tenant.ID) (guard.Policy, error) {
	return guard.DefaultPolicy(), nil
}

// Model implements Titles.
func (w *world) Model(_ context.Context, _ tenant.ID, name string) (string, error) {
	return "Het " + name, nil
}

// Entry implements lab.Entries.
func (w *world) Entry(_ context.Context, _ tenant.ID, id string, _ instrument.Lang) (lab.Entry, bool, error) {
	return lab.Entry{ID: id, Title: "Taak " + id}, id == "letter", nil
}

// Visit resolves "X-Test-Who: anna" to somebody of our organisation, and "theirs anna" to somebody of the other; "key anna" is a key.
func (w *world) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}, Org: web.Organisation{ID: dbtest.Ours, Slug: "ours", Name: "Stad Voorbeeld", Languages: instrument.Languages(), GroupSize: 10}}
	who := r.Header.Get("X-Test-Who")
	switch name, elsewhere := strings.CutPrefix(who, "theirs "); {
	case who == "":
	case elsewhere:
		v.Actor, v.Org.ID = actor(dbtest.Theirs, name), dbtest.Theirs
	default:
		v.Actor = actor(dbtest.Ours, who)
	}
	v.Name, v.Session = "Wie Kijkt", "s"
	return v, nil
}

// actor is a person, or a key of theirs.
func actor(t tenant.ID, who string) access.Actor {
	if name, key := strings.CutPrefix(who, "key "); key {
		return access.Actor{Kind: access.Key, Tenant: t, ID: "k", Owner: name, Roles: []access.Role{access.Employee, access.HR}, Scopes: access.Actions()}
	}
	a := access.Actor{Kind: access.Person, Tenant: t, ID: who, Owner: who, Roles: []access.Role{access.Employee}}
	for _, role := range []access.Role{access.HR, access.DPO, access.Administrator, access.Manager, access.Researcher} {
		if who == string(role) {
			a.Roles = append(a.Roles, role)
		}
	}
	return a
}

var anna = actor(dbtest.Ours, "anna")

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, log: &logged{}, now: time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC), days: 30}
	w.Service = New(Dependencies{DB: d, Box: box, Audit: audit.New(d, w.clock), Now: w.clock, Accounts: w, Periods: w, Policies: w, Titles: w, Entries: w})
	w.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, w, nil, w.clock, slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := w.AddTo(w.server); err != nil {
		t.Fatal(err)
	}
	return w
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

// conversation is one with two branches: the first question was asked twice.
func conversation(text string) *lab.Conversation {
	day := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	return &lab.Conversation{Title: "Brief aan " + text, Leaf: "a2", Messages: []lab.Message{
		{ID: "s", Role: lab.System, Text: "Schrijf eenvoudig.", Task: "letter", At: day},
		{ID: "q1", Parent: "s", Role: lab.User, Text: "Schrijf een brief aan " + text + ", 0470 12 34 56.", Task: "letter", At: day,
			Files: []lab.File{{Name: "dossier.txt", Text: "inhoud over " + text}}, Seen: []lab.Seen{{Type: guard.Phone, Value: "32470123456", Placeholder: "[TELEFOON-1]"}}},
		{ID: "a1", Parent: "q1", Role: lab.Assistant, Text: "Beste **" + text + "**,\n\n| a | b |\n|---|---|\n| 1 | 2 |", Model: "practice", At: day.Add(time.Minute)},
		{ID: "q2", Parent: "s", Role: lab.User, Text: "Korter: " + text, At: day.Add(2 * time.Minute)},
		{ID: "a2", Parent: "q2", Role: lab.Assistant, Text: "Dag " + text, Model: "practice", At: day.Add(3 * time.Minute), Cut: true},
	}}
}

// keep keeps a conversation of Anna.
func (w *world) keep(c *lab.Conversation) (string, int64) {
	w.t.Helper()
	name, version, err := w.Keep(w.t.Context(), anna, "", 0, c, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return name, version
}

// wants fails the test unless an error is a problem of a kind.
func wants(t testing.TB, what string, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("%s: %v, want a problem of kind %s", what, err, kind)
	}
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
	root *html.Node
}

func (w *world) send(method, who, target string, body io.Reader) *answer {
	w.t.Helper()
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", "nl")
	r.Header.Set("X-Test-Who", who)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	root, err := html.Parse(strings.NewReader(rec.Body.String()))
	if err != nil {
		w.t.Fatal(err)
	}
	return &answer{rec, w.t, method + " " + target + " as " + who, root}
}

func (w *world) get(who, target string) *answer {
	w.t.Helper()
	return w.send(http.MethodGet, who, target, nil)
}

func (w *world) post(who, target string, form url.Values) *answer {
	w.t.Helper()
	return w.send(http.MethodPost, who, target, strings.NewReader(form.Encode()))
}

// form reads the values of the forms of a page as a browser would send them.
func (a *answer) form() url.Values {
	out := url.Values{}
	for n := range a.root.Descendants() {
		at := map[string]string{}
		for _, x := range n.Attr {
			at[x.Key] = x.Val
		}
		_, checked := at["checked"]
		switch {
		case n.Type != html.ElementNode || at["name"] == "":
		case n.Data == "input" && at["type"] == "checkbox":
			if checked {
				out.Add(at["name"], at["value"])
			}
		case n.Data == "input":
			out.Set(at["name"], at["value"])
		case n.Data == "textarea":
			out.Set(at["name"], textOf(n))
		}
	}
	return out
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

// silent fails the test when the answer has one of these.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body.String(), text) {
			a.t.Errorf("%s: it has %q", a.what, text)
		}
	}
	return a
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

// canary is a text that is nowhere else.
func canary() string { return "kanarie" + strings.ToLower(rand.Text()) }

func name(i int) string { return fmt.Sprintf("m%d", i) }

// request is one that somebody sends, as handlers see it.
func request(t testing.TB, w *world, who string) *web.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Test-Who", who)
	v, err := w.Visit(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return &web.Request{Request: r, Visit: v, Lang: instrument.NL}
}
