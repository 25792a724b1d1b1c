package secrecytest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// public is where browsers reach the server. They are in this process: no answer takes a port.
var public = &url.URL{Scheme: "https", Host: "tekentafel.example"}

// address is that of a path of the server.
func address(path string) *url.URL {
	u := *public
	u.Path = path
	return &u
}

// wire carries requests to a handler.
type wire struct {
	to    http.Handler
	clock *dial
}

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.clock.turn(time.Millisecond)
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), "192.0.2.7:4711", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	w.to.ServeHTTP(rec, in)
	res := rec.Result()
	res.Request = r
	return res, nil
}

// browser is one with cookies of its own.
type browser struct{ *http.Client }

// browser returns a new browser. With each of its requests a millisecond passes.
func (w *world) browser(t testing.TB) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{&http.Client{Jar: jar, Transport: wire{w.Web, w.clock}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// twin is a browser with the same cookies at another server.
func (b *browser) twin(t testing.TB, to *world) *browser {
	t.Helper()
	out := to.browser(t)
	for _, c := range b.Jar.Cookies(address("/check")) { // which are those of "/" too; a jar does not tell where they belong
		c.Path, c.Secure = "/", true
		if strings.Contains(c.Name, "tt_check") {
			c.Path = "/check"
		}
		out.Jar.SetCookies(public, []*http.Cookie{c})
	}
	return out
}

// reply is what a server answered.
type reply struct {
	status int
	header http.Header
	body   string
}

// to is where the reply sends a browser; "" for nowhere.
func (a reply) to() string {
	u, err := public.Parse(a.header.Get("Location"))
	if err != nil || a.header.Get("Location") == "" {
		return ""
	}
	return u.RequestURI()
}

func (b *browser) send(t testing.TB, method, path, body string, header http.Header) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, public.String()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	res, err := b.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close() //nolint:errcheck // it is in memory
	var all bytes.Buffer
	if _, err := io.Copy(&all, res.Body); err != nil {
		t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, all.String()}
}

func (b *browser) get(t testing.TB, path string) reply {
	t.Helper()
	return b.send(t, http.MethodGet, path, "", nil)
}

func (b *browser) post(t testing.TB, path string, pairs ...string) reply {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(t, http.MethodPost, path, form.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// follow posts a form and wants to be sent to a path that begins as wanted; it returns the path.
func (b *browser) follow(t testing.TB, path, to string, pairs ...string) string {
	t.Helper()
	a := b.post(t, path, pairs...)
	if !strings.HasPrefix(a.to(), to) {
		t.Fatalf("POST %s: %d leads to %q, want %q: %.600s", path, a.status, a.to(), to, a.body)
	}
	return a.to()
}
