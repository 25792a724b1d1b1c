package wave_test

import (
	"crypto/x509"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

func keysOf(list []wave.Problem) string {
	var out []string
	for _, p := range list {
		key := p.Key
		if p.Warns {
			key = "(" + key + ")"
		}
		out = append(out, key)
	}
	return strings.Join(out, " ")
}

// TestAllThatStandsInTheWayOfALaunchIsSaidAtOnce makes every mistake, alone and together.
func TestAllThatStandsInTheWayOfALaunchIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := wavetest.New(t, dbtest.SQLite(t))
	ctx := t.Context()
	bare, err := w.Create(ctx, hr, wave.Input{Base: "small", Terms: wavetest.Terms(wave.Anonymous)})
	if err != nil {
		t.Fatal(err)
	}
	few := w.Draft(wave.Anonymous, 4)
	strata := w.Draft(wave.Anonymous, 5)
	w.People(strata.ID, "depot", 3)
	openLink := w.Draft(wave.OpenLink, 0)
	good := w.Draft(wave.Confidential, 5)
	late := w.Draft(wave.Confidential, 5)
	missing := wave.Problem{Key: "translation", Message: problem.Message{}, Href: "/waves/x/questions"}
	for _, c := range []struct {
		what string
		id   string
		set  func()
		want string
	}{
		{"nothing but a title", bare.ID, func() {}, "no-people no-moments no-contact"},
		{"too few people", few.ID, func() {}, "few-people"},
		{"a part that is too small", strata.ID, func() {}, "small-stratum"},
		{"an open link without a frame", openLink.ID, func() {}, ""},
		{"good", good.ID, func() {}, ""},
		{"no mail", good.ID, func() { w.Mails(false) }, "(mail-off)"},
		{"a translation is missing", good.ID, func() { w.Asks("", missing) }, "translation (mail-off)"},
		{"no questionnaire", good.ID, func() { w.Asks("") }, "questionnaire (mail-off)"},
		{"a stricter organisation", good.ID, func() { w.Least(9); w.Asks(wavetest.Questionnaire) }, "group-size (mail-off)"},
		{"too late", late.ID, func() { w.Least(5); w.Mails(true); w.Clock.Step(20 * 24 * time.Hour) }, "closes-past"},
	} {
		c.set()
		got, err := w.Ready(ctx, hr, c.id)
		if err != nil || keysOf(got) != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.what, keysOf(got), c.want, err)
		}
		for _, p := range got {
			if p.Href == "" || p.Message.Bundle != nil && p.Message.In("nl") == "" {
				t.Errorf("%s: %s says nothing, or leads nowhere", c.what, p.Key)
			}
		}
		if blocking := wave.Blocking(got); len(blocking) > 0 {
			_, err := w.Launch(ctx, hr, c.id, w.Get(c.id).Version, asked.Request{})
			wants(t, "launch: "+c.what, err, "invalid "+strings.ReplaceAll(keysOf(blocking), " ", ","))
			if s := w.Get(c.id).State; s != wave.Draft {
				t.Errorf("%s: it is %s", c.what, s)
			}
		}
	}
}

func TestLaunchKeepsQuestionnaireKeysAndTermsTogether(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		d := w.Draft(wave.Anonymous, 6)
		w.People(d.ID, "depot", 7)
		request := asked.Request{Key: "k", What: d.ID}
		out, err := w.Launch(ctx, hr, d.ID, d.Version, request)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Launch(ctx, hr, d.ID, d.Version, request)
		if err != nil || again.Hash != out.Hash || len(again.Fingerprints) != 2 {
			t.Errorf("the same form again: %+v, %v", again, err)
		}
		_, err = w.Launch(ctx, hr, d.ID, d.Version, asked.Request{})
		wants(t, "another form", err, "conflict")

		got, r := w.Get(d.ID), w.DB.Of(dbtest.Ours)
		if got.State != wave.Scheduled || got.InstrumentHash != out.Hash || out.Hash != wave.HashOf([]byte(wavetest.Questionnaire)) || out.People != 13 {
			t.Errorf("%+v %+v", got, out)
		}
		l, err := wave.LaunchOf(ctx, r, d.ID)
		if err != nil || l.People != 13 || l.Mode != wave.Anonymous || l.GroupSize != 5 || l.Retention != 365 || l.InstrumentHash != out.Hash || !l.At.Equal(w.Now()) {
			t.Errorf("%+v, %v", l, err)
		}
		strata, err := wave.Strata(ctx, r, d.ID)
		if err != nil || len(strata) != 2 || strata[0].Name != "" || strata[0].People != 6 || strata[1].Name != "depot" || strata[1].People != 7 {
			t.Fatalf("%+v, %v", strata, err)
		}
		private, err := strata[1].PrivateKey(w.Box, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x509.ParsePKCS8PrivateKey(private); err != nil {
			t.Error(err)
		}
		if _, err := strata[1].PrivateKey(w.Box, "another"); !errors.Is(err, seal.ErrBroken) {
			t.Errorf("the key opens for another wave: %v", err)
		}
		swapped := wave.Stratum{Name: "", Private: strata[1].Private}
		if _, err := swapped.PrivateKey(w.Box, d.ID); !errors.Is(err, seal.ErrBroken) {
			t.Errorf("the key opens for another stratum: %v", err)
		}
		answers, err := wave.AnswersKey(ctx, r, w.Box, d.ID)
		if err != nil || len(answers) != 32 {
			t.Errorf("%d bytes, %v", len(answers), err)
		}
		var detail string
		if err := r.Row(ctx, `SELECT detail FROM audit_log WHERE tenant_id = $1 AND action = 'wave.launched'`, nil, &detail); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{out.Hash, out.Fingerprints[0], `"13"`, "anonymous"} {
			if !strings.Contains(detail, part) {
				t.Errorf("the log does not say %s: %s", part, detail)
			}
		}
	})
}

func TestLogOfALaunchSpeaksOfKeysOnlyWhereThereAreAny(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		for _, mode := range wave.Modes() {
			d := w.Draft(mode, 12)
			if _, err := w.Launch(t.Context(), hr, d.ID, d.Version, asked.Request{}); err != nil {
				t.Fatal(err)
			}
			var detail string
			if err := w.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT detail FROM audit_log WHERE tenant_id = $1 AND action = 'wave.launched' AND subject = $2`, []any{d.ID}, &detail); err != nil {
				t.Fatal(err)
			}
			if says := strings.Contains(detail, `"keys"`); says != (mode == wave.Anonymous) {
				t.Errorf("the log of a launch in mode %s: %s", mode, detail)
			}
		}
	})
}

func TestWaveWhoseMomentHasComeOpensWithItsLaunch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		d := w.Draft(wave.OpenLink, 0)
		w.Clock.Step(2 * time.Hour)
		out, err := w.Launch(t.Context(), hr, d.ID, d.Version, asked.Request{})
		got := w.Get(d.ID)
		if err != nil || out.State != wave.Open || got.State != wave.Open || !got.Opens.Equal(w.Now()) || !got.Takes(w.Now()) {
			t.Errorf("%+v %+v, %v", out, got, err)
		}
		if opened, _, _, _ := w.Done(); len(opened) != 1 {
			t.Errorf("people were told %d times", len(opened))
		}
		strata, err := wave.Strata(t.Context(), w.DB.Of(dbtest.Ours), d.ID)
		if err != nil || len(strata) != 0 {
			t.Errorf("an open link has %d keys, %v", len(strata), err)
		}
	})
}

// TestOnlyOneOfManyLaunchesHolds launches at the same time, each with keys of its own.
func TestOnlyOneOfManyLaunchesHolds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		d := w.Draft(wave.Anonymous, 10)
		var all sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 5 {
			all.Go(func() {
				_, err := w.Launch(t.Context(), hr, d.ID, d.Version, asked.Request{})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if outcome(err) != "conflict" {
					t.Error(err)
				}
			})
		}
		all.Wait()
		strata, err := wave.Strata(t.Context(), w.DB.Of(dbtest.Ours), d.ID)
		if won != 1 || len(strata) != 1 || err != nil {
			t.Errorf("%d launches held, %d keys, %v", won, len(strata), err)
		}
	})
}

// TestNoTermOfALaunchedWaveCanBeChanged tries it by plain SQL, and by everything that the service offers.
func TestNoTermOfALaunchedWaveCanBeChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Launched(wave.Anonymous, 10)
		exec := func(query string) error {
			return w.DB.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
				_, err := s.Exec(ctx, query+` AND tenant_id = $1`)
				return err
			})
		}
		for _, set := range []string{"mode = 'confidential'", "mode = 'open'", "group_size = 6", "group_size = 50", "retention_days = 3650", "linked = TRUE",
			"instrument_hash = 'x'", "instrument_hash = ''", "id = 'other'"} {
			if err := exec(`UPDATE waves SET ` + set + ` WHERE 1 = 1`); !errors.Is(err, db.ErrRefers) {
				t.Errorf("waves: %s: %v", set, err)
			}
		}
		for _, set := range []string{"mode = 'open'", "group_size = 6", "retention_days = 3650", "linked = TRUE", "instrument_hash = 'x'", "wave_id = 'other'"} {
			if err := exec(`UPDATE wave_launches SET ` + set + ` WHERE 1 = 1`); !errors.Is(err, db.ErrRefers) {
				t.Errorf("wave_launches: %s: %v", set, err)
			}
		}
		for _, gone := range []string{"waves", "wave_launches"} {
			if err := exec(`DELETE FROM ` + gone + ` WHERE 1 = 1`); !errors.Is(err, db.ErrRefers) {
				t.Errorf("delete %s: %v", gone, err)
			}
		}
		if err := w.DB.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
			_, err := s.Exec(ctx, `INSERT INTO wave_launches (tenant_id, wave_id, mode, instrument_hash, group_size, retention_days, linked, people, launched_at)
SELECT tenant_id, id, mode, instrument_hash, group_size, retention_days, linked, 1, 1 FROM waves WHERE tenant_id = $1`)
			return err
		}); !errors.Is(err, db.ErrExists) {
			t.Errorf("a second launch: %v", err)
		}
		wants(t, "change", w.Change(ctx, hr, v.ID, v.Version, wavetest.Terms(wave.OpenLink)), "conflict")
		wants(t, "delete", w.Delete(ctx, hr, v.ID), "conflict")
		plan := wave.Plan{Contact: "x", Moments: wave.Moments{Opens: v.Opens.Add(time.Hour), Closes: v.Closes}}
		wants(t, "another moment to open", w.SetPlan(ctx, hr, v.ID, v.Version, plan), "invalid opens")
		plan.Opens, plan.Closes, plan.Contact = v.Opens, time.Time{}, ""
		wants(t, "never closing, and nobody to ask", w.SetPlan(ctx, hr, v.ID, v.Version, plan), "invalid closes,contact")
		plan.Closes, plan.Contact = v.Closes.Add(time.Hour), "y"
		wants(t, "what may change", w.SetPlan(ctx, hr, v.ID, v.Version, plan), "ok")
		if got := w.Get(v.ID); got.Mode != v.Mode || got.GroupSize != v.GroupSize || got.InstrumentHash != v.InstrumentHash || got.State != wave.Scheduled {
			t.Errorf("%+v", got)
		}
	})
}

// TestLaunchStaysWhileAnswersAreThere: also once its keys are gone, the launch holds answers that came in.
func TestLaunchStaysWhileAnswersAreThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		v := w.Running(wave.OpenLink, 0)
		err := w.DB.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
			if _, err := s.Exec(ctx, `INSERT INTO wave_answers (tenant_id, wave_id, key, stratum, ballot, sealed) VALUES ($1, $2, $3, '', $3, $3)`, v.ID, []byte("k")); err != nil {
				return err
			}
			_, err := s.Exec(ctx, `DELETE FROM wave_launches WHERE tenant_id = $1`)
			return err
		})
		if !errors.Is(err, db.ErrRefers) {
			t.Errorf("the launch goes: %v", err)
		}
	})
}

func TestQuestionnaireThatWasChangedInTheStoreIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx, r := t.Context(), w.DB.Of(dbtest.Ours)
		d := w.Draft(wave.Anonymous, 10)
		if _, err := wave.Instrument(ctx, r, d.ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("before the launch: %v", err)
		}
		if _, err := w.Launch(ctx, hr, d.ID, d.Version, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		kept := wave.NewInstruments()
		in, err := kept.Of(ctx, r, d.ID)
		if err != nil || in.ID != "small" {
			t.Fatalf("%+v, %v", in, err)
		}
		if same, err := kept.Of(ctx, r, d.ID); err != nil || same != in {
			t.Errorf("it is read twice: %v", err)
		}
		tamper(t, w, d.ID, strings.Replace(wavetest.Questionnaire, "Gebruik", "Misbruik", 1))
		if _, err := wave.Instrument(ctx, r, d.ID); !errors.Is(err, wave.ErrTampered) {
			t.Errorf("a changed text is asked: %v", err)
		}
		if _, err := wave.NewInstruments().Of(ctx, r, d.ID); !errors.Is(err, wave.ErrTampered) {
			t.Errorf("a changed text is asked: %v", err)
		}
		if same, err := kept.Of(ctx, r, d.ID); err != nil || same != in {
			t.Errorf("what was read before the change is the right one: %v", err)
		}
	})
}

func tamper(t *testing.T, w *wavetest.World, waveID, yaml string) {
	t.Helper()
	if err := w.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
		_, err := s.Exec(t.Context(), `UPDATE wave_questionnaires SET yaml = $3 WHERE tenant_id = $1 AND wave_id = $2`, waveID, yaml)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
