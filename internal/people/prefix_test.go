package people

import (
	"fmt"
	"strings"
	"testing"

	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// roll is a file of people with the numbers 1 to n, all but the first led by the first.
func roll(n int, given, family string) string {
	var b strings.Builder
	b.WriteString("Personeelsnummer;Voornaam;Familienaam;Dienst;Functie;Personeelsnummer leidinggevende\n")
	for i := range n {
		fmt.Fprintf(&b, "%04d;%s%s;%s%s;%s;Medewerker;%s\n", i+1, given, letters(i), family, letters(i), family, map[bool]string{true: "0001"}[i > 0])
	}
	return b.String()
}

func letters(i int) string { return string(rune('a'+i/5)) + string(rune('a'+i%5)) }

// prefix gives a source a prefix as the page does.
func (w *world) prefix(source, prefix string, renumber bool) error {
	w.t.Helper()
	v, err := w.Source(w.t.Context(), hr(), source)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.ChangeSource(w.t.Context(), hr(), source, SourceInput{Name: v.Name, Complete: v.Complete, Prefix: &prefix, Renumber: renumber, Version: v.Version})
}

// numbers returns the people in service by staff number, with the number of their manager.
func (w *world) numbers() (names, managers map[string]string) {
	w.t.Helper()
	o, _, err := w.standing(w.t.Context(), w.DB.Of(hr().Tenant))
	if err != nil {
		w.t.Fatal(err)
	}
	x := org.NewIndex(o)
	names, managers = map[string]string{}, map[string]string{}
	for i := range o.People {
		if p := &o.People[i]; !p.Out {
			names[p.Number] = p.Name()
			if at, there := x.Person[p.Manager]; there {
				managers[p.Number] = o.People[at].Number
			}
		}
	}
	return names, managers
}

func shownOf(t *testing.T, v *store.Import) *Preview {
	t.Helper()
	shown, err := PreviewOf(v)
	if err != nil || shown == nil {
		t.Fatalf("%s, without a preview: %v %s", v.State, err, v.Counts)
	}
	return shown
}

func TestTwoPayrollsWithTheSameNumbersAreToldApartByAPrefix(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		city, welfare := w.source("Stad"), w.source("OCMW")
		w.taken(w.mapped(w.bring(city, roll(12, "Jan", "Peeters"), false)), false)

		v := w.mapped(w.bring(welfare, roll(8, "Els", "Maes"), true))
		losses := shownOf(t, &v).Difference.Losses
		if v.State != store.Previewed || len(losses) == 0 || losses[0].Kind != draft.OtherPeople || losses[0].N != 8 || losses[0].Of != 8 || len(losses[0].First) != 5 {
			t.Fatalf("%s %+v", v.State, losses)
		}
		for _, x := range losses[0].First {
			if !strings.HasPrefix(x.Stands, "Jan") || !strings.HasPrefix(x.Comes, "Els") || len(x.Stands) != len(x.Comes)+3 || len(x.Number) != 4 {
				t.Errorf("%+v", x)
			}
		}
		if err := w.Apply(t.Context(), hr(), v.ID, v.Version, false); !problem.Is(err, problem.Invalid) {
			t.Errorf("applied without a word: %v", err)
		}
		for _, bad := range []string{"O C M W lang genoeg", "a/b", "é"} {
			if err := w.prefix(welfare, bad, false); !problem.Is(err, problem.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := w.prefix(welfare, " ocmw- ", false); err != nil { // nobody came in yet
			t.Fatal(err)
		}
		w.settle()
		v = w.imported(v.ID)
		d := shownOf(t, &v).Difference
		if v.State != store.Previewed || len(d.Losses) != 0 || d.People.Added != 8 || d.People.Changed+d.People.Gone != 0 {
			t.Fatalf("after the prefix: %s %+v", v.State, d)
		}
		w.taken(v, false)
		names, managers := w.numbers()
		if len(names) != 20 || names["0001"] != "Janaa Peetersaa" || names["OCMW-0001"] != "Elsaa Maesaa" || managers["OCMW-0003"] != "OCMW-0001" || managers["0003"] != "0001" {
			t.Errorf("%v %v", names, managers)
		}
		// The next file needs nobody.
		next := w.bring(welfare, roll(8, "Els", "Maes"), true)
		if next.State != store.Applied || next.Revision != 0 {
			t.Errorf("%+v", next)
		}
	})
}

func TestAnotherPrefixGivesThePeopleOfASourceNewNumbersInOneChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		city, welfare := w.source("Stad"), w.source("OCMW")
		w.taken(w.mapped(w.bring(welfare, roll(12, "Els", "Maes"), false)), false)
		// One person is on both payrolls, with one number and name.
		both := strings.Join(strings.SplitN(roll(1, "Els", "Maes"), "\n", 3), "\n")
		w.taken(w.mapped(w.bring(city, both, false)), false)

		if err := w.prefix(welfare, "OCMW", false); !problem.Is(err, problem.Invalid) {
			t.Fatalf("nobody said what becomes of the numbers: %v", err)
		}
		if err := w.prefix(welfare, "OCMW", true); err != nil {
			t.Fatal(err)
		}
		source, err := w.Source(t.Context(), hr(), welfare)
		if err != nil || source.Prefix != "OCMW" || len(FormerPrefixes(&source)) != 1 {
			t.Fatalf("%+v, %v", source, err)
		}
		v := w.bring(welfare, roll(12, "Els", "Maes"), true)
		counts := CountsOf(&v)
		if v.State != store.Applied || counts == nil || counts.People.Changed < 11 || counts.People.Added != 1 || counts.People.Gone != 0 {
			t.Fatalf("%s %+v", v.State, counts)
		}
		renumbered := v.Revision
		names, managers := w.numbers()
		if len(names) != 13 || names["0001"] == "" || names["OCMW-0001"] == "" || names["OCMW-0012"] == "" || names["0012"] != "" || managers["OCMW-0012"] != "OCMW-0001" {
			t.Errorf("%v %v", names, managers)
		}
		// Another one, and back to none; the number is the only thing that changes.
		for _, step := range []struct{ prefix, number string }{{"WZ", "WZ-0012"}, {"", "0012"}} {
			if err := w.prefix(welfare, step.prefix, true); err != nil {
				t.Fatal(err)
			}
			v = w.bring(welfare, strings.ReplaceAll(roll(12, "Els", "Maes"), "0001;Elsaa;Maesaa", "9999;Elsaa;Maesaa"), false)
			d := shownOf(t, &v).Difference
			if d.People.Gone > 1 || d.People.Added > 1 {
				t.Errorf("with %q: %+v", step.prefix, d.People)
			}
			v = w.taken(v, true)
			if names, _ := w.numbers(); names[step.number] == "" {
				t.Errorf("with %q: %v", step.prefix, names)
			}
		}
		for _, seq := range []int64{v.Revision, v.Revision - 1, renumbered} {
			if _, err := w.Undo(t.Context(), hr(), seq); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		if names, _ := w.numbers(); len(names) != 12 || names["0012"] == "" {
			t.Errorf("undone: %v", names)
		}
	})
}

func TestThePrefixOfAPartialSourceStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v, err := w.AddSource(t.Context(), hr(), SourceInput{Name: "Deel"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.prefix(v.ID, "A", false); err != nil {
			t.Fatal(err)
		}
		w.taken(w.mapped(w.bring(v.ID, roll(3, "Jan", "Peeters"), false)), false)
		if names, _ := w.numbers(); names["A-0001"] == "" || len(names) != 3 {
			t.Errorf("%v", names)
		}
		if err := w.prefix(v.ID, "B", true); !problem.Is(err, problem.Invalid) {
			t.Errorf("%v", err)
		}
		if err := w.prefix(v.ID, "A", false); err != nil {
			t.Errorf("the same prefix: %v", err)
		}
	})
}
