package check

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/skills/framework"
	"tekentafel/internal/stats/irt"
)

var day = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

func TestAnOutcomeIsALevelWithHowSureItIs(t *testing.T) {
	t.Parallel()
	m := material(t)
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t, m)
		out, err := m.Score(m.Evidence(&s))
		if err != nil {
			t.Fatal(err)
		}
		if len(out) != len(m.Skills()) {
			t.Fatal("a skill lacks")
		}
		for _, o := range out {
			switch o.Basis {
			case Nothing:
				if o.Level != 0 || o.Questions > 0 || o.Said >= leastSaid {
					t.Fatalf("%+v", o)
				}
			case BySelf:
				if o.Level != o.SelfLevel || o.Level < 1 || o.Level > 4 || o.Sure != 0 || o.Questions != 0 {
					t.Fatalf("%+v", o)
				}
			case ByTest:
				sum, within := 0.0, 0.0
				for i, p := range o.Probabilities {
					sum += p
					if i+1 >= o.Low && i+1 <= o.High {
						within += p
					}
				}
				if math.Abs(sum-1) > 1e-9 || within < Likely-1e-9 && (o.Low > 1 || o.High < 4) || o.Level < o.Low || o.Level > o.High || o.Sure < 0.25 || !(o.SE > 0) {
					t.Fatalf("%+v", o)
				}
				if n := o.Number(); n < 1 || n > 4 {
					t.Fatal(n)
				}
			}
		}
	})
}

func TestMoreRightIsNotLessSkilled(t *testing.T) {
	t.Parallel()
	m := material(t)
	for _, field := range []bool{false, true} {
		high, low := best(t, m, m.NewState(All, "", field), 12, true), best(t, m, m.NewState(All, "", field), 12, false)
		up, err := m.Score(m.Evidence(&high))
		if err != nil {
			t.Fatal(err)
		}
		down, err := m.Score(m.Evidence(&low))
		if err != nil {
			t.Fatal(err)
		}
		for i := range up {
			if up[i].Level < 3 || down[i].Level > 2 || up[i].Number() < down[i].Number()+1 {
				t.Errorf("%s: all right %d (%.2f), all wrong %d (%.2f)", up[i].Skill, up[i].Level, up[i].Number(), down[i].Level, down[i].Number())
			}
		}
	}
}

func TestReversedStatementsCountTheOtherWay(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := m.NewState(Statements, "", false)
	for i := range m.Statements {
		v := uint8(5)
		if m.Statements[i].Reversed {
			v = 1
		}
		s = m.Say(s, i, v)
	}
	out, err := m.Score(m.Evidence(&s))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range out {
		if o.Self != 5 || o.Said != 5 || o.SelfLevel != 4 || o.Basis != BySelf {
			t.Errorf("%+v", o)
		}
	}
	for agree, want := range map[uint8]int{1: 1, 2: 1, 3: 2, 4: 3, 5: 4} {
		s := m.NewState(Statements, "", false)
		for _, i := range m.StatementsOf("communicative") { // none is reversed
			s = m.Say(s, i, agree)
		}
		if out, err := m.Score(m.Evidence(&s)); err != nil || out[0].SelfLevel != want {
			t.Errorf("who says %d sees oneself at %d, want %d: %v", agree, out[0].SelfLevel, want, err)
		}
	}
	few := m.NewState(Statements, "", false)
	for _, i := range m.StatementsOf("critical")[:2] {
		few = m.Say(few, i, 5)
	}
	if out, err = m.Score(m.Evidence(&few)); err != nil || out[0].Basis != Nothing || out[1].Basis != Nothing {
		t.Errorf("two statements are enough: %+v, %v", out, err)
	}
}

func TestWhoThinksOtherwiseThanTheTestShowsIsToldWhenThatIsClear(t *testing.T) {
	t.Parallel()
	m := material(t)
	verdict := func(agree uint8, right bool) irt.Verdict {
		s := m.NewState(One, "critical", false)
		for _, i := range m.StatementsOf("critical") {
			v := agree
			if m.Statements[i].Reversed {
				v = 6 - v
			}
			s = m.Say(s, i, v)
		}
		s = best(t, m, s, 12, right)
		out, err := m.Score(m.Evidence(&s))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out {
			if o.Skill == "critical" {
				return o.Verdict
			}
		}
		return ""
	}
	if got := verdict(5, false); got != irt.Higher {
		t.Errorf("all agreed and all wrong: %q", got)
	}
	if got := verdict(1, true); got != irt.Lower {
		t.Errorf("nothing agreed and all right: %q", got)
	}
	if got := verdict(4, true); got == irt.Higher {
		t.Errorf("agreed and all right: %q", got)
	}
}

func TestTheFirstStepIsWhereMostIsNeeded(t *testing.T) {
	t.Parallel()
	out := []Outcome{{Skill: "a", Basis: BySelf, Level: 2}, {Skill: "b", Basis: BySelf, Level: 1}, {Skill: "c"}, {Skill: "d", Basis: BySelf, Level: 1}}
	for name, c := range map[string]struct {
		required map[string]int
		want     string
	}{
		"nothing required":              {nil, "b"},
		"one below":                     {map[string]int{"a": 3, "b": 1, "d": 1}, "a"},
		"the farthest below":            {map[string]int{"a": 3, "d": 3}, "d"},
		"what was not measured is not":  {map[string]int{"c": 4, "a": 3}, "a"},
		"nothing below what is enough":  {map[string]int{"a": 1, "b": 1, "c": 1, "d": 1}, "b"},
		"of equals the one that is low": {map[string]int{"a": 3, "b": 2}, "b"},
	} {
		if got := First(out, c.required); got == nil || got.Skill != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
	sure := Outcome{Skill: "sure", Basis: ByTest, Level: 2, Probabilities: []float64{0.1, 0.9, 0, 0}}
	maybe := Outcome{Skill: "maybe", Basis: ByTest, Level: 2, Probabilities: []float64{0, 0.6, 0.4, 0}}
	if got := First([]Outcome{maybe, sure}, map[string]int{"sure": 3, "maybe": 3}); got.Skill != "sure" {
		t.Errorf("%s comes first", got.Skill)
	}
	if First([]Outcome{{Skill: "a"}}, nil) != nil {
		t.Error("a step follows from nothing")
	}
}

func TestAProfileKeepsChecksOnceAndTheLatest(t *testing.T) {
	t.Parallel()
	m := material(t)
	p := &Profile{}
	var last Kept
	for i := range 15 {
		s := best(t, m, m.NewState(All, "", true), 12, i%2 == 0)
		s.Function, s.Unit = Ref{"f1", "Redder"}, Ref{"u1", "Zwembad"}
		k, err := m.Keep(&s, day.AddDate(0, i, 0))
		if err != nil {
			t.Fatal(err)
		}
		p.Add(k, &s)
		p.Add(k, &s)
		last = k
	}
	if len(p.Checks) != MostChecks || p.Checks[MostChecks-1].ID != last.ID || p.Work != Field || p.Function.Name != "Redder" || p.Unit.Name != "Zwembad" {
		t.Fatalf("%d checks of %s", len(p.Checks), p.Work)
	}
	b, err := p.Bytes()
	if err != nil || len(b) > 60_000 {
		t.Fatalf("%d bytes: %v", len(b), err)
	}
	t.Logf("a full profile is %d bytes", len(b))
	got, err := ReadProfile(b)
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Fatalf("it reads as another: %v", err)
	}
	history, err := m.History(got)
	if err != nil {
		t.Fatal(err)
	}
	latest := m.Latest(history)
	for i, skill := range m.Skills() {
		if len(history[skill]) != MostChecks || latest[i].Skill != skill || latest[i].Check != MostChecks-1 || latest[i].Level != last.Shown[skill].Level {
			t.Errorf("%s: %d points, %+v", skill, len(history[skill]), latest[i])
		}
	}
}

func TestATestCountsMoreThanStatementsOfLater(t *testing.T) {
	t.Parallel()
	m := material(t)
	p := &Profile{}
	test := best(t, m, m.NewState(All, "", false), 12, true)
	only := m.NewState(Statements, "", false)
	for i := range m.Statements {
		only = m.Say(only, i, 1)
	}
	for i, s := range []State{test, only} {
		k, err := m.Keep(&s, day.AddDate(0, i, 0))
		if err != nil {
			t.Fatal(err)
		}
		p.Add(k, &s)
	}
	history, err := m.History(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range m.Latest(history) {
		if o.Basis != ByTest || o.Check != 0 || len(history[o.Skill]) != 2 {
			t.Errorf("%+v", o)
		}
	}
}

func TestAProfileKeepsItsHistoryWhenTheBankIsRenewed(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := best(t, m, m.NewState(All, "", false), 12, true)
	k, err := m.Keep(&s, day)
	if err != nil {
		t.Fatal(err)
	}
	p := &Profile{}
	p.Add(k, &s)
	renewed := changed(t, func(banks []*framework.Bank) {
		for _, b := range banks {
			for i := range b.Items {
				b.Items[i].ID += "-new"
			}
		}
	})
	history, err := renewed.History(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range renewed.Latest(history) {
		then := k.Shown[o.Skill]
		if o.Basis != ByTest || o.Level != then.Level || o.Sure != then.Sure || o.Number() < 1 || o.Number() > 4 {
			t.Errorf("%+v, shown was %+v", o.Outcome, then)
		}
	}
}

func TestAProfileThatIsNoneIsNotRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		``:                                ErrProfile,
		`[]`:                              ErrProfile,
		`{"version":2,"what":"ever"}`:     ErrNewer,
		`{"version":1,"work":"sea"}`:      ErrProfile,
		`{"version":1,"work":"office"}`:   nil,
		`{"version":1,"work":"office"} x`: ErrProfile,
		`{"version":1,"work":"office","name":"An"}`:                                                                                           ErrProfile,
		`{"version":1,"work":"office","checks":[{"day":"later"}]}`:                                                                            ErrProfile,
		`{"version":1,"work":"office","checks":[{"day":"2026-11-29","plan":"all","work":"office","self":{"a":9}}]}`:                           ErrProfile,
		`{"version":1,"work":"office","checks":[{"day":"2026-11-29","plan":"all","work":"office","shown":{"a":{"basis":"test","level":9}}}]}`: ErrProfile,
		`{"version":1,"work":"office","checks":[{"day":"2026-11-29","plan":"all","work":"office","test":[{"item":"x","option":-1}]}]}`:        ErrProfile,
	} {
		if _, err := ReadProfile([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

func TestAProfileNamesNobody(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := best(t, m, m.NewState(All, "", true), 12, true)
	k, err := m.Keep(&s, day)
	if err != nil {
		t.Fatal(err)
	}
	p := &Profile{}
	p.Add(k, &s)
	b, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if !strings.Contains(" version work function unit checks ", " "+name+" ") {
			t.Errorf("a profile has %q", name)
		}
	}
}

func FuzzReadProfile(f *testing.F) {
	m := material(f)
	s := best(f, m, m.NewState(All, "", true), 12, true)
	k, err := m.Keep(&s, day)
	if err != nil {
		f.Fatal(err)
	}
	p := &Profile{}
	p.Add(k, &s)
	b, err := p.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"version":1,"work":"field","checks":[{"day":"2026-11-29","plan":"one","work":"field","test":[{"item":"cri-verify-01","option":7,"credit":9}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ReadProfile(b)
		if err != nil {
			return
		}
		if _, err := m.History(p); err != nil {
			t.Fatal(err)
		}
		m.Saw(p)
	})
}
