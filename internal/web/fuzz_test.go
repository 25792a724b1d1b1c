package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// FuzzRoutes sends any method, path, query, header and body: nothing panics, nothing is a fault of the program, every answer
// is protected, and what reaches a feature is text.
func FuzzRoutes(f *testing.F) {
	for _, s := range [][5]string{
		{"GET", "/", "", "", ""}, {"GET", "/reports/1", "a=b", "hr", ""}, {"POST", "/public", "", "", "to=//evil.example"}, {"HEAD", "/mine", "%zz", "employee", ""},
		{"OPTIONS", "*", "", "", ""}, {"CONNECT", "/public/1", "", "", ""}, {"POST", "/language", "", "", "lang=fr&back=/x"}, {"GET", "//evil.example/..", "", "", ""},
		{"GET", "/public/%00", "q=%ff", "hr", ""}, {"POST", "/public", "%00", "", "\xff\x00=%00"}, {"TRACE", "/assets/../x", "", "", ""}, {"GET", "/public/%2e%2e%2f", "", "", ""},
		{"PROPFIND", "/accounts", ";", "dpo", "<x/>"}, {"GET", "/assets/app.css", "", "", ""}, {"GET", "/public/" + strings.Repeat("a/", 300), "", "", ""},
	} {
		f.Add(s[0], s[1], s[2], s[3], s[4])
	}
	p := newPlace(f)
	p.Mount("GET /assets/", ui.Assets())
	echo := func(w http.ResponseWriter, r *Request) error {
		if !isText(r.PathValue("rest")) || !isText(r.URL.Query().Get("q")) {
			panic("no text")
		}
		return show("echo")(w, r)
	}
	p.add(p.LanguageRoute(func(*Request, instrument.Lang) error { return nil }), Route{Pattern: "/echo/{rest...}", Public: true, Handle: echo})
	f.Fuzz(func(t *testing.T, method, path, query, who, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://example.com/", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		if u, err := r.URL.Parse(path); err == nil && u.Host == r.URL.Host {
			r.URL = u
		} else {
			r.URL.Path = "/" + path
		}
		r.URL.RawQuery, r.RequestURI, r.RemoteAddr = query, r.URL.RequestURI(), "203.0.113.7:1"
		r.Header[http.CanonicalHeaderKey(whoHeader)] = []string{who}
		r.Header["Accept-Language"], r.Header["Cookie"], r.Header["Referer"] = []string{query}, []string{body}, []string{path}
		r.Header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s %q?%q: %d", method, path, query, w.Code)
		}
		if w.Header().Get("Content-Security-Policy") == "" {
			t.Fatalf("%s %q: an answer without protection", method, path)
		}
		if to := w.Header().Get("Location"); to != "" && hostInBrowser(address("http://example.com/"), to) != "example.com" {
			t.Fatalf("%s %q leads to %q", method, path, to)
		}
	})
}
