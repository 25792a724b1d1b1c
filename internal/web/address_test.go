package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// hostInBrowser returns the host to which a browser on base goes for target, by the URL Standard (url.spec.whatwg.org,
// basic URL parser) as far as it decides on the host.
func hostInBrowser(base *url.URL, target string) string {
	target = strings.TrimFunc(target, func(r rune) bool { return r <= ' ' })
	target = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(target)
	if before, after, found := strings.Cut(target, ":"); found && before != "" && !strings.ContainsAny(before, "/?#") {
		scheme := strings.ToLower(before)
		if scheme != base.Scheme || strings.HasPrefix(after, "/") {
			return "another scheme or host: " + target
		}
		target = after // "http:path" stays on the host of the base
	}
	if strings.HasPrefix(target, "//") {
		host := strings.TrimLeft(target, "/")
		if i := strings.IndexAny(host, "/?#"); i >= 0 {
			host = host[:i]
		}
		return host
	}
	return base.Host
}

func checkLocal(t *testing.T, target string) {
	t.Helper()
	base := address("https://tekentafel.example/reports/1?x=y")
	got := Local(target, "/fallback")
	if host := hostInBrowser(base, got); host != base.Host {
		t.Fatalf("Local(%q) = %q leads a browser to %q", target, got, host)
	}
	u, err := base.Parse(got)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
		t.Fatalf("Local(%q) = %q leads to %v, %v", target, got, u, err)
	}
	// And what the redirect makes of it.
	w := httptest.NewRecorder()
	http.Redirect(w, httptest.NewRequest(http.MethodGet, "/a/b", nil), got, http.StatusSeeOther)
	if host := hostInBrowser(base, w.Header().Get("Location")); host != base.Host {
		t.Fatalf("Local(%q) becomes a redirect to %q", target, w.Header().Get("Location"))
	}
}

func TestLocalNeverLeavesTheHost(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/", "/reports/1", "/reports?q=a&b=c#d", "/a/../b", "/é", "/a%20b", "/a?next=https://evil.example/", "/x:y", "/@evil", "/a//b"} {
		if got := Local(target, "/fallback"); got != target {
			t.Errorf("Local(%q) = %q; it is ours", target, got)
		}
		checkLocal(t, target)
	}
	for _, target := range []string{
		"", "evil", "evil.example", "https://evil.example/", "HTTPS://evil.example", "http:evil.example", "//evil.example", "///evil.example", "////evil.example",
		`/\evil.example`, `\\evil.example`, `\/evil.example`, `/\/evil.example`, "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
		" //evil.example", "//evil.example@tekentafel.example", "/%2f/evil.example", "/%2F%2Fevil.example", "//%2fevil.example", "javascript:alert(1)",
		"data:text/html,x", "//user:pw@evil.example", "/\x00/evil", "/\x7f", "?x", "#x", "mailto:x@y", "/a\x00b", "/%zz",
	} {
		if got := Local(target, "/fallback"); got != "/fallback" {
			t.Errorf("Local(%q) = %q", target, got)
		}
	}
	for _, target := range []string{"/.//evil.example", "/..//evil.example", "/a/..//evil.example", "/./\u2044/evil.example", "/;//evil.example", "/ /evil.example"} {
		checkLocal(t, target)
	}
}

func FuzzLocal(f *testing.F) {
	for _, s := range []string{"/a", "//evil.example", `/\evil.example`, "/\t/evil", "/.//evil", "http:/evil", "/%2f%5cevil", "/a?b#c", "/..//..//evil"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, target string) { checkLocal(t, target) })
}

func TestAddressComesFromTheConnectionOrFromProxiesThatAreTrusted(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, c := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"no proxy":                         {"203.0.113.7:4000", nil, "203.0.113.7"},
		"forged without a proxy":           {"203.0.113.7:4000", []string{"198.51.100.1"}, "203.0.113.7"},
		"behind a proxy":                   {"10.1.2.3:80", []string{"198.51.100.1"}, "198.51.100.1"},
		"forged before a proxy":            {"10.1.2.3:80", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1"},
		"forged as a proxy":                {"10.1.2.3:80", []string{"1.1.1.1, 10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
		"behind two proxies":               {"10.1.2.3:80", []string{"198.51.100.1, 10.4.4.4"}, "198.51.100.1"},
		"in two fields":                    {"10.1.2.3:80", []string{"1.1.1.1", "198.51.100.1, 10.4.4.4"}, "198.51.100.1"},
		"only proxies":                     {"10.1.2.3:80", []string{"10.9.9.9"}, "10.9.9.9"},
		"nothing forwarded":                {"10.1.2.3:80", nil, "10.1.2.3"},
		"no address forwarded":             {"10.1.2.3:80", []string{"unknown"}, "10.1.2.3"},
		"no address before a proxy":        {"10.1.2.3:80", []string{"8.8.8.8, rubbish, 10.4.4.4"}, "10.4.4.4"},
		"with a port":                      {"10.1.2.3:80", []string{"198.51.100.1:5555"}, "198.51.100.1"},
		"IPv6 with a port":                 {"10.1.2.3:80", []string{"[2001:db8::1]:5555"}, "2001:db8::1"},
		"IPv6":                             {"[2001:db8::7]:4000", nil, "2001:db8::7"},
		"IPv6 behind a proxy":              {"[fd00::1]:80", []string{"2001:db8::9"}, "2001:db8::9"},
		"IPv4 written as IPv6":             {"[::ffff:10.1.2.3]:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"forged IPv4 written as IPv6":      {"203.0.113.7:1", []string{"::ffff:10.0.0.1"}, "203.0.113.7"},
		"without a port":                   {"203.0.113.7", nil, "203.0.113.7"},
		"of a socket without an address":   {"@", []string{"198.51.100.1"}, "invalid IP"},
		"empty hops":                       {"10.1.2.3:80", []string{",,198.51.100.1"}, "198.51.100.1"},
		"spaces":                           {"10.1.2.3:80", []string{"  198.51.100.1  "}, "198.51.100.1"},
		"an injected field cannot lead in": {"10.1.2.3:80", []string{"198.51.100.1", "10.2.2.2", "9.9.9.9"}, "9.9.9.9"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := clientAddress(r, trusted).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func FuzzClientAddressTrustsNobodyElse(f *testing.F) {
	f.Add("10.0.0.1, 8.8.8.8")
	f.Add("::ffff:10.0.0.1,,")
	f.Fuzz(func(t *testing.T, forwarded string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = "203.0.113.7:4000"
		r.Header["X-Forwarded-For"] = []string{forwarded}
		if got := clientAddress(r, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}); got.String() != "203.0.113.7" {
			t.Fatalf("%q makes it %s", forwarded, got)
		}
	})
}
