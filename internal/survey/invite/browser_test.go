package invite

import (
	"net/http"
	"net/http/httptest"
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
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", "hr")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	b := browsertest.Start(t)
	for _, width := range []int64{320, 390, 820, 1366} {
		p := b.OpenURL(t, listener.URL+peopleAt(v.ID), browsertest.View{Width: width, Height: 800})
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
