package strategy

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// TestPagesFitAndAreAccessible opens every page in each state, on a phone, a tablet and a desk, with and without scripts. With
// TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", "hr")
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	look := func(name, path string, prepare ...func(p *browsertest.Page)) {
		t.Helper()
		for _, width := range []int64{320, 820, 1366} {
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
				if n := p.SmallestText(); n < 12 {
					t.Errorf("%s at %d px: text of %.1f px", name, width, n)
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
	look("read-empty", readAt)
	look("edit-empty", chaptersAt+"stand")
	look("versions-empty", chaptersAt+"why/versions")
	look("history-empty", versionsAt)
	s.world.Add(action.Report{ID: "r1", Title: "Monitor najaar 2026", Wave: "Najaar 2026"}, firstWave()(t), actiontest.Gap(.4))
	s.acted("r1")
	look("ready", home)
	s.post("hr", figuresAt+"?lang=nl", "report", "r1", "after", "0").leads(home)
	s.post("hr", chaptersAt+"why?lang=nl", "text", "Iedereen mag mee.\n\n- Nu gebruikt [[weekly_use_work]] AI elke week.\n- Tegen 2028 willen we 60 %.\n- En [[weg]].", "after", "0").leads(home)
	s.post("hr-two", chaptersAt+"why?lang=nl", "text", "Iedereen die wil, mag mee.\n\n- Nu gebruikt [[weekly_use_work]] AI elke week.\n- En [[weg]].", "after", "1").leads(home)
	s.world.Step(30)
	s.world.Add(action.Report{ID: "r2", Title: "Monitor voorjaar 2027", Wave: "Voorjaar 2027", Previous: "r1"}, wave(t, 900, 5, firstWave()(t)), nil)
	look("newer", home)
	look("read", readAt)
	look("paper", paperAt+"?lang=nl")
	look("edit", chaptersAt+"stand", func(p *browsertest.Page) { p.Click("#names summary"); p.Click("#below summary") })
	look("edit-wrong", chaptersAt+"why", func(p *browsertest.Page) {
		s.post("hr-two", chaptersAt+"why?lang=nl", "text", "Wie wil, mag mee. Versie "+p.Text("h1")+p.Location()+strconv.Itoa(p.Count("p"))+strconv.FormatInt(s.count("why"), 10), "after", strconv.FormatInt(s.count("why"), 10))
		p.Fill("#f-text", "Ik schreef dit tegelijk.")
		p.Click("form.form button:not([data-copy])")
		p.Wait(".error-summary")
	})
	look("versions", chaptersAt+"why/versions?older=1&newer=2")
	look("history", versionsAt)
	s.world.K = 20
	look("raised", home)
}
