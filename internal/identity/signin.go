package identity

import (
	"context"
	"net/http"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// notActive says that an account cannot be used to sign in.
func notActive() error { return say(problem.Forbidden, "account-blocked") }

// flowSignIn is the kind of flow of a sign-in half way.
const flowSignIn = "sign-in"

// pending is what a sign-in half way remembers: what was proved, and what the person wants.
type pending struct {
	Account string `json:"account"`
	Method  Method `json:"method"`
	Shared  bool   `json:"shared,omitempty"`
	Next    string `json:"next,omitempty"`
	Second  bool   `json:"second,omitempty"` // a second factor was shown
	NewPIN  bool   `json:"newPin,omitempty"` // an issued PIN was changed
	Shown   string `json:"shown,omitempty"`  // recovery codes to show first
}

// Step is what a sign-in still wants.
type Step string

// The steps.
const (
	StepDone  Step = ""
	StepCode  Step = "code"          // a code of the app, or a recovery code
	StepPIN   Step = "new-pin"       // another PIN than the one that was issued
	StepSetUp Step = "second-factor" // to set up an authenticator app, before anything else
)

// path is the page of a step.
func (s Step) path() string { return "/sign-in/" + string(s) }

// step tells what a sign-in still wants. What proves with a device (a passkey) or was decided at a provider wants no more.
func (p pending) step(c Credentials, o Settings, roles []access.Role) Step {
	known := p.Method == ByPassword || p.Method == ByPIN || p.Method == ByLink
	switch {
	case !known:
		return StepDone
	case c.SecondFactor && !p.Second:
		return StepCode
	case p.Method == ByPIN && c.PINIssued && !p.NewPIN:
		return StepPIN
	case !c.SecondFactor && !p.Second && o.wantsSecondFactor(roles):
		return StepSetUp
	}
	return StepDone
}

// SignInInput is what somebody gives to sign in with a password or a PIN.
type SignInInput struct {
	Name   string // mail address, or staff number
	Secret string
	Shared bool
	Next   string
}

// SignInWithPassword checks a mail address and password and returns the address of the next step: that of a second factor, or
// where the person wanted to go, with a session.
func (s *Service) SignInWithPassword(ctx context.Context, w http.ResponseWriter, r *http.Request, o OrganisationView, in SignInInput) (string, error) {
	if o.Settings.NoPassword {
		return "", db.ErrNoRow
	}
	a, err := s.checkPassword(ctx, o.ID, in.Name, in.Secret)
	if err != nil {
		return "", err
	}
	return s.goOn(ctx, w, r, o.ID, pending{Account: a.ID, Method: ByPassword, Shared: in.Shared, Next: in.Next}, "")
}

// SignInWithPIN does the same for a staff number and PIN.
func (s *Service) SignInWithPIN(ctx context.Context, w http.ResponseWriter, r *http.Request, o OrganisationView, in SignInInput) (string, error) {
	if o.Settings.NoPIN {
		return "", db.ErrNoRow
	}
	a, err := s.checkPIN(ctx, o.ID, in.Name, in.Secret)
	if err != nil {
		return "", err
	}
	return s.goOn(ctx, w, r, o.ID, pending{Account: a.ID, Method: ByPIN, Shared: in.Shared, Next: in.Next}, "")
}

// goOn takes a sign-in to its next step. The flow of the step before, if any, ends with it, so that no step is taken twice.
func (s *Service) goOn(ctx context.Context, w http.ResponseWriter, r *http.Request, t tenant.ID, p pending, before string) (string, error) {
	rd := s.db.Of(t)
	o, a, err := s.self(ctx, rd, access.Actor{Owner: p.Account})
	if err != nil {
		return "", err
	}
	c, err := credentials(ctx, rd, a.ID)
	if err != nil {
		return "", err
	}
	step := p.step(c, o.Settings, a.AllRoles())
	if before != "" {
		if err := s.db.System().Write(ctx, func(sys *db.System) error { return dropFlow(ctx, sys, before) }); err != nil {
			return "", err
		}
	}
	if step == StepDone {
		return s.arrive(ctx, w, r, t, p)
	}
	if step == StepSetUp {
		if err := s.db.Write(ctx, t, func(sc *db.Scope) error { return s.startTOTP(ctx, sc, a.ID) }); err != nil {
			return "", err
		}
	}
	token, err := s.putFlow(ctx, t, flowSignIn, p, flowLives)
	if err != nil {
		return "", err
	}
	s.setFlow(w, token)
	return step.path(), nil
}

// arrive begins the session, and returns where the person wanted to go.
func (s *Service) arrive(ctx context.Context, w http.ResponseWriter, r *http.Request, t tenant.ID, p pending) (string, error) {
	if err := s.SignIn(ctx, w, r, SignedIn{Tenant: t, Account: p.Account, Method: p.Method, Shared: p.Shared}); err != nil {
		return "", err
	}
	if p.Shown != "" {
		return "/shown/" + p.Shown, nil
	}
	return web.Local(p.Next, "/"), nil
}

// halfway is a sign-in that was begun in this browser.
type halfway struct {
	pending
	Tenant tenant.ID
	Step   Step
	token  string
}

// actor is the person as far as the steps of signing in need one.
func (h halfway) actor() access.Actor { return person(h.Tenant, h.Account, nil) }

// halfway returns the sign-in that r has begun.
func (s *Service) halfway(ctx context.Context, r *http.Request) (halfway, error) {
	h := halfway{token: s.cookies.Cookie(r, flowCookie)}
	t, err := s.readFlow(ctx, h.token, flowSignIn, &h.pending)
	if err != nil {
		return h, err
	}
	h.Tenant = t
	rd := s.db.Of(t)
	o, a, err := s.self(ctx, rd, access.Actor{Owner: h.Account})
	if err != nil {
		return h, err
	}
	c, err := credentials(ctx, rd, a.ID)
	if err != nil {
		return h, err
	}
	h.Step = h.step(c, o.Settings, a.AllRoles())
	return h, nil
}

// want returns the sign-in that r has begun when it stands at a step; otherwise that step is gone.
func (s *Service) want(ctx context.Context, r *http.Request, step Step) (halfway, error) {
	h, err := s.halfway(ctx, r)
	if err == nil && h.Step != step {
		err = say(problem.Gone, "flow-gone")
	}
	return h, err
}

// GiveCode takes the second factor of a sign-in half way.
func (s *Service) GiveCode(ctx context.Context, w http.ResponseWriter, r *http.Request, code string) (string, error) {
	h, err := s.want(ctx, r, StepCode)
	if err != nil {
		return "", err
	}
	if err := s.takeCode(ctx, h.actor(), code); err != nil {
		return "", err
	}
	h.Second = true
	return s.goOn(ctx, w, r, h.Tenant, h.pending, h.token)
}

// takeCode takes a code of the app or a recovery code of the actor, once, and counts the attempt.
func (s *Service) takeCode(ctx context.Context, actor access.Actor, code string) error {
	subject := s.lockSubject(ByCode, actor.Owner)
	l, err := s.attempt(ctx, actor.Tenant, subject)
	if err != nil {
		return err
	}
	right := false
	err = s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if right, err = s.useCode(ctx, sc, actor, code); err != nil || !right {
			return err
		}
		return dropLockout(ctx, sc, subject)
	})
	if err != nil || right {
		return err
	}
	a, err := accountBy(ctx, s.db.Of(actor.Tenant), "id", actor.Owner)
	if err != nil {
		return err
	}
	return s.failed(ctx, actor.Tenant, ByCode, l, a)
}

// ChooseFirstPIN replaces an issued PIN in a sign-in half way.
func (s *Service) ChooseFirstPIN(ctx context.Context, w http.ResponseWriter, r *http.Request, pin string) (string, error) {
	h, err := s.want(ctx, r, StepPIN)
	if err != nil {
		return "", err
	}
	a, err := accountBy(ctx, s.db.Of(h.Tenant), "id", h.Account)
	if err != nil {
		return "", err
	}
	if err := s.checkNewPIN(ctx, s.db.Of(h.Tenant), a, pin); err != nil {
		return "", err
	}
	hash, err := s.hasher.hash(ctx, s.keyedPIN(a.ID, pin))
	if err != nil {
		return "", err
	}
	if err := s.db.Write(ctx, h.Tenant, func(sc *db.Scope) error { return s.keepPIN(ctx, sc, h.actor(), a, hash, false) }); err != nil {
		return "", err
	}
	h.NewPIN = true
	return s.goOn(ctx, w, r, h.Tenant, h.pending, h.token)
}

// SetUpFirst confirms the authenticator app that somebody must set up before they get in.
func (s *Service) SetUpFirst(ctx context.Context, w http.ResponseWriter, r *http.Request, code string) (string, error) {
	h, err := s.want(ctx, r, StepSetUp)
	if err != nil {
		return "", err
	}
	if err := s.countCode(ctx, h.Tenant, h.Account); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, h.Tenant, func(sc *db.Scope) error {
		h.Shown, err = s.confirmTOTP(ctx, sc, h.actor(), code, web.Local(h.Next, "/"))
		return err
	})
	if err != nil {
		return "", err
	}
	h.Second = true
	return s.goOn(ctx, w, r, h.Tenant, h.pending, h.token)
}

// SignOut ends the session of r and returns where to go next.
func (s *Service) SignOut(ctx context.Context, w http.ResponseWriter, r *http.Request, actor access.Actor) (string, error) {
	next := "/sign-in"
	token := s.cookies.Cookie(r, SessionCookie)
	s.cookies.SetCookie(w, SessionCookie, "", 0)
	for _, forget := range s.clears {
		forget(w)
	}
	if token == "" || actor.Kind != access.Person {
		return next, nil
	}
	var provider string
	err := s.db.System().Write(ctx, func(sys *db.System) error {
		var session string
		err := sys.Row(ctx, `DELETE FROM sessions WHERE token_hash = $1 RETURNING id, provider`, []any{id.Hash(token)}, &session, &provider)
		if err != nil {
			return err
		}
		return s.recordEnd(ctx, sys.Scope(actor.Tenant), actor, session)
	})
	if err != nil {
		return next, err
	}
	for _, step := range s.leaving {
		to, err := step.SigningOut(ctx, actor, provider)
		if err != nil {
			s.log.WarnContext(ctx, "signing out at the provider failed; the session here has ended", "error", err.Error())
			continue
		}
		if to != "" {
			return to, nil
		}
	}
	return next, nil
}

// Proof is what somebody gives to prove again who they are.
type Proof struct {
	Secret string // the password or PIN
	Code   string // of the app, or a recovery code; of whoever has a second factor
}

// ConfirmWithPassword proves again who the actor is, with the second factor too where there is one.
func (s *Service) ConfirmWithPassword(ctx context.Context, w http.ResponseWriter, r *http.Request, actor access.Actor, p Proof) error {
	a, err := accountBy(ctx, s.db.Of(actor.Tenant), "id", actor.Owner)
	if err != nil {
		return err
	}
	if _, err := s.checkPassword(ctx, actor.Tenant, a.Mail, p.Secret); err != nil {
		return onField(err, "password", "password-current")
	}
	return s.confirm(ctx, w, r, actor, ByPassword, p.Code)
}

// ConfirmWithPIN does the same with a PIN.
func (s *Service) ConfirmWithPIN(ctx context.Context, w http.ResponseWriter, r *http.Request, actor access.Actor, p Proof) error {
	a, err := accountBy(ctx, s.db.Of(actor.Tenant), "id", actor.Owner)
	if err != nil {
		return err
	}
	if _, err := s.checkPIN(ctx, actor.Tenant, a.StaffNumber, p.Secret); err != nil {
		return onField(err, "pin", "pin-current")
	}
	return s.confirm(ctx, w, r, actor, ByPIN, p.Code)
}

// confirm asks for the second factor of whoever has one, and notes the proof.
func (s *Service) confirm(ctx context.Context, w http.ResponseWriter, r *http.Request, actor access.Actor, m Method, code string) error {
	c, err := credentials(ctx, s.db.Of(actor.Tenant), actor.Owner)
	if err != nil {
		return err
	}
	if c.SecondFactor {
		if err := s.takeCode(ctx, actor, code); err != nil {
			return onField(err, "code", "code-wrong")
		}
	}
	return s.Confirmed(ctx, w, r, actor, m)
}

// onField puts the refusal of a secret at its field.
func onField(err error, field, key string) error {
	if problem.Is(err, problem.Invalid) {
		return wrong(field, key, nil)
	}
	return err
}
