package check

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/skills/framework"
)

// taken is a check of which some questions were answered, each with an option that follows from its place.
func taken(t testing.TB, m *Material, plan Plan, field bool, n, shift int) State {
	t.Helper()
	s := m.NewState(plan, m.Skills()[0], field)
	for i := range n {
		at, ok, err := m.Next(&s)
		if err != nil || !ok {
			t.Fatal(i, ok, err)
		}
		if s, err = m.Answer(s, i+1, Given{at, (i + shift) % len(m.Items[at].In(field).Options)}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestAGiftHoldsTheAnswersToTheTestAndNothingElse(t *testing.T) {
	t.Parallel()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []bool{false, true} {
		s := taken(t, m, All, field, 7, 0)
		b := m.Gift(&s)
		read, inField, ok := m.ReadGift(b)
		if !ok || inField != field || len(read) != 7 {
			t.Fatal(read, inField, ok)
		}
		for i, a := range m.Evidence(&s).Test {
			if read[i] != a {
				t.Errorf("answer %d: %v is read as %v", i, a, read[i])
			}
		}
		other := s // everything else of the check may be otherwise
		other.Seed, other.Plan, other.Function, other.Unit, other.Self = [16]byte{1}, One, Ref{"f", "Redder"}, Ref{"u", "Zwembad"}, bytes.Repeat([]byte{3}, len(s.Self))
		other.Avoid, other.Asking, other.Done, other.Seen, other.Gave = []int{1, 2}, true, true, true, true
		if !bytes.Equal(m.Gift(&other), b) {
			t.Error("the gift holds something else than the answers to the test")
		}
	}
	if s := taken(t, m, All, false, LeastGift-1, 0); m.Gift(&s) != nil {
		t.Error("too few answers are a gift")
	}
}

func TestBytesThatAreNoGiftAreRefused(t *testing.T) {
	t.Parallel()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	office, field := taken(t, m, All, false, 5, 0), taken(t, m, All, true, 5, 1)
	good := m.Gift(&office)
	wrong := bytes.Clone(good)
	wrong[4] = 9
	for name, b := range map[string][]byte{"nothing": nil, "cut": good[:len(good)-1], "twice": append(bytes.Clone(good), good[:5]...), "both versions": append(bytes.Clone(good[:10]), m.Gift(&field)[:5]...),
		"no such category": wrong, "too long": bytes.Repeat(good, 6)} {
		if _, _, ok := m.ReadGift(b); ok {
			t.Errorf("%s is read", name)
		}
	}
	if read, _, ok := m.ReadGift(append([]byte{0, 0, 0, 1, 1}, good...)); !ok || len(read) != 5 {
		t.Error("an item that is gone spoils the others", read, ok)
	}
	rapid.Check(t, func(t *rapid.T) {
		answers, _, ok := m.ReadGift(rapid.SliceOfN(rapid.Byte(), 0, 140).Draw(t, "bytes"))
		for _, a := range answers {
			if !ok || a.Item < 0 || a.Item >= len(m.Items) || a.Category > len(m.Items[a.Item].Parameters.B) {
				t.Fatal(a)
			}
		}
	})
}

func TestACheckThatGaveItsAnswersStaysSo(t *testing.T) {
	t.Parallel()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := taken(t, m, All, false, 5, 0)
	s.Gave = true
	back, gone, err := m.Read(m.Write(&s))
	if err != nil || gone != 0 || !back.Gave || back.Seen {
		t.Fatal(back, gone, err)
	}
	at, _, err := m.Next(&back)
	if err != nil {
		t.Fatal(err)
	}
	if back, err = m.Answer(back, 6, Given{at, 0}); err != nil || !back.Gave {
		t.Error("an answer more lets it be given again", err)
	}
}

func TestCalibratedParametersTakeThePlaceOfGuesses(t *testing.T) {
	t.Parallel()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := taken(t, m, All, false, 10, 2)
	guessed, err := m.Score(m.Evidence(&s))
	if err != nil {
		t.Fatal(err)
	}
	tuned := map[string]Tuned{}
	for i := range m.Items {
		it := &m.Items[i]
		p := framework.Parameters{A: it.Parameters.A, C: it.Parameters.C}
		for _, b := range it.Parameters.B {
			p.B = append(p.B, b+1.5) // each was harder than thought
		}
		tuned[it.ID] = Tuned{Mark: it.Mark(), Parameters: p}
	}
	used, err := m.Using(tuned)
	if err != nil || used.Calibrated() != len(m.Items) || m.Calibrated() != 0 {
		t.Fatal(used.Calibrated(), err)
	}
	now, err := used.Score(used.Evidence(&s))
	if err != nil {
		t.Fatal(err)
	}
	for i := range now {
		if now[i].Theta <= guessed[i].Theta {
			t.Errorf("%s: harder items say %.2f, as guessed %.2f", now[i].Skill, now[i].Theta, guessed[i].Theta)
		}
	}
	if with := used.With(m.Framework); with.Calibrated() != used.Calibrated() {
		t.Error("the framework of an organisation takes the parameters away")
	}
	first := m.Items[0]
	for name, x := range map[string]Tuned{"another mark": {Mark: "x", Parameters: first.Parameters}, "another number of categories": {Mark: first.Mark(), Parameters: framework.Parameters{A: 1, B: []float64{0, 1, 2}}}} {
		if same, err := m.Using(map[string]Tuned{first.ID: x}); err != nil || same != m {
			t.Errorf("%s is used: %v", name, err)
		}
	}
	if _, err := m.Using(map[string]Tuned{first.ID: {Mark: first.Mark(), Parameters: framework.Parameters{A: -1, B: first.Parameters.B}}}); err == nil {
		t.Error("a slope below 0 is used")
	}
}
