package identity

import (
	"context"
	"errors"
	"fmt"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// accountFor returns the account of somebody who proved at the provider who they are: the one that they used before, the
// one with their verified mail address, or a new one, as the organisation decided. Its roles by group are brought up to date.
func (p *Providers) accountFor(ctx context.Context, t tenant.ID, pr oidc.Settings, who oidc.Person) (string, error) {
	roles, err := pr.Admit(who)
	if err != nil {
		return "", err
	}
	account, err := p.resolve(ctx, t, pr, who)
	if errors.Is(err, db.ErrExists) { // the same person in another tab, or an address that was given out meanwhile
		account, err = p.resolve(ctx, t, pr, who)
	}
	if err != nil {
		return "", err
	}
	return account, p.bringRoles(ctx, t, account, roles)
}

func (p *Providers) resolve(ctx context.Context, t tenant.ID, pr oidc.Settings, who oidc.Person) (string, error) {
	var account string
	err := p.db.Write(ctx, t, func(sc *db.Scope) (err error) {
		account, err = subjectAccount(ctx, sc.Reader, who.Issuer, who.Subject)
		if errors.Is(err, db.ErrNoRow) {
			account, err = p.firstTime(ctx, sc, pr, who)
		}
		if err != nil {
			return err
		}
		a, err := accountBy(ctx, sc.Reader, "id", account)
		if err != nil {
			return err
		}
		if a.State != Active {
			return notActive()
		}
		return nil
	})
	return account, err
}

// firstTime finds or makes the account of somebody who never came from the provider before.
func (p *Providers) firstTime(ctx context.Context, sc *db.Scope, pr oidc.Settings, who oidc.Person) (string, error) {
	mail := ""
	if m, ok := contact.Mail(who.Mail); ok && who.MailVerified {
		mail = m // an address that is not verified proves nothing and could be anybody's
	}
	if mail != "" {
		a, err := accountBy(ctx, sc.Reader, "mail", mail)
		if err == nil {
			return p.link(ctx, sc, pr, who, a)
		}
		if !errors.Is(err, db.ErrNoRow) {
			return "", err
		}
	}
	if !pr.CreateAccounts {
		return "", sayOIDC(problem.Forbidden, "no-account")
	}
	o, err := organisation(ctx, sc.Reader)
	if err != nil {
		return "", err
	}
	in := AccountInput{Name: who.Name, Mail: mail, Language: o.Languages[0]}
	for _, l := range o.Languages {
		if l == who.Lang {
			in.Language = l
		}
	}
	if in.Name = contact.Line(in.Name); in.Name == "" {
		in.Name = contact.Line(fmt.Sprintf("%.*s", longestName, who.Subject))
	}
	account, err := p.insertAccount(ctx, sc, system(sc.Tenant()), in)
	if err != nil {
		return "", err
	}
	return account, addSubject(ctx, sc, who.Issuer, who.Subject, account)
}

// link takes the account with somebody's address, unless it is another person's at the same provider: addresses are given
// out anew, and what somebody wrote before must not become their successor's.
func (p *Providers) link(ctx context.Context, sc *db.Scope, pr oidc.Settings, who oidc.Person, a AccountView) (string, error) {
	linked, err := linkedAt(ctx, sc.Reader, who.Issuer, a.ID)
	if err != nil {
		return "", err
	}
	if linked || !pr.LinkByMail {
		return "", sayOIDC(problem.Forbidden, "mail-taken")
	}
	if a.State != Active {
		return "", notActive()
	}
	if err := addSubject(ctx, sc, who.Issuer, who.Subject, a.ID); err != nil {
		return "", err
	}
	return a.ID, p.audit.Record(ctx, sc, system(sc.Tenant()), audit.Entry{Action: "account.linked", Subject: a.ID, Account: a.ID})
}

// bringRoles makes the roles by group of an account those that its groups stand for now.
func (p *Providers) bringRoles(ctx context.Context, t tenant.ID, account string, roles []access.Role) error {
	_, err := p.SetProviderRoles(ctx, system(t), account, roles)
	return err
}
