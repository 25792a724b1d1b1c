package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func bookRows(ctx context.Context, path string, sheet int) (map[string]string, *BookLayout, error) {
	b, err := OpenBook(path, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer b.Close() //nolint:errcheck // only read from
	cells := map[string]string{}
	layout, err := b.Rows(ctx, sheet, func(r *BookRow) error {
		for _, c := range r.Cells {
			name, err := excelize.CoordinatesToCellName(c.Column+1, r.Number)
			if err != nil {
				return err
			}
			cells[name] = string(c.Text)
		}
		return nil
	})
	return cells, layout, err
}

func TestABookHoldsTheCellsThatWereWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		x := excelize.NewFile()
		want := map[string]string{}
		text := rapid.StringOf(rapid.RuneFrom([]rune("abé<>&\"' \n\t;€x1")))
		for range rapid.IntRange(1, 12).Draw(t, "cells") {
			name, _ := excelize.CoordinatesToCellName(rapid.IntRange(1, 40).Draw(t, "column"), rapid.IntRange(1, 40).Draw(t, "row"))
			var err error
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				n := rapid.Int64Range(-1e14, 1e14).Draw(t, "number")
				want[name] = fmt.Sprint(n)
				err = x.SetCellInt("Sheet1", name, n)
			case 1:
				n := float64(rapid.IntRange(-1e9, 1e9).Draw(t, "number")) / 1000
				want[name] = numberText(n)
				err = x.SetCellFloat("Sheet1", name, n, -1, 64)
			default:
				if want[name] = text.Draw(t, "text"); want[name] == "" {
					want[name] = "x"
				}
				err = x.SetCellStr("Sheet1", name, want[name])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, "book.xlsx")
		if err := x.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		got, _, err := bookRows(t.Context(), path, 0)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

// sheetFile makes a workbook of one sheet with this XML.
func sheetFile(t testing.TB, sheet string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"_rels/.rels": `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Een" sheetId="1" r:id="r1"/>` +
			`<sheet name="Twee" sheetId="2" r:id="r2" state="veryHidden"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s1.xml"/>` +
			`<Relationship Id="r2" Type="x/worksheet" Target="/xl/s1.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>`,
		"xl/s1.xml":            sheet,
		"xl/styles.xml":        `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170"/><xf><alignment indent="2"/></xf></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>een</t></si><si><r><t>tw</t></r><r><t xml:space="preserve">ee </t></r><rPh><t>x</t></rPh></si><si/></sst>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sheet.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestABookSaysWhatTheSheetSays(t *testing.T) {
	t.Parallel()
	path := sheetFile(t, `<?xml version="1.0"?><!-- a > b --><x:worksheet xmlns:x="m"><x:cols><x:col min="2" max="3" hidden="1"/></x:cols><x:sheetData>`+
		`<x:row r="2" hidden="1"><x:c r="A2" t="s"><x:v>1</x:v></x:c><x:c t="inlineStr"><x:is><x:t>a &lt; b &#233; <![CDATA[<c>]]></x:t></x:is></x:c></x:row>`+
		`<x:row><x:c r="A3" s="1"><x:v>0.5</x:v></x:c><x:c r="C3" s="2"><x:v>42</x:v></x:c><x:c r="D3" s="3" t="s"><x:v>0</x:v></x:c>`+
		`<x:c r="E3" t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c><x:c r="F3" t="b"><x:v>1</x:v></x:c><x:c r="G3"/><x:c r="H3"><x:v>8.5E10</x:v></x:c></x:row>`+
		`</x:sheetData><x:mergeCells><x:mergeCell ref="A2:B3"/></x:mergeCells></x:worksheet>`)
	b, err := OpenBook(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close() //nolint:errcheck // only read from
	if d := cmp.Diff([]BookSheet{{"Een", false}, {"Twee", true}}, b.Sheets()); d != "" {
		t.Error(d)
	}
	var got []string
	layout, err := b.Rows(t.Context(), 0, func(r *BookRow) error {
		for _, c := range r.Cells {
			got = append(got, fmt.Sprintf("%d.%d %s date=%v formula=%v fault=%v padded=%v indent=%d hidden=%v", r.Number, c.Column, c.Text, c.Date, c.Formula, c.Fault, c.Padded, c.Indent, r.Hidden))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const none = " date=false formula=false fault=false padded=false indent=0 hidden="
	want := []string{
		"2.0 twee " + none + "true", "2.1 a < b é <c>" + none + "true", "3.0 1904-01-01 12:00:00 date=true formula=false fault=false padded=false indent=0 hidden=false",
		"3.2 00042 date=false formula=false fault=false padded=true indent=0 hidden=false", "3.3     een date=false formula=false fault=false padded=false indent=2 hidden=false",
		"3.4 #DIV/0! date=false formula=true fault=true padded=false indent=0 hidden=false", "3.5 true" + none + "false", "3.7 85000000000" + none + "false",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(&BookLayout{Merged: []BookRange{{2, 3, 0, 1}}, HiddenColumns: []BookRange{{0, 0, 1, 2}}}, layout); d != "" {
		t.Error(d)
	}
}

func TestADamagedSheetIsRefused(t *testing.T) {
	t.Parallel()
	const open = `<worksheet><sheetData>`
	for name, text := range map[string]string{
		"breaks off":         open + `<row r="1"><c r="A1"><v>1</v></c></row>`,
		"breaks off in text": open + `<row r="1"><c r="A1"><v>1`,
		"no cells":           `<worksheet></worksheet>`,
		"wrong nesting":      open + `<row><c></row></c></sheetData></worksheet>`,
		"rows in disorder":   open + `<row r="3"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row></sheetData></worksheet>`,
		"cells in disorder":  open + `<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row></sheetData></worksheet>`,
		"no such text":       open + `<row><c t="s"><v>7</v></c></row></sheetData></worksheet>`,
		"no such character":  open + `<row><c t="str"><v>&who;</v></c></row></sheetData></worksheet>`,
		"a document type":    `<!DOCTYPE x [<!ENTITY a "b">]>` + open + `</sheetData></worksheet>`,
		"a cell too long":    open + `<row><c t="str"><v>` + strings.Repeat("x", 70<<10) + `</v></c></row></sheetData></worksheet>`,
		"nested deep":        open + strings.Repeat("<row>", 400),
	} {
		_, _, err := bookRows(t.Context(), sheetFile(t, text), 0)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzXMLScannerAgreesWithTheLibrary compares with encoding/xml: what both accept must say the same.
func FuzzXMLScannerAgreesWithTheLibrary(f *testing.F) {
	for _, s := range []string{
		`<a b="c">d<e/>f</a>`, `<?xml version="1.0"?><x:a><!-- b --><c>&amp;&#65;&#x42;</c></x:a>`, `<a><![CDATA[<b>]]></a>`, `<a b='>'></a>`, `<a></b>`, `<a`, `<a b="`, "<a>\n</a>x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got strings.Builder
		x := newXMLScanner(strings.NewReader(s), 1<<20)
		for {
			token, err := x.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			switch token {
			case xmlStart:
				fmt.Fprintf(&got, "<%s>", x.name)
				if x.closed {
					fmt.Fprintf(&got, "</%s>", x.name)
				}
			case xmlEnd:
				fmt.Fprintf(&got, "</%s>", x.name)
			case xmlText:
				got.Write(x.content)
			}
		}
		var want strings.Builder
		d := xml.NewDecoder(strings.NewReader(s))
		for depth := 0; ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return // stricter than the scanner in what names may hold
			}
			switch v := token.(type) {
			case xml.StartElement:
				depth++
				fmt.Fprintf(&want, "<%s>", v.Name.Local)
			case xml.EndElement:
				depth--
				fmt.Fprintf(&want, "</%s>", v.Name.Local)
			case xml.CharData:
				if depth > 0 {
					want.Write(v)
				}
			}
		}
		if plain := strings.NewReplacer("\r\n", "\n", "\r", "\n"); plain.Replace(got.String()) != plain.Replace(want.String()) {
			t.Fatalf("%q gives %q, the library %q", s, got.String(), want.String())
		}
	})
}

func FuzzABookIsReadOrRefused(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c s="1"><v>1e5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`)
	f.Add(`<worksheet><cols><col min="1" max="99999999999" hidden="1"/></cols><sheetData><row r="1048577"/><row><c r="ZZZZ1"/></row></sheetData></worksheet>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		cells, _, err := bookRows(t.Context(), sheetFile(t, sheet), 0)
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Error() == "") || err == nil && cells == nil {
			t.Fatal(err)
		}
	})
}
