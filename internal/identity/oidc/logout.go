package oidc

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// LogoutAddress returns where to send a browser so that its person is signed out at the provider too (OpenID Connect
// RP-Initiated Logout 1.0), or "" when the provider has no such place. After that it comes back to backTo with the state.
func (p *Party) LogoutAddress(ctx context.Context, pr Provider, idToken, backTo, state string) (string, error) {
	m, err := p.discover(ctx, pr.Issuer)
	if err != nil || m.EndSession == "" {
		return "", err
	}
	u, err := url.Parse(m.EndSession)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("client_id", pr.ClientID)
	q.Set("post_logout_redirect_uri", backTo)
	q.Set("state", state)
	if idToken != "" {
		q.Set("id_token_hint", idToken)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Logout is what a provider asks when somebody signed out over there.
type Logout struct {
	Issuer    string
	Subject   string // whose sessions end; "" when only SessionID counts
	SessionID string // the one session that ends; "" for all of Subject
	TokenID   string // may be used once until Expires
	Expires   time.Time
}

const (
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"
	logoutKind  = "logout+jwt"
	// logoutFresh is how long ago a logout token may have been made, whatever it says about its end.
	logoutFresh = 10 * time.Minute
)

// BackChannel checks a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6). That its TokenID was not used
// before is for the caller to check, where it is kept.
func (p *Party) BackChannel(ctx context.Context, pr Provider, raw string) (Logout, error) {
	if err := plausible(raw); err != nil {
		return Logout{}, wrongAnswer(err)
	}
	m, err := p.discover(ctx, pr.Issuer)
	if err != nil {
		return Logout{}, err
	}
	ctx, why := listen(ctx)
	token, err := m.verifier(pr, p.now).VerifyLogout(ctx, raw)
	if err != nil {
		return Logout{}, tokenFailed(err, *why)
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return Logout{}, wrongAnswer(err)
	}
	now := p.now()
	switch {
	case token.IssuedAt.After(now.Add(skew)), token.IssuedAt.Before(now.Add(-logoutFresh)):
		err = fmt.Errorf("iat is %s, now it is %s", token.IssuedAt.UTC().Format(time.RFC3339), now.Format(time.RFC3339))
	case !isLogoutEvent(c["events"]):
		err = errors.New("the logout event is no object")
	case len(token.TokenID) > longestIssuer || len(token.Subject) > longestIssuer || len(token.SessionID) > longestIssuer:
		err = errors.New("jti, sub or sid is too long")
	}
	if err != nil {
		return Logout{}, wrongAnswer(err)
	}
	expires := token.Expiry
	if last := token.IssuedAt.Add(logoutFresh); expires.After(last) {
		expires = last
	}
	return Logout{
		Issuer: token.Issuer, Subject: token.Subject, SessionID: token.SessionID, TokenID: token.TokenID, Expires: expires.Add(skew),
	}, nil
}

func isLogoutEvent(events any) bool {
	m, ok := events.(map[string]any)
	if !ok {
		return false
	}
	_, ok = m[logoutEvent].(map[string]any)
	return ok
}

// plausible refuses what cannot be a logout token without asking a provider anything.
func plausible(raw string) error {
	if raw == "" || len(raw) > longestToken || strings.Count(raw, ".") != 2 {
		return fmt.Errorf("no signed token: %d bytes", len(raw))
	}
	if kind := kindOf(raw); kind != "" && kind != logoutKind && !strings.EqualFold(kind, "JWT") {
		return fmt.Errorf("a token of the kind %q", shown(kind))
	}
	_, payload, _ := strings.Cut(raw, ".")
	payload, _, _ = strings.Cut(payload, ".")
	b, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return errors.New("the payload is not base64url")
	}
	var c claims
	if err := json.Unmarshal(b, &c); err != nil {
		return errors.New("the payload is no JSON object")
	}
	if !isLogoutEvent(c["events"]) {
		return errors.New("there is no logout event in it")
	}
	return nil
}

// kindOf returns the typ of a token's head in small letters, "" when it says none or cannot be read.
func kindOf(raw string) string {
	head, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return ""
	}
	var h struct {
		Kind string `json:"typ"`
	}
	if json.Unmarshal(b, &h) != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(h.Kind), "application/")
}
