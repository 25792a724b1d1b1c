package identity

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/web"
)

// Offer is where a way to sign in is offered.
type Offer struct {
	Org  OrganisationView
	Lang instrument.Lang
	Next string // an address of this product to go to afterwards
	// Confirm is the person who must prove again who they are; nil on the page to sign in. Then the way leads to Confirmed
	// instead of SignIn, and fits only if this person can use it.
	Confirm *access.Actor
	Once    string
}

// SignInOption is a way to sign in that this package does not know itself: a provider, passkeys.
type SignInOption interface {
	// Offer returns the button or form on the page to sign in or to confirm, or nil where this way is not offered.
	Offer(ctx context.Context, o Offer) (templ.Component, error)
}

// SecuritySection is a part of the page about one's own security that belongs to a way to sign in.
type SecuritySection interface {
	// Section returns the part, or nil when the person has nothing to see there.
	Section(ctx context.Context, r *web.Request) (templ.Component, error)
}

// SignOutStep is what else happens when somebody signs out, such as signing out at the provider.
type SignOutStep interface {
	// SigningOut is told of a session that ends, with what SignedIn.Provider kept, and returns an address of this product to go
	// to next, or "".
	SigningOut(ctx context.Context, a access.Actor, provider string) (string, error)
}

// AddOptions offers further ways to sign in, in this order. Call it before the server starts.
func (s *Service) AddOptions(options ...SignInOption) { s.options = append(s.options, options...) }

// AddSections adds parts to the page about one's own security. Call it before the server starts.
func (s *Service) AddSections(sections ...SecuritySection) {
	s.sections = append(s.sections, sections...)
}

// AddSignOutSteps adds what happens when somebody signs out. Call it before the server starts.
func (s *Service) AddSignOutSteps(steps ...SignOutStep) { s.leaving = append(s.leaving, steps...) }

// AlsoForget adds what is taken from the browser of whoever signs out, beside the session. Call it before the server starts.
func (s *Service) AlsoForget(forget func(http.ResponseWriter)) { s.clears = append(s.clears, forget) }

// offers draws the further ways to sign in or confirm.
func (s *Service) offers(ctx context.Context, o Offer) ([]templ.Component, error) {
	var list []templ.Component
	for _, option := range s.options {
		c, err := option.Offer(ctx, o)
		if err != nil {
			return nil, err
		}
		if c != nil {
			list = append(list, c)
		}
	}
	return list, nil
}
