package jobs

import (
	"context"
	"encoding/json"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// State is where a job stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended tells whether a job will not run any more.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one piece of work.
type Job struct {
	Tenant   tenant.ID
	ID       string
	Kind     string
	Subject  string // what it works on
	Account  string // who asked for it; "" for the program
	State    State
	Attempt  int // 1 at the first start
	Stage    string
	Done     int64 // of Total; Total is 0 while unknown
	Total    int64
	Trouble  Trouble   // what went wrong last; empty when nothing did
	RunAt    time.Time // not before; the zero time: at once
	Created  time.Time
	Started  time.Time
	Finished time.Time

	args string
}

// Args reads what the job was given.
func (j *Job) Args(into any) error { return json.Unmarshal([]byte(j.args), into) }

// Resource is the job as access sees it.
func (j *Job) Resource() access.Resource { return access.Resource{Tenant: j.Tenant, Owner: j.Account} }

// Trouble is what went wrong, in each language, as it may be shown.
type Trouble map[instrument.Lang]string

// In returns the trouble in a language.
func (t Trouble) In(lang instrument.Lang) string { return t[lang] }

// troubleOf puts a problem into words in each language.
func troubleOf(m problem.Message) Trouble {
	t := Trouble{}
	for _, lang := range instrument.Languages() {
		t[lang] = m.In(lang)
	}
	return t
}

// New is a job to be added.
type New struct {
	Kind    string
	Subject string
	Args    any
	Account string
	RunAt   time.Time // the zero time: at once
	// Unique lets only one job of this kind and key wait or run at a time; adding another returns that one. "" for no such rule.
	Unique string
}

// Finish puts the result of a job into the store. It may run more than once and must have no other effect.
type Finish func(ctx context.Context, s *db.Scope) error

// Kind is a sort of work.
type Kind struct {
	Name string
	// Title says what such a job does: "Rapport berekenen".
	Title problem.Message
	// StageTitle puts a stage into words; nil when there are none.
	StageTitle func(stage string) problem.Message
	// Link leads to what the job was about, or "" for nowhere. It shows to whoever can do LinkAction.
	Link       func(Job) string
	LinkAction access.Action
	// Run does the work and returns how to keep it. A problem of a kind that trying again cannot mend (Invalid, NotFound,
	// Forbidden, Gone, Conflict, TooLarge) ends the job; another error is tried again later.
	Run func(ctx context.Context, j *Job, p *Progress) (Finish, error)
	// Failed is called in the transaction that gives a job up, or nil.
	Failed func(ctx context.Context, s *db.Scope, j *Job) error
	// MaxAttempts bounds the starts, crashes included; 0 means 5.
	MaxAttempts int
	// Timeout bounds one attempt; 0 means 30 minutes.
	Timeout time.Duration
}

// mendable tells whether trying again may help.
func mendable(err error) bool {
	p, known := problem.Of(err)
	if !known {
		return true
	}
	switch p.Kind {
	case problem.Invalid, problem.NotFound, problem.Forbidden, problem.Gone, problem.Conflict, problem.TooLarge, problem.Unsupported:
		return false
	default:
		return true
	}
}
