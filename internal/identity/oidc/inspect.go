package oidc

import (
	"context"
	"errors"
	"slices"
	"strings"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
)

// Finding is one thing that a try-out of the settings of a provider tells.
type Finding struct {
	OK bool
	problem.Message
}

// Inspect asks a provider about itself and about our client, as somebody who sets it up wants to know. It asks anew,
// whatever is remembered. An error says why the provider cannot be used.
func (p *Party) Inspect(ctx context.Context, pr Provider, callback string) ([]Finding, error) {
	p.mu.Lock()
	e := p.entry(pr.Issuer)
	p.mu.Unlock()
	m, err := p.fetch(ctx, pr.Issuer, e)
	if err != nil {
		return nil, err
	}
	var out []Finding
	note := func(ok bool, key string, args i18n.Args) {
		out = append(out, Finding{OK: ok, Message: problem.Message{Bundle: Locale(), Key: key, Args: args}})
	}
	note(true, "found.discovery", i18n.Args{"algorithms": strings.Join(m.signing(), ", ")})
	switch p.clientHolds(ctx, m, pr, callback) {
	case "invalid_grant":
		note(true, "found.client", nil)
	case "invalid_client", "unauthorized_client":
		note(false, "found.client-wrong", nil)
	default:
		note(false, "found.client-unknown", nil)
	}
	if !slices.Contains(m.Challenges, "S256") {
		note(false, "found.pkce-unsaid", nil)
	}
	if m.EndSession == "" {
		note(false, "found.no-end-session", nil)
	}
	note(m.BackChannel, map[bool]string{true: "found.back-channel", false: "found.no-back-channel"}[m.BackChannel], nil)
	if missing := unknown(pr.Scopes, m.Scopes); len(missing) > 0 {
		note(false, "found.scopes", i18n.Args{"scopes": strings.Join(missing, ", ")})
	}
	if claim, _, _ := strings.Cut(pr.GroupsClaim, "."); claim != "" && len(m.Claims) > 0 &&
		!slices.Contains(m.Claims, claim) && !slices.Contains(m.Claims, pr.GroupsClaim) {
		note(false, "found.claim", i18n.Args{"claim": pr.GroupsClaim})
	}
	return out, nil
}

// clientHolds offers a made-up code: a provider that knows our client and secret complains about the code alone. It returns
// the error that the provider names.
func (p *Party) clientHolds(ctx context.Context, m *metadata, pr Provider, callback string) string {
	_, err := m.config(pr, callback).Exchange(gooidc.ClientContext(ctx, p.http), id.Token(), oauth2.VerifierOption(oauth2.GenerateVerifier()))
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return answer.ErrorCode
	}
	return ""
}

// unknown lists what the provider does not name; nothing when it names none at all.
func unknown(want, have []string) []string {
	if len(have) == 0 {
		return nil
	}
	var out []string
	for _, s := range want {
		if !slices.Contains(have, s) {
			out = append(out, s)
		}
	}
	return out
}
