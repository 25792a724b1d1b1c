// Package wavetest gives tests waves in every state on a store, without the other parts of the feature.
package wavetest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// Start is where the clock of a world stands at first: a Tuesday at noon.
var Start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// Questionnaire is a questionnaire of two questions.
const Questionnaire = `id: small
version: "1"
title: {nl: Klein, fr: Petit, de: Klein, en: Small}
languages: [nl, fr, de, en]
group_size: 5
items:
  - id: department
    kind: single
    topic: background
    group: true
    question: {nl: Dienst, fr: Service, de: Amt, en: Department}
    options:
      - {id: finance, label: {nl: financiën, fr: finances, de: Finanzen, en: finance}}
      - {id: green, label: {nl: groen, fr: espaces verts, de: Grün, en: green}}
  - id: uses
    kind: single
    topic: use
    question: {nl: Gebruik, fr: Usage, de: Nutzung, en: Use}
    options:
      - {id: never, value: 0, label: {nl: nooit, fr: jamais, de: nie, en: never}}
      - {id: often, value: 1, label: {nl: vaak, fr: souvent, de: oft, en: often}}
`

// Clock stands still until a test moves it.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is the clock of the world.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Step moves the clock, also back.
func (c *Clock) Step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// World is the life of waves on a store, with parts beside it that a test looks into.
type World struct {
	*wave.Service
	T     testing.TB
	Clock *Clock

	mu        sync.Mutex
	yaml      string
	problems  []wave.Problem
	groupSize int
	mail      bool
	opened    []string
	reminded  []string
	published []string
	shown     []string // reports that were published without their wave
	forgotten []string
	closed    []string
	removed   []string
	closing   func(ctx context.Context, j *jobs.Job) (jobs.Finish, error)
}

// New returns a world on a store.
func New(t testing.TB, d *db.DB) *World {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	w := &World{T: t, Clock: &Clock{at: Start}, yaml: Questionnaire, groupSize: 5, mail: true}
	w.Service = w.Node(d, box)
	return w
}

// Node returns another node of the server on the same store.
func (w *World) Node(d *db.DB, box *seal.Box) *wave.Service {
	silent := slog.New(slog.NewTextHandler(io.Discard, nil))
	log := audit.New(d, w.Clock.Now)
	return wave.New(wave.Dependencies{
		DB: d, Audit: log, Queue: jobs.NewQueue(d, log, w.Clock.Now, silent, jobs.Options{Workers: 1, Poll: 2 * time.Millisecond}), Box: box, Now: w.Clock.Now, Log: silent,
		Organisations: w, Questionnaires: w, Inviter: w, Closer: w, Reports: reports{w}, NewKey: NewKey, MailOn: w.mailOn,
	})
}

// NewKey returns a pair of RSA keys of 2048 bits, always the same one: making them takes long.
func NewKey() (wave.Key, error) {
	k, err := oneKey()
	if err != nil {
		return wave.Key{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return wave.Key{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	sum := sha256.Sum256(public)
	return wave.Key{Private: private, Public: public, Fingerprint: hex.EncodeToString(sum[:])}, err
}

var oneKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// Asks changes the questionnaire that waves would ask, and what is wrong with it.
func (w *World) Asks(yaml string, problems ...wave.Problem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.yaml, w.problems = yaml, problems
}

// Least sets the smallest group of every organisation.
func (w *World) Least(k int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.groupSize = k
}

// Mails says whether the installation sends mail.
func (w *World) Mails(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mail = on
}

// Closes sets what the job that closes a wave does.
func (w *World) Closes(do func(ctx context.Context, j *jobs.Job) (jobs.Finish, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closing = do
}

// Done returns the ids of waves of which people were told that they opened, were reminded, and of reports and answers that
// were published and forgotten.
func (w *World) Done() (opened, reminded, published, forgotten []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.opened, w.reminded, w.published, w.forgotten
}

func (w *World) mailOn() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mail
}

// About implements wave.Organisations.
func (w *World) About(_ context.Context, t tenant.ID) (string, int, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return "Stad " + string(t), w.groupSize, false, nil
}

// Recipe implements wave.Questionnaires.
func (w *World) Recipe(base string) ([]byte, error) {
	if base != "small" {
		return nil, problem.New(problem.Invalid, wave.Locale(), "error.base", nil)
	}
	return []byte(`{"base":"small"}`), nil
}

// Compose implements wave.Questionnaires.
func (w *World) Compose(context.Context, db.Reader, *wave.Wave) ([]byte, []wave.Problem, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return []byte(w.yaml), w.problems, nil
}

// Opened implements wave.Inviter.
func (w *World) Opened(_ context.Context, s *db.Scope, v *wave.Wave) error {
	s.AfterCommit(func() { w.note(&w.opened, v.ID) })
	return nil
}

// Remind implements wave.Inviter.
func (w *World) Remind(_ context.Context, s *db.Scope, v *wave.Wave) error {
	s.AfterCommit(func() { w.note(&w.reminded, v.ID) })
	return nil
}

// Closed implements wave.Inviter.
func (w *World) Closed(_ context.Context, s *db.Scope, v *wave.Wave) error {
	s.AfterCommit(func() { w.note(&w.closed, v.ID) })
	return nil
}

// Removed implements wave.Inviter.
func (w *World) Removed(_ context.Context, s *db.Scope, v *wave.Wave) error {
	s.AfterCommit(func() { w.note(&w.removed, v.ID) })
	return nil
}

// Gone returns the ids of waves of which the people were forgotten because it closed, or was deleted.
func (w *World) Gone() (closed, removed []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed, w.removed
}

// Close implements wave.Closer.
func (w *World) Close(ctx context.Context, j *jobs.Job, _ *jobs.Progress) (jobs.Finish, error) {
	w.mu.Lock()
	do := w.closing
	w.mu.Unlock()
	if do != nil {
		return do(ctx, j)
	}
	return func(ctx context.Context, s *db.Scope) error {
		return wave.SetReport(ctx, s, j.Subject, "answers-"+j.Subject, "report-"+j.Subject)
	}, nil
}

// StageTitle implements wave.Closer.
func (w *World) StageTitle(string) problem.Message { return problem.Message{} }

// reports is the feature of reports, which notes what it is asked.
type reports struct{ w *World }

// Publish implements wave.Reports.
func (r reports) Publish(_ context.Context, _ access.Actor, reportID string) error {
	r.w.note(&r.w.published, reportID)
	return nil
}

// Published implements wave.Reports.
func (r reports) Published(_ context.Context, _ tenant.ID, reportID string) (bool, error) {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	return slices.Contains(r.w.published, reportID) || slices.Contains(r.w.shown, reportID), nil
}

// Shows lets a report be published among the reports, without the wave.
func (w *World) Shows(reportID string) { w.note(&w.shown, reportID) }

// DeleteSource implements wave.Reports.
func (r reports) DeleteSource(_ context.Context, _ access.Actor, sourceID string) error {
	r.w.note(&r.w.forgotten, sourceID)
	return nil
}

func (w *World) note(list *[]string, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*list = append(*list, what)
}

// Person is somebody of an organisation with roles.
func Person(o tenant.ID, roles ...access.Role) access.Actor {
	name := "employee"
	if len(roles) > 0 {
		name = string(roles[0])
	}
	return access.Actor{Kind: access.Person, Tenant: o, ID: name + "-" + string(o), Owner: name + "-" + string(o), Roles: roles}
}

// HR runs waves of our organisation.
func HR() access.Actor { return Person(dbtest.Ours, access.HR) }

// Terms are good ones.
func Terms(mode wave.Mode) wave.Terms {
	return wave.Terms{Title: "Voorjaar 2027", Mode: mode, Languages: []instrument.Lang{instrument.NL, instrument.FR}, GroupSize: 5, Retention: 365}
}

// Draft makes a draft with so many people in its frame and a plan: it opens in an hour and closes in two weeks.
func (w *World) Draft(mode wave.Mode, people int) wave.Wave {
	w.T.Helper()
	ctx := w.T.Context()
	made, err := w.Create(ctx, HR(), wave.Input{Terms: Terms(mode), Base: "small"})
	if err != nil {
		w.T.Fatal(err)
	}
	w.People(made.ID, "", people)
	if err := w.SetPlan(ctx, HR(), made.ID, made.Version, wave.Plan{Contact: "HR, 09 123 45 67",
		Moments: wave.Moments{Opens: w.Now().Add(time.Hour), Closes: w.Now().AddDate(0, 0, 14), Reminders: []time.Time{w.Now().AddDate(0, 0, 7)}}}); err != nil {
		w.T.Fatal(err)
	}
	return w.Get(made.ID)
}

// People puts people of a stratum in a frame: every other one has a mail address.
func (w *World) People(waveID, stratum string, n int) {
	w.T.Helper()
	ctx := w.T.Context()
	err := w.DB.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
		for i := range n {
			name := fmt.Sprintf("%s%s-%d", waveID, stratum, i)
			mail := ""
			if i%2 == 0 {
				mail = name + "@example.org"
			}
			department := []string{"finance", "green"}[i%2]
			if _, err := s.Exec(ctx, `INSERT INTO wave_people (tenant_id, wave_id, id, name, mail, language, groups, stratum, pin_hash)
VALUES ($1, $2, $3, $3, $4, 'nl', $5, $6, $3)`, waveID, name, mail, `{"department":"`+department+`"}`, stratum); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// Launched launches a draft: it waits for its moment.
func (w *World) Launched(mode wave.Mode, people int) wave.Wave {
	w.T.Helper()
	d := w.Draft(mode, people)
	if _, err := w.Launch(w.T.Context(), HR(), d.ID, d.Version, asked.Request{}); err != nil {
		w.T.Fatal(err)
	}
	return w.Get(d.ID)
}

// Running launches and opens a wave.
func (w *World) Running(mode wave.Mode, people int) wave.Wave {
	w.T.Helper()
	v := w.Launched(mode, people)
	if err := w.OpenNow(w.T.Context(), HR(), v.ID); err != nil {
		w.T.Fatal(err)
	}
	return w.Get(v.ID)
}

// Get returns a wave as it is now.
func (w *World) Get(waveID string) wave.Wave {
	w.T.Helper()
	got, err := wave.One(w.T.Context(), w.DB.Of(dbtest.Ours), waveID)
	if err != nil {
		w.T.Fatal(err)
	}
	return got
}

// Work works on jobs until none is left.
func (w *World) Work() {
	w.T.Helper()
	ctx, stop := context.WithCancel(w.T.Context())
	ended := make(chan struct{})
	go func() { w.Queue.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	for range 15_000 {
		waiting, running, err := w.Queue.Waiting(ctx)
		if err != nil {
			w.T.Fatal(err)
		}
		if waiting+running == 0 {
			return
		}
		if err := clock.Wait(ctx, 2*time.Millisecond); err != nil {
			w.T.Fatal(err)
		}
	}
	w.T.Fatal("the jobs do not end")
}
