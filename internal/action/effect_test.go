package action_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

func rules() action.Key {
	return action.Key{Source: action.FromReport, Item: "knows_rules", Option: "yes"}
}

// measured makes a running action that should move a figure of report r1.
func measured(w *actiontest.World, k action.Key, to action.Direction, goal *float64) action.Action {
	w.T.Helper()
	d := actiontest.Draft("Voor " + k.String())
	d.Starts = ""
	d.Measure = &action.Wish{Report: "r1", Key: k, Direction: to, Goal: goal}
	return w.Begin(d, action.Running)
}

// with sets a share of a report.
func with(f *findings.Findings, item, option string, p float64) *findings.Findings {
	for i := range f.Shares {
		if s := &f.Shares[i]; s.Item == item && s.Option == option && s.Group == nil {
			*s = actiontest.ShareOf(item, option, nil, p)
		}
	}
	return f
}

func effect(w *actiontest.World, a action.Action) action.Effect {
	w.T.Helper()
	e, ok, err := w.Effect(w.T.Context(), hr, a.ID)
	if err != nil || !ok {
		w.T.Fatal(ok, err)
	}
	return e
}

func TestALaterReportSaysWhetherAFigureMoved(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		w.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
		w.Step(5)
		goal, high := .55, .9
		up := measured(w, rules(), action.Up, &goal)
		missed := measured(w, rules(), action.Up, &high)
		same := measured(w, action.Key{Source: action.FromReport, Item: "nonuse_work", Option: "trust"}, action.Down, nil)
		wrongWay := measured(w, action.Key{Source: action.FromReport, Item: "support", Option: "time"}, action.Down, nil)
		group := measured(w, action.Key{Source: action.FromReport, Item: "weekly_use_work", Option: "yes", Variable: "department", Value: "green"}, action.Up, nil)
		planned := w.Begin(action.Draft{Title: "Nog niet begonnen", Target: action.Target{Kind: action.Everyone}, Measure: &action.Wish{Report: "r1", Key: rules(), Direction: action.Up}}, action.Proposed)
		bare := w.Begin(actiontest.Draft("Zonder cijfer"), action.Running)
		never := w.Begin(action.Draft{Title: "Nooit begonnen", Target: action.Target{Kind: action.Everyone}, Measure: &action.Wish{Report: "r1", Key: rules(), Direction: action.Up}}, action.Stopped)
		for _, a := range []action.Action{up, same} {
			if e := effect(w, a); e.Verdict != action.Waiting {
				t.Errorf("before a later report: %+v", e)
			}
		}
		w.Step(200)
		later := with(with(with(actiontest.Monitor(), "knows_rules", "yes", .70), "nonuse_work", "trust", .42), "support", "time", .40)
		for i := range later.Shares {
			if g := later.Shares[i].Group; g != nil && g.Value == "green" {
				later.Shares[i] = findings.Share{Item: "weekly_use_work", Option: "yes", Group: g, Suppressed: true}
			}
		}
		later.Earlier = &findings.Earlier{}
		w.Add(action.Report{ID: "r2", Title: "Najaar 2027", Previous: "r1"}, later, nil)
		if e := effect(w, up); e.Verdict != action.Shifted || !e.Wanted || e.Goal != action.GoalReached || e.Report.ID != "r2" || math.Abs(e.Change.Value-.22) > 1e-9 || e.Change.Low <= 0 || e.Tests != 3 {
			t.Errorf("up: %+v", e)
		}
		if e := effect(w, missed); e.Verdict != action.Shifted || e.Goal != action.GoalMissed {
			t.Errorf("missed: %+v", e)
		}
		if e := effect(w, same); e.Verdict != action.NotShown || e.Change.Low >= 0 || e.Change.High <= 0 {
			t.Errorf("same: %+v", e)
		}
		if e := effect(w, wrongWay); e.Verdict != action.Shifted || e.Wanted {
			t.Errorf("the wrong way: %+v", e)
		}
		if e := effect(w, group); e.Verdict != action.CannotSay || e.Because != action.TooFew || !e.Picked {
			t.Errorf("hidden now: %+v", e)
		}
		if e := effect(w, planned); e.Verdict != action.Waiting {
			t.Errorf("planned: %+v", e)
		}
		if e := effect(w, never); e.Verdict != action.Waiting {
			t.Errorf("stopped before it began: %+v", e)
		}
		if _, ok, err := w.Effect(t.Context(), hr, bare.ID); ok || err != nil {
			t.Error(ok, err)
		}
		w.Step(1)
		w.Add(action.Report{ID: "r9", Title: "Andere reeks"}, actiontest.Monitor(), nil)
		w.Add(action.Report{ID: "r3", Title: "Najaar 2028", Previous: "r2"}, with(actiontest.Monitor(), "knows_rules", "yes", .50), nil)
		if e := effect(w, up); e.Verdict != action.NotShown || e.Report.ID != "r3" || e.Goal != action.GoalMissed && e.Goal != action.GoalUnclear {
			t.Errorf("two reports later: %+v", e)
		}
		w.Drop("r1")
		if e := effect(w, up); e.Verdict != action.NotShown || e.Before.Value != .48 {
			t.Errorf("the first report is gone: %+v", e)
		}
	})
}

func TestWhatIsAskedOtherwiseIsNotCompared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(f *findings.Findings)
		dropped bool
		want    action.Because
	}{
		"another rule":       {func(f *findings.Findings) { f.Questions[5].Rule = "any of other" }, false, action.NotComparable},
		"not asked any more": {func(f *findings.Findings) { f.Questions[5].ID = "x" }, false, action.Unread},
		"hidden":             {func(f *findings.Findings) { hide(f, "knows_rules") }, false, action.TooFew},
		"said by the report": {func(f *findings.Findings) {
			f.Earlier.Incomparable = []findings.Incomparable{{Item: "knows_rules", Reason: findings.OtherRule}}
		}, true, action.NotComparable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := actiontest.New(t, dbtest.SQLite(t))
			w.Add(action.Report{ID: "r1", Title: "Toen"}, actiontest.Monitor(), nil)
			w.Step(1)
			a := measured(w, rules(), action.Up, nil)
			w.Step(1)
			later := actiontest.Monitor()
			later.Earlier = &findings.Earlier{}
			c.change(later)
			w.Add(action.Report{ID: "r2", Title: "Nu", Previous: "r1"}, later, nil)
			if c.dropped {
				w.Drop("r1")
			}
			e := effect(w, a)
			if e.Verdict != action.CannotSay || e.Because != c.want {
				t.Errorf("%+v", e)
			}
		})
	}
}

func hide(f *findings.Findings, item string) {
	for i := range f.Shares {
		if f.Shares[i].Item == item {
			f.Shares[i].Suppressed = true
		}
	}
}

// TestTheChangeIsThatOfTheReportWhereItHasOne: what linked answers make sharper is used, and the change with the same composition told.
func TestTheChangeIsThatOfTheReportWhereItHasOne(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	w.Add(action.Report{ID: "r1", Title: "Toen"}, actiontest.Monitor(), nil)
	w.Step(1)
	a := measured(w, rules(), action.Up, nil)
	w.Step(1)
	later := with(actiontest.Monitor(), "knows_rules", "yes", .51)
	later.Changes = []findings.Change{{Item: "knows_rules", Option: "yes", Before: .48, Now: .51, Diff: .03, Low: .01, High: .05, P: .004,
		Standard: &findings.Standard{Diff: .02, Low: -.01, High: .05, P: .2}}}
	w.Add(action.Report{ID: "r2", Title: "Nu", Previous: "r1"}, later, nil)
	if e := effect(w, a); e.Verdict != action.Shifted || e.Change.Low != .01 || e.Standard == nil || e.Standard.Value != .02 {
		t.Errorf("%+v", e)
	}
}

func TestAGapSaysWhetherAPlaceMoved(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	w.Add(action.Report{ID: "r1", Title: "Toen"}, actiontest.Monitor(), actiontest.Gap(.5))
	w.Step(1)
	k := action.Key{Source: action.FromGap, Item: "technical", Option: action.GapBelow, Variable: "department", Value: "green"}
	a := measured(w, k, action.Down, nil)
	if a.Measure.Figure.Group.In("fr") != "fr Groen en ruimte" || a.Measure.Figure.What.In("nl") != "Technische vaardigheid" {
		t.Errorf("%+v", a.Measure.Figure)
	}
	w.Step(1)
	now := actiontest.Gap(.2)
	w.Add(action.Report{ID: "r2", Title: "Nu", Previous: "r1"}, actiontest.Monitor(), now)
	if e := effect(w, a); e.Verdict != action.Shifted || !e.Wanted || math.Abs(e.Change.Value+.3) > 1e-9 {
		t.Errorf("%+v", e)
	}
	now.Departments[0].Skills[0].RequiredHigh = 3
	if e := effect(w, a); e.Verdict != action.CannotSay || e.Because != action.NotComparable {
		t.Errorf("more is asked now: %+v", e)
	}
	now.Departments = now.Departments[1:]
	if e := effect(w, a); e.Verdict != action.CannotSay || e.Because != action.TooFew {
		t.Errorf("hidden now: %+v", e)
	}
	now.Skills[0].Basis = "test"
	now.Departments = actiontest.Gap(.2).Departments
	if e := effect(w, a); e.Verdict != action.CannotSay || e.Because != action.NotComparable {
		t.Errorf("measured otherwise: %+v", e)
	}
}

// TestManyFiguresNeedMoreToBeCalledShifted: of twenty figures that did not move, a change that one alone would show is not called one.
func TestManyFiguresNeedMoreToBeCalledShifted(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	w.Add(action.Report{ID: "r1", Title: "Toen"}, actiontest.Monitor(), nil)
	w.Step(1)
	a := measured(w, rules(), action.Up, nil)
	w.Step(1)
	w.Add(action.Report{ID: "r2", Title: "Nu", Previous: "r1"}, with(actiontest.Monitor(), "knows_rules", "yes", .545), nil)
	if e := effect(w, a); e.Verdict != action.Shifted || e.Tests != 1 {
		t.Fatalf("alone: %+v", e)
	}
	for _, k := range []action.Key{{Item: "nonuse_work", Option: "skills"}, {Item: "nonuse_work", Option: "trust"}, {Item: "support", Option: "time"}, {Item: "support", Option: "examples"}, {Item: "technical"}} {
		k.Source = action.FromReport
		w.Step(-1)
		measured(w, k, action.Up, nil)
		w.Step(1)
	}
	if e := effect(w, a); e.Verdict != action.NotShown || e.Tests != 6 {
		t.Errorf("among six: %+v", e)
	}
}

// TestTheDifferenceIsThatOfNewcombe compares with the estimator of the reports, on shares of independent samples.
func TestTheDifferenceIsThatOfNewcombe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		figure := func(name string) (action.Figure, stats.Share) {
			p, n := rapid.Float64Range(.05, .95).Draw(t, name), rapid.IntRange(30, 3000).Draw(t, name+" answers")
			x := stats.Share{N: int(p * float64(n)), Base: n, Share: p, SE: math.Sqrt(p * (1 - p) / float64(n)), DF: float64(n - 1), EffectiveN: float64(n), Method: "logit"}
			low, high := x.Interval(stats.Level)
			return action.Figure{Unit: action.Share, Value: p, Low: low, High: high}, x
		}
		was, a := figure("was")
		is, b := figure("is")
		d, _, err := stats.DependentShares(b, a, 0)
		if err != nil {
			t.Skip(err)
		}
		got := action.Less(&was, &is)
		if math.Abs(got.Value-d.Diff) > 1e-12 || math.Abs(got.Low-d.Low) > 1e-9 || math.Abs(got.High-d.High) > 1e-9 {
			t.Fatalf("%+v, want %v (%v to %v)", got, d.Diff, d.Low, d.High)
		}
		if p := action.P(got); (p < .05) != (got.Low > 0 || got.High < 0) && math.Abs(p-.05) > 1e-9 {
			t.Fatalf("p %v of %+v", p, got)
		}
	})
}

func TestAFigureThatNobodyMayReadIsNoMeasure(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	w.Add(action.Report{ID: "r1", Title: "Toen"}, actiontest.Monitor(), nil)
	hidden := action.Key{Source: action.FromReport, Item: "weekly_use_work", Option: "yes", Variable: "department", Value: "pool"}
	for _, k := range []action.Key{hidden, {Source: action.FromGap, Item: "technical", Option: action.GapBelow}, {}} {
		d := actiontest.Draft("Actie")
		d.Measure = &action.Wish{Report: "r1", Key: k, Direction: action.Up}
		_, err := w.Make(t.Context(), hr, d, action.Birth{}, asked.Request{})
		wrong(t, err, "measure")
	}
}

func TestAMeasureStaysAsItWasUntilAnotherIsChosen(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	w.Add(action.Report{ID: "r1", Title: "Toen"}, actiontest.Monitor(), nil)
	a := measured(w, rules(), action.Up, nil)
	w.Drop("r1")
	goal := .8
	d := actiontest.Draft("Andere titel")
	d.Keep, d.Measure = true, &action.Wish{Direction: action.Up, Goal: &goal}
	if err := w.Edit(t.Context(), hr, a.ID, a.Version, d); err != nil {
		t.Fatal(err)
	}
	b := w.See(a.ID)
	if b.Measure == nil || b.Measure.Figure.Value != .48 || b.Measure.Goal == nil || *b.Measure.Goal != .8 {
		t.Errorf("%+v", b.Measure)
	}
	d.Keep, d.Measure = false, nil
	if err := w.Edit(t.Context(), hr, a.ID, b.Version, d); err != nil || w.See(a.ID).Measure != nil {
		t.Error(err)
	}
}

func TestPeopleAreToldWhatHRChoseAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		ctx := t.Context()
		w.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
		w.Step(1)
		known := measured(w, rules(), action.Up, nil)
		shadow := measured(w, action.Key{Source: action.FromReport, Item: "undisclosed_use", Option: "yes"}, action.Down, nil)
		for i, people := range []int{6, 7} {
			if err := w.Touch(ctx, hr, known.ID, known.Version+int64(i), action.Reach{Day: "2026-12-01", What: "Infomoment", Audience: action.Target{Kind: action.Everyone}, People: people}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Touch(ctx, hr, shadow.ID, shadow.Version, action.Reach{Day: "2026-12-01", What: "Gesprek", Audience: action.Target{Kind: action.Everyone}, People: 9}); err != nil {
			t.Fatal(err)
		}
		refused(t, w.Publish(ctx, hr, "r1", 0), problem.Conflict)
		wrong(t, w.Tell(ctx, hr, "r1", 0, action.ToldContent{Items: []action.ToldItem{{Action: known.ID}}}), "words-"+known.ID)
		content := action.ToldContent{Figures: true, Intro: actiontest.Text("Bedankt."), Items: []action.ToldItem{{Action: known.ID, Words: actiontest.Text("We schrijven korte regels.")},
			{Action: shadow.ID, Words: actiontest.Text("We zoeken een veilige tool.")}, {Action: "gone", Words: actiontest.Text("Weg.")}}}
		if err := w.Tell(ctx, hr, "r1", 0, content); err != nil {
			t.Fatal(err)
		}
		refused(t, w.Tell(ctx, hr, "r1", 0, content), problem.Conflict)
		if err := w.Publish(ctx, hr, "r1", 1); err != nil {
			t.Fatal(err)
		}
		if err := w.Publish(ctx, hr, "r1", 2); err != nil { // again: nothing changes
			t.Fatal(err)
		}
		told, err := w.ToldAbout(ctx, hr, "r1")
		if err != nil || told.Version != 2 || len(told.Key) != 10 || told.Published.IsZero() || told.Account != "hr" {
			t.Fatalf("%+v %v", told, err)
		}
		if at, err := w.ToldAt(ctx, dbtest.Ours, "r1"); err != nil || at != "/t/"+told.Key {
			t.Error(at, err)
		}
		o, opened, err := w.Open(ctx, told.Key)
		if err != nil || o != dbtest.Ours || opened.Report != "r1" {
			t.Fatal(o, opened, err)
		}
		lines, err := w.Lines(ctx, o, &opened)
		if err != nil || len(lines) != 2 {
			t.Fatal(lines, err)
		}
		if lines[0].Figure != nil || lines[0].Times != 13 || lines[1].Times != 0 || lines[1].Figure != nil {
			t.Errorf("before the report is published: %+v", lines)
		}
		w.Publicise("r1", true)
		w.Step(1)
		w.Add(action.Report{ID: "r2", Title: "Najaar 2027", Previous: "r1"}, with(actiontest.Monitor(), "knows_rules", "yes", .7), nil)
		lines, err = w.Lines(ctx, o, &opened)
		if err != nil || lines[0].Figure == nil || lines[0].Figure.Value != .48 || lines[0].Effect != nil || lines[1].Figure != nil {
			t.Errorf("%+v %v", lines, err)
		}
		w.Publicise("r2", true)
		if lines, err = w.Lines(ctx, o, &opened); err != nil || lines[0].Effect == nil || lines[0].Effect.Verdict != action.Shifted {
			t.Errorf("%+v %v", lines, err)
		}
		w.Step(1)
		w.Add(action.Report{ID: "r3", Title: "Nog niet getoond", Previous: "r2"}, with(actiontest.Monitor(), "knows_rules", "yes", .2), nil)
		if lines, err = w.Lines(ctx, o, &opened); err != nil || lines[0].Effect == nil || lines[0].Effect.Report.ID != "r2" {
			t.Errorf("beside a report that nobody may read: %+v %v", lines, err)
		}
		w.K = 500 // more than answered
		if lines, err = w.Lines(ctx, o, &opened); err != nil || lines[0].Figure != nil || lines[0].Times != 0 {
			t.Errorf("below k: %+v %v", lines, err)
		}
		refused(t, w.Tell(ctx, hr, "r1", 2, action.ToldContent{}), problem.Conflict)
		for _, key := range []string{"", "x", told.Key[:9], strings.ToUpper(told.Key), "\x00"} {
			if _, _, err := w.Open(ctx, key); !problem.Is(err, problem.NotFound) {
				t.Errorf("%q: %v", key, err)
			}
		}
		for _, who := range []access.Actor{actiontest.Actor("dpo"), actiontest.Actor("manager"), actiontest.ActorOf(dbtest.Theirs, "hr")} {
			if err := w.Withdraw(ctx, who, "r1", 2); err == nil {
				t.Errorf("%s of %s withdrew it", who.ID, who.Tenant)
			}
		}
		if err := w.Withdraw(ctx, hr, "r1", 2); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Open(ctx, told.Key); !problem.Is(err, problem.NotFound) {
			t.Error(err)
		}
		if err := w.Publish(ctx, hr, "r1", 3); err != nil {
			t.Fatal(err)
		}
		if again, err := w.ToldAbout(ctx, hr, "r1"); err != nil || again.Key == told.Key || again.Key == "" {
			t.Errorf("%+v %v", again, err)
		}
	})
}
