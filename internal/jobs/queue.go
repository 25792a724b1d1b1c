package jobs

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Queue keeps jobs and runs them.
type Queue struct {
	db    *db.DB
	audit *audit.Log
	now   clock.Clock
	log   *slog.Logger
	kinds map[string]Kind
	wake  chan struct{}
	Options
}

// Options of the workers.
type Options struct {
	Workers int           // how many jobs run side by side on this node; 0 means 1
	Lease   time.Duration // how long an attempt is kept without a sign of life; 0 means 30 s
	Poll    time.Duration // how often to look for work that another node added; 0 means 1 s
}

const (
	defaultAttempts = 5
	defaultTimeout  = 30 * time.Minute
)

// NewQueue returns the queue of a store.
func NewQueue(d *db.DB, log *audit.Log, now clock.Clock, logger *slog.Logger, opt Options) *Queue {
	if opt.Workers == 0 {
		opt.Workers = 1
	}
	if opt.Lease == 0 {
		opt.Lease = 30 * time.Second
	}
	if opt.Poll == 0 {
		opt.Poll = time.Second
	}
	return &Queue{db: d, audit: log, now: now, log: logger, kinds: map[string]Kind{}, wake: make(chan struct{}, 1), Options: opt}
}

// Register makes a kind known, before Run.
func (q *Queue) Register(kinds ...Kind) {
	for _, k := range kinds {
		if k.MaxAttempts == 0 {
			k.MaxAttempts = defaultAttempts
		}
		if k.Timeout == 0 {
			k.Timeout = defaultTimeout
		}
		q.kinds[k.Name] = k
	}
}

// Add puts a job in the queue with the transaction of s and returns its id: that of the job with the same unique key when
// one waits or runs.
func (q *Queue) Add(ctx context.Context, s *db.Scope, n New) (string, error) {
	kind, known := q.kinds[n.Kind]
	if !known {
		return "", fmt.Errorf("jobs: no kind %q is registered", n.Kind)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return "", err
	}
	now := q.now()
	// What is to run at once is kept without a time, so that it does so also when the clock is set back meanwhile.
	j := &Job{ID: id.New(now), Kind: n.Kind, Subject: n.Subject, Account: n.Account, RunAt: n.RunAt, Created: now, args: string(args)}
	added, err := insert(ctx, s, j, n.Unique, kind.MaxAttempts)
	if err != nil {
		return "", err
	}
	if !added {
		return byUnique(ctx, s.Reader, n.Kind, n.Unique)
	}
	s.AfterCommit(q.nudge)
	return j.ID, nil
}

// Unfinished returns the id of the job of a kind with a unique key that waits or runs, "" when none does.
func (q *Queue) Unfinished(ctx context.Context, r db.Reader, kind, unique string) (string, error) {
	jobID, err := byUnique(ctx, r, kind, unique)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return jobID, err
}

// nudge lets a worker look for work at once.
func (q *Queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Get returns a job that actor may see.
func (q *Queue) Get(ctx context.Context, actor access.Actor, jobID string) (*Job, error) {
	j, err := byID(ctx, q.db.Of(actor.Tenant), jobID)
	if err != nil {
		return nil, err
	}
	if !access.Can(actor, access.ReadJob, j.Resource()) {
		return nil, db.ErrNoRow
	}
	return j, nil
}

// Newest returns the newest job of one of some kinds about a subject that actor may see; db.ErrNoRow when there is none.
func (q *Queue) Newest(ctx context.Context, actor access.Actor, subject string, kinds ...string) (*Job, error) {
	list, err := about(ctx, q.db.Of(actor.Tenant), subject)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if slices.Contains(kinds, list[i].Kind) && access.Can(actor, access.ReadJob, list[i].Resource()) {
			return &list[i], nil
		}
	}
	return nil, db.ErrNoRow
}

// List returns up to limit jobs from the newest on, those before a given id when it is not "": all of the organisation, or
// those of the actor alone where it may see no more. Who may see none gets none.
func (q *Queue) List(ctx context.Context, actor access.Actor, before string, limit int) ([]Job, error) {
	account := ""
	if !access.Can(actor, access.ReadJob, access.Resource{Tenant: actor.Tenant}) {
		account = actor.Owner
		if !access.Can(actor, access.ReadJob, access.Resource{Tenant: actor.Tenant, Owner: account}) {
			return nil, nil
		}
	}
	return page(ctx, q.db.Of(actor.Tenant), before, account, limit)
}

// Stop cancels a job that waits or runs; a job that has ended is a Conflict.
func (q *Queue) Stop(ctx context.Context, actor access.Actor, jobID string) error {
	return q.db.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		j, err := byID(ctx, s.Reader, jobID)
		if err != nil {
			return err
		}
		if !access.Can(actor, access.StopJob, j.Resource()) {
			return db.ErrNoRow
		}
		stopped, err := cancel(ctx, s, jobID, q.now())
		if err != nil {
			return err
		}
		if !stopped {
			return problem.New(problem.Conflict, locale(), "error.ended", nil)
		}
		if failed := q.kinds[j.Kind].Failed; failed != nil {
			j.State, j.Trouble = Cancelled, troubleOf(problem.Message{Bundle: locale(), Key: "cancelled"})
			if err := failed(ctx, s, j); err != nil {
				return err
			}
		}
		return q.audit.Record(ctx, s, actor, audit.Entry{Action: "job.stopped", Subject: jobID, Detail: map[string]string{"kind": j.Kind}})
	})
}

// Title says what a job does, in a message.
func (q *Queue) Title(j *Job) problem.Message { return q.kinds[j.Kind].Title }

// StageTitle says what a job is doing.
func (q *Queue) StageTitle(j *Job) problem.Message {
	if f := q.kinds[j.Kind].StageTitle; f != nil && j.Stage != "" {
		return f(j.Stage)
	}
	return problem.Message{}
}

// Link leads to what a job was about, or is "" for nowhere that actor may go.
func (q *Queue) Link(actor access.Actor, j *Job) string {
	kind := q.kinds[j.Kind]
	if kind.Link == nil || !access.Can(actor, kind.LinkAction, access.Resource{Tenant: actor.Tenant}) {
		return ""
	}
	return kind.Link(*j)
}

// Waiting returns how many jobs wait or run, for metrics.
func (q *Queue) Waiting(ctx context.Context) (waiting, running int, err error) {
	err = q.db.System().Row(ctx, `SELECT COUNT(*) FILTER (WHERE state = 'waiting'), COUNT(*) FILTER (WHERE state = 'running') FROM jobs
WHERE state IN ('waiting', 'running')`, nil, &waiting, &running)
	return waiting, running, err
}

// errLost says that another attempt took the job over.
var errLost = errors.New("another attempt took this job over")

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }
