package people

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Organisations tells what this feature must know of an organisation.
type Organisations interface {
	// About returns the name, the smallest group that may be shown, and whether the organisation is made up.
	About(ctx context.Context, t tenant.ID) (name string, groupSize int, synthetic bool, err error)
}

// Accounts tells which accounts people have.
type Accounts interface {
	// Of returns mail and staff number of an account, "" for none.
	Of(ctx context.Context, r db.Reader, account string) (mail, number string, err error)
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Dependencies of the feature.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Queue         *jobs.Queue
	Box           *seal.Box
	Now           clock.Clock
	Log           *slog.Logger
	Organisations Organisations
	Accounts      Accounts
	Zone          *time.Location
	Dir           string // for files while they are read
	MaxUpload     int64  // bytes
}

// Service is the feature without its pages.
type Service struct {
	Dependencies
	readers chan struct{} // bounds how many files are read at a time; each may take much memory
	counted headcounts
}

// New returns the feature and registers its jobs.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	s := &Service{Dependencies: d, readers: make(chan struct{}, 2)}
	d.Queue.Register(s.previewKind(), s.applyKind(), s.undoKind(), s.assessKind())
	return s
}

// say makes a message of this package.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// today is the day where the organisation is.
func (s *Service) today() org.Date { return org.DateOf(s.Now().In(s.Zone)) }

// standing returns the organisation as it stands, and the revision that this is.
func (s *Service) standing(ctx context.Context, r db.Reader) (*org.Organisation, int64, error) {
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	o, err := store.Load(ctx, r, head.Current)
	return o, head.Current, said(err)
}

// said turns what the store says into a problem for people.
func said(err error) error {
	busy := (*store.BusyError)(nil)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &busy):
		return refuse(problem.Unavailable, "error.busy", nil).After(30).Because(err)
	case errors.Is(err, store.ErrChanged), errors.Is(err, store.ErrLost):
		return refuse(problem.Conflict, "error.changed", nil).Because(err)
	case errors.Is(err, store.ErrUndone):
		return refuse(problem.Conflict, "error.undone", nil).Because(err)
	case errors.Is(err, store.ErrPruned):
		return refuse(problem.Gone, "error.pruned", nil).Because(err)
	case errors.Is(err, store.ErrNoRevision):
		return refuse(problem.NotFound, "error.no-revision", nil).Because(err)
	default:
		return err
	}
}
