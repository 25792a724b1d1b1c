package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

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

// organisations answers for every organisation alike.
type organisations struct {
	mu        sync.Mutex
	groupSize int
	synthetic bool
	err       error
}

func (o *organisations) set(groupSize int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.groupSize, o.err = groupSize, err
}

func (o *organisations) About(_ context.Context, t tenant.ID) (string, int, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return "Stad " + string(t), o.groupSize, o.synthetic, o.err
}

// world is the feature on a store.
type world struct {
	*Service
	t     testing.TB
	d     *db.DB
	clock *stepped
	orgs  *organisations
}

// maxUpload is the largest file with answers in tests, in bytes.
const maxUpload = 1 << 20

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	c := &stepped{at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	w := &world{t: t, d: d, clock: c, orgs: &organisations{groupSize: 5}}
	log := audit.New(d, c.now)
	queue := jobs.NewQueue(d, log, c.now, slog.New(slog.NewTextHandler(io.Discard, nil)), jobs.Options{Workers: 2, Poll: 2 * time.Millisecond})
	w.Service = New(Dependencies{DB: d, Audit: log, Queue: queue, Organisations: w.orgs, Now: c.now, Dir: t.TempDir(), MaxUpload: maxUpload})
	return w
}

// each runs a test on the feature on each engine.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

func person(o tenant.ID, roles ...access.Role) access.Actor {
	name := "employee"
	if len(roles) > 0 {
		name = string(roles[0])
	}
	return access.Actor{Kind: access.Person, Tenant: o, ID: name + "-" + string(o), Owner: name + "-" + string(o), Roles: roles}
}

func keyOf(p access.Actor, scopes ...access.Action) access.Actor {
	p.Kind, p.ID, p.Scopes = access.Key, "key-of-"+p.ID, scopes
	return p
}

var hr = person(dbtest.Ours, access.HR)

// small is a questionnaire of three questions.
const small = `id: small
version: "1"
title: {nl: Klein, fr: Petit, de: Klein, en: Small}
group_size: 5
items:
  - id: department
    kind: category
    topic: background
    group: true
    question: {nl: Dienst, fr: Service, de: Amt, en: Department}
  - id: age
    kind: single
    topic: background
    group: true
    question: {nl: Leeftijd, fr: Age, de: Alter, en: Age}
    options:
      - {id: young, label: {nl: jong, fr: jeune, de: jung, en: young}}
      - {id: old, label: {nl: oud, fr: vieux, de: alt, en: old}}
  - id: uses
    kind: single
    topic: use
    question: {nl: Gebruik, fr: Usage, de: Nutzung, en: Use}
    options:
      - {id: never, value: 0, label: {nl: nooit, fr: jamais, de: nie, en: never}}
      - {id: often, value: 1, label: {nl: vaak, fr: souvent, de: oft, en: often}}
`

// answers are of 60 people: 30 of finance, 20 of culture, 10 of sport, half of them often, and one cell nobody understands.
func answers() string {
	var b strings.Builder
	b.WriteString("department,age,uses\n")
	for i := range 60 {
		department := "finance"
		if i >= 30 {
			department = "culture"
		}
		if i >= 50 {
			department = "sport"
		}
		fmt.Fprintf(&b, "%s,%s,%s\n", department, []string{"young", "old"}[i/2%2], []string{"never", "often"}[i%2])
	}
	return strings.Replace(b.String(), "never", "SECRETCELL", 1)
}

// input is the form with which answers are added.
func (w *world) input(content string) SourceInput {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "uploaded")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return SourceInput{Name: "Voorjaar", Questionnaire: []byte(small), FileName: "answers.csv", File: path}
}

func (w *world) source(o tenant.ID) Source {
	w.t.Helper()
	src, err := w.AddSource(w.t.Context(), person(o, access.HR), w.input(answers()))
	if err != nil {
		w.t.Fatal(err)
	}
	return src
}

// start asks for a report and does not make it.
func (w *world) start(o tenant.ID, sourceID string) Report {
	w.t.Helper()
	r, err := w.Make(w.t.Context(), person(o, access.HR), Input{Source: sourceID, Title: "Rapport", Wave: "2026"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// run works on jobs until the test ends or stop is called.
func (w *world) run() (stop func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan struct{})
	go func() { w.Queue.Run(ctx); close(ended) }()
	stop = func() { cancel(); <-ended }
	w.t.Cleanup(stop)
	return stop
}

// until waits for a report to be in a state.
func (w *world) until(r Report, o tenant.ID, s State) Report {
	w.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		got, err := oneReport(w.t.Context(), w.d.Of(o), r.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		if got.State == s {
			return got
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the report of %s is %s and never %s: %v", r.Source, got.State, s, got.Trouble)
		}
	}
}

// ready makes a report of the answers of the fixture, without a queue that runs.
func (w *world) ready(o tenant.ID) Report {
	w.t.Helper()
	r := w.start(o, w.source(o).ID)
	stop := w.run()
	defer stop()
	return w.until(r, o, Ready)
}

// count returns the number of rows of a table, of every organisation.
func (w *world) count(table string) (n int) {
	w.t.Helper()
	if err := w.d.System().Row(w.t.Context(), `SELECT COUNT(*) FROM `+table, nil, &n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// logged counts the entries of the log about an action.
func (w *world) logged(action string) (n int) {
	w.t.Helper()
	if err := w.d.System().Row(w.t.Context(), `SELECT COUNT(*) FROM audit_log WHERE action = $1`, []any{action}, &n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// holds tells whether text stands anywhere in a table, whatever the column.
func (w *world) holds(table, column, text string) bool {
	w.t.Helper()
	found := false
	err := w.d.System().Rows(w.t.Context(), `SELECT `+column+` FROM `+table, func(scan func(...any) error) error {
		var b []byte
		err := scan(&b)
		found = found || bytes.Contains(b, []byte(text))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func ask(key string) asked.Request { return asked.Request{Key: key, What: "form"} }

// outcome names what became of something, for tables.
func outcome(err error) string {
	if p, known := problem.Of(err); known {
		return string(p.Kind)
	}
	if errors.Is(err, db.ErrNoRow) {
		return string(problem.NotFound)
	}
	if err != nil {
		return err.Error()
	}
	return "ok"
}

// wantOutcome fails the test unless an error is as wanted.
func wantOutcome(t testing.TB, what string, err error, want string) {
	t.Helper()
	if got := outcome(err); got != want {
		t.Errorf("%s: %s, want %s (%v)", what, got, want, err)
	}
}
