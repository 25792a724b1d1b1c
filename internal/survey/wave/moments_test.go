package wave_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

// run lets two nodes look for moments at the same time, twice.
func run(t *testing.T, w *wavetest.World) {
	t.Helper()
	nodes := []*wave.Service{w.Service, w.Node(w.DB, w.Box)}
	for range 2 {
		var all sync.WaitGroup
		for _, n := range nodes {
			all.Go(func() {
				if err := n.Due(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}

func logged(t *testing.T, w *wavetest.World, action string) (n int) {
	t.Helper()
	if err := w.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = $2`, []any{action}, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWaveGoesThroughItsMomentsOnce lives through a wave on two nodes: each move is made once, however often they look.
func TestWaveGoesThroughItsMomentsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		v := w.Launched(wave.Anonymous, 10)
		for _, step := range []struct {
			what   string
			pass   time.Duration
			state  wave.State
			logged map[string]int
		}{
			{"before it opens", 59 * time.Minute, wave.Scheduled, map[string]int{"wave.opened": 0}},
			{"when it opens", time.Minute, wave.Open, map[string]int{"wave.opened": 1, "wave.reminded": 0}},
			{"before the reminder", 6 * 24 * time.Hour, wave.Open, map[string]int{"wave.reminded": 0}},
			{"at the reminder", 23 * time.Hour, wave.Open, map[string]int{"wave.reminded": 1}},
			{"before it closes", 7*24*time.Hour - time.Second, wave.Open, map[string]int{"wave.reminded": 1, "wave.closed": 0}},
			{"when it closes", time.Second, wave.Closed, map[string]int{"wave.opened": 1, "wave.reminded": 1, "wave.closed": 1}},
		} {
			w.Clock.Step(step.pass)
			run(t, w)
			if got := w.Get(v.ID); got.State != step.state {
				t.Errorf("%s: %s", step.what, got.State)
			}
			for action, n := range step.logged {
				if got := logged(t, w, action); got != n {
					t.Errorf("%s: %s %d times, want %d", step.what, action, got, n)
				}
			}
		}
		got := w.Get(v.ID)
		if !got.Closes.Equal(v.Closes) || got.Settings.Job == "" {
			t.Errorf("%+v", got)
		}
		if closed, _ := w.Gone(); len(closed) != 1 {
			t.Errorf("the people are forgotten %d times", len(closed))
		}
		w.Work()
		if got = w.Get(v.ID); got.Report != "report-"+v.ID || got.Source != "answers-"+v.ID {
			t.Errorf("%+v", got)
		}
		wants(t, "publish", w.Publish(t.Context(), hr, v.ID), "ok")
		wants(t, "publish again", w.Publish(t.Context(), hr, v.ID), "ok")
		if _, _, published, _ := w.Done(); len(published) != 1 || w.Get(v.ID).State != wave.Published {
			t.Errorf("published %v", published)
		}
		w.Clock.Step(364 * 24 * time.Hour)
		run(t, w)
		if w.Get(v.ID).Source == "" {
			t.Error("the answers go before their time")
		}
		w.Clock.Step(24 * time.Hour)
		run(t, w)
		if got := w.Get(v.ID); got.Source != "" || got.Report == "" || logged(t, w, "wave.forgotten") < 1 {
			t.Errorf("%+v", got)
		}
	})
}

// TestRemindersThatCameDueTogetherAreOne: a server that was off for days sends one mail, not as many as it missed.
func TestAWaveFollowsAReportThatWasPublishedByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		v := w.Running(wave.OpenLink, 0)
		if err := w.CloseNow(t.Context(), wavetest.HR(), v.ID); err != nil {
			t.Fatal(err)
		}
		w.Work()
		run(t, w)
		if got := w.Get(v.ID); got.State != wave.Closed {
			t.Fatalf("nobody published anything, and the wave is %s", got.State)
		}
		w.Shows(w.Get(v.ID).Report)
		for range 2 {
			run(t, w)
		}
		if got := w.Get(v.ID); got.State != wave.Published || logged(t, w, "wave.published") != 1 {
			t.Errorf("the wave is %s, logged %d times", got.State, logged(t, w, "wave.published"))
		}
	})
}

func TestRemindersThatCameDueTogetherAreOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Running(wave.Confidential, 10)
		plan := wave.Plan{Contact: "x", Moments: wave.Moments{Opens: v.Opens, Closes: v.Closes}}
		for _, day := range []int{2, 3, 4, 9} {
			plan.Reminders = append(plan.Reminders, v.Opens.AddDate(0, 0, day))
		}
		wants(t, "plan", w.SetPlan(ctx, hr, v.ID, v.Version, plan), "ok")
		w.Clock.Step(5 * 24 * time.Hour)
		run(t, w)
		w.Clock.Step(time.Hour)
		run(t, w)
		w.Clock.Step(-3 * 24 * time.Hour) // somebody sets the clock back
		run(t, w)
		if _, reminded, _, _ := w.Done(); len(reminded) != 1 {
			t.Errorf("reminded %d times", len(reminded))
		}
		w.Clock.Step(7 * 24 * time.Hour)
		run(t, w)
		if _, reminded, _, _ := w.Done(); len(reminded) != 2 {
			t.Errorf("reminded %d times", len(reminded))
		}
	})
}

// TestWaveWhoseTimePassedUnseenWaitsForSomebody: the server was off from before it opens until after it closes.
func TestWaveWhoseTimePassedUnseenWaitsForSomebody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Launched(wave.Anonymous, 10)
		w.Clock.Step(30 * 24 * time.Hour)
		run(t, w)
		if got := w.Get(v.ID); got.State != wave.Scheduled {
			t.Fatalf("it is %s", got.State)
		}
		wants(t, "open", w.OpenNow(ctx, hr, v.ID), "conflict")
		wants(t, "to the past", w.Extend(ctx, hr, v.ID, w.Now()), "invalid closes")
		wants(t, "later", w.Extend(ctx, hr, v.ID, w.Now().AddDate(0, 0, 7)), "ok")
		run(t, w)
		if got := w.Get(v.ID); got.State != wave.Open || !got.Takes(w.Now()) {
			t.Errorf("it is %s", got.State)
		}
	})
}

func TestEndMovesWhileTheWaveRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Running(wave.Anonymous, 10)
		d := w.Draft(wave.Anonymous, 10)
		wants(t, "a draft", w.Extend(ctx, hr, d.ID, v.Closes), "conflict")
		wants(t, "of others", w.Extend(ctx, theirs, v.ID, v.Closes), "no row")
		wants(t, "more than a year", w.Extend(ctx, hr, v.ID, v.Opens.AddDate(2, 0, 0)), "invalid closes")
		wants(t, "earlier", w.Extend(ctx, hr, v.ID, w.Now().Add(time.Hour)), "ok")
		if got := w.Get(v.ID); len(got.Settings.Reminders) != 0 {
			t.Errorf("a reminder stays behind the end: %v", got.Settings.Reminders)
		}
		w.Clock.Step(2 * time.Hour)
		if got := w.Get(v.ID); got.Takes(w.Now()) {
			t.Error("it takes answers after its end")
		}
		// The end has passed and nothing closed it yet, so it can still be moved.
		wants(t, "later", w.Extend(ctx, hr, v.ID, w.Now().AddDate(0, 0, 3)), "ok")
		if got := w.Get(v.ID); !got.Takes(w.Now()) {
			t.Error("it takes no answers")
		}
		wants(t, "close", w.CloseNow(ctx, hr, v.ID), "ok")
		wants(t, "close again", w.CloseNow(ctx, hr, v.ID), "ok")
		wants(t, "move the end of what is closed", w.Extend(ctx, hr, v.ID, w.Now().AddDate(0, 0, 3)), "conflict")
		wants(t, "open what is closed", w.OpenNow(ctx, hr, v.ID), "conflict")
		wants(t, "plan what is closed", w.SetPlan(ctx, hr, v.ID, 0, wave.Plan{Contact: "x"}), "conflict")
		if got := w.Get(v.ID); got.State != wave.Closed || !got.Closes.Equal(w.Now()) || logged(t, w, "wave.closed") != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// TestReportThatCouldNotBeMadeCanBeAskedAgain lets the job fail for good.
func TestReportThatCouldNotBeMadeCanBeAskedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Running(wave.Anonymous, 10)
		w.Closes(func(context.Context, *jobs.Job) (jobs.Finish, error) { return nil, errFinal() })
		wants(t, "close", w.CloseNow(ctx, hr, v.ID), "ok")
		w.Work()
		job := w.Get(v.ID).Settings.Job
		wants(t, "publish", w.Publish(ctx, hr, v.ID), "conflict")
		w.Closes(nil)
		wants(t, "again", w.MakeReport(ctx, hr, v.ID, asked.Request{Key: "k"}), "ok")
		wants(t, "twice", w.MakeReport(ctx, hr, v.ID, asked.Request{Key: "k"}), "ok")
		w.Work()
		if got := w.Get(v.ID); got.Report == "" || got.Settings.Job == job {
			t.Errorf("%+v", got)
		}
		wants(t, "when it is there", w.MakeReport(ctx, hr, v.ID, asked.Request{}), "conflict")
	})
}

func TestAWaveToWhichTooFewAnsweredGetsNoReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Running(wave.Anonymous, 10)
		w.Closes(func(_ context.Context, j *jobs.Job) (jobs.Finish, error) {
			return func(ctx context.Context, tx *db.Scope) error {
				_, err := tx.Exec(ctx, `UPDATE wave_launches SET answers_key = NULL WHERE tenant_id = $1 AND wave_id = $2`, j.Subject)
				return err
			}, nil
		})
		wants(t, "close", w.CloseNow(ctx, hr, v.ID), "ok")
		w.Work()
		was := w.Get(v.ID).Settings.Job
		wants(t, "ask for its report", w.MakeReport(ctx, hr, v.ID, asked.Request{Key: "k"}), "conflict")
		if p, ok := problem.Of(w.MakeReport(ctx, hr, v.ID, asked.Request{})); !ok || !strings.Contains(p.Message.In(instrument.NL), "te weinig antwoorden") {
			t.Errorf("it says %v", p)
		}
		if got := w.Get(v.ID); got.Settings.Job != was || got.Report != "" {
			t.Errorf("a job was started: %+v", got.Settings)
		}
	})
}

func errFinal() error {
	_, err := (*wavetest.World)(nil).Recipe("none") // a problem that trying again cannot mend
	return err
}

// TestNothingOpensOrClosesRightAfterTheClockJumped lets the machine's clock run ahead by a month for a moment.
func TestNothingOpensOrClosesRightAfterTheClockJumped(t *testing.T) {
	t.Parallel()
	w := wavetest.New(t, dbtest.SQLite(t))
	w.Poll = 5 * time.Millisecond
	v := w.Running(wave.Anonymous, 10)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { w.Run(ctx) })
	defer func() { stop(); all.Wait() }()
	time.Sleep(50 * time.Millisecond)
	w.Clock.Step(31 * 24 * time.Hour)
	time.Sleep(150 * time.Millisecond)
	if got := w.Get(v.ID); got.State != wave.Open {
		t.Fatalf("a jump of the clock left it %s", got.State)
	}
	w.Clock.Step(-31 * 24 * time.Hour)
	time.Sleep(50 * time.Millisecond)
	if got := w.Get(v.ID); got.State != wave.Open || !got.Takes(w.Now()) {
		t.Errorf("it is %s", got.State)
	}
}

// TestWaveMovesOnByItself runs the loop on a clock that passes evenly.
func TestWaveMovesOnByItself(t *testing.T) {
	t.Parallel()
	w := wavetest.New(t, dbtest.SQLite(t))
	w.Poll = 5 * time.Millisecond
	d := w.Draft(wave.Anonymous, 10)
	wants(t, "plan", w.SetPlan(t.Context(), hr, d.ID, d.Version, wave.Plan{Contact: "x", Moments: wave.Moments{Opens: w.Now().Add(20 * time.Second), Closes: d.Closes}}), "ok")
	if _, err := w.Launch(t.Context(), hr, d.ID, d.Version+1, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { w.Run(ctx) })
	defer func() { stop(); all.Wait() }()
	deadline := time.Now().Add(20 * time.Second)
	for passed := 0; w.Get(d.ID).State != wave.Open; passed++ {
		if passed < 30 { // less than a jump in all
			w.Clock.Step(time.Second)
		}
		time.Sleep(2 * time.Millisecond)
		if time.Now().After(deadline) {
			t.Fatal("it does not open")
		}
	}
}

// TestMomentOfOneWaveThatFailsDoesNotKeepTheOthers breaks one wave in the store.
func TestMomentOfOneWaveThatFailsDoesNotKeepTheOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		broken, good := w.Launched(wave.Anonymous, 10), w.Launched(wave.Anonymous, 10)
		if err := w.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			_, err := s.Exec(t.Context(), `UPDATE waves SET settings = 'broken' WHERE tenant_id = $1 AND id = $2`, broken.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.Clock.Step(2 * time.Hour)
		if err := w.Due(t.Context()); err == nil || errors.Is(err, db.ErrNoRow) {
			t.Errorf("nothing is said: %v", err)
		}
		if got := w.Get(good.ID); got.State != wave.Open {
			t.Errorf("the other is %s", got.State)
		}
	})
}
