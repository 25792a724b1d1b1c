package items

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
	"tekentafel/internal/skills/check"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// What one must be able to do. Parameters are figures of groups, for those who read the gap; they change what a level means, which is for
// those who may change how levels are described.
const (
	reads  = access.ReadGap
	writes = access.ChangeNeeds
)

// Wave is a wave of which the answers are in.
type Wave struct {
	ID        string
	Title     string
	Day       time.Time
	Synthetic bool // made-up answers
}

// Waves knows the waves that asked situations.
type Waves interface {
	// Waves lists the closed waves that asked situations of the bank, the newest first; each set of answers once, however many reports were
	// made of it.
	Waves(ctx context.Context, t tenant.ID) ([]Wave, error)
	// Answers returns the answers of a wave, which nobody changes; a problem of kind Gone when they were taken away.
	Answers(ctx context.Context, t tenant.ID, wave string, p *jobs.Progress) (*instrument.Answers, error)
}

// Accounts tells who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	// GroupSize returns the smallest group that may be shown.
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs of the rest. Waves may be nil.
type Dependencies struct {
	DB            *db.DB
	Box           *seal.Box
	Audit         *audit.Log
	Queue         *jobs.Queue
	Now           clock.Clock
	Material      *check.Material // as it comes with the product
	Waves         Waves
	Accounts      Accounts
	Organisations Organisations
}

// Service is the feature.
type Service struct {
	Dependencies
	limits *limits

	mu   sync.Mutex
	kept map[tenant.ID]inUse
}

// New returns the feature, with its job in the queue.
func New(d Dependencies) *Service {
	s := &Service{Dependencies: d, limits: newLimits(d.Now), kept: map[tenant.ID]inUse{}}
	d.Queue.Register(s.kind())
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
