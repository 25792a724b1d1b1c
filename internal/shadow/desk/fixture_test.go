package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// site is the pages and operations behind a server.
type site struct {
	*Desk
	t      testing.TB
	server *web.Server
	api    *api.API
	log    *buffer
	k      int
	people tally.Units

	mu sync.Mutex
	at time.Time
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

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(time.Millisecond)
	return s.at
}

func (s *site) step(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// Visit resolves "X-Test-Who: dpo" to somebody of our organisation, and "theirs dpo" to somebody of the other; a key is "Bearer dpo shadow.count".
func (s *site) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	o := dbtest.Ours
	if elsewhere {
		o = dbtest.Theirs
	}
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: o}}
	if who != "" {
		v.Actor, v.Name, v.Session = actor(o, who), "Wie Kijkt", "s"
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		list := strings.Fields(key)
		if len(list) == 0 {
			return web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: o}}, nil
		}
		v.Actor = actor(o, list[0])
		v.Actor.Kind = access.Key
		for _, x := range list[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(x))
		}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: s.k}
	return v, nil
}

func actor(t tenant.ID, role string) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: t, ID: "account-" + role, Owner: "account-" + role, Roles: []access.Role{access.Employee, access.Role(role)}}
}

// Name implements Accounts.
func (s *site) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return map[string]string{"account-dpo": "Wim Devos", "account-administrator": "Ann Claes"}[account], nil
}

// GroupSize implements Organisations.
func (s *site) GroupSize(context.Context, tenant.ID) (int, error) { return s.k, nil }

// Units implements Departments.
func (s *site) Units(context.Context, tenant.ID) (tally.Units, error) { return s.people, nil }

// Chat implements Offer.
func (s *site) Chat(*web.Request) string { return "/lab/chat" }

// sized is departments by the part of a name before the hyphen.
type sized map[string]int

func (sized) Unit(user string, _ netip.Addr) string {
	unit, _, _ := strings.Cut(user, "-")
	return unit
}

func (s sized) Size(unit string) int { return s[unit] }

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	return newSiteOf(t, d, 64<<20)
}

// newSiteOf takes requests of at most some bytes.
func newSiteOf(t testing.TB, d *db.DB, most int64) *site {
	t.Helper()
	return newSiteAt(t, d, most, "https")
}

// newSiteAt is reached by a scheme.
func newSiteAt(t testing.TB, d *db.DB, most int64, scheme string) *site {
	t.Helper()
	s := &site{t: t, log: &buffer{}, k: 10, at: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	var err error
	s.Desk, err = New(Dependencies{DB: d, Audit: audit.New(d, s.now), Now: s.now, Accounts: s, Organisations: s, Departments: s, Offer: s, MaxUpload: most})
	if err != nil {
		t.Fatal(err)
	}
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: scheme, Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.now,
		slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.api = api.New(s.server, s, "test")
	s.API(s.api)
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func (s *site) send(method, who, target, contentType string, body io.Reader, set ...string) *answer {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", "nl")
	r.Header.Set("X-Test-Who", who)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	a := &answer{ResponseRecorder: w, t: s.t, what: method + " " + target + " as " + who}
	var err error
	if a.root, err = html.Parse(strings.NewReader(w.Body.String())); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *site) get(who, target string) *answer {
	s.t.Helper()
	return s.send(http.MethodGet, who, target, "", nil)
}

func (s *site) post(who, target string, pairs ...string) *answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.send(http.MethodPost, who, target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// call sends an operation with a key: "dpo shadow.count".
func (s *site) call(key, method, path, contentType string, body io.Reader, set ...string) (int, map[string]any) {
	s.t.Helper()
	a := s.send(method, "", "/api/v1"+path, contentType, body, append(set, "Authorization", "Bearer "+key)...)
	out := map[string]any{}
	if a.Body.Len() > 0 {
		if err := json.Unmarshal(a.Body.Bytes(), &out); err != nil {
			s.t.Fatalf("%s: %v: %.300s", a.what, err, a.Body.String())
		}
	}
	return a.Code, out
}

// field is a field of a form, or a file with a name.
type field struct{ name, file, content string }

// form writes a multipart form as a browser does.
func form(t testing.TB, list ...field) (string, io.Reader) {
	t.Helper()
	b := &bytes.Buffer{}
	m := multipart.NewWriter(b)
	for _, f := range list {
		var w io.Writer
		var err error
		if f.file != "" {
			w, err = m.CreateFormFile(f.name, f.file)
		} else {
			w, err = m.CreateFormField(f.name)
		}
		if err == nil {
			_, err = io.WriteString(w, f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b
}

// upload sends logs, each a text, as a browser does.
func (s *site) upload(who string, fields []field, logs ...string) *answer {
	s.t.Helper()
	for i, l := range logs {
		fields = append(fields, field{"log", fmt.Sprintf("secretfile%d.log", i), l})
	}
	kind, body := form(s.t, fields...)
	return s.send(http.MethodPost, who, countAt, kind, body)
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
		a.t.Fatalf("%s: status %d, want %d, to %q: %.800s", a.what, a.Code, status, a.Header().Get("Location"), a.text())
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
		a.t.Fatalf("%s: status %d to %q, want to %s: %.800s", a.what, a.Code, got, to, a.text())
	}
	return got
}

// value is that of the first field of a name.
func (a *answer) value(name string) string {
	a.t.Helper()
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && slices.ContainsFunc(n.Attr, func(x html.Attribute) bool { return x.Key == "name" && x.Val == name }) {
			for _, x := range n.Attr {
				if x.Key == "value" {
					return x.Val
				}
			}
		}
	}
	a.t.Fatalf("%s: there is no field %s", a.what, name)
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

// use is people of a department who visit a host in a week.
type use struct {
	unit   string
	people int
	host   string
}

// week48 is the Monday of the last week that is over.
var week48 = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// squid writes a week of a proxy, with a line on each day. Names and the like are of a kind that no page has.
func squid(monday time.Time, uses ...use) string {
	return squidDays(monday, 7, uses...)
}

func squidDays(monday time.Time, days int, uses ...use) string {
	var b strings.Builder
	line := func(at time.Time, user, host string) {
		fmt.Fprintf(&b, "%d.123 5 10.77.66.55 TCP_TUNNEL/200 900 CONNECT %s:443 %s HIER_DIRECT/1.2.3.4 -\n", at.Unix(), host, user)
	}
	for day := range days {
		line(monday.AddDate(0, 0, day), "niemand-canaryuser0", "www.canaryhost.example")
	}
	n := 0
	for _, u := range uses {
		for i := range u.people {
			n++
			line(monday.AddDate(0, 0, n%days).Add(time.Duration(n)*time.Second), fmt.Sprintf("%s-canaryuser%d", u.unit, i), u.host)
		}
	}
	return b.String()
}

// table is the departments of the people of squid.
func table(units ...string) field {
	var b strings.Builder
	for _, u := range units {
		for i := range 90 {
			fmt.Fprintf(&b, "%s-canaryuser%d,%s\n", u, i, u)
		}
	}
	return field{"departments", "canarytable.csv", b.String()}
}

// city is a week with two departments that are shown and one that is not.
func city(monday time.Time) string {
	return squid(monday, use{"burgers", 30, "chatgpt.com"}, use{"groen", 20, "chatgpt.com"}, use{"loket", 5, "chatgpt.com"}, use{"groen", 15, "www.deepl.com"}, use{"burgers", 4, "otter.ai"})
}

func cities() []field { return []field{table("burgers", "groen", "loket")} }

// counted has the city counted, and returns the address of the count.
func (s *site) counted(monday time.Time) string {
	s.t.Helper()
	return s.upload("dpo", cities(), city(monday)).leads(oneCountAt)
}
