package own

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

var linked = regexp.MustCompile(`(?:href|src)="(/assets/[^"?#]+)"`)

// TestTheFirstLoadIsLight weighs pages with all that they need, as they are sent.
func TestTheFirstLoadIsLight(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.twice()
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.Handle("GET "+assetPath, s.server)
	packed := func(h http.Handler, path string) int {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("X-Test-Who", "employee")
		for _, c := range p.cookies {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, w.Code)
		}
		return w.Body.Len()
	}
	for _, path := range []string{doorAt, checkAt, profileAt, aboutAt, answersAt, codeAt} {
		for _, lang := range instrument.Languages() {
			p.lang = string(lang)
			total, seen := packed(s.server, path), map[string]bool{}
			for _, m := range linked.FindAllStringSubmatch(p.get(path).Body.String(), -1) {
				if !seen[m[1]] && !strings.HasSuffix(m[1], ".png") { // icons for devices that ask for them
					total += packed(mux, m[1])
				}
				seen[m[1]] = true
			}
			if len(seen) < 4 || total > 100_000 {
				t.Errorf("%s in %s weighs %d bytes with %d files", path, lang, total, len(seen))
			}
		}
	}
}
