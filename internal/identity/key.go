package identity

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
)

// keyPrefix begins each key, so that a scanner of leaked secrets can recognise one.
const keyPrefix = "tt_"

// The bounds of keys.
const (
	longestKey  = 366 * 24 * time.Hour
	mostKeys    = 20 // of one account
	longestNote = 80 // characters
)

// KeyInput is what one gives to make a key of the API.
type KeyInput struct {
	Name      string          `json:"name" doc:"What it is for"`
	Scopes    []access.Action `json:"scopes" doc:"The only actions that it may do"`
	ExpiresAt time.Time       `json:"expiresAt" doc:"At most a year from now"`
}

// KeyView is a key as its owner sees it.
type KeyView struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Scopes    []access.Action `json:"scopes"`
	CreatedAt time.Time       `json:"createdAt"`
	ExpiresAt time.Time       `json:"expiresAt"`
	UsedAt    time.Time       `json:"usedAt,omitzero" doc:"To the minute"`
	Expired   bool            `json:"expired"`
}

// Grantable lists the actions that the actor can give to a key: those that keys may do and the actor can do in the own
// organisation.
func Grantable(actor access.Actor) []access.Action {
	return slices.DeleteFunc(access.Delegable(), func(a access.Action) bool {
		return !access.Can(actor, a, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner})
	})
}

func (in KeyInput) check(actor access.Actor, now time.Time) error {
	f := form()
	if in.Name == "" || utf8.RuneCountInString(in.Name) > longestNote {
		f.Wrong("name", "field.key-name", nil)
	}
	grantable := Grantable(actor)
	if len(in.Scopes) == 0 || slices.ContainsFunc(in.Scopes, func(a access.Action) bool { return !slices.Contains(grantable, a) }) {
		f.Wrong("scopes", "field.key-scopes", nil)
	}
	if !in.ExpiresAt.After(now) || in.ExpiresAt.Sub(now) > longestKey {
		f.Wrong("expiresAt", "field.key-expiry", nil)
	}
	return f.Err()
}

// MakeKey makes a key for the actor and returns its secret, which is kept nowhere. Asked for again with the same request key
// it gives the same key and secret.
func (s *Service) MakeKey(ctx context.Context, actor access.Actor, in KeyInput, once asked.Request) (KeyView, string, error) {
	if err := allowIn(actor, access.ManageKeys); err != nil {
		return KeyView{}, "", err
	}
	in.Name = contact.Line(in.Name)
	in.ExpiresAt = in.ExpiresAt.UTC().Truncate(time.Second)
	if err := in.check(actor, s.now()); err != nil {
		return KeyView{}, "", err
	}
	slices.Sort(in.Scopes)
	in.Scopes = slices.Compact(in.Scopes)
	var out KeyView
	var secret string
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		key, err := asked.Once(ctx, sc, s.now, once, func() (string, error) { return s.insertKey(ctx, sc, actor, in, once.Key) })
		if err != nil {
			return err
		}
		secret = s.keySecret(key, once.Key)
		out, err = keyOf(ctx, sc.Reader, actor.Owner, key, s.now())
		return err
	})
	return out, secret, err
}

// keySecret derives the secret of a key, so that a request that is repeated gets the same one: 256 bits under the key of
// the installation.
func (s *Service) keySecret(key, once string) string {
	return keyPrefix + tokenText(s.box.Keyed("api-key", []byte(key+"/"+once)))
}

func (s *Service) insertKey(ctx context.Context, sc *db.Scope, actor access.Actor, in KeyInput, once string) (string, error) {
	list, err := keysOf(ctx, sc.Reader, actor.Owner, s.now())
	if err != nil {
		return "", err
	}
	if len(list) >= mostKeys {
		return "", say(problem.Conflict, "keys-many")
	}
	now := s.now()
	key := id.New(now)
	if _, err := sc.Exec(ctx, `INSERT INTO api_keys (tenant_id, id, name, token_hash, scopes, account_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		key, in.Name, id.Hash(s.keySecret(key, once)), joinScopes(in.Scopes), actor.Owner, clock.Micros(now), clock.Micros(in.ExpiresAt)); err != nil {
		return "", err
	}
	return key, s.audit.Record(ctx, sc, actor, audit.Entry{
		Action: "key.made", Subject: key, Account: actor.Owner, Detail: map[string]string{"scopes": joinScopes(in.Scopes)},
	})
}

// Keys lists the keys of the actor, the newest first.
func (s *Service) Keys(ctx context.Context, actor access.Actor) ([]KeyView, error) {
	if err := allow(actor, access.ReadOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return nil, err
	}
	return keysOf(ctx, s.db.Of(actor.Tenant), actor.Owner, s.now())
}

// RevokeKey ends a key of the actor.
func (s *Service) RevokeKey(ctx context.Context, actor access.Actor, key string) error {
	if err := allow(actor, access.ChangeOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		n, err := sc.Exec(ctx, `DELETE FROM api_keys WHERE tenant_id = $1 AND account_id = $2 AND id = $3`, actor.Owner, key)
		if err != nil {
			return err
		}
		if n == 0 {
			return db.ErrNoRow
		}
		return s.audit.Record(ctx, sc, actor, audit.Entry{Action: "key.revoked", Subject: key, Account: actor.Owner})
	})
}

const keyColumns = `id, name, scopes, created_at, expires_at, used_at`

func scanKey(scan func(...any) error, now time.Time) (KeyView, error) {
	var k KeyView
	var scopes string
	var created, expires, used int64
	err := scan(&k.ID, &k.Name, &scopes, &created, &expires, &used)
	k.Scopes, k.CreatedAt, k.ExpiresAt, k.UsedAt = splitScopes(scopes), clock.Time(created), clock.Time(expires), clock.Time(used)
	k.Expired = !now.Before(k.ExpiresAt)
	return k, err
}

func keysOf(ctx context.Context, r db.Reader, account string, now time.Time) ([]KeyView, error) {
	var list []KeyView
	err := r.Rows(ctx, `SELECT `+keyColumns+` FROM api_keys WHERE tenant_id = $1 AND account_id = $2 ORDER BY id DESC`, func(scan func(...any) error) error {
		k, err := scanKey(scan, now)
		list = append(list, k)
		return err
	}, account)
	return list, err
}

func keyOf(ctx context.Context, r db.Reader, account, key string, now time.Time) (KeyView, error) {
	list, err := keysOf(ctx, r, account, now)
	if err != nil {
		return KeyView{}, err
	}
	for _, k := range list {
		if k.ID == key {
			return k, nil
		}
	}
	return KeyView{}, db.ErrNoRow
}

func joinScopes(scopes []access.Action) string {
	parts := make([]string, len(scopes))
	for i, a := range scopes {
		parts[i] = string(a)
	}
	return strings.Join(parts, " ")
}

func splitScopes(s string) []access.Action {
	var out []access.Action
	for part := range strings.FieldsSeq(s) {
		out = append(out, access.Action(part))
	}
	return out
}
