package jobs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(childVariable); address != "" {
		os.Exit(child(address))
	}
	os.Exit(m.Run())
}

// stepped is a clock that stands still until a test moves it.
type stepped struct {
	mu sync.Mutex
	at time.Time
}

func (c *stepped) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *stepped) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a queue on a store, with a table in which results leave a row.
type world struct {
	*Queue
	t     *testing.T
	d     *db.DB
	clock *stepped
}

func newWorld(t *testing.T, d *db.DB, kinds ...Kind) *world {
	t.Helper()
	makeEffects(t, d)
	c := &stepped{at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	w := &world{Queue: queueOn(d, c.now, Options{Workers: 2, Poll: 2 * time.Millisecond}), t: t, d: d, clock: c}
	w.Register(kinds...)
	return w
}

func queueOn(d *db.DB, now clock.Clock, opt Options) *Queue {
	return NewQueue(d, audit.New(d, now), now, slog.New(slog.NewTextHandler(io.Discard, nil)), opt)
}

func makeEffects(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.System().Write(t.Context(), func(s *db.System) error {
		_, err := s.Exec(t.Context(), `CREATE TABLE effects (tenant_id TEXT NOT NULL, job TEXT NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// effect leaves a row for a job.
func effect(job string) Finish {
	return func(ctx context.Context, s *db.Scope) error {
		_, err := s.Exec(ctx, `INSERT INTO effects (tenant_id, job) VALUES ($1, $2)`, job)
		return err
	}
}

// simple is a kind that leaves a row for each job.
func simple() Kind {
	return Kind{Name: "simple", Title: problem.Message{Bundle: locale(), Key: "title"},
		Run: func(_ context.Context, j *Job, _ *Progress) (Finish, error) { return effect(j.ID), nil }}
}

// effects counts the rows that each job left.
func effects(t *testing.T, d *db.DB) map[string]int {
	t.Helper()
	all := map[string]int{}
	err := d.System().Rows(t.Context(), `SELECT job FROM effects`, func(scan func(...any) error) error {
		var job string
		err := scan(&job)
		all[job]++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// add puts a job in the queue of our organisation.
func (w *world) add(n New) string {
	w.t.Helper()
	return w.addFor(dbtest.Ours, n)
}

func (w *world) addFor(o tenant.ID, n New) (jobID string) {
	w.t.Helper()
	err := w.d.Write(w.t.Context(), o, func(s *db.Scope) (err error) {
		jobID, err = w.Add(w.t.Context(), s, n)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return jobID
}

// run works on jobs until stop is called or the test ends.
func (w *world) run() (stop func()) {
	w.t.Helper()
	return runQueue(w.t, w.Queue)
}

func runQueue(t *testing.T, q *Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { q.Run(ctx); close(ended) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// hr is somebody who sees all jobs of our organisation.
func hr() access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "hr", Owner: "hr", Roles: []access.Role{access.HR}}
}

func (w *world) job(jobID string) *Job {
	w.t.Helper()
	j, err := byID(w.t.Context(), w.d.Of(dbtest.Ours), jobID)
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

// until waits for a job to be as wanted.
func (w *world) until(jobID, what string, wanted func(*Job) bool) *Job {
	w.t.Helper()
	var j *Job
	eventually(w.t, "the job "+what, func() bool {
		j = w.job(jobID)
		return wanted(j)
	})
	return j
}

func (w *world) untilState(jobID string, s State) *Job {
	w.t.Helper()
	return w.until(jobID, "is "+string(s), func(j *Job) bool { return j.State == s })
}

// eventually waits for something that other goroutines bring about.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came to be that %s", what)
		}
	}
}

var errAgain = errors.New("it does not work now")
