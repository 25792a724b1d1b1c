package linkage_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/linkage/synthetic"
)

// city returns titles of a town with those of interest in front, so that words are as rare as in real lists.
func city(t *testing.T, texts ...string) []linkage.Title {
	t.Helper()
	var all []linkage.Title
	for i, s := range texts {
		all = append(all, linkage.Title{Key: fmt.Sprintf("x%d", i), Text: s, People: 3})
	}
	r := synthetic.TuningTitles()
	r.Spellings = 0.3
	others, _ := synthetic.Titles(5, 300, synthetic.HeldOut, r)
	return append(all, others...)
}

func proposed(t *testing.T, p *linkage.Proposals, a, b int) bool {
	t.Helper()
	return slices.ContainsFunc(p.Pairs, func(x linkage.Pair) bool { return x.A == a && x.B == b })
}

func TestSpellingsOfOneFunctionAreProposed(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Administratief medewerker", "Adm. mdw."},
		{"Administratief medewerker", "administratief medewerk(st)er"},
		{"Administratief medewerker", "ADMIN MEDEWERKER (m/v/x)"},
		{"Administratief medewerker", "Administratief medewerker niv. C"},
		{"Administratief medewerker", "Medewerker, administratief"},
		{"Administratief medewerker", "administratief medewerker/medewerkster"},
		{"Administratief medewerker", "Administratief medewerker/-ster C1-C3"},
		{"Administratief medewerker", "Collaborateur administratif"},
		{"Administratief medewerker", "Administratieve medewerkster"},
		{"Administratief medewerker", "Adminstratief medewerker"},
		{"Coördinator kinderopvang", "Coordinatrice kinder opvang"},
		{"Technisch assistent groendienst", "Techn. ass. groen dienst (contractueel)"},
		{"Verpleegkundige", "Verpleegster"},
		{"Verpleegkundige", "Infirmière (H/F)"},
		{"Hoofdverpleegkundige", "Hoofd-verpleegkundige (v/m)"},
		{"Maatschappelijk werker", "Assistante sociale"},
		{"Medewerker burgerzaken", "Medewerker dienst burgerzaken"},
		{"Schoonmaakster", "Schoonmaker"},
	} {
		p, err := linkage.Titles(t.Context(), city(t, pair[0], pair[1]), linkage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !proposed(t, p, 0, 1) {
			t.Errorf("%q and %q are not proposed", pair[0], pair[1])
		}
	}
}

func TestDifferentFunctionsAreNotProposed(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Administratief medewerker", "Senior administratief medewerker"},
		{"Administratief medewerker", "Junior administratief medewerker"},
		{"Verpleegkundige", "Hoofdverpleegkundige"},
		{"Directeur academie", "Adjunct-directeur academie"},
		{"Assistent", "Eerste assistent"},
		{"Technisch medewerker 1", "Technisch medewerker 2"},
		{"Technisch medewerker niv. C", "Technisch medewerker niv. D"},
		{"Administratief medewerker", "Technisch medewerker"},
		{"Begeleider kinderopvang", "Verantwoordelijke kinderopvang"},
		{"Burgemeester", "Burger"},
		{"Onderhoudsmedewerker", "Houdsmedewerker zwembad"},
		{"Secretaris", "Secretaresse"},
	} {
		p, err := linkage.Titles(t.Context(), city(t, pair[0], pair[1]), linkage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if proposed(t, p, 0, 1) {
			t.Errorf("%q and %q are proposed", pair[0], pair[1])
		}
	}
}

func TestSeniorityAndGradesTellFunctionsApartUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	titles := city(t, "Administratief medewerker", "Senior administratief medewerker", "Technisch medewerker niv. C", "Technisch medewerker niv. D")
	p, err := linkage.Titles(t.Context(), titles, linkage.Options{AcrossSeniority: true, AcrossGrades: true, Threshold: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	if !proposed(t, p, 0, 1) || !proposed(t, p, 2, 3) {
		t.Error("not proposed, though seniority and grades do not count")
	}
}

func TestASecondRowOfAPersonIsProposed(t *testing.T) {
	t.Parallel()
	others, _ := synthetic.People(8, 3000, synthetic.HeldOut, synthetic.HeldOutPeople())
	base := linkage.Person{Key: "a", Number: "4711", Given: "Katrien", Family: "Vandenabeele", BirthYear: 1979, Mail: "katrien.vandenabeele@gent.example", Unit: "u1", Function: "f1"}
	for name, change := range map[string]func(p *linkage.Person){
		"other number":    func(p *linkage.Person) {},
		"particles apart": func(p *linkage.Person) { p.Family = "VAN DEN ABEELE" },
		"typing error":    func(p *linkage.Person) { p.Family = "Vandenabele" },
		"exchanged":       func(p *linkage.Person) { p.Given, p.Family = p.Family, p.Given },
		"double name":     func(p *linkage.Person) { p.Family = "Vandenabeele - De Smet" },
		"married name":    func(p *linkage.Person) { p.Family = "De Smet" },
		"initial":         func(p *linkage.Person) { p.Given = "K." },
		"one cell":        func(p *linkage.Person) { p.Given, p.Family = "", "Vandenabeele Katrien" },
		"short name":      func(p *linkage.Person) { p.Given = "Trien" },
	} {
		again := base
		again.Key, again.Number = "b", "5822"
		change(&again)
		p, err := linkage.People(t.Context(), append([]linkage.Person{base, again}, others...), linkage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !proposed(t, p, 0, 1) {
			t.Errorf("%s: not proposed", name)
		}
	}
}

// Two people with a common name say less than two with a rare one.
func TestRareNamesWeighMore(t *testing.T) {
	t.Parallel()
	others, _ := synthetic.People(8, 5000, synthetic.HeldOut, synthetic.HeldOutPeople())
	two := func(given, family string) float64 {
		rows := append([]linkage.Person{{Key: "a", Number: "4711", Given: given, Family: family, BirthYear: 1979}, {Key: "b", Number: "5822", Given: given, Family: family, BirthYear: 1979}}, others...)
		p, err := linkage.People(t.Context(), rows, linkage.Options{Threshold: 0.0001})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range p.Pairs {
			if x.A == 0 && x.B == 1 {
				return x.Probability
			}
		}
		return 0
	}
	if rare, common := two("Hannelore", "Vandenabeele-Oosterlynck"), two("Jan", "Peeters"); rare < 0.8 || common > 0.5 {
		t.Errorf("rare %v, common %v", rare, common)
	}
}

func TestDecisionsAreHonoured(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		titles, _ := synthetic.Titles(rapid.Uint64Range(1, 1000).Draw(t, "seed"), 60, synthetic.Tuning, synthetic.TuningTitles())
		first, err := linkage.Titles(context.Background(), titles, linkage.Options{Threshold: 0.3})
		if err != nil {
			t.Fatal(err)
		}
		var known []linkage.Decision
		same := map[[2]string]bool{}
		for _, p := range first.Pairs {
			if rapid.Bool().Draw(t, "decide") {
				d := linkage.Decision{A: titles[p.A].Key, B: titles[p.B].Key, Same: rapid.Bool().Draw(t, "same")}
				known = append(known, d)
				same[[2]string{d.A, d.B}] = d.Same
			}
		}
		p, err := linkage.Titles(context.Background(), titles, linkage.Options{Threshold: 0.3, Known: known})
		if err != nil {
			t.Fatal(err)
		}
		contradicted := map[[2]string]bool{}
		for _, n := range p.Notes {
			if n.Kind == linkage.NoteContradiction {
				contradicted[[2]string{n.Args[0], n.Args[1]}] = true
			}
		}
		for _, x := range p.Pairs {
			if _, decided := same[[2]string{titles[x.A].Key, titles[x.B].Key}]; decided {
				t.Fatalf("%v is proposed again", x)
			}
		}
		in := map[string]int{}
		for i, c := range p.Clusters {
			for _, m := range c.Members {
				in[titles[m].Key] = i + 1
			}
			if !slices.Contains(c.Members, c.Canonical) || len(c.Members) < 2 || !slices.IsSorted(c.Members) {
				t.Fatalf("a cluster %+v", c)
			}
		}
		for _, d := range known {
			together := in[d.A] != 0 && in[d.A] == in[d.B]
			if together != d.Same && !contradicted[[2]string{d.A, d.B}] {
				t.Fatalf("%+v, and in one cluster: %v", d, together)
			}
		}
	})
}

// Each member of a cluster goes with each other member: small steps do not tie what is different.
func TestClustersDoNotChain(t *testing.T) {
	t.Parallel()
	titles, _ := synthetic.Titles(77, 800, synthetic.HeldOut, synthetic.HeldOutTitles())
	const threshold = 0.5
	p, err := linkage.Titles(t.Context(), titles, linkage.Options{Threshold: threshold})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Clusters) < 50 {
		t.Fatalf("only %d clusters", len(p.Clusters))
	}
	seen := map[int]bool{}
	for _, c := range p.Clusters {
		if c.Lowest < threshold*0.2 || c.Mean < threshold*0.5 {
			t.Errorf("a cluster with lowest %v and mean %v", c.Lowest, c.Mean)
		}
		for _, m := range c.Members {
			if seen[m] {
				t.Errorf("row %d is in two clusters", m)
			}
			seen[m] = true
		}
	}
}

func TestProposalsAreTheSameForASeedWhateverTheWorkers(t *testing.T) {
	t.Parallel()
	people, _ := synthetic.People(3, 3000, synthetic.HeldOut, synthetic.HeldOutPeople())
	one, err := linkage.People(t.Context(), people, linkage.Options{Seed: 9, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	four, err := linkage.People(t.Context(), people, linkage.Options{Seed: 9, Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one, four); d != "" {
		t.Error(d)
	}
}

func TestEvidenceAddsUpToTheProbability(t *testing.T) {
	t.Parallel()
	people, _ := synthetic.People(3, 2000, synthetic.HeldOut, synthetic.HeldOutPeople())
	p, err := linkage.People(t.Context(), people, linkage.Options{Threshold: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Pairs) < 10 {
		t.Fatalf("only %d pairs", len(p.Pairs))
	}
	last := 1.0
	for _, x := range p.Pairs {
		if want := 1 / (1 + math.Exp2(-x.Bits())); math.Abs(want-x.Probability) > 1e-12 || x.Probability < 0.2-1e-9 || x.Probability > last+1e-9 || len(x.Evidence) != 8 {
			t.Errorf("%+v", x)
		}
		last = x.Probability
		for _, e := range x.Evidence {
			if e.Level == "" || e.Level == linkage.Missing && e.Bits != 0 {
				t.Errorf("%+v", e)
			}
		}
	}
}

func TestARunStopsWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	people, _ := synthetic.People(3, 2000, synthetic.HeldOut, synthetic.HeldOutPeople())
	ctx, cancel := context.WithCancel(t.Context())
	_, err := linkage.People(ctx, people, linkage.Options{Progress: func(s linkage.Stage, _, _ int) {
		if s == linkage.StageCompare {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	cancel()
}

func TestNothingAndOneRowAreAnswered(t *testing.T) {
	t.Parallel()
	for n := range 3 {
		p, err := linkage.Titles(t.Context(), []linkage.Title{{Key: "a", Text: "Kok"}, {Key: "b", Text: ""}}[:n], linkage.Options{})
		if err != nil || len(p.Pairs) > 0 || len(p.Clusters) > 0 {
			t.Errorf("%d rows: %+v, %v", n, p, err)
		}
	}
	for _, bad := range []float64{-1, 1, 2, math.NaN()} {
		if _, err := linkage.People(t.Context(), nil, linkage.Options{Threshold: bad}); err == nil {
			t.Errorf("a threshold of %v is taken", bad)
		}
	}
}

func TestTheNameThatStaysIsNoSlipOfThePen(t *testing.T) {
	t.Parallel()
	titles := []linkage.Title{
		{Key: "1", Text: "Jeugdwerer", People: 9, Level: "C"}, {Key: "2", Text: "Jeugdwerker", People: 2, Level: "C"}, {Key: "3", Text: "Jeugdwerker (m/v/x)", People: 3, Level: "C"},
		{Key: "4", Text: "jeugdwerker niv. C", People: 1, Level: "C"}, {Key: "5", Text: "Boekhouder", People: 5, Level: "B"}, {Key: "6", Text: "Tuinman", People: 5, Level: "D"},
	}
	got, err := linkage.Titles(t.Context(), titles, linkage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Clusters) != 1 || len(got.Clusters[0].Members) != 4 || titles[got.Clusters[0].Canonical].Text != "Jeugdwerker" {
		t.Errorf("%+v", got.Clusters)
	}
}
