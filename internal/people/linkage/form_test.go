package linkage

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func builtin(t testing.TB) *Words {
	t.Helper()
	w, err := BuiltinWords()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestATitleIsTakenApart(t *testing.T) {
	t.Parallel()
	w := builtin(t)
	for text, want := range map[string]struct {
		sorted, seniority, grade string
		number                   int
	}{
		"Administratief medewerker niv. C":     {"administratief medewerker", "", "C", 0},
		"adm. mdw. (C1-C3)":                    {"administratief medewerker", "", "C1-C3", 0},
		"Deskundige A1a-A3a":                   {"deskundig", "", "A1-A3", 0},
		"Medewerker C1 - C3":                   {"medewerker", "", "C1-C3", 0},
		"Senior adviseur (v/m/x)":              {"adviseur", "senior", "", 0},
		"Hoofdmaatschappelijk werker":          {"maatschappelijk werker", "head", "", 0},
		"adjunct-directeur":                    {"directeur", "deputy", "", 0},
		"Hoofd burgerzaken":                    {"burgerzak hoofd", "", "", 0},
		"Onderhoudsmedewerker":                 {"onderhoudsmedewerker", "", "", 0},
		"Medewerker II":                        {"medewerker", "", "", 2},
		"Technisch medewerker graad 2":         {"medewerker technisch", "", "", 2},
		"medewerk(st)er / medewerkster":        {"medewerker", "", "", 0},
		"Leraar/lerares":                       {"leraar", "", "", 0},
		"Chef de service":                      {"diensthoofd", "", "", 0},
		"Administratief medewerker (50%)":      {"administratief medewerker", "", "", 0},
		"Verkoopster":                          {"verkoper", "", "", 0},
		"Beheerster":                           {"beheerder", "", "", 0},
		"Burgemeester":                         {"burgemeester", "", "", 0},
		"e.a. assistent":                       {"assistent", "first", "", 0},
		"Arbeider - vervanging - contractueel": {"arbeider", "", "", 0},
	} {
		f := w.parse(text)
		if f.sorted != want.sorted || f.seniority != want.seniority || f.gradeText() != want.grade || f.number != want.number {
			t.Errorf("%q became %q, %q, %q, %d; want %+v", text, f.sorted, f.seniority, f.gradeText(), f.number, want)
		}
	}
}

func FuzzATitleIsTakenApartTheSameWayHoweverItIsCased(f *testing.F) {
	w := builtin(f)
	for _, s := range []string{"Adm. mdw. (m/v/x)", "medewerk(st)er", "((((", "C1-C3", "/-ster", "Hoofd-", "a.b.c.", "İı ﬁ ß", "niv.", "1/2 %", "é(è)ê", "\xff", "- - -", "niveau", "(", ")("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		one, two := w.parse(s), w.parse(fold(s))
		if one.sorted != two.sorted || one.joined != two.joined || one.seniority != two.seniority || one.letter != two.letter || one.number != two.number {
			t.Fatalf("%q became %q (%q) and folded %q (%q)", s, one.sorted, one.seniority, two.sorted, two.seniority)
		}
		for _, x := range one.words {
			if x.key == "" || x.full == "" || strings.ContainsAny(x.raw, " ()") {
				t.Fatalf("%q has the word %+v", s, x)
			}
		}
		if one.low > one.high || one.low > 0 && one.letter == 0 {
			t.Fatalf("%q has the grade %q", s, one.gradeText())
		}
	})
}

func FuzzFoldingTwiceIsFoldingOnce(f *testing.F) {
	for _, s := range []string{"Coördinator", "İ", "ﬁ", "ẞ", "ǅ", "a\u0301\u200b", "\xff\xfe", " \t x", "Œuvre", "ﷺ", "K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		one := fold(s)
		if two := fold(one); two != one || !utf8.ValidString(one) || strings.Contains(one, "  ") || strings.TrimSpace(one) != one {
			t.Fatalf("%q became %q and then %q", s, one, two)
		}
	})
}

func FuzzNamesCompareAlikeBothWays(f *testing.F) {
	names, err := parseNames(builtinNames)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Van den Abeele", "Vandenabeele")
	f.Add("J.P.", "Jan Pieter")
	f.Add("Peeters-Janssens", "Janssens")
	f.Add("-", "'")
	f.Fuzz(func(t *testing.T, a, b string) {
		clear(names.givens)
		clear(names.families)
		x, y := names.family(a), names.family(b)
		if one, two := compareFamily(x, y), compareFamily(y, x); one != two {
			t.Fatalf("family names %q and %q: %d and %d", a, b, one, two)
		}
		v, w := names.given(a), names.given(b)
		if one, two := compareGiven(v, w), compareGiven(w, v); one != two {
			t.Fatalf("first names %q and %q: %d and %d", a, b, one, two)
		}
		if s := compareFamily(x, x); x.joined != "" && s != familySame {
			t.Fatalf("%q is not itself: %d", a, s)
		}
	})
}

// The figures of Winkler (1990), table 1, and of Census Bureau's strcmp95 without its adjustments.
func TestJaroWinklerGivesPublishedFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"martha", "marhta", .961}, {"dwayne", "duane", .840}, {"dixon", "dicksonx", .813}, {"shackleford", "shackelford", .982}, {"dunningham", "cunnigham", .896},
		{"nichleson", "nichulson", .956}, {"jones", "johnson", .832}, {"massey", "massie", .933}, {"abroms", "abrams", .922}, {"", "", 1}, {"a", "", 0}} {
		if got := jaroWinkler(c.a, c.b); math.Abs(got-c.want) > 0.0006 {
			t.Errorf("%s and %s: %.4f, want %.3f", c.a, c.b, got, c.want)
		}
	}
}

// distance is the plain optimal string alignment, the whole table.
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestWithinIsTheEditDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[abc]{0,9}`)
		a, b, limit := text.Draw(t, "a"), text.Draw(t, "b"), rapid.IntRange(0, 4).Draw(t, "limit")
		if got, want := within(a, b, limit), distance(a, b) <= limit; got != want {
			t.Fatalf("%q and %q are %d apart, within %d: %v", a, b, distance(a, b), limit, got)
		}
	})
}

// Each step of learning makes what was seen no less probable, with the pseudo-counts in it (Dempster, Laird and Rubin 1977).
func TestNoStepOfLearningIsDownhill(t *testing.T) {
	t.Parallel()
	designs := (&personRows{}).designs()
	for seed := range uint64(5) {
		tallies := drawn(rand.New(rand.NewPCG(seed, 4)), designs, 5000, .05, func(pattern) bool { return false })
		f := newFit(designs, 0.2)
		last := math.Inf(-1)
		for step := range 100 {
			before := f.penalty(2)
			_, likelihood := f.step(tallies, 5000, 2, false)
			if total := likelihood + before; total < last-1e-6 {
				t.Fatalf("seed %d: step %d goes from %v to %v", seed, step, last, total)
			} else {
				last = total
			}
		}
	}
}

// penalty is the logarithm of the designed pseudo-counts' density, up to a constant.
func (f *fit) penalty(sampled float64) float64 {
	sum := 0.0
	for i := range f.designs {
		d := &f.designs[i]
		if d.mStrength > 1e6 {
			continue // held fixed
		}
		for l, a := range scaled(d.m, d.mStrength) {
			sum += a * math.Log(f.m[i][l])
		}
		for c := range d.u {
			for l, a := range scaled(d.u[c], d.behind(c, sampled)) {
				sum += a * math.Log(f.u[i][c][l])
			}
		}
	}
	return sum
}

func TestLevelsThatWeighInTheWrongOrderArePutLevel(t *testing.T) {
	t.Parallel()
	f := newFit([]design{{m: []float64{.5, .4, .1}, u: [][]float64{{.2, .1, .7}}, ordered: true}}, .1)
	if !f.order(0) {
		t.Fatal("nothing was put level")
	}
	var weights []float64
	sum := 0.0
	for l := range f.m[0] {
		weights = append(weights, -math.Round(1e9*f.m[0][l]/f.u[0][0][l]))
		sum += f.u[0][0][l]
	}
	if !slices.IsSorted(weights) || math.Abs(sum-1) > 1e-12 || weights[0] != weights[1] {
		t.Errorf("weights %v, u adds up to %v", weights, sum)
	}
	if f.order(0) {
		t.Error("put level twice")
	}
}

// What learning makes of pairs that have nothing to do with the design is given up for the design.
func TestLearningThatDriftsIsPutBack(t *testing.T) {
	t.Parallel()
	designs := []design{
		{field: "a", levels: []Level{Same, Different}, m: []float64{.9, .1}, mStrength: 1, u: [][]float64{{.5, .5}}, uStrength: 1},
		{field: "b", levels: []Level{Same, Different}, m: []float64{.9, .1}, mStrength: 1, u: [][]float64{{.5, .5}}, uStrength: 1},
	}
	blank := pattern{missing, missing, missing, missing, missing, missing, missing, missing}
	var tallies []tally
	for a := range int8(2) {
		for b := range int8(2) {
			p := blank
			p[0], p[1] = a, b
			tallies = append(tallies, tally{pattern: p, count: []float64{1, 500, 500, 100_000}[2*a+b]})
		}
	}
	tallies[3].count, tallies[0].count = 90_000, 90_000
	_, model, notes, err := learn(t.Context(), designs, tallies, 0.99, 1)
	if err != nil {
		t.Fatal(err)
	}
	if drifted := slices.ContainsFunc(notes, func(n Note) bool { return n.Kind == NoteDrifted }); drifted != model.Designed {
		t.Errorf("drifted %v, designed %v", drifted, model.Designed)
	}
	for _, f := range model.Fields {
		if f.M[0] < 0.5 {
			t.Errorf("%s: m %v", f.Field, f.M)
		}
	}
}

func TestWordsOfTitlesAreChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"abbreviations: {Adm: [administratief]}", "abbreviations: {adm: []}", "unknown: 1", "seniority: ["} {
		if _, err := ParseWords([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestWhatManyPassesFindLeavesLittleUnseen(t *testing.T) {
	t.Parallel()
	if got := chao(0, 50, 100); got != 1 {
		t.Errorf("nothing found once: %v", got)
	}
	if got := chao(20, 9, 100); math.Abs(got-100.0/119) > 1e-12 {
		t.Errorf("twenty found once: %v", got)
	}
	if got := chao(0, 0, 0); got != 1 {
		t.Errorf("nothing found: %v", got)
	}
}
