package identity

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// State is whether an account may be used.
type State string

// The states of an account.
const (
	Active  State = "active"
	Blocked State = "blocked" // it stays, but nobody can sign in with it
	Erased  State = "erased"  // nothing is left but its id
)

// AccountInput is what one gives to add or change an account.
type AccountInput struct {
	Name        string          `json:"name"`
	Mail        string          `json:"mail,omitempty" doc:"Mail address; one of mail and staff number is needed"`
	StaffNumber string          `json:"staffNumber,omitempty"`
	Language    instrument.Lang `json:"language,omitempty" doc:"nl, fr, de or en; the organisation's default when left out"`
	Roles       []access.Role   `json:"roles,omitempty" doc:"Only when the account is added; everyone is an employee too"`
	Version     int64           `json:"version,omitempty" doc:"Of the account that is changed, as it was read"`
}

// AccountView is an account as pages and scripts see it.
type AccountView struct {
	ID             string          `json:"id"`
	Name           string          `json:"name"`
	Mail           string          `json:"mail,omitempty"`
	StaffNumber    string          `json:"staffNumber,omitempty"`
	Language       instrument.Lang `json:"language"`
	State          State           `json:"state"`
	Roles          []access.Role   `json:"roles" doc:"Given here; everyone is an employee too"`
	ProviderRoles  []access.Role   `json:"providerRoles,omitempty" doc:"Given by groups at the sign-in provider"`
	DirectoryRoles []access.Role   `json:"directoryRoles,omitempty" doc:"Given by groups of the directory"`
	Version        int64           `json:"version"`
	CreatedAt      time.Time       `json:"createdAt"`
}

// AllRoles returns the roles that the account plays, in the order of access.Roles, without employee.
func (a AccountView) AllRoles() []access.Role {
	var out []access.Role
	for _, r := range access.Roles() {
		if r != access.Employee && (slices.Contains(a.Roles, r) || slices.Contains(a.ProviderRoles, r) || slices.Contains(a.DirectoryRoles, r)) {
			out = append(out, r)
		}
	}
	return out
}

// Credentials is how somebody can sign in.
type Credentials struct {
	Password     bool `json:"password"`
	SecondFactor bool `json:"secondFactor"`
	PIN          bool `json:"pin"`
	PINIssued    bool `json:"-"` // the PIN must be changed at the first sign-in
	Passkeys     int  `json:"passkeys"`
	Provider     bool `json:"provider" doc:"At the sign-in provider of the organisation"`
	Codes        int  `json:"recoveryCodes" doc:"Recovery codes that are left"`
}

// Any tells whether there is a way in.
func (c Credentials) Any() bool { return c.Password || c.PIN || c.Passkeys > 0 || c.Provider }

// normal trims the input and puts mail and number in their one form; what cannot be used stays as it was, for check.
func (in AccountInput) normal(fallback instrument.Lang) AccountInput {
	in.Name = contact.Line(in.Name)
	if m, ok := contact.Mail(in.Mail); ok {
		in.Mail = m
	}
	in.StaffNumber = contact.Number(in.StaffNumber)
	if in.Language == "" {
		in.Language = fallback
	}
	var roles []access.Role
	for _, r := range access.Roles() {
		if r != access.Employee && slices.Contains(in.Roles, r) {
			roles = append(roles, r)
		}
	}
	if !unknownRole(in.Roles) {
		in.Roles = roles
	}
	return in
}

func unknownRole(roles []access.Role) bool {
	return slices.ContainsFunc(roles, func(r access.Role) bool { return !slices.Contains(access.Roles(), r) })
}

// check returns what is wrong with the fields of a normal input.
func (in AccountInput) check() error {
	f := form()
	switch {
	case in.Name == "":
		f.Wrong("name", "field.name-empty", nil)
	case utf8.RuneCountInString(in.Name) > longestName:
		f.Wrong("name", "field.name-long", nil)
	}
	if in.Mail == "" && in.StaffNumber == "" {
		f.Wrong("mail", "field.mail-or-number", nil)
	}
	if in.Mail != "" {
		if _, ok := contact.Mail(in.Mail); !ok {
			f.Wrong("mail", "field.mail-form", nil)
		}
	}
	if utf8.RuneCountInString(in.StaffNumber) > contact.LongestNumber {
		f.Wrong("staffNumber", "field.number-long", nil)
	}
	if !slices.Contains(instrument.Languages(), in.Language) {
		f.Wrong("language", "field.languages-form", nil)
	}
	if unknownRole(in.Roles) {
		f.Wrong("roles", "field.roles-form", nil)
	}
	return f.Err()
}

// taken tells whose mail address or staff number it is when one is used already.
func (s *Service) taken(ctx context.Context, r db.Reader, self string, in AccountInput) error {
	f := form()
	if in.Mail != "" {
		if a, err := accountBy(ctx, r, "mail", in.Mail); err == nil && a.ID != self {
			f.Wrong("mail", "field.mail-taken", nil)
		} else if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
	}
	if in.StaffNumber != "" {
		if a, err := accountBy(ctx, r, "staff_number", in.StaffNumber); err == nil && a.ID != self {
			f.Wrong("staffNumber", "field.number-taken", nil)
		} else if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
	}
	return f.Err()
}

// AddAccount adds a person to the actor's organisation. Asked for again with the same key it gives the same account.
func (s *Service) AddAccount(ctx context.Context, actor access.Actor, in AccountInput, once asked.Request) (AccountView, error) {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return AccountView{}, err
	}
	var out AccountView
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		o, err := organisation(ctx, sc.Reader)
		if err != nil {
			return err
		}
		next := in.normal(o.Languages[0])
		if err := next.check(); err != nil {
			return err
		}
		account, err := asked.Once(ctx, sc, s.now, once, func() (string, error) {
			return s.insertAccount(ctx, sc, actor, next)
		})
		if err != nil {
			return err
		}
		out, err = accountBy(ctx, sc.Reader, "id", account)
		return err
	})
	return out, err
}

// insertAccount writes a new account with its roles, and says so in the log.
func (s *Service) insertAccount(ctx context.Context, sc *db.Scope, actor access.Actor, in AccountInput) (string, error) {
	if err := s.taken(ctx, sc.Reader, "", in); err != nil {
		return "", err
	}
	account := id.New(s.now())
	if err := addAccount(ctx, sc, account, in, s.now()); err != nil {
		return "", err
	}
	if err := s.audit.Record(ctx, sc, actor, audit.Entry{Action: "account.added", Subject: account, Account: account}); err != nil {
		return "", err
	}
	for _, r := range in.Roles {
		if err := giveRole(ctx, sc, account, r, sourceLocal); err != nil {
			return "", err
		}
		if err := s.recordRole(ctx, sc, actor, "account.role-given", account, r); err != nil {
			return "", err
		}
	}
	return account, nil
}

// Account returns an account of the actor's organisation, or the actor's own.
func (s *Service) Account(ctx context.Context, actor access.Actor, account string) (AccountView, error) {
	if err := s.mayRead(actor, account); err != nil {
		return AccountView{}, err
	}
	return accountBy(ctx, s.db.Of(actor.Tenant), "id", account)
}

// mayRead lets in who reads accounts, and everyone to their own.
func (s *Service) mayRead(actor access.Actor, account string) error {
	if access.Can(actor, access.ReadOwn, access.Resource{Tenant: actor.Tenant, Owner: account}) {
		return nil
	}
	return allowIn(actor, access.ReadAccounts)
}

// ChangeAccount changes name, mail address, staff number and language. A Version that is not the present one is a conflict.
func (s *Service) ChangeAccount(ctx context.Context, actor access.Actor, account string, in AccountInput) (AccountView, error) {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return AccountView{}, err
	}
	var out AccountView
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		was, err := s.standing(ctx, sc, account, in.Version)
		if err != nil {
			return err
		}
		next := in.normal(was.Language)
		next.Roles = nil
		if err := next.check(); err != nil {
			return err
		}
		if err := s.taken(ctx, sc.Reader, account, next); err != nil {
			return err
		}
		if err := changeAccount(ctx, sc, account, next); err != nil {
			return err
		}
		if was.Mail != next.Mail { // links went to the old address
			if err := dropLinks(ctx, sc, account); err != nil {
				return err
			}
		}
		if err := s.audit.Record(ctx, sc, actor, audit.Entry{Action: "account.changed", Subject: account, Account: account, Detail: changedFields(was, next)}); err != nil {
			return err
		}
		out, err = accountBy(ctx, sc.Reader, "id", account)
		return err
	})
	return out, err
}

// changedFields names what was changed, never to what.
func changedFields(was AccountView, next AccountInput) map[string]string {
	out := map[string]string{}
	for field, changed := range map[string]bool{
		"name": was.Name != next.Name, "mail": was.Mail != next.Mail, "staffNumber": was.StaffNumber != next.StaffNumber,
		"language": was.Language != next.Language,
	} {
		if changed {
			out[field] = "changed"
		}
	}
	return out
}

// standing returns an account that can still be changed and has the version on which the change stands; version 0 stands
// on any.
func (s *Service) standing(ctx context.Context, sc *db.Scope, account string, version int64) (AccountView, error) {
	a, err := accountBy(ctx, sc.Reader, "id", account)
	if err != nil {
		return a, err
	}
	if a.State == Erased {
		return a, say(problem.Gone, "account-erased")
	}
	if version != 0 && version != a.Version {
		return a, say(problem.Conflict, "changed-meanwhile")
	}
	return a, nil
}

// Block keeps somebody from signing in, and ends their sessions at once. The last administrator cannot be blocked.
func (s *Service) Block(ctx context.Context, actor access.Actor, account string) (AccountView, error) {
	return s.setState(ctx, actor, account, Blocked, "account.blocked")
}

// Unblock lets somebody sign in again.
func (s *Service) Unblock(ctx context.Context, actor access.Actor, account string) (AccountView, error) {
	return s.setState(ctx, actor, account, Active, "account.unblocked")
}

func (s *Service) setState(ctx context.Context, actor access.Actor, account string, state State, action string) (AccountView, error) {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return AccountView{}, err
	}
	var out AccountView
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		a, err := s.standing(ctx, sc, account, 0)
		if err != nil {
			return err
		}
		if a.State != state {
			if err := s.toState(ctx, sc, actor, account, state, action); err != nil {
				return err
			}
		}
		if err := keepsAdministrator(ctx, sc); err != nil {
			return err
		}
		out, err = accountBy(ctx, sc.Reader, "id", account)
		return err
	})
	return out, err
}

// SetLanguage keeps the language that a person reads in.
func (s *Service) SetLanguage(ctx context.Context, actor access.Actor, lang instrument.Lang) error {
	if !slices.Contains(instrument.Languages(), lang) {
		return wrong("lang", "languages-form", nil)
	}
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error { return putLanguage(ctx, sc, actor.Owner, lang) })
}
