package closing

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, and "theirs hr" to somebody of the other. Always is who
// comes without that.
type visitors struct{ always string }

func (all visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(cmp.Or(r.Header.Get("X-Test-Who"), all.always), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor, v.Name, v.Session, v.ConfirmedAt = wavetest.Person(o, access.Role(who)), "Jan Peeters", "s", wavetest.Start
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

type site struct {
	*world
	server *web.Server
}

func newSite(t testing.TB, w *world, always ...string) *site {
	t.Helper()
	all := visitors{}
	if len(always) > 0 {
		all.always = always[0]
	}
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{world: w, server: web.New(web.Config{PublicURL: public}, all, nil, w.Clock.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	s.server.Mount("GET /assets/", ui.Assets())
	if err := w.closing.Pages().AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) get(who, target string) *httptest.ResponseRecorder {
	s.T.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("X-Test-Who", who)
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) post(who, target string, form url.Values) *httptest.ResponseRecorder {
	s.T.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("X-Test-Who", who)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

// said opens, answers and closes a wave in which people wrote these texts, and returns the address of its open question.
func (w *world) said(texts ...string) (v wave.Wave, address string) {
	w.T.Helper()
	v = w.Running(wave.Anonymous, len(texts)+5)
	for i, text := range texts {
		w.hand(&v, person(&v, i), given{"department": "green", "uses": "often", "remark": text})
	}
	v = w.closed(&v)
	return v, "/waves/" + v.ID + "/texts/remark"
}

func (w *world) idOf(v *wave.Wave, text string) string {
	w.T.Helper()
	rows, err := textsOf(w.T.Context(), w.DB.Of(dbtest.Ours), v.ID, "remark")
	if err != nil {
		w.T.Fatal(err)
	}
	for _, r := range rows {
		if r.text == text {
			return r.id
		}
	}
	w.T.Fatalf("no text %q", text)
	return ""
}

var sayings = []string{"Mijn chef mevrouw De Smet verbiedt alles.", "=HYPERLINK(\"http://evil\")", "Meer opleiding graag", "Minder mail & meer <rust>", "Goed zo", "Vraag het aan jan@stad.be"}

func TestHRReadsOpenAnswersAndNobodyElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := newSite(t, w)
		v, address := w.said(sayings...)
		for _, c := range []struct {
			who, path string
			status    int
		}{
			{"hr", "/waves/" + v.ID + "/texts", 200}, {"hr", address, 200}, {"hr", address + "/export", 200},
			{"dpo", address, 403}, {"researcher", address, 403}, {"admin", address + "/export", 403}, {"employee", address, 403},
			{"theirs hr", address, 404}, {"theirs hr", "/waves/" + v.ID + "/texts", 404}, {"hr", "/waves/" + v.ID + "/texts/uses", 404},
			{"hr", address + "/none/edit", 404},
		} {
			if got := s.get(c.who, c.path); got.Code != c.status {
				t.Errorf("%s at %s: %d, want %d", c.who, c.path, got.Code, c.status)
			}
		}
		page := s.get("hr", address).Body.String()
		for _, want := range []string{"Minder mail &amp; meer &lt;rust&gt;", "<mark>mevrouw De Smet", "Goed zo"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
		// Nothing of who wrote stands beside it.
		for _, never := range []string{"green", "often", "Groen", "vaak"} {
			if strings.Contains(page[strings.Index(page, "<ol"):], never) {
				t.Errorf("the page says %q", never)
			}
		}
		if list := s.get("hr", "/waves/"+v.ID+"/texts").Body.String(); !strings.Contains(list, "minder dan 5") {
			t.Error("a question to which nobody wrote does not say so")
		}
	})
}

func TestTextsOfAWaveThatIsOpenCannotBeRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := newSite(t, w)
		v := w.answered(wave.Anonymous, 20, 12, 0)
		if got := s.get("hr", "/waves/"+v.ID+"/texts"); got.Code != http.StatusConflict {
			t.Errorf("status %d", got.Code)
		}
	})
}

func TestATextIsHiddenAndShownAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := newSite(t, w)
		v, address := w.said(sayings...)
		one := address + "/" + w.idOf(&v, "Goed zo")
		if got := s.post("dpo", one+"/hide", url.Values{}); got.Code != http.StatusForbidden {
			t.Errorf("a DPO hides it: %d", got.Code)
		}
		for range 2 { // twice is once
			got := s.post("hr", one+"/hide", url.Values{"back": {"q=zo&page=1"}})
			if got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), address+"?page=1&q=zo") {
				t.Errorf("status %d to %s", got.Code, got.Header().Get("Location"))
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = 'text.hidden'`); n != 1 {
			t.Errorf("%d entries in the log", n)
		}
		for path, want := range map[string]bool{address: false, address + "/export": false, address + "?which=hidden": true} {
			if got := strings.Contains(s.get("hr", path).Body.String(), "Goed zo"); got != want {
				t.Errorf("%s says it: %t", path, got)
			}
		}
		s.post("hr", one+"/show", url.Values{})
		if !strings.Contains(s.get("hr", address).Body.String(), "Goed zo") {
			t.Error("it is not shown again")
		}
	})
}

func TestNamesAreTakenOutForGood(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := newSite(t, w)
		v, address := w.said(sayings...)
		one := address + "/" + w.idOf(&v, sayings[0])
		if got := s.post("hr", one+"/edit", url.Values{"text": {"Mijn chef is geweldig."}}); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "alleen woorden weghalen") {
			t.Errorf("other words were put in: %d", got.Code)
		}
		got := s.post("hr", one+"/edit", url.Values{"text": {"Mijn chef […] verbiedt alles."}})
		if got.Code != http.StatusSeeOther {
			t.Fatalf("status %d: %.300s", got.Code, got.Body)
		}
		two := address + "/" + w.idOf(&v, "Vraag het aan jan@stad.be")
		if got := s.post("hr", two+"/marks", url.Values{}); got.Code != http.StatusSeeOther {
			t.Fatalf("status %d", got.Code)
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM wave_texts WHERE tenant_id = $1 AND (text LIKE '%Smet%' OR text LIKE '%jan@%')`:       0,
			`SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND (detail LIKE '%Smet%' OR detail LIKE '%jan@%')`:    0,
			`SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = 'text.redacted'`:                          2,
			`SELECT COUNT(*) FROM wave_texts WHERE tenant_id = $1 AND redacted AND text = 'Vraag het aan […]'`:          1,
			`SELECT COUNT(*) FROM wave_texts WHERE tenant_id = $1 AND redacted AND text LIKE 'Mijn chef […] verbiedt%'`: 1,
		} {
			if n := w.count(query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
	})
}

func TestTheExportIsReadAsTextByEverySpreadsheet(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := newSite(t, w)
		_, address := w.said(sayings...)
		got := s.get("hr", address+"/export")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 1+len(sayings) {
			t.Fatalf("%d rows: %v", len(rows), err)
		}
		for _, row := range rows {
			if len(row) != 1 || strings.ContainsAny(row[0][:1], "=+-@") {
				t.Errorf("a row says %q", row)
			}
		}
		if got.Header().Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(got.Header().Get("Content-Disposition"), "attachment") {
			t.Error(got.Header())
		}
	})
}

func TestLongListsAreReadPageByPageAndSearched(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := newSite(t, w)
		var texts []string
		for i := range 60 {
			texts = append(texts, fmt.Sprintf("Tekst nummer %02d", i))
		}
		_, address := w.said(texts...)
		seen := map[string]int{}
		for page := range 3 {
			body := s.get("hr", fmt.Sprintf("%s?page=%d", address, page)).Body.String()
			for _, text := range texts {
				seen[text] += strings.Count(body, text)
			}
		}
		for _, text := range texts {
			if seen[text] != 1 {
				t.Errorf("%q is shown %d times", text, seen[text])
			}
		}
		body := s.get("hr", address+"?q="+url.QueryEscape("NUMMER 07")).Body.String()
		if !strings.Contains(body, texts[7]) || strings.Contains(body, texts[8]) {
			t.Error("the search finds other texts")
		}
		for _, odd := range []string{"?page=-4", "?page=99999999999999999999", "?page=x", "?which=nothing"} {
			if got := s.get("hr", address+odd); got.Code != 200 {
				t.Errorf("%s: %d", odd, got.Code)
			}
		}
	})
}
