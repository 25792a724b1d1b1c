package frame

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

func address(s string) (string, bool) {
	return strings.ToLower(s), strings.Count(s, "@") == 1 && !strings.HasPrefix(s, "@") && !strings.ContainsAny(s, " <>")
}

// rules of a wave in Dutch and French, with groups of at least 3.
var rules = Rules{Languages: []instrument.Lang{instrument.NL, instrument.FR}, GroupSize: 3, Address: address}

func read(t testing.TB, content []byte) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "staff")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(context.Background(), path, nil)
}

func mustRead(t testing.TB, content string) *File {
	t.Helper()
	f, err := read(t, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestColumnsAreRecognisedInFourLanguages(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string]Role{
		"Naam": Name, "Familienaam": Name, "Nom": Name, "Nom de famille": Name, "Nachname": Name, "Last name": Name, "Full name": Name,
		"Voornaam": FirstName, "Prénom": FirstName, "Vorname": FirstName, "First Name": FirstName,
		"E-mail": Mail, "e-mailadres": Mail, "Adresse électronique": Mail, "Courriel": Mail, "Mailadresse": Mail, "Work email address": Mail,
		"Personeelsnummer": Number, "Stamnr.": Number, "Matricule": Number, "N° matricule": Number, "Personalnummer": Number, "Staff number": Number, "Employee ID": Number,
		"Taal": Language, "Langue": Language, "Sprache": Language, "Preferred language": Language,
		"Dienst": Group, "Afdeling": Group, "Département": Group, "Abteilung": Group, "Department": Group, "Functie": Group, "Lieu de travail": Group, "Standort": Group,
		"Geboortedatum": Ignore, "IBAN": Ignore, "Opmerking": Ignore, "Rijksregisternummer": Ignore,
	} {
		if got := roleOf(heading); got != want {
			t.Errorf("%s is %q, want %q", heading, got, want)
		}
	}
	f := mustRead(t, "wie,contact,dienst,afdeling,team,functie,sector,statuut,niveau,graad,werkplek\nJan,jan@x.be,a,b,c,d,e,f,g,h,i\n")
	p := f.Guess()
	if p.Roles[1] != Mail || len(p.Variables()) != MaxGroups {
		t.Errorf("%v", p.Roles)
	}
}

func TestEveryDialectOfAListReadsTheSame(t *testing.T) {
	t.Parallel()
	const list = "Naam;Mail;Dienst\r\nAnaïs Dupré;anais@stad.be;\"Groen; water\"\r\nJan;jan@stad.be;Financiën\r\n"
	encoded := func(e interface {
		Bytes([]byte) ([]byte, error)
	}, s string,
	) []byte {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	x := excelize.NewFile()
	for i, row := range [][]any{{"Naam", "Mail", "Dienst"}, {"Anaïs Dupré", "anais@stad.be", "Groen; water"}, {"Jan", "jan@stad.be", "Financiën"}} {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var book bytes.Buffer
	if err := x.Write(&book); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"UTF-8":         []byte(list),
		"with a mark":   []byte("\xEF\xBB\xBF" + list),
		"sep=":          []byte("sep=;\r\n" + list),
		"tabs":          []byte(strings.ReplaceAll(strings.ReplaceAll(list, "Groen; water", "GROEN"), ";", "\t")),
		"commas":        []byte(strings.ReplaceAll(strings.ReplaceAll(list, "Groen; water", "GROEN"), ";", ",")),
		"windows-1252":  encoded(charmap.Windows1252.NewEncoder(), list),
		"UTF-16":        encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), list),
		"old Macintosh": []byte(strings.ReplaceAll(list, "\r\n", "\r")),
		"blank lines":   []byte(strings.ReplaceAll(list, "\r\n", "\r\n\r\n")),
		"workbook":      book.Bytes(),
	} {
		f, err := read(t, content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := f.Check(f.Guess(), rules)
		if len(r.People) != 2 || r.People[0].Name != "Anaïs Dupré" || r.People[0].Mail != "anais@stad.be" || r.People[1].Groups["Dienst"] != "Financiën" ||
			!strings.EqualFold(strings.TrimSuffix(r.People[0].Groups["Dienst"], "; water"), "groen") {
			t.Errorf("%s: %+v", name, r.People)
		}
	}
}

func TestFilesThatCannotBeReadSayWhy(t *testing.T) {
	t.Parallel()
	merged := excelize.NewFile()
	row := []any{"Naam", "Dienst"}
	if err := errors.Join(merged.SetSheetRow("Sheet1", "A1", &row), merged.SetCellValue("Sheet1", "A2", "Jan"), merged.MergeCell("Sheet1", "A2", "A3"), merged.SetCellValue("Sheet1", "B3", "x")); err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	if err := merged.Write(&book); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		kind    intake.Kind
	}{
		"empty":           {nil, intake.KindEmpty},
		"headings alone":  {[]byte("Naam;Mail\n"), intake.KindEmpty},
		"double headings": {[]byte("Naam;Naam\nx;y\n"), intake.KindHeadings},
		"a cell too many": {[]byte("Naam;Mail\nx;y;z\n"), intake.KindRagged},
		"NUL":             {[]byte("Naam;Mail\nx\x00;y\n"), intake.KindEncoding},
		"an open quote":   {[]byte("Naam;Mail\n\"x;y\n"), intake.KindFormat},
		"a huge cell":     {[]byte("Naam;Mail\n" + strings.Repeat("x", maxCell+1) + ";y\n"), intake.KindLimit},
		"wide":            {[]byte(strings.Repeat("a;", maxColumns+2) + "\n"), intake.KindLimit},
		"old Excel":       {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), intake.KindFormat},
		"half a workbook": {book.Bytes()[:book.Len()/2], intake.KindFormat},
		"merged cells":    {book.Bytes(), intake.KindFormat},
		"Parquet":         {[]byte("PAR1 and no more PAR1"), intake.KindFormat},
	} {
		_, err := read(t, c.content)
		var bad *intake.Error
		if !errors.As(err, &bad) || bad.Kind != c.kind || bad.Mend == "" {
			t.Errorf("%s: %v, want the kind %s", name, err, c.kind)
		}
	}
}

// kinds lists the findings of a result with the rows that they name.
func kinds(r *Result) map[Kind][]int {
	out := map[Kind][]int{}
	for _, f := range r.Findings {
		rows := []int{}
		for _, row := range f.Rows {
			rows = append(rows, row.Row)
		}
		out[f.Kind] = rows
	}
	return out
}

func TestEachProblemIsFoundWithItsRow(t *testing.T) {
	t.Parallel()
	const list = `Voornaam,Naam,Mail,Nummer,Taal,Dienst
Jan,Peeters,jan@stad.be,1,nl,Groen
Jan,Peeters,jan@stad.be,,nl,Groen
Els,Maes,els@stad.be,1,nl,Groen
An,Claes,jan@stad.be,4,nl,Groen
,,,,nl,Groen

Bob,Boon,geen adres,5,français,Groen
Cas,Cool,,6,Spaans,Groen
Dré,Dams,d@stad.be,7,DE,Groen
Eva,Elst,e@stad.be,8,,
Fons,Faes,f@stad.be,9,F,Musea
`
	f := mustRead(t, list)
	r := f.Check(f.Guess(), rules)
	want := map[Kind][]int{SamePerson: {3, 4}, SameMail: {5}, Nobody: {6}, BadMail: {8}, NoMail: {9}, BadLanguage: {9, 10}, NoGroup: {11}, SmallGroup: {}}
	got := kinds(r)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(r.People) != 7 || r.LeftOut != 3 || r.Letters() != 3 || r.Blocked() {
		t.Errorf("%d taken, %d left out, %d letters", len(r.People), r.LeftOut, r.Letters())
	}
	langs := map[string]instrument.Lang{}
	for _, p := range r.People {
		langs[p.Name] = p.Language
	}
	if langs["Bob Boon"] != "fr" || langs["Fons Faes"] != "fr" || langs["Cas Cool"] != "nl" || langs["Dré Dams"] != "nl" {
		t.Errorf("%v", langs)
	}
}

// departments is a list with so many people of each department.
func departments(counts ...Count) string {
	var b strings.Builder
	b.WriteString("Naam,Dienst\n")
	n := 0
	for _, c := range counts {
		for range c.N {
			n++
			fmt.Fprintf(&b, "P%d,%s\n", n, c.Value)
		}
	}
	return b.String()
}

func TestSpellingsAreProposedAndMergedWhenAsked(t *testing.T) {
	t.Parallel()
	f := mustRead(t, departments(Count{"Dienst Burgerzaken", 5}, Count{"dienst burgerzaken", 2}, Count{"Musea", 4}, Count{"Team 1", 3}, Count{"Team 2", 3}))
	p := f.Guess()
	r := f.Check(p, rules)
	want := []Merge{{Column: "Dienst", From: "dienst burgerzaken", Into: "Dienst Burgerzaken", NFrom: 2, NInto: 5}}
	if d := cmp.Diff(want, r.Proposals); d != "" {
		t.Error(d)
	}
	if r.Variables[0].Values[0].N != 5 {
		t.Errorf("merged although nobody asked: %v", r.Variables)
	}
	p.Merge = want
	r = f.Check(p, rules)
	if r.Variables[0].Values[0] != (Count{"Dienst Burgerzaken", 7}) || len(r.Variables[0].Values) != 4 || len(r.Proposals) != 1 {
		t.Errorf("%v, %v", r.Variables, r.Proposals)
	}
}

func TestStratumIsTakenOnlyWhereEveryPartHasEnoughPeople(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list     string
		blocks   Kind
		canMerge bool
	}{
		"large enough":         {departments(Count{"A", 3}, Count{"B", 4}), "", false},
		"one small":            {departments(Count{"A", 3}, Count{"B", 2}), SmallStratum, false},
		"two small that merge": {departments(Count{"A", 3}, Count{"B", 2}, Count{"C", 1}), SmallStratum, true},
		"nobody's":             {departments(Count{"A", 3}, Count{"", 1}), NoStratum, false},
	} {
		f := mustRead(t, c.list)
		p := f.Guess()
		p.Stratum = 1
		r := f.Check(p, rules)
		_, found := kinds(r)[c.blocks]
		if r.Blocked() != (c.blocks != "") || c.blocks != "" && !found || r.CanMerge != c.canMerge {
			t.Errorf("%s: %+v", name, r.Findings)
		}
		if !c.canMerge {
			continue
		}
		p.Others, p.OthersName = true, "Andere"
		r = f.Check(p, rules)
		sizes := map[string]int{}
		for _, person := range r.People {
			sizes[person.Stratum]++
			if person.Groups["Dienst"] != person.Stratum {
				t.Errorf("%s: %+v", name, person)
			}
		}
		if d := cmp.Diff(map[string]int{"A": 3, "Andere": 3}, sizes); d != "" || r.Blocked() {
			t.Errorf("%s, merged: %s %+v", name, d, r.Findings)
		}
	}
}

func TestPlanThatMakesNoSenseBlocks(t *testing.T) {
	t.Parallel()
	f := mustRead(t, "a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,10\n")
	for name, c := range map[string]struct {
		plan Plan
		want Kind
	}{
		"nobody is named":       {Plan{Roles: make([]Role, 10), Stratum: None}, NoIdentity},
		"two names":             {Plan{Roles: []Role{Name, Name}, Stratum: 99}, TwiceRole},
		"nine groups":           {Plan{Roles: append([]Role{Name}, slices.Repeat([]Role{Group}, 9)...), Stratum: -7}, TooManyVars},
		"a role that is none":   {Plan{Roles: slices.Repeat([]Role{"chief"}, 10), Stratum: 3}, NoIdentity},
		"roles for nothing":     {Plan{Roles: slices.Repeat([]Role{Group}, 30)}, NoIdentity},
		"a mail that is no one": {Plan{Roles: []Role{Mail}, Stratum: None}, NobodyAtAll},
	} {
		r := f.Check(c.plan, rules)
		if _, found := kinds(r)[c.want]; !found || !r.Blocked() {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Naam;Mail;Dienst\nJan;jan@stad.be;Groen\n"))
	f.Add([]byte("\xFF\xFEN\x00a\x00\n\x00x\x00"))
	f.Add([]byte("sep=,\nNaam,Dienst\n\"a\"\"b\",c\n"))
	f.Add([]byte("Naam\tMail\nJan\u202e\tx@y\r"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := read(t, content)
		if err != nil {
			var bad *intake.Error
			if !errors.As(err, &bad) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		p := file.Guess()
		p.Stratum = len(p.Roles) - 1
		r := file.Check(p, rules)
		if len(r.People)+r.LeftOut != file.Len() {
			t.Fatalf("%d rows became %d people and %d left out", file.Len(), len(r.People), r.LeftOut)
		}
		for _, person := range r.People {
			if person.Name == "" && person.Mail == "" && person.Number == "" {
				t.Fatal("somebody is nobody")
			}
			for _, text := range []string{person.Name, person.Number, person.Groups[file.Columns[0].Heading]} {
				if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\r\t\u202e") {
					t.Fatalf("%q is kept", text)
				}
			}
		}
	})
}

// TestManyPeopleAreReadInSeconds bounds the time generously: it is a tenth of this on an idle machine.
func TestManyPeopleAreReadInSeconds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Naam;Mail;Nummer;Taal;Dienst;Functie\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "Jan Peeters %d;p%d@stad.be;%d;nl;Dienst %d;Functie %d\n", i, i, i, i%60, i%300)
	}
	start := time.Now()
	f := mustRead(t, b.String())
	r := f.Check(f.Guess(), rules)
	took := time.Since(start)
	t.Logf("%d people in %s", len(r.People), took)
	if len(r.People) != 100_000 || took > 20*time.Second {
		t.Errorf("%d people in %s", len(r.People), took)
	}
}
