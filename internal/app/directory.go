package app

import (
	"context"
	"errors"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
	"tekentafel/internal/national"
	"tekentafel/internal/people/gateway"
	"tekentafel/internal/people/scim"
)

// newDirectory builds what keeps accounts and people in step with the directory of an organisation, with its pages.
func (a *App) newDirectory() *gateway.Gateway {
	accounts := directoryAccounts{a.Identity.Directory(scim.HasAccount)}
	people := a.Staff.Directory()
	registry := scim.NewRegistry(scim.Dependencies{
		DB: a.DB, Now: a.Now, Accounts: accounts, Staff: people, Roles: accounts, Log: a.Audit, Again: people.Again,
		National: func(text string) bool { return len(national.Find(text)) > 0 },
	})
	return gateway.New(gateway.Dependencies{DB: a.DB, Registry: registry, Accounts: directoryPages{now: a.Now}, RoleName: func(lang instrument.Lang, role access.Role) string {
		return identity.Locale().Printer(lang).T("role."+string(role), nil)
	}})
}

// directoryAccounts keeps accounts as the directory says.
type directoryAccounts struct{ accounts identity.Directory }

// Provision implements scim.Accounts.
func (d directoryAccounts) Provision(ctx context.Context, tx *db.Scope, by access.Actor, a scim.Account) (string, error) {
	if a.Mail == "" && a.Number == "" {
		return "", nil
	}
	account, err := d.accounts.Provision(ctx, tx, by, listed(a))
	return account, directed(err)
}

// Change implements scim.Accounts.
func (d directoryAccounts) Change(ctx context.Context, tx *db.Scope, by access.Actor, account string, a scim.Account) error {
	return directed(d.accounts.Change(ctx, tx, by, account, listed(a)))
}

// Block implements scim.Accounts.
func (d directoryAccounts) Block(ctx context.Context, tx *db.Scope, by access.Actor, account string, out bool) error {
	err := d.accounts.Block(ctx, tx, by, account, out)
	if errors.Is(err, identity.ErrErased) { // nobody can sign in with it
		return nil
	}
	return directed(err)
}

// Unblock implements scim.Accounts.
func (d directoryAccounts) Unblock(ctx context.Context, tx *db.Scope, by access.Actor, account string) error {
	return directed(d.accounts.Unblock(ctx, tx, by, account))
}

// Set implements scim.Roles.
func (d directoryAccounts) Set(ctx context.Context, tx *db.Scope, by access.Actor, account string, roles []access.Role) error {
	return directed(d.accounts.SetRoles(ctx, tx, by, account, roles))
}

func listed(a scim.Account) identity.Listed {
	return identity.Listed{Name: a.Name, Mail: a.Mail, StaffNumber: a.Number, Language: instrument.Lang(a.Language)}
}

// directed says in the words of a directory why its account was refused.
func directed(err error) error {
	var no *identity.NotYoursError
	switch {
	case errors.Is(err, identity.ErrErased):
		return scim.ErrGone
	case errors.As(err, &no):
		return &scim.TakenError{Account: no.Account, Why: string(no.Why), Detail: map[identity.NotYours]string{
			identity.HasRoles: "The account with this mail address or employee number was given a role in the product, so the directory cannot take it over. " +
				"Take the role away there, provision the user, and give the role again.",
			identity.IsBlocked:     "The account with this mail address or employee number is blocked in the product. Open it there first.",
			identity.HasOtherOwner: "The mail address or employee number belongs to another account. Find out whose it is, and change one of the two.",
		}[no.Why]}
	}
	return err
}

// directoryPages tells the pages of the directory about accounts.
type directoryPages struct {
	accountsOfStaff
	now clock.Clock
}

// Keys implements gateway.Accounts.
func (p directoryPages) Keys(ctx context.Context, r db.Reader) (gateway.Keys, error) {
	var k gateway.Keys
	var used, ends int64
	now := clock.Micros(p.now())
	err := r.Rows(ctx, `SELECT k.scopes, k.used_at, k.expires_at, a.state = 'active' FROM api_keys k
JOIN accounts a ON a.tenant_id = k.tenant_id AND a.id = k.account_id WHERE k.tenant_id = $1`, func(scan func(...any) error) error {
		var scopes string
		var usedAt, expires int64
		var active bool
		if err := scan(&scopes, &usedAt, &expires, &active); err != nil {
			return err
		}
		for scope := range strings.FieldsSeq(scopes) {
			if access.Action(scope) != access.SyncPeople {
				continue
			}
			used = max(used, usedAt)
			if active && expires > now {
				k.Count, ends = k.Count+1, max(ends, expires)
			}
		}
		return nil
	})
	k.Used, k.Ends = clock.Time(used), clock.Time(ends)
	return k, err
}
