package nonuse

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	"tekentafel/internal/national"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// site is the pages behind a server.
type site struct {
	*Service
	t      testing.TB
	server *web.Server
	log    *buffer
	mu     sync.Mutex
	at     time.Time
	report *Report
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
		v.Actor = actor(o, who)
		v.Name, v.Session = "Wie Kijkt", "s"
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

func actor(t tenant.ID, role string) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: t, ID: "account-of-" + role, Owner: "account-of-" + role, Roles: []access.Role{access.Employee, access.Role(strings.TrimSuffix(role, "-two"))}}
}

// Latest implements Reports.
func (s *site) Latest(_ context.Context, a access.Actor, question string) (Report, bool, error) {
	if s.report == nil || a.Tenant != dbtest.Ours || !hasQuestion(s.report.Findings, question) {
		return Report{}, false, nil
	}
	return *s.report, true, nil
}

// Caveats implements Reports.
func (s *site) Caveats(*findings.Findings, instrument.Lang) []string {
	return []string{"Dit zeggen mensen over zichzelf."}
}

// Groups implements Groups.
type groups []Group

func (g groups) Groups(context.Context, tenant.ID) ([]Group, error) { return g, nil }

type numbers struct{}

func (numbers) Holds(text string) bool { return len(national.Find(text)) > 0 }

type actions struct{}

func (actions) Act(_ *web.Request, reason string) string { return "/actions/new?from=reason:" + reason }

// mails are the addresses of accounts; sizes is the smallest group.
type mails struct{}

func (mails) Mail(_ context.Context, _ db.Reader, account string) (string, error) {
	return account + "@stad.example", nil
}

type sizes int

func (k sizes) GroupSize(context.Context, tenant.ID) (int, error) { return int(k), nil }

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	g, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, log: &buffer{}, at: time.Date(2026, 11, 24, 9, 13, 27, 123456000, time.UTC)}
	s.Service = New(Dependencies{DB: d, Box: box, Audit: audit.New(d, s.now), Now: s.now, Guide: g, National: numbers{}, Accounts: mails{}, Organisations: sizes(5), Reports: s,
		Groups: groups{{ID: "u-groen", Name: "Groen en ruimte", People: 120}, {ID: "u-burgers", Name: "Burgers", People: 300}, {ID: "u-klein", Name: "Kabinet", People: 4}}, Actions: actions{}})
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.now,
		slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
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
		a.t.Fatalf("%s: status %d, want %d, to %q: %.600s", a.what, a.Code, status, a.Header().Get("Location"), a.text())
	}
	for _, text := range says {
		if !strings.Contains(a.text(), text) {
			a.t.Errorf("%s: it does not say %q, but %.1500s", a.what, text, a.text())
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

// first returns the first element with a name and, in pairs, attributes.
func (a *answer) first(name string, attrs ...string) *html.Node {
	a.t.Helper()
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != name {
			continue
		}
		fits := true
		for i := 0; i+1 < len(attrs); i += 2 {
			fits = fits && slices.ContainsFunc(n.Attr, func(x html.Attribute) bool { return x.Key == attrs[i] && x.Val == attrs[i+1] })
		}
		if fits {
			return n
		}
	}
	a.t.Fatalf("%s: no %s with %v: %.800s", a.what, name, attrs, a.text())
	return nil
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

// talk is an interview for a test.
type talk struct {
	work, family string
	reasons      []string
	notes        []string // pairs of a field and a text
}

// records enters an interview as a person does, and returns its code.
func (s *site) records(x talk) string {
	s.t.Helper()
	about := s.post("hr", consentAt, "version", "1", "agree", "yes").leads(aboutAt)
	pairs := []string{"language", "nl", "work", x.work, "family", x.family}
	for _, r := range x.reasons {
		pairs = append(pairs, "reasons", r)
	}
	notes := s.post("hr", about, pairs...).leads(notesAt)
	done := s.post("hr", notes, x.notes...).leads(doneAt)
	return textOf(s.get("hr", done).wants(http.StatusOK).first("code", "id", "code"))
}

func (s *site) opens(title string) {
	s.t.Helper()
	s.post("hr", openAt, "title", title).leads(talksAt)
}

func (s *site) closes() {
	s.t.Helper()
	n := s.get("hr", closeAt).wants(http.StatusOK).first("input", "name", "round")
	value := ""
	for _, a := range n.Attr {
		if a.Key == "value" {
			value = a.Val
		}
	}
	s.post("hr", closeAt, "round", value).leads(talksAt)
}

// five are interviews that may be shown.
func (s *site) five() (codes []string) {
	s.t.Helper()
	for i := range 5 {
		x := talk{work: office, family: "u-groen", reasons: []string{"skills"}, notes: []string{"note-why", "Waarom nummer " + string(rune('a'+i)), "note-skills", "Kunnen nummer " + string(rune('a'+i))}}
		if i > 2 {
			x = talk{work: field, reasons: []string{"trust", "privacy"}, notes: []string{"note-why", "Ander waarom " + string(rune('a'+i)), "quote", "Ik reken het liever zelf na.", "may-quote", "yes", "quote-reason", "trust"}}
		}
		codes = append(codes, s.records(x))
	}
	return codes
}

func words4(nl string) instrument.Text {
	return instrument.Text{instrument.NL: nl, instrument.FR: "fr " + nl, instrument.DE: "de " + nl, instrument.EN: "en " + nl}
}

// share is the share of an option, with an interval of 10 points.
func share(item, option string, g *findings.Group, p float64) findings.Share {
	return findings.Share{Item: item, Option: option, Group: g, N: int(p * 400), Base: 400, Share: p, Low: p - .05, High: p + .05}
}

// wave is what a wave with an earlier one found.
func wave() *findings.Findings {
	option := func(id, label string) findings.Option { return findings.Option{ID: id, Label: words4(label)} }
	f := &findings.Findings{Respondents: 800, Disclosure: findings.Disclosure{K: 10}, Earlier: &findings.Earlier{Label: "Najaar 2025"},
		Questions: []findings.Question{
			{ID: "use_work", Kind: "single", Wording: words4("Hoe vaak gebruik je AI voor je werk?"), Options: []findings.Option{option("never", "nooit"), option("tried", "eens geprobeerd"), option("weekly", "elke week")}},
			{ID: "nonuse_work", Kind: "multiple", Wording: words4("Waarom gebruik je AI niet?"), Options: []findings.Option{option("skills", "ik weet niet hoe"), option("trust", "ik vertrouw het niet"), option("privacy", "privacy"), option("environment", "milieu"), {ID: "na", Missing: "not-applicable"}}},
		},
		Groups: []findings.Grouping{{Variable: "workplace", Label: words4("Werkplek"), Values: []findings.GroupValue{{Value: "desk", Label: words4("bureau"), N: 500}, {Value: "field", Label: words4("buiten"), N: 292}, {Value: "pool", Label: words4("zwembad"), Suppressed: true}}}},
	}
	desk, outside, pool := &findings.Group{Variable: "workplace", Value: "desk"}, &findings.Group{Variable: "workplace", Value: "field"}, &findings.Group{Variable: "workplace", Value: "pool"}
	f.Shares = []findings.Share{
		share("use_work", "never", nil, .31), share("use_work", "tried", nil, .12), share("use_work", "weekly", nil, .5),
		share("use_work", "never", desk, .23), share("use_work", "never", outside, .57), {Item: "use_work", Option: "never", Group: pool, Suppressed: true},
		share("nonuse_work", "trust", nil, .44), share("nonuse_work", "skills", nil, .61), share("nonuse_work", "privacy", nil, .27), {Item: "nonuse_work", Option: "environment", Suppressed: true},
		share("nonuse_work", "skills", outside, .72), share("nonuse_work", "trust", outside, .34), {Item: "nonuse_work", Option: "skills", Group: pool, Suppressed: true},
	}
	f.Changes = []findings.Change{
		{Item: "nonuse_work", Option: "skills", Before: .45, Now: .61, Diff: .16, Low: .09, High: .23, P: .0001, PAdjusted: .001},
		{Item: "nonuse_work", Option: "trust", Before: .39, Now: .44, Diff: .05, Low: -.02, High: .12, P: .2, PAdjusted: .9},
		{Item: "nonuse_work", Option: "privacy", Before: .34, Now: .27, Diff: -.07, Low: -.13, High: -.01, P: .03, PAdjusted: .2},
		{Item: "nonuse_work", Option: "environment", Suppressed: true},
	}
	return f
}
