package keys

import (
	"context"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Unit is a part of the organisation that a key can belong to.
type Unit struct{ ID, Name string }

// Units knows the parts of the organisation.
type Units interface {
	// Units lists the units that stand today, by name; none when there is no staff list.
	Units(ctx context.Context, t tenant.ID) ([]Unit, error)
}

// Dependencies is what the keys need of the rest.
type Dependencies struct {
	DB     *db.DB
	Audit  *audit.Log
	Box    *seal.Box
	Now    clock.Clock
	Log    *slog.Logger
	Zone   func(ctx context.Context, t tenant.ID) *time.Location
	Units  Units
	Models func() []string // names of the models that are offered
}

// Service is the keys of all organisations. It is safe for concurrent use.
type Service struct {
	Dependencies
	found memory
}

// New returns the keys.
func New(d Dependencies) *Service {
	return &Service{Dependencies: d, found: memory{known: map[string]*look{}, unknown: map[string]*look{}}}
}

func refuse(kind problem.Kind, key string) error { return problem.New(kind, locale(), key, nil) }

func allow(actor access.Actor) error {
	if !access.Can(actor, access.ManageGateway, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden")
	}
	return nil
}

// What a secret is made of: the prefix, by which a scanner of leaked secrets can recognise one; 256 bits; and the tag.
const (
	prefix    = "tk_"
	secretLen = 43
	tagLen    = 8
)

// secretOf derives the secret of a key, so that a form that is sent twice gets the same one. once is new for each secret.
func (s *Service) secretOf(key, once string) string {
	body := prefix + base64.RawURLEncoding.EncodeToString(s.Box.Keyed("gateway-key", []byte(key+"/"+once)))
	return body + s.tag(body)
}

// tag returns what shows that this installation made a secret.
func (s *Service) tag(body string) string {
	return base64.RawURLEncoding.EncodeToString(s.Box.Keyed("gateway-key-tag", []byte(body)))[:tagLen]
}

// made tells whether a secret can be one of this installation.
func (s *Service) made(secret string) bool {
	if len(secret) != len(prefix)+secretLen+tagLen || !strings.HasPrefix(secret, prefix) {
		return false
	}
	body := secret[:len(secret)-tagLen]
	return subtle.ConstantTimeCompare([]byte(s.tag(body)), []byte(secret[len(body):])) == 1
}

// drawn is what is remembered of a request that made a secret.
type drawn struct{ Key, Once string }

// Make makes a key and returns its secret, which is kept nowhere. Asked for again with the same request it gives the same key and secret.
func (s *Service) Make(ctx context.Context, actor access.Actor, in Input, once asked.Request) (Key, string, error) {
	if err := allow(actor); err != nil {
		return Key{}, "", err
	}
	units, err := s.Units.Units(ctx, actor.Tenant)
	if err != nil {
		return Key{}, "", err
	}
	if err := in.check(s.Now(), units, s.Models()); err != nil {
		return Key{}, "", err
	}
	var out Key
	var secret string
	err = s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		d, err := asked.Once(ctx, sc, s.Now, once, func() (drawn, error) { return s.insert(ctx, sc, actor, &in) })
		if err != nil {
			return err
		}
		secret = s.secretOf(d.Key, d.Once)
		out, err = one(ctx, sc.Reader, d.Key, s.Now())
		return err
	})
	s.found.forget(id.Hash(secret))
	return out, secret, err
}

func (s *Service) insert(ctx context.Context, sc *db.Scope, actor access.Actor, in *Input) (drawn, error) {
	now := s.Now()
	n, err := holding(ctx, sc.Reader, now)
	if err != nil {
		return drawn{}, err
	}
	if n >= Most {
		return drawn{}, refuse(problem.Conflict, "error.too-many")
	}
	d := drawn{Key: id.New(now), Once: id.New(now)}
	if err := insertKey(ctx, sc, d.Key, in, actor.Owner, now); err != nil {
		return drawn{}, err
	}
	if err := insertSecret(ctx, sc, d.Key, id.Hash(s.secretOf(d.Key, d.Once)), in.Ends); err != nil {
		return drawn{}, err
	}
	return d, s.record(ctx, sc, actor, "gateway-key.made", d.Key, map[string]string{"unit": in.Unit, "until": in.Ends.Format(time.DateOnly)})
}

func (s *Service) record(ctx context.Context, sc *db.Scope, actor access.Actor, what, key string, detail map[string]string) error {
	return s.Audit.Record(ctx, sc, actor, audit.Entry{Action: what, Subject: key, Detail: detail})
}

// List lists the keys of an organisation: those that hold by name, then those that ended, the last first.
func (s *Service) List(ctx context.Context, actor access.Actor) ([]Key, error) {
	if err := allow(actor); err != nil {
		return nil, err
	}
	return list(ctx, s.DB.Of(actor.Tenant), s.Now())
}

// Key returns a key; db.ErrNoRow when there is none.
func (s *Service) Key(ctx context.Context, actor access.Actor, key string) (Key, error) {
	if err := allow(actor); err != nil {
		return Key{}, err
	}
	return one(ctx, s.DB.Of(actor.Tenant), key, s.Now())
}

// Names returns how the keys of an organisation are called, by id, for pages that speak of them.
func (s *Service) Names(ctx context.Context, t tenant.ID) (map[string]string, error) {
	keys, err := list(ctx, s.DB.Of(t), s.Now())
	out := map[string]string{}
	for i := range keys {
		out[keys[i].ID] = keys[i].Name
	}
	return out, err
}

// Withdraw ends a key at once. What ended before stays as it is.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, key string) error {
	if err := allow(actor); err != nil {
		return err
	}
	var hashes []string
	err := s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		k, err := one(ctx, sc.Reader, key, s.Now())
		if err != nil || k.State != Holds {
			return err
		}
		if hashes, err = secretsOf(ctx, sc.Reader, key); err != nil {
			return err
		}
		if err := end(ctx, sc, key, s.Now()); err != nil {
			return err
		}
		return s.record(ctx, sc, actor, "gateway-key.withdrawn", key, nil)
	})
	s.found.forget(hashes...)
	return err
}

// Renew gives a key another secret and another end. The secret of before holds on for a time of Graces.
func (s *Service) Renew(ctx context.Context, actor access.Actor, key string, ends time.Time, grace time.Duration, once asked.Request) (Key, string, error) {
	if err := allow(actor); err != nil {
		return Key{}, "", err
	}
	f := problem.Form{Bundle: locale()}
	checkEnds(&f, &ends, s.Now())
	if !slices.Contains(Graces(), grace) {
		f.Wrong("grace", "field.grace", nil)
	}
	if err := f.Err(); err != nil {
		return Key{}, "", err
	}
	var out Key
	var secret string
	var hashes []string
	err := s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		d, err := asked.Once(ctx, sc, s.Now, once, func() (d drawn, err error) {
			d, hashes, err = s.renew(ctx, sc, actor, key, ends, grace)
			return d, err
		})
		if err != nil {
			return err
		}
		secret = s.secretOf(d.Key, d.Once)
		out, err = one(ctx, sc.Reader, d.Key, s.Now())
		return err
	})
	s.found.forget(append(hashes, id.Hash(secret))...)
	return out, secret, err
}

func (s *Service) renew(ctx context.Context, sc *db.Scope, actor access.Actor, key string, ends time.Time, grace time.Duration) (drawn, []string, error) {
	now := s.Now()
	k, err := one(ctx, sc.Reader, key, now)
	if err != nil {
		return drawn{}, nil, err
	}
	if k.State == Withdrawn {
		return drawn{}, nil, refuse(problem.Conflict, "error.withdrawn")
	}
	hashes, err := secretsOf(ctx, sc.Reader, key)
	if err != nil {
		return drawn{}, nil, err
	}
	d := drawn{Key: key, Once: id.New(now)}
	if err := shorten(ctx, sc, key, now, now.Add(grace)); err != nil {
		return drawn{}, nil, err
	}
	if err := prolong(ctx, sc, key, ends); err != nil {
		return drawn{}, nil, err
	}
	if err := insertSecret(ctx, sc, key, id.Hash(s.secretOf(key, d.Once)), ends); err != nil {
		return drawn{}, nil, err
	}
	return d, hashes, s.record(ctx, sc, actor, "gateway-key.renewed", key, map[string]string{"until": ends.Format(time.DateOnly)})
}
