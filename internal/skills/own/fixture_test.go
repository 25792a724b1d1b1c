package own

import (
	"bytes"
	"context"
	"io"
	"log/slog"
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
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

var builtin = sync.OnceValues(check.Builtin)

// site is the pages behind a server.
type site struct {
	t      testing.TB
	pages  *Pages
	server *web.Server
	db     *db.DB
	box    *seal.Box
	log    *buffer
	seen   *counting

	mu      sync.Mutex
	at      time.Time
	shared  bool // who is signed in sits at a shared device
	synth   bool
	printed []byte
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

// counting is an observer that keeps what it is told.
type counting struct {
	mu       sync.Mutex
	patterns []string
}

func (c *counting) Answered(pattern, _ string, _ int, _ time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.patterns = append(c.patterns, pattern)
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *site) step(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// Visit resolves "X-Test-Who: hr" to somebody of our organisation, and "theirs hr" to somebody of the other.
func (s *site) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	o := dbtest.Ours
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor = access.Actor{Kind: access.Person, Tenant: o, ID: "account-of-" + who, Owner: "account-of-" + who, Roles: []access.Role{access.Employee, access.Role(who)}}
		v.Name, v.Session, v.Shared = "An Peeters", "session-of-"+who, s.shared
	}
	v.Org = s.organisation(o)
	return v, nil
}

func (s *site) organisation(t tenant.ID) web.Organisation {
	return web.Organisation{ID: t, Slug: string(t), Name: "Stad " + string(t), Languages: instrument.Languages(), GroupSize: 10, Synthetic: s.synth}
}

// Organisation implements Organisations.
func (s *site) Organisation(_ context.Context, t tenant.ID) (web.Organisation, error) {
	if t != dbtest.Ours && t != dbtest.Theirs {
		return web.Organisation{}, db.ErrNoRow
	}
	return s.organisation(t), nil
}

// Post implements Posts.
func (s *site) Post(_ context.Context, _ tenant.ID, account string) (Post, error) {
	if account == "account-of-manager" {
		return Post{}, nil
	}
	return Post{Functions: []check.Ref{{ID: "f-redder", Name: "Redder"}}, Unit: check.Ref{ID: "u-zwembad", Name: "Zwembad"}, Field: true, Known: true}, nil
}

var functions = []check.Ref{{ID: "f-redder", Name: "Redder"}, {ID: "f-boek", Name: "Boekhouder"}, {ID: "f-balie", Name: "Baliemedewerker"}}

// Search implements Functions.
func (s *site) Search(_ context.Context, _ tenant.ID, text string) ([]check.Ref, error) {
	var out []check.Ref
	for _, f := range functions {
		if strings.Contains(strings.ToLower(f.Name), strings.ToLower(text)) {
			out = append(out, f)
		}
	}
	return out, nil
}

// Required implements Needs.
func (s *site) Required(_ context.Context, _ tenant.ID, function, unit string) (map[string]Need, bool, error) {
	if function == "f-balie" {
		return nil, false, nil
	}
	reason := framework.Text{framework.NL: "Je werkt met gegevens van mensen.", framework.FR: "Vous traitez des données de personnes.", framework.DE: "Sie arbeiten mit Daten von Menschen.", framework.EN: "You work with people’s data."}
	needs := map[string]Need{"communicative": {Level: 2}, "critical": {Level: 3, Reasons: []framework.Text{reason}}, "ethical": {Level: 4, Reasons: []framework.Text{reason}}, "creative": {Level: 1}, "technical": {Level: 2}}
	if unit == "u-zwembad" {
		needs["technical"] = Need{Level: 3}
	}
	return needs, true, nil
}

// Offers implements Offers.
func (s *site) Offers(r *web.Request) []ui.Tile {
	if !r.Can(access.ReadNeeds) {
		return nil
	}
	return []ui.Tile{{Title: "Wat functies vragen", Href: "/learn/needs", Text: "De nodenkaart."}}
}

func newSite(t testing.TB, d *db.DB, change ...func(*Dependencies)) *site {
	t.Helper()
	m, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, db: d, box: box, log: &buffer{}, seen: &counting{}, at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	deps := Dependencies{DB: d, Box: box, Clock: s.now, Audit: audit.New(d, s.now), Material: m, Organisations: s, Posts: s, Functions: s, Needs: s, Offers: []Offers{s},
		Print: func(_ context.Context, document []byte, _ pdf.Options) ([]byte, error) {
			s.printed = document
			return []byte("%PDF-1.7"), nil
		}}
	for _, f := range change {
		f(&deps)
	}
	s.pages = New(deps)
	s.serve("https")
	return s
}

// serve puts the pages behind a server that browsers reach by a scheme.
func (s *site) serve(scheme string) {
	s.t.Helper()
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: scheme, Host: "tekentafel.example"}, Zone: clock.Brussels(), TrustedProxies: []netip.Prefix{}}, s, s.seen, s.now,
		slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := s.pages.AddTo(s.server); err != nil {
		s.t.Fatal(err)
	}
	if err := s.server.Add(s.server.LanguageRoute(func(*web.Request, instrument.Lang) error { return nil })); err != nil {
		s.t.Fatal(err)
	}
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

// person is a browser with cookies of its own.
type person struct {
	*site
	who     string // account that is signed in, or ""
	from    string // address
	lang    string
	cookies map[string]*http.Cookie
	ever    []*http.Cookie // each cookie that it was given
}

func (s *site) person(who string) *person {
	return &person{site: s, who: who, from: "192.0.2.1:1234", lang: "nl", cookies: map[string]*http.Cookie{}}
}

// send sends a request as a browser does.
func (p *person) send(method, target string, body io.Reader) *answer {
	p.t.Helper()
	target, _, _ = strings.Cut(target, "#") // browsers keep it to themselves
	r := httptest.NewRequest(method, target, body)
	r.RemoteAddr = p.from
	r.Header.Set("Accept-Language", p.lang)
	r.Header.Set("X-Test-Who", p.who)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range p.cookies {
		if r.URL.Path == c.Path || strings.HasPrefix(r.URL.Path, strings.TrimSuffix(c.Path, "/")+"/") {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		p.ever = append(p.ever, c)
		if c.MaxAge < 0 {
			delete(p.cookies, c.Name)
		} else {
			p.cookies[c.Name] = c
		}
	}
	a := &answer{ResponseRecorder: w, t: p.t, what: method + " " + target}
	var err error
	if a.root, err = html.Parse(strings.NewReader(w.Body.String())); err != nil {
		p.t.Fatal(err)
	}
	return a
}

func (p *person) get(target string) *answer {
	p.t.Helper()
	return p.send(http.MethodGet, target, nil)
}

func (p *person) post(target string, pairs ...string) *answer {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return p.send(http.MethodPost, target, strings.NewReader(v.Encode()))
}

// cookie is the cookie that a name of ours has now, or nil.
func (p *person) cookie(name string) *http.Cookie { return p.cookies[p.pages.cookieName(name)] }

// state opens what the browser carries of a check.
func (p *person) state() *check.State {
	p.t.Helper()
	c := p.cookie(stateCookie)
	if c == nil {
		return nil
	}
	plain := p.opened(c, statePurpose+"ours")
	s, _, err := p.pages.Material.Read(plain)
	if err != nil {
		p.t.Fatal(err)
	}
	return &s
}

// starts begins a check from the door.
func (p *person) starts(plan string) {
	p.t.Helper()
	p.post(startAt, "to", "check").leads(checkAt)
	p.post(checkAt, "plan", plan, "work", "office", "function", "f-redder").leads(statementsAt)
}

// agrees answers all statements alike.
func (p *person) agrees(value string) {
	p.t.Helper()
	m := p.pages.Material
	s := p.state()
	for _, skill := range m.Pages(s) {
		pairs := []string{"go", "next"}
		for _, i := range m.StatementsOf(skill) {
			pairs = append(pairs, m.Statements[i].ID, value)
		}
		p.post(statementsAt+skill, pairs...).leads(checkAt)
	}
}

// answers answers up to n questions of the test, with the option that counts most or least.
func (p *person) answers(n int, most bool) {
	p.t.Helper()
	for range n {
		a := p.get(questionAt)
		if to := a.Header().Get("Location"); to == resultAt {
			return
		}
		at := a.leads(questionAt + "/")
		page := p.get(at).wants(http.StatusOK)
		item := p.pages.Material.Item(attr(page.one("input", "name", "item"), "value"))
		p.post(at, "go", "next", "item", item.ID, "option", best(item.In(p.state().Field), most)).leads(questionAt)
	}
}

// best is the option that counts most, or least.
func best(v *framework.Version, most bool) string {
	at := 0
	for i, o := range v.Options {
		if most && o.Credit > v.Options[at].Credit || !most && o.Credit < v.Options[at].Credit {
			at = i
		}
	}
	return string(rune('0' + at))
}

// keeps keeps the check and returns the code as it is shown.
func (p *person) keeps() string {
	p.t.Helper()
	to := p.post(keepAt).leads(codeAt)
	return textOf(p.get(to).wants(http.StatusOK).one("code", "id", "own-code"))
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
		a.t.Fatalf("%s: status %d, want %d, to %q: %.600s", a.what, a.Code, status, a.Header().Get("Location"), textOf(a.root))
	}
	words := textOf(a.root)
	for _, text := range says {
		if !strings.Contains(words, text) {
			a.t.Errorf("%s: it does not say %q, but %.500s", a.what, text, words)
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

// all lists the elements with a name and, in pairs, attributes.
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
