package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A route is looked up before its turn only below the first part of the path of a crowd, and what counts as one is the same as ever.
func TestOnlyWhereACrowdIsExpectedARouteIsLookedUpTwice(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	nothing := func(http.ResponseWriter, *Request) error { return nil }
	p.add(Route{Pattern: "GET /w/{code}", Public: true, Crowd: true, Handle: nothing}, Route{Pattern: "POST /w/{code}/answers", Public: true, Crowd: true, Handle: nothing},
		Route{Pattern: "GET /w/{code}/list", Public: true, Handle: nothing}, Route{Pattern: "GET /wave", Public: true, Handle: nothing})
	for path, want := range map[string]bool{"/w/abc": true, "/w/abc/list": false, "/w/abc/answers": false, "/w": false, "/w/": false, "/wave": false, "/": false, "": false, "//w/abc": false,
		"/assets/app.css": true, "/W/abc": false} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
		r.URL.Path = path
		if got := p.crowded(r); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
	if r := httptest.NewRequest(http.MethodPost, "/w/abc/answers", nil); !p.crowded(r) {
		t.Error("answers of many people behind one address are refused")
	}
	for pattern, want := range map[string]string{"GET /w/{code}": "w", "/w": "w", "GET  stad.example/w/x": "w", "/{any}/x": "", "/": "", "GET /{$}": ""} {
		part, fixed := firstPart(pathIn(pattern))
		if fixed != (want != "") || fixed && part != want {
			t.Errorf("%q begins with %q", pattern, part)
		}
	}
	if err := p.Add(Route{Pattern: "GET /{any}/crowd", Public: true, Crowd: true, Handle: nothing}); err == nil {
		t.Error("a crowd anywhere was taken: each request would be looked up twice")
	}
}

func BenchmarkCrowded(b *testing.B) {
	p := newPlace(b, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	nothing := func(http.ResponseWriter, *Request) error { return nil }
	p.add(Route{Pattern: "GET /w/{code}", Public: true, Crowd: true, Handle: nothing}, Route{Pattern: "GET /reports/{id}/groups", Public: true, Handle: nothing})
	for name, path := range map[string]string{"crowd": "/w/abc", "other": "/reports/1/groups"} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			for b.Loop() {
				p.crowded(r)
			}
		})
	}
}
