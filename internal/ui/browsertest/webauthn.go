package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator is a passkey device of the reader, made of software: it keeps passkeys and knows its owner.
type Authenticator struct {
	p  *Page
	id webauthn.AuthenticatorID
}

// Authenticator gives the tab a passkey device that agrees to everything at once. A passkey belongs to a name: open the
// pages on http://localhost, not on 127.0.0.1.
func (p *Page) Authenticator() *Authenticator {
	p.t.Helper()
	p.do("enable passkeys", call(webauthn.Enable, webauthn.EnableParams{}))
	made := ask(p, "add a passkey device", webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})
	return &Authenticator{p: p, id: made.AuthenticatorID}
}

// ask calls one command and returns its answer.
func ask[P, R any](p *Page, what string, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, p.limit)
	defer stop()
	answer, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (R, error) {
		return cdp.Call(ctx, t, command, params)
	})
	if err != nil {
		p.fail(ctx, what, err)
	}
	return answer
}

// Passkeys returns how many passkeys the device keeps.
func (a *Authenticator) Passkeys() int {
	a.p.t.Helper()
	return len(ask(a.p, "list passkeys", webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: a.id}).Credentials)
}

// Recognises sets whether the device recognises its owner, as by a finger or a PIN, from here on.
func (a *Authenticator) Recognises(owner bool) {
	a.p.t.Helper()
	a.p.do("set whether the owner is recognised", call(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{
		AuthenticatorID: a.id, IsUserVerified: owner,
	}))
}

// Remove takes the device away, with its passkeys.
func (a *Authenticator) Remove() {
	a.p.t.Helper()
	a.p.do("remove the passkey device", call(webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{
		AuthenticatorID: a.id,
	}))
}
