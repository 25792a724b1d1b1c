package sheet

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tekentafel/internal/national"
	"tekentafel/internal/national/nationaltest"
)

func hashing() *national.Cleaner {
	return &national.Cleaner{Policy: national.Hash, Key: func(b []byte) []byte {
		h := hmac.New(sha256.New, []byte("a key for tests"))
		h.Write(b)
		return h.Sum(nil)
	}}
}

func file(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string, opt Options) *Table {
	t.Helper()
	if opt.Cleaner == nil {
		opt.Cleaner = hashing()
	}
	table, err := Read(t.Context(), path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// shown writes a table as lines of cells between bars, the number of the row in front.
func shown(table *Table) []string {
	list := []string{strings.Join(table.Headings(), "|")}
	for _, r := range table.Rows() {
		list = append(list, fmt.Sprint(r.Number, " ", strings.Join(r.Cells, "|")))
	}
	return list
}

// kinds lists the notes, without those that say how the file was read, as kind[:heading][@rows][=count].
func kinds(table *Table) []string {
	var list []string
	for _, n := range table.Notes {
		if n.Kind == NoteText || n.Kind == NoteWorkbook {
			continue
		}
		s := string(n.Kind)
		if n.Heading != "" {
			s += ":" + n.Heading
		}
		if len(n.Rows) > 0 {
			s += "@"
			for i, r := range n.Rows {
				if i > 0 {
					s += ","
				}
				s += fmt.Sprint(r.From)
				if r.To > r.From {
					s += fmt.Sprint("-", r.To)
				}
			}
		}
		list = append(list, s)
	}
	return list
}

func note(table *Table, kind NoteKind) Note {
	i := slices.IndexFunc(table.Notes, func(n Note) bool { return n.Kind == kind })
	if i < 0 {
		return Note{}
	}
	return table.Notes[i]
}

func windows1252(s string) string {
	out, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

// TestFilesOfAnHROfficer reads what payroll systems and people make of a list of staff.
func TestFilesOfAnHROfficer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string // as shown
		notes      []string // as kinds
	}{
		{
			"plain", "Nr,Naam\n1,Jan\n2,An\n",
			[]string{"Nr|Naam", "2 1|Jan", "3 2|An"},
			[]string{"headings@1"},
		},
		{
			"Windows-1252 with semicolons, a title, the day of the export, blank lines, totals and a footer",
			windows1252("Personeelslijst stad Voorbeeld;;;;\r\nAfgedrukt op;29/11/2026;;;\r\n;;;;\r\nPersnr;Naam;Dienst;VTE;In dienst\r\n" +
				"100234;Daniëls Zoë;Burgerzaken;1,0;01/02/2010\r\n100235;Özdemir René;Groen;0,8;15/09/2015\r\n;;;;\r\n100240;Peeters An;Groen;0,5;01/01/2020\r\n" +
				"Totaal;;;2,3;\r\n;;;;\r\nPagina 1 van 1;;;;\r\n"),
			[]string{"Persnr|Naam|Dienst|VTE|In dienst", "5 100234|Daniëls Zoë|Burgerzaken|1,0|01/02/2010", "6 100235|Özdemir René|Groen|0,8|15/09/2015", "8 100240|Peeters An|Groen|0,5|01/01/2020"},
			[]string{"preamble@1", "preamble@2", "headings@4", "total@9", "footer@11", "blank-rows@3,7,10"},
		},
		{
			"two rows of headings, as merged cells leave them",
			"Persoon;;;Tewerkstelling;;\nNummer;Naam;E-mail;Dienst;Functie;VTE\n1;Jan;jan@voorbeeld.be;IT;analist;1\n2;An;an@voorbeeld.be;IT;ontwikkelaar;0,8\n",
			[]string{"Nummer|Naam|E-mail|Dienst|Functie|VTE", "3 1|Jan|jan@voorbeeld.be|IT|analist|1", "4 2|An|an@voorbeeld.be|IT|ontwikkelaar|0,8"},
			[]string{"headings@1-2"},
		},
		{
			"groups over headings that are there twice",
			"Eenheid;;Functie;;\nCode;Naam;Code;Naam;VTE\nA1;IT;F1;analist;1\nA2;Groen;F2;tuinman;0,8\n",
			[]string{"Eenheid Code|Eenheid Naam|Functie Code|Functie Naam|VTE", "3 A1|IT|F1|analist|1", "4 A2|Groen|F2|tuinman|0,8"},
			[]string{"headings@1-2", "joined-heading:Eenheid Code", "joined-heading:Eenheid Naam", "joined-heading:Functie Code", "joined-heading:Functie Naam"},
		},
		{
			"headings merged downward beside groups",
			"Nr;Naam;Dienst;;Uren\n;;Code;Omschrijving;\n1;Jan;A1;IT;38\n2;An;A2;Groen;19\n",
			[]string{"Nr|Naam|Code|Omschrijving|Uren", "3 1|Jan|A1|IT|38", "4 2|An|A2|Groen|19"},
			[]string{"headings@1-2"},
		},
		{
			"headings that run over two lines",
			"Pers.;Familie-;Datum;Org.\nnummer;naam;indienst;eenheid\n1001;Jan;01/02/2010;IT\n1002;An;01/02/2011;IT\n",
			[]string{"Pers. nummer|Familie- naam|Datum indienst|Org. eenheid", "3 1001|Jan|01/02/2010|IT", "4 1002|An|01/02/2011|IT"},
			[]string{"headings@1-2", "joined-heading:Pers. nummer", "joined-heading:Familie- naam", "joined-heading:Datum indienst", "joined-heading:Org. eenheid"},
		},
		{
			"a mark, tabs, doubled headings, an empty column and one without a heading",
			"\xEF\xBB\xBFNaam\tCode\t\tCode\t\nJan\tA1\t\tB1\tx\nAn\tA2\t\tB2\t\n",
			[]string{"Naam|Code|Code (2)|E", "2 Jan|A1|B1|x", "3 An|A2|B2|"},
			[]string{"headings@1", "empty-column", "double-heading:Code (2)", "unnamed:E"},
		},
		{
			"the line that Excel heeds, doubled quotes and a cell of two lines",
			"sep=;\nNr;Opmerking;Dienst\n1;\"zei \"\"ja\"\"; en ging\";IT\n2;\"regel een\nregel twee\";\"IT\"\n",
			[]string{"Nr|Opmerking|Dienst", "3 1|zei \"ja\"; en ging|IT", "4 2|regel een\nregel twee|IT"},
			[]string{"line-breaks@4", "headings@2", "blank-rows@1"},
		},
		{
			"a quotation mark that is never closed does not swallow rows",
			"Nr;Naam;Dienst;VTE\n1;\"Jan;IT;1\n2;An;IT;1\n3;Els\";IT;0,8\n4;Bo;IT;1\n",
			[]string{"Nr|Naam|Dienst|VTE", "2 1|\"Jan|IT|1", "3 2|An|IT|1", "4 3|Els\"|IT|0,8", "5 4|Bo|IT|1"},
			[]string{"open-quote@2", "headings@1"},
		},
		{
			"a quotation mark within quotes that is not doubled",
			"Nr;Naam;Dienst\n1;\"Jan \"de grote\" Peeters\";IT\n2;\"An\" ;IT\n3;\"Els;IT\n",
			[]string{"Nr|Naam|Dienst", "2 1|Jan \"de grote\" Peeters|IT", "3 2|An|IT", "4 3|\"Els|IT"},
			[]string{"open-quote@4", "stray-quote@2", "headings@1"},
		},
		{
			"rows that are too short and too long",
			"Nr;Naam;Dienst\n1;Jan;IT\n2;An\n3;Els;IT;extra\n4;Bo;IT\n",
			[]string{"Nr|Naam|Dienst|D", "2 1|Jan|IT|", "3 2|An||", "4 3|Els|IT|extra", "5 4|Bo|IT|"},
			[]string{"headings@1", "unnamed:D", "short-rows@3", "wide-rows@4"},
		},
		{
			"headings on each page, and subtotals",
			"Nr;Naam;Dienst;VTE\n1;Jan;IT;1\n2;An;IT;1\nSubtotaal IT;;;2\nNr;Naam;Dienst;VTE\n3;Bo;Groen;1\n4;Els;Groen;0,5\nEindtotaal:;;;3,5\n",
			[]string{"Nr|Naam|Dienst|VTE", "2 1|Jan|IT|1", "3 2|An|IT|1", "6 3|Bo|Groen|1", "7 4|Els|Groen|0,5"},
			[]string{"headings@1", "total@4", "total@8", "repeated-heading@5"},
		},
		{
			"somebody called Som of whom little is known",
			"Nr;Naam;Dienst;VTE;Uren\n1001;Jan;IT;1;38\n1002;Som;;;\n1003;Bo;Groen;0,5;19\n",
			[]string{"Nr|Naam|Dienst|VTE|Uren", "2 1001|Jan|IT|1|38", "3 1002|Som|||", "4 1003|Bo|Groen|0,5|19"},
			[]string{"headings@1"},
		},
		{
			"sums without a word",
			"Nr;Naam;Dienst;VTE;Uren\n1001;Jan;IT;1;38\n1002;An;IT;1;38\n1003;Bo;Groen;0,5;19\n;;;2,5;95\n",
			[]string{"Nr|Naam|Dienst|VTE|Uren", "2 1001|Jan|IT|1|38", "3 1002|An|IT|1|38", "4 1003|Bo|Groen|0,5|19"},
			[]string{"headings@1", "total@5"},
		},
		{
			"a tree by indentation stays one",
			"Eenheid;Hoofd\nStad;Jan\n  Burgerzaken;An\n    Loket;Els\n  Groen;Bo\n",
			[]string{"Eenheid|Hoofd", "2 Stad|Jan", "3   Burgerzaken|An", "4     Loket|Els", "5   Groen|Bo"},
			[]string{"headings@1"},
		},
		{
			"no headings",
			"1001;Jan;01/02/2010\n1002;An;01/03/2011\n1003;Bo;05/03/2011\n",
			[]string{"A|B|C", "1 1001|Jan|01/02/2010", "2 1002|An|01/03/2011", "3 1003|Bo|05/03/2011"},
			[]string{"no-headings"},
		},
		{
			"days as numbers, and numbers that are none",
			"Nr;Indiensttreding;Uren\n1;44197;20000\n2;40210;21000\n3;;22000\n",
			[]string{"Nr|Indiensttreding|Uren", "2 1|2021-01-01|20000", "3 2|2010-02-01|21000", "4 3||22000"},
			[]string{"headings@1", "date-serials:Indiensttreding"},
		},
		{
			"lost leading zeros are proposed, not put back",
			"Stamnummer;Naam\n10234;Jan\n234;An\n20456;Bo\n4567;Els\n30001;Tom\n",
			[]string{"Stamnummer|Naam", "2 10234|Jan", "3 234|An", "4 20456|Bo", "5 4567|Els", "6 30001|Tom"},
			[]string{"headings@1", "lost-zeros:Stamnummer@3,5"},
		},
		{
			"one column",
			"Eenheid\nBurgerzaken\nGroen\n",
			[]string{"Eenheid", "2 Burgerzaken", "3 Groen"},
			[]string{"headings@1"},
		},
		{
			"an old Mac", "Nr;Naam\r1;Jan\r2;An\r",
			[]string{"Nr|Naam", "2 1|Jan", "3 2|An"},
			[]string{"headings@1"},
		},
		{
			"a file of text in French with commas in amounts",
			windows1252("Matricule;Nom;Prénom;ETP\n0012;Dupré;Hélène;0,8\n0013;Léonard;Éric;1,0\n"),
			[]string{"Matricule|Nom|Prénom|ETP", "2 0012|Dupré|Hélène|0,8", "3 0013|Léonard|Éric|1,0"},
			[]string{"headings@1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := read(t, file(t, "list.csv", c.text), Options{})
			if d := cmp.Diff(c.want, shown(table)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.notes, kinds(table)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestEncodingsAreToldApart(t *testing.T) {
	t.Parallel()
	const text = "Nr;Naam;Opmerking\n1;Zoë Daniëls;één café\n2;René Müller;geïnteresseerd, naïef\n3;Hélène Garçon;reçu\n"
	encode := func(m *charmap.Charmap) string {
		s, err := m.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	wide := func(e unicode.Endianness, b unicode.BOMPolicy) string {
		s, err := unicode.UTF16(e, b).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for want, raw := range map[string]string{
		UTF8: text, Windows1252: encode(charmap.Windows1252), CodePage850: encode(charmap.CodePage850), MacRoman: encode(charmap.Macintosh),
		UTF16LE: wide(unicode.LittleEndian, unicode.UseBOM), UTF16BE: wide(unicode.BigEndian, unicode.IgnoreBOM),
	} {
		table := read(t, file(t, "list.csv", raw), Options{})
		if got := note(table, NoteText).Args["encoding"]; got != want {
			t.Errorf("%s was taken for %s", want, got)
		}
		if got := table.Cell(0, 1) + table.Cell(2, 1); got != "Zoë DaniëlsHélène Garçon" {
			t.Errorf("%s gives %q", want, got)
		}
	}
	mixed := text + "4;Gr\xe9goire;\n"
	table := read(t, file(t, "mixed.csv", mixed), Options{})
	if n := note(table, NoteMixedEncoding); n.Count != 1 || table.Cell(3, 1) != "Grégoire" {
		t.Errorf("a byte of windows-1252 in UTF-8 gives %q, %+v", table.Cell(3, 1), n)
	}
	table = read(t, file(t, "chosen.csv", encode(charmap.Windows1252)), Options{Encoding: CodePage850})
	if got := table.Cell(0, 1); got == "Zoë Daniëls" {
		t.Error("a chosen encoding is not used")
	}
}

func TestNationalNumbersNeverComeIn(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	var text strings.Builder
	var secrets []string
	secret := func() string {
		n := nationaltest.Belgian(r)
		secrets = append(secrets, n)
		s := nationaltest.Spellings(n)
		return s[r.IntN(9)]
	}
	fmt.Fprintf(&text, "Lijst voor %s;;;\nStamnr;Rijksregister;Naam;Opmerking\n", secret())
	for i := range 30 {
		remark := ""
		if i%10 == 0 {
			remark = "zie " + secret()
		}
		fmt.Fprintf(&text, "%d;%s;Jan %d;%s\n", 100100+i, secret(), i, remark)
	}
	fmt.Fprintf(&text, "Totaal;%s;;\nAfgedrukt door %s;;;\n", secret(), secret())
	path := file(t, "list.csv", text.String())
	leaks := func(where, s string) {
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, s)
		for _, n := range secrets {
			if strings.Contains(digits, n) {
				t.Errorf("a number shows in %s", where)
				return
			}
		}
	}
	table := read(t, path, Options{})
	for _, row := range shown(table) {
		leaks("a row", row)
	}
	for _, n := range table.Notes {
		leaks("a note", fmt.Sprint(n))
	}
	for _, c := range table.Columns {
		leaks("a column", fmt.Sprint(c.Heading, c.Examples))
	}
	if n := note(table, NoteNationalHashed); n.Count != 30 || n.Args["named"] != "yes" || table.Columns[1].Shape != ShapeHash {
		t.Errorf("%+v", n)
	}
	if n := note(table, NoteNationalCut); n.Count != 3 || n.Heading != "Opmerking" {
		t.Errorf("%+v", n)
	}
	var stored strings.Builder
	if err := table.Write(&stored); err != nil {
		t.Fatal(err)
	}
	for _, cleaner := range []*national.Cleaner{nil, {}, {Policy: national.Refuse}} {
		_, err := Read(t.Context(), path, Options{Cleaner: cleaner})
		var e *Error
		if !errors.As(err, &e) || e.Kind != ErrNational || len(e.National) != 2 || e.National[0].Count != 30 || e.National[0].Rows[0].From != 3 {
			t.Errorf("%v", err)
		}
		leaks("an error", fmt.Sprint(err, e))
	}
	kept := read(t, path, Options{Cleaner: &national.Cleaner{Policy: national.Keep}})
	if n := note(kept, NoteNationalKept); n.Count != 30 || kept.Cell(0, 1) == "" {
		t.Errorf("%+v", n)
	}
	for _, n := range kept.Notes {
		leaks("a note", fmt.Sprint(n))
	}
}
