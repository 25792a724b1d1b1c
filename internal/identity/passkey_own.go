package identity

import (
	"context"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/passkey"
	"tekentafel/internal/problem"
)

// PasskeyView is a passkey as its owner sees it.
type PasskeyView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
	UsedAt    time.Time `json:"usedAt,omitzero"`
}

const (
	maxPasskeys        = 20
	longestPasskeyName = 60 // characters
)

// creating is what a person's new passkey needs of the first half: the handle too, as they may have had none.
type creating struct {
	ceremony
	Handle []byte `json:"handle"`
}

// AskCreate begins to make a passkey for the actor.
func (p *Passkeys) AskCreate(ctx context.Context, actor access.Actor) (Asked, error) {
	who, err := p.own(ctx, actor)
	if err != nil {
		return Asked{}, err
	}
	if len(who.Keys) >= maxPasskeys {
		return Asked{}, sayPasskey(problem.Conflict, "too-many")
	}
	site, err := p.site(actor.Tenant)
	if err != nil {
		return Asked{}, err
	}
	options, pending, err := site.Create(who)
	if err != nil {
		return Asked{}, err
	}
	token, err := p.putFlow(ctx, actor.Tenant, flowCreatePasskey, creating{ceremony{pending, actor.Owner}, who.Handle}, passkey.Lives)
	return Asked{Flow: token, PublicKey: options}, err
}

// Create ends making a passkey: it is the actor's from now on, and they are told.
func (p *Passkeys) Create(ctx context.Context, actor access.Actor, token, name string, answer []byte) error {
	var c creating
	t, err := p.takeFlow(ctx, token, flowCreatePasskey, &c)
	if problem.Is(err, problem.Gone) || err == nil && (t != actor.Tenant || c.Account != actor.Owner) {
		return sayPasskey(problem.Gone, "flow-lost").Because(err)
	}
	if err != nil {
		return err
	}
	if name, err = passkeyName(name); err != nil {
		return err
	}
	site, err := p.site(actor.Tenant)
	if err != nil {
		return err
	}
	record, err := site.Created(passkey.Person{Handle: c.Handle}, c.Pending, answer)
	if err != nil {
		return refusedPasskey(err)
	}
	err = p.db.System().Write(ctx, func(sys *db.System) error {
		sc := sys.Scope(actor.Tenant)
		taken, err := passkeyTaken(ctx, sys, record.ID())
		if err != nil {
			return err
		}
		if taken {
			return sayPasskey(problem.Conflict, "taken")
		}
		rows, err := passkeysOf(ctx, sc.Reader, actor.Owner)
		if err != nil {
			return err
		}
		if len(rows) >= maxPasskeys {
			return sayPasskey(problem.Conflict, "too-many")
		}
		if len(rows) > 0 && string(rows[0].Record.Handle) != string(record.Handle) {
			return sayPasskey(problem.Gone, "flow-lost") // two first passkeys at once: one person has one handle
		}
		if err := addPasskey(ctx, sc, actor.Owner, name, record, p.now()); err != nil {
			return err
		}
		return p.secondFactorChanged(ctx, sc, actor, actor.Owner, "passkey.added")
	})
	return err
}

func passkeyName(name string) (string, error) {
	name = contact.Line(name)
	if name == "" || utf8.RuneCountInString(name) > longestPasskeyName {
		f := &problem.Form{Bundle: passkey.Locale()}
		f.Wrong("name", "field.name", nil)
		return "", f.Err()
	}
	return name, nil
}

// List returns the passkeys of the actor, the oldest first.
func (p *Passkeys) List(ctx context.Context, actor access.Actor) ([]PasskeyView, error) {
	if err := allow(actor, access.ReadOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return nil, err
	}
	rows, err := passkeysOf(ctx, p.db.Of(actor.Tenant), actor.Owner)
	out := make([]PasskeyView, len(rows))
	for i, row := range rows {
		out[i] = PasskeyView{ID: row.ID, Name: row.Name, CreatedAt: row.CreatedAt, UsedAt: row.UsedAt}
	}
	return out, err
}

// Rename gives a passkey of the actor another name.
func (p *Passkeys) Rename(ctx context.Context, actor access.Actor, key, name string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return p.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error { return renamePasskey(ctx, sc, actor.Owner, key, name) })
}

// Remove takes a passkey of the actor away, unless it is their last way in.
func (p *Passkeys) Remove(ctx context.Context, actor access.Actor, key string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return p.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if err := dropPasskey(ctx, sc, actor.Owner, key); err != nil {
			return err
		}
		left, err := credentials(ctx, sc.Reader, actor.Owner)
		if err != nil {
			return err
		}
		if !left.Any() {
			return sayPasskey(problem.Conflict, "last-way")
		}
		return p.secondFactorChanged(ctx, sc, actor, actor.Owner, "passkey.removed")
	})
}
