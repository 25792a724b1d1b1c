package insight

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/clock"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr".
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	who := r.Header.Get("X-Test-Who")
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	if who != "" {
		v.Actor, v.Name, v.Session = person(dbtest.Ours, access.Role(who)), "Jan Vos", "s"
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		v.Actor = access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "key", Owner: "hr", Roles: []access.Role{access.HR}, Scopes: []access.Action{access.Action(key)}}
	}
	v.Org = web.Organisation{ID: dbtest.Ours, Slug: "ours", Name: "Stad", Languages: instrument.Languages(), GroupSize: k, Synthetic: true}
	return v, nil
}

type site struct {
	*world
	server *web.Server
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{world: newWorld(t, dbtest.SQLite(t))}
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, visitors{}, nil, s.now, slog.New(slog.DiscardHandler))
	a := api.New(s.server, visitors{}, "1.2.3")
	s.must(s.a.AddTo(s.server))
	s.a.API(a)
	return s
}

func (s *site) get(who, target, lang string, set ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("X-Test-Who", who)
	r.Header.Set("Accept-Language", lang)
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) close() {
	s.month()
	s.set(at("2026-12-02 13:00"))
	s.must(s.a.Close(s.t.Context()))
}

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
	asked := regexp.MustCompile(`(?:say|with|T|N)\("([a-z0-9.-]+[a-z0-9])"`)
	p := Locale().Printer(instrument.NL)
	sources, err := filepath.Glob("*.*")
	if err != nil || len(sources) == 0 {
		t.Fatal(err)
	}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllSubmatch(text, -1) {
			if !p.Has(string(m[1])) {
				t.Errorf("%s asks for %s, which has no words", name, m[1])
			}
		}
	}
	for _, key := range []string{"not.who", "not.text", "not.calls", "not.programs", "not.outside", "not.running", "amount.why-few", "amount.why-heavy", "amount.why-unknown", "energy.formula", "energy.meter", "grade.A", "grade.C", "grade.D"} {
		if !p.Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
}

func TestStaffSeeExactlyWhatManagersSee(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.close()
	content := func(who string) string {
		w := s.get(who, home, "nl")
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", who, w.Code)
		}
		_, body, _ := strings.Cut(w.Body.String(), "<main")
		body, _, _ = strings.Cut(body, "</main>")
		return body
	}
	want := content("employee")
	for _, says := range []string{"ongeveer 85", "Groendienst", "Een brief in klare taal", "Telefoonnummer", "niet getoond", "tussen"} {
		if !strings.Contains(want, says) {
			t.Errorf("the page does not say %q", says)
		}
	}
	for _, who := range []string{"manager", "hr", "dpo", "administrator"} {
		if got := content(who); got != want {
			t.Errorf("%s sees something else", who)
		}
	}
	if w := s.get("", home, "nl"); w.Code == http.StatusOK {
		t.Error("a stranger sees it")
	}
}

func TestTheFilesHoldWhatThePageShows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if w := s.get("hr", home+"/export", "nl"); w.Code != http.StatusNotFound {
		t.Errorf("before any month was closed: %d", w.Code)
	}
	s.close()
	w := s.get("employee", home+"/export?as=csv", "nl")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "2026-11;Afdeling;Groendienst en openbaar domein;30;;160;") || !strings.Contains(w.Body.String(), "verzonnen") || strings.Contains(w.Body.String(), "oefen") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = s.get("employee", home+"/export?month=2026-11", "fr")
	f, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Chiffres")
	if err != nil || len(rows) < 8 || rows[1][3] != "85" {
		t.Errorf("%v %v", err, rows)
	}
	if w := s.get("employee", home+"?month=2026-12", "nl"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Kies een maand die is afgesloten") {
		t.Errorf("the month that runs: %d", w.Code)
	}
}

func TestTheAPIGivesTheSameFigures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.close()
	get := func(path, scope string) (int, string) {
		w := s.get("", path, "nl", "Authorization", "Bearer "+scope)
		body, err := io.ReadAll(w.Body)
		s.must(err)
		return w.Code, string(body)
	}
	if code, body := get("/api/v1/gateway/insight", "models.insight"); code != http.StatusOK || !strings.Contains(body, `"people":{"n":85}`) || strings.Contains(body, "oefen") {
		t.Errorf("%d %s", code, body)
	}
	if code, body := get("/api/v1/gateway/insight/months", "models.insight"); code != http.StatusOK || !strings.Contains(body, "2026-11") {
		t.Errorf("%d %s", code, body)
	}
	if code, _ := get("/api/v1/gateway/insight", "waves.read"); code == http.StatusOK {
		t.Error("a key without the scope reads it")
	}
}

// TestPagesFitAndAreAccessible opens the page in its states. With TEKENTAFEL_SHOTS it keeps pictures of them in that folder.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", "employee")
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	views := []browsertest.View{{Width: 320, Height: 800}, {Width: 1366, Height: 800, NoJS: true}}
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	if shots != "" {
		views = []browsertest.View{{Width: 360, Height: 800}, {Width: 1280, Height: 800}}
	}
	b := browsertest.Start(t)
	tabs := make([]*browsertest.Page, len(views))
	for i, v := range views {
		tabs[i] = b.Tab(t, v)
	}
	look := func(name string) {
		t.Helper()
		for i, p := range tabs {
			p.Goto(listener.URL + home)
			if out := p.Beyond(); len(out) > 0 {
				t.Errorf("%s at %v, beyond the edge: %s", name, views[i], strings.Join(out, "; "))
			}
			if out := p.Violations(); len(out) > 0 {
				t.Errorf("%s at %v: %s", name, views[i], strings.Join(out, "; "))
			}
			if out := p.Refused(); len(out) > 0 {
				t.Errorf("%s at %v: the policy refuses %s", name, views[i], strings.Join(out, "; "))
			}
			if shots != "" {
				s.must(os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(views[i].Width, 10)+".png"), p.Screenshot(), 0o600))
			}
		}
	}
	look("empty")
	s.close()
	look("month")
	s.a.Count(s.call("green-1", "groot", "", at("2026-12-03 10:00")))
	s.must(s.a.Flush(t.Context()))
	s.set(at("2027-01-02 13:00"))
	s.must(s.a.Close(t.Context()))
	look("few")
}
