package identity

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/passkey"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Passkeys lets people sign in with passkeys, and keep theirs.
type Passkeys struct{ *Service }

// NewPasskeys joins passkeys to a service. AddTo makes their pages and ways known.
func NewPasskeys(s *Service) *Passkeys { return &Passkeys{s} }

// The kinds of flow of a ceremony.
const (
	flowCreatePasskey  = "passkey-create"
	flowSignInPasskey  = "passkey-sign-in"
	flowConfirmPasskey = "passkey-confirm"
)

// ceremony is what is kept between the halves of one.
type ceremony struct {
	Pending passkey.Pending `json:"pending"`
	Account string          `json:"account,omitempty"` // who began; "" for whoever signs in
}

// Asked is what a browser needs for the second half.
type Asked struct {
	Flow      string          `json:"flow"`
	PublicKey json.RawMessage `json:"publicKey"`
}

func sayPasskey(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, passkey.Locale(), key, nil)
}

// site returns where passkeys of an organisation work.
func (p *Passkeys) site(t tenant.ID) (*passkey.Site, error) {
	s, err := passkey.NewSite(p.public(t), ui.Product)
	if err != nil {
		return nil, sayPasskey(problem.Conflict, "not-here").Because(err)
	}
	return s, nil
}

// holder returns an account as passkeys know it. A person keeps one handle for all their passkeys.
func holder(a AccountView, rows []passkeyRow) passkey.Person {
	out := passkey.Person{Name: a.Name}
	if a.Mail != "" {
		out.Name = a.Mail
	}
	for _, row := range rows {
		out.Handle = row.Record.Handle
		out.Keys = append(out.Keys, row.Record)
	}
	if out.Handle == nil {
		out.Handle = passkey.NewHandle()
	}
	return out
}

func (p *Passkeys) own(ctx context.Context, actor access.Actor) (passkey.Person, error) {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return passkey.Person{}, err
	}
	rd := p.db.Of(actor.Tenant)
	a, err := accountBy(ctx, rd, "id", actor.Owner)
	if err != nil {
		return passkey.Person{}, err
	}
	rows, err := passkeysOf(ctx, rd, actor.Owner)
	return holder(a, rows), err
}

// begin keeps the first half of a ceremony.
func (p *Passkeys) begin(ctx context.Context, t tenant.ID, kind string, c ceremony, options json.RawMessage) (Asked, error) {
	token, err := p.putFlow(ctx, t, kind, c, passkey.Lives)
	return Asked{Flow: token, PublicKey: options}, err
}

// end takes what was kept of the first half, once.
func (p *Passkeys) end(ctx context.Context, t tenant.ID, kind, token, account string) (ceremony, error) {
	var c ceremony
	of, err := p.takeFlow(ctx, token, kind, &c)
	if problem.Is(err, problem.Gone) || err == nil && (of != t || c.Account != account) {
		return c, sayPasskey(problem.Gone, "flow-lost").Because(err)
	}
	return c, err
}

func refusedPasskey(err error) error {
	switch {
	case errors.Is(err, passkey.ErrCloned):
		return sayPasskey(problem.Forbidden, "cloned").Because(err)
	case errors.Is(err, passkey.ErrAnswer):
		return sayPasskey(problem.Forbidden, "answer-wrong").Because(err)
	}
	return err
}

// AskSignIn begins to sign somebody in at an organisation, whoever it is.
func (p *Passkeys) AskSignIn(ctx context.Context, t tenant.ID) (Asked, error) {
	site, err := p.site(t)
	if err != nil {
		return Asked{}, err
	}
	options, pending, err := site.Ask(nil)
	if err != nil {
		return Asked{}, err
	}
	return p.begin(ctx, t, flowSignInPasskey, ceremony{Pending: pending}, options)
}

// SignInWithPasskey ends it: the owner of the passkey has a session.
func (p *Passkeys) SignInWithPasskey(ctx context.Context, w http.ResponseWriter, r *http.Request, t tenant.ID, token string, answer []byte) error {
	c, err := p.end(ctx, t, flowSignInPasskey, token, "")
	if err != nil {
		return err
	}
	account, err := p.prove(ctx, t, c, answer)
	if err != nil {
		return err
	}
	return p.SignIn(ctx, w, r, SignedIn{Tenant: t, Account: account, Method: ByPasskey})
}

// AskConfirm begins to let the actor prove again who they are, with one of their own passkeys.
func (p *Passkeys) AskConfirm(ctx context.Context, actor access.Actor) (Asked, error) {
	who, err := p.own(ctx, actor)
	if err != nil {
		return Asked{}, err
	}
	if len(who.Keys) == 0 {
		return Asked{}, db.ErrNoRow
	}
	site, err := p.site(actor.Tenant)
	if err != nil {
		return Asked{}, err
	}
	options, pending, err := site.Ask(&who)
	if err != nil {
		return Asked{}, err
	}
	return p.begin(ctx, actor.Tenant, flowConfirmPasskey, ceremony{pending, actor.Owner}, options)
}

// ConfirmWithPasskey ends it.
func (p *Passkeys) ConfirmWithPasskey(ctx context.Context, w http.ResponseWriter, r *web.Request, token string, answer []byte) error {
	c, err := p.end(ctx, r.Actor.Tenant, flowConfirmPasskey, token, r.Actor.Owner)
	if err != nil {
		return err
	}
	account, err := p.prove(ctx, r.Actor.Tenant, c, answer)
	if err != nil {
		return err
	}
	if account != r.Actor.Owner {
		return sayPasskey(problem.Forbidden, "answer-wrong").Because(errors.New("the passkey is somebody else's"))
	}
	return p.Confirmed(ctx, w, r.Request, r.Actor, ByPasskey)
}

// prove checks the answer of a passkey and returns whose it is. A passkey of which there may be a copy is noted and refused.
func (p *Passkeys) prove(ctx context.Context, t tenant.ID, c ceremony, answer []byte) (string, error) {
	key, err := passkey.Claimed(answer)
	if err != nil {
		return "", refusedPasskey(err)
	}
	rd := p.db.Of(t)
	account, err := passkeyAccount(ctx, rd, key)
	if errors.Is(err, db.ErrNoRow) {
		return "", sayPasskey(problem.Forbidden, "unknown")
	}
	if err != nil {
		return "", err
	}
	a, err := accountBy(ctx, rd, "id", account)
	if err != nil {
		return "", err
	}
	rows, err := passkeysOf(ctx, rd, account)
	if err != nil {
		return "", err
	}
	site, err := p.site(t)
	if err != nil {
		return "", err
	}
	record, err := site.Proved(holder(a, rows), c.Pending, answer)
	if err != nil {
		if errors.Is(err, passkey.ErrCloned) {
			err = errors.Join(err, p.noteCopy(ctx, t, account))
		}
		return "", refusedPasskey(err)
	}
	if a.State != Active {
		return "", notActive()
	}
	err = p.db.Write(ctx, t, func(sc *db.Scope) error { return usedPasskey(ctx, sc, record, p.now()) })
	return account, err
}

// noteCopy writes in the log that there may be a copy of a passkey.
func (p *Passkeys) noteCopy(ctx context.Context, t tenant.ID, account string) error {
	return p.db.Write(ctx, t, func(sc *db.Scope) error {
		return p.audit.Record(ctx, sc, visitor(t), audit.Entry{Action: "passkey.copy-suspected", Subject: account, Account: account})
	})
}
