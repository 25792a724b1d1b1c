package desk

import (
	"context"
	"embed"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// What one must be able to do.
const (
	reads  = access.ReadShadow
	counts = access.CountShadow
)

// Departments knows from the personnel data who belongs where.
type Departments interface {
	// Units returns the departments by the user names that stand in logs; nil when there is no personnel data. It may be a tally.Sizes too. It is dropped with the reading.
	Units(ctx context.Context, t tenant.ID) (tally.Units, error)
}

// Accounts knows how people are called.
type Accounts interface {
	// Name returns the name of an account; "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	// GroupSize returns the smallest group that may be shown.
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Offer is the safe place to try that the organisation offers itself.
type Offer interface {
	// Chat returns its address, "" where who sends r has none.
	Chat(r *web.Request) string
}

// Dependencies is what the feature needs of the rest. Departments and Offer may be nil.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Now           clock.Clock
	Zone          *time.Location // in which days and weeks begin; nil means that of Brussels
	Accounts      Accounts
	Organisations Organisations
	Departments   Departments
	Offer         Offer
	MaxUpload     int64 // of one request, in bytes; 0 means 8 GB
}

// mostUpload is the largest request that is read when nothing else is said, in bytes.
const mostUpload = 8 << 30

// Desk is the feature.
type Desk struct {
	Dependencies
	list *services.List // that comes with the product

	mu      sync.Mutex
	running map[tenant.ID]*job
}

// New returns the feature.
func New(d Dependencies) (*Desk, error) {
	list, err := services.BuiltIn()
	if err != nil {
		return nil, err
	}
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	if d.MaxUpload == 0 {
		d.MaxUpload = mostUpload
	}
	return &Desk{Dependencies: d, list: list, running: map[tenant.ID]*job{}}, nil
}

// say makes a message of this package.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

// wrong is a problem with one field.
func wrong(field, key string, args i18n.Args) error {
	form := problem.Form{Bundle: locale()}
	form.Wrong(field, key, args)
	return form.Err()
}

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// mayRead refuses who sees nothing: everybody but those who have to do with it, until it is published.
func (d *Desk) mayRead(ctx context.Context, actor access.Actor) error {
	if access.Can(actor, reads, access.Resource{Tenant: actor.Tenant}) {
		return nil
	}
	if !access.Can(actor, reads, access.Resource{Tenant: actor.Tenant, Published: true}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	_, on, err := published(ctx, d.DB.Of(actor.Tenant))
	if err == nil && !on {
		err = refuse(problem.Forbidden, "error.not-published", nil)
	}
	return err
}

// groupSize returns the smallest group that may be shown, never below tally.LeastK.
func (d *Desk) groupSize(ctx context.Context, t tenant.ID) (int, error) {
	k, err := d.Organisations.GroupSize(ctx, t)
	if k == 0 {
		k = tally.DefaultK
	}
	return max(k, tally.LeastK), err
}
