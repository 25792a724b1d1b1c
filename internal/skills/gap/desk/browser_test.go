package desk

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// readinessFor is what an assessment of personnel data says, for a test.
func readinessFor() *gap.Readiness {
	return &gap.Readiness{Conclusions: []gap.Conclusion{
		{Name: "gap by department", Staff: 1438, Usable: 1100, Shown: 1050, Losses: []gap.Loss{{Kind: "person.no_function", People: 201, Points: 14}, {Kind: "unit.orphan", People: 130, Points: 9}, {Kind: "group.small", People: 12, Points: 0.8}},
			Gains: []gap.Gain{{Kind: "person.no_function", Mend: "give function", Count: 201, People: 201, Points: 13.5}, {Kind: "unit.orphan", Mend: "place unit", Count: 2, People: 130, Points: 9}}},
		{Name: "gap by function", Staff: 1438, Losses: []gap.Loss{{Kind: "person.no_function", People: 201, Points: 14}, {Kind: "function.alike", People: 44, Points: 3}}},
	}}
}

func TestThePagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	s := newSite(t, sqlite(t))
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", "hr")
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET "+assetPath, s.server.ServeHTTP)
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
	s.quality = readinessFor()
	s.add(wave(t, "r1", "s1", 1200, 7))
	second := wave(t, "r2", "s2", 900, 8)
	second.Previous = "r1"
	look("list", home)
	look("none", home+"/r1")
	s.computes("r1")
	look("everyone", home+"/r1")
	look("reading", home+"/r1/reading")
	s.asks("r1")
	s.add(second)
	s.asks("r2")
	b2 := home + "/r2"
	look("overview", b2)
	look("map", b2+"/map")
	look("map-work", b2+"/map?by=function")
	look("map-cell", b2+"/map?by=cell&sort=below")
	look("map-skill", b2+"/map?skill=critical&sort=below")
	look("where", b2+"/where")
	look("group", b2+"/group?department=u-groen-en-wegen")
	look("cell", b2+"/group?department=u-groen-en-wegen&function=technical")
	look("change", b2+"/change")
	look("method", b2+"/method")
	look("said", b2+"/reading")
	look("paper", b2+"/export/html")
	s.reorganise(func() *demand.Organisation { o := city(); o.Tallies[0].People++; return o }(), s.state)
	look("stale", b2)
}
