package app

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// sqliteHouse starts a server with the made-up city on SQLite; what is asked of it holds on either engine.
func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
}

// anywhere fills the placeholders of a pattern with names that nothing has.
func anywhere(pattern string) (method, path string) {
	method, path, _ = strings.Cut(strings.ReplaceAll(pattern, "{$}", ""), " ")
	for _, m := range placeholder.FindAllString(path, -1) {
		with := "nothing"
		if m == "{slug}" {
			with = "voorbeeld"
		}
		path = strings.Replace(path, m, with, 1)
	}
	return method, path
}

// TestNoFormOfAnotherSiteIsTakenOnAnyRoute sends to every route that changes something what a page of another site could
// make the browser of a signed-in administrator send. Each is refused before its handler runs.
func TestNoFormOfAnotherSiteIsTakenOnAnyRoute(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	admin := h.as(t, access.Administrator)
	before := h.dump(t)
	tried := 0
	var routes []string
	for _, r := range h.Web.Routes() {
		routes = append(routes, r.Pattern)
	}
	for _, op := range h.API.Operations() {
		routes = append(routes, op.Method+" "+op.Path)
	}
	for _, pattern := range routes {
		method, path := anywhere(pattern)
		if method == http.MethodGet {
			continue
		}
		for _, sent := range []http.Header{
			{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
			{"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://other.stad.example"}},
			{"Origin": {"https://evil.example"}}, {"Origin": {"null"}},
		} {
			tried++
			sent.Set("Content-Type", "application/x-www-form-urlencoded")
			if a := h.do(t, admin, method, path, "name=x&sure=yes&days=30&_method=DELETE", sent); a.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s with %v: %d", method, path, sent, a.StatusCode)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d tries", tried)
	}
	h.same(t, before)
}

// TestNoRouteChangesAnythingByReading asks every route that changes something by a method that a link, an image or a
// header could make of it.
func TestNoRouteChangesAnythingByReading(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	admin := h.as(t, access.Administrator)
	reads := map[string]bool{}
	for _, r := range h.Web.Routes() {
		method, path := anywhere(r.Pattern)
		reads[path] = reads[path] || method == http.MethodGet
	}
	before := h.dump(t)
	for _, r := range h.Web.Routes() {
		method, path := anywhere(r.Pattern)
		if method == http.MethodGet {
			continue
		}
		for _, as := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, "DEBUG"} {
			if reads[path] && (as == http.MethodGet || as == http.MethodHead) {
				continue
			}
			a := h.do(t, admin, as, path+"?_method=POST&sure=yes", "", http.Header{"X-Http-Method-Override": {"POST"}, "X-Http-Method": {"POST"}, "X-Method-Override": {"POST"}})
			if a.StatusCode != http.StatusMethodNotAllowed && a.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d", as, path, a.StatusCode)
			}
		}
	}
	h.same(t, before)
}

// kept lists what browsers may keep: it is named by its content and the same for everyone.
func kept(path string) bool {
	for _, prefix := range []string{"/assets/", "/theme/", "/logo/", "/passkey/", "/w/sw.js"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return strings.HasPrefix(path, "/w/") && strings.HasSuffix(path, "/questions") // the same for everyone, and asked for again each time
}

// TestEveryRouteAnswersWithTheHeadersThatProtect asks every route as somebody who may everything and as a visitor: also
// errors, files and the API carry the policy, are not guessed at and are not kept.
func TestEveryRouteAnswersWithTheHeadersThatProtect(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	h.prepare(t)
	ids := h.ids(t)
	ids["state"], ids["script"] = []string{"none"}, []string{"none"}
	n := h.neighbours(t)
	paths := []string{"/nowhere", "/%00", "/assets/none", "/passkey/none.js", "/api/v1/people", "/api/v1/none", "/api/openapi.json", "/readyz"}
	for _, r := range h.Web.Routes() {
		if pattern, get := strings.CutPrefix(r.Pattern, "GET "); get {
			all := fill(pattern, ids)
			if len(all) == 0 {
				t.Fatalf("nothing is known that %s could be about", pattern)
			}
			paths = append(paths, all[0], all[len(all)-1])
		}
	}
	for _, c := range []*http.Client{h.as(t, access.HR), h.as(t, access.Administrator), n.client, h.visitor(t)} {
		for _, path := range paths {
			a := h.get(t, c, path)
			policy := a.Header.Get("Content-Security-Policy")
			if policy != web.Policy && (policy != ui.PaperPolicy || !onPaper(path)) && !strings.HasPrefix(policy, "sandbox; default-src 'none'") {
				t.Errorf("%s: policy %q", path, policy)
			}
			if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("X-Frame-Options") != "DENY" || a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: %v", path, a.Header)
			}
			if a.Header.Get("Cache-Control") != "no-store" && !kept(path) {
				t.Errorf("%s: kept by %q", path, a.Header.Get("Cache-Control"))
			}
			kind := a.Header.Get("Content-Type")
			if a.body != "" && kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8") {
				t.Errorf("%s: type %q", path, kind)
			}
			if a.body != "" && !strings.HasPrefix(kind, "text/html") && strings.HasPrefix(strings.TrimSpace(a.body), "<!doctype html") {
				t.Errorf("%s: a page as %q", path, kind)
			}
			if strings.Contains(policy, "sandbox") != (strings.Contains(path, "/download/") && a.StatusCode == http.StatusOK) {
				t.Errorf("%s: policy %q", path, policy)
			}
			if file := a.Header.Get("Content-Disposition"); file != "" && !strings.HasPrefix(file, "attachment; filename=") {
				t.Errorf("%s: %q", path, file)
			}
		}
	}
}

// TestNoAddressNamesAnotherPlaceToGoOn tries every way in which an address can say where to go on.
func TestNoAddressNamesAnotherPlaceToGoOn(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	public, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "/%09/evil.example", "javascript:alert(1)", "data:text/html,x", "/%2f/evil.example",
		"/%5cevil.example", " //evil.example", "/..//evil.example", "http:evil.example", "/x\r\nLocation: https://evil.example", "https:/evil.example", "///evil.example", "/@evil.example",
		public.Host + ".evil.example", h.url + "@evil.example", "?next=//evil.example", "#@evil.example",
	}
	city := h.actor(t, access.HR)
	for _, to := range elsewhere {
		q, header := url.QueryEscape(to), strings.NewReplacer("\r", "", "\n", "").Replace(to)
		worker := url.Values{"staffNumber": {DemoNumber}, "pin": {DemoPIN}, "next": {to}}
		for _, try := range []struct {
			what string
			a    answer
		}{
			{"language", h.post(t, h.visitor(t), "/language", url.Values{"lang": {"fr"}, "back": {to}})},
			{"in the demonstration", h.post(t, h.visitor(t), "/demo/sign-in", url.Values{"account": {city.ID}, "next": {to}})},
			{"sign in, being signed in", h.get(t, h.as(t, access.HR), "/sign-in?next="+q)},
			{"sign in with a PIN", h.post(t, h.visitor(t), "/o/voorbeeld/sign-in/pin", worker)},
			{"sign in first", h.do(t, h.visitor(t), http.MethodPost, "/organisation", "", http.Header{"Referer": {header}, "Hx-Current-Url": {header}, "Content-Type": {"application/x-www-form-urlencoded"}})},
			{"sign in first, for htmx", h.do(t, h.visitor(t), http.MethodGet, "/people", "", http.Header{"Hx-Request": {"true"}, "Hx-Current-Url": {header}})},
			{"confirm", h.get(t, h.as(t, access.HR), "/confirm?next="+q)},
			{"sign in", h.get(t, h.visitor(t), "/sign-in?next="+q)},
		} {
			for _, name := range []string{"Location", "Hx-Redirect", "Refresh"} {
				for _, value := range try.a.Header.Values(name) {
					at, err := public.Parse(value)
					if err != nil || at.Host != public.Host || at.Scheme != public.Scheme || strings.HasPrefix(at.Path, "//") {
						t.Errorf("%s: %q leads by %s to %q", try.what, to, name, value)
					}
				}
			}
			for _, link := range linksOf(t, try.a.body) {
				if at, err := public.Parse(link); err != nil || at.Host != public.Host && at.Host != "" || at.Scheme == "javascript" {
					t.Errorf("%s: %q stands as a link to %q", try.what, to, link)
				}
			}
		}
	}
}

// TestLinksCarryThePublicAddressWhateverHostIsAsked forges the headers from which a server might guess where it is.
func TestLinksCarryThePublicAddressWhateverHostIsAsked(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	hr := h.as(t, access.HR)
	reports := must(h.Report.Reports(t.Context(), h.actor(t, access.HR)))(t)
	forged := http.Header{"X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"https"}, "Forwarded": {"host=evil.example"}, "X-Original-Url": {"/x"}, "X-Rewrite-Url": {"/x"},
		"X-Host": {"evil.example"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	a := h.ask(t, hr, "evil.example", http.MethodPost, "/reports/"+reports[0].ID+"/links", url.Values{"note": {"x"}, "days": {"30"}}.Encode(), forged)
	if strings.Contains(a.body, "evil.example") || strings.Contains(a.Header.Get("Location"), "evil.example") || !strings.Contains(a.body, h.url+"/s/") && a.StatusCode == http.StatusOK {
		t.Errorf("%d: %s", a.StatusCode, a.body)
	}
	for _, path := range []string{"/", "/sign-in", "/people", "/reports", "/api/openapi.json"} {
		if a := h.ask(t, hr, "evil.example", http.MethodGet, path, "", forged); strings.Contains(a.body+a.Header.Get("Location"), "evil.example") {
			t.Errorf("%s repeats the host that was asked", path)
		}
	}
	if a := h.ask(t, h.visitor(t), "evil.example", http.MethodPost, "/o/voorbeeld/sign-in/forgot", "mail=hr%40voorbeeld.example", forged); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("no letter: %d", a.StatusCode)
	}
	city := h.actor(t, access.Administrator).Tenant
	var letter string
	var sealed []byte
	if err := h.DB.Of(city).Row(t.Context(), `SELECT id, body FROM mails WHERE tenant_id = $1 AND kind = 'recovery'`, nil, &letter, &sealed); err != nil {
		t.Fatal(err)
	}
	text, err := h.Box.Open("mail "+string(city)+" "+letter, sealed)
	if err != nil || strings.Contains(string(text), "evil.example") || !strings.Contains(string(text), h.url+"/welcome/") {
		t.Errorf("%s %v", text, err)
	}
}

// ask sends a request to the server under the name of another host.
func (h *house) ask(t *testing.T, c *http.Client, host, method, path, body string, header http.Header) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host, r.Header = host, header.Clone()
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res, string(all)}
}

// linksOf returns where the links and forms of a page lead.
func linksOf(t *testing.T, body string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if n.Type == html.ElementNode && (a.Key == "href" || a.Key == "action" || a.Key == "formaction" || a.Key == "src") {
				out = append(out, a.Val)
			}
		}
	}
	return out
}

// onPaper tells whether a page is a document that is printed: it carries its own style and pictures.
func onPaper(path string) bool {
	return strings.HasSuffix(path, "/paper") || strings.HasSuffix(path, "/poster")
}
