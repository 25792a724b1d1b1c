package desk

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// TestPagesFitAndAreAccessible opens every page in each state, on a phone, a tablet and a desk, with and without scripts. With
// TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSiteAt(t, dbtest.SQLite(t), 64<<20, "http") // so that the browser is not sent on to HTTPS
	s.people = sized{}
	who := "dpo"
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", who)
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	look := func(name, path string, prepare ...func(p *browsertest.Page)) {
		t.Helper()
		widths := []int64{320, 1366}
		if name == "overview" || name == "services" {
			widths = []int64{320, 820, 1366}
		}
		for _, width := range widths {
			for _, plain := range []bool{false, true} {
				if plain && (width > 320 || len(prepare) > 0) {
					continue
				}
				p := b.OpenURL(t, listener.URL+path, browsertest.View{Width: width, Height: 800, NoJS: plain})
				for _, f := range prepare {
					f(p)
				}
				if out := p.Beyond(); len(out) > 0 {
					t.Errorf("%s at %d px, beyond the edge: %s", name, width, strings.Join(out, "; "))
				}
				if out := p.Violations(); len(out) > 0 {
					t.Errorf("%s at %d px, without scripts %v: %s", name, width, plain, strings.Join(out, "; "))
				}
				if out := p.Refused(); len(out) > 0 {
					t.Errorf("%s at %d px: refused by the policy: %s", name, width, strings.Join(out, "; "))
				}
				if shots != "" && !plain {
					if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				p.Close()
			}
		}
	}
	look("empty", home)
	look("how", howAt)
	look("count", countAt)
	dir := t.TempDir()
	wrongFile := filepath.Join(dir, "verslag.pdf")
	good := filepath.Join(dir, "access.log")
	for path, text := range map[string]string{wrongFile: "%PDF-1.7 x", good: city(week48)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look("count-wrong", countAt, func(p *browsertest.Page) {
		p.Attach("input[name=log]", wrongFile)
		p.Click("form.form button[type=submit]")
		p.Wait(".error-summary")
	})
	// Once as a person does it.
	p := b.OpenURL(t, listener.URL+countAt, browsertest.View{Width: 360, Height: 800})
	p.Attach("input[name=log]", good)
	p.Click("form.form button[type=submit]")
	p.Wait("#log-1")
	if !strings.Contains(p.Location(), oneCountAt) {
		t.Errorf("the browser is at %s", p.Location())
	}
	one := strings.TrimPrefix(p.Location(), listener.URL)
	p.Close()
	look("one", one)
	for i := range 7 {
		week := week48.AddDate(0, 0, -7*(i+1))
		s.upload("dpo", cities(), squid(week, use{"burgers", 34 + 3*i%7, "chatgpt.com"}, use{"groen", 20, "chatgpt.com"}, use{"groen", 25, "www.deepl.com"}, use{"loket", 12, "claude.ai"}, use{"burgers", 14, "www.canva.com"}, use{"loket", 8, "otter.ai"}, use{"groen", 9, "gamma.app"})).leads(oneCountAt)
	}
	s.post("dpo", serviceAt+"deepl/rule", "at", "0", "standing", "allowed", "offer", "Vertaal gewone brieven in onze eigen chat. Vraag een licentie van DeepL aan bij ICT als je elke dag vertaalt.").leads(serviceAt)
	s.post("dpo", serviceAt+"chatgpt/rule", "at", "0", "standing", "refused", "offer", "Onze eigen chat kan hetzelfde, en kijkt na of er niets gevoeligs vertrekt.").leads(serviceAt)
	own := s.post("dpo", newAt, "name", "Praatpaal", "maker", "Maker bv", "country", "BE", "kind", "chat", "domains", "praatpaal.example", "why", "Genoemd in de bevraging van de lente").leads(serviceAt)
	look("overview", home+"?week=2026-W47")
	look("overview-unit", home+"?week=2026-W47&unit=burgers")
	look("service", serviceAt+"deepl")
	look("own", own)
	look("own-edit", own+"/edit")
	look("own-drop", own+"/drop")
	look("own-wrong", newAt, func(p *browsertest.Page) { p.Click("form.form button"); p.Wait(".error-summary") })
	look("services", listAt)
	look("history", countsAt)
	look("delete", one+"/delete")
	look("publish", publishAt)
	s.post("dpo", publishAt, "on", "yes").leads(home)
	who = "employee"
	look("staff", home+"?week=2026-W47")
}
