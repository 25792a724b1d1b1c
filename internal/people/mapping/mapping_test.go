package mapping

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// table is a file in a test.
type table struct {
	headings []string
	rows     [][]string
}

func (t *table) Headings() []string                    { return t.headings }
func (t *table) Len() int                              { return len(t.rows) }
func (t *table) Number(i int) int                      { return i + 2 }
func (t *table) AppendRow(to []string, i int) []string { return append(to, t.rows[i]...) }

// made returns a table of 40 rows with cells as the examples, again and again.
func made(columns ...[]string) *table {
	t := &table{}
	for _, c := range columns {
		t.headings = append(t.headings, c[0])
	}
	for i := range 40 {
		var row []string
		for _, c := range columns {
			cell := c[1+i%(len(c)-1)]
			row = append(row, strings.ReplaceAll(cell, "#", fmt.Sprint(i+10)))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func col(heading string, examples ...string) []string { return append([]string{heading}, examples...) }

var (
	numbers = []string{"0012#", "0013#", "0014#"}
	given   = []string{"Jan", "An", "Fatima", "Youssef", "Karel"}
	family  = []string{"Peeters", "Maes", "De Smet", "Van de Velde", "El Idrissi", "Claes", "Wouters"}
	mails   = []string{"jan.peeters#@stad.example", "an#@stad.example"}
	dates   = []string{"1/9/1998", "15/03/2010", "31/12/2021"}
	units   = []string{"Wegen", "Burgerzaken", "Sport", "Cultuur en erfgoed"}
	titles  = []string{"Administratief medewerker", "Deskundige", "Ploegbaas wegen"}
)

func fieldsOf(p *Proposed) map[string]Field {
	m := map[string]Field{}
	for _, c := range p.Columns {
		m[fmt.Sprint(c.Column, " ", c.Heading)] = c.Field
	}
	return m
}

func TestColumnsOfPayrollSystemsAreRecognised(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table *table
		want  []Field
		key   Key
	}{
		"abbreviated": {
			made(col("persnr", numbers...), col("NAAM", family...), col("VNAAM", given...), col("GEB.DAT", dates...), col("Dienst", units...), col("Functietitel", titles...), col("Graad", "A1a", "C1-C3", "B1"),
				col("VTE", "1", "0,8", "0,5"), col("Statuut", "Statutair", "Contractueel"), col("In dienst", dates...), col("Uit dienst", ""), col("Standplaats", "Stadhuis", "Depot")),
			[]Field{Number, Family, Given, Birth, UnitName, FunctionName, FunctionLevel, FTE, Statute, Start, End, Site}, Number,
		},
		"long names": {
			made(col("Stamnr", numbers...), col("Familienaam", family...), col("Voornaam", given...), col("Org.eenheid", units...), col("Functie omschrijving", titles...), col("Niveau", "A", "B", "C"), col("FTE %", "100", "80", "50"),
				col("Tewerkstelling", "Stadhuis", "Depot"), col("Leidinggevende", "Peeters Jan", "Maes An"), col("E-mail (werk)", mails...), col("GSM", "0477 12 34 56"), col("Ploeg", "Vroeg", "Laat")),
			[]Field{Number, Family, Given, UnitName, FunctionName, FunctionLevel, FTE, Site, ManagerName, Mail, Ignore, Shift}, Number,
		},
		"codes with what they mean": {
			made(col("Pers. nr", numbers...), col("Naam en voornaam", "Peeters, Jan", "Maes, An"), col("OE", "50000123", "50000124", "50000130"), col("Omschrijving", units...), col("Functiecode", "F01", "F02"), col("Omschrijving", titles...),
				col("Stamnr leidinggevende", "001210", "001211"), col("Tewerkstellingsbreuk", "38/38", "19/38"), col("Status", "Actief", "Langdurig ziek", "Gepensioneerd")),
			[]Field{Number, Name, UnitCode, UnitName, FunctionCode, FunctionName, ManagerNumber, FTE, Service}, Number,
		},
		"French": {
			made(col("N° matricule", numbers...), col("Nom", family...), col("Prénom", given...), col("Date de naissance", dates...), col("Rôle linguistique", "F", "N"), col("Service", units...), col("Intitulé de fonction", titles...),
				col("Régime de travail", "100 %", "50 %"), col("Date d'entrée en service", dates...), col("Date de sortie", "", "31/12/2025"), col("Lieu de travail", "Mairie", "Dépôt"), col("Responsable", "Dupont Marie", "Maes An"), col("Sexe", "M", "V")),
			[]Field{Number, Family, Given, Birth, Language, UnitName, FunctionName, FTE, Start, End, Site, ManagerName, Ignore}, Number,
		},
		"German": {
			made(col("Personal-Nr.", numbers...), col("Nachname", family...), col("Vorname", given...), col("Geburtsjahr", "1980", "1975"), col("Abteilung", units...), col("Funktionsbezeichnung", titles...), col("Beschäftigungsgrad", "100", "50"), col("Eintrittsdatum", dates...), col("Vorgesetzter", "Maes An", "Jan Peeters")),
			[]Field{Number, Family, Given, Birth, UnitName, FunctionName, FTE, Start, ManagerName}, Number,
		},
		"English": {
			made(col("Employee ID", numbers...), col("First name", given...), col("Last name", family...), col("Work email", mails...), col("Department", units...), col("Job title", titles...), col("Manager ID", "001210", "001310"), col("Hire date", "2010-01-31"), col("Location", "Stadhuis", "Depot"), col("Active", "TRUE", "FALSE")),
			[]Field{Number, Given, Family, Mail, UnitName, FunctionName, ManagerNumber, Start, Site, Service}, Number,
		},
		"without a number": {
			made(col("Naam", "Peeters Jan", "Maes An"), col("contact", mails...), col("Afdeling", units...)),
			[]Field{Name, Mail, UnitName}, Mail,
		},
		"national number": {
			made(col("INSZ", "rn:abcdefghijklmnopqrstuv#7"), col("Naam", family...), col("Voornaam", given...)),
			[]Field{National, Family, Given}, National,
		},
		"path": {
			made(col("Nr", numbers...), col("Naam", family...), col("Voornaam", given...), col("Dienst", "Stad > Techniek > Wegen", "Stad > Techniek > Groen", "Stad > Burger > Loket", "Stad > Burger > Balie")),
			[]Field{Number, Family, Given, UnitPath}, Number,
		},
		"levels": {
			made(col("Stamnummer", numbers...), col("Naam", family...), col("Voornaam", given...), col("Departement", "Techniek"), col("Dienst", "Wegen", "Groen"), col("Team", units...), col("Niveau", "A", "C")),
			[]Field{Number, Family, Given, UnitLevel, UnitLevel, UnitLevel, FunctionLevel}, Number,
		},
		"numbered levels": {
			made(col("Stamnummer", numbers...), col("Naam", family...), col("Niveau 1", "Stad"), col("Niveau 2", "Techniek", "Burger"), col("Niveau 3", units...)),
			[]Field{Number, Name, UnitLevel, UnitLevel, UnitLevel}, Number,
		},
		"levels of before the reform": {
			made(col("Stamnummer", numbers...), col("Naam", family...), col("Voornaam", given...), col("Niveau", "1", "2+", "2", "3", "4")),
			[]Field{Number, Family, Given, FunctionLevel}, Number,
		},
		"start and start of the function": {
			made(col("Personeelsnummer", numbers...), col("Achternaam", family...), col("Voornaam", given...), col("Datum indiensttreding", dates...), col("In functie sinds", dates...), col("Uit dienst (J/N)", "J", "N"), col("Taal", "NL", "FR"), col("ISCO-08", "2422", "4110", "9613")),
			[]Field{Number, Family, Given, Start, PostStart, Service, Language, FunctionISCO}, Number,
		},
		"typing errors": {
			made(col("Personeelsnumer", numbers...), col("Famillienaam", family...), col("Vornaam", given...), col("Geboortedatm", dates...), col("Functietit.", titles...)),
			[]Field{Number, Family, Given, Birth, FunctionName}, Number,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Propose(c.table, nil, nil)
			var got []Field
			for _, x := range p.Columns {
				got = append(got, x.Field)
				if x.Field != Ignore && (x.Confidence < least || x.Confidence > 1 || x.Reason.Kind == NotRecognised) {
					t.Errorf("%s: %s with confidence %g because of %s", x.Heading, x.Field, x.Confidence, x.Reason.Kind)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if p.Key != c.key {
				t.Errorf("key %q; want %q", p.Key, c.key)
			}
			if problems := p.Mapping().Check(c.table.headings); len(problems) > 0 {
				t.Errorf("the proposal does not work: %+v", problems)
			}
		})
	}
}

func TestFilesOfUnitsOrFunctionsAloneAreRecognised(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table   *table
		want    []Field
		content Content
	}{
		"units with the code above": {
			&table{[]string{"Code", "Naam", "Bovenliggende code", "Leidinggevende"}, [][]string{{"100", "Stad", "", "12"}, {"110", "Techniek", "100", "13"}, {"111", "Wegen", "110", "14"}, {"112", "Groen", "110", "15"}}},
			[]Field{UnitCode, UnitName, UnitParent, UnitHead}, Units,
		},
		"units by their codes alone": {
			&table{[]string{"Dienstcode", "Omschrijving", "Niveau hoger"}, [][]string{{"D100", "Stad", ""}, {"D110", "Techniek", "D100"}, {"D111", "Wegen", "D110"}, {"D112", "Groen", "D110"}, {"D120", "Burger", "D100"}}},
			[]Field{UnitCode, UnitName, UnitParent}, Units,
		},
		"indented": {
			&table{[]string{"Eenheid"}, [][]string{{"Stad"}, {"  Techniek"}, {"    Wegen"}, {"    Groen"}, {"  Burger"}, {"    Loket"}}},
			[]Field{UnitIndent}, Units,
		},
		"functions": {
			made(col("Code", "F#"), col("Omschrijving", titles...), col("Functiefamilie", "Administratie", "Techniek"), col("Niveau", "A", "C", "D"), col("ISCO", "2422", "4110")),
			[]Field{FunctionCode, FunctionName, FunctionGroup, FunctionLevel, FunctionISCO}, Functions,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Propose(c.table, nil, nil)
			var got []Field
			for _, x := range p.Columns {
				got = append(got, x.Field)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if m := p.Mapping(); m.Fit(c.table.headings).Content() != c.content || len(m.Check(c.table.headings)) > 0 {
				t.Errorf("content %q, problems %+v", m.Fit(c.table.headings).Content(), m.Check(c.table.headings))
			}
		})
	}
}

func TestHowCellsAreWrittenIsProposed(t *testing.T) {
	t.Parallel()
	p := Propose(made(col("Employee ID", numbers...), col("Last name", family...), col("Hire date", "12/31/2020", "1/2/2020"), col("Contracturen", "38", "19"), col("Pad", "Stad|Techniek|Wegen", "Stad|Techniek|Groen", "Stad|Burger|Loket"), col("Uit dienst j/n", "J", "N")), nil, nil)
	want := Values{Dates: value.MonthFirst, Scale: value.Hours, Separator: "|", Inverse: true}
	if diff := cmp.Diff(want, p.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	p = Propose(&table{[]string{"Departement", "Dienst", "Team"}, [][]string{{"Techniek", "", ""}, {"", "Wegen", ""}, {"", "", "Ploeg 1x"}, {"", "", "Ploeg 2x"}, {"", "Groen", ""}}}, nil, nil)
	if !p.Values.Outline || p.Columns[0].Level != 1 || p.Columns[2].Level != 3 {
		t.Errorf("an outline is not recognised: %+v", p)
	}
}

func TestWhatTheOrganisationKnowsHelps(t *testing.T) {
	t.Parallel()
	o := &org.Organisation{}
	for _, u := range units {
		o.Units = append(o.Units, org.Unit{ID: u, Name: u})
	}
	for i := range 60 {
		o.People = append(o.People, org.Person{ID: fmt.Sprint(i), Number: fmt.Sprintf("77%d", i+10)})
	}
	tab := made(col("kolom a", "77#"), col("kolom b", units...), col("Familienaam", family...))
	p := Propose(tab, NewKnown(o), nil)
	if got := fieldsOf(p); got["0 kolom a"] != Number || got["1 kolom b"] != UnitName || p.Columns[0].Reason.Kind != ByKnown {
		t.Errorf("%+v", p.Columns)
	}
	if got := fieldsOf(Propose(tab, nil, nil)); got["0 kolom a"] != Ignore || got["1 kolom b"] != Ignore {
		t.Errorf("nothing is known, and yet %v", got)
	}
}

func TestAMappingServesColumnsThatMoved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := []string{"Pers.nr", "Naam", "Naam", "Dienst", "", "Opm.", "Datum in", "datum in"}
		list := []Field{Number, Family, Given, UnitName, Site, Ignore, Start, PostStart}
		m := New(base, list, nil, Number, Values{})
		data, err := m.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatal(diff)
		}
		// Equal headings keep their order among each other; everything else moves.
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "order")
		for _, pair := range [][2]int{{1, 2}, {6, 7}} {
			a, b := slices.Index(order, pair[0]), slices.Index(order, pair[1])
			if a > b {
				order[a], order[b] = order[b], order[a]
			}
		}
		drop := rapid.SampledFrom([]int{-1, 0, 3, 5}).Draw(t, "drop")
		var headings []string
		var want []Field
		for _, i := range order {
			if i != drop {
				h := base[i]
				if rapid.Bool().Draw(t, "louder") {
					h = strings.ToUpper(h) + " "
				}
				headings, want = append(headings, h), append(want, list[i])
			}
		}
		headings, want = append(headings, "Nieuw"), append(want, Ignore)
		f := again.Fit(headings)
		if diff := cmp.Diff(want, f.Fields); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff([]int{len(headings) - 1}, f.New); diff != "" {
			t.Fatal(diff)
		}
		gone := 0
		if drop == 0 || drop == 3 {
			gone = 1
		}
		if len(f.Vanished) != gone {
			t.Fatalf("vanished %+v after dropping %d", f.Vanished, drop)
		}
	})
}

func TestNewColumnsAreProposedBesideASavedMapping(t *testing.T) {
	t.Parallel()
	old := New([]string{"Nr", "Naam", "Opmerking"}, []Field{Number, Family, Site}, nil, Number, Values{Width: 6})
	p := Propose(made(col("Voornaam", given...), col("Opmerking", "x"), col("Naam", family...), col("Nr", numbers...), col("Personeelsnummer", numbers...)), nil, old)
	if diff := cmp.Diff(map[string]Field{"0 Voornaam": Given, "1 Opmerking": Site, "2 Naam": Family, "3 Nr": Number, "4 Personeelsnummer": Ignore}, fieldsOf(p)); diff != "" {
		t.Error(diff)
	}
	if p.Columns[4].Reason != (Reason{Kind: OtherColumn, Word: "personeelsnummer", Column: 3}) || p.Values.Width != 6 || p.Columns[1].Reason.Kind != BySaved {
		t.Errorf("%+v", p)
	}
}

func TestAMappingThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list   []Field
		key    Key
		values Values
		want   []ProblemKind
	}{
		"works":             {[]Field{Number, Family, Given}, Number, Values{}, nil},
		"nothing":           {[]Field{Ignore, Ignore}, Number, Values{}, []ProblemKind{NoField}},
		"no key":            {[]Field{Family, Given}, Number, Values{}, []ProblemKind{NoKey}},
		"no key named":      {[]Field{Number, Family}, "", Values{}, []ProblemKind{NoKey}},
		"key of no column":  {[]Field{Number, Family}, Mail, Values{}, []ProblemKind{NoKey}},
		"no name":           {[]Field{Number, Mail}, Number, Values{}, []ProblemKind{NoName}},
		"twice":             {[]Field{Number, Family, Number}, Number, Values{}, []ProblemKind{TwiceField}},
		"levels many times": {[]Field{Number, Family, UnitLevel, UnitLevel}, Number, Values{}, nil},
		"two trees":         {[]Field{Number, Family, UnitPath, UnitParent, UnitCode}, Number, Values{Separator: "/"}, []ProblemKind{TwoTrees}},
		"parents of what":   {[]Field{Number, Family, UnitParent}, Number, Values{}, []ProblemKind{NoCode}},
		"no separator":      {[]Field{UnitPath}, "", Values{}, []ProblemKind{NoSeparator}},
		"units":             {[]Field{UnitCode, UnitName, UnitParent}, "", Values{}, nil},
		"units no name":     {[]Field{UnitCode, UnitParent}, "", Values{}, []ProblemKind{NoName}},
		"functions no name": {[]Field{FunctionCode, FunctionLevel}, "", Values{}, []ProblemKind{NoName}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var headings []string
			for i := range c.list {
				headings = append(headings, fmt.Sprint("h", i))
			}
			var got []ProblemKind
			for _, p := range New(headings, c.list, nil, c.key, c.values).Check(headings) {
				got = append(got, p.Kind)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	m := New([]string{"a", "b", "c"}, []Field{UnitLevel, UnitLevel, UnitLevel}, []int{1, 2, 2}, "", Values{})
	if p := m.Check([]string{"a", "b", "c"}); len(p) != 1 || p[0].Kind != SameLevel {
		t.Errorf("%+v", p)
	}
}

func TestColumnsThatAreNewToASourceBringHowTheirCellsAreWritten(t *testing.T) {
	t.Parallel()
	first := made(col("Stamnr", numbers...), col("Naam", family...), col("Voornaam", given...), col("VTE %", "100", "80", "50"), col("In dienst", dates...))
	saved := Propose(first, nil, nil).Mapping()
	if saved.Values.Scale != value.Percent {
		t.Fatalf("the scale is %q", saved.Values.Scale)
	}
	again := Propose(first, nil, saved)
	if diff := cmp.Diff(saved.Values, again.Values); diff != "" || again.Key != saved.Key {
		t.Error("the same file:", diff, again.Key)
	}
	other := made(col("E-mail", mails...), col("Naam en voornaam", "Peeters An", "Maes Jan"), col("Afdeling > dienst > team", "Sociale zaken > Onthaal", "Sociale zaken > Thuiszorg > Noord", "Woonzorg > Keuken", "Woonzorg > Zorg"), col("Weekuren", "38", "30.4", "19"), col("Begin", "12/31/2020", "11/28/2019"))
	got := Propose(other, nil, saved)
	want := saved.Values
	want.Scale, want.Separator, want.Dates = value.Hours, " > ", value.MonthFirst
	if diff := cmp.Diff(want, got.Values); diff != "" || got.Key != Mail {
		t.Error("another file:", diff, got.Key)
	}
	if wrong := got.Mapping().Check(other.headings); len(wrong) > 0 {
		t.Errorf("what is proposed cannot work: %+v", wrong)
	}
}

func TestAKeptMappingThatIsDamagedIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{``, `{}`, `{"version":2}`, `{"version":1,"columns":[{"heading":"a","field":"salary"}]}`, `{"version":1,"key":"family"}`, `{"version":1,"values":{"dates":"xyz"}}`, `{"version":1,"values":{"width":-1}}`, `{"version":1,"columns":[{"level":99}]}`} {
		if m, err := Parse([]byte(s)); err == nil {
			t.Errorf("Parse(%s) = %+v", s, m)
		}
	}
}

func TestOneColumnAFieldWhateverTheFile(t *testing.T) {
	t.Parallel()
	var words []string
	for _, w := range vocabulary().entries {
		words = append(words, w.text)
	}
	cells := slices.Concat(numbers, given, mails, dates, units, titles, []string{"", "A1a", "0,8", "Ja", "2422", "  Team", "Stad > Wegen", "rn:abc", "-"})
	rapid.Check(t, func(t *rapid.T) {
		tab := &table{}
		for range rapid.IntRange(0, 12).Draw(t, "columns") {
			tab.headings = append(tab.headings, rapid.OneOf(rapid.SampledFrom(words), rapid.SampledFrom(vocabulary().Levels), rapid.String()).Draw(t, "heading"))
		}
		for range rapid.IntRange(0, 8).Draw(t, "rows") {
			tab.rows = append(tab.rows, rapid.SliceOfN(rapid.SampledFrom(cells), 0, len(tab.headings)).Draw(t, "cells"))
		}
		p := Propose(tab, nil, nil)
		if len(p.Columns) != len(tab.headings) {
			t.Fatalf("%d proposals for %d columns", len(p.Columns), len(tab.headings))
		}
		for _, problem := range p.Mapping().Check(tab.headings) {
			switch problem.Kind {
			case TwiceField, TwoTrees, SameLevel, NoSeparator:
				t.Fatalf("the proposal contradicts itself: %+v in %+v", problem, p.Columns)
			default:
			}
		}
		if diff := cmp.Diff(p, Propose(tab, nil, nil)); diff != "" {
			t.Fatalf("twice the same file, two proposals:\n%s", diff)
		}
	})
}

func TestWordsOfHeadingsAreFoldedAndKnown(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, w := range vocabulary().entries {
		if value.Fold(w.text) != w.text {
			t.Errorf("%q is not folded: %q", w.text, value.Fold(w.text))
		}
		if w.field != notUsed && !w.field.Known() {
			t.Errorf("%q stands for %q, which is no field", w.text, w.field)
		}
		seen[string(w.field)] = true
	}
	for _, f := range Fields() {
		if f != UnitLevel && f != UnitIndent && !seen[string(f)] {
			t.Errorf("no word stands for %s", f)
		}
	}
}

func TestFieldsKnowTheirPlace(t *testing.T) {
	t.Parallel()
	for i, f := range Fields() {
		if f.At() != i {
			t.Errorf("%s stands at %d and says %d", f, i, f.At())
		}
	}
	if Ignore.At() != -1 || Field("salary").At() != -1 || len(Fields()) > 64 {
		t.Error("what is no field has no place, and a set of fields is a word of 64 bits")
	}
}

func FuzzParse(f *testing.F) {
	m := New([]string{"a", "a", ""}, []Field{Number, Family, UnitLevel}, nil, Number, Values{Width: 5})
	data, _ := m.JSON()
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		out, err := m.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatal(err)
		}
		headings := make([]string, 0, len(m.Columns))
		for _, c := range m.Columns {
			headings = append(headings, c.Heading)
		}
		if diff := cmp.Diff(m.Fit(headings), again.Fit(headings)); diff != "" {
			t.Error(diff)
		}
		m.Check(headings)
	})
}

// BenchmarkPropose looks at a large file.
func BenchmarkPropose(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	tab := &table{headings: []string{"Pers.nr", "Naam", "Voornaam", "E-mail", "Dienst", "Functie", "VTE", "In dienst"}}
	for i := range 100_000 {
		tab.rows = append(tab.rows, []string{fmt.Sprint(100000 + i), family[r.IntN(len(family))], given[r.IntN(len(given))], fmt.Sprintf("p%d@stad.example", i), units[r.IntN(len(units))], titles[r.IntN(len(titles))], "0,8", dates[r.IntN(len(dates))]})
	}
	for b.Loop() {
		Propose(tab, nil, nil)
	}
}
