package corpus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func editions() map[string]*Edition {
	return map[string]*Edition{"development": Development(), "validation": Validation(), "held out": HeldOut()}
}

func TestTheSameSeedMakesTheSameTexts(t *testing.T) {
	t.Parallel()
	for name, e := range editions() {
		a, b, c := e.Make(1, 50), e.Make(1, 50), e.Make(2, 50)
		if fmt.Sprint(a) != fmt.Sprint(b) || fmt.Sprint(a) == fmt.Sprint(c) {
			t.Errorf("%s: the seed does not decide the texts", name)
		}
	}
}

func TestTruthStandsWithinItsText(t *testing.T) {
	t.Parallel()
	for name, e := range editions() {
		kinds := map[string]int{}
		for _, x := range e.Make(3, 3000) {
			end := 0
			for _, tr := range x.Truth {
				if tr.Start < end || tr.End <= tr.Start || tr.End > len(x.Text) || strings.TrimSpace(x.Text[tr.Start:tr.End]) == "" {
					t.Fatalf("%s: %+v in %q", name, tr, x.Text)
				}
				end = tr.End
				kinds[tr.Type]++
			}
			if strings.ContainsAny(x.Text, "{}") {
				t.Fatalf("%s: a slot stayed in %q", name, x.Text)
			}
		}
		for _, k := range []string{"national", "bis", "bsn", "account", "card", "idcard", "passport", "company", "phone", "mail", "plate", "person", "address", "birthdate", "casenumber", "secret", "password", "health", "social", "justice"} {
			if kinds[k] < 20 {
				t.Errorf("%s: only %d times %s", name, kinds[k], k)
			}
		}
	}
}

func TestEditionsShareNoTemplates(t *testing.T) {
	t.Parallel()
	for _, two := range [][2]*Edition{{Development(), HeldOut()}, {Validation(), HeldOut()}, {Development(), Validation()}} {
		shared(t, two[0], two[1])
	}
}

// shared fails when two editions have a template or street in common.
func shared(t *testing.T, a, b *Edition) {
	t.Helper()
	for code, l := range a.languages {
		m := b.languages[code]
		for what, pair := range map[string][2][]string{"sentence": {l.sentences, m.sentences}, "harmless": {l.harmless, m.harmless}, "street": {l.streets, m.streets}, "chat": {l.chats, m.chats}} {
			for _, s := range pair[0] {
				if slices.Contains(pair[1], s) {
					t.Errorf("%s: both editions have the %s %q", code, what, s)
				}
			}
		}
	}
}

func TestNumbersPassTheirRules(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		n := Belgian(r, 0)
		first, _ := strconv.Atoi(n[:9])
		check, _ := strconv.Atoi(n[9:])
		if check != 97-first%97 && check != 97-(2_000_000_000+first)%97 {
			t.Fatalf("%s has wrong check digits", n)
		}
		if s := BSN(r); len(s) != 9 {
			t.Fatal(s)
		}
		e := Enterprise(r)
		base, _ := strconv.Atoi(e[:8])
		check, _ = strconv.Atoi(e[8:])
		if len(e) != 10 || check != 97-base%97 {
			t.Fatalf("%s has wrong check digits", e)
		}
		if s := IBAN(r); len(s) < 16 || s[:2] == "BE" && len(s) != 16 || s[:2] == "NL" && len(s) != 18 {
			t.Fatal(s)
		}
		if s := Card(r); len(s) != 16 && len(s) != 15 {
			t.Fatal(s)
		}
	}
	// numbers that were published as examples
	if got := spelledCard(r, "4111111111111111"); len(strings.NewReplacer(" ", "", "-", "").Replace(got)) != 16 {
		t.Fatal(got)
	}
}
