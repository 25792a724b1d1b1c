package invite

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// TestAListWithLongAddressesFitsOnAPhone has a person with an address without a place to break, and one who is known by it alone.
func TestAListWithLongAddressesFitsOnAPhone(t *testing.T) {
	t.Parallel()
	s := newSite(t, newWorld(t, dbtest.SQLite(t), nowhere))
	v := s.draft(wave.Anonymous)
	s.takes(v, staff(2))
	long := strings.Repeat("annelies", 7) + "@" + strings.Repeat("voorbeeldstad", 3) + ".example"
	if _, err := s.Add(t.Context(), hr, v.ID, MemberInput{Name: "Annelies", Mail: long, Language: "nl"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), hr, v.ID, MemberInput{Mail: "x" + long, Language: "nl"}); err != nil {
		t.Fatal(err)
	}
	address := s.listens()
	b := browsertest.Start(t)
	for _, width := range []int64{320, 390, 820, 1366} {
		p := b.OpenURL(t, address+peopleAt(v.ID), browsertest.View{Width: width, Height: 800})
		if n := p.Count(".table tbody tr"); n != 4 {
			t.Errorf("at %d px the list has %d rows", width, n)
		}
		if out := p.Beyond(); len(out) > 0 {
			t.Errorf("at %d px, beyond the edge: %s", width, strings.Join(out, "; "))
		}
		if out := p.Violations(); len(out) > 0 {
			t.Errorf("at %d px: %s", width, strings.Join(out, "; "))
		}
		p.Close()
	}
}

// listens serves the pages, with HR signed in, and returns their address.
func (s *site) listens() string {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", "hr")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	s.t.Cleanup(listener.Close)
	return listener.URL
}

// TestChoosingPeopleOutOfThePersonnelDataFitsOnAPhone looks at the empty list, the choice, and the choice that is refused.
func TestChoosingPeopleOutOfThePersonnelDataFitsOnAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	w.Staff = payrollOf(24)
	s := newSite(t, w)
	v := s.draft(wave.Anonymous)
	address := s.listens()
	b := browsertest.Start(t)
	for _, width := range []int64{320, 390, 1280} {
		for _, page := range []string{"", "/staff", "/staff refused"} {
			at, refused := strings.CutSuffix(page, " refused")
			p := b.OpenURL(t, address+peopleAt(v.ID)+at, browsertest.View{Width: width, Height: 900})
			if refused {
				p.Click("[name=whom][value=units]")
				p.Click("main form button:not([type=button])")
				p.Wait(".error-summary")
				p.Forget()
			}
			if dir := os.Getenv("TEKENTAFEL_SHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("staff%s-%d.png", strings.ReplaceAll(page, "/", "-"), width)), p.Screenshot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if out := append(p.Beyond(), p.Violations()...); len(out) > 0 {
				t.Errorf("%q at %d px: %s", page, width, strings.Join(out, "; "))
			}
			p.Close()
		}
	}
}
