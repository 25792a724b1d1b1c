package wave_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

// each runs a test on the life of waves on each engine.
func each(t *testing.T, test func(t *testing.T, w *wavetest.World)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, wavetest.New(t, d)) })
}

// outcome names what became of something.
func outcome(err error) string {
	if p, known := problem.Of(err); known {
		var fields []string
		for _, f := range p.Fields {
			fields = append(fields, f.Name)
		}
		return strings.TrimSpace(string(p.Kind) + " " + strings.Join(fields, ","))
	}
	if errors.Is(err, db.ErrNoRow) {
		return "no row"
	}
	if err != nil {
		return err.Error()
	}
	return "ok"
}

func wants(t testing.TB, what string, err error, want string) {
	t.Helper()
	if got := outcome(err); got != want {
		t.Errorf("%s: %s, want %s (%v)", what, got, want, err)
	}
}

var (
	hr     = wavetest.HR()
	theirs = wavetest.Person(dbtest.Theirs, access.HR)
)

func TestEveryTermIsCheckedAndAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := wavetest.New(t, dbtest.SQLite(t))
	w.Least(8)
	bad := wave.Input{Base: "none", Terms: wave.Terms{Title: " ", Mode: "secret", GroupSize: 7, Retention: 0, Previous: "none"}}
	_, err := w.Create(t.Context(), hr, bad)
	wants(t, "everything", err, "invalid title,mode,languages,groupSize,retention,previous,base")
	for _, c := range []struct {
		what   string
		change func(*wave.Terms)
		want   string
	}{
		{"good", func(*wave.Terms) {}, "ok"},
		{"a long title", func(x *wave.Terms) { x.Title = strings.Repeat("é", wave.MaxTitle+1) }, "invalid title"},
		{"the longest title", func(x *wave.Terms) { x.Title = strings.Repeat("é", wave.MaxTitle) }, "ok"},
		{"a title with a sign that nobody sees", func(x *wave.Terms) { x.Title = "a\u0007b" }, "invalid title"},
		{"a language that we do not speak", func(x *wave.Terms) { x.Languages = []instrument.Lang{"nl", "es"} }, "invalid languages"},
		{"a group too small for the organisation", func(x *wave.Terms) { x.GroupSize = 7 }, "invalid groupSize"},
		{"the smallest group", func(x *wave.Terms) { x.GroupSize = 8 }, "ok"},
		{"a group too large", func(x *wave.Terms) { x.GroupSize = wave.MostGroupSize + 1 }, "invalid groupSize"},
		{"kept for ever", func(x *wave.Terms) { x.Retention = wave.MostRetention + 1 }, "invalid retention"},
	} {
		terms := wavetest.Terms(wave.Anonymous)
		terms.GroupSize = 10
		c.change(&terms)
		_, err := w.Create(t.Context(), hr, wave.Input{Base: "small", Terms: terms})
		wants(t, c.what, err, c.want)
	}
	terms := wavetest.Terms(wave.Anonymous)
	terms.GroupSize, terms.Languages = 10, []instrument.Lang{"fr", "nl", "fr"}
	made, err := w.Create(t.Context(), hr, wave.Input{Base: "small", Terms: terms})
	if err != nil || len(made.Languages) != 2 || made.Languages[0] != "fr" || made.Mode != wave.Anonymous || made.State != wave.Draft {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestDraftIsMadeOnceHoweverOftenItsFormIsSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ids := map[string]bool{}
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				made, err := w.Create(t.Context(), hr, wave.Input{Base: "small", Terms: wavetest.Terms(wave.Anonymous), Asked: asked.Request{Key: "k", What: "form"}})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				ids[made.ID] = true
			})
		}
		all.Wait()
		list, err := w.Waves(t.Context(), hr)
		if err != nil || len(list) != 1 || len(ids) != 1 {
			t.Errorf("%d waves, %d ids, %v", len(list), len(ids), err)
		}
	})
}

func TestDraftChangesOnTheVersionThatWasLookedAt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		ctx := t.Context()
		d := w.Draft(wave.Anonymous, 10)
		terms := wavetest.Terms(wave.Confidential)
		terms.GroupSize, terms.Linked = 12, true
		wants(t, "change", w.Change(ctx, hr, d.ID, d.Version, terms), "ok")
		wants(t, "the version of before", w.Change(ctx, hr, d.ID, d.Version, terms), "conflict")
		wants(t, "a plan on the version of before", w.SetPlan(ctx, hr, d.ID, d.Version, wave.Plan{}), "conflict")
		got := w.Get(d.ID)
		if got.Mode != wave.Confidential || got.GroupSize != 12 || !got.Linked || !got.Opens.Equal(d.Opens) || got.Settings.Contact == "" {
			t.Errorf("%+v", got)
		}
		wants(t, "compared with itself", w.Change(ctx, hr, d.ID, got.Version, wave.Terms{Title: "x", Mode: wave.Anonymous, Languages: terms.Languages, GroupSize: 5, Retention: 1, Previous: d.ID}), "invalid previous")
		wants(t, "another organisation changes", w.Change(ctx, theirs, d.ID, got.Version, terms), "no row")
		wants(t, "another organisation deletes", w.Delete(ctx, theirs, d.ID), "no row")
		_, err := w.Wave(ctx, theirs, d.ID)
		wants(t, "another organisation reads", err, "no row")
		for _, role := range []access.Role{access.Employee, access.Manager, access.CoreTeam, access.Administrator} {
			_, err := w.Wave(ctx, wavetest.Person(dbtest.Ours, role), d.ID)
			wants(t, string(role)+" reads", err, "forbidden")
		}
		for _, role := range []access.Role{access.DPO, access.Researcher} {
			who := wavetest.Person(dbtest.Ours, role)
			_, err := w.Wave(ctx, who, d.ID)
			wants(t, string(role)+" reads", err, "ok")
			wants(t, string(role)+" changes", w.Change(ctx, who, d.ID, got.Version, terms), "forbidden")
			wants(t, string(role)+" closes", w.CloseNow(ctx, who, d.ID), "forbidden")
			wants(t, string(role)+" deletes", w.Delete(ctx, who, d.ID), "forbidden")
			_, err = w.Launch(ctx, who, d.ID, got.Version, asked.Request{})
			wants(t, string(role)+" launches", err, "forbidden")
		}
		wants(t, "delete", w.Delete(ctx, hr, d.ID), "ok")
		if _, removed := w.Gone(); len(removed) != 1 {
			t.Errorf("the people are forgotten %d times", len(removed))
		}
		_, err = w.Wave(ctx, hr, d.ID)
		wants(t, "read after deleting", err, "no row")
		var people int
		if err := w.DB.Of(dbtest.Ours).Row(ctx, `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1`, nil, &people); err != nil || people != 0 {
			t.Errorf("%d people of the draft are left, %v", people, err)
		}
	})
}

func TestCopyAsksTheSameOfNobodyYet(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *wavetest.World) {
		old := w.Running(wave.Confidential, 10)
		w.Least(9)
		c, err := w.Copy(t.Context(), hr, old.ID, " Najaar ", asked.Request{Key: "k"})
		if err != nil {
			t.Fatal(err)
		}
		if c.Previous != old.ID || c.State != wave.Draft || c.Mode != old.Mode || string(c.Recipe) != string(old.Recipe) || c.Title != "Najaar" || c.GroupSize != 9 ||
			c.Settings.Contact != old.Settings.Contact || !c.Opens.IsZero() || len(c.Settings.Reminders) != 0 || c.Code == old.Code || c.InstrumentHash != "" {
			t.Errorf("%+v", c)
		}
		frame, err := wave.FrameOf(t.Context(), w.DB.Of(dbtest.Ours), c.ID)
		if err != nil || frame.People != 0 {
			t.Errorf("%+v, %v", frame, err)
		}
	})
}

func TestMomentsMustFollowEachOther(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return wavetest.Start.AddDate(0, 0, day) }
	for _, c := range []struct {
		what string
		m    wave.Moments
		want string
	}{
		{"nothing decided", wave.Moments{}, ""},
		{"good", wave.Moments{Opens: at(1), Closes: at(15), Reminders: []time.Time{at(8), at(12)}}, ""},
		{"closing before opening", wave.Moments{Opens: at(2), Closes: at(1)}, "closes"},
		{"closing when opening", wave.Moments{Opens: at(2), Closes: at(2)}, "closes"},
		{"more than a year", wave.Moments{Opens: at(1), Closes: at(370)}, "closes"},
		{"a reminder before", wave.Moments{Opens: at(1), Closes: at(15), Reminders: []time.Time{at(1)}}, "reminder1"},
		{"a reminder after", wave.Moments{Opens: at(1), Closes: at(15), Reminders: []time.Time{at(8), at(15)}}, "reminder2"},
		{"the same twice", wave.Moments{Opens: at(1), Closes: at(15), Reminders: []time.Time{at(8), at(8)}}, "reminder2"},
		{"too many", wave.Moments{Opens: at(1), Closes: at(15), Reminders: []time.Time{at(2), at(3), at(4), at(5), at(6), at(7)}}, "reminder1"},
		{"everything", wave.Moments{Opens: at(5), Closes: at(4), Reminders: []time.Time{at(1), at(8)}}, "closes reminder1 reminder2"},
	} {
		var got []string
		for _, p := range c.m.Check() {
			got = append(got, p.Field)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.what, s, c.want)
		}
	}
}
