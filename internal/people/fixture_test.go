package people

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/store"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// about is an organisation of which groups of 10 may be shown.
type about struct{}

func (about) About(context.Context, tenant.ID) (string, int, bool, error) {
	return "Stad Voorbeeld", 10, true, nil
}

// accounts are known by "account -> mail number".
type accounts map[string][2]string

func (a accounts) Of(_ context.Context, _ db.Reader, account string) (mail, number string, err error) {
	return a[account][0], a[account][1], nil
}

func (a accounts) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return "Naam van " + account, nil
}

// world is the feature with workers that run its jobs.
type world struct {
	*Service
	t        testing.TB
	accounts accounts
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	silent := slog.New(slog.NewTextHandler(io.Discard, nil))
	now := clock.System()
	log := audit.New(d, now)
	queue := jobs.NewQueue(d, log, now, silent, jobs.Options{Workers: 2, Poll: 5 * time.Millisecond})
	w := &world{t: t, accounts: accounts{}}
	w.Service = New(Dependencies{DB: d, Audit: log, Queue: queue, Box: box, Now: now, Log: silent, Organisations: about{}, Accounts: w.accounts, Dir: t.TempDir(), MaxUpload: 64 << 20})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return w
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

func hr() access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, Owner: "hr", Roles: []access.Role{access.HR}}
}

func as(account string, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, Owner: account, Roles: roles}
}

// settle waits until no job waits or runs.
func (w *world) settle() {
	w.t.Helper()
	for range 4000 + *large { // many people take longer
		waiting, running, err := w.Queue.Waiting(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if waiting+running == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatal("jobs do not come to an end")
}

// file writes a file and returns its path.
func (w *world) file(text string) string {
	w.t.Helper()
	path := filepath.Join(w.t.(interface{ TempDir() string }).TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// source adds a source whose files hold everybody.
func (w *world) source(name string) string {
	w.t.Helper()
	v, err := w.AddSource(w.t.Context(), hr(), SourceInput{Name: name, Complete: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return v.ID
}

// bring receives a file and returns its import after what follows by itself.
func (w *world) bring(source, text string, unattended bool) store.Import {
	w.t.Helper()
	importID, err := w.Receive(w.t.Context(), hr(), Arrival{Source: source, FileName: `C:\temp\export.csv`, Path: w.file(text), Unattended: unattended, Asked: asked.Request{Key: id.Token()}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	return w.imported(importID)
}

func (w *world) imported(importID string) store.Import {
	w.t.Helper()
	v, err := w.Import(w.t.Context(), hr(), importID)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// mapped takes the proposal for an import as it is.
func (w *world) mapped(v store.Import) store.Import {
	w.t.Helper()
	reading, err := ReadingOf(&v)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := mapping.Parse(reading.Mapping)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Map(w.t.Context(), hr(), v.ID, m, v.Version); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	return w.imported(v.ID)
}

// applied lets a previewed import count.
func (w *world) taken(v store.Import, loss bool) store.Import {
	w.t.Helper()
	if err := w.Apply(w.t.Context(), hr(), v.ID, v.Version, loss); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	return w.imported(v.ID)
}

// names lists who is in service.
func (w *world) names() string {
	w.t.Helper()
	page, err := w.Search(w.t.Context(), hr(), store.Query{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	var list []string
	for i := range page.People {
		list = append(list, page.People[i].Name())
	}
	return strings.Join(list, ", ")
}
