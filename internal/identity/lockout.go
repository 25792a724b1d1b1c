package identity

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
)

// The rule of lockouts.
const (
	lockAfter   = 5                // failures in a row
	lockFirst   = 15 * time.Minute // doubled at each further failure
	lockLongest = 24 * time.Hour
	lockForgets = 24 * time.Hour // without an attempt or lock
)

// lockout is what is known of failed attempts under one name.
type lockout struct {
	Failures int64
	LastAt   time.Time
	Until    time.Time // locked before this time
}

// locked tells whether no attempt is taken now.
func (l lockout) locked(now time.Time) bool { return now.Before(l.Until) }

// try counts an attempt before its outcome is known, so that many at once count as many; a success clears the count. When it returns
// false the attempt is not taken.
func (l lockout) try(now time.Time) (lockout, bool) {
	if l.locked(now) {
		return l, false
	}
	if since := l.LastAt; now.Sub(since) >= lockForgets && now.Sub(l.Until) >= lockForgets {
		l.Failures = 0
	}
	l.Failures++
	l.LastAt = now
	if over := l.Failures - lockAfter; over >= 0 {
		l.Until = now.Add(lockTime(over))
	}
	return l, true
}

// lockTime is how long a lock lasts after so many failures beyond the first that locks.
func lockTime(over int64) time.Duration {
	if over > 6 { // 15 minutes doubled 7 times is beyond a day
		return lockLongest
	}
	return min(lockFirst<<over, lockLongest)
}

// lockSubject names what is tried without holding it: somebody's name in a way of signing in.
func (s *Service) lockSubject(m Method, name string) string {
	return string(m) + ":" + hex.EncodeToString(s.box.Keyed("lockout", []byte(string(m)+"/"+name))[:16])
}

// attempt counts an attempt to sign in under a subject, or refuses it with TooMany.
func (s *Service) attempt(ctx context.Context, t tenant.ID, subject string) (lockout, error) {
	var l lockout
	err := s.db.Write(ctx, t, func(sc *db.Scope) error {
		was, err := lockoutOf(ctx, sc.Reader, subject)
		if err != nil {
			return err
		}
		next, taken := was.try(s.now())
		if !taken {
			return locked(was, s.now())
		}
		l = next
		return putLockout(ctx, sc, subject, next)
	})
	return l, err
}

// failed says that an attempt did not hold, in the log and to whoever made it: everyone is told the same.
func (s *Service) failed(ctx context.Context, t tenant.ID, m Method, l lockout, a AccountView) error {
	now := s.now()
	err := s.db.Write(ctx, t, func(sc *db.Scope) error {
		e := audit.Entry{Action: "signin.failed", Account: a.ID, Detail: map[string]string{"method": string(m)}}
		if err := s.audit.Record(ctx, sc, visitor(t), e); err != nil || !l.locked(now) {
			return err
		}
		e.Action = "signin.locked"
		e.Detail["minutes"] = number(int(l.Until.Sub(now) / time.Minute))
		if err := s.audit.Record(ctx, sc, visitor(t), e); err != nil {
			return err
		}
		if l.Failures == lockAfter && a.ID != "" {
			_, err := s.letter(ctx, sc, a, Mail{Kind: "locked", Ends: l.Until})
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	if l.locked(now) {
		return locked(l, now)
	}
	return say(problem.Invalid, "wrong-"+string(m))
}

// locked tells for how long nothing is taken.
func locked(l lockout, now time.Time) error {
	wait := l.Until.Sub(now)
	minutes := (wait + time.Minute - 1) / time.Minute * time.Minute
	return problem.New(problem.TooMany, locale(), "problem.locked", i18n.Args{"wait": ui.Duration(minutes)}).After(int(wait/time.Second) + 1)
}

func lockoutOf(ctx context.Context, r db.Reader, subject string) (lockout, error) {
	var l lockout
	var last, until int64
	err := r.Row(ctx, `SELECT failures, last_at, locked_until FROM lockouts WHERE tenant_id = $1 AND subject = $2`, []any{subject}, &l.Failures, &last, &until)
	if errors.Is(err, db.ErrNoRow) {
		return lockout{}, nil
	}
	l.LastAt, l.Until = clock.Time(last), clock.Time(until)
	return l, err
}

func putLockout(ctx context.Context, sc *db.Scope, subject string, l lockout) error {
	_, err := sc.Exec(ctx, `INSERT INTO lockouts (tenant_id, subject, failures, last_at, locked_until) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until`,
		subject, l.Failures, clock.Micros(l.LastAt), clock.Micros(l.Until))
	return err
}

func dropLockout(ctx context.Context, sc *db.Scope, subject string) error {
	_, err := sc.Exec(ctx, `DELETE FROM lockouts WHERE tenant_id = $1 AND subject = $2`, subject)
	return err
}
