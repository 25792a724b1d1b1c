// Package peopletest builds the feature of personnel data for the tests of what stands on it: its service on a store, with workers that
// run its jobs until the test ends.
package peopletest

import (
	"cmp"
	"context"
	"log/slog"
	"testing"
	"time"

	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// Accounts are known by "account -> mail, number". Each has a name.
type Accounts map[string][2]string

// Of implements people.Accounts.
func (a Accounts) Of(_ context.Context, _ db.Reader, account string) (mail, number string, err error) {
	return a[account][0], a[account][1], nil
}

// Name implements people.Accounts.
func (Accounts) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return "Naam van " + account, nil
}

// about is an organisation of which groups of a size may be shown.
type about int

func (k about) About(context.Context, tenant.ID) (string, int, bool, error) {
	return "Stad Voorbeeld", int(k), true, nil
}

// Options say what differs from the usual.
type Options struct {
	GroupSize int         // smallest group that may be shown; 0 means 10
	MaxUpload int64       // bytes; 0 means 1 MiB
	Logged    clock.Clock // of the audit log; nil means the machine's
}

// World is the feature with workers that run its jobs.
type World struct {
	*people.Service
	Accounts Accounts // empty to begin with
	t        testing.TB
}

// New returns the feature on a store. Its workers end with the test.
func New(t testing.TB, d *db.DB, o Options) *World {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	silent, now := slog.New(slog.DiscardHandler), clock.System()
	if o.Logged == nil {
		o.Logged = now
	}
	log := audit.New(d, o.Logged)
	queue := jobs.NewQueue(d, log, now, silent, jobs.Options{Workers: 2, Poll: 5 * time.Millisecond})
	w := &World{Accounts: Accounts{}, t: t}
	w.Service = people.New(people.Dependencies{DB: d, Audit: log, Queue: queue, Box: box, Now: now, Log: silent, Organisations: about(cmp.Or(o.GroupSize, 10)),
		Accounts: w.Accounts, Dir: t.TempDir(), MaxUpload: cmp.Or(o.MaxUpload, 1<<20)})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return w
}

// Settle waits until no job waits or runs.
func (w *World) Settle() {
	w.t.Helper()
	for range 4000 {
		waiting, running, err := w.Queue.Waiting(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if waiting+running == 0 {
			return
		}
		if err := clock.Wait(w.t.Context(), 5*time.Millisecond); err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Fatal("jobs do not come to an end")
}
