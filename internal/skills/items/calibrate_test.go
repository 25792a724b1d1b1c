package items

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/stats/irt"
)

// off is how far parameters lie from what is true, over the thresholds of some items.
func off(real []irt.Item, m *check.Material, at []int) float64 {
	sum, n := 0.0, 0.0
	for _, i := range at {
		for k, b := range m.Items[i].Parameters.B {
			sum += (b - real[i].B[k]) * (b - real[i].B[k])
			n++
		}
	}
	return math.Sqrt(sum / n)
}

// alike is the share of people who get the same level of a skill, with its items at these places, from two materials, by six questions
// that are drawn for each of them.
func alike(t *testing.T, one, best *check.Material, at []int) (share float64) {
	draw := rand.New(rand.NewPCG(31, 32))
	const people = 1500
	skill := one.Items[at[0]].Skill
	level := func(m *check.Material, e check.Evidence) int {
		for _, o := range must(m.Score(e))(t) {
			if o.Skill == skill {
				return o.Level
			}
		}
		return 0
	}
	for range people {
		theta := draw.NormFloat64()
		var e check.Evidence
		for _, j := range draw.Perm(len(at))[:6] {
			e.Test = append(e.Test, check.Scored{Item: at[j], Category: itemOf(&best.Items[at[j]]).Draw(draw, theta)})
		}
		if level(one, e) == level(best, e) {
			share += 1.0 / people
		}
	}
	return share
}

// TestWhatAnswersSayReachesTheLevelsOfTheCheck goes the whole way with items of which the truth is known: a wave that asked situations and gifts about
// one skill, the job, what HR takes in use, and the levels that a check then gives.
func TestWhatAnswersSayReachesTheLevelsOfTheCheck(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, w := t.Context(), newWorld(t, d)
		rng := rand.New(rand.NewPCG(21, 22))
		real := truth(w.Material, rng)
		w.wave("one", 900, real, rng)
		w.waves = append(w.waves, Wave{ID: "none", Title: "Zonder situaties"}) // it could have asked them
		in := must(monitor())(t)
		w.of["none"] = &instrument.Answers{Instrument: in, N: 50, Variables: in.Variables(), Columns: make([]*instrument.Column, len(in.Variables()))}
		const skill = "critical"
		var list [][]byte
		for range 1100 {
			list = append(list, w.gift(real, skill, 8, rng))
		}
		w.keep(dbtest.Ours, list)
		must(w.Calibrate(ctx, hr(), true, asked.Request{}))(t)
		if again := must(w.Calibrate(ctx, hr(), false, asked.Request{}))(t); again == "" {
			t.Error("no job")
		}
		w.work()
		found := must(w.Calibrations(ctx, hr()))(t)
		if len(found) != 1 || !found[0].Gifts || found[0].Base != 0 || found[0].Account != "hr" || found[0].Synthetic {
			t.Fatalf("%d calibrations: %+v", len(found), found)
		}
		c := &found[0]
		sources := c.Result.Sources
		if len(sources) != 2 || sources[0].Kind != tune.Wave || sources[0].People != 900 || sources[0].Answers != 9000 || sources[1].Kind != tune.Gifts || sources[1].People != 1100 || !sources[1].Used || sources[1].Consistency < 0.8 {
			t.Errorf("%+v", sources)
		}
		// All of one skill, and the two situations that the wave asked of each other one.
		if n := c.Result.Count(tune.Calibrated); n < 24+4*2-2 || n+c.Result.Count(tune.TooFew)+c.Result.Count(tune.Contradicts) != len(w.Material.Items) {
			t.Errorf("%d items are calibrated", n)
		}
		number := must(w.Adopt(ctx, hr(), c.ID, " Nagelezen  door twee mensen ", asked.Request{}))(t)
		if _, err := w.Adopt(ctx, hr(), c.ID, "", asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Errorf("adopted twice: %v", err)
		}
		used := must(w.MaterialOf(ctx, dbtest.Ours))(t)
		if number != 1 || used.Calibrated() != c.Result.Count(tune.Calibrated) || must(w.Revision(ctx, d.Of(dbtest.Ours)))(t) != 1 {
			t.Errorf("version %d, %d items", number, used.Calibrated())
		}
		if must(w.MaterialOf(ctx, dbtest.Theirs))(t) != w.Material || must(w.MaterialOf(ctx, dbtest.Ours))(t) != used {
			t.Error("the other organisation uses them too, or they are read anew each time")
		}
		var at []int
		for i := range used.Items {
			if used.Items[i].Skill == skill {
				at = append(at, i)
			}
		}
		before, after := off(real, w.Material, at), off(real, used, at)
		// The levels of people are compared with those that the true parameters would give for the same answers.
		told := map[string]check.Tuned{}
		for i := range w.Material.Items {
			it := &w.Material.Items[i]
			told[it.ID] = check.Tuned{Mark: it.Mark(), Parameters: framework.Parameters{A: real[i].A, B: real[i].B, C: real[i].C}}
		}
		best := must(w.Material.Using(told))(t)
		guessed, calibrated := alike(t, w.Material, best, at), alike(t, used, best, at)
		t.Logf("thresholds are off by %.3f as guessed and %.3f as calibrated; %.1f %% and %.1f %% get the level that the true parameters give", before, after, 100*guessed, 100*calibrated)
		if after > before/2 || calibrated < guessed+0.02 {
			t.Error("the check gained nothing")
		}
		banks := must(w.Banks(ctx, d.Of(dbtest.Ours)))(t)
		if len(banks) != 5 || !reflect.DeepEqual(banks[1].Items[0].Parameters, used.Items[at[0]].Parameters) || banks[1].Skill != skill {
			t.Errorf("%d banks", len(banks))
		}
		if back := must(w.PutBack(ctx, hr(), 0, asked.Request{}))(t); back != 2 || must(w.MaterialOf(ctx, dbtest.Ours))(t).Calibrated() != 0 {
			t.Error("the guesses are not put back")
		}
		if back := must(w.PutBack(ctx, hr(), 1, asked.Request{}))(t); back != 3 || !reflect.DeepEqual(must(w.MaterialOf(ctx, dbtest.Ours))(t).Items, used.Items) {
			t.Error("version 1 is not put back")
		}
		history := must(w.Versions(ctx, hr()))(t)
		if len(history) != 3 || history[2].Note != "Nagelezen door twee mensen" || history[2].Calibration != c.ID || history[1].PutsBack != 0 || history[0].PutsBack != 1 || history[2].PutsBack != -1 {
			t.Errorf("%+v", history)
		}
		if steps := historyOf(history, w.Material.Items[at[0]].ID); len(steps) != 3 || steps[0].parameter == nil || steps[1].parameter != nil || steps[2].parameter == nil {
			t.Errorf("%d steps", len(steps))
		}
		// A second calibration holds to the guesses again, and keeps what it cannot better.
		must(w.Calibrate(ctx, hr(), false, asked.Request{}))(t)
		w.work()
		second := must(w.Calibrations(ctx, hr()))(t)[0]
		if second.Base != 3 || second.Gifts || len(second.Result.Sources) != 1 {
			t.Errorf("%+v", second)
		}
		must(w.Adopt(ctx, hr(), second.ID, "", asked.Request{}))(t)
		if n := must(w.MaterialOf(ctx, dbtest.Ours))(t).Calibrated(); n != used.Calibrated() {
			t.Errorf("%d items are calibrated, before %d", n, used.Calibrated())
		}
	})
}

func TestOnlyHRCalibratesAndTakesInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	ctx := t.Context()
	must(w.Calibrate(ctx, hr(), true, asked.Request{Key: "k", What: true}))(t)
	w.work()
	first := must(w.Calibrations(ctx, hr()))(t)[0]
	for _, role := range []access.Role{access.Employee, access.Manager, access.Researcher, access.DPO, access.CoreTeam, access.Administrator} {
		actor := person(dbtest.Ours, role)
		_, err1 := w.Calibrate(ctx, actor, true, asked.Request{})
		_, err2 := w.Adopt(ctx, actor, first.ID, "", asked.Request{})
		_, err3 := w.PutBack(ctx, actor, 0, asked.Request{})
		for _, err := range []error{err1, err2, err3, w.DropGifts(ctx, actor)} {
			if !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s: %v", role, err)
			}
		}
		_, err := w.Calibrations(ctx, actor)
		if reads := slices.Contains([]access.Role{access.Researcher, access.DPO, access.CoreTeam}, role); reads != (err == nil) {
			t.Errorf("%s reads: %v", role, err)
		}
	}
	theirs := person(dbtest.Theirs, "hr")
	if _, err := w.Adopt(ctx, theirs, first.ID, "", asked.Request{}); err == nil {
		t.Error("another organisation takes it in use")
	}
	if _, err := w.Adopt(ctx, hr(), first.ID, "", asked.Request{}); !problem.Is(err, problem.Conflict) {
		t.Errorf("nothing is calibrated, and it is taken in use: %v", err)
	}
	if _, err := w.PutBack(ctx, hr(), 0, asked.Request{}); !problem.Is(err, problem.Conflict) {
		t.Error(err)
	}
}

func TestMadeUpWavesCountOnlyWhereThereAreNoOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.waves = []Wave{{ID: "a", Synthetic: true}, {ID: "b"}}
	if list := must(w.Service.waves(t.Context(), dbtest.Ours))(t); len(list) != 1 || list[0].ID != "b" || len(w.waves) != 2 {
		t.Errorf("%+v", list)
	}
	w.waves = w.waves[:1]
	if list := must(w.Service.waves(t.Context(), dbtest.Ours))(t); len(list) != 1 {
		t.Errorf("%+v", list)
	}
}

func TestProposalsThatNobodyTookGoWhenThereAreMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range keptCalibrations + 3 {
			c := Calibration{ID: string(rune('a' + i)), At: w.now(), Result: &tune.Result{}}
			err := d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
				if err := insertCalibration(t.Context(), tx, &c, keptCalibrations); err != nil || i > 0 {
					return err
				}
				return insertVersion(t.Context(), tx, &Version{Number: 1, At: c.At, Calibration: c.ID, PutsBack: -1})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		list := must(calibrations(t.Context(), d.Of(dbtest.Ours), 100))(t)
		if len(list) != keptCalibrations+1 || list[len(list)-1].ID != "a" || list[len(list)-1].Adopted != 1 {
			t.Errorf("%d calibrations are kept", len(list))
		}
	})
}

func TestWhoIsErasedLeavesNoName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		must(w.Calibrate(t.Context(), hr(), true, asked.Request{}))(t)
		w.work()
		if held := must(w.Held(t.Context(), dbtest.Ours, "hr"))(t); len(held) != 1 || len(held[0].Rows) != 1 {
			t.Errorf("%+v", held)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return w.Erase(t.Context(), tx, "hr") }); err != nil {
			t.Fatal(err)
		}
		if held := must(w.Held(t.Context(), dbtest.Ours, "hr"))(t); len(held) != 0 {
			t.Errorf("%+v", held)
		}
		if c := must(w.Calibrations(t.Context(), hr()))(t); c[0].Account != "" {
			t.Error(c[0].Account)
		}
		if e := w.Effects(); len(e.Goes) != 1 || len(e.Stays) != 2 {
			t.Errorf("%+v", e)
		}
	})
}
