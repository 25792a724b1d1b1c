package check

import (
	"bytes"
	"sync"
	"testing"

	"tekentafel/content/skills"
	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"

	"pgregory.net/rapid"
)

var builtin = sync.OnceValues(Builtin)

func material(t testing.TB) *Material {
	t.Helper()
	m, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// changed is the material after change changed the banks.
func changed(t testing.TB, change func(banks []*framework.Bank)) *Material {
	t.Helper()
	m := material(t)
	var banks []*framework.Bank
	for _, name := range skills.Banks() {
		text, err := skills.Items(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := framework.ParseItems(name, bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		banks = append(banks, b)
	}
	change(banks)
	text, err := instruments.Open(Monitor)
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse(Monitor, text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := New(m.Framework, banks, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// draw draws a check under way.
func draw(t *rapid.T, m *Material) State {
	s := m.NewState(rapid.SampledFrom(Plans()).Draw(t, "plan"), rapid.SampledFrom(m.Skills()).Draw(t, "skill"), rapid.Bool().Draw(t, "field"))
	for i := range s.Seed {
		s.Seed[i] = rapid.Byte().Draw(t, "seed")
	}
	text := rapid.StringMatching(`\PC{0,40}`)
	s.Function, s.Unit = Ref{cut(text.Draw(t, "id"), maxID), cut(text.Draw(t, "name"), maxName)}, Ref{}
	for i := range s.Self {
		s = m.Say(s, i, rapid.Uint8Range(0, most).Draw(t, "agree"))
	}
	if rapid.Bool().Draw(t, "avoids") {
		for range rapid.IntRange(1, 20).Draw(t, "avoided") {
			if at := rapid.IntRange(0, len(m.Items)-1).Draw(t, "avoid"); !contains(s.Avoid, at) {
				s.Avoid = append(s.Avoid, at)
			}
		}
	}
	return answered(t, m, s, rapid.IntRange(0, 14).Draw(t, "answers"))
}

func contains(list []int, x int) bool {
	for _, v := range list {
		if v == x {
			return true
		}
	}
	return false
}

// answered answers at most n further questions.
func answered(t *rapid.T, m *Material, s State, n int) State {
	for range n {
		item, ok, err := m.Next(&s)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		option := rapid.IntRange(0, len(m.Items[item].In(s.Field).Options)-1).Draw(t, "option")
		if s, err = m.Answer(s, len(s.Given)+1, Given{item, option}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// best answers up to n questions with what counts most, or least.
func best(t testing.TB, m *Material, s State, n int, most bool) State {
	t.Helper()
	for range n {
		item, ok, err := m.Next(&s)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		options := m.Items[item].In(s.Field).Options
		at := 0
		for i := range options {
			if (options[i].Credit > options[at].Credit) == most && options[i].Credit != options[at].Credit {
				at = i
			}
		}
		if s, err = m.Answer(s, len(s.Given)+1, Given{item, at}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}
