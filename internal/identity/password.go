package identity

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
)

// The rule of passwords (NIST SP 800-63B, section 5.1.1.2; OWASP ASVS 5, chapter 6): long, hard to guess, and nothing
// about which characters it holds.
const (
	LeastPassword = 12  // characters
	MostPassword  = 128 // characters
	leastScore    = 3   // of zxcvbn, 0 to 4: beyond 10^8 guesses
	longestScored = 64  // characters that are weighed: what follows can only make it stronger
)

// plainPassword returns a password in the one form in which it is hashed.
func plainPassword(s string) []byte { return []byte(norm.NFC.String(s)) }

// passwordProblem returns the key of what is wrong with a new password, or "". The words are what an attacker tries first:
// names and addresses of its owner.
func passwordProblem(password string, words []string) string {
	runes := []rune(norm.NFC.String(password))
	switch {
	case len(runes) < LeastPassword:
		return "password-short"
	case len(runes) > MostPassword:
		return "password-long"
	}
	if zxcvbn.PasswordStrength(string(runes[:min(len(runes), longestScored)]), words).Score < leastScore {
		return "password-weak"
	}
	return ""
}

// guesses lists the words that stand near somebody, as zxcvbn takes them.
func guesses(o OrganisationView, a AccountView) []string {
	words := []string{ui.Product, "genai", a.Mail, a.StaffNumber, o.Slug, o.Name, a.Name}
	for _, s := range []string{a.Name, a.Mail, o.Name, o.Slug, o.Host} {
		parts := strings.FieldsFunc(fold(s), func(r rune) bool { return strings.ContainsRune(" .-_@", r) })
		words = append(append(words, parts...), strings.Join(parts, ""))
	}
	var out []string
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 3 {
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

// checkNewPassword returns what is wrong with a new password as a problem with the field "password".
func checkNewPassword(password string, o OrganisationView, a AccountView) error {
	if key := passwordProblem(password, guesses(o, a)); key != "" {
		return wrong("password", key, nil)
	}
	return nil
}

// checkPassword tells whose mail address and password these are. Whether there is no such account, it has no password, is
// blocked or the password is another: the answer and its time are the same.
func (s *Service) checkPassword(ctx context.Context, t tenant.ID, mail, password string) (AccountView, error) {
	name, ok := contact.Mail(mail)
	if !ok {
		name = strings.ToLower(strings.TrimSpace(mail))
	}
	subject := s.lockSubject(ByPassword, name)
	l, err := s.attempt(ctx, t, subject)
	if err != nil {
		return AccountView{}, err
	}
	a, stored, err := secretBy(ctx, s.db.Of(t), "mail", name, "passwords")
	if err != nil {
		return AccountView{}, err
	}
	right, old, err := s.hasher.verify(ctx, stored, plainPassword(password))
	if err != nil {
		return AccountView{}, err
	}
	if !right || a.State != Active {
		return AccountView{}, s.failed(ctx, t, ByPassword, l, a)
	}
	return a, s.passed(ctx, t, subject, a, old, password)
}

// passed clears the count of failures, and hashes the password anew when the costs have changed.
func (s *Service) passed(ctx context.Context, t tenant.ID, subject string, a AccountView, old bool, password string) error {
	hash := ""
	if old {
		var err error
		if hash, err = s.hasher.hash(ctx, plainPassword(password)); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, t, func(sc *db.Scope) error {
		if hash != "" {
			if err := putPassword(ctx, sc, a.ID, hash, clock.Micros(s.now())); err != nil {
				return err
			}
		}
		return dropLockout(ctx, sc, subject)
	})
}

// secretBy finds the account with a mail address or staff number, and the hash that it has in a table; an empty account when
// there is none, and "" when it has no hash.
func secretBy(ctx context.Context, r db.Reader, column, value, table string) (AccountView, string, error) {
	a, err := accountBy(ctx, r, column, value)
	if errors.Is(err, db.ErrNoRow) {
		a, err = AccountView{}, nil
	}
	if err != nil {
		return a, "", err
	}
	hash := ""
	err = r.Row(ctx, `SELECT hash FROM `+table+` WHERE tenant_id = $1 AND account_id = $2`, []any{a.ID}, &hash)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return a, hash, err
}

// ChangePassword gives the actor another password, or a first one. Whoever has one gives it. Other sessions end, and a letter tells of it.
func (s *Service) ChangePassword(ctx context.Context, actor access.Actor, session, current, next string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	r := s.db.Of(actor.Tenant)
	o, a, err := s.self(ctx, r, actor)
	if err != nil {
		return err
	}
	if o.Settings.NoPassword {
		return say(problem.Conflict, "no-passwords")
	}
	if a.Mail == "" {
		return say(problem.Conflict, "password-needs-mail")
	}
	c, err := credentials(ctx, r, a.ID)
	if err != nil {
		return err
	}
	if c.Password {
		if _, err := s.checkPassword(ctx, actor.Tenant, a.Mail, current); err != nil {
			if problem.Is(err, problem.Invalid) {
				return wrong("current", "password-current", nil)
			}
			return err
		}
	}
	if err := checkNewPassword(next, o, a); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, plainPassword(next))
	if err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if err := s.keepPassword(ctx, sc, actor, a, hash); err != nil {
			return err
		}
		return dropSessions(ctx, sc, a.ID, session)
	})
}

// keepPassword stores a new hash, tells the log and the owner.
func (s *Service) keepPassword(ctx context.Context, sc *db.Scope, actor access.Actor, a AccountView, hash string) error {
	if err := putPassword(ctx, sc, a.ID, hash, clock.Micros(s.now())); err != nil {
		return err
	}
	if err := errors.Join(dropLinks(ctx, sc, a.ID), dropLockout(ctx, sc, s.lockSubject(ByPassword, a.Mail))); err != nil {
		return err
	}
	if err := s.audit.Record(ctx, sc, actor, audit.Entry{Action: "password.changed", Subject: a.ID, Account: a.ID}); err != nil {
		return err
	}
	_, err := s.letter(ctx, sc, a, Mail{Kind: "password-changed"})
	return err
}

// self returns the organisation and the account of an actor.
func (s *Service) self(ctx context.Context, r db.Reader, actor access.Actor) (OrganisationView, AccountView, error) {
	o, err := organisation(ctx, r)
	if err != nil {
		return o, AccountView{}, err
	}
	a, err := accountBy(ctx, r, "id", actor.Owner)
	return o, a, err
}

func putPassword(ctx context.Context, sc *db.Scope, account, hash string, at int64) error {
	_, err := sc.Exec(ctx, `INSERT INTO passwords (tenant_id, account_id, hash, set_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, account_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at`, account, hash, at)
	return err
}
