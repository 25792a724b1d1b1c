package desk

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

	content "tekentafel/content/skills"
	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/synth"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

var baseFramework = sync.OnceValues(func() (*framework.Framework, error) {
	text, err := content.Framework()
	if err != nil {
		return nil, err
	}
	return framework.Parse("framework.yaml", bytes.NewReader(text))
})

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// monitor is the questionnaire as a wave asks it, with the situations where extra says so.
func monitor(t testing.TB, extra ...string) *instrument.Instrument {
	t.Helper()
	in := must(instrument.Parse("genai-monitor.yaml", must(instruments.Open("genai-monitor"))(t)))(t)
	return in.Asking(extra...)
}

// answersOf are of made-up people, with a seed.
func answersOf(t testing.TB, in *instrument.Instrument, n int, seed uint64) *instrument.Answers {
	t.Helper()
	made := must(synth.New(synth.Options{Instrument: in, Size: n, Seed: seed}))(t)
	a := must(made.Answers(context.Background(), 0, n))(t)
	must(instrument.CompileRouting(in))(t).Apply(a)
	a.Instrument.GroupSize = 10
	return a
}

// city is an organisation whose departments are called as those of the made-up waves, but one; each has three kinds of function.
func city() *demand.Organisation {
	o := &demand.Organisation{Revision: 1, Units: []demand.Unit{{ID: "u-city", Name: "Stad"}}}
	o.Functions = []demand.Function{
		{ID: "f-clerk", Code: "F01", Name: "Administratief medewerker", Family: "Administratie", Work: demand.Desk},
		{ID: "f-policy", Code: "F02", Name: "Beleidsmedewerker", Family: "Beleid", Work: demand.Desk},
		{ID: "f-law", Code: "F03", Name: "Jurist", Family: "Staf", Work: demand.Desk},
		{ID: "f-garden", Code: "F04", Name: "Tuinman", Family: "Uitvoering", Work: demand.Field},
		{ID: "f-care", Code: "F05", Name: "Verzorgende", Family: "Zorg en welzijn", Work: demand.Field},
		{ID: "f-data", Code: "F06", Name: "Systeembeheerder", Family: "Informatica", Work: demand.Desk},
	}
	for i, name := range []string{"Groen en wegen", "Kinderopvang", "Woonzorg", "Sociale dienst", "Afval en reiniging", "Burgerzaken", "Technische dienst", "Onderwijs", "Cultuur", "Archief", "Noodplanning", "Haven"} {
		id := "u-" + strings.ReplaceAll(strings.ToLower(name), " ", "-")
		o.Units = append(o.Units, demand.Unit{ID: id, Code: "OE" + itoa(i), Name: "Departement " + name, Parent: "u-city"}, demand.Unit{ID: id + "-team", Name: "Team " + name, Parent: id})
		size := 120 - 8*i
		for k, f := range []string{"f-clerk", "f-policy", "f-garden", "f-care", "f-data", "f-law"} {
			o.Tallies = append(o.Tallies, demand.Tally{Function: f, Unit: id + "-team", People: max(1, size/(k+2))})
		}
	}
	o.Tallies = append(o.Tallies, demand.Tally{Unit: "u-city", People: 3})
	return o
}

// site is the feature with its pages behind a server.
type site struct {
	*Service
	t       testing.TB
	server  *web.Server
	log     *buffer
	mu      sync.Mutex
	at      time.Time
	reports []Report
	waves   map[string]*Wave
	org     *demand.Organisation
	state   *demand.State
	needs   *demand.Map
	banks   string
	quality *gap.Readiness
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

// Ready implements Reports.
func (s *site) Ready(_ context.Context, t tenant.ID) ([]Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t != dbtest.Ours {
		return nil, nil
	}
	out := slices.Clone(s.reports)
	slices.Reverse(out)
	return out, nil
}

// Asked implements Reports.
func (s *site) Asked(_ context.Context, r db.Reader, reportID string) (*instrument.Instrument, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.waves[reportID]
	if w == nil || r.Tenant() != dbtest.Ours {
		return nil, db.ErrNoRow
	}
	return w.Answers.Instrument, nil
}

// Answers implements Reports.
func (s *site) Answers(_ context.Context, r db.Reader, reportID string, _ *jobs.Progress) (*Wave, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.waves[reportID]
	if w == nil || r.Tenant() != dbtest.Ours {
		return nil, problem.New(problem.Gone, Locale(), "error.gone", nil)
	}
	out := *w
	return &out, nil
}

// Map implements Needs.
func (s *site) Map(_ context.Context, t tenant.ID) (*demand.Map, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := baseFramework()
	if err != nil || t != dbtest.Ours {
		return demand.Make(demand.Empty(), f, &demand.Organisation{}), err
	}
	if s.needs == nil {
		s.needs = demand.Make(s.state, f, s.org)
	}
	return s.needs, nil
}

// reorganise puts another organisation, or other decisions, in the place of what was.
func (s *site) reorganise(o *demand.Organisation, state *demand.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.org, s.state, s.needs = o, state, nil
}

// Readiness implements Quality.
func (s *site) Readiness(context.Context, db.Reader) (*gap.Readiness, error) { return s.quality, nil }

// add makes a wave known, with its report.
func (s *site) add(w *Wave) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reports, s.waves[w.ID] = append(s.reports, w.Report), w
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
		v.Actor = person(o, access.Role(who))
		v.Name, v.Session = "Wie Kijkt", "s"
	}
	if key, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		words := strings.Fields(key)
		v.Actor = person(o, access.Role(words[0]))
		v.Actor.Kind = access.Key
		for _, scope := range words[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(scope))
		}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

func person(o tenant.ID, role access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: o, ID: "account-of-" + string(role), Owner: "account-of-" + string(role), Roles: []access.Role{access.Employee, role}}
}

func hr() access.Actor { return person(dbtest.Ours, access.HR) }

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{t: t, log: &buffer{}, at: time.Date(2026, 11, 24, 9, 13, 27, 0, time.UTC), waves: map[string]*Wave{}, org: city(), state: demand.Empty()}
	log := audit.New(d, s.now)
	queue := jobs.NewQueue(d, log, s.now, slog.New(slog.NewTextHandler(io.Discard, nil)), jobs.Options{Poll: 2 * time.Millisecond})
	s.Service = New(Dependencies{DB: d, Box: must(seal.Parse(seal.NewKey()))(t), Audit: log, Queue: queue, Now: s.now, Reports: s, Needs: s, Quality: s, Draws: 40,
		Print: func(_ context.Context, document []byte, _ pdf.Options) ([]byte, error) {
			return append([]byte("%PDF "), document...), nil
		}})
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.now,
		slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.API(api.New(s.server, s, "test"))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { queue.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

// computes computes the gap of a report and waits until it is there.
func (s *site) computes(reportID string) row {
	s.t.Helper()
	if err := s.Ask(s.t.Context(), hr(), reportID, asked.Request{}); err != nil {
		s.t.Fatal(err)
	}
	return s.until(reportID, ready)
}

// asks computes the gap of a report with its groups: HR confirms what is proposed.
func (s *site) asks(reportID string) row {
	s.t.Helper()
	if v := s.computes(reportID); v.facts.Said {
		return v
	}
	if err := s.Confirm(s.t.Context(), hr(), reportID, asked.Request{}); err != nil {
		s.t.Fatal(err)
	}
	return s.until(reportID, ready)
}

// until waits for a gap to be in a state.
func (s *site) until(reportID string, want state) row {
	s.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		v, err := rowOf(s.t.Context(), s.DB.Of(dbtest.Ours), reportID)
		if err == nil && v.state == want {
			return v
		}
		if time.Now().After(deadline) || err == nil && v.state == failed {
			s.t.Fatalf("the gap of %s is %s, not %s: %v, %v", reportID, v.state, want, v.trouble, err)
		}
	}
}

// result is what is shown of a report.
func (s *site) result(reportID string) *gap.Gap {
	s.t.Helper()
	v := must(rowOf(s.t.Context(), s.DB.Of(dbtest.Ours), reportID))(s.t)
	return must(s.load(s.t.Context(), s.DB.Of(dbtest.Ours), v.file))(s.t).Gap
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
	a.root = must(html.Parse(strings.NewReader(w.Body.String())))(s.t)
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
		a.t.Fatalf("%s: status %d, want %d, to %q: %.900s", a.what, a.Code, status, a.Header().Get("Location"), a.text())
	}
	for _, text := range says {
		if !strings.Contains(a.text(), text) {
			a.t.Errorf("%s: it does not say %q, but %.2500s", a.what, text, a.text())
		}
	}
	return a
}

// leads fails the test unless the browser is sent to a place.
func (a *answer) leads(to string) string {
	a.t.Helper()
	got := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		a.t.Fatalf("%s: status %d to %q, want to %s: %.800s", a.what, a.Code, got, to, a.text())
	}
	return got
}

// value is that of the first field with a name.
func (a *answer) value(name string) string {
	a.t.Helper()
	for n := range a.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attr(n, "name") == name {
			return attr(n, "value")
		}
	}
	a.t.Fatalf("%s: no field %s: %.900s", a.what, name, a.text())
	return ""
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
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

// wave is a wave of n made-up people of the city.
func wave(t testing.TB, id, source string, n int, seed uint64, extra ...string) *Wave {
	t.Helper()
	a := answersOf(t, monitor(t, extra...), n, seed)
	return &Wave{Report: Report{ID: id, Source: source, Title: "Monitor " + id, Respondents: n, Synthetic: true, Made: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)}, Answers: a}
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
