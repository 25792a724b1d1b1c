package people

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

const framed = "Personeelsnummer;Voornaam;Familienaam;E-mail;Taal;Geboortejaar;Pad;Functie;Niveau;Statuut;Standplaats;In dienst\n" +
	"0001;An;Peeters;an@stad.example;nl;1985;Stad > Groen;Tuinman;D;statutair;Loods;ja\n" +
	"0002;Bo;Janssens;bo@stad.example;fr;1999;Stad > Groen > Secretariaat;Klerk;C;contractueel;Stadhuis;ja\n" +
	"0003;Cas;Maes;;nl;1950;Stad > Financiën > Secretariaat;Klerk;C;statutair;Stadhuis;ja\n" +
	"0004;Dia;Claes;dia@stad.example;nl;;Stad > Financiën;Boekhouder;B;statutair;Stadhuis;ja\n" +
	"0005;Eva;Aerts;eva@stad.example;nl;1970;Stad > Financiën;Boekhouder;B;statutair;Stadhuis;nee\n"

func TestAFrameTellsOfPeopleInServiceWhatIsAskedAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.taken(w.mapped(w.bring(w.source("Payroll"), framed, false)), false)
		if v.State != store.Applied {
			t.Fatalf("%s %s", v.State, v.Counts)
		}
		units, err := w.FrameUnits(t.Context(), hr())
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]string{}
		var tree []string
		for _, u := range units {
			ids[strings.Repeat(" ", u.Depth)+u.Name] = u.ID
			tree = append(tree, fmt.Sprintf("%d %s %d", u.Depth, u.Name, u.People))
		}
		if want := []string{"0 Stad 4", "1 Financiën 2", "2 Secretariaat 1", "1 Groen 2", "2 Secretariaat 1"}; !slices.Equal(tree, want) {
			t.Fatalf("the tree is %q, not %q", tree, want)
		}
		everybody := FrameQuery{Variables: FrameVariables(), Purpose: "Lijst van de meting Voorjaar", Most: 100}
		people, n, err := w.Frame(t.Context(), hr(), everybody)
		if err != nil || n != 4 {
			t.Fatalf("%d people, %v", n, err)
		}
		var got []string
		for _, p := range people {
			got = append(got, strings.Join(append([]string{p.Name, p.Mail, p.Number, p.Language}, p.Values...), "|"))
		}
		want := []string{
			"Dia Claes|dia@stad.example|0004|nl|Financiën|Financiën|Boekhouder||B||statutair|Stadhuis|",
			"Bo Janssens|bo@stad.example|0002|fr|Groen|Secretariaat (Groen)|Klerk||C||contractueel|Stadhuis|< 30",
			"Cas Maes||0003|nl|Financiën|Secretariaat (Financiën)|Klerk||C||statutair|Stadhuis|60+",
			"An Peeters|an@stad.example|0001|nl|Groen|Groen|Tuinman||D||statutair|Loods|40-49",
		}
		if !slices.Equal(got, want) {
			t.Errorf("the frame is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		head, err := store.Head(t.Context(), w.DB.Of(hr().Tenant))
		if err != nil {
			t.Fatal(err)
		}
		an, err := store.ByNumber(t.Context(), w.DB.Of(hr().Tenant), head.Current, "0001")
		if err != nil || len(an) != 1 {
			t.Fatalf("%v, %v", an, err)
		}
		reads, err := store.Reads(t.Context(), w.DB.Of(hr().Tenant), an[0].ID, w.Now().AddDate(1, 0, 0), 10)
		if err != nil || len(reads) != 1 || reads[0].What != SawExport || reads[0].Purpose != everybody.Purpose || reads[0].Account != "hr" {
			t.Errorf("it is noted as %+v, %v", reads, err)
		}

		// One unit with what is below it; nobody whose post is elsewhere is read.
		people, n, err = w.Frame(t.Context(), hr(), FrameQuery{Units: []string{ids[" Groen"]}, Variables: []string{"department"}, Purpose: "Lijst van de meting", Most: 100})
		if err != nil || n != 2 || people[0].Name != "Bo Janssens" || people[1].Name != "An Peeters" || len(people[0].Values) != 1 {
			t.Errorf("%+v, %d, %v", people, n, err)
		}
		if people, n, err = w.Frame(t.Context(), hr(), FrameQuery{Units: []string{"none"}, Most: 100}); err != nil || n != 0 || len(people) > 0 {
			t.Errorf("of a unit that is not there: %v, %d, %v", people, n, err)
		}
		if people, n, err = w.Frame(t.Context(), hr(), FrameQuery{Most: 3}); err != nil || n != 4 || people != nil {
			t.Errorf("of more than are asked: %v, %d, %v", people, n, err)
		}
		for _, who := range []access.Actor{as("m", access.Manager), as("d", access.DPO), as("r", access.Researcher)} {
			if _, _, err := w.Frame(t.Context(), who, everybody); !problem.Is(err, problem.Forbidden) {
				t.Errorf("%v: %v", who.Roles, err)
			}
			if _, err := w.FrameUnits(t.Context(), who); !problem.Is(err, problem.Forbidden) {
				t.Errorf("%v: %v", who.Roles, err)
			}
		}
		if reads, err = store.Reads(t.Context(), w.DB.Of(hr().Tenant), an[0].ID, w.Now().AddDate(1, 0, 0), 10); err != nil || len(reads) != 2 {
			t.Errorf("%d reads, %v", len(reads), err)
		}
	})
}

func TestAFrameOfABrokenTreeEnds(t *testing.T) {
	t.Parallel()
	for name, units := range map[string][]org.Unit{
		"a circle":           {{ID: "a", Name: "A", Parent: "b"}, {ID: "b", Name: "B", Parent: "a"}},
		"its own parent":     {{ID: "a", Name: "A", Parent: "a"}},
		"below a circle":     {{ID: "a", Name: "A", Parent: "b"}, {ID: "b", Name: "B", Parent: "c"}, {ID: "c", Name: "C", Parent: "b"}},
		"below nothing":      {{ID: "a", Name: "A", Parent: "gone"}, {ID: "b", Name: "B", Parent: "a"}},
		"nothing":            nil,
		"several at the top": {{ID: "a", Name: "A"}, {ID: "b", Name: "B"}, {ID: "c", Name: "C", Parent: "b"}},
	} {
		tree := treeOf(units)
		if got := tree.list(); len(got) != len(units) {
			t.Errorf("%s: %d of %d units are listed", name, len(got), len(units))
		}
		if got := tree.departments(); len(got) != len(units) {
			t.Errorf("%s: %v", name, got)
		}
	}
	tree := treeOf([]org.Unit{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}, {ID: "c", Name: "C", Parent: "b"}})
	if got := tree.departments(); got[2] != 1 || got[0] != 0 || got[1] != 1 {
		t.Errorf("of several tops each is a department: %v", got)
	}
}

func TestUnitsOfOneNameAreToldApart(t *testing.T) {
	t.Parallel()
	tree := treeOf([]org.Unit{{ID: "1", Name: "Top"}, {ID: "2", Name: "Groen", Parent: "1"}, {ID: "3", Name: "Team", Parent: "2"}, {ID: "4", Name: "team", Parent: "2"}, {ID: "5", Name: "Team", Parent: "1"}, {ID: "6", Name: "Team", Parent: "6x", Code: "T6"}})
	names := tree.names(map[int]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true})
	seen := map[string]bool{}
	for _, n := range names {
		if seen[n] {
			t.Errorf("%q twice in %v", n, names)
		}
		seen[n] = true
	}
	if alone := tree.names(map[int]bool{2: true}); alone[slices.IndexFunc(tree.units, func(u org.Unit) bool { return u.ID == "3" })] != "Team" {
		t.Errorf("a name that is there once is %v", alone)
	}
}

func TestAgesAreTakenInBands(t *testing.T) {
	t.Parallel()
	for age, want := range map[int]string{-5: "", 13: "", 14: "< 30", 29: "< 30", 30: "30-39", 39: "30-39", 55: "50-59", 60: "60+", 99: "60+", 100: "", 2026: ""} {
		if got := ageBand(age); got != want {
			t.Errorf("%d: %q, not %q", age, got, want)
		}
	}
}
