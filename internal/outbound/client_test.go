package outbound

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func get(t *testing.T, c *http.Client, address string) (string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := c.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// serve runs a server with a certificate that the returned configuration trusts.
func serve(t *testing.T, h http.HandlerFunc) (*httptest.Server, Config) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, Config{Allow: loopback, Roots: roots}
}

func TestHostileAddressesAreRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	c := New(Config{})
	for address, want := range map[string]Why{
		"http://example.org/":                      NotHTTPS,
		"ftp://example.org/":                       NotHTTPS,
		"file:///etc/passwd":                       NotHTTPS,
		"gopher://127.0.0.1:6379/_FLUSHALL":        NotHTTPS,
		"https:///nothing":                         NoHost,
		"https:example.org":                        NoHost,
		"https://user:secret@example.org/":         Credentials,
		"https://example.org:8443/":                OtherPort,
		"https://example.org:22/":                  OtherPort,
		"https://example.org:80/":                  OtherPort,
		"https://127.0.0.1/":                       InnerAddress,
		"https://127.1/":                           InnerAddress,
		"https://2130706433/":                      InnerAddress,
		"https://0x7f.0.0.1/":                      InnerAddress,
		"https://localhost/":                       InnerAddress,
		"https://localhost./":                      InnerAddress,
		"https://[::1]/":                           InnerAddress,
		"https://[::]/":                            InnerAddress,
		"https://[::ffff:127.0.0.1]/":              InnerAddress,
		"https://[::ffff:a9fe:a9fe]/":              InnerAddress,
		"https://[64:ff9b::7f00:1]/":               InnerAddress,
		"https://[fe80::1%25lo]/":                  NoHost,
		"https://[fd00:ec2::254]/latest/":          InnerAddress,
		"https://169.254.169.254/latest/meta-data": InnerAddress,
		"https://10.0.0.1/":                        InnerAddress,
		"https://192.168.0.1:8080/":                InnerAddress,
		"https://0.0.0.0/":                         InnerAddress,
		"https://100.64.1.1/":                      InnerAddress,
	} {
		_, err := get(t, c, address)
		if got := WhyOf(err); got != want && !notAName(address, err) {
			t.Errorf("%s: refused for %q (%v), want %q", address, got, err, want)
		}
	}
}

// notAName tells whether what some systems take for an address failed here as a name that does not exist, which is as good.
func notAName(address string, err error) bool {
	var dns *net.DNSError
	host := strings.TrimPrefix(address, "https://")
	return errors.As(err, &dns) && (strings.ContainsAny(host[:1], "0123456789") || strings.HasPrefix(host, "localhost."))
}

func TestWhatTheOperatorAllowsIsReached(t *testing.T) {
	t.Parallel()
	s, config := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("here")) })
	if body, err := get(t, New(config), s.URL); err != nil || body != "here" {
		t.Fatalf("%q, %v", body, err)
	}
	config.Allow = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	if _, err := get(t, New(config), s.URL); WhyOf(err) != InnerAddress {
		t.Errorf("another network was allowed, yet: %v", err)
	}
}

func TestPlainHTTPWantsToBeAllowed(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("here")) }))
	t.Cleanup(s.Close)
	if _, err := get(t, New(Config{Allow: loopback}), s.URL); WhyOf(err) != NotHTTPS {
		t.Errorf("got %v", err)
	}
	if body, err := get(t, New(Config{Allow: loopback, AllowHTTP: true}), s.URL); err != nil || body != "here" {
		t.Errorf("%q, %v", body, err)
	}
}

// resolver answers each question for an A record with the next of addresses, over a connection in memory.
func resolver(t *testing.T, addresses ...string) (*net.Resolver, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if m.Questions[0].Type == dnsmessage.TypeA {
				i := min(int(asked.Add(1))-1, len(addresses)-1)
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(addresses[i]).As4()},
				}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = pc.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", pc.LocalAddr().String())
	}}, &asked
}

func TestANameThatTurnsToAnInnerAddressIsRefused(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	s, config := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	r, _ := resolver(t, "127.0.0.1")
	c := New(Config{resolver: r, Roots: config.Roots})
	if _, err := get(t, c, "https://rebind.example/"); WhyOf(err) != InnerAddress {
		t.Errorf("port 443: %v", err)
	}
	// A first look-up that is public and checked, a second that is not: what counts is where the connection goes.
	r, asked := resolver(t, "127.0.0.2", "127.0.0.1")
	c = New(Config{resolver: r, Roots: config.Roots, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}})
	for range 3 {
		_, err := get(t, c, "https://rebind.example"+port+"/")
		if err == nil {
			t.Fatal("an answer came")
		}
		if asked.Load() >= 2 && WhyOf(err) != InnerAddress {
			t.Errorf("after %d look-ups: %v", asked.Load(), err)
		}
	}
	if asked.Load() < 2 || reached.Load() != 0 {
		t.Errorf("%d look-ups; the inner server was reached %d times", asked.Load(), reached.Load())
	}
}

func TestANameMayNotUseThePortsOfAllowedNetworksElsewhere(t *testing.T) {
	t.Parallel()
	r, _ := resolver(t, "8.8.8.8")
	c := New(Config{resolver: r, Allow: loopback})
	if _, err := get(t, c, "https://outside.example:8443/"); WhyOf(err) != OtherPort {
		t.Errorf("got %v", err)
	}
}

func TestRedirectsStayOnTheHostAndEnd(t *testing.T) {
	t.Parallel()
	var other atomic.Int32
	elsewhere, _ := serve(t, func(http.ResponseWriter, *http.Request) { other.Add(1) })
	s, config := serve(t, func(w http.ResponseWriter, r *http.Request) {
		step, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		switch {
		case r.URL.Path == "/away":
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		case r.URL.Path == "/meta":
			http.Redirect(w, r, "https://169.254.169.254/", http.StatusFound)
		case r.URL.Path == "/plain":
			http.Redirect(w, r, "http://"+r.Host+"/0", http.StatusFound)
		case err == nil && step > 0:
			http.Redirect(w, r, "/"+strconv.Itoa(step-1), http.StatusTemporaryRedirect)
		default:
			_, _ = w.Write([]byte("end"))
		}
	})
	c := New(config)
	if body, err := get(t, c, s.URL+"/3"); err != nil || body != "end" {
		t.Errorf("three redirects: %q, %v", body, err)
	}
	for _, path := range []string{"/4", "/away", "/meta", "/plain"} {
		if _, err := get(t, c, s.URL+path); WhyOf(err) != Elsewhere {
			t.Errorf("%s: %v", path, err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/1", strings.NewReader("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(r); WhyOf(err) != Elsewhere { //nolint:bodyclose // there is no answer
		t.Errorf("a form was sent on: %v", err)
	}
	if other.Load() != 0 {
		t.Error("the other host was asked")
	}
}

func TestAnAnswerThatIsTooLargeFails(t *testing.T) {
	t.Parallel()
	s, config := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		_, _ = w.Write([]byte(strings.Repeat("x", n)))
	})
	config.MaxBytes = 1000
	c := New(config)
	for _, n := range []int{0, 1, 999, 1000} {
		if body, err := get(t, c, s.URL+"/"+strconv.Itoa(n)); err != nil || len(body) != n {
			t.Errorf("%d bytes: %d, %v", n, len(body), err)
		}
	}
	for _, n := range []int{1001, 100_000} {
		if body, err := get(t, c, s.URL+"/"+strconv.Itoa(n)); !errors.Is(err, ErrTooLarge) || len(body) > 1000 {
			t.Errorf("%d bytes: %d, %v", n, len(body), err)
		}
	}
}

func TestNothingComesFromTheEnvironmentAndNoCookieIsKept(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:9")
	var cookies atomic.Int32
	s, config := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies.Add(int32(len(r.Cookies())))
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	c := New(config)
	for range 2 {
		if _, err := get(t, c, s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if cookies.Load() != 0 {
		t.Error("a cookie came back")
	}
}

func TestAProxyIsUsedWhereTheOperatorNamesOne(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host)
		http.Error(w, "no", http.StatusForbidden)
	}))
	t.Cleanup(p.Close)
	u, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{Proxy: u})
	if _, err := get(t, c, "https://somewhere.example/"); err == nil {
		t.Error("want the refusal of the proxy")
	}
	if got := asked.Load(); got != "CONNECT somewhere.example:443" {
		t.Errorf("the proxy was asked %v", got)
	}
	if _, err := get(t, c, "https://169.254.169.254/"); WhyOf(err) != InnerAddress {
		t.Errorf("got %v", err)
	}
}

func TestARefusalSaysHowToMendIt(t *testing.T) {
	t.Parallel()
	for _, why := range []Why{NotHTTPS, NoHost, Credentials, OtherPort, InnerAddress, Elsewhere} {
		if s := (&Refused{Host: "h.example", Why: why}).Error(); !strings.Contains(s, "h.example") || len(s) < 60 {
			t.Errorf("%s: %q", why, s)
		}
	}
}

// FuzzJudge holds that an address which passes leads, as written, to nothing inner.
func FuzzJudge(f *testing.F) {
	for _, s := range []string{"https://example.org/", "https://[::ffff:127.0.0.1]/", "https://127.0.0.1:443", "http://a", "https://a@b", "https://a:443", "https:\\\\a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil || (Config{}).judge(u) != "" {
			return
		}
		if u.Scheme != "https" || u.User != nil || u.Hostname() == "" || u.Port() != "" && u.Port() != "443" {
			t.Fatalf("%q passed", s)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && !Public(a) {
			t.Fatalf("%q passed", s)
		}
	})
}
