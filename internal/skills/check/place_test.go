package check

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
)

func monitor(t testing.TB) *instrument.Instrument {
	t.Helper()
	text, err := instruments.Open(Monitor)
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse(Monitor, text)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A place is where the check itself would put somebody who gave the same answers.
func TestThePlaceFromTheMonitorIsTheLevelOfTheCheck(t *testing.T) {
	t.Parallel()
	m, in := material(t), monitor(t)
	summaries := m.Summaries(in)
	if len(summaries) != len(m.Skills()) {
		t.Fatalf("%d summaries", len(summaries))
	}
	seen := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := m.NewState(All, "", false)
		given := map[string]string{}
		for i := range m.Statements {
			if v := rapid.IntRange(0, 5).Draw(t, m.Statements[i].ID); v > 0 {
				s = m.Say(s, i, uint8(v))
				given[m.Statements[i].ID] = m.Agreement[v-1].ID
			}
		}
		direct, err := m.Score(m.Evidence(&s))
		if err != nil {
			t.Fatal(err)
		}
		from := m.NewState(All, "", false)
		for i := range summaries {
			from = m.Place(from, summaries[i].Name, summaries[i].Step(func(v string) string { return given[v] }))
		}
		placed, err := m.Score(m.Evidence(&from))
		if err != nil {
			t.Fatal(err)
		}
		for i := range direct {
			if direct[i].SelfLevel != placed[i].SelfLevel || direct[i].Level != placed[i].Level || direct[i].Basis != placed[i].Basis {
				t.Fatalf("%s: %+v, by the monitor %+v", direct[i].Skill, direct[i], placed[i])
			}
			seen[direct[i].Level]++
		}
	})
	if len(seen) < 5 {
		t.Errorf("levels that came by: %v", seen)
	}
}

// Of a wave that leaves skills out, or asks them on another scale, nothing is summed up.
func TestOnlyStatementsOnTheKnownScaleAreSummedUp(t *testing.T) {
	t.Parallel()
	m := material(t)
	in := monitor(t)
	for i := range in.Items {
		switch it := &in.Items[i]; it.ID {
		case "skill_creative":
			it.Rows = it.Rows[:2]
		case "skill_technical":
			it.Options = it.Options[:4]
		case "skill_ethical":
			it.Options = append([]instrument.Option(nil), it.Options...)
			it.Options[0], it.Options[4] = it.Options[4], it.Options[0]
		case "skill_critical":
			it.Rows = it.Rows[:3]
		}
	}
	var got []string
	for _, s := range m.Summaries(in) {
		got = append(got, s.Name)
	}
	if !reflect.DeepEqual(got, []string{"communicative", "critical"}) {
		t.Errorf("summed up: %v", got)
	}
}

func TestPlacesComeBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	m := material(t)
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t, m)
		for _, skill := range m.Skills() {
			s = m.Place(s, skill, rapid.IntRange(0, 4).Draw(t, skill))
		}
		got, gone, err := m.Read(m.Write(&s))
		if err != nil || gone != 0 || !reflect.DeepEqual(got, s) {
			t.Fatalf("read %+v, wrote %+v: %d gone, %v", got, s, gone, err)
		}
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
		back, err := ReadProfile(b)
		if err != nil {
			t.Fatal(err)
		}
		before, err := m.Score(m.Evidence(&s))
		if err != nil {
			t.Fatal(err)
		}
		after, err := m.Score(m.EvidenceOf(&back.Checks[0]))
		if err != nil || !reflect.DeepEqual(before, after) {
			t.Fatalf("kept it says %+v, before %+v: %v", after, before, err)
		}
	})
}

func TestStatementsOfTheCheckCountBeforeAPlace(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := m.Place(m.NewState(All, "", false), "critical", 4)
	of := m.StatementsOf("critical")
	for n, want := range []int{4, 4, 4, 1} {
		out, err := m.Score(m.Evidence(&s))
		if err != nil {
			t.Fatal(err)
		}
		at := out[1]
		if at.Skill != "critical" || at.Level != want || at.Placed != (want == 4) {
			t.Errorf("after %d statements: %+v", n, at)
		}
		least := uint8(1)
		if m.Statements[of[n]].Reversed {
			least = 5
		}
		s = m.Say(s, of[n], least)
	}
	for name, bad := range map[string]State{"another skill": m.Place(s, "sewing", 2), "level 5": m.Place(s, "critical", 5), "below": m.Place(s, "critical", -1)} {
		if !reflect.DeepEqual(bad.Places, s.Places) {
			t.Errorf("%s: %v", name, bad.Places)
		}
	}
	if gone := m.Place(s, "critical", 0); gone.Places != nil {
		t.Errorf("it stays: %v", gone.Places)
	}
}
