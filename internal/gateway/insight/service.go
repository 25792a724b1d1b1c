package insight

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// Part is a group of people: a department, or a family of functions.
type Part struct {
	ID, Name string
	Heads    int // people in service
}

// Places knows who works where. It tells of one level alone: the departments, not the teams in them.
type Places interface {
	// Of returns the department and the family of functions of an account, by id; "" for what is not known.
	Of(ctx context.Context, r db.Reader, account string) (department, family string, err error)
	// Departments and Families list the parts that stand today; none when there is no staff list.
	Departments(ctx context.Context, r db.Reader) ([]Part, error)
	Families(ctx context.Context, r db.Reader) ([]Part, error)
}

// Weight is how something is spread over the people and programs that used it.
type Weight struct{ Total, First, Second int64 } // First and Second are the two largest

// Weights is how tokens and money are spread.
type Weights struct {
	Users        int // people and programs
	Tokens, Nano Weight
}

// Spread knows how much each person and each program used, for its limits: the book of budgets does. Nothing of it is kept here.
type Spread interface {
	// Weights returns how what was used on days from and before to is spread.
	Weights(ctx context.Context, r db.Reader, from, to time.Time) (Weights, error)
}

// Names knows how things are called.
type Names interface {
	// Model returns the title of a model; "" when it is not offered any more.
	Model(ctx context.Context, t tenant.ID, name string, lang instrument.Lang) string
	// Task returns the title of an entry; "" when there is none any more.
	Task(ctx context.Context, t tenant.ID, id string, lang instrument.Lang) string
}

// Organisations tells how large a group must be.
type Organisations interface {
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs. Places, Spread and Names may be nil: then nothing is told of groups, of amounts, or by name.
type Dependencies struct {
	DB            *db.DB
	Box           *seal.Box
	Now           clock.Clock
	Zone          *time.Location // nil means that of Brussels
	Log           *slog.Logger
	Organisations Organisations
	Places        Places
	Spread        Spread
	Names         Names
	// Tenants lists the organisations whose months are closed.
	Tenants func(ctx context.Context) ([]tenant.ID, error)
}

// Service counts, closes months and shows them.
type Service struct {
	Dependencies
	counter *counter
	writing sync.Mutex // one writing at a time
	placing sync.Mutex // of placed
	placed  map[placeOf]place
}

// New returns the feature.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Dependencies: d, counter: newCounter(d.Zone), placed: map[placeOf]place{}}
}

// Count implements door.Tally: it gathers in memory, and Run writes.
func (s *Service) Count(d *door.Done) { s.counter.Count(d) }

// How often Run works.
const (
	writeEvery = 3 * time.Second
	closeEvery = time.Hour
)

// Run writes what was counted every few seconds, and closes months that are over. When ctx ends it writes once more.
func (s *Service) Run(ctx context.Context) error {
	next := time.Time{}
	for {
		if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "use of models could not be written; it is tried again", "error", err)
		}
		if now := s.Now(); ctx.Err() == nil && !now.Before(next) {
			next = now.Add(closeEvery)
			if err := s.Close(ctx); err != nil {
				s.Log.ErrorContext(ctx, "a month of the use of models could not be closed; it is tried again", "error", err)
			}
		}
		if err := clock.Wait(ctx, writeEvery); err != nil {
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := s.Flush(last); err != nil {
				return errors.Join(errors.New("the last seconds of the use of models were not written"), err)
			}
			return nil
		}
	}
}
