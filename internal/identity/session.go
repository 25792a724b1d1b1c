package identity

import (
	"context"
	"net/http"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/tenant"
)

// Method is how somebody proved who they are.
type Method string

// The methods.
const (
	ByPassword Method = "password"
	ByPIN      Method = "pin"
	ByPasskey  Method = "passkey"
	ByOIDC     Method = "oidc"
	ByLink     Method = "link" // an invitation or a way back in, followed by choosing a password or PIN
)

// SessionCookie is the cookie that holds the secret of a session.
const SessionCookie = "tt_session"

// SessionView is a session as its owner sees it.
type SessionView struct {
	ID        string    `json:"id"`
	Method    Method    `json:"method"`
	Device    string    `json:"device" doc:"Family of browser and system"`
	Shared    bool      `json:"shared"`
	CreatedAt time.Time `json:"createdAt"`
	SeenAt    time.Time `json:"seenAt" doc:"To the minute"`
	ExpiresAt time.Time `json:"expiresAt"`
	Current   bool      `json:"current"`
}

// SignedIn is somebody who has proved who they are in every way that is asked of them.
type SignedIn struct {
	Tenant   tenant.ID
	Account  string
	Method   Method
	Shared   bool   // on a device that others use
	Provider string // JSON for signing out at the provider, or ""
	// ProvedAt is when the person proved who they are, where that was before: a provider may know them from hours ago. Zero is
	// now.
	ProvedAt time.Time
}

// start begins a session in the transaction of sc and returns its secret.
func (s *Service) start(ctx context.Context, sc *db.Scope, in SignedIn, device string) (token string, lives time.Duration, err error) {
	o, err := organisation(ctx, sc.Reader)
	if err != nil {
		return "", 0, err
	}
	a, err := accountBy(ctx, sc.Reader, "id", in.Account)
	if err != nil {
		return "", 0, err
	}
	if a.State != Active {
		return "", 0, notActive()
	}
	now := s.now()
	absolute, idle := o.Settings.lifetimes(in.Shared)
	token = id.Token()
	row := sessionRow{
		TokenHash: id.Hash(token), ID: id.New(now), Account: in.Account, Method: in.Method, Device: device, Shared: in.Shared,
		Provider: in.Provider, At: now, Proved: now, Expires: now.Add(absolute), Idle: idle,
	}
	if !in.ProvedAt.IsZero() && in.ProvedAt.Before(now) {
		row.Proved = in.ProvedAt
	}
	if err := addSession(ctx, sc, row); err != nil {
		return "", 0, err
	}
	err = s.audit.Record(ctx, sc, person(in.Tenant, in.Account, nil), audit.Entry{
		Action: "session.started", Subject: row.ID, Account: in.Account,
		Detail: map[string]string{"method": string(in.Method), "shared": yesNo(in.Shared)},
	})
	return token, absolute, err
}

// SignIn begins a session for whoever sent r and gives the browser its cookie. The secret is new at each sign-in, and a
// session that the browser still had ends.
func (s *Service) SignIn(ctx context.Context, w http.ResponseWriter, r *http.Request, in SignedIn) error {
	var token string
	var lives time.Duration
	old := s.cookies.Cookie(r, SessionCookie)
	err := s.db.System().Write(ctx, func(sys *db.System) (err error) {
		if old != "" { // of this organisation or another
			if err := dropSessionByToken(ctx, sys, id.Hash(old)); err != nil {
				return err
			}
		}
		token, lives, err = s.start(ctx, sys.Scope(in.Tenant), in, Device(r.UserAgent()))
		return err
	})
	if err != nil {
		return err
	}
	s.cookies.SetCookie(w, SessionCookie, token, lives)
	s.cookies.SetCookie(w, flowCookie, "", 0)
	return nil
}

// Confirmed notes that the person of a session proved again who they are, and gives the session a new secret.
func (s *Service) Confirmed(ctx context.Context, w http.ResponseWriter, r *http.Request, actor access.Actor, method Method) error {
	old := s.cookies.Cookie(r, SessionCookie)
	token := id.Token()
	var left time.Duration
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		session, expires, err := renewSession(ctx, sc, actor.Owner, id.Hash(old), id.Hash(token), s.now())
		if err != nil {
			return err
		}
		left = expires.Sub(s.now())
		return s.audit.Record(ctx, sc, actor, audit.Entry{
			Action: "session.confirmed", Subject: session, Account: actor.Owner, Detail: map[string]string{"method": string(method)},
		})
	})
	if err != nil {
		return err
	}
	s.cookies.SetCookie(w, SessionCookie, token, left)
	return nil
}

// Renew gives the session of r a new secret, because more can be done with it than before. The proof of who its person is
// stays as old as it was.
func (s *Service) Renew(ctx context.Context, w http.ResponseWriter, r *http.Request, actor access.Actor) error {
	old, token := s.cookies.Cookie(r, SessionCookie), id.Token()
	var expires int64
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		return sc.Row(ctx, `UPDATE sessions SET token_hash = $4, seen_at = $5 WHERE tenant_id = $1 AND account_id = $2 AND token_hash = $3 RETURNING expires_at`,
			[]any{actor.Owner, id.Hash(old), id.Hash(token), clock.Micros(s.now())}, &expires)
	})
	if err != nil {
		return err
	}
	s.cookies.SetCookie(w, SessionCookie, token, clock.Time(expires).Sub(s.now()))
	return nil
}

// Sessions lists the running sessions of the actor, the newest first; current is the id of the one that asks.
func (s *Service) Sessions(ctx context.Context, actor access.Actor, current string) ([]SessionView, error) {
	if err := allow(actor, access.ReadOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return nil, err
	}
	list, err := sessionsOf(ctx, s.db.Of(actor.Tenant), actor.Owner, s.now())
	for i := range list {
		list[i].Current = list[i].ID == current
	}
	return list, err
}

// EndSession ends a session of the actor.
func (s *Service) EndSession(ctx context.Context, actor access.Actor, session string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		n, err := dropSession(ctx, sc, actor.Owner, session)
		if err != nil {
			return err
		}
		if n == 0 {
			return db.ErrNoRow
		}
		return s.recordEnd(ctx, sc, actor, session)
	})
}

func (s *Service) recordEnd(ctx context.Context, sc *db.Scope, actor access.Actor, session string) error {
	return s.audit.Record(ctx, sc, actor, audit.Entry{Action: "session.ended", Subject: session, Account: actor.Owner})
}

// EndOtherSessions ends every session of the actor but the one named.
func (s *Service) EndOtherSessions(ctx context.Context, actor access.Actor, but string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error { return s.endOthers(ctx, sc, actor, but) })
}

// endOthers ends the sessions of the actor but one, and says so in the log.
func (s *Service) endOthers(ctx context.Context, sc *db.Scope, actor access.Actor, but string) error {
	if err := dropSessions(ctx, sc, actor.Owner, but); err != nil {
		return err
	}
	return s.audit.Record(ctx, sc, actor, audit.Entry{Action: "session.others-ended", Subject: actor.Owner, Account: actor.Owner})
}

// EndAccountSessions signs somebody out everywhere.
func (s *Service) EndAccountSessions(ctx context.Context, actor access.Actor, account string) error {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		if _, err := s.standing(ctx, sc, account, 0); err != nil {
			return err
		}
		if err := dropSessions(ctx, sc, account, ""); err != nil {
			return err
		}
		return s.audit.Record(ctx, sc, actor, audit.Entry{Action: "session.all-ended", Subject: account, Account: account})
	})
}

// sessionRow is a session as it is stored.
type sessionRow struct {
	TokenHash, ID, Account string
	Method                 Method
	Device                 string
	Shared                 bool
	Provider               string
	At, Proved, Expires    time.Time
	Idle                   time.Duration
}

func addSession(ctx context.Context, sc *db.Scope, r sessionRow) error {
	at := clock.Micros(r.At)
	_, err := sc.Exec(ctx, `INSERT INTO sessions (tenant_id, token_hash, id, account_id, method, device, shared, provider, created_at,
confirmed_at, seen_at, expires_at, idle_micros) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $11, $12)`,
		r.TokenHash, r.ID, r.Account, string(r.Method), r.Device, r.Shared, r.Provider, at, clock.Micros(r.Proved), clock.Micros(r.Expires),
		r.Idle.Microseconds())
	return err
}

// renewSession gives a session another secret and notes the proof.
func renewSession(ctx context.Context, sc *db.Scope, account, old, next string, now time.Time) (session string, expires time.Time, err error) {
	var until int64
	err = sc.Row(ctx, `UPDATE sessions SET token_hash = $4, confirmed_at = $5, seen_at = $5 WHERE tenant_id = $1 AND account_id = $2 AND token_hash = $3
RETURNING id, expires_at`, []any{account, old, next, clock.Micros(now)}, &session, &until)
	return session, clock.Time(until), err
}

func sessionsOf(ctx context.Context, r db.Reader, account string, now time.Time) ([]SessionView, error) {
	var list []SessionView
	err := r.Rows(ctx, `SELECT id, method, device, shared, created_at, seen_at, expires_at FROM sessions
WHERE tenant_id = $1 AND account_id = $2 AND expires_at > $3 AND seen_at + idle_micros > $3 ORDER BY id DESC`,
		func(scan func(...any) error) error {
			var v SessionView
			var created, seen, expires int64
			err := scan(&v.ID, &v.Method, &v.Device, &v.Shared, &created, &seen, &expires)
			v.CreatedAt, v.SeenAt, v.ExpiresAt = clock.Time(created), clock.Time(seen), clock.Time(expires)
			list = append(list, v)
			return err
		}, account, clock.Micros(now))
	return list, err
}

func dropSession(ctx context.Context, sc *db.Scope, account, session string) (int64, error) {
	return sc.Exec(ctx, `DELETE FROM sessions WHERE tenant_id = $1 AND account_id = $2 AND id = $3`, account, session)
}

func dropSessionByToken(ctx context.Context, sys *db.System, hash string) error {
	_, err := sys.Exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, hash)
	return err
}

// dropSessions ends the sessions of an account but the one with the id but.
func dropSessions(ctx context.Context, sc *db.Scope, account, but string) error {
	_, err := sc.Exec(ctx, `DELETE FROM sessions WHERE tenant_id = $1 AND account_id = $2 AND id <> $3`, account, but)
	return err
}
