package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// sample has every kind of block.
func sample() *Document {
	return &Document{Lang: "nl-BE", Title: "Iedereen mee", Author: "Stad Voorbeeld", Subject: "Strategie", Created: time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC),
		Header: "Iedereen mee", HeaderEnd: "Stad Voorbeeld", Page: "Pagina", Of: "van",
		Blocks: []Block{
			Title{Text: "Iedereen mee", Subtitle: "Eerste ontwerp"},
			Contents{Title: "Inhoud"},
			Heading{Level: 1, Text: "Waarom"},
			Paragraph{Text: Text{{Text: "Wie "}, {Text: "niet", Bold: true}, {Text: " mee kan, "}, {Text: "vraagt hulp", Italic: true}, {Text: " op "}, {Text: "onze pagina", Link: "https://stad.example/ai?a=1&b=2"}, {Text: "."}}},
			Heading{Level: 2, Text: "Cijfers & vragen"},
			List{Items: []Text{Plain("een punt"), Plain("nog een punt")}},
			List{Numbered: true, Items: []Text{Plain("eerst"), Plain("daarna")}},
			List{Numbered: true, Items: []Text{Plain("weer vanaf een")}},
			Quote{Text: Plain("Ik reken het liever zelf na.")},
			Table{Caption: "Groepen", Columns: []Column{{Label: "Groep", Width: 3}, {Label: "Aandeel", Numeric: true}}, Rows: [][]Text{{Plain("Groen"), Plain("23 %")}, {Plain("Burgers")}}},
			Paragraph{Text: Plain("n = 576"), Small: true},
			Paragraph{Text: Plain("Nog niet nagelezen."), Mark: true},
			Heading{Level: 1, Text: "Maatregelen"},
			Heading{Level: 3, Text: "Een onderdeel"},
			PageBreak{},
			Paragraph{Text: Plain("regel een\nregel twee\tna een tab")},
		}}
}

func write(t testing.TB, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpack reads the files of a package by name.
func unpack(t testing.TB, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[f.Name]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		out[f.Name] = string(b)
	}
	return out
}

// node is an element with what is in it.
type node struct {
	name  string // without its name space
	attrs map[string]string
	text  string
	kids  []*node
}

// fataler is a test or a trial of a property.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// parse reads XML strictly.
func parse(t fataler, name, s string) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		top := stack[len(stack)-1]
		switch x := tok.(type) {
		case xml.StartElement:
			n := &node{name: x.Name.Local, attrs: map[string]string{}}
			for _, a := range x.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.kids, stack = append(top.kids, n), append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(x)
		}
	}
	if len(root.kids) != 1 {
		t.Fatalf("%s has %d roots", name, len(root.kids))
	}
	return root.kids[0]
}

func (n *node) all(name string) (out []*node) {
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
		out = append(out, k.all(name)...)
	}
	return out
}

// said is the text of an element as one reads it.
func (n *node) said() string {
	var b strings.Builder
	for _, k := range n.kids {
		switch k.name {
		case "t":
			b.WriteString(k.text)
		case "br":
			b.WriteString("\n")
		case "tab":
			b.WriteString("\t")
		case "pPr", "instrText":
		default:
			b.WriteString(k.said())
		}
	}
	return b.String()
}

// style is the style of a paragraph.
func (n *node) style() string {
	if s := n.all("pStyle"); len(s) > 0 {
		return s[0].attrs["val"]
	}
	return ""
}

// paragraphs are those of the body as style and text.
func paragraphs(t testing.TB, files map[string]string) (out [][2]string) {
	t.Helper()
	for _, p := range parse(t, "document", files["word/document.xml"]).all("p") {
		out = append(out, [2]string{p.style(), p.said()})
	}
	return out
}

// TestAReaderGetsEverythingBack holds the document against what a reader of the format sees.
func TestAReaderGetsEverythingBack(t *testing.T) {
	t.Parallel()
	got := paragraphs(t, unpack(t, write(t, sample())))
	want := [][2]string{
		{"Title", "Iedereen mee"}, {"Subtitle", "Eerste ontwerp"}, {"ContentsHeading", "Inhoud"}, {"TOC1", "Waarom"}, {"TOC1", "Maatregelen"},
		{"Heading1", "Waarom"}, {"Normal", "Wie niet mee kan, vraagt hulp op onze pagina."}, {"Heading2", "Cijfers & vragen"},
		{"ListBullet", "een punt"}, {"ListBullet", "nog een punt"}, {"ListNumber", "eerst"}, {"ListNumber", "daarna"}, {"ListNumber", "weer vanaf een"},
		{"Quote", "Ik reken het liever zelf na."}, {"Caption", "Groepen"}, {"TableHead", "Groep"}, {"TableHead", "Aandeel"}, {"TableText", "Groen"}, {"TableText", "23 %"},
		{"TableText", "Burgers"}, {"TableText", ""}, {"AfterTable", ""}, {"Small", "n = 576"}, {"Remark", "Nog niet nagelezen."}, {"Heading1", "Maatregelen"},
		{"Heading3", "Een onderdeel"}, {"", "\n"}, {"Normal", "regel een\nregel twee\tna een tab"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d paragraphs, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("paragraph %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// TestThePackageHoldsTogether checks what ECMA-376 part 2 asks: each part has a type, each relation leads somewhere, each name is used once.
func TestThePackageHoldsTogether(t *testing.T) {
	t.Parallel()
	files := unpack(t, write(t, sample()))
	typed := map[string]bool{}
	for _, o := range parse(t, "types", files["[Content_Types].xml"]).all("Override") {
		name := strings.TrimPrefix(o.attrs["PartName"], "/")
		if files[name] == "" {
			t.Errorf("the type of %s is given, and there is no such file", name)
		}
		typed[name] = true
	}
	for name, content := range files {
		root := parse(t, name, content)
		if !typed[name] && !strings.HasSuffix(name, ".rels") && name != "[Content_Types].xml" {
			t.Errorf("%s has no type", name)
		}
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		ids := map[string]bool{}
		for _, r := range root.all("Relationship") {
			if ids[r.attrs["Id"]] {
				t.Errorf("%s: relation %s is there twice", name, r.attrs["Id"])
			}
			ids[r.attrs["Id"]] = true
			if r.attrs["TargetMode"] == "External" {
				continue
			}
			if at := path.Join(path.Dir(path.Dir(name)), r.attrs["Target"]); files[at] == "" {
				t.Errorf("%s leads to %s, which is not there", name, at)
			}
		}
	}
	relations := map[string]bool{}
	for _, r := range parse(t, "rels", files["word/_rels/document.xml.rels"]).all("Relationship") {
		relations[r.attrs["Id"]] = true
	}
	body := parse(t, "document", files["word/document.xml"])
	for _, name := range []string{"hyperlink", "headerReference", "footerReference"} {
		for _, h := range body.all(name) {
			if id := h.attrs["id"]; id != "" && !relations[id] {
				t.Errorf("%s points at relation %s, which is not there", name, id)
			}
		}
	}
	marks := map[string]bool{}
	for _, m := range body.all("bookmarkStart") {
		marks[m.attrs["name"]] = true
	}
	for _, h := range body.all("hyperlink") {
		if a := h.attrs["anchor"]; a != "" && !marks[a] {
			t.Errorf("the contents lead to %s, which is not there", a)
		}
	}
	styles, numbers := map[string]bool{}, map[string]bool{}
	for _, s := range parse(t, "styles", files["word/styles.xml"]).all("style") {
		if styles[s.attrs["styleId"]] {
			t.Errorf("style %s is there twice", s.attrs["styleId"])
		}
		styles[s.attrs["styleId"]] = true
	}
	for _, n := range parse(t, "numbering", files["word/numbering.xml"]).all("num") {
		numbers[n.attrs["numId"]] = true
	}
	for _, part := range []string{"word/document.xml", "word/header1.xml", "word/footer1.xml"} {
		root := parse(t, part, files[part])
		for _, kind := range []string{"pStyle", "rStyle", "tblStyle"} {
			for _, s := range root.all(kind) {
				if !styles[s.attrs["val"]] {
					t.Errorf("%s uses style %s, which is not there", part, s.attrs["val"])
				}
			}
		}
		for _, n := range root.all("numId") {
			if !numbers[n.attrs["val"]] {
				t.Errorf("%s uses list %s, which is not there", part, n.attrs["val"])
			}
		}
	}
	if n := len(numbers); n != 3 {
		t.Errorf("%d lists are defined; the dots and two numbered ones make 3", n)
	}
}

// TestItIsSaidOnceInWhichLanguageAndWhose holds the properties that readers and archives look for.
func TestItIsSaidOnceInWhichLanguageAndWhose(t *testing.T) {
	t.Parallel()
	files := unpack(t, write(t, sample()))
	for name, want := range map[string]string{
		"docProps/core.xml": "<dc:title>Iedereen mee</dc:title><dc:subject>Strategie</dc:subject><dc:creator>Stad Voorbeeld</dc:creator><dc:language>nl-BE</dc:language>",
		"word/styles.xml":   `<w:lang w:val="nl-BE" w:eastAsia="nl-BE" w:bidi="ar-SA"/>`,
		"word/document.xml": `<w:pgSz w:w="11906" w:h="16838"/>`,
		"word/footer1.xml":  `<w:fldSimple w:instr=" PAGE ">`,
		"word/header1.xml":  "Stad Voorbeeld",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s does not have %s", name, want)
		}
	}
}

func TestHeadsOfTablesAreRepeatedAndColumnsFillThePage(t *testing.T) {
	t.Parallel()
	root := parse(t, "document", unpack(t, write(t, sample()))["word/document.xml"])
	table := root.all("tbl")[0]
	rows := table.all("tr")
	if len(rows[0].all("tblHeader")) != 1 || len(rows[1].all("tblHeader")) != 0 {
		t.Error("the first row, and it alone, is to be repeated on each page")
	}
	for _, r := range rows {
		if len(r.all("tc")) != 2 {
			t.Error("a row has not as many cells as there are columns")
		}
	}
	if c := table.all("tblCaption"); len(c) != 1 || c[0].attrs["val"] != "Groepen" {
		t.Error("the table has no caption for who cannot see it")
	}
	rapid.Check(t, func(t *rapid.T) {
		var table Table
		for range rapid.IntRange(1, 12).Draw(t, "columns") {
			table.Columns = append(table.Columns, Column{Width: rapid.IntRange(0, 9).Draw(t, "width")})
		}
		sum := 0
		for _, n := range table.widths() {
			if n <= 0 {
				t.Fatal("a column without width")
			}
			sum += n
		}
		if sum != textWidth {
			t.Fatalf("columns fill %d of %d", sum, textWidth)
		}
	})
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(write(t, sample()), write(t, sample())) {
		t.Error("two writings differ")
	}
}

func TestOnlyLinksOfTheWebAndOfMailAreWritten(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{
		"https://stad.example/x": true, "http://stad.example": true, "mailto:hr@stad.example": true,
		"javascript:alert(1)": false, "file:///etc/passwd": false, "//stad.example": false, "/actions": false, "https:": false, "mailto:": false, "ht tp://x": false, "%zz": false,
	} {
		files := unpack(t, write(t, &Document{Blocks: []Block{Paragraph{Text: Text{{Text: "hier", Link: to}}}}}))
		if got := strings.Contains(files["word/_rels/document.xml.rels"], "External"); got != want {
			t.Errorf("%q is written as a link: %v, want %v", to, got, want)
		}
		if got := paragraphs(t, files)[0][1]; got != "hier" {
			t.Errorf("the text of the link to %q became %q", to, got)
		}
	}
}

// TestHostileTextStaysText gives every place that takes text whatever bytes there are.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	hostile := rapid.OneOf(rapid.String(), rapid.StringN(0, 40, 200),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "bytes")) }),
		rapid.SampledFrom([]string{"</w:t></w:r>", "]]>", "<!--", "&amp;&#0;", "\x00\x0b\ufffe\uffff", "a\r\nb\rc\u2028d", "{{.}}", "'\"<>&", "\xed\xa0\x80"}))
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) string { return hostile.Draw(t, name) }
		d := &Document{Lang: "nl-BE", Title: draw("title"), Author: draw("author"), Subject: draw("subject"), Header: draw("header"), HeaderEnd: draw("end"), Page: draw("page"), Of: draw("of"),
			Blocks: []Block{
				Title{Text: draw("t"), Subtitle: draw("s")}, Contents{Title: draw("contents")}, Heading{Level: rapid.IntRange(-2, 9).Draw(t, "level"), Text: draw("h")},
				Paragraph{Text: Text{{Text: draw("p"), Bold: true, Link: draw("link")}}}, Quote{Text: Plain(draw("q"))}, List{Numbered: rapid.Bool().Draw(t, "numbered"), Items: []Text{Plain(draw("item"))}},
				Table{Caption: draw("caption"), Columns: []Column{{Label: draw("column")}}, Rows: [][]Text{{Plain(draw("cell"))}}},
			}}
		var b bytes.Buffer
		if err := Write(&b, d); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			files[f.Name] = string(content)
		}
		for name, content := range files {
			if !utf8.ValidString(content) {
				t.Fatalf("%s is no UTF-8", name)
			}
			for _, r := range content {
				if !valid(r) {
					t.Fatalf("%s has the character %U", name, r)
				}
			}
			if err := wellFormed(content); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		cells := parse(t, "document", files["word/document.xml"]).all("tc")
		cell := d.Blocks[6].(Table).Rows[0][0][0].Text
		if got, want := cells[len(cells)-1].said(), clean(cell); got != want {
			t.Fatalf("the cell %q became %q, want %q", cell, got, want)
		}
	})
}

func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// TestAWordProcessorOpensIt needs LibreOffice, which a machine that builds the product need not have.
func TestAWordProcessorOpensIt(t *testing.T) {
	t.Parallel()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "document.docx")
	if err := os.WriteFile(file, write(t, sample()), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, file)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "document.txt"))
	if err != nil {
		t.Fatal(err)
	}
	read := strings.Join(strings.Fields(string(got)), " ")
	for _, want := range []string{"Iedereen mee", "Cijfers & vragen", "1. eerst 2. daarna 1. weer vanaf een", "• een punt", "23 %", "Ik reken het liever zelf na."} {
		if !strings.Contains(read, want) {
			t.Errorf("it does not read %q: %s", want, read)
		}
	}
}
