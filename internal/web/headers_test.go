package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
)

// everyAnswer sends one request for each way in which the server answers.
func everyAnswer(p *place) map[string]*httptest.ResponseRecorder {
	p.t.Helper()
	p.Mount("GET /assets/", ui.Assets())
	p.Mount("/mounted/", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/mounted/panic" {
			panic("on purpose")
		}
	}))
	p.add(
		Route{Pattern: "GET /panic", Public: true, Handle: func(http.ResponseWriter, *Request) error { panic("on purpose") }},
		Route{Pattern: "GET /internal", Public: true, Handle: func(http.ResponseWriter, *Request) error { return say(problem.Internal, "error.internal") }},
	)
	return map[string]*httptest.ResponseRecorder{
		"a page": p.get("/"), "a page of a person": p.get("/accounts", as("hr")), "sign in first": p.get("/accounts"), "forbidden": p.get("/accounts", as("dpo")),
		"not found": p.get("/nowhere"), "a panic": p.get("/panic"), "an error inside": p.get("/internal"), "a form": p.do(http.MethodPost, "/public", "a=b"),
		"another site": p.do(http.MethodPost, "/public", "", with("Sec-Fetch-Site", "cross-site")), "too large": p.do(http.MethodPost, "/public", strings.Repeat("a", 1<<20)),
		"no form": p.do(http.MethodPost, "/public", "{}", with("Content-Type", "application/json")), "a mounted handler": p.get("/mounted/"),
		"a panic of a mounted handler": p.get("/mounted/panic"), "an asset": p.get(ui.AssetURL("app.css")), "a missing asset": p.get("/assets/nothing"),
		"a path to be cleaned": p.get("/reports/../x//y"), "no text": p.get("/%00"),
	}
}

func TestEveryAnswerCarriesTheHeadersThatProtect(t *testing.T) {
	t.Parallel()
	for name, w := range everyAnswer(newPlace(t, overHTTPS)) {
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp",
			"Content-Security-Policy":   Policy + "; upgrade-insecure-requests",
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		} {
			if got := w.Header().Values(header); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s: %q, want %q", name, header, got, want)
			}
		}
		if w.Header().Get("Permissions-Policy") == "" || w.Header().Get("Access-Control-Allow-Origin") != "" || w.Header().Get("Server") != "" {
			t.Errorf("%s: %v", name, w.Header())
		}
		if cached := w.Header().Get("Cache-Control"); cached != "no-store" && name != "an asset" {
			t.Errorf("%s: may be kept: %q", name, cached)
		}
		if kind := w.Header().Get("Content-Type"); w.Body.Len() > 0 && kind == "" {
			t.Errorf("%s: no type", name)
		}
	}
	if w := newPlace(t).get("/"); w.Header().Get("Strict-Transport-Security") != "" || w.Header().Get("Content-Security-Policy") != Policy {
		t.Error("over plain HTTP a browser is told to use HTTPS, which nobody serves")
	}
}

func TestPolicyAllowsNothingInlineAndNobodyElse(t *testing.T) {
	t.Parallel()
	directives := map[string]string{}
	for d := range strings.SplitSeq(Policy, ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(d), " ")
		if _, twice := directives[name]; twice {
			t.Errorf("%s is said twice", name)
		}
		directives[name] = sources
	}
	for name, want := range map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
		"connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'", "manifest-src": "'self'"} {
		if directives[name] != want {
			t.Errorf("%s: %q, want %q", name, directives[name], want)
		}
		delete(directives, name)
	}
	if len(directives) > 0 {
		t.Errorf("nobody approved of %v", directives)
	}
}

func TestCookiesAreOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		var settings []setting
		if secure {
			settings = append(settings, overHTTPS)
		}
		p := newPlace(t, settings...)
		p.add(Route{Pattern: "GET /cookie", Public: true, Handle: func(w http.ResponseWriter, _ *Request) error {
			p.SetCookie(w, "tt_session", "v", 3600e9)
			p.SetCookie(w, "tt_gone", "", 0)
			p.rememberLanguage(w, "fr")
			return nil
		}})
		set := p.get("/cookie").Result().Cookies()
		if len(set) != 3 {
			t.Fatalf("%v", set)
		}
		for _, c := range set {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure {
				t.Errorf("%v", c)
			}
			if prefixed := strings.HasPrefix(c.Name, "__Host-"); prefixed != secure {
				t.Errorf("%v", c)
			}
		}
		if set[0].MaxAge != 3600 || set[1].MaxAge != -1 {
			t.Errorf("%v, %v", set[0], set[1])
		}
	}
}
