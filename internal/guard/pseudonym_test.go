package guard

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func allMasked() Policy {
	p := DefaultPolicy()
	p[Secret], p[Password], p[Company] = Mask, Mask, Mask
	return p
}

func TestRestoringWhatWasMaskedGivesTheText(t *testing.T) {
	t.Parallel()
	s := New()
	rapid.Check(t, func(t *rapid.T) {
		text := anyText(t)
		p := NewPseudonyms(LabelsOf("nl"))
		list := s.Scan(text)
		masked := p.Mask(text, list, allMasked())
		if got := p.Restore(masked); got != text {
			t.Fatalf("%q became %q and then %q", text, masked, got)
		}
		for _, f := range list {
			if v := text[f.Start:f.End]; allMasked().Action(f) == Mask && f.Confidence == High && len(v) > 12 && strings.Count(text, v) == 1 && strings.Contains(masked, v) {
				t.Fatalf("%q stayed in %q", v, masked)
			}
		}
		// in pieces, both ways
		q := NewPseudonyms(LabelsOf("nl"))
		m, r := q.Masker(s, allMasked()), q.Restorer()
		var out, back strings.Builder
		for rest := text; rest != ""; {
			n := min(len(rest), rapid.IntRange(1, 30).Draw(t, "piece"))
			piece, _ := m.Write(rest[:n])
			out.WriteString(piece)
			rest = rest[n:]
		}
		last, _ := m.Close()
		out.WriteString(last)
		for rest := out.String(); rest != ""; {
			n := min(len(rest), rapid.IntRange(1, 9).Draw(t, "back"))
			back.WriteString(r.Write(rest[:n]))
			rest = rest[n:]
		}
		back.WriteString(r.Close())
		if back.String() != text {
			t.Fatalf("in pieces %q became %q and then %q", text, out.String(), back.String())
		}
	})
}

func TestNothingOfAMaskedValueLeavesBeforeItIsDecided(t *testing.T) {
	t.Parallel()
	s := New()
	for _, e := range examples() {
		text := "Zie hier: " + e.text + " en dat was het."
		p := NewPseudonyms(LabelsOf("nl"))
		want := p.Mask(text, s.Scan(text), allMasked())
		for i := range len(text) + 1 {
			q := NewPseudonyms(LabelsOf("nl"))
			m := q.Masker(s, allMasked())
			a, _ := m.Write(text[:i])
			b, _ := m.Write(text[i:])
			c, _ := m.Close()
			if !strings.HasPrefix(want, a) || a+b+c != want {
				t.Fatalf("%q split at %d gave %q, %q, %q; the whole gives %q", text, i, a, b, c, want)
			}
		}
	}
}

func TestModelsMayChangeAPlaceholder(t *testing.T) {
	t.Parallel()
	p := NewPseudonyms(LabelsOf("nl"))
	if got := p.Placeholder(Person, "Jan Peeters"); got != "[PERSOON-1]" {
		t.Fatal(got)
	}
	p.Placeholder(Phone, "0471 12 34 56")
	for text, want := range map[string]string{
		"Dag [PERSOON-1], bel [TELEFOON-1].":     "Dag Jan Peeters, bel 0471 12 34 56.",
		"**[PERSOON-1]** en [**PERSOON-1**]":     "**Jan Peeters** en Jan Peeters",
		"[persoon-1], [Persoon-1], [PERSOON 1]":  "Jan Peeters, Jan Peeters, Jan Peeters",
		"\\[PERSOON-1\\] en [PERSOON\\-1]":       "Jan Peeters en Jan Peeters",
		"[PERSOON‑1] en [PERSOON–1]":             "Jan Peeters en Jan Peeters",
		"PERSOON-1 belt, **PERSOON-1**":          "Jan Peeters belt, **Jan Peeters**",
		"[PERSONNE-1] et [PERSON-1]":             "Jan Peeters et Jan Peeters",
		"[PERSOON-1]s vraag":                     "Jan Peeterss vraag",
		"[PERSOON-2] en persoon 1 en [PERSOON-]": "[PERSOON-2] en persoon 1 en [PERSOON-]",
		"XPERSOON-1 PERSOON-12 [PERSOON-1":       "XPERSOON-1 PERSOON-12 [Jan Peeters",
	} {
		if got := p.Restore(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		for i := range len(text) {
			r := p.Restorer()
			if got := r.Write(text[:i]) + r.Write(text[i:]) + r.Close(); got != want {
				t.Errorf("%q split at %d became %q", text, i, got)
			}
		}
	}
}

func TestTheSameValueKeepsItsPlaceholder(t *testing.T) {
	t.Parallel()
	p := NewPseudonyms(LabelsOf("nl"))
	for _, c := range []struct {
		kind        Type
		value, want string
	}{
		{Phone, "0471 12 34 56", "[TELEFOON-1]"},
		{Phone, "0471123456", "[TELEFOON-1b]"},
		{Phone, "+32 471 12 34 56", "[TELEFOON-1c]"},
		{Phone, "0471 12 34 56", "[TELEFOON-1]"},
		{Phone, "0471 12 34 57", "[TELEFOON-2]"},
		{Person, "Jan Peeters", "[PERSOON-1]"},
		{Person, "Peeters", "[PERSOON-1b]"},
		{Person, "JAN PEETERS", "[PERSOON-1c]"},
		{Person, "An Peeters", "[PERSOON-2]"},
		{Mail, "a@b.be", "[MAILADRES-1]"},
	} {
		if got := p.Placeholder(c.kind, c.value); got != c.want {
			t.Errorf("%s %q got %s, want %s", c.kind, c.value, got, c.want)
		}
	}
	if s := fmt.Sprintf("%v %+v %#v %s", p, p, p, p); strings.Contains(s, "Peeters") || strings.Contains(s, "0471") {
		t.Errorf("the values print: %s", s)
	}
}

func TestManySpellingsKeepTheirValues(t *testing.T) {
	t.Parallel()
	p := NewPseudonyms(LabelsOf("en"))
	values, placeholders := []string{}, []string{}
	for i := range 60 {
		v := "0471" + strings.Repeat(" ", i) + "123456"
		values, placeholders = append(values, v), append(placeholders, p.Placeholder(Phone, v))
	}
	for i, h := range placeholders {
		if got := p.Restore(h); got != values[i] {
			t.Errorf("%s became %q, want %q", h, got, values[i])
		}
		if slices.Index(placeholders, h) != i {
			t.Errorf("%s stands twice", h)
		}
	}
}

func TestTextsAreInFourLanguages(t *testing.T) {
	t.Parallel()
	if err := Texts().Check(); err != nil {
		t.Error(err)
	}
	keys, err := Texts().Keys()
	if err != nil {
		t.Fatal(err)
	}
	want := Reasons()
	for _, ty := range Types() {
		want = append(want, "type."+string(ty))
	}
	for _, k := range want {
		if !slices.Contains(keys, k) {
			t.Errorf("%q has no text", k)
		}
	}
	words := map[string]Type{}
	for _, lang := range languages() {
		for ty, w := range LabelsOf(lang) {
			if strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || w == "" {
				t.Errorf("%s: the label %q is not in capitals alone", lang, w)
			}
			if was, ok := words[w]; ok && was != ty {
				t.Errorf("the label %q is of %s and %s", w, was, ty)
			}
			words[w] = ty
		}
	}
}

func FuzzRestore(f *testing.F) {
	f.Add("Dag [PERSOON-1] en PERSOON-1", 4)
	f.Add("\\[**persoon 1**\\]", 3)
	s := New()
	f.Fuzz(func(t *testing.T, text string, n int) {
		p := NewPseudonyms(LabelsOf("nl"))
		masked := p.Mask(text, s.Scan(text), allMasked())
		if got := p.Restore(masked); got != text {
			t.Fatalf("%q became %q and then %q", text, masked, got)
		}
		if n < 0 || n > len(text) {
			return
		}
		q := NewPseudonyms(LabelsOf("fr"))
		m := q.Masker(s, allMasked())
		a, _ := m.Write(text[:n])
		b, _ := m.Write(text[n:])
		c, _ := m.Close()
		if got := q.Restore(a + b + c); got != text {
			t.Fatalf("in pieces %q became %q and then %q", text, a+b+c, got)
		}
		for _, ty := range append(Types(), "") {
			Canonical(ty, text)
		}
		r := p.Restorer()
		if got := r.Write(text[:n]) + r.Write(text[n:]) + r.Close(); got != p.Restore(text) {
			t.Fatalf("split at %d: %q, whole %q", n, got, p.Restore(text))
		}
	})
}

func TestPoliciesDecide(t *testing.T) {
	t.Parallel()
	p := DefaultPolicy()
	for ty, want := range map[Type]Action{NationalNumber: Mask, Secret: Block, Health: Warn, Company: Warn, Type("other"): Ignore} {
		if got := p.Action(Finding{Type: ty}); got != want {
			t.Errorf("%s: %s, want %s", ty, got, want)
		}
	}
	p[Health] = Mask
	if got := p.Action(Finding{Type: Health}); got != Warn {
		t.Errorf("a category became %s", got)
	}
	if got := p.Strictest([]Finding{{Type: Company}, {Type: Password}, {Type: Person}}); got != Block {
		t.Errorf("strictest: %s", got)
	}
	if got := p.Strictest(nil); got != Ignore {
		t.Errorf("nothing: %s", got)
	}
}
