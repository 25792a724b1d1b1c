package identity

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/tenant"
)

// Seed is a person of a made-up organisation, with ways to sign in that everyone knows.
type Seed struct {
	AccountInput
	Password string // "" for none
	PIN      string // "" for none
}

// Found makes an organisation with people in it, as the program itself: for demonstrations and tests. It returns the
// accounts in the order of the people.
func (s *Service) Found(ctx context.Context, parent tenant.ID, in OrganisationInput, people []Seed) (tenant.ID, []AccountView, error) {
	in = in.normal()
	if err := in.check(); err != nil {
		return "", nil, err
	}
	t := tenant.ID(id.New(s.now()))
	actor := system(t)
	err := s.db.System().Write(ctx, func(sys *db.System) error {
		return s.insertOrganisation(ctx, sys, actor, OrganisationView{ID: t, Parent: parent}, in)
	})
	if err != nil {
		return "", nil, err
	}
	var accounts []AccountView
	for _, p := range people {
		a, err := s.AddAccount(ctx, actor, p.AccountInput, asked.Request{})
		if err != nil {
			return "", nil, err
		}
		if err := s.seedSecrets(ctx, actor, a, p); err != nil {
			return "", nil, err
		}
		accounts = append(accounts, a)
	}
	return t, accounts, nil
}

func (s *Service) seedSecrets(ctx context.Context, actor access.Actor, a AccountView, p Seed) error {
	var password, pin string
	var err error
	if p.Password != "" {
		if password, err = s.hasher.hash(ctx, plainPassword(p.Password)); err != nil {
			return err
		}
	}
	if p.PIN != "" {
		if pin, err = s.hasher.hash(ctx, s.keyedPIN(a.ID, p.PIN)); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if password != "" {
			if err := s.keepPassword(ctx, sc, actor, a, password); err != nil {
				return err
			}
		}
		if pin != "" {
			return s.keepPIN(ctx, sc, actor, a, pin, false)
		}
		return nil
	})
}
