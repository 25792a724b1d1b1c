package wave

import (
	"context"
	"embed"
	"log/slog"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Organisations tells what a wave must know of its organisation.
type Organisations interface {
	// About returns the name, the smallest group that may be shown, and whether the organisation is made up.
	About(ctx context.Context, t tenant.ID) (name string, groupSize int, synthetic bool, err error)
}

// Questionnaires puts questionnaires together. Package compose implements it.
type Questionnaires interface {
	// Recipe returns the recipe that asks a built-in questionnaire as it is; a problem of kind Invalid when there is none of that name.
	Recipe(base string) ([]byte, error)
	// Compose returns the text of the questionnaire of w as it would be asked now. What keeps it from being asked, such as a
	// missing translation, is in the list, and then the text may be empty.
	Compose(ctx context.Context, r db.Reader, w *Wave) (yaml []byte, problems []Problem, err error)
}

// Inviter tells people that they may take part, and forgets them. Package invite implements it. All do so in the transaction
// of s.
type Inviter interface {
	// Opened is called once, when a wave opens.
	Opened(ctx context.Context, s *db.Scope, w *Wave) error
	// Remind reminds who has not taken part yet.
	Remind(ctx context.Context, s *db.Scope, w *Wave) error
	// Closed is called once, when a wave closes: who the people are is forgotten, and no mail goes out any more.
	Closed(ctx context.Context, s *db.Scope, w *Wave) error
	// Removed is called when a draft is deleted.
	Removed(ctx context.Context, s *db.Scope, w *Wave) error
}

// Closer turns the answers of a closed wave into a report. Package closing implements it.
type Closer interface {
	// Close does the work of a job, of which the subject is the id of the wave. It may be called again after a crash.
	Close(ctx context.Context, j *jobs.Job, p *jobs.Progress) (jobs.Finish, error)
	// StageTitle says in words what the job is doing.
	StageTitle(stage string) problem.Message
}

// Reports is the feature of reports.
type Reports interface {
	// Publish shows a report to all staff; a problem of kind Conflict while it is being made.
	Publish(ctx context.Context, actor access.Actor, reportID string) error
	// Published tells whether a report is shown to all staff; false when it is gone.
	Published(ctx context.Context, t tenant.ID, reportID string) (bool, error)
	// DeleteSource takes stored answers away for good; db.ErrNoRow when they are gone.
	DeleteSource(ctx context.Context, actor access.Actor, sourceID string) error
}

// Key is a fresh pair of keys for ballots.
type Key struct {
	Private     []byte // PKCS #8
	Public      []byte // SubjectPublicKeyInfo
	Fingerprint string // of the public one, as people compare it
}

// Dependencies of the lifecycle. Inviter and Reports may be nil, and then nobody is told and nothing is published.
type Dependencies struct {
	DB             *db.DB
	Audit          *audit.Log
	Queue          *jobs.Queue
	Box            *seal.Box
	Now            clock.Clock
	Log            *slog.Logger
	Organisations  Organisations
	Questionnaires Questionnaires
	Inviter        Inviter
	Closer         Closer
	Reports        Reports
	NewKey         func() (Key, error) // takes a while; never called in a transaction
	MailOn         func() bool         // whether the installation sends mail
	Poll           time.Duration       // how often moments are looked for; 0 means 1 s
}

// Service is the life of waves.
type Service struct{ Dependencies }

// New returns the life of waves and registers the job that closes them.
func New(d Dependencies) *Service {
	if d.Poll == 0 {
		d.Poll = time.Second
	}
	s := &Service{d}
	d.Queue.Register(s.closeKind())
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

// program is the program itself, which moves a wave on at its moments.
func program(t tenant.ID) access.Actor { return access.Actor{Kind: access.System, Tenant: t} }

// Wave returns a wave that actor may read.
func (s *Service) Wave(ctx context.Context, actor access.Actor, waveID string) (Wave, error) {
	if err := allow(actor, access.ReadWave); err != nil {
		return Wave{}, err
	}
	return One(ctx, s.DB.Of(actor.Tenant), waveID)
}

// Waves lists the waves of the organisation of actor, the newest first.
func (s *Service) Waves(ctx context.Context, actor access.Actor) ([]Wave, error) {
	if err := allow(actor, access.ReadWave); err != nil {
		return nil, err
	}
	return List(ctx, s.DB.Of(actor.Tenant))
}
