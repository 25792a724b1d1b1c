package report

import (
	"context"
	"embed"
	"sync"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this feature.
func Locale() *i18n.Bundle { return locale() }

// Organisations tells what a report must know of its organisation. Identity implements it.
type Organisations interface {
	// About returns the name, the smallest group that may be shown, and whether the organisation is made up.
	About(ctx context.Context, t tenant.ID) (name string, groupSize int, synthetic bool, err error)
}

// Dependencies of the feature.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Queue         *jobs.Queue
	Organisations Organisations
	Now           clock.Clock
	Dir           string // for files while they are read
	MaxUpload     int64  // bytes
}

// Service is the feature.
type Service struct {
	Dependencies
	cache   *cache
	writers chan struct{} // bounds how many PDFs are printed at a time
	readers chan struct{} // bounds how many files with answers are read at a time; each may take much memory

	whenReady []func(ctx context.Context, tx *db.Scope, reportID string) error
}

// New returns the feature and registers its job.
func New(d Dependencies) *Service {
	s := &Service{Dependencies: d, cache: newCache(cacheBytes), writers: make(chan struct{}, 2), readers: make(chan struct{}, 2)}
	d.Queue.Register(s.makeKind())
	return s
}

// say makes a message of this feature.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this feature.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

// allow returns a problem unless actor may do action to what belongs to its organisation.
func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}
