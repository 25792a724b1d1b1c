package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// The length of a PIN, in digits.
const (
	LeastPIN = 6
	MostPIN  = 8
)

// pinProblem returns the key of what is wrong with a new PIN, or "": what people choose first is refused.
func pinProblem(pin, staffNumber string) string {
	if len(pin) < LeastPIN || len(pin) > MostPIN || strings.Trim(pin, "0123456789") != "" {
		return "pin-form"
	}
	if fewDigits(pin) || runs(pin, 1) || runs(pin, 9) || repeats(pin) {
		return "pin-trivial"
	}
	if strings.Contains(staffNumber, pin) || len(staffNumber) >= 4 && strings.Contains(pin, staffNumber) {
		return "pin-number"
	}
	return ""
}

// fewDigits tells whether a PIN holds at most two different digits.
func fewDigits(pin string) bool {
	b := []byte(pin)
	slices.Sort(b)
	return len(slices.Compact(b)) <= 2
}

// runs tells whether each digit follows from the one before by adding step, around from 9 to 0.
func runs(pin string, step byte) bool {
	for i := 1; i < len(pin); i++ {
		if (pin[i-1]-'0'+step)%10 != pin[i]-'0' {
			return false
		}
	}
	return true
}

// repeats tells whether a PIN is a block of two or three digits, or a year, written again and again: 232323, 123123, 19801980, 198019.
func repeats(pin string) bool {
	year := strings.HasPrefix(pin, "19") || strings.HasPrefix(pin, "20")
	for _, period := range []int{2, 3, 4} {
		if period == 4 && !year && len(pin) < 8 {
			continue
		}
		same := true
		for i := period; i < len(pin); i++ {
			same = same && pin[i] == pin[i-period]
		}
		if same {
			return true
		}
	}
	return false
}

// randomPIN returns a PIN of six digits that nobody would choose first.
func randomPIN(staffNumber string) (string, error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", err
		}
		if pin := fmt.Sprintf("%06d", n); pinProblem(pin, staffNumber) == "" {
			return pin, nil
		}
	}
}

// keyedPIN is what is hashed of a PIN: keyed, because six digits alone are guessed from any hash.
func (s *Service) keyedPIN(account, pin string) []byte {
	return s.box.Keyed("pin", []byte(account+"/"+pin))
}

// checkPIN tells whose staff number and PIN these are, with the same care as checkPassword.
func (s *Service) checkPIN(ctx context.Context, t tenant.ID, staffNumber, pin string) (AccountView, error) {
	name := contact.Number(staffNumber)
	subject := s.lockSubject(ByPIN, name)
	l, err := s.attempt(ctx, t, subject)
	if err != nil {
		return AccountView{}, err
	}
	a, stored, err := secretBy(ctx, s.db.Of(t), "staff_number", name, "pins")
	if err != nil {
		return AccountView{}, err
	}
	right, _, err := s.hasher.verify(ctx, stored, s.keyedPIN(a.ID, pin))
	if err != nil {
		return AccountView{}, err
	}
	if !right || a.State != Active {
		return AccountView{}, s.failed(ctx, t, ByPIN, l, a)
	}
	return a, s.db.Write(ctx, t, func(sc *db.Scope) error { return dropLockout(ctx, sc, subject) })
}

// NewPIN gives somebody a new PIN, which they change when they first use it, and returns it. An earlier PIN stops working and
// its sessions end. Nobody issues a PIN for an account that may do more than they may.
func (s *Service) NewPIN(ctx context.Context, actor access.Actor, account string) (pin string, err error) {
	return s.issuePIN(ctx, actor, account, func(*db.Scope, string) error { return nil })
}

// IssuePIN does as NewPIN and returns the id under which Shown shows the PIN to the actor.
func (s *Service) IssuePIN(ctx context.Context, actor access.Actor, account string) (shown string, err error) {
	_, err = s.issuePIN(ctx, actor, account, func(sc *db.Scope, pin string) error {
		shown, err = s.show(ctx, sc, actor, Shown{Kind: ShownPIN, Account: account, Lines: []string{pin}})
		return err
	})
	return shown, err
}

// issuePIN makes a PIN and hands it to also in the transaction.
func (s *Service) issuePIN(ctx context.Context, actor access.Actor, account string, also func(*db.Scope, string) error) (pin string, err error) {
	if err := allowIn(actor, access.IssuePIN); err != nil {
		return "", err
	}
	o, a, err := s.self(ctx, s.db.Of(actor.Tenant), access.Actor{Owner: account})
	if err != nil {
		return "", err
	}
	if err := mayIssue(actor, o, a); err != nil {
		return "", err
	}
	if pin, err = randomPIN(a.StaffNumber); err != nil {
		return "", err
	}
	hash, err := s.hasher.hash(ctx, s.keyedPIN(a.ID, pin))
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		now, err := s.standing(ctx, sc, account, 0)
		if err != nil {
			return err
		}
		if err := mayIssue(actor, o, now); err != nil {
			return err
		}
		if err := s.keepPIN(ctx, sc, actor, now, hash, true); err != nil {
			return err
		}
		if err := dropSessions(ctx, sc, account, ""); err != nil {
			return err
		}
		return also(sc, pin)
	})
	if err != nil {
		return "", err
	}
	return pin, nil
}

// mayIssue tells whether a PIN may be issued for an account.
func mayIssue(actor access.Actor, o OrganisationView, a AccountView) error {
	switch {
	case o.Settings.NoPIN:
		return say(problem.Conflict, "no-pins")
	case a.State == Erased:
		return say(problem.Gone, "account-erased")
	case a.State != Active:
		return say(problem.Conflict, "account-blocked")
	case a.StaffNumber == "":
		return say(problem.Conflict, "pin-needs-number")
	case !actor.Has(access.Administrator) && slices.ContainsFunc(a.AllRoles(), func(r access.Role) bool { return !actor.Has(r) }):
		return say(problem.Forbidden, "pin-above")
	}
	return nil
}

// keepPIN stores a new hash and says so in the log.
func (s *Service) keepPIN(ctx context.Context, sc *db.Scope, actor access.Actor, a AccountView, hash string, issued bool) error {
	_, err := sc.Exec(ctx, `INSERT INTO pins (tenant_id, account_id, hash, must_change, set_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, account_id) DO UPDATE SET hash = excluded.hash, must_change = excluded.must_change, set_at = excluded.set_at`,
		a.ID, hash, issued, clock.Micros(s.now()))
	if err != nil {
		return err
	}
	if err := dropLockout(ctx, sc, s.lockSubject(ByPIN, a.StaffNumber)); err != nil {
		return err
	}
	action := "pin.changed"
	if issued {
		action = "pin.issued"
	}
	return s.audit.Record(ctx, sc, actor, audit.Entry{Action: action, Subject: a.ID, Account: a.ID})
}

// checkNewPIN returns what is wrong with a new PIN as a problem with the field "pin"; the one that was issued is no new one.
func (s *Service) checkNewPIN(ctx context.Context, r db.Reader, a AccountView, pin string) error {
	if key := pinProblem(pin, a.StaffNumber); key != "" {
		return wrong("pin", key, nil)
	}
	_, stored, err := secretBy(ctx, r, "id", a.ID, "pins")
	if err != nil || stored == "" {
		return err
	}
	same, _, err := s.hasher.verify(ctx, stored, s.keyedPIN(a.ID, pin))
	if err == nil && same {
		return wrong("pin", "pin-same", nil)
	}
	return err
}

// ChangePIN gives the actor another PIN; they give the present one. Other sessions end.
func (s *Service) ChangePIN(ctx context.Context, actor access.Actor, session, current, next string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	r := s.db.Of(actor.Tenant)
	a, err := accountBy(ctx, r, "id", actor.Owner)
	if err != nil {
		return err
	}
	if _, err := s.checkPIN(ctx, actor.Tenant, a.StaffNumber, current); err != nil {
		if problem.Is(err, problem.Invalid) {
			return wrong("current", "pin-current", nil)
		}
		return err
	}
	if err := s.checkNewPIN(ctx, r, a, next); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, s.keyedPIN(a.ID, next))
	if err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		return errors.Join(s.keepPIN(ctx, sc, actor, a, hash, false), dropSessions(ctx, sc, a.ID, session))
	})
}
