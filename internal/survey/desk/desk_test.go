package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, "theirs hr" to somebody of the other, and "Bearer hr
// scope scope" to a key.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor, v.Name, v.Session, v.ConfirmedAt = wavetest.Person(o, access.Role(who)), "Jan Peeters", "s", wavetest.Start
	}
	if parts := strings.Fields(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")); len(parts) > 0 {
		v.Actor = wavetest.Person(o, access.Role(parts[0]))
		v.Actor.Kind, v.Actor.ID = access.Key, "key"
		for _, s := range parts[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(s))
		}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

// site is the pages and operations behind a server.
type site struct {
	*wavetest.World
	desk   *Desk
	server *web.Server
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	w := wavetest.New(t, d)
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{World: w, server: web.New(web.Config{PublicURL: public, Zone: zone}, visitors{}, nil, w.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	s.desk = New(Dependencies{DB: d, Waves: w.Service, Jobs: w.Queue, Now: w.Now})
	if err := s.desk.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.desk.API(api.New(s.server, visitors{}, "1.2.3"), func(path string) string { return public.JoinPath(path).String() })
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func (s *site) send(method, target, body string, set ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) get(who, target string) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.send(http.MethodGet, target, "", "X-Test-Who", who, "Accept-Language", "nl")
}

func (s *site) post(who, target string, form url.Values) *httptest.ResponseRecorder {
	s.T.Helper()
	return s.send(http.MethodPost, target, form.Encode(), "X-Test-Who", who, "Accept-Language", "nl", "Content-Type", "application/x-www-form-urlencoded")
}

// wants fails the test unless an answer has a status, and says all that it should.
func (s *site) wants(what string, w *httptest.ResponseRecorder, status int, says ...string) {
	s.T.Helper()
	if w.Code != status {
		s.T.Errorf("%s: status %d, want %d, to %q", what, w.Code, status, w.Header().Get("Location"))
		return
	}
	for _, text := range says {
		if !strings.Contains(w.Body.String(), text) {
			s.T.Errorf("%s: it does not say %q", what, text)
		}
	}
}

// leads fails the test unless an answer sends the browser to a place that begins as wanted; it returns the place.
func (s *site) leads(what string, w *httptest.ResponseRecorder, to string) string {
	s.T.Helper()
	got := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		s.T.Errorf("%s: status %d to %q, want to %s", what, w.Code, got, to)
	}
	return got
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// version is the one that a form of a page is made on.
func (s *site) version(target string) string {
	s.T.Helper()
	m := versionField.FindStringSubmatch(s.get("hr", target).Body.String())
	if m == nil {
		s.T.Fatalf("%s has no version", target)
	}
	return m[1]
}

// TestWaveIsRunFromStartToPublishedReport goes the way of HR through the pages.
func TestWaveIsRunFromStartToPublishedReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		s.wants("nothing yet", s.get("hr", "/waves"), 200, "Nog geen meting", "/waves/new")
		s.wants("without a name", s.post("hr", "/waves", url.Values{"base": {"small"}}), 422, "Geef de meting een naam")
		first := url.Values{"title": {"Voorjaar"}, "base": {"small"}, "_once": {"k"}}
		settings := s.leads("the first step", s.post("hr", "/waves", first), "/waves/")
		if again := s.leads("the same form again", s.post("hr", "/waves", first), "/waves/"); again != settings {
			t.Errorf("it makes another wave: %s", again)
		}
		base := strings.TrimSuffix(settings, "/settings")
		s.wants("anonymous is chosen before", s.get("hr", settings), 200, `value="anonymous" checked`, "Vertrouwelijk", "Open link")
		how := url.Values{"version": {s.version(settings)}, "title": {"Voorjaar"}, "mode": {"anonymous"}, "groupSize": {"4"}, "retention": {"365"}, "languages": {"nl", "fr"}}
		s.wants("too small a group", s.post("hr", settings, how), 422, "Kies een getal van 5 tot 100")
		how.Set("groupSize", "6")
		on := maps.Clone(how)
		on.Set("to", "next")
		if got := s.leads("how anonymous, and on", s.post("hr", settings, on), base+"/people"); got != base+"/people" && !strings.HasPrefix(got, base+"/people?") {
			t.Errorf("it goes on to %s", got)
		}
		how.Set("version", s.version(settings))
		s.leads("how anonymous", s.post("hr", settings, how), base)
		s.wants("somebody else was first", s.post("hr", settings, how), 422, "Iemand anders heeft deze meting intussen gewijzigd")

		s.wants("what is left to do", s.get("hr", base), 200, "Zet mensen op de lijst", "Er staat nog niemand op de lijst", "Kies wanneer de meting")
		s.wants("no launch yet", s.get("hr", base+"/launch"), 200, "Er staat nog niemand op de lijst", "Terug naar de meting")
		if strings.Contains(s.get("hr", base+"/launch").Body.String(), `name="sure"`) {
			t.Error("it can be launched although it is not ready")
		}
		s.People(strings.TrimPrefix(base, "/waves/"), "", 12)
		plan := url.Values{"version": {s.version(base + "/plan")}, "opens": {"2026-11-24"}, "opens-hour": {"14:00"}, "closes": {"2026-12-08"}, "closes-hour": {"18:30"},
			"contact": {"HR, 09 123 45 67"}, "reminder1": {"2026-12-01"}, "reminder1-hour": {"09:00"}, "words-nl": {"Fijn dat je meedoet."}, "kiosk": {"yes"}}
		plan.Set("closes", "gisteren")
		s.wants("no day", s.post("hr", base+"/plan", plan), 422, "Kies een dag en een uur")
		plan.Set("closes", "2026-11-20")
		s.wants("closing first", s.post("hr", base+"/plan", plan), 422, "De meting moet dichtgaan nadat ze openging", "Fijn dat je meedoet.")
		plan.Set("closes", "2026-12-08")
		s.leads("when", s.post("hr", base+"/plan", plan), base)
		got := s.Get(strings.TrimPrefix(base, "/waves/"))
		if !got.Opens.Equal(time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)) || !got.Closes.Equal(time.Date(2026, 12, 8, 17, 30, 0, 0, time.UTC)) || len(got.Settings.Reminders) != 1 || !got.Settings.Kiosk {
			t.Errorf("%+v", got)
		}

		s.wants("ready", s.get("hr", base), 200, "Kijk na en lanceer")
		launch := url.Values{"version": {s.version(base + "/launch")}, "_once": {"l"}}
		s.wants("without being sure", s.post("hr", base+"/launch", launch), 422, "Vink aan dat je dit hebt nagekeken")
		launch.Set("sure", "yes")
		s.leads("launch", s.post("hr", base+"/launch", launch), base)
		s.leads("launch by a double tap", s.post("hr", base+"/launch", launch), base)
		s.leads("the page of a launch that was", s.get("hr", base+"/launch"), base)
		s.wants("it waits", s.get("hr", base), 200, "gaat vanzelf open op", "Vingerafdruk van de sleutel", "https://tekentafel.example/w/"+got.Code)
		s.wants("what is locked", s.get("hr", settings), 200, "kan niemand nog veranderen")
		s.leads("open", s.post("hr", base+"/open", nil), base)
		s.wants("it runs", s.get("hr", base), 200, "Nodig uit of herinner", "De eerste tellingen verschijnen morgen")
		s.wants("to the past", s.post("hr", base+"/extend", url.Values{"closes": {"2026-11-01"}}), 422, "Dit moment is voorbij")
		s.leads("extend", s.post("hr", base+"/extend", url.Values{"closes": {"2026-12-20"}, "closes-hour": {"12:00"}}), base)
		s.wants("sure to close", s.get("hr", base+"/close"), 200, "kan niemand nog antwoorden")
		s.leads("close", s.post("hr", base+"/close", nil), base)
		s.wants("it is processed", s.get("hr", base), 200, "We verwerken de antwoorden", `hx-get="`+base+`/progress"`)
		s.Work()
		s.wants("the report", s.get("hr", base), 200, "Lees het rapport", "/reports/report-")
		s.leads("publish", s.post("hr", base+"/publish", nil), base)
		s.wants("published", s.get("hr", base), 200, "Doe deze meting opnieuw", "gepubliceerd")
		again := s.leads("again", s.post("hr", base+"/again", url.Values{"title": {"Najaar"}}), "/waves/")
		s.wants("the next one", s.get("hr", again), 200, "Najaar", "ontwerp")
		s.leads("delete", s.post("hr", again+"/delete", nil), "/waves")
		s.wants("gone", s.get("hr", again), 404)
	})
}

func TestOnlyWhoMaySeesAndRunsWaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		v := s.Running(wave.Anonymous, 12)
		draft := s.Draft(wave.Anonymous, 12)
		for _, who := range []string{"employee", "manager", "core-team", "administrator"} {
			s.wants(who, s.get(who, "/waves"), 403)
			s.wants(who, s.get(who, "/waves/"+v.ID), 403)
		}
		for _, who := range []string{"dpo", "researcher"} {
			s.wants(who, s.get(who, "/waves/"+v.ID), 200, "Respons")
			s.wants(who+" sees a draft", s.get(who, "/waves/"+draft.ID), 200, "HR bereidt deze meting nog voor")
			if body := s.get(who, "/waves/"+v.ID).Body.String(); strings.Contains(body, "/close") || strings.Contains(body, "/plan") {
				t.Errorf("%s is offered what is not theirs", who)
			}
			for _, move := range []string{"/close", "/extend", "/launch", "/plan", "/settings", "/publish", "/delete", "/open", "/again", "/report", "/title"} {
				s.wants(who+move, s.post(who, "/waves/"+v.ID+move, url.Values{"title": {"x"}, "sure": {"yes"}}), 403)
			}
		}
		for _, place := range []string{"", "/plan", "/settings", "/launch", "/close", "/extend", "/again", "/delete", "/progress"} {
			s.wants("theirs"+place, s.get("theirs hr", "/waves/"+v.ID+place), 404)
		}
		s.leads("nobody", s.get("", "/waves"), "/sign-in")
		if got := s.Get(v.ID); got.State != wave.Open {
			t.Errorf("it is %s", got.State)
		}
	})
}

func TestNobodyIsLedToAReportThatTheyMayNotRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		v := s.Running(wave.Anonymous, 12)
		s.leads("close", s.post("hr", "/waves/"+v.ID+"/close", nil), "/waves/"+v.ID)
		s.Work()
		leads := func(who string) bool {
			page := s.get(who, "/waves/"+v.ID)
			s.wants(who, page, 200)
			return strings.Contains(page.Body.String(), "/reports/report-")
		}
		if !leads("hr") || !leads("researcher") || leads("dpo") {
			t.Error("before it is published who reads reports is led there, and nobody else")
		}
		s.leads("publish", s.post("hr", "/waves/"+v.ID+"/publish", nil), "/waves/"+v.ID)
		if !leads("dpo") {
			t.Error("what is published is read by all")
		}
	})
}

// TestPageSaysNoNumberOfOneDay shows what the monitor released, and nothing that is counted while somebody looks.
func TestPageSaysNoNumberOfOneDay(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	v := s.Running(wave.Anonymous, 60)
	for i, low := range []int{10, 25} {
		r := monitor.Release{Day: []string{"2026-11-25", "2026-11-26"}[i], People: 60, Taken: monitor.Range{Low: low, High: low + 4}, Variables: []monitor.Variable{{Name: "dienst", Groups: []monitor.Group{
			{Value: "Groen", People: 40, Taken: monitor.Range{Low: 0, High: 4}}, {Value: "Sport", People: 20, WithMail: 20, Taken: monitor.Range{Low: 0, High: 20}}}}}}
		figures, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO wave_releases (tenant_id, wave_id, day, figures) VALUES ($1, $2, $3, $4)`, v.ID, r.Day, string(figures))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	before := s.get("hr", "/waves/"+v.ID).Body.String()
	s.wants("the page", s.get("hr", "/waves/"+v.ID), 200, "tussen 25 en 29", "te weinig mensen om te tonen (&lt; 9)", "Waar je nog iets kunt doen", "Zet een tablet waar deze mensen werken", "Respons per dag")
	if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		_, err := tx.Exec(t.Context(), `UPDATE wave_people SET taken = TRUE WHERE tenant_id = $1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if after := s.get("hr", "/waves/"+v.ID).Body.String(); after != before {
		t.Error("the page changes while people take part")
	}
}

// TestHomeLeadsEveryoneToTheirNextStep asks for tasks in each state.
func TestHomeLeadsEveryoneToTheirNextStep(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		asked := 0
		tasks := func(who string) string {
			t.Helper()
			var out []string
			asked++
			probe := web.Route{Pattern: fmt.Sprintf("GET /tasks/%d", asked), Any: true, Handle: func(_ http.ResponseWriter, r *web.Request) error {
				list, err := s.desk.Tasks(r.Context(), r)
				for _, x := range list {
					line := x.Title + " -> " + x.Href
					if x.About != "" {
						line += ", about " + x.About
					}
					out = append(out, line)
				}
				return err
			}}
			if err := s.server.Add(probe); err != nil {
				t.Fatal(err)
			}
			s.wants("tasks of "+who, s.get(who, strings.TrimPrefix(probe.Pattern, "GET ")), 200)
			return strings.Join(out, "; ")
		}
		if got := tasks("hr"); !strings.Contains(got, "Start je eerste meting -> /waves/new") {
			t.Errorf("HR at first: %s", got)
		}
		d := s.Draft(wave.Anonymous, 12)
		if got := tasks("hr"); got != "Lanceer ‘Voorjaar 2027’ -> /waves/"+d.ID+"/launch" {
			t.Errorf("with a draft: %s", got)
		}
		v := s.Running(wave.Confidential, 12)
		if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			_, err := tx.Exec(t.Context(), `UPDATE wave_people SET account_id = 'employee-ours' WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, v.ID, v.ID+"-1")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := tasks("employee"); got != "Vul ‘Voorjaar 2027’ in -> /w/"+v.Code {
			t.Errorf("somebody of the frame: %s", got)
		}
		if got := tasks("manager") + tasks("theirs employee"); got != "" {
			t.Errorf("others: %s", got)
		}
		if err := s.CloseNow(t.Context(), wavetest.HR(), v.ID); err != nil {
			t.Fatal(err)
		}
		s.Work()
		if got := tasks("hr"); !strings.Contains(got, "Lees en deel het rapport van ‘Voorjaar 2027’ -> /waves/"+v.ID+", about /reports/report-"+v.ID) {
			t.Errorf("when it is closed: %s", got)
		}
		if got := tasks("employee"); got != "" {
			t.Errorf("after it closed: %s", got)
		}
	})
}

// TestLanguagesAreNamedInThatOfThePage reads the launch and the settings in two languages.
func TestLanguagesAreNamedInThatOfThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	at := "/waves/" + s.Draft(wave.Anonymous, 12).ID
	for lang, want := range map[string][2]string{"nl": {"Nederlands en Frans", ">Duits<"}, "fr": {"néerlandais et français", ">Allemand<"}} {
		for i, path := range []string{"/launch", "/settings"} {
			page := s.send(http.MethodGet, at+path, "", "X-Test-Who", "hr", "Accept-Language", lang).Body.String()
			_, page, _ = strings.Cut(page, "<main")
			page, _, _ = strings.Cut(page, "</main>")
			if !strings.Contains(page, want[i]) || strings.Contains(page, "Deutsch") {
				t.Errorf("%s in %s does not say %q alone", path, lang, want[i])
			}
		}
	}
}

// TestModesAreCardsOfOneKind has nothing between the modes that sets one of them apart.
func TestModesAreCardsOfOneKind(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	page := s.get("hr", "/waves/"+s.Draft(wave.Anonymous, 12).ID+"/settings").Body.String()
	if n := strings.Count(page, `name="mode"`); n != len(wave.Modes()) {
		t.Errorf("%d modes", n)
	}
	if !strings.Contains(page, `class="options tiles-in"`) || strings.Contains(page, `class="or"`) {
		t.Error("the modes are no cards of one kind")
	}
}

// TestLaunchSaysWhatLinkingShowsAndWhatNot reads the page with linking off and on.
func TestLaunchSaysWhatLinkingShowsAndWhatNot(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	at := "/waves/" + s.Draft(wave.Anonymous, 12).ID
	const limit = "Koppelden minder dan 7 mensen, dan gebruikt het rapport de koppelingen niet"
	if strings.Contains(s.get("hr", at+"/launch").Body.String(), "Koppelden minder dan") {
		t.Error("it speaks of linking although nobody can")
	}
	how := url.Values{"version": {s.version(at + "/settings")}, "title": {"Voorjaar"}, "mode": {"anonymous"}, "groupSize": {"7"}, "retention": {"365"}, "languages": {"nl"}, "linked": {"yes"}}
	s.leads("linking on", s.post("hr", at+"/settings", how), at)
	s.wants("the launch", s.get("hr", at+"/launch"), 200, limit, "Jij ziet die code nooit", "wat er voor iedereen samen verandert")
}
