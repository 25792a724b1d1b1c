package oidctest

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The pages of the provider, by what stands in them.
var (
	onLogin   = regexp.MustCompile(`<form id="login"`)
	onConsent = regexp.MustCompile(`<form id="consent"`)
	onLogout  = regexp.MustCompile(`action="([^"]+/session/end/confirm)"[^<]*<input type="hidden" name="xsrf" value="([^"]+)"`)
	onError   = regexp.MustCompile(`<p (?:id="error"|role="alert")>([^<]*)<`)
)

// SignIn walks from an authorization address to the end as the browser of a person would: it signs in with an e-mail
// address, unless the client's cookies tell that it has, consents, and returns the address at the client that the provider
// sends the browser back to, with code and state, without visiting it. The client must keep cookies.
func (p *Provider) SignIn(t testing.TB, client *http.Client, authURL, email string) (callbackURL string) {
	t.Helper()
	return p.walk(t, client, authURL, url.Values{"user": {email}})
}

// Refuse is SignIn of a person who refuses on the first page: the address that it returns carries error=access_denied.
func (p *Provider) Refuse(t testing.TB, client *http.Client, authURL string) (callbackURL string) {
	t.Helper()
	return p.walk(t, client, authURL, url.Values{"refuse": {"yes"}})
}

// SignOut walks from the address where the provider ends sessions (OpenID Connect RP-Initiated Logout 1.0) to the end,
// confirming it, and returns the address at the client that the browser is sent to, or "" when the provider was not asked
// for one. Back-channel notices have been sent when it returns.
func (p *Provider) SignOut(t testing.TB, client *http.Client, endSessionURL string) (afterURL string) {
	t.Helper()
	return p.walk(t, client, endSessionURL, nil)
}

// walk follows redirects and fills in the pages of the provider until it leads elsewhere.
func (p *Provider) walk(t testing.TB, client *http.Client, address string, login url.Values) string {
	t.Helper()
	if client.Jar == nil {
		t.Fatal("a browser keeps cookies: give the client a jar")
	}
	agent := *client
	agent.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var form url.Values
	for range 20 {
		if !strings.HasPrefix(address, p.issuer+"/") {
			return address
		}
		body, next := visit(t, &agent, address, form)
		if next != "" {
			address, form = next, nil
			continue
		}
		logout := onLogout.FindStringSubmatch(body)
		switch {
		case onLogin.MatchString(body) && form == nil:
			form = login
		case onConsent.MatchString(body):
			form = url.Values{"refuse": login["refuse"]}
		case logout != nil:
			address, form = logout[1], url.Values{"xsrf": {logout[2]}, "logout": {"yes"}}
		case strings.Contains(body, "<h1>Signed out</h1>"):
			return ""
		default:
			if said := onError.FindStringSubmatch(body); said != nil {
				body = said[1]
			}
			t.Fatalf("at %s the provider says: %s", address, body)
		}
	}
	t.Fatalf("the provider goes round in circles: %s", address)
	return ""
}

// visit asks for a page, or sends a form, and returns the page or where it redirects to.
func visit(t testing.TB, agent *http.Client, address string, form url.Values) (body, next string) {
	t.Helper()
	method, content := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, content = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, content)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := agent.Do(req)
	if err != nil {
		t.Fatalf("visit the provider: %v", err)
	}
	page, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		t.Fatalf("visit the provider: %v", err)
	}
	if res.StatusCode < 300 || res.StatusCode > 399 {
		return string(page), ""
	}
	to, err := res.Location()
	if err != nil {
		t.Fatalf("visit the provider: %v", err)
	}
	return "", to.String()
}
