package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/identity"
	"tekentafel/internal/mail"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// house is a running server with the made-up city in it.
type house struct {
	*App
	url string
	log *logged

	link string // by which people without an account come to the check of skills, once prepare made it
}

// logged keeps what the server logs.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// open starts a server on a database, with the demonstration in it. change makes its settings other than usual.
func open(t *testing.T, database string, change ...func(*Config)) *house {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	address := "http://localhost:" + port // passkeys want a name
	public, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	log := &logged{}
	c := Config{
		Database: database, Dir: t.TempDir(), Box: box, PublicURL: public, Version: "test", MaxUpload: 8 << 20, Workers: 2, Zone: zone, Demo: true,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, AllowHTTP: true,
		Mail: mail.Config{Address: "127.0.0.1:1", Security: mail.None, From: "tekentafel@voorbeeld.example"},
		Now:  clock.System(), Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&c)
	}
	a, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { a.Run(ctx) })
	server := &http.Server{Handler: a.Web, ReadHeaderTimeout: 10 * time.Second}
	running.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		stop()
		running.Wait()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() && os.Getenv("SHOW_LOG") != "" {
			t.Log(log.String())
		}
	})
	if err := a.FillDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := &house{App: a, url: address, log: log}
	h.idle(t)
	return h
}

// visitor is a browser without a session.
func (h *house) visitor(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// as is a browser in which somebody of the made-up city is signed in.
func (h *house) as(t *testing.T, role access.Role) *http.Client {
	t.Helper()
	c := h.visitor(t)
	city, err := h.demoTenant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.enter(t, c, city, h.account(t, city, role))
	return c
}

// account returns the account of the made-up city that plays a role.
func (h *house) account(t *testing.T, city tenant.ID, role access.Role) string {
	t.Helper()
	for _, p := range DemoPeople() {
		if role == access.Employee && len(p.Roles) == 0 || len(p.Roles) > 0 && p.Roles[0] == role {
			var id string
			if err := h.DB.Of(city).Row(t.Context(), `SELECT id FROM accounts WHERE tenant_id = $1 AND mail = $2`, []any{p.Mail}, &id); err != nil {
				t.Fatal(err)
			}
			return id
		}
	}
	t.Fatalf("nobody plays %s", role)
	return ""
}

// enter gives a browser the session of an account.
func (h *house) enter(t *testing.T, c *http.Client, o tenant.ID, account string) {
	t.Helper()
	u, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	w := &cookieTaker{header: http.Header{}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Identity.SignIn(t.Context(), w, r, identity.SignedIn{Tenant: o, Account: account, Method: identity.ByPassword}); err != nil {
		t.Fatal(err)
	}
	c.Jar.SetCookies(u, (&http.Response{Header: w.header}).Cookies())
}

// cookieTaker is an answer of which only the cookies matter.
type cookieTaker struct{ header http.Header }

func (w *cookieTaker) Header() http.Header         { return w.header }
func (w *cookieTaker) Write(b []byte) (int, error) { return len(b), nil }
func (w *cookieTaker) WriteHeader(int)             {}

// answer is what a server answered.
type answer struct {
	*http.Response
	body string
}

func (h *house) get(t *testing.T, c *http.Client, path string) answer {
	t.Helper()
	return h.do(t, c, http.MethodGet, path, "", nil)
}

func (h *house) post(t *testing.T, c *http.Client, path string, form url.Values) answer {
	t.Helper()
	return h.do(t, c, http.MethodPost, path, form.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func (h *house) do(t *testing.T, c *http.Client, method, path, body string, header http.Header) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(fmt.Errorf("%s %s: %w", method, path, err))
	}
	return answer{res, string(all)}
}
