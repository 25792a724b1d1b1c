package nonuse

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
	look("talks-empty", talksAt)
	s.report = &Report{ID: "r1", Title: "Monitor najaar 2026", Findings: wave()}
	look("who", home)
	look("who-group", home+"?by=workplace&group=field")
	look("reason", reasonsAt+"trust")
	look("guide", guideAt)
	look("paper", paperAt+"?lang=nl")
	s.opens("Gesprekken voorjaar 2027")
	s.post("hr", invitesAt, "name", "Chaima El Amrani", "contact", "depot Gentbrugge, chaima.elamrani@stad.example").leads(talksAt)
	s.post("hr", invitesAt, "name", "Bert Vandenberghe", "contact", "").leads(talksAt)
	look("talks", talksAt)
	look("consent", consentAt)
	look("consent-wrong", consentAt, func(p *browsertest.Page) { p.Click("form.form button"); p.Wait(".error-summary") })
	about := s.post("hr", consentAt, "version", "1", "agree", "yes").leads(aboutAt)
	look("about", about)
	notes := s.post("hr", about, "language", "nl", "work", "field", "family", "u-groen", "reasons", "skills", "reasons", "access").leads(notesAt)
	look("notes", notes)
	look("notes-wrong", notes, func(p *browsertest.Page) {
		p.Fill("#f-note-why", "Vraag het aan jan@stad.example")
		p.Click("form.form .buttons button")
		p.Wait(".error-summary")
	})
	done := s.post("hr", notes, "note-why", "Er is geen toestel in het depot.").leads(doneAt)
	look("done", done)
	s.five()
	look("close", closeAt)
	s.closes()
	look("talks-closed", talksAt)
	look("who-talks", home)
	look("round", roundsAt+cells(t, s.DB, "skill_interview_rounds", "id")[0][0])
	look("round-drop", roundsAt+cells(t, s.DB, "skill_interview_rounds", "id")[0][0]+"?drop=yes")
	look("withdraw", withdrawAt)
}
