package identity

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
)

// Directory keeps accounts as the directory of an organisation says. Each call works in the transaction of its scope, and needs
// access.SyncPeople or access.ChangeAccount.
type Directory struct {
	s    *Service
	held func(ctx context.Context, r db.Reader, account string) (bool, error)
}

// Directory returns the accounts for a directory. held tells whether the directory has an account already, as that of one of its
// users.
func (s *Service) Directory(held func(ctx context.Context, r db.Reader, account string) (bool, error)) Directory {
	return Directory{s, held}
}

// Listed is what a directory says of an account. What is "" is not said.
type Listed struct {
	Name        string
	Mail        string // in the form of contact.Mail
	StaffNumber string // in the form of contact.Number
	Language    instrument.Lang
}

// ErrErased says that an account was erased, or is not there.
var ErrErased = errors.New("the account was erased")

// NotYoursError says why an account with a mail address or staff number of a user is not for the directory to take over.
type NotYoursError struct {
	Account string
	Why     NotYours
}

// NotYours is why an account is not for a directory to take over.
type NotYours string

// The reasons.
const (
	HasRoles      NotYours = "roles"   // somebody here gave it a role: whoever fills in its address elsewhere would play that role
	IsBlocked     NotYours = "blocked" // somebody here blocked it
	HasOtherOwner NotYours = "other"   // it is of another user of the directory, or its number says that it is of somebody else
)

// Error implements error.
func (e *NotYoursError) Error() string {
	return "the account " + e.Account + " is not for the directory to take over: " + string(e.Why)
}

func mayDirect(actor access.Actor) error {
	if access.Can(actor, access.SyncPeople, access.Resource{Tenant: actor.Tenant}) {
		return nil
	}
	return allowIn(actor, access.ChangeAccount)
}

// Provision makes an account, or takes over the one with this staff number or else this mail address. A *NotYoursError says that it
// may not.
func (d Directory) Provision(ctx context.Context, sc *db.Scope, actor access.Actor, in Listed) (string, error) {
	if err := mayDirect(actor); err != nil {
		return "", err
	}
	a, err := d.match(ctx, sc.Reader, "", in)
	if err != nil {
		return "", err
	}
	if a == nil {
		next, err := d.input(ctx, sc.Reader, AccountView{}, in)
		if err != nil {
			return "", err
		}
		return d.s.insertAccount(ctx, sc, actor, next)
	}
	theirs, err := d.held(ctx, sc.Reader, a.ID)
	switch {
	case err != nil:
		return "", err
	case theirs:
		return "", &NotYoursError{a.ID, HasOtherOwner}
	case a.State != Active:
		return "", &NotYoursError{a.ID, IsBlocked}
	case len(a.Roles) > 0:
		return "", &NotYoursError{a.ID, HasRoles}
	}
	if err := d.s.audit.Record(ctx, sc, actor, audit.Entry{Action: "account.directed", Subject: a.ID, Account: a.ID}); err != nil {
		return "", err
	}
	return a.ID, d.bring(ctx, sc, actor, *a, in)
}

// match returns the account with the staff number of in, else the one with its mail address; nil when there is none. self is who asks.
// An address alone does not make two people one whose numbers differ: addresses are given out anew.
func (d Directory) match(ctx context.Context, r db.Reader, self string, in Listed) (*AccountView, error) {
	var found []AccountView
	for _, by := range [][2]string{{"staff_number", in.StaffNumber}, {"mail", in.Mail}} {
		if by[1] == "" {
			continue
		}
		a, err := accountBy(ctx, r, by[0], by[1])
		if errors.Is(err, db.ErrNoRow) || err == nil && a.ID == self {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, a)
	}
	if len(found) == 0 {
		return nil, nil
	}
	a := found[0]
	if len(found) == 2 && found[1].ID != a.ID || in.StaffNumber != "" && a.StaffNumber != "" && a.StaffNumber != in.StaffNumber {
		return nil, &NotYoursError{found[len(found)-1].ID, HasOtherOwner}
	}
	return &a, nil
}

// input is what an account becomes: what was, with what is said.
func (d Directory) input(ctx context.Context, r db.Reader, was AccountView, in Listed) (AccountInput, error) {
	o, err := organisation(ctx, r)
	if err != nil {
		return AccountInput{}, err
	}
	next := AccountInput{Name: cmp.Or(contact.Line(in.Name), was.Name), Mail: cmp.Or(in.Mail, was.Mail), StaffNumber: cmp.Or(in.StaffNumber, was.StaffNumber), Language: was.Language}
	if runes := []rune(next.Name); len(runes) > longestName {
		next.Name = contact.Line(string(runes[:longestName]))
	}
	if slices.Contains(o.Languages, in.Language) {
		next.Language = in.Language
	}
	next = next.normal(o.Languages[0])
	return next, next.check()
}

// Change brings an account up to date; what is "" stays. ErrErased says that it was erased, a *NotYoursError that another account has
// the mail address or staff number.
func (d Directory) Change(ctx context.Context, sc *db.Scope, actor access.Actor, account string, in Listed) error {
	if err := mayDirect(actor); err != nil {
		return err
	}
	a, err := d.standing(ctx, sc, account)
	if err != nil {
		return err
	}
	other, err := d.match(ctx, sc.Reader, account, in)
	if err != nil {
		return err
	}
	if other != nil {
		return &NotYoursError{other.ID, HasOtherOwner}
	}
	return d.bring(ctx, sc, actor, a, in)
}

// bring gives an account what is said.
func (d Directory) bring(ctx context.Context, sc *db.Scope, actor access.Actor, was AccountView, in Listed) error {
	next, err := d.input(ctx, sc.Reader, was, in)
	if err != nil {
		return err
	}
	changed := changedFields(was, next)
	if len(changed) == 0 {
		return nil
	}
	if err := changeAccount(ctx, sc, was.ID, next); err != nil {
		return err
	}
	if was.Mail != next.Mail { // links went to the old address
		if err := dropLinks(ctx, sc, was.ID); err != nil {
			return err
		}
	}
	return d.s.audit.Record(ctx, sc, actor, audit.Entry{Action: "account.changed", Subject: was.ID, Account: was.ID, Detail: changed})
}

// standing returns an account that was not erased.
func (d Directory) standing(ctx context.Context, sc *db.Scope, account string) (AccountView, error) {
	a, err := accountBy(ctx, sc.Reader, "id", account)
	if errors.Is(err, db.ErrNoRow) || err == nil && a.State == Erased {
		return a, ErrErased
	}
	return a, err
}

// Block keeps the owner of an account from signing in, and ends sessions and links at once. Nothing else is taken away: passwords,
// passkeys and keys are there again after Unblock, and work for nobody meanwhile. free also lets go of the mail address and the staff
// number, for somebody else. The last administrator cannot be blocked: a problem of kind Conflict.
func (d Directory) Block(ctx context.Context, sc *db.Scope, actor access.Actor, account string, free bool) error {
	if err := mayDirect(actor); err != nil {
		return err
	}
	a, err := d.standing(ctx, sc, account)
	if err != nil {
		return err
	}
	if a.State == Active {
		if err := d.s.toState(ctx, sc, actor, account, Blocked, "account.blocked"); err != nil {
			return err
		}
		if slices.Contains(a.AllRoles(), access.Administrator) {
			if err := keepsAdministrator(ctx, sc); err != nil {
				return err
			}
		}
	}
	if !free || a.Mail == "" && a.StaffNumber == "" {
		return nil
	}
	in := AccountInput{Name: a.Name, Language: a.Language}
	if err := changeAccount(ctx, sc, account, in); err != nil {
		return err
	}
	return d.s.audit.Record(ctx, sc, actor, audit.Entry{Action: "account.changed", Subject: account, Account: account, Detail: changedFields(a, in)})
}

// Unblock lets the owner of an account sign in again.
func (d Directory) Unblock(ctx context.Context, sc *db.Scope, actor access.Actor, account string) error {
	if err := mayDirect(actor); err != nil {
		return err
	}
	a, err := d.standing(ctx, sc, account)
	if err != nil || a.State == Active {
		return err
	}
	return d.s.toState(ctx, sc, actor, account, Active, "account.unblocked")
}

// SetRoles gives an account exactly these roles by its groups in the directory; roles from elsewhere stay. Whoever gains one is signed
// out everywhere. A problem of kind Conflict says that the organisation would be left without an administrator.
func (d Directory) SetRoles(ctx context.Context, sc *db.Scope, actor access.Actor, account string, roles []access.Role) error {
	if err := mayDirect(actor); err != nil {
		return err
	}
	if unknownRole(roles) {
		return wrong("roles", "roles-form", nil)
	}
	a, err := d.standing(ctx, sc, account)
	if err != nil {
		return err
	}
	_, err = d.s.settleRoles(ctx, sc, actor, a, sourceSCIM, roles)
	return err
}

// toState blocks or unblocks an account.
func (s *Service) toState(ctx context.Context, sc *db.Scope, actor access.Actor, account string, state State, action string) error {
	if err := putState(ctx, sc, account, state); err != nil {
		return err
	}
	if state == Blocked {
		if err := errors.Join(dropSessions(ctx, sc, account, ""), dropLinks(ctx, sc, account)); err != nil {
			return err
		}
	}
	return s.audit.Record(ctx, sc, actor, audit.Entry{Action: action, Subject: account, Account: account})
}
