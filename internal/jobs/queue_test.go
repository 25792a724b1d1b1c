package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
)

func TestMessagesAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestOneJobPerKeyWaitsOrRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		ids := make([]string, 8)
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) (err error) {
					ids[i], err = w.Add(t.Context(), s, New{Kind: "simple", Unique: "k"})
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := slices.Compact(slices.Clone(ids)); len(got) != 1 {
			t.Fatalf("one key gave the jobs %v", got)
		}
		if other := w.add(New{Kind: "simple", Unique: "other"}); other == ids[0] {
			t.Error("another key gave the same job")
		}
		if theirs := w.addFor(dbtest.Theirs, New{Kind: "simple", Unique: "k"}); theirs == ids[0] {
			t.Error("another organisation got our job")
		}
		w.run()
		w.untilState(ids[0], Done)
		next := w.add(New{Kind: "simple", Unique: "k"})
		if next == ids[0] {
			t.Error("a job that has ended still holds its key")
		}
		w.untilState(next, Done)
		if got := effects(t, d); got[ids[0]] != 1 || got[next] != 1 {
			t.Errorf("results: %v", got)
		}
	})
}

func TestJobComesWithTheChangeThatAsksForItOrNotAtAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		var jobID string
		err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) (err error) {
			jobID, err = w.Add(t.Context(), s, New{Kind: "simple"})
			return errors.Join(err, errAgain)
		})
		if !errors.Is(err, errAgain) {
			t.Fatal(err)
		}
		if _, err := w.Get(t.Context(), hr(), jobID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a job of a change that was not kept: %v", err)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			_, err := w.Add(t.Context(), s, New{Kind: "nobody knows it"})
			return err
		}); err == nil {
			t.Error("a job of a kind that nobody registered was taken")
		}
	})
}

func TestJobDoesNotStartBeforeItsTime(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	w := newWorld(t, d, simple())
	w.run()
	jobID := w.add(New{Kind: "simple", RunAt: w.clock.now().Add(time.Hour)})
	time.Sleep(30 * time.Millisecond)
	if j := w.job(jobID); j.State != Waiting || j.Attempt != 0 {
		t.Errorf("%+v", j)
	}
	w.clock.step(time.Hour)
	w.untilState(jobID, Done)
}

func TestStoppedJobEndsItsWorkAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		began, ended := make(chan struct{}), make(chan struct{})
		k := simple()
		k.Run = func(ctx context.Context, j *Job, _ *Progress) (Finish, error) {
			close(began)
			<-ctx.Done()
			close(ended)
			return effect(j.ID), nil // it may as well have been ready
		}
		k.Failed = func(ctx context.Context, s *db.Scope, j *Job) error { return effect(string(j.State)+" "+j.ID)(ctx, s) }
		w := newWorld(t, d, k)
		w.Queue = queueOn(d, clock.System(), Options{Lease: 900 * time.Millisecond, Poll: 2 * time.Millisecond})
		w.Register(k)
		w.run()
		jobID := w.add(New{Kind: "simple", Account: "me"})
		<-began
		if err := w.Stop(t.Context(), hr(), jobID); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("the work goes on")
		}
		if j := w.job(jobID); j.State != Cancelled || j.Finished.IsZero() {
			t.Errorf("%+v", j)
		}
		if err := w.Stop(t.Context(), hr(), jobID); !problem.Is(err, problem.Conflict) {
			t.Errorf("stopped twice: %v", err)
		}
		// A next job is taken on, so the worker has come back from the first.
		k.Run = func(_ context.Context, j *Job, _ *Progress) (Finish, error) { return effect(j.ID), nil }
		w.Register(Kind{Name: "next", Run: k.Run})
		next := w.add(New{Kind: "next"})
		w.untilState(next, Done)
		if got := effects(t, d); got[jobID] != 0 || got["cancelled "+jobID] != 1 || got[next] != 1 {
			t.Errorf("results: %v", got)
		}
		var entries int
		if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = 'job.stopped' AND subject = $2`,
			[]any{jobID}, &entries); err != nil || entries != 1 {
			t.Errorf("%d lines in the log, %v", entries, err)
		}
	})
}

func TestPeopleSeeAndStopTheirOwnJobsAndHRThoseOfTheOrganisation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, simple())
		if d.Engine == db.PostgreSQL { // as in a database that was made with a language of its own
			if err := d.System().Write(t.Context(), func(s *db.System) error {
				_, err := s.Exec(t.Context(), `ALTER TABLE jobs ALTER COLUMN id TYPE TEXT COLLATE "nl-x-icu"`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		mine := w.add(New{Kind: "simple", Account: "me"})
		w.clock.step(time.Second)
		colleague := w.add(New{Kind: "simple", Account: "colleague"})
		w.clock.step(time.Second)
		program := w.add(New{Kind: "simple"})
		theirs := w.addFor(dbtest.Theirs, New{Kind: "simple", Account: "me"})
		me := access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "me", Owner: "me"}
		key := func(scopes ...access.Action) access.Actor {
			return access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "key", Owner: "me", Scopes: scopes}
		}
		foreign := hr()
		foreign.Tenant = dbtest.Theirs
		for name, c := range map[string]struct {
			actor access.Actor
			want  []string
		}{
			"HR":                {hr(), []string{program, colleague, mine}},
			"owner":             {me, []string{mine}},
			"key of owner":      {key(access.ReadJob, access.StopJob), []string{mine}},
			"key without scope": {key(access.ReadReport), nil},
			"visitor":           {access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}, nil},
			"HR of another":     {foreign, []string{theirs}},
		} {
			list, err := w.List(t.Context(), c.actor, "", 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, j := range list {
				got = append(got, j.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s sees %v, want %v", name, got, c.want)
			}
			for _, jobID := range []string{mine, colleague, program, theirs} {
				_, err := w.Get(t.Context(), c.actor, jobID)
				if sees := slices.Contains(c.want, jobID); sees != (err == nil) || !sees && !errors.Is(err, db.ErrNoRow) {
					t.Errorf("%s asks for %s: %v", name, jobID, err)
				}
				if slices.Contains(c.want, jobID) {
					continue
				}
				if err := w.Stop(t.Context(), c.actor, jobID); !errors.Is(err, db.ErrNoRow) {
					t.Errorf("%s stops %s: %v", name, jobID, err)
				}
			}
		}
		rest, err := w.List(t.Context(), hr(), program, 1)
		if err != nil || len(rest) != 1 || rest[0].ID != colleague {
			t.Errorf("the next page: %v, %v", rest, err)
		}
		if err := w.Stop(t.Context(), me, mine); err != nil {
			t.Errorf("one cannot stop one's own: %v", err)
		}
	})
}

func TestJobSaysWhatItDoesAndWhereItLeads(t *testing.T) {
	t.Parallel()
	k := simple()
	k.StageTitle = func(stage string) problem.Message { return problem.Message{Bundle: locale(), Key: stage} }
	k.Link, k.LinkAction = func(j Job) string { return "/reports/" + j.Subject }, access.MakeReport
	q := queueOn(nil, clock.System(), Options{})
	q.Register(k)
	j := &Job{Kind: "simple", Subject: "7", Stage: "title"}
	if q.Title(j).In("nl") == "" || q.StageTitle(j).In("nl") == "" || q.Link(hr(), j) != "/reports/7" {
		t.Errorf("%q, %q, %q", q.Title(j).In("nl"), q.StageTitle(j).In("nl"), q.Link(hr(), j))
	}
	employee := hr()
	employee.Roles = nil
	if got := q.Link(employee, j); got != "" {
		t.Errorf("it leads somebody to %s, who may not go there", got)
	}
	j = &Job{Kind: "nobody knows it", Stage: "title"}
	if got := fmt.Sprint(q.Title(j).In("nl"), q.StageTitle(j).In("nl"), q.Link(hr(), j)); got != "" {
		t.Errorf("of an unknown kind: %q", got)
	}
}
