package identity

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/instrument"
	"tekentafel/internal/outbound"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/oidctest"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// gate is a service behind a real server, in real time, because a real provider and a real browser live in it too.
type gate struct {
	*desk
	providers *Providers
	passkeys  *Passkeys
	server    *httptest.Server
	base      string

	mu     sync.Mutex
	notice []string // logout tokens that arrived
}

// newGate opens a gate at a host name or address of this machine.
func newGate(t *testing.T, store *db.DB, host string) *gate {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{}
	g.server = httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	_, port, _ := strings.Cut(g.server.Listener.Addr().String(), ":")
	g.base = "http://" + host + ":" + port
	public, err := url.Parse(g.base)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.System()
	s := New(Dependencies{
		DB: store, Audit: audit.New(store, now), Box: box, Now: now,
		PublicURL: func(tenant.ID) string { return g.base }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	g.desk = &desk{Service: s, t: t, out: &outbox{}}
	server := web.New(web.Config{PublicURL: public}, s, nil, now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	reach := outbound.New(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, AllowHTTP: true})
	server.Mount("GET /assets/", ui.Assets())
	g.providers, g.passkeys = NewProviders(s, oidc.New(reach, now)), NewPasskeys(s)
	for _, add := range []func(*web.Server) error{s.AddTo, g.providers.AddTo, g.passkeys.AddTo} {
		if err := add(server); err != nil {
			t.Fatal(err)
		}
	}
	err = server.Add(web.Route{Pattern: "GET /{$}", Action: access.UseInterface, Handle: func(w http.ResponseWriter, r *web.Request) error {
		_, err := fmt.Fprintf(w, "home of %s at %s: %v", r.Name, r.Org.ID, r.Actor.Roles)
		return err
	}}, web.Route{Pattern: "GET /danger", Action: access.UseInterface, Fresh: true, Handle: func(w http.ResponseWriter, r *web.Request) error {
		_, err := fmt.Fprintf(w, "danger for %s", r.Name)
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	g.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/back-channel") {
			raw, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(raw)))
			if form, err := url.ParseQuery(string(raw)); err == nil {
				g.mu.Lock()
				g.notice = append(g.notice, form.Get("logout_token"))
				g.mu.Unlock()
			}
		}
		server.ServeHTTP(w, r)
	})
	g.server.Start()
	t.Cleanup(g.server.Close)
	g.admin = g.first(dbtest.Ours, access.Administrator)
	err = store.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error { // the administrator has another way in than a provider
		if err := putLanguage(t.Context(), sc, g.admin.ID, instrument.EN); err != nil {
			return err
		}
		_, err := sc.Exec(t.Context(), `INSERT INTO passwords (tenant_id, account_id, hash, set_at) VALUES ($1, $2, 'x', 1)`, g.admin.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *gate) notices() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.notice...)
}

// client is what the provider is told about an organisation.
func (g *gate) client(slug string) oidctest.Client {
	base := g.base + "/o/" + slug + "/oidc/"
	return oidctest.Client{
		ID: "tekentafel-" + slug, Secret: "the secret of " + slug, RedirectURIs: []string{base + "callback"},
		PostLogoutRedirectURIs: []string{base + "signed-out"}, BackchannelLogoutURI: base + "back-channel",
	}
}

// use sets up the provider of an organisation.
func (g *gate) use(t *testing.T, o tenant.ID, issuer string, settings oidc.Settings) {
	t.Helper()
	c := g.client(string(o))
	actor := g.admin
	if o != dbtest.Ours {
		actor = g.first(o, access.Administrator)
	}
	_, err := g.providers.SetProvider(t.Context(), actor, ProviderInput{Issuer: issuer, ClientID: c.ID, Secret: c.Secret, Enabled: true, Settings: settings}, noOnce)
	if err != nil {
		t.Fatal(err)
	}
}

// visitorAt is a browser without scripts.
type visitorAt struct {
	t    *testing.T
	gate *gate
	http *http.Client
}

func (g *gate) visitor(t *testing.T) *visitorAt {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitorAt{t, g, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as signs an account in without its ways.
func (g *gate) as(t *testing.T, a access.Actor) *visitorAt {
	t.Helper()
	v := g.visitor(t)
	rec := httptest.NewRecorder()
	if err := g.SignIn(t.Context(), rec, httptest.NewRequest(http.MethodGet, "/", nil), SignedIn{Tenant: a.Tenant, Account: a.ID, Method: ByPassword}); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(g.base)
	if err != nil {
		t.Fatal(err)
	}
	v.http.Jar.SetCookies(u, rec.Result().Cookies())
	return v
}

func (v *visitorAt) do(method, address string, form url.Values) answer {
	v.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.gate.base + address
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, address, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "en")
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		v.t.Fatal(err)
	}
	return answer{status: res.StatusCode, to: res.Header.Get("Location"), body: string(raw), header: res.Header}
}

func (v *visitorAt) get(address string) answer {
	v.t.Helper()
	return v.do(http.MethodGet, address, nil)
}

func (v *visitorAt) post(address string, pairs ...string) answer {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.do(http.MethodPost, address, form)
}

// depart goes to the provider and returns where the browser is sent.
func (v *visitorAt) depart(slug, query string) string {
	v.t.Helper()
	a := v.get("/o/" + slug + "/oidc/start" + query)
	if a.status != http.StatusSeeOther {
		v.t.Fatalf("start: %d\n%s", a.status, a.body)
	}
	return a.to
}

// signIn goes through a whole sign-in and returns the last answer.
func (v *visitorAt) signIn(p *oidctest.Provider, slug, mail string) answer {
	v.t.Helper()
	return v.get(p.SignIn(v.t, v.http, v.depart(slug, ""), mail))
}

// settings are those of the tests: groups give roles.
func settings(change ...func(*oidc.Settings)) oidc.Settings {
	s := oidc.DefaultSettings()
	s.Scopes = append(s.Scopes, "groups")
	s.GroupsClaim = "groups"
	s.GroupRoles = map[string][]access.Role{"hr": {access.HR}, "lead": {access.Manager}, "staff": {access.Employee}}
	for _, c := range change {
		c(&s)
	}
	return s
}

// accountOf returns the account with a mail address.
func (g *gate) accountOf(t *testing.T, o tenant.ID, mail string) AccountView {
	t.Helper()
	a, err := accountBy(t.Context(), g.db.Of(o), "mail", mail)
	if err != nil {
		t.Fatalf("%s: %v", mail, err)
	}
	return a
}

// logged counts the lines of the log about an action.
func (g *gate) logged(t *testing.T, o tenant.ID, action string) int {
	t.Helper()
	var n int
	if err := g.db.Of(o).Row(t.Context(), `SELECT count(*) FROM audit_log WHERE tenant_id = $1 AND action = $2`, []any{action}, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// addAccount puts somebody in our organisation who has no way to sign in yet.
func (g *gate) addAccount(t *testing.T, name, mail string, roles ...access.Role) access.Actor {
	t.Helper()
	a, actor := g.add(AccountInput{Name: name, Mail: mail, Language: instrument.EN, Roles: roles})
	if a.ID == "" {
		t.Fatal("no account")
	}
	return actor
}
