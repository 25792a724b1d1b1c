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
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// What one must be able to do.
const (
	reads = access.ReadGap
	makes = access.MakeReport // compute, and say where respondents are

	readsQuality = access.ReadQuality // how good the personnel data is
	readsPeople  = access.ReadPeople  // the cases of its faults
)

// Report is a report that is ready.
type Report struct {
	ID          string
	Source      string // its answers; "" when they were taken away
	Title       string
	Respondents int
	Synthetic   bool
	Previous    string // the report of the wave to compare with; "" for none
	Made        time.Time
}

// Wave is the answers behind a report.
type Wave struct {
	Report
	Answers *instrument.Answers // in line with the routing; its questionnaire has the group size that holds
	Weights []float64           // by respondent; nil where everyone counts the same
	Columns []string            // joined to the answers, such as the stratum
}

// Reports knows the reports of waves.
type Reports interface {
	// Ready lists the reports of an organisation that are ready, the newest first.
	Ready(ctx context.Context, t tenant.ID) ([]Report, error)
	// Asked returns the questionnaire behind a report; db.ErrNoRow when it or its answers are gone.
	Asked(ctx context.Context, r db.Reader, reportID string) (*instrument.Instrument, error)
	// Answers reads the answers behind a report, for a job. A problem of kind Gone says that they were taken away.
	Answers(ctx context.Context, r db.Reader, reportID string, p *jobs.Progress) (*Wave, error)
}

// Needs knows what functions ask.
type Needs interface {
	// Map returns what functions ask, of the organisation as it stands.
	Map(ctx context.Context, t tenant.ID) (*demand.Map, error)
}

// Parameters knows the items of the test.
type Parameters interface {
	// Banks returns the banks of items with the parameters in use. Nobody changes them.
	Banks(ctx context.Context, r db.Reader) ([]*framework.Bank, error)
	// Revision returns a number that differs when these parameters differ.
	Revision(ctx context.Context, r db.Reader) (int64, error)
}

// Quality knows how good the personnel data is.
type Quality interface {
	// Readiness returns what is known of it; nil when nobody looked yet.
	Readiness(ctx context.Context, r db.Reader) (*gap.Readiness, error)
}

// Dependencies is what the feature needs of the rest. Parameters and Quality may be nil: items then have the parameters that come with the
// product, and nothing is known of the personnel data.
type Dependencies struct {
	DB         *db.DB
	Box        *seal.Box
	Audit      *audit.Log
	Queue      *jobs.Queue
	Now        clock.Clock
	Reports    Reports
	Needs      Needs
	Parameters Parameters
	Quality    Quality
	Zone       *time.Location                                                            // nil means that of Brussels
	Print      func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error) // nil means pdf.Print
	Draws      int                                                                       // of a computation; 0 for the usual number
	Kept       int64                                                                     // bytes of results in memory; 0 means 96 MiB
}

// keptBytes bounds the results that are kept in memory. One of 350,000 people in 2,000 functions takes some 25 MB.
const keptBytes = 96 << 20

// Service is the feature.
type Service struct {
	Dependencies
	boards   *shelf
	measured *measured
	prints   *prints
	writers  chan struct{} // bounds how many PDFs are printed at a time
}

// New returns the feature and registers its job.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	if d.Kept == 0 {
		d.Kept = keptBytes
	}
	if d.Print == nil {
		d.Print = pdf.Print
	}
	s := &Service{Dependencies: d, boards: newShelf(d.Kept), measured: &measured{known: map[string]bool{}}, prints: &prints{known: map[tenant.ID]print{}}, writers: make(chan struct{}, 2)}
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
