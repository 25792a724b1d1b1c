package evidence

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
	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// TestPagesFitAndAreAccessible opens the page with nothing and with everything, on a phone, a tablet and a desk, with and without scripts.
// With TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
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
	look := func(name, path string) {
		t.Helper()
		for _, width := range []int64{320, 820, 1366} {
			for _, plain := range []bool{false, true} {
				if plain && width > 320 {
					continue
				}
				p := b.OpenURL(t, listener.URL+path, browsertest.View{Width: width, Height: 800, NoJS: plain})
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
					if err := os.WriteFile(filepath.Join(shots, "evidence-"+name+"-"+strconv.FormatInt(width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				p.Close()
			}
		}
	}
	look("empty", home)
	s.full()
	s.Tries = s.everyonesTries()
	s.world.Step(200)
	later := actiontest.Monitor()
	later.Shares[0] = actiontest.ShareOf("weekly_use_work", "yes", nil, .66)
	s.world.Add(action.Report{ID: "r2", Title: "Monitor najaar 2027", Wave: "Najaar 2027", Previous: "r1"}, later, nil)
	look("full", home)
	look("paper", paperAt)
}

// TestThePDFIsTagged prints one, with an outline, the language and the heads of tables.
func TestThePDFIsTagged(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	s := newSite(t, dbtest.SQLite(t))
	s.print = pdf.Print
	s.full()
	s.Tries = s.everyonesTries()
	content := s.get("hr", filesAt+"pdf").wants(http.StatusOK).Body.String()
	for _, want := range []string{"/StructTreeRoot", "/Lang (nl)", "/Outlines", "/TH"} {
		if !strings.Contains(content, want) {
			t.Errorf("the PDF has no %s", want)
		}
	}
	if shots := os.Getenv("TEKENTAFEL_SHOTS"); shots != "" {
		if err := os.WriteFile(filepath.Join(shots, "evidence.pdf"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
