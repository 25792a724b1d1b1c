package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"rsc.io/qr"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
)

// One-time codes by RFC 6238: SHA-1, six digits, steps of 30 seconds, one step of skew, which every authenticator app knows.
const (
	totpStep      = 30 // seconds
	totpSkew      = 1  // steps
	totpSecret    = 20 // bytes, as long as the hash (RFC 4226, section 4)
	purposeTOTP   = "totp secret"
	recoveryCodes = 10
)

// ByCode is the method under which wrong one-time codes are counted.
const ByCode Method = "code"

// SecondFactor is what an authenticator app must know.
type SecondFactor struct {
	Secret string // base 32, in groups of four
	URL    string // otpauth://
	QR     string // the same as an image, data:image/png
}

// StartSecondFactor makes the secret of an authenticator app for the actor, unless one waits to be confirmed already.
func (s *Service) StartSecondFactor(ctx context.Context, actor access.Actor) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error { return s.startTOTP(ctx, sc, actor.Owner) })
}

func (s *Service) startTOTP(ctx context.Context, sc *db.Scope, account string) error {
	row, err := totpOf(ctx, sc.Reader, account)
	if err == nil && row.confirmed {
		return say(problem.Conflict, "second-factor-there")
	}
	if err == nil || !errors.Is(err, db.ErrNoRow) {
		return err
	}
	secret := make([]byte, totpSecret)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	sealed, err := s.box.Seal(purposeTOTP, []byte(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)))
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `INSERT INTO totps (tenant_id, account_id, secret) VALUES ($1, $2, $3)`, account, sealed)
	return err
}

// PendingSecondFactor returns the secret that the actor must bring into an authenticator app and confirm. Once it is confirmed it
// is never shown again.
func (s *Service) PendingSecondFactor(ctx context.Context, actor access.Actor) (SecondFactor, error) {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return SecondFactor{}, err
	}
	return s.pendingTOTP(ctx, actor.Tenant, actor.Owner)
}

func (s *Service) pendingTOTP(ctx context.Context, t tenant.ID, account string) (SecondFactor, error) {
	r := s.db.Of(t)
	o, a, err := s.self(ctx, r, access.Actor{Owner: account})
	if err != nil {
		return SecondFactor{}, err
	}
	row, err := totpOf(ctx, r, account)
	if err != nil {
		return SecondFactor{}, err
	}
	if row.confirmed {
		return SecondFactor{}, say(problem.Conflict, "second-factor-there")
	}
	secret, err := s.box.Open(purposeTOTP, row.secret)
	if err != nil {
		return SecondFactor{}, err
	}
	who := a.Mail
	if who == "" {
		who = a.StaffNumber
	}
	issuer := ui.Product + " " + o.Name
	address := (&url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + who,
		RawQuery: "secret=" + string(secret) + "&issuer=" + url.PathEscape(issuer) + "&algorithm=SHA1&digits=6&period=30",
	}).String()
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return SecondFactor{}, err
	}
	code.Scale = 5
	return SecondFactor{
		Secret: groups(string(secret), 4), URL: address, QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG()),
	}, nil
}

// groups writes s in groups of n characters.
func groups(s string, n int) string {
	var parts []string
	for len(s) > n {
		parts, s = append(parts, s[:n]), s[n:]
	}
	return strings.Join(append(parts, s), " ")
}

// ConfirmSecondFactor takes the first code of an authenticator app, and returns the id under which Shown shows the recovery
// codes. Other sessions end.
func (s *Service) ConfirmSecondFactor(ctx context.Context, actor access.Actor, session, code string) (shown string, err error) {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return "", err
	}
	if err := s.countCode(ctx, actor.Tenant, actor.Owner); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if shown, err = s.confirmTOTP(ctx, sc, actor, code, "/me/security"); err != nil {
			return err
		}
		return dropSessions(ctx, sc, actor.Owner, session)
	})
	return shown, err
}

// countCode counts an attempt with a code, or refuses it.
func (s *Service) countCode(ctx context.Context, t tenant.ID, account string) error {
	_, err := s.attempt(ctx, t, s.lockSubject(ByCode, account))
	return err
}

// confirmTOTP confirms the secret that waits and makes recovery codes.
func (s *Service) confirmTOTP(ctx context.Context, sc *db.Scope, actor access.Actor, code, next string) (shown string, err error) {
	row, err := totpOf(ctx, sc.Reader, actor.Owner)
	if err != nil {
		return "", err
	}
	if row.confirmed {
		return "", say(problem.Conflict, "second-factor-there")
	}
	step, err := s.stepOf(row, code)
	if err != nil {
		return "", err
	}
	if step == 0 {
		return "", wrong("code", "code-wrong", nil)
	}
	if _, err := sc.Exec(ctx, `UPDATE totps SET confirmed_at = $3, last_step = $4 WHERE tenant_id = $1 AND account_id = $2`,
		actor.Owner, clock.Micros(s.now()), step); err != nil {
		return "", err
	}
	if err := dropLockout(ctx, sc, s.lockSubject(ByCode, actor.Owner)); err != nil {
		return "", err
	}
	if err := s.secondFactorChanged(ctx, sc, actor, actor.Owner, "second-factor.added"); err != nil {
		return "", err
	}
	return s.newCodes(ctx, sc, actor, next)
}

// secondFactorChanged tells the log and the owner.
func (s *Service) secondFactorChanged(ctx context.Context, sc *db.Scope, actor access.Actor, account, action string) error {
	if err := s.audit.Record(ctx, sc, actor, audit.Entry{Action: action, Subject: account, Account: account}); err != nil {
		return err
	}
	a, err := accountBy(ctx, sc.Reader, "id", account)
	if err != nil {
		return err
	}
	_, err = s.letter(ctx, sc, a, Mail{Kind: "second-factor-changed"})
	return err
}

// NewRecoveryCodes replaces the recovery codes of the actor and returns the id under which Shown shows them.
func (s *Service) NewRecoveryCodes(ctx context.Context, actor access.Actor) (shown string, err error) {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		row, err := totpOf(ctx, sc.Reader, actor.Owner)
		if err == nil && !row.confirmed {
			err = db.ErrNoRow
		}
		if err != nil {
			return err
		}
		shown, err = s.newCodes(ctx, sc, actor, "/me/security")
		return err
	})
	return shown, err
}

// newCodes replaces the recovery codes of the actor.
func (s *Service) newCodes(ctx context.Context, sc *db.Scope, actor access.Actor, next string) (string, error) {
	if _, err := sc.Exec(ctx, `DELETE FROM recovery_codes WHERE tenant_id = $1 AND account_id = $2`, actor.Owner); err != nil {
		return "", err
	}
	var codes []string
	for range recoveryCodes {
		code := strings.ToLower(rand.Text()[:12]) // 60 bits, in the letters of base 32
		if _, err := sc.Exec(ctx, `INSERT INTO recovery_codes (tenant_id, account_id, hash) VALUES ($1, $2, $3)`, actor.Owner, s.codeHash(actor.Owner, code)); err != nil {
			return "", err
		}
		codes = append(codes, groups(code, 4))
	}
	if err := s.audit.Record(ctx, sc, actor, audit.Entry{Action: "recovery-codes.made", Subject: actor.Owner, Account: actor.Owner}); err != nil {
		return "", err
	}
	return s.show(ctx, sc, actor, Shown{Kind: ShownCodes, Account: actor.Owner, Lines: codes, Next: next})
}

// codeHash is what is kept of a recovery code, however its letters are written.
func (s *Service) codeHash(account, code string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, strings.ToLower(code))
	return hex.EncodeToString(s.box.Keyed("recovery code", []byte(account+"/"+plain)))
}

// useCode accepts a code of the app or a recovery code of an account, each once, or says that it is wrong.
func (s *Service) useCode(ctx context.Context, sc *db.Scope, actor access.Actor, code string) (bool, error) {
	row, err := totpOf(ctx, sc.Reader, actor.Owner)
	if err != nil {
		return false, err
	}
	if !row.confirmed {
		return false, nil
	}
	step, err := s.stepOf(row, code)
	if err != nil {
		return false, err
	}
	if step > 0 {
		n, err := sc.Exec(ctx, `UPDATE totps SET last_step = $3 WHERE tenant_id = $1 AND account_id = $2 AND last_step < $3`, actor.Owner, step)
		return n == 1, err
	}
	n, err := sc.Exec(ctx, `DELETE FROM recovery_codes WHERE tenant_id = $1 AND account_id = $2 AND hash = $3`, actor.Owner, s.codeHash(actor.Owner, code))
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.audit.Record(ctx, sc, actor, audit.Entry{Action: "recovery-code.used", Subject: actor.Owner, Account: actor.Owner})
}

// stepOf returns the time step whose code this is and that was not accepted before, or 0.
func (s *Service) stepOf(row totpRow, code string) (int64, error) {
	code = strings.Join(strings.Fields(code), "")
	if len(code) != 6 {
		return 0, nil
	}
	secret, err := s.box.Open(purposeTOTP, row.secret)
	if err != nil {
		return 0, err
	}
	now := s.now().Unix() / totpStep
	var found int64
	for step := now - totpSkew; step <= now+totpSkew; step++ {
		want, err := hotp.GenerateCodeCustom(string(secret), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > row.last {
			found = step
		}
	}
	return found, nil
}

// RemoveSecondFactor takes the authenticator app and the recovery codes of the actor away. Whoever must have one is asked to
// set up another at the next sign-in.
func (s *Service) RemoveSecondFactor(ctx context.Context, actor access.Actor, session string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return s.dropSecondFactor(ctx, actor, actor.Owner, session, "second-factor.removed")
}

// ResetSecondFactor does the same for somebody who lost it, and signs them out. Who asks must make sure that it is them.
func (s *Service) ResetSecondFactor(ctx context.Context, actor access.Actor, account string) error {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return err
	}
	return s.dropSecondFactor(ctx, actor, account, "", "second-factor.reset")
}

func (s *Service) dropSecondFactor(ctx context.Context, actor access.Actor, account, session, action string) error {
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if _, err := s.standing(ctx, sc, account, 0); err != nil {
			return err
		}
		n, err := sc.Exec(ctx, `DELETE FROM totps WHERE tenant_id = $1 AND account_id = $2`, account)
		if err != nil {
			return err
		}
		if n == 0 {
			return db.ErrNoRow
		}
		if _, err := sc.Exec(ctx, `DELETE FROM recovery_codes WHERE tenant_id = $1 AND account_id = $2`, account); err != nil {
			return err
		}
		if err := errors.Join(dropSessions(ctx, sc, account, session), dropLockout(ctx, sc, s.lockSubject(ByCode, account))); err != nil {
			return err
		}
		return s.secondFactorChanged(ctx, sc, actor, account, action)
	})
}

// totpRow is a secret as it is stored.
type totpRow struct {
	secret    []byte // sealed
	confirmed bool
	last      int64
}

func totpOf(ctx context.Context, r db.Reader, account string) (totpRow, error) {
	var row totpRow
	var at int64
	err := r.Row(ctx, `SELECT secret, confirmed_at, last_step FROM totps WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &row.secret, &at, &row.last)
	row.confirmed = at > 0
	return row, err
}
