package shelftest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// Eyes look at pages in a browser.
type Eyes struct {
	*browsertest.Browser
	t   testing.TB
	URL string
	who string
}

// Open opens the eyes of who on a site.
func (s *Site) Open(t testing.TB, who string) *Eyes {
	t.Helper()
	b := browsertest.Start(t)
	e := &Eyes{Browser: b, t: t, who: who}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.Handle("GET /assets/lab-shelf/", s.Server)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", e.who)
		r.Header.Set("Accept-Language", "nl")
		s.Server.ServeHTTP(w, r)
	})
	l := httptest.NewServer(mux)
	t.Cleanup(l.Close)
	e.URL = l.URL
	return e
}

// As looks on as somebody else.
func (e *Eyes) As(who string) { e.who = who }

// Look opens a page on a phone, a tablet and a desk, with and without scripts, and fails the test when something does not fit, cannot be read by
// everyone, or breaks the policy. With TEKENTAFEL_SHOTS it keeps pictures in that folder, to look at with one's own eyes.
func (e *Eyes) Look(name, path string, prepare ...func(p *browsertest.Page)) {
	e.t.Helper()
	for _, width := range []int64{320, 820, 1366} {
		for _, plain := range []bool{false, true} {
			if plain && (width > 320 || len(prepare) > 0) {
				continue
			}
			p := e.OpenURL(e.t, e.URL+path, browsertest.View{Width: width, Height: 800, NoJS: plain})
			for _, f := range prepare {
				f(p)
			}
			for kind, list := range map[string][]string{"axe": p.Violations(), "policy": p.Refused(), "console": p.Errors(), "width": p.Beyond()} {
				if len(list) > 0 {
					e.t.Errorf("%s at %d px, without scripts %v: %s: %s", name, width, plain, kind, strings.Join(list, "; "))
				}
			}
			if shots := os.Getenv("TEKENTAFEL_SHOTS"); shots != "" && !plain {
				//nolint:gosec // the folder is that of whoever runs the test
				if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
					e.t.Fatal(err)
				}
			}
			p.Close()
		}
	}
}
