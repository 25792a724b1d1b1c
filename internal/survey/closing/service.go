package closing

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
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Entry is one opened answer.
type Entry struct {
	Key     [32]byte // the hash of the ballot, or what stands for a person
	Stratum string
	Record  []byte // packed answers
}

// Urn holds the answers of a wave. Package urn implements it.
type Urn interface {
	// Settle makes the closing final, so that no answers come in after it, and tells about how many there are.
	Settle(ctx context.Context, w *wave.Wave) (about int64, err error)
	// Each opens every answer in the order of its key. It keeps nothing of an entry after the call.
	Each(ctx context.Context, w *wave.Wave, each func(Entry) error) error
}

// Handover is what the feature of reports gets of a wave.
type Handover struct {
	Wave          string // its id
	Title         string
	Questionnaire []byte // YAML
	Snapshot      string // id of a file in the store
	Respondents   int
	Margins       []byte   // CSV, nil for none
	Population    int      // people in the frame, 0 without one
	GroupSize     int      // k
	Also          []string // columns outside the questionnaire to break down by
	Trim          float64  // largest weight as a multiple of the mean
	Previous      string   // id of the report to measure changes against, or ""
	Synthetic     bool
	Account       string // who closed the wave
}

// Reports takes the answers over. The feature of reports implements it.
type Reports interface {
	// AddWave keeps the answers and starts the report, in the transaction of tx.
	AddWave(ctx context.Context, tx *db.Scope, h Handover) (sourceID, reportID string, err error)
}

// Organisations tells what closing must know of an organisation.
type Organisations interface {
	// About returns the name, the smallest group that may be shown, and whether the organisation is made up.
	About(ctx context.Context, t tenant.ID) (name string, groupSize int, synthetic bool, err error)
}

// Dependencies of closing.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Queue         *jobs.Queue
	Box           *seal.Box
	Now           clock.Clock
	Zone          *time.Location // in which days are written; nil for UTC
	Dir           string         // for files while they are made
	Urn           Urn
	Reports       Reports
	Organisations Organisations
	// Variable returns which variable of the frame, given with its values, is what an item asks; "" for none. Nil: the one of
	// the same name.
	Variable func(w *wave.Wave, it *instrument.Item, frame map[string][]string) string
}

// Service is closing.
type Service struct{ Dependencies }

// New returns closing and registers the job that sweeps.
func New(d Dependencies) *Service {
	s := &Service{d}
	if s.Variable == nil {
		s.Variable = sameName
	}
	d.Queue.Register(s.sweepKind())
	return s
}

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

func program(t tenant.ID) access.Actor { return access.Actor{Kind: access.System, Tenant: t} }

// day writes a day where the organisation is.
func (s *Service) day(t time.Time) string {
	if s.Zone != nil {
		t = t.In(s.Zone)
	}
	return t.Format(time.DateOnly)
}
