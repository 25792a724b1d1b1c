package identity

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/web"
)

// site is a desk behind the real web server.
type site struct {
	*desk
	server *web.Server
}

func newSite(t *testing.T, store *db.DB) *site {
	t.Helper()
	s := newSiteOn(t, store)
	s.admin = s.first(dbtest.Ours, access.Administrator)
	return s
}

// newSiteOn is a site on a store as it is.
func newSiteOn(t *testing.T, store *db.DB) *site {
	t.Helper()
	d := bareDesk(t, store)
	public, err := url.Parse("http://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{desk: d}
	s.server = web.New(web.Config{PublicURL: public}, d.Service, nil, d.clock.now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err := d.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	err = s.server.Add(web.Route{Pattern: "GET /{$}", Action: access.UseInterface, Handle: func(w http.ResponseWriter, r *web.Request) error {
		_, err := io.WriteString(w, "home of "+r.Name)
		return err
	}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// RoundTrip implements http.RoundTripper: requests reach the server without a network, whose deadlines would be those of a
// clock that stands still.
func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1234"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	s.server.ServeHTTP(rec, in)
	return rec.Result(), nil
}

// browser is somebody with cookies of their own.
type browser struct {
	t    *testing.T
	site *site
	http *http.Client
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{t: s.t, site: s, http: &http.Client{Jar: jar, Transport: s, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as returns a browser in which somebody is signed in.
func (s *site) as(a access.Actor) *browser {
	b := s.browser()
	u, err := url.Parse(siteURL)
	if err != nil {
		s.t.Fatal(err)
	}
	b.http.Jar.SetCookies(u, s.session(a, ByPassword, false).Cookies())
	return b
}

// answer is what came back.
type answer struct {
	status int
	to     string // where it redirects
	body   string
	header http.Header
}

func (b *browser) do(method, path string, body io.Reader, kind string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, siteURL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Accept-Language", "en")
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	raw, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		b.t.Fatal(err)
	}
	return answer{status: res.StatusCode, to: res.Header.Get("Location"), body: string(raw), header: res.Header}
}

func (b *browser) get(path string) answer { b.t.Helper(); return b.do(http.MethodGet, path, nil, "") }

// post sends a form of pairs of names and values.
func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
}

func (a answer) want(t *testing.T, status int, parts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d (to %q), want %d\n%s", a.status, a.to, status, a.body)
	}
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			t.Fatalf("the page does not hold %q:\n%s", part, a.body)
		}
	}
	return a
}

func (a answer) wantTo(t *testing.T, to string) answer {
	t.Helper()
	if a.status != http.StatusSeeOther || a.to != to {
		t.Fatalf("status %d to %q, want 303 to %q\n%s", a.status, a.to, to, a.body)
	}
	return a
}

var secretOnPage = regexp.MustCompile(`id="secret"[^>]*>([A-Z2-7 ]+)<`)

// totpCode returns the code that the app of whoever saw a page would show now.
func (s *site) totpCode(page string) string {
	s.t.Helper()
	found := secretOnPage.FindStringSubmatch(page)
	if found == nil {
		s.t.Fatalf("no secret on the page:\n%s", page)
	}
	return s.codeOf(strings.ReplaceAll(found[1], " ", ""))
}

func (s *site) codeOf(secret string) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.clock.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// siteURL is where the site is reached.
const siteURL = "http://tekentafel.example"

const goodPassword = "four wandering kettles sing"

func TestTheFirstAdministratorNamesTheOrganisationAndGetsIn(t *testing.T) {
	t.Parallel()
	s := newSiteOn(t, dbtest.Bare(t, t.TempDir()+"/new.db"))
	link, err := s.Bootstrap(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(link, "https://tekentafel.example")
	b := s.browser()
	b.get("/sign-in").want(t, http.StatusOK, "not been set up")
	b.get(path).want(t, http.StatusOK, "organisation.name", "new-password")
	b.post(path, "organisation.name", "", "name", "", "mail", "x", "password", "short").
		want(t, http.StatusUnprocessableEntity, "f-organisation-name-error", "f-name-error", "f-mail-error", "f-password-error")
	b.post(path, "organisation.name", "Stad Voorbeeld", "organisation.languages", "nl", "organisation.languages", "fr", "organisation.languages.first", "fr",
		"name", "Ann Peeters", "mail", "ANN@Voorbeeld.be", "password", goodPassword).wantTo(t, "/sign-in/second-factor")
	page := b.get("/sign-in/second-factor").want(t, http.StatusOK, "data:image/png;base64,", "one-time-code")
	b.get("/").wantTo(t, "/sign-in") // not before the second factor
	b.post("/sign-in/second-factor", "code", "000000").want(t, http.StatusUnprocessableEntity)
	shown := b.post("/sign-in/second-factor", "code", s.totpCode(page.body))
	if shown.status != http.StatusSeeOther || !strings.HasPrefix(shown.to, "/shown/") {
		t.Fatalf("after the code: %d to %q", shown.status, shown.to)
	}
	codes := b.get(shown.to).want(t, http.StatusOK)
	if n := strings.Count(codes.body, "<li><code>"); n != 10 {
		t.Fatalf("%d recovery codes", n)
	}
	b.get("/").want(t, http.StatusOK, "home of Ann Peeters")
	b.get(path).want(t, http.StatusGone)
	s.browser().post(path, "organisation.name", "Andere").want(t, http.StatusGone)
	o, err := s.organisationBy(t.Context(), "slug", "stad-voorbeeld")
	if err != nil || o.Languages[0] != "fr" || o.GroupSize != DefaultGroupSize {
		t.Fatalf("%+v %v", o, err)
	}
	if again, err := s.Bootstrap(t.Context()); err != nil || again != "" {
		t.Fatalf("another first link: %q %v", again, err)
	}
}
