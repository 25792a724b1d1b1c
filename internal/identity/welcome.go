package identity

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Welcome is what the page behind a link asks.
type Welcome struct {
	Purpose string           // first-administrator, invitation or recovery
	Org     OrganisationView // zero for the very first administrator, who names the organisation too
	Account AccountView      // zero for a first administrator
	PIN     bool             // the person chooses a PIN, for want of a mail address
}

// WelcomeInput is what somebody gives behind a link.
type WelcomeInput struct {
	Organisation OrganisationInput // the very first administrator
	Name, Mail   string            // a first administrator
	Language     instrument.Lang
	Password     string
	PIN          string
}

// ReadLink tells what the link of a secret is for. It stays usable.
func (s *Service) ReadLink(ctx context.Context, token string) (Welcome, error) {
	return s.readLink(ctx, s.db.System(), token)
}

func (s *Service) readLink(ctx context.Context, sys *db.System, token string) (Welcome, error) {
	l, err := findLink(ctx, sys, token, s.now())
	if err != nil {
		return Welcome{}, err
	}
	w := Welcome{Purpose: l.Purpose}
	if l.Tenant == "" {
		if n, err := countOrganisations(ctx, sys); err != nil {
			return w, err
		} else if n > 0 {
			return w, say(problem.Gone, "link-gone")
		}
		return w, nil
	}
	r := sys.Scope(l.Tenant).Reader
	if w.Org, err = organisation(ctx, r); err != nil || l.Account == "" {
		return w, err
	}
	if w.Account, err = accountBy(ctx, r, "id", l.Account); err != nil {
		return w, err
	}
	if w.Account.State != Active {
		return w, say(problem.Gone, "link-gone")
	}
	w.PIN = w.Account.Mail == "" || w.Org.Settings.NoPassword
	return w, nil
}

// UseLink does what a link is for and takes the person to the next step of signing in, as SignInWithPassword does. A link
// works once.
func (s *Service) UseLink(ctx context.Context, w http.ResponseWriter, r *http.Request, token string, in WelcomeInput) (string, error) {
	wel, err := s.ReadLink(ctx, token)
	if err != nil {
		return "", err
	}
	in.Organisation = in.Organisation.normal()
	newcomer, err := s.checkWelcome(ctx, wel, in)
	if err != nil {
		return "", err
	}
	hash, err := s.welcomeHash(ctx, wel, in)
	if err != nil {
		return "", err
	}
	var t tenant.ID
	var account string
	err = s.db.System().Write(ctx, func(sys *db.System) error {
		now, err := s.readLink(ctx, sys, token)
		if err != nil {
			return err
		}
		if now.Org.ID != wel.Org.ID || now.Account.ID != wel.Account.ID || now.Account.Mail != wel.Account.Mail {
			return say(problem.Gone, "link-gone")
		}
		if err := useLink(ctx, sys, token); err != nil {
			return err
		}
		if wel.Account.ID != "" {
			t, account = wel.Org.ID, wel.Account.ID
			return s.settle(ctx, sys.Scope(t), wel, hash)
		}
		t, account, err = s.found(ctx, sys, wel, newcomer, in, hash)
		return err
	})
	if err != nil {
		return "", slugTaken(err)
	}
	return s.goOn(ctx, w, r, t, pending{Account: account, Method: ByLink, Shared: wel.PIN}, "")
}

// checkWelcome returns the account that a first administrator gets, after checking all that was given.
func (s *Service) checkWelcome(ctx context.Context, wel Welcome, in WelcomeInput) (AccountInput, error) {
	if wel.Account.ID != "" {
		if wel.PIN {
			return AccountInput{}, s.checkNewPIN(ctx, s.db.Of(wel.Org.ID), wel.Account, in.PIN)
		}
		return AccountInput{}, checkNewPassword(in.Password, wel.Org, wel.Account)
	}
	org := wel.Org
	fallback := in.Organisation.Languages[0]
	var problems []problem.Field
	if org.ID == "" {
		problems = append(problems, fieldsOf(in.Organisation.check(), "organisation.")...)
		org = OrganisationView{Name: in.Organisation.Name, Slug: in.Organisation.Slug}
	} else {
		fallback = org.Languages[0]
	}
	a := AccountInput{Name: in.Name, Mail: in.Mail, Language: in.Language, Roles: []access.Role{access.Administrator}}.normal(fallback)
	problems = append(problems, fieldsOf(a.check(), "")...)
	problems = append(problems, fieldsOf(checkNewPassword(in.Password, org, AccountView{Name: a.Name, Mail: a.Mail}), "")...)
	if len(problems) > 0 {
		return a, &problem.Problem{Kind: problem.Invalid, Fields: problems}
	}
	return a, nil
}

// fieldsOf returns the fields of a problem, with a prefix to their names.
func fieldsOf(err error, prefix string) []problem.Field {
	p, ok := problem.Of(err)
	if !ok {
		return nil
	}
	out := slices.Clone(p.Fields)
	for i := range out {
		out[i].Name = prefix + out[i].Name
	}
	return out
}

// welcomeHash hashes the password or PIN that was chosen.
func (s *Service) welcomeHash(ctx context.Context, wel Welcome, in WelcomeInput) (string, error) {
	if wel.PIN {
		return s.hasher.hash(ctx, s.keyedPIN(wel.Account.ID, in.PIN))
	}
	return s.hasher.hash(ctx, plainPassword(in.Password))
}

// settle gives an account that was invited, or whose owner comes back, what they chose.
func (s *Service) settle(ctx context.Context, sc *db.Scope, wel Welcome, hash string) error {
	a := wel.Account
	actor := person(wel.Org.ID, a.ID, nil)
	if err := s.audit.Record(ctx, sc, actor, audit.Entry{
		Action: "link.used", Subject: a.ID, Account: a.ID, Detail: map[string]string{"purpose": wel.Purpose},
	}); err != nil {
		return err
	}
	keep := s.keepPassword
	if wel.PIN {
		keep = func(ctx context.Context, sc *db.Scope, actor access.Actor, a AccountView, hash string) error {
			return errors.Join(s.keepPIN(ctx, sc, actor, a, hash, false), dropLinks(ctx, sc, a.ID))
		}
	}
	if err := keep(ctx, sc, actor, a, hash); err != nil {
		return err
	}
	return dropSessions(ctx, sc, a.ID, "")
}

// found makes a first administrator, and the organisation too when there is none.
func (s *Service) found(ctx context.Context, sys *db.System, wel Welcome, a AccountInput, in WelcomeInput, hash string) (tenant.ID, string, error) {
	t := wel.Org.ID
	if t == "" {
		t = tenant.ID(id.New(s.now()))
		if err := s.insertOrganisation(ctx, sys, system(t), OrganisationView{ID: t}, in.Organisation); err != nil {
			return "", "", err
		}
	}
	sc := sys.Scope(t)
	if n, err := administrators(ctx, sc.Reader); err != nil {
		return "", "", err
	} else if n > 0 {
		return "", "", say(problem.Gone, "link-gone")
	}
	account, err := s.insertAccount(ctx, sc, system(t), a)
	if err != nil {
		return "", "", err
	}
	return t, account, s.keepPassword(ctx, sc, person(t, account, nil), AccountView{ID: account, Mail: a.Mail, Name: a.Name, Language: a.Language}, hash)
}

// RequestRecovery mails a link at which somebody chooses another password. Whether there is such an account or not, the
// caller learns nothing and the time is the same; an address that is asked about too often gets nothing for a while.
func (s *Service) RequestRecovery(ctx context.Context, o OrganisationView, mail string) error {
	name, ok := contact.Mail(mail)
	if !ok {
		return wrong("mail", "mail-form", nil)
	}
	if s.mail == nil || o.Settings.NoPassword {
		return say(problem.Conflict, "no-recovery")
	}
	subject := s.lockSubject("recovery", name)
	err := s.db.System().Write(ctx, func(sys *db.System) error {
		sc := sys.Scope(o.ID)
		was, err := lockoutOf(ctx, sc.Reader, subject)
		if err != nil {
			return err
		}
		next, taken := was.try(s.now())
		if err := putLockout(ctx, sc, subject, next); err != nil {
			return err
		}
		a, err := accountBy(ctx, sc.Reader, "mail", name)
		if errors.Is(err, db.ErrNoRow) || err == nil && (a.State != Active || !taken) {
			return nil
		}
		if err != nil {
			return err
		}
		token, err := s.makeLink(ctx, sys, linkRow{Tenant: o.ID, Account: a.ID, Purpose: linkRecovery, Lives: linkRecoveryLives})
		if err != nil {
			return err
		}
		if _, err := s.letter(ctx, sc, a, Mail{Kind: "recovery", Link: s.welcome(o.ID, token), Ends: s.now().Add(linkRecoveryLives)}); err != nil {
			return err
		}
		return s.audit.Record(ctx, sc, visitor(o.ID), audit.Entry{Action: "recovery.asked", Subject: a.ID, Account: a.ID})
	})
	return err
}

// CanRecover tells whether the page to sign in may offer a way back in by mail.
func (s *Service) CanRecover(o OrganisationView) bool { return s.mail != nil && !o.Settings.NoPassword }

// Rescue makes a link at which an administrator chooses another password, and takes their second factor away; for whoever runs
// the installation, when the only administrator cannot get in any more. Earlier sessions end.
func (s *Service) Rescue(ctx context.Context, slug, mail string) (link string, err error) {
	name, ok := contact.Mail(mail)
	if !ok {
		return "", errors.New("that is no mail address; give the one with which the administrator signs in")
	}
	o, err := s.organisationBy(ctx, "slug", slug)
	if errors.Is(err, db.ErrNoRow) {
		return "", errors.New("there is no organisation with that short name")
	}
	if err != nil {
		return "", err
	}
	var token string
	err = s.db.System().Write(ctx, func(sys *db.System) error {
		sc := sys.Scope(o.ID)
		a, err := accountBy(ctx, sc.Reader, "mail", name)
		if errors.Is(err, db.ErrNoRow) || err == nil && (a.State != Active || !slices.Contains(a.AllRoles(), access.Administrator)) {
			return errors.New("no active administrator of that organisation has this mail address")
		}
		if err != nil {
			return err
		}
		for _, table := range []string{"totps", "recovery_codes"} {
			if _, err := sc.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND account_id = $2`, a.ID); err != nil {
				return err
			}
		}
		if err := dropSessions(ctx, sc, a.ID, ""); err != nil {
			return err
		}
		if token, err = s.makeLink(ctx, sys, linkRow{Tenant: o.ID, Account: a.ID, Purpose: linkRecovery, Lives: linkRecoveryLives}); err != nil {
			return err
		}
		return s.audit.Record(ctx, sc, system(o.ID), audit.Entry{Action: "account.rescued", Subject: a.ID, Account: a.ID})
	})
	if err != nil {
		return "", err
	}
	return s.welcome(o.ID, token), nil
}
