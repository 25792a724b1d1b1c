package items

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// TestPagesFitAndAreAccessible opens every page in its states, on a phone, a tablet and a desk, with scripts and without. With
// TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
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
	views := []browsertest.View{{Width: 320, Height: 800}, {Width: 820, Height: 1000, NoJS: true}, {Width: 1366, Height: 800}}
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	if shots != "" {
		views = []browsertest.View{{Width: 390, Height: 800}, {Width: 1280, Height: 800}}
	}
	b := browsertest.Start(t)
	tabs := make([]*browsertest.Page, len(views))
	for i, v := range views {
		tabs[i] = b.Tab(t, v)
	}
	look := func(name, path string) {
		t.Helper()
		for i, p := range tabs {
			p.Goto(listener.URL + path)
			for kind, list := range map[string][]string{"axe": p.Violations(), "policy": p.Refused(), "width": p.Beyond()} {
				if len(list) > 0 {
					t.Errorf("%s at %v: %s: %s", name, views[i], kind, strings.Join(list, "; "))
				}
			}
			p.Forget()
			if shots != "" {
				if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(views[i].Width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	item := ""
	for i := range s.Material.Items {
		if s.Material.Items[i].Skill == "critical" {
			item = s.Material.Items[i].ID
			break
		}
	}
	look("bank-first", home)
	look("calibration-first", calibrateAt)
	look("versions-first", versionsAt)
	look("question-first", questionsAt+item)
	rng := rand.New(rand.NewPCG(1, 2))
	s.wave("najaar 2026", 20, truth(s.Material, rng), rng)
	for i, g := range s.gifts(12) {
		s.give(dbtest.Ours, g, i)
	}
	c := s.proposed("c1", honest())
	look("calibration", calibrateAt)
	look("proposal", calibrationsAt+c)
	must(s.Adopt(t.Context(), hr(), c, "Nagelezen door twee collega’s, geen bezwaar", asked.Request{}))(t)
	look("bank", home+"?skill=critical")
	look("question", questionsAt+item)
	must(s.PutBack(t.Context(), hr(), 0, asked.Request{}))(t)
	look("versions", versionsAt)
	look("hold", versionsAt+"/1/hold")
	look("drop", dropAt)
	look("proposal-flooded", calibrationsAt+s.proposed("c2", flooded()))
	must(s.Calibrate(t.Context(), hr(), true, asked.Request{}))(t)
	look("working", calibrateAt)
}
