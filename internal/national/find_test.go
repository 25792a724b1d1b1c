package national

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/national/nationaltest"
)

func TestANumberIsFoundWithinText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		n := nationaltest.Belgian(r)
		before := rapid.SampledFrom([]string{"", "RR ", "rrn: ", "Zie dossier (", "INSZ=", "tel. 09 123 45 67; "}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", ".", ", nog na te kijken", ") 12", "; 3 kinderen"}).Draw(t, "after")
		for _, s := range nationaltest.Spellings(n)[:9] {
			found := Find(before + s + after)
			if len(found) != 1 || found[0].Number.Digits() != n || found[0].From != len(before) || found[0].To != len(before)+len(s) {
				t.Fatalf("in %q: %+v", before+s+after, found)
			}
			if text, count := Mask(before + s + after); count != 1 || text != before+"…"+after {
				t.Fatalf("%q became %q", before+s+after, text)
			}
		}
	})
}

func TestPartOfSomethingLongerIsNotFound(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	n, bsn := nationaltest.Belgian(r), nationaltest.BSN(r)
	for _, s := range []string{
		"BE68" + n, "BE68 5390 0754 7034", "x" + n, n + "x", "1" + n, n + "1", "1-" + n, "+" + n, bsn, "tel. " + bsn, "2026-11-29 10:12:33", strings.TrimLeft(nationaltest.Born(2001, 5, 5, 901), "0"),
	} {
		if found := Find(s); len(found) > 0 {
			t.Errorf("in %q: %+v", s, found)
		}
	}
	for _, s := range []string{"BSN " + bsn, "burgerservicenummer: " + bsn[:3] + " " + bsn[3:6] + " " + bsn[6:]} {
		if found := Find(s); len(found) != 1 || found[0].Number.Digits() != bsn {
			t.Errorf("in %q: %+v", s, found)
		}
	}
}

func FuzzFindStaysWithinTheText(f *testing.F) {
	n := nationaltest.Belgian(rand.New(rand.NewPCG(1, 2)))
	f.Add("a " + n + " b " + n)
	f.Add("1.1.1.1.1.1.1.1.1.1.1.1.1.1")
	f.Add("\xff1\u00a02\u00a0")
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, g := range Find(s) {
			if g.From < last || g.To <= g.From || g.To > len(s) {
				t.Fatalf("in %q: %+v", s, g)
			}
			last = g.To
		}
		if text, n := Mask(s); n > 0 && len(Find(text)) > len(Find(s)) {
			t.Fatalf("%q became %q", s, text)
		}
	})
}
