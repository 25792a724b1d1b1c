package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"tekentafel/internal/docx"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

func read(t testing.TB, l Limits, name string, data []byte) (Document, error) {
	t.Helper()
	r := New(l)
	defer r.Close(context.Background()) //nolint:errcheck // of a test
	return r.Text(context.Background(), name, data)
}

func mustRead(t testing.TB, name string, data []byte) Document {
	t.Helper()
	d, err := read(t, Limits{}, name, data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// zipped makes a document of parts: name, content, name, content ...
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func word(t testing.TB, body string, more ...string) []byte {
	return zipped(t, append([]string{"word/document.xml", `<w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`}, more...)...)
}

func notes(d Document) []string {
	var keys []string
	for _, n := range d.Notes {
		keys = append(keys, n.Key)
	}
	return keys
}

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestEveryMessageThatIsGivenHasItsWords(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("*.go")
	if err != nil || len(sources) == 0 {
		t.Fatal(err)
	}
	p := Locale().Printer(instrument.NL)
	for _, name := range sources {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"((?:error|note)\.[a-z]+)"`).FindAllSubmatch(src, -1) {
			if p.T(string(m[1]), i18n.Args{"most": "1", "rows": "1", "pages": "1"}) == "" {
				t.Errorf("%s gives %s, which has no words", name, m[1])
			}
		}
	}
}

func TestATextIsReadWhateverItIsEncodedIn(t *testing.T) {
	t.Parallel()
	const text = "Beste collega’s,\nde café-uitbater vroeg € 12,50."
	encode := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"UTF-8":                []byte(text),
		"UTF-8 with a mark":    []byte("\uFEFF" + text),
		"UTF-16LE with a mark": encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))),
		"UTF-16BE with a mark": encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))),
		"UTF-16LE":             encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))),
		"Windows-1252":         encode(charmap.Windows1252.NewEncoder().Bytes([]byte(text))),
		"lines of Windows":     []byte(strings.ReplaceAll(text, "\n", "\r\n")),
	} {
		if d := mustRead(t, "brief.txt", data); d.Text != text || d.Kind != Plain {
			t.Errorf("%s: %s %q", name, d.Kind, d.Text)
		}
	}
}

func TestTheContentSaysWhatAFileIsAndNotItsName(t *testing.T) {
	t.Parallel()
	x := excelize.NewFile()
	if err := x.SetCellValue("Sheet1", "A1", "een"); err != nil {
		t.Fatal(err)
	}
	book, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	odt := zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml",
		`<o:document xmlns:o="o" xmlns:text="t"><o:body><text:p>een</text:p></o:body></o:document>`)
	for _, c := range []struct {
		data []byte
		name string
		want Kind
	}{
		{book.Bytes(), "foto.png", XLSX},
		{word(t, `<w:p><w:r><w:t>een</w:t></w:r></w:p>`), "lijst.xlsx", DOCX},
		{odt, "a.pdf", ODT},
		{[]byte("naam;bedrag\nAn;12\nBo;13\n"), "verslag.docx", CSV},
		{[]byte("Ja, dat kan.\nNee, dat niet, of toch, ja.\n"), "a.csv", Plain},
		{[]byte("# Titel\n"), "a.md", Markdown},
	} {
		if d := mustRead(t, c.name, c.data); d.Kind != c.want {
			t.Errorf("%s is %s, want %s", c.name, d.Kind, c.want)
		}
	}
}

func TestWhatIsNotReadSaysHowToMendIt(t *testing.T) {
	t.Parallel()
	compound := func(name string) []byte {
		b := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...)
		for _, c := range []byte(name) {
			b = append(b, c, 0)
		}
		return b
	}
	for key, data := range map[string][]byte{
		"error.nothing":  []byte(" \n"),
		"error.rtf":      []byte(`{\rtf1 dag}`),
		"error.doc":      compound("WordDocument"),
		"error.xls":      compound("Workbook"),
		"error.password": compound("EncryptedPackage"),
		"error.old":      compound("Iets"),
		"error.image":    []byte("\x89PNG\r\n\x1a\n0000"),
		"error.unknown":  []byte("\x7FELF\x00\x01\x02"),
		"error.slides":   zipped(t, "ppt/presentation.xml", "<p/>"),
		"error.zip":      zipped(t, "a.txt", "a"),
		"error.ods":      zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
		"error.damaged":  word(t, `<w:p><w:r><w:t>een`),
		"error.empty":    word(t, `<w:p/>`),
	} {
		_, err := read(t, Limits{}, "bestand", data)
		if p, ok := problem.Of(err); !ok || p.Message.Key != key || p.Message.In(instrument.NL) == key {
			t.Errorf("%s: %v", key, err)
		}
	}
	locked := zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml", `<m><f><encryption-data/></f></m>`, "content.xml", "\x01\x02")
	if _, err := read(t, Limits{}, "a.odt", locked); err == nil || !strings.Contains(err.Error(), "error.password") {
		t.Errorf("an encrypted text: %v", err)
	}
	if _, err := read(t, Limits{Bytes: 10}, "a.txt", []byte("meer dan tien tekens")); !problem.Is(err, problem.TooLarge) {
		t.Errorf("a large file: %v", err)
	}
}

func TestADocumentIsReadWithAllThatIsTextInIt(t *testing.T) {
	t.Parallel()
	rel := func(kind, target string) string {
		return `<Relationship Id="r` + kind + `" Type="http://x/` + kind + `" Target="` + target + `"/>`
	}
	body := `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>Beste</w:t></w:r><w:r><w:tab/><w:t xml:space="preserve"> mevrouw</w:t><w:br/><w:t>De Smet</w:t></w:r></w:p>` +
		`<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>punt</w:t></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>naam</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>bedrag</w:t></w:r></w:p><w:p><w:r><w:t>in euro</w:t></w:r></w:p></w:tc></w:tr>` +
		`<w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>binnen</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>` +
		`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>verborgen</w:t></w:r><w:ins><w:r><w:t> nieuw</w:t></w:r></w:ins><w:del><w:r><w:delText>oud</w:delText></w:r></w:del></w:p>` +
		`<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>kader</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>` +
		`<mc:Fallback><w:t>kader</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`
	part := func(s string) string { return `<w:x xmlns:w="w"><w:p><w:r><w:t>` + s + `</w:t></w:r></w:p></w:x>` }
	d := mustRead(t, "brief.docx", word(t, body,
		"word/_rels/document.xml.rels", `<Relationships>`+rel("comments", "comments.xml")+rel("footnotes", "footnotes.xml")+rel("header", "header1.xml")+`</Relationships>`,
		"word/header1.xml", part("Stad"), "word/footnotes.xml",
		`<w:footnotes xmlns:w="w"><w:footnote w:type="separator"><w:p><w:r><w:t>lijn</w:t></w:r></w:p></w:footnote><w:footnote><w:p><w:r><w:t>voetnoot</w:t></w:r></w:p></w:footnote></w:footnotes>`,
		"word/comments.xml", part("opmerking")))
	want := "Stad\nBeste\t mevrouw\nDe Smet\n  - punt\nnaam | bedrag in euro\nbinnen | \nverborgen nieuw\nkader\n\nvoetnoot\nopmerking"
	if d.Text != want {
		t.Errorf("got\n%s\nwant\n%s", d.Text, want)
	}
	for _, key := range []string{"note.comments", "note.tracked", "note.hidden", "note.pictures"} {
		if !slices.Contains(notes(d), key) {
			t.Errorf("nothing is said by %s: %v", key, notes(d))
		}
	}
}

func TestAWorkbookIsReadWithHiddenSheetsValuesOfFormulasAndDays(t *testing.T) {
	t.Parallel()
	x := excelize.NewFile()
	date, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{"A1": "naam", "B1": "dag", "D1": "bedrag", "A2": "An\nDe Smet", "B2": 46350, "D2": 12.5} {
		if err := x.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.NewSheet("geheim"); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{x.SetCellStyle("Sheet1", "B2", "B2", date), x.SetCellValue("geheim", "A1", "toch mee"), x.SetSheetVisible("geheim", false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	d := mustRead(t, "lijst.xlsx", b.Bytes())
	if want := "## Sheet1\nnaam | dag |  | bedrag\nAn De Smet | 2026-11-24 |  | 12.5\n\n## geheim\ntoch mee"; d.Text != want || d.Sheets != 2 {
		t.Errorf("got %d sheets\n%s\nwant\n%s", d.Sheets, d.Text, want)
	}
	if !slices.Contains(notes(d), "note.sheets") {
		t.Errorf("nothing is said of the hidden sheet: %v", notes(d))
	}
	short, err := read(t, Limits{Rows: 1}, "lijst.xlsx", b.Bytes())
	if err != nil || !short.Cut || strings.Contains(short.Text, "An De Smet") || !slices.Contains(notes(short), "note.first") {
		t.Errorf("with one row: %v %q %v", err, short.Text, notes(short))
	}
}

func TestTextThatWeWroteOurselvesComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[A-Za-zéèïöü0-9€<>&"' ,.;:-]{1,60}`), 1, 12).Draw(t, "texts")
		d := &docx.Document{}
		for i, s := range texts {
			switch i % 3 {
			case 0:
				d.Blocks = append(d.Blocks, docx.Paragraph{Text: docx.Plain(s)})
			case 1:
				d.Blocks = append(d.Blocks, docx.Heading{Level: 2, Text: s})
			default:
				d.Blocks = append(d.Blocks, docx.List{Items: []docx.Text{docx.Plain(s)}})
			}
		}
		var b bytes.Buffer
		if err := docx.Write(&b, d); err != nil {
			t.Fatal(err)
		}
		r := New(Limits{})
		got, err := r.Text(context.Background(), "a.docx", b.Bytes())
		if err != nil {
			if strings.TrimSpace(strings.Join(texts, "")) == "" {
				return
			}
			t.Fatal(err)
		}
		for _, s := range texts {
			if !strings.Contains(strings.Join(strings.Fields(got.Text), " "), strings.Join(strings.Fields(s), " ")) {
				t.Fatalf("%q is not in %q", s, got.Text)
			}
		}
	})
}

func TestATextThatIsTooLongIsCutBetweenCharactersAndSaysSo(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"a.txt":  []byte(strings.Repeat("é", 5000)),
		"a.docx": word(t, `<w:p>`+strings.Repeat(`<w:r><w:t>é</w:t></w:r>`, 5000)+`</w:p>`),
		"b.docx": word(t, `<w:tbl><w:tr>`+strings.Repeat(`<w:tc><w:p><w:r><w:t>é</w:t></w:r></w:p></w:tc>`, 5000)+`</w:tr></w:tbl>`),
	} {
		d, err := read(t, Limits{Text: 101}, name, data)
		if err != nil || !d.Cut || len(d.Text) > 101 || len(d.Text) < 90 || strings.ContainsRune(d.Text, '\uFFFD') || !slices.Contains(notes(d), "note.cut") {
			t.Errorf("%s: %v %d %v", name, err, len(d.Text), notes(d))
		}
	}
}

func TestHostileDocumentsEndSoonAndTakeLittle(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<w:a>", 100_000) + strings.Repeat("</w:a>", 100_000)
	entities := `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>`
	rows := strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 2000)
	var many []string
	for i := range maxParts + 1 {
		many = append(many, "p"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+strings.Repeat("y", i/26), "")
	}
	for name, data := range map[string][]byte{
		"deep":               word(t, deep),
		"entities":           zipped(t, "word/document.xml", entities),
		"bomb":               word(t, `<w:p><w:r><w:t>`+strings.Repeat(" ", 40<<20)+`</w:t></w:r></w:p>`),
		"bomb in attributes": word(t, `<w:p a="`+strings.Repeat("a", 40<<20)+`"/>`),
		"parts":              zipped(t, many...),
		"wide": zipped(t, "_rels/.rels", `<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>`,
			"xl/workbook.xml", `<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`, "xl/s.xml", `<worksheet><sheetData>`+rows+`</sheetData></worksheet>`),
	} {
		begin := time.Now()
		d, err := read(t, Limits{Unpacked: 10 << 20}, name, data)
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if err == nil && !d.Cut {
			t.Errorf("%s was read as if it were nothing special: %d bytes", name, len(d.Text))
		}
		if _, told := problem.Of(err); err != nil && !told {
			t.Errorf("%s: not a sentence that helps: %v", name, err)
		}
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	data := word(t, strings.Repeat(`<w:p><w:r><w:t>een</w:t></w:r></w:p>`, 100_000))
	if _, err := New(Limits{}).Text(ctx, "a.docx", data); err == nil {
		t.Error("the context had ended, the reading went on")
	}
}

func TestWhatIsWrongQuotesNothingOfTheFile(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"tag":    word(t, `<w:geheim-x><w:t>geheim</w:p>`),
		"entity": word(t, `<w:p><w:r><w:t>&geheim;</w:t></w:r></w:p>`),
		"sheet": zipped(t, "_rels/.rels", `<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>`,
			"xl/workbook.xml", `<workbook><sheets><sheet name="geheim" r:id="r1"/></sheets></workbook>`, "xl/s.xml", `<worksheet><sheetData><row><c><v>1</c>`),
	} {
		if _, err := read(t, Limits{}, "geheim.docx", data); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzText(f *testing.F) {
	x := excelize.NewFile()
	if err := x.SetCellValue("Sheet1", "B2", "een"); err != nil {
		f.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("a.xlsx", b.Bytes())
	f.Add("a.docx", word(f, `<w:p><w:r><w:t>een</w:t></w:r></w:p>`))
	f.Add("a.odt", zipped(f, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<o:d xmlns:o="o"><o:body><p>een</p></o:body></o:d>`))
	f.Add("a.csv", []byte("a;b\n1;2\n"))
	f.Add("a.txt", []byte("\xFF\xFEa\x00"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
			return // read in a sandbox, tried on its own
		}
		check(t, name, data)
	})
}

// FuzzWord tries what stands within a document.
func FuzzWord(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>een</w:t></w:r></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>een</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, body string) { check(t, "a.docx", word(t, body)) })
}

// FuzzOpenDocument tries what stands within an OpenDocument text.
func FuzzOpenDocument(f *testing.F) {
	f.Add(`<text:list><text:list-item><text:p>een<text:s text:c="3"/><text:note><text:p>twee</text:p></text:note></text:p></text:list-item></text:list>`)
	f.Fuzz(func(t *testing.T, body string) {
		check(t, "a.odt", zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<o:d><o:body>`+body+`</o:body></o:d>`))
	})
}

func check(t *testing.T, name string, data []byte) {
	l := Limits{Text: 5000, Unpacked: 1 << 20, Time: 5 * time.Second}
	d, err := read(t, l, name, data)
	if err != nil {
		if _, told := problem.Of(err); !told {
			t.Fatalf("not a sentence that helps: %v", err)
		}
		return
	}
	if len(d.Text) > l.Text || strings.ContainsAny(d.Text, "\x00\r") || strings.TrimSpace(d.Text) == "" {
		t.Fatalf("not a text: %d bytes %q", len(d.Text), d.Text[:min(len(d.Text), 50)])
	}
}

// TestFilesOfAWordProcessorGiveTheSameText reads the same report as LibreOffice wrote it in two formats.
func TestFilesOfAWordProcessorGiveTheSameText(t *testing.T) {
	t.Parallel()
	const want = "Verslag overleg\nBeste collega’s, dit is een café.\n- punt één\n- punt twee\nnaam | bedrag\nAn | 12,50"
	for _, name := range []string{"report.docx", "report.odt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if d := mustRead(t, name, data); d.Text != want {
			t.Errorf("%s: %q", name, d.Text)
		}
	}
}
