package check

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"tekentafel/internal/skills/framework"

	"pgregory.net/rapid"
)

func TestACheckComesBackAsItWasWrittenAndIsSmall(t *testing.T) {
	t.Parallel()
	m := material(t)
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t, m)
		s.Asking, s.Done, s.Seen = rapid.Bool().Draw(t, "asking"), rapid.Bool().Draw(t, "done"), rapid.Bool().Draw(t, "seen")
		b := m.Write(&s)
		if len(b) > MostBytes {
			t.Fatalf("%d bytes", len(b))
		}
		got, gone, err := m.Read(b)
		if err != nil || gone != 0 {
			t.Fatalf("%d gone: %v", gone, err)
		}
		if !reflect.DeepEqual(got, s) {
			t.Fatalf("read %+v, wrote %+v", got, s)
		}
	})
}

func TestTheLargestCheckFits(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := m.NewState(One, "communicative", true)
	long := strings.Repeat("é", 400)
	s.Function, s.Unit = Ref{long, long}, Ref{long, long}
	for i := range s.Self {
		s = m.Say(s, i, 5)
	}
	for i := range m.Items {
		s.Avoid = append(s.Avoid, i)
	}
	s = best(t, m, s, 30, false)
	b := m.Write(&s)
	got, _, err := m.Read(b)
	if err != nil || len(b) > MostBytes || len(got.Function.Name) > maxName || !strings.HasPrefix(long, got.Function.Name) || got.Function.Name == "" {
		t.Errorf("%d bytes, %q: %v", len(b), got.Function.Name, err)
	}
	if sealed := (len(b) + 28) * 4 / 3; sealed > 3500 {
		t.Errorf("a cookie of %d bytes", sealed)
	}
}

func TestATestAsksWhatItsPlanSays(t *testing.T) {
	t.Parallel()
	m := material(t)
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t, m)
		s = answered(t, m, s, 30)
		n, areas := map[string]int{}, map[string]int{}
		for _, g := range s.Given {
			it := &m.Items[g.Item]
			n[it.Skill]++
			areas[it.Skill+"/"+it.Area]++
			if s.Plan == One && it.Skill != s.Skill {
				t.Fatalf("the test of %s asks %s", s.Skill, it.ID)
			}
		}
		switch s.Plan {
		case Statements:
			if len(s.Given) > 0 {
				t.Fatal("statements alone have a test")
			}
		case All:
			if len(s.Given) > 12 {
				t.Fatalf("%d questions", len(s.Given))
			}
			for _, skill := range m.Skills() {
				if n[skill] < 2 {
					t.Fatalf("%s is asked %d times: %v", skill, n[skill], n)
				}
			}
		case One:
			if len(s.Given) < 4 || len(s.Given) > 12 {
				t.Fatalf("%d questions", len(s.Given))
			}
			for _, a := range m.Framework.Skill(s.Skill).Areas {
				if areas[s.Skill+"/"+a.ID] == 0 {
					t.Fatalf("area %s is not asked: %v", a.ID, areas)
				}
			}
		}
	})
}

func TestATestOfOneSkillStopsWhereItIsPreciseEnough(t *testing.T) {
	t.Parallel()
	m := material(t)
	rapid.Check(t, func(t *rapid.T) {
		s := m.NewState(One, rapid.SampledFrom(m.Skills()).Draw(t, "skill"), rapid.Bool().Draw(t, "field"))
		s = answered(t, m, s, 30)
		out, err := m.Score(Evidence{Self: s.Self, Test: m.Evidence(&s).Test})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out {
			if o.Skill == s.Skill && o.SE > 0.4 && len(s.Given) < 12 && m.takes(s.Given) < 60*minutes-60 {
				t.Fatalf("it stops after %d with a standard error of %v", len(s.Given), o.SE)
			}
		}
	})
}

// takes is how many seconds a test took, as most people read.
func (m *Material) takes(given []Given) float64 {
	sum := 0.0
	for _, g := range given {
		sum += m.entries[g.Item].Seconds
	}
	return sum
}

func TestATestTakesFiveMinutes(t *testing.T) {
	t.Parallel()
	m := material(t)
	least, longest := 12, 0.0
	rapid.Check(t, func(t *rapid.T) {
		s := m.NewState(rapid.SampledFrom([]Plan{All, One}).Draw(t, "plan"), rapid.SampledFrom(m.Skills()).Draw(t, "skill"), rapid.Bool().Draw(t, "field"))
		for i := range s.Seed {
			s.Seed[i] = rapid.Byte().Draw(t, "seed")
		}
		s = answered(t, m, s, 30)
		took := m.takes(s.Given)
		if s.Plan == One && took > 60*minutes || took > 60*minutes+15 {
			t.Fatalf("%d questions take %.0f s", len(s.Given), took)
		}
		if s.Plan == All {
			least, longest = min(least, len(s.Given)), max(longest, took)
		}
	})
	t.Logf("a test of all skills asks %d questions at least and takes %.0f s at most", least, longest)
}

func TestAnotherAnswerDropsWhatFollowedAndTheSameOneNothing(t *testing.T) {
	t.Parallel()
	m := material(t)
	rapid.Check(t, func(t *rapid.T) {
		s := draw(t, m)
		if len(s.Given) == 0 {
			t.Skip("no test")
		}
		n := rapid.IntRange(1, len(s.Given)).Draw(t, "n")
		old := s.Given[n-1]
		same, err := m.Answer(s, n, old)
		if err != nil || !reflect.DeepEqual(same, s) {
			t.Fatal("the same answer changes something:", err)
		}
		option := rapid.IntRange(0, len(m.Items[old.Item].In(s.Field).Options)-1).Filter(func(o int) bool { return o != old.Option }).Draw(t, "option")
		before := append([]Given(nil), s.Given...)
		other, err := m.Answer(s, n, Given{old.Item, option})
		if err != nil {
			t.Fatal(err)
		}
		if len(other.Given) != n || other.Given[n-1] != (Given{old.Item, option}) || !reflect.DeepEqual(other.Given[:n-1], before[:n-1]) {
			t.Fatalf("%v became %v", before, other.Given)
		}
		if !reflect.DeepEqual(s.Given, before) {
			t.Fatal("the state before changed too")
		}
		back, err := m.Answer(other, n, old)
		if err != nil {
			t.Fatal(err)
		}
		if len(before) > n {
			if next, ok, err := m.Next(&back); err != nil || !ok || next != before[n].Item {
				t.Fatalf("the first answer again asks %d, not %d: %v", next, before[n].Item, err)
			}
		}
	})
}

func TestAnAnswerToAnotherQuestionIsNotTaken(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := best(t, m, m.NewState(All, "", false), 3, true)
	next, _, err := m.Next(&s)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		n    int
		g    Given
		want error
	}{
		"another item":         {4, Given{(next + 1) % len(m.Items), 0}, ErrStale},
		"a question too far":   {5, Given{next, 0}, ErrStale},
		"a question nought":    {0, Given{next, 0}, ErrStale},
		"an item of before":    {2, Given{s.Given[0].Item, 0}, ErrStale},
		"an item out of range": {4, Given{len(m.Items), 0}, ErrStale},
		"no option":            {4, Given{next, -1}, ErrOption},
		"an option too far":    {4, Given{next, 9}, ErrOption},
	} {
		if got, err := m.Answer(s, c.n, c.g); !errors.Is(err, c.want) || len(got.Given) != 3 {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Seen = true
	if _, err := m.Answer(s, 4, Given{next, 0}); !errors.Is(err, ErrSeen) {
		t.Error("an answer counts after the best ones were shown:", err)
	}
}

func TestACheckGoesOnAfterTheBankChanged(t *testing.T) {
	t.Parallel()
	m := material(t)
	s := best(t, m, m.Say(m.NewState(All, "", false), 3, 4), 12, true)
	b := m.Write(&s)
	dropped := s.Given[5].Item
	id := m.Items[dropped].ID
	without := changed(t, func(banks []*framework.Bank) {
		for _, bank := range banks {
			for i := range bank.Items {
				if bank.Items[i].ID == id {
					bank.Items[i].Office.Options[0], bank.Items[i].Office.Options[1] = bank.Items[i].Office.Options[1], bank.Items[i].Office.Options[0]
					bank.Items[i].Office.Options[0].Credit, bank.Items[i].Office.Options[3].Credit = bank.Items[i].Office.Options[3].Credit, bank.Items[i].Office.Options[0].Credit
					bank.Items[i].Office.Options[1].Credit = 1 - min(1, bank.Items[i].Office.Options[1].Credit)
				}
			}
		}
	})
	got, gone, err := without.Read(b)
	if err != nil || gone != len(s.Given)-5 || len(got.Given) != 5 || got.Self[3] != 4 {
		t.Fatalf("%d gone, %d left: %v", gone, len(got.Given), err)
	}
	if _, ok, err := without.Next(&got); err != nil || !ok {
		t.Errorf("it does not go on: %v", err)
	}
	words := changed(t, func(banks []*framework.Bank) {
		for _, bank := range banks {
			for i := range bank.Items {
				bank.Items[i].Office.Stem[framework.NL] = "Anders gezegd. " + bank.Items[i].Office.Stem[framework.NL]
			}
		}
	})
	if got, gone, err := words.Read(b); err != nil || gone != 0 || len(got.Given) != len(s.Given) {
		t.Errorf("a mended word loses %d answers: %v", gone, err)
	}
}

func TestANewCheckAsksWhatThePersonDidNotSee(t *testing.T) {
	t.Parallel()
	m := material(t)
	first := best(t, m, m.NewState(All, "", false), 12, false)
	k, err := m.Keep(&first, day)
	if err != nil {
		t.Fatal(err)
	}
	p := &Profile{}
	p.Add(k, &first)
	second := m.NewState(All, "", false)
	second.Avoid = m.Saw(p)
	second = best(t, m, second, 12, false)
	if len(second.Given) < 10 {
		t.Fatalf("%d questions", len(second.Given))
	}
	for _, g := range second.Given {
		for _, old := range first.Given {
			if g.Item == old.Item {
				t.Errorf("%s is asked again", m.Items[g.Item].ID)
			}
		}
	}
	all := m.NewState(One, "critical", false)
	for i := range m.Items {
		all.Avoid = append(all.Avoid, i)
	}
	if all = best(t, m, all, 12, true); len(all.Given) < 4 {
		t.Error("who saw everything is asked nothing")
	}
}

func TestPlansFallBackToWhatThereIs(t *testing.T) {
	t.Parallel()
	m := material(t)
	if s := m.NewState(One, "sewing", false); s.Plan != All || s.Skill != "" {
		t.Errorf("%+v", s)
	}
	if a, b := m.NewState(All, "", false), m.NewState(All, "", false); bytes.Equal(a.Seed[:], b.Seed[:]) || a.ID() == b.ID() {
		t.Error("two checks are one")
	}
}

func FuzzRead(f *testing.F) {
	m := material(f)
	s := best(f, m, m.Say(m.NewState(All, "", true), 1, 2), 5, true)
	s.Avoid, s.Function = []int{1, 2}, Ref{"f1", "Redder"}
	f.Add(m.Write(&s))
	one := m.NewState(One, "creative", false)
	f.Add(m.Write(&one))
	f.Add([]byte{format})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, _, err := m.Read(b)
		if err != nil {
			if !errors.Is(err, ErrState) {
				t.Fatal(err)
			}
			return
		}
		again := m.Write(&s)
		got, gone, err := m.Read(again)
		if len(again) > MostBytes || err != nil || gone != 0 {
			t.Fatalf("%d bytes, %d gone: %v", len(again), gone, err)
		}
		if len(got.Function.Name) <= maxName && !reflect.DeepEqual(m.Write(&got), again) {
			t.Fatal("it reads as another")
		}
		if _, _, err := m.Next(&s); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Score(m.Evidence(&s)); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	m := material(b)
	s := best(b, m, m.NewState(All, "", false), 6, true)
	for b.Loop() {
		if _, _, err := m.Next(&s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	m := material(b)
	s := best(b, m, m.NewState(All, "", false), 12, true)
	for b.Loop() {
		if _, err := m.Score(m.Evidence(&s)); err != nil {
			b.Fatal(err)
		}
	}
}
