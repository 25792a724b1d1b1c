package action_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
)

var hr = actiontest.Actor("hr")

func each(t *testing.T, test func(t *testing.T, w *actiontest.World)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, actiontest.New(t, d)) })
}

func wrong(t *testing.T, err error, fields ...string) {
	t.Helper()
	p, ok := problem.Of(err)
	if !ok || p.Kind != problem.Invalid {
		t.Fatalf("not refused: %v", err)
	}
	var got []string
	for _, f := range p.Fields {
		got = append(got, f.Name)
	}
	if !slices.Equal(got, fields) {
		t.Errorf("wrong are %v, want %v", got, fields)
	}
}

func refused(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("want %s, got %v", kind, err)
	}
}

func TestAnActionGoesFromIdeaToDoneAndKeepsItsHistory(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		ctx := t.Context()
		a := w.Begin(actiontest.Draft("  Korte  les  "), action.Running)
		if a.Title != "Korte les" || a.State != action.Running || a.Version != 3 {
			t.Fatalf("%+v", a)
		}
		reach := action.Reach{Day: "2026-11-30", What: "Les in het depot", Audience: action.Target{Kind: action.FieldWork}, People: 24, Of: 130}
		if err := w.Touch(ctx, hr, a.ID, 3, reach); err != nil {
			t.Fatal(err)
		}
		if err := w.Supply(ctx, hr, a.ID, 4, action.Material{Name: "Les van een uur", Version: "2", Link: "https://leren.example/les"}); err != nil {
			t.Fatal(err)
		}
		if err := w.Look(ctx, hr, a.ID, 5, "De ploegen vinden het nuttig.", "2027-02-01"); err != nil {
			t.Fatal(err)
		}
		if err := w.Move(ctx, hr, a.ID, 6, action.Done, ""); err != nil {
			t.Fatal(err)
		}
		a = w.See(a.ID)
		if a.State != action.Done || a.Ended != "2026-12-01" || a.Review != "2027-02-01" || len(a.Reach) != 1 || a.Reach[0].People != 24 || len(a.Materials) != 1 {
			t.Errorf("%+v", a)
		}
		if len(a.Reviews) != 1 || a.Reviews[0].By != "hr" || a.Reviews[0].Day != "2026-12-01" {
			t.Errorf("reviews: %+v", a.Reviews)
		}
		lines, err := w.History(ctx, hr, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []action.ChangeKind
		for _, l := range lines {
			kinds = append(kinds, l.Kind)
		}
		if want := []action.ChangeKind{action.Moved, action.Reviewed, action.Supplied, action.Reached, action.Moved, action.Moved, action.Made}; !slices.Equal(kinds, want) {
			t.Errorf("history: %v", kinds)
		}
		if err := w.Clear(ctx, hr, a.ID, 7, action.OfReach, 0); err != nil {
			t.Fatal(err)
		}
		if err := w.Clear(ctx, hr, a.ID, 8, action.OfReach, 0); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a line that is not there: %v", err)
		}
		if err := w.Undo(ctx, hr, a.ID, 8); err != nil {
			t.Fatal(err)
		}
		if again := w.See(a.ID); len(again.Reach) != 1 || again.Version != 9 {
			t.Errorf("not undone: %+v", again)
		}
		if err := w.Delete(ctx, hr, a.ID, 9); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Action(ctx, hr, a.ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("not deleted: %v", err)
		}
	})
}

// TestNoChangeLosesAnything draws changes: versions follow each other, what was kept stays as it was, undoing gives the content before to
// the letter, and a state that one may not go to changes nothing.
func TestNoChangeLosesAnything(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	w := actiontest.New(t, d)
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		a := w.Begin(actiontest.Draft("Actie"), action.Proposed)
		before, err := w.History(ctx, hr, a.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			may := true
			from := a.State
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0:
				to := rapid.SampledFrom(action.States()).Draw(rt, "to")
				reason := rapid.SampledFrom([]string{"", "Er is geen tijd."}).Draw(rt, "reason")
				may = a.State == to || a.State.To(to) && (to != action.Stopped || reason != "")
				err = w.Move(ctx, hr, a.ID, a.Version, to, reason)
			case 1:
				err = w.Touch(ctx, hr, a.ID, a.Version, action.Reach{Day: "2026-11-30", What: "Les", Audience: action.Target{Kind: action.Everyone}, People: 3})
			case 2:
				err = w.Look(ctx, hr, a.ID, a.Version, "Gezien en goed.", "")
			case 3:
				may = a.Version > 1
				err = w.Undo(ctx, hr, a.ID, a.Version)
				if may {
					after := w.See(a.ID)
					if err != nil || !reflect.DeepEqual(written(t, after.Content), written(t, before[1].Content)) || after.Owner != before[1].Owner {
						rt.Fatalf("undone to %s, want %s: %v", written(t, after.Content), written(t, before[1].Content), err)
					}
				}
			case 4:
				draft := actiontest.Draft(rapid.SampledFrom([]string{"Actie", "Andere actie"}).Draw(rt, "title"))
				err = w.Edit(ctx, hr, a.ID, a.Version, draft)
			case 5:
				may = false
				err = w.Edit(ctx, hr, a.ID, a.Version-1, actiontest.Draft("Te laat"))
			}
			if (err == nil) != may {
				rt.Fatalf("from %s: %v, want it to be allowed: %v", from, err, may)
			}
			a = w.See(a.ID)
			lines, err := w.History(ctx, hr, a.ID)
			if err != nil {
				rt.Fatal(err)
			}
			if int64(len(lines)) != a.Version || !reflect.DeepEqual(lines[len(lines)-len(before):], before) {
				rt.Fatalf("version %d with %d lines, or a line of before is another", a.Version, len(lines))
			}
			for i, l := range lines {
				if l.Version != a.Version-int64(i) {
					rt.Fatalf("line %d is version %d", i, l.Version)
				}
			}
			if written(t, lines[0].Content) != written(t, a.Content) {
				rt.Fatal("the last line is not what stands")
			}
			if (a.State == action.Stopped) != (a.Reason != "") || a.State.Ended() != (a.Ended != "") {
				rt.Fatalf("%s with reason %q, ended %q", a.State, a.Reason, a.Ended)
			}
			before = lines
		}
		if err := w.Delete(ctx, hr, a.ID, a.Version); err != nil {
			rt.Fatal(err)
		}
	})
}

// written is content as it is stored, without who looked.
func written(t *testing.T, c action.Content) string {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestEveryStateCanBeReachedAndLeft(t *testing.T) {
	t.Parallel()
	reached := map[action.State]bool{action.Proposed: true}
	for range action.States() {
		for s := range reached {
			for _, to := range s.Next() {
				reached[to] = true
			}
		}
	}
	for _, s := range action.States() {
		if !reached[s] || len(s.Next()) == 0 || s.To(s) {
			t.Errorf("%s: reached %v, leads to %v", s, reached[s], s.Next())
		}
	}
	if len(action.State("x").Next()) > 0 {
		t.Error("no state leads somewhere")
	}
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	w.Add(action.Report{ID: "r1", Title: "Najaar"}, actiontest.Monitor(), nil)
	ctx := t.Context()
	make := func(change func(d *action.Draft)) error {
		d := actiontest.Draft("Een actie")
		change(&d)
		_, err := w.Make(ctx, hr, d, action.Birth{State: action.Planned}, asked.Request{})
		return err
	}
	half, two, six := .5, 2.0, 6.0
	wish := func(item, option string, to action.Direction, goal *float64) *action.Wish {
		return &action.Wish{Report: "r1", Key: action.Key{Source: action.FromReport, Item: item, Option: option}, Direction: to, Goal: goal}
	}
	for name, c := range map[string]struct {
		change func(d *action.Draft)
		fields []string
	}{
		"no title":           {func(d *action.Draft) { d.Title = " \u0000 " }, []string{"title"}},
		"long texts":         {func(d *action.Draft) { d.Why, d.Notes = strings.Repeat("x", 2001), strings.Repeat("x", 2001) }, []string{"why", "notes"}},
		"nobody":             {func(d *action.Draft) { d.Owner, d.Due = action.Owner{}, "" }, []string{"owner", "due"}},
		"an account of them": {func(d *action.Draft) { d.Owner.Account = "nobody" }, []string{"owner"}},
		"ends before":        {func(d *action.Draft) { d.Due = "2026-12-06" }, []string{"due"}},
		"no audience":        {func(d *action.Draft) { d.Target.Kind = "x" }, []string{"target"}},
		"nameless audience":  {func(d *action.Draft) { d.Target.Kind = action.Department }, []string{"target-name"}},
		"no such figure":     {func(d *action.Draft) { d.Measure = wish("nothing", "", action.Up, nil) }, []string{"measure"}},
		"no direction":       {func(d *action.Draft) { d.Measure = wish("knows_rules", "yes", "", nil) }, []string{"direction"}},
		"goal beyond":        {func(d *action.Draft) { d.Measure = wish("knows_rules", "yes", action.Up, &two) }, []string{"goal"}},
		"goal the other way": {func(d *action.Draft) { d.Measure = wish("nonuse_work", "skills", action.Up, &half) }, []string{"goal"}},
		"goal off the scale": {func(d *action.Draft) { d.Measure = wish("technical", "", action.Up, &six) }, []string{"goal"}},
	} {
		t.Run(name, func(t *testing.T) {
			wrong(t, make(c.change), c.fields...)
		})
	}
	if err := make(func(d *action.Draft) { d.Measure = wish("knows_rules", "yes", action.Up, nil) }); err != nil {
		t.Error(err)
	}
	a := w.Begin(actiontest.Draft("Een actie"), action.Running)
	for name, err := range map[string]error{
		"day,people": w.Touch(ctx, hr, a.ID, a.Version, action.Reach{What: "Les", Audience: action.Target{Kind: action.Everyone}}),
		"day":        w.Touch(ctx, hr, a.ID, a.Version, action.Reach{What: "Les", Day: "2026-12-02", People: 3, Audience: action.Target{Kind: action.Everyone}}),
		"of":         w.Touch(ctx, hr, a.ID, a.Version, action.Reach{What: "Les", Day: "2026-12-01", People: 3, Of: 2, Audience: action.Target{Kind: action.Everyone}}),
		"link":       w.Supply(ctx, hr, a.ID, a.Version, action.Material{Name: "Les", Link: "javascript:alert(1)"}),
		"found":      w.Look(ctx, hr, a.ID, a.Version, "ok", ""),
		"review":     w.Look(ctx, hr, a.ID, a.Version, "Goed gezien.", "2026-12-01"),
		"reason":     w.Move(ctx, hr, a.ID, a.Version, action.Stopped, " "),
	} {
		wrong(t, err, strings.Split(name, ",")...)
	}
	if w.See(a.ID).Version != a.Version {
		t.Error("something was kept")
	}
}

func TestWhoAnswersForAnActionSaysHowFarItIsAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		ctx := t.Context()
		d := actiontest.Draft("Van Bert")
		d.Owner = action.Owner{Account: "manager"}
		own := w.Begin(d, action.Planned)
		other := w.Begin(actiontest.Draft("Van HR"), action.Planned)
		manager, employee := actiontest.Actor("manager"), actiontest.Actor("employee")
		list, err := w.List(ctx, manager, action.Query{})
		if err != nil || len(list) != 1 || list[0].ID != own.ID {
			t.Fatalf("%v %v", list, err)
		}
		if list, err := w.List(ctx, employee, action.Query{}); err != nil || len(list) > 0 {
			t.Errorf("%v %v", list, err)
		}
		if _, err := w.Action(ctx, manager, other.ID); !errors.Is(err, db.ErrNoRow) {
			t.Error(err)
		}
		if err := w.Move(ctx, manager, other.ID, other.Version, action.Running, ""); !errors.Is(err, db.ErrNoRow) {
			t.Error(err)
		}
		if err := w.Move(ctx, manager, own.ID, own.Version, action.Running, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.Undo(ctx, manager, own.ID, own.Version+1); err != nil {
			t.Errorf("one's own change: %v", err)
		}
		refused(t, w.Edit(ctx, manager, own.ID, own.Version+2, actiontest.Draft("Anders")), problem.Forbidden)
		refused(t, w.Delete(ctx, manager, own.ID, own.Version+2), problem.Forbidden)
		refused(t, w.PutAside(ctx, manager, "r", "p", "Niet nu, later."), problem.Forbidden)
		if err := w.Move(ctx, hr, own.ID, own.Version+2, action.Running, ""); err != nil {
			t.Fatal(err)
		}
		refused(t, w.Undo(ctx, manager, own.ID, own.Version+3), problem.Forbidden)
		for _, who := range []string{"core-team", "dpo", "researcher"} {
			if list, err := w.List(ctx, actiontest.Actor(who), action.Query{}); err != nil || len(list) != 2 {
				t.Errorf("%s: %v %v", who, list, err)
			}
			refused(t, w.Move(ctx, actiontest.Actor(who), own.ID, own.Version+3, action.Done, ""), problem.Forbidden)
		}
		theirs := actiontest.ActorOf(dbtest.Theirs, "hr")
		if list, err := w.List(ctx, theirs, action.Query{}); err != nil || len(list) > 0 {
			t.Errorf("%v %v", list, err)
		}
		if err := w.Delete(ctx, theirs, own.ID, own.Version+3); !errors.Is(err, db.ErrNoRow) {
			t.Error(err)
		}
		if _, err := w.List(ctx, access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}, action.Query{}); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
	})
}

func TestWhatOthersChangedIsNotOverwritten(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	ctx := t.Context()
	a := w.Begin(actiontest.Draft("Actie"), action.Proposed)
	if err := w.Edit(ctx, actiontest.Actor("hr-two"), a.ID, 1, actiontest.Draft("Andere titel")); err != nil {
		t.Fatal(err)
	}
	err := w.Edit(ctx, hr, a.ID, 1, actiontest.Draft("Mijn titel"))
	p, ok := problem.Of(err)
	if !ok || p.Kind != problem.Conflict || !strings.Contains(p.Message.In("nl"), "Chaima El Amrani") {
		t.Errorf("%v", err)
	}
	refused(t, w.Delete(ctx, hr, a.ID, 1), problem.Conflict)
	refused(t, w.Undo(ctx, hr, a.ID, 1), problem.Conflict)
	if w.See(a.ID).Title != "Andere titel" {
		t.Error("overwritten")
	}
	if err := w.Edit(ctx, hr, a.ID, 2, actiontest.Draft("Andere titel")); err != nil {
		t.Fatal(err)
	}
	if w.See(a.ID).Version != 2 {
		t.Error("nothing changed, and there is a version more")
	}
}

func TestTheSameFormMakesOneAction(t *testing.T) {
	t.Parallel()
	w := actiontest.New(t, dbtest.SQLite(t))
	for range 2 {
		if _, err := w.Make(t.Context(), hr, actiontest.Draft("Actie"), action.Birth{}, asked.Request{Key: "k", What: 1}); err != nil {
			t.Fatal(err)
		}
	}
	from := action.Birth{From: &action.Origin{Report: "r1", Proposal: "p"}}
	if _, err := w.Make(t.Context(), hr, actiontest.Draft("Voorstel"), from, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Make(t.Context(), hr, actiontest.Draft("Voorstel"), from, asked.Request{})
	refused(t, err, problem.Conflict)
	if list, err := w.List(t.Context(), hr, action.Query{}); err != nil || len(list) != 2 {
		t.Errorf("%v %v", list, err)
	}
}

func TestTheListHasWhatIsDueFirst(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		for _, due := range []action.Day{"", "2027-05-01", "2027-01-01"} {
			d := actiontest.Draft("Tegen " + string(due))
			d.Starts, d.Due = "", due
			w.Begin(d, action.Proposed)
		}
		list, err := w.List(t.Context(), hr, action.Query{States: []action.State{action.Proposed}})
		if err != nil || len(list) != 3 || list[0].Due != "2027-01-01" || list[2].Due != "" {
			t.Fatalf("%v %v", list, err)
		}
		if list[0].Overdue("2027-01-01") || !list[0].Overdue("2027-01-02") || list[2].Overdue("2099-01-01") {
			t.Error("overdue")
		}
	})
}

func TestAProposalThatWasPutAsideStaysAsideForItsReport(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		ctx := t.Context()
		wrong(t, w.PutAside(ctx, hr, "r1", "p1", "nee"), "reason")
		for range 2 {
			if err := w.PutAside(ctx, hr, "r1", "p1", "Dat doen we al."); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.Asides(ctx, hr, "r1")
		if err != nil || len(list) != 1 || list["p1"].Reason != "Dat doen we al." || list["p1"].Account != "hr" || list["p1"].At.IsZero() {
			t.Fatal(list, err)
		}
		if list, err := w.Asides(ctx, hr, "r2"); err != nil || len(list) > 0 {
			t.Error(list, err)
		}
		if list, err := w.Asides(ctx, actiontest.ActorOf(dbtest.Theirs, "hr"), "r1"); err != nil || len(list) > 0 {
			t.Error(list, err)
		}
		if err := w.TakeBack(ctx, hr, "r1", "p1"); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Asides(ctx, hr, "r1"); err != nil || len(list) > 0 {
			t.Error(list, err)
		}
	})
}

func TestOwnDataShowsWhatOneAnswersForAndErasingLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		ctx := t.Context()
		if list, err := w.Personal().Held(ctx, dbtest.Ours, "hr"); err != nil || len(list) > 0 {
			t.Fatal(list, err)
		}
		d := actiontest.Draft("Van Hanne")
		d.Owner = action.Owner{Account: "hr"}
		a := w.Begin(d, action.Running)
		if err := w.Look(ctx, hr, a.ID, a.Version, "Gezien en goed.", ""); err != nil {
			t.Fatal(err)
		}
		if err := w.PutAside(ctx, hr, "r1", "p1", "Dat doen we al."); err != nil {
			t.Fatal(err)
		}
		w.Add(action.Report{ID: "r1", Title: "Najaar"}, actiontest.Monitor(), nil)
		if err := w.Tell(ctx, hr, "r1", 0, action.ToldContent{}); err != nil {
			t.Fatal(err)
		}
		sections, err := w.Personal().Held(ctx, dbtest.Ours, "hr")
		if err != nil || len(sections) != 1 || len(sections[0].Rows) != 4 || sections[0].Rows[0].Value != "Van Hanne" {
			t.Fatal(sections, err)
		}
		for _, row := range sections[0].Rows {
			if row.Label.In("nl") == row.Label.Key {
				t.Errorf("no words for %s", row.Label.Key)
			}
		}
		elsewhere := map[string]string{"audit_log": "of another feature", "asked": "of another feature"}
		if left := heldtest.Uncovered(heldtest.Mentions(t, w.DB, dbtest.Ours, "hr"), sections, "hr", elsewhere); len(left) > 0 {
			t.Errorf("not shown: %v", left)
		}
		if err := w.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error { return w.Personal().Erase(ctx, tx, "hr") }); err != nil {
			t.Fatal(err)
		}
		if left := heldtest.Uncovered(heldtest.Mentions(t, w.DB, dbtest.Ours, "hr"), nil, "", elsewhere); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
		got, err := w.Action(ctx, actiontest.Actor("hr-two"), a.ID)
		if err != nil || got.Owner.Given() || got.Reviews[0].By != "" || got.Title != "Van Hanne" {
			t.Errorf("%+v %v", got, err)
		}
		if e := w.Personal().Effects(); len(e.Goes) != 1 || len(e.Stays) != 1 {
			t.Error(e)
		}
	})
}

func TestOnlyActionsThatEndedGo(t *testing.T) {
	each(t, func(t *testing.T, w *actiontest.World) {
		ctx := t.Context()
		done, running := w.Begin(actiontest.Draft("Gedaan"), action.Done), w.Begin(actiontest.Draft("Bezig"), action.Running)
		w.Step(400)
		late := w.Begin(actiontest.Draft("Later"), action.Stopped)
		kept := w.Kept()
		if len(kept) != 1 {
			t.Fatal(kept)
		}
		before := w.Now().AddDate(0, 0, -365)
		if n, oldest, err := kept[0].Count(ctx, w.DB.Of(dbtest.Ours), before); err != nil || n != 1 || oldest.IsZero() {
			t.Errorf("%d are to go: %v", n, err)
		}
		err := w.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error {
			n, err := kept[0].Delete(ctx, tx, before, 10)
			if n != 1 {
				t.Errorf("%d went", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Action(ctx, hr, done.ID); !errors.Is(err, db.ErrNoRow) {
			t.Error(err)
		}
		w.See(running.ID)
		w.See(late.ID)
	})
}

func TestAKeyIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z~%é 0-9]{0,6}`)
		k := action.Key{Source: rapid.SampledFrom([]action.Source{action.FromReport, action.FromGap}).Draw(t, "source"), Item: "x" + text.Draw(t, "item"), Option: text.Draw(t, "option"),
			Variable: text.Draw(t, "variable"), Value: text.Draw(t, "value")}
		if got, ok := action.ParseKey(k.String()); !ok || got != k {
			t.Fatalf("%q is read as %+v, %v", k.String(), got, ok)
		}
		f := action.Figure{Key: k, Value: .5, Low: .4, High: .6}
		raw, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back action.Figure
		if err := json.Unmarshal(raw, &back); err != nil || back.Key != k || back.Value != .5 {
			t.Fatalf("%s is read as %+v: %v", raw, back, err)
		}
	})
	for _, text := range []string{"", "report~~~~", "other~x~~~", "report~x~~", "report~x~~~~", "report~x%7e~~~", "gap~x%25~~~%"} {
		if k, ok := action.ParseKey(text); ok && k.String() != text {
			t.Errorf("%q is taken as %+v", text, k)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add("report~technical~~~")
	f.Add("gap~x~below~department~a%7Eb")
	f.Fuzz(func(t *testing.T, text string) {
		if k, ok := action.ParseKey(text); ok && k.String() != text {
			t.Errorf("%q is read as %+v, written %q", text, k, k.String())
		}
	})
}

func TestDaysAreDaysThatExist(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, "2026-11-29": true, "2027-02-29": false, "2026-1-1": false, "29/11/2026": false, "1999-12-31": false, "2200-01-01": false} {
		if _, ok := action.ParseDay(text); ok != want {
			t.Errorf("%q: %v", text, ok)
		}
	}
	if action.Day("2026-12-31").Plus(1) != "2027-01-01" {
		t.Error("plus")
	}
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := action.Locale().Check(); err != nil {
		t.Error(err)
	}
	p := action.Locale().Printer("nl")
	for _, k := range action.ChangeKinds() {
		if !p.Has("audit.action." + string(k)) {
			t.Errorf("no words for %s in the log", k)
		}
	}
}

var _ held.Holder = action.Personal{}
var _ held.Eraser = action.Personal{}
