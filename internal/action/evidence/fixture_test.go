package evidence

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/tenant"
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
	people []Audience
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
	if scope := r.Header.Get("X-Test-Scope"); scope != "" {
		v.Actor.Kind, v.Actor.Scopes = access.Key, []access.Action{access.Action(scope)}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

// caveats are those of the report.
type caveats struct{}

// Caveats implements Caveats.
func (caveats) Caveats(f *findings.Findings, lang instrument.Lang) []string {
	return story.Tell(f, lang).Caveats
}

// Audiences implements People.
func (s *site) Audiences(_ context.Context, t tenant.ID) ([]Audience, error) {
	if t != dbtest.Ours {
		return nil, nil
	}
	return s.people, nil
}

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{t: t, world: actiontest.New(t, d)}
	s.print = func(context.Context, []byte, pdf.Options) ([]byte, error) { return []byte("%PDF-1.7"), nil }
	var err error
	s.Service, err = New(Dependencies{DB: d, Audit: audit.New(d, s.world.Now), Now: s.world.Now, Actions: s.world, Reports: s.world, Caveats: caveats{}, People: s, Accounts: s.world, Organisations: s.world,
		Print: func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error) {
			return s.print(ctx, document, o)
		},
		Tabs: func(_ *web.Request, current string) []ui.Link {
			return []ui.Link{{Label: "Acties", Href: "/actions"}, {Label: "Strategie", Href: "/actions/strategy"}, {Label: "Bewijs", Href: home, Current: current == home}}
		}})
	if err != nil {
		t.Fatal(err)
	}
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, s.world.Now, slog.New(slog.DiscardHandler))
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.API(api.New(s.server, s, "test"))
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
}

func (s *site) get(who, target string) *answer {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Language", "nl")
	r.Header.Set("X-Test-Who", who)
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return &answer{w, s.t, target}
}

// text is the text of the page, white space as one space.
func (a *answer) text() string {
	root, err := html.Parse(strings.NewReader(a.Body.String()))
	if err != nil {
		a.t.Fatal(err)
	}
	var b strings.Builder
	for d := range root.Descendants() {
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
		a.t.Fatalf("%s: status %d, want %d: %.600s", a.what, a.Code, status, a.text())
	}
	for _, text := range says {
		if !strings.Contains(a.text(), text) {
			a.t.Errorf("%s: it does not say %q, but %.3000s", a.what, text, a.text())
		}
	}
	return a
}

// silent fails the test when the page says one of these.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.text(), text) {
			a.t.Errorf("%s: it says %q", a.what, text)
		}
	}
	return a
}

// Numbers and names that must not come out.
const (
	fewStaff   = 7
	fewReached = 6
	notReached = 3 // of 412, so that 409 and 412 together tell it
)

// full is an organisation with everything: staff, a wave, actions with material and reach, and looks at them.
func (s *site) full() {
	s.t.Helper()
	ctx, hr := s.t.Context(), actiontest.Actor("hr")
	check := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	name := map[string]instrument.Text{"critical": actiontest.Text("Kritisch"), "ethical": actiontest.Text("Ethisch")}
	s.people = []Audience{{Kind: Staff, Count: Count{People: 1214}},
		{Kind: Family, Name: "Administratie", Count: Count{People: 480}, Factors: []instrument.Text{actiontest.Text("Werkt met persoonsgegevens")},
			Levels: []Level{{Skill: "critical", Name: name["critical"], Lowest: 2, Highest: 3, Decided: true}, {Skill: "ethical", Name: name["ethical"], Lowest: 2, Highest: 2, Decided: true}}},
		{Kind: Family, Name: "Toezicht", Count: Count{People: 60}, Levels: []Level{{Skill: "critical", Name: name["critical"], Lowest: 1, Highest: 1}}},
		{Kind: Family, Name: "Kabinet", Count: Count{People: fewStaff}}}
	f := actiontest.Monitor()
	f.Wave.Population, f.Wave.ResponseRate = 1214, .66
	f.Instrument = findings.About{ID: "genai-monitor", Version: "1.4", Title: actiontest.Text("GenAI-monitor")}
	f.Caveats = []findings.Caveat{{Key: "self-report"}}
	s.world.Add(action.Report{ID: "r1", Title: "Monitor najaar 2026", Wave: "Najaar 2026"}, f, actiontest.Gap(.4))

	d := actiontest.Draft("Korte lessen op de werkplek")
	d.Risk, d.Review = "Fouten in antwoorden aan burgers die niemand naleest.", "2027-04-15"
	goal := .6
	d.Measure = &action.Wish{Report: "r1", Key: action.Key{Source: action.FromReport, Item: "weekly_use_work", Option: "yes"}, Direction: action.Up, Goal: &goal}
	a := s.world.Begin(d, action.Running)
	s.world.Step(60)
	again := func() {
		s.t.Helper()
		var err error
		a, err = s.world.Action(ctx, hr, a.ID)
		check(err)
	}
	check(s.world.Supply(ctx, hr, a.ID, a.Version, action.Material{Name: "Basisles AI", Version: "1.2", Link: "https://stad.example/les", Since: "2026-12-10"}))
	again()
	for _, r := range []action.Reach{{Day: "2026-12-15", What: "Les in het depot", Audience: action.Target{Kind: action.FieldWork}, People: 120, Of: 300}, {Day: "2026-12-16", What: "Les voor het kabinet", Audience: action.Target{Kind: action.Everyone}, People: fewReached, Of: 40},
		{Day: "2026-12-17", What: "Les voor bureaus", Audience: action.Target{Kind: action.Everyone}, People: 412 - notReached, Of: 412}} {
		check(s.world.Touch(ctx, hr, a.ID, a.Version, r))
		again()
	}
	check(s.world.Look(ctx, hr, a.ID, a.Version, "De lessen in het depot zijn te lang.", "2027-04-15"))
	s.world.Begin(actiontest.Draft("Een dag met externe sprekers"), action.Stopped)
	s.world.Begin(actiontest.Draft("Een podcast over AI"), action.Proposed)
	bare := actiontest.Draft("Een toestel in elk depot")
	s.world.Begin(bare, action.Running)
	secret := actiontest.Draft("Eerlijk zeggen wat je gebruikt")
	secret.Measure = &action.Wish{Report: "r1", Key: action.Key{Source: action.FromReport, Item: "undisclosed_use", Option: "yes"}, Direction: action.Down}
	s.world.Begin(secret, action.Planned)
}

// tried is what people tried, as its sources tell it.
type tried struct {
	challenges []Tried
	use        []Used
	agreements Agreements
}

// Challenges implements Tries.
func (x *tried) Challenges(_ context.Context, t tenant.ID) ([]Tried, error) {
	if t != dbtest.Ours {
		return nil, nil
	}
	return x.challenges, nil
}

// Use implements Tries.
func (x *tried) Use(_ context.Context, t tenant.ID) ([]Used, error) {
	if t != dbtest.Ours {
		return nil, nil
	}
	return x.use, nil
}

// Agreements implements Tries.
func (x *tried) Agreements(_ context.Context, t tenant.ID) (Agreements, error) {
	if t != dbtest.Ours {
		return Agreements{Guard: Guarding{By: []instrument.Text{}, Types: []Guarded{}}, Limits: []string{}}, nil
	}
	return x.agreements, nil
}

// everyonesTries is people who tried a lot, with months of every sort.
func (s *site) everyonesTries() *tried {
	since := s.world.Now()
	return &tried{
		challenges: []Tried{{Challenge: actiontest.Text("Vind de fout in de brief"), Department: "Openbaar domein", People: 34, Until: "2026-10"},
			{Challenge: actiontest.Text("Vind de fout in de brief"), Together: true, People: 11, Until: "2026-09"}, {Challenge: actiontest.Text("Wie schreef dit?"), People: 16, Until: "2026-08"}},
		use: []Used{{Month: "2026-10", Count: Count{People: 240}, Of: 1214, Days: 910, GroupSize: 10}, {Month: "2026-09", Count: Count{People: 30}, AtLeast: true, Of: 45, Days: 120, GroupSize: 10},
			{Month: "2026-08", Count: Count{Few: true}, GroupSize: 20}},
		agreements: Agreements{
			Guard: Guarding{Since: &since, By: []instrument.Text{actiontest.Text("DPO")}, Types: []Guarded{{"secret", actiontest.Text("Sleutel of geheime code"), Blocked},
				{"person", actiontest.Text("Naam van een persoon"), Masked}, {"mail", actiontest.Text("Mailadres"), Masked}, {"health", actiontest.Text("Woord over gezondheid"), Warned}, {"plate", actiontest.Text("Nummerplaat"), Ignored}}},
			Limits: []string{"organisation", "person"}, Shadow: Weeks{12, "2026-W36", "2026-W47"}, Examples: 7,
		},
	}
}
