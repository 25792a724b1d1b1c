package strategy

import (
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

	"golang.org/x/net/html"

	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/skills/nonuse"
	"tekentafel/internal/synth"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// site is the pages behind a server.
type site struct {
	*Service
	world  *actiontest.World
	t      testing.TB
	server *web.Server
	print  func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error)
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
		v.Actor = actiontest.ActorOf(o, who)
		v.Name, v.Session = "Wie Kijkt", "s"
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

// stories are the words of the report.
type stories struct{}

// Tell implements Words.
func (stories) Tell(f *findings.Findings, lang instrument.Lang) Telling {
	st := story.Tell(f, lang)
	out := Telling{Lead: st.Lead, Caveats: st.Caveats}
	for i := range st.Chapters {
		c := &st.Chapters[i]
		x := Subject{ID: c.ID, Headline: strings.TrimSpace(c.Big + " " + c.Headline), Text: c.Text}
		for j := range c.Figures {
			x.Tables = append(x.Tables, Table{Title: c.Figures[j].Title, Head: c.Figures[j].Table.Head, Rows: c.Figures[j].Table.Rows})
		}
		out.Chapters = append(out.Chapters, x)
	}
	return out
}

// helps are the suggestions of the guide.
type helps struct{}

// Reasons implements Helps.
func (helps) Reasons(lang instrument.Lang) []Reason {
	g, err := nonuse.BuiltIn()
	if err != nil {
		return nil
	}
	var out []Reason
	for i := range g.Reasons {
		x := Reason{ID: g.Reasons[i].ID, Name: instrument.Text(textOf(g.Reasons[i].Name)).In(lang)}
		for _, h := range g.Reasons[i].Helps {
			x.Helps = append(x.Helps, Help{instrument.Text(textOf(h.Office)).In(lang), instrument.Text(textOf(h.Field)).In(lang)})
		}
		out = append(out, x)
	}
	return out
}

func textOf[K ~string](t map[K]string) map[instrument.Lang]string {
	out := map[instrument.Lang]string{}
	for k, v := range t {
		out[instrument.Lang(k)] = v
	}
	return out
}

// wave is a wave of the monitor as it comes with the product, made up.
func wave(t testing.TB, size int, seed uint64, before *findings.Findings) *findings.Findings {
	t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	monitor, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	w, err := synth.New(synth.Options{Instrument: monitor, Size: size, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Answers(t.Context(), 0, size)
	if err != nil {
		t.Fatal(err)
	}
	opt := analysis.Options{Wave: "Golf"}
	if before != nil {
		opt.Earlier = &analysis.Earlier{Findings: before}
	}
	f, err := analysis.Analyse(t.Context(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var firstWave = sync.OnceValue(func() func(t testing.TB) *findings.Findings {
	var once sync.Once
	var f *findings.Findings
	return func(t testing.TB) *findings.Findings {
		once.Do(func() { f = wave(t, 900, 4, nil) })
		if f == nil {
			t.Fatal("the wave could not be made up")
		}
		return f
	}
})

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{t: t, world: actiontest.New(t, d)}
	s.print = func(context.Context, []byte, pdf.Options) ([]byte, error) { return []byte("%PDF-1.7"), nil }
	var err error
	s.Service, err = New(Dependencies{DB: d, Audit: audit.New(d, s.world.Now), Now: s.world.Now, Actions: s.world, Reports: s.world, Gaps: s.world, Words: stories{}, Helps: helps{}, Accounts: s.world, Organisations: s.world,
		Print: func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error) {
			return s.print(ctx, document, o)
		},
		Tabs: func(_ *web.Request, current string) []ui.Link {
			return []ui.Link{{Label: "Acties", Href: "/actions"}, {Label: "Strategie", Href: home, Current: current == home}, {Label: "Bewijs", Href: "/actions/evidence"}}
		}})
	if err != nil {
		t.Fatal(err)
	}
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.world.Now, slog.New(slog.DiscardHandler))
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

// reported adds a report with the small findings, and a gap.
func (s *site) reported(id string) {
	s.world.Add(action.Report{ID: id, Title: "Monitor " + id, Wave: "Najaar 2026"}, actiontest.Monitor(), actiontest.Gap(.4))
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

// text is the text of the page, white space as one space.
func (a *answer) text() string {
	var b strings.Builder
	for d := range a.root.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "script" && d.Parent.Data != "style") {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// wants fails the test unless the answer has a status, and its text says all that it should.
func (a *answer) wants(status int, says ...string) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%s: status %d, want %d, to %q: %.600s", a.what, a.Code, status, a.Header().Get("Location"), a.text())
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
		if strings.Contains(a.text(), text) {
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
		a.t.Fatalf("%s: status %d to %q, want to %s: %.800s", a.what, a.Code, got, to, a.text())
	}
	return got
}

// hidden returns the value of a field.
func (a *answer) hidden(name string) string {
	a.t.Helper()
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" {
			continue
		}
		has := func(key, value string) bool {
			return slices.ContainsFunc(n.Attr, func(x html.Attribute) bool { return x.Key == key && (value == "" || x.Val == value) })
		}
		if has("name", name) {
			for _, x := range n.Attr {
				if x.Key == "value" {
					return x.Val
				}
			}
		}
	}
	a.t.Fatalf("%s: no field %s", a.what, name)
	return ""
}

// count is the version of the text of a chapter that stands, in Dutch.
func (s *site) count(chapter string) int64 {
	_, x, err := s.chapter(s.t.Context(), s.DB.Of(dbtest.Ours), chapter, instrument.NL)
	if err != nil {
		s.t.Fatal(err)
	}
	return x.Version
}

// acted makes actions in every state: one that should move a figure of a report, with a review.
func (s *site) acted(report string) (running action.Action) {
	s.t.Helper()
	d := actiontest.Draft("Korte lessen op de werkplek")
	d.Risk = "Fouten in antwoorden aan burgers die niemand naleest."
	d.Review = "2027-04-15"
	goal := .6
	d.Measure = &action.Wish{Report: report, Key: action.Key{Source: action.FromReport, Item: "weekly_use_work", Option: "yes"}, Direction: action.Up, Goal: &goal}
	running = s.world.Begin(d, action.Running)
	field := actiontest.Draft("Een toestel in elk depot")
	field.Target = action.Target{Kind: action.FieldWork}
	s.world.Begin(field, action.Planned)
	s.world.Begin(actiontest.Draft("Een podcast over AI"), action.Proposed)
	s.world.Begin(actiontest.Draft("Een dag met externe sprekers"), action.Stopped)
	return running
}
