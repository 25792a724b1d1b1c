package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"tekentafel/internal/instrument"
)

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	in := wide(2)
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf("q%02d", i)
	}
	for _, c := range []struct {
		name, src string
		kind      Kind
		says      string
	}{
		{"empty", "", KindEmpty, "the file is empty"},
		{"white space", " \n\n\t\r\n", KindEmpty, "nothing but white space"},
		{"mark alone", "\uFEFF", KindEmpty, "nothing but white space"},
		{"header only", "q00,q01\n", KindEmpty, "headings but no rows"},
		{"header and blank lines", "q00,q01\n\n\n", KindEmpty, "headings but no rows"},
		{"only empty rows", "q00,q01\n,\n,\n", KindEmpty, "no row is left: 2 empty"},
		{"unknown columns", "a,b\n1,2\n", KindColumns, `the file has "a", "b"; the instrument expects "q00", "q01"`},
		{"one unknown column", "a\n1\n", KindColumns, `the file has "a"`},
		{"double heading", "q00, q00\n1,2\n", KindHeadings, "columns 1 and 2 have the same heading"},
		{"empty heading", "q00,,q01\n1,2,3\n", KindHeadings, "column 2 has no heading"},
		{"ragged", "q00,q01\n1,2\n1,2,3\n", KindRagged, "row 3: the row has 3 cells, but there are 2 headings"},
		{"ragged after blank lines", "q00,q01\n1,2\n\n\n1,2,3\n", KindRagged, "row 5: "},
		{"NUL", "q00,q01\n1,2\n1,\x00\n", KindEncoding, "row 3: the text holds a NUL"},
		{"NUL far away", "q00,q01\n" + strings.Repeat("1,2\n", 200_000) + "1,\x00\n", KindEncoding, "row 200002: the text holds a NUL"},
		{"open quotation mark", "q00,q01\n1,\"2\n1,2\n", KindFormat, "row 2: a quotation mark opens a cell and is never closed"},
		{"text behind quotation mark", "q00,q01\n1,\"2\"x\n", KindFormat, "row 2: text follows a closing quotation mark"},
		{"10,000 columns", strings.Join(many, ",") + "\n1\n", KindLimit, "row 1: the row has more than 5000 cells"},
		{"long cell", "q00,q01\n1," + strings.Repeat("x", 65<<10) + "\n", KindLimit, `row 2, column "q01": a cell has more than 65536 bytes`},
		{"partly UTF-8", "q00,q01\n1,é\n1,\xe9\n", KindEncoding, "row 3: the text is partly UTF-8 and partly not"},
		{"old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on", KindFormat, "old Excel workbook"},
		{"zip that is none", "PK\x03\x04 and no more", KindFormat, "the workbook is damaged"},
		{"zip without a workbook", zipped(t, "a.txt", "a"), KindFormat, "no workbook"},
		{"Parquet that is none", "PAR1 and no more", KindFormat, "the Parquet file is damaged"},
		{"snapshot that is none", snapshotMagic, KindFormat, "the file is damaged: it is cut off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := readText(t, c.src, in, Options{})
			wantKind(t, err, c.kind, c.says)
		})
	}
	_, err := Read(t.Context(), filepath.Join(t.TempDir(), "none.csv"), in, Options{})
	wantKind(t, err, KindUnreadable, "cannot be opened")
	_, err = Read(t.Context(), t.TempDir(), in, Options{})
	wantKind(t, err, KindUnreadable, "this is no file")
	_, err = readText(t, "q00,q01\n1,2\n1,2\n1,2\n", in, Options{Limits: Limits{Rows: 2}})
	wantKind(t, err, KindLimit, "more than 2 rows")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, write(t, "a.csv", []byte("q00\n1\n")), in, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// endless is a text that goes on without end, and counts how much of it was asked for.
type endless struct {
	head string
	body byte
	size int64
	most int64
}

func (e *endless) ReadAt(b []byte, at int64) (int, error) {
	for i := range b {
		switch p := at + int64(i); {
		case p >= e.size:
			return i, io.EOF
		case p < int64(len(e.head)):
			b[i] = e.head[p]
		default:
			b[i] = e.body
		}
	}
	e.most = max(e.most, at+int64(len(b)))
	return len(b), nil
}

func TestCellOfAGigabyte(t *testing.T) {
	t.Parallel()
	for _, head := range []string{"q00,q01\n1,2\n1,", "q00,q01\n1,2\n1,\"", "q00,", "\"q00", "q00,q01\n1,2\n\"x\n\n"} {
		e := &endless{head: head, body: 'x', size: 1 << 30}
		_, err := read(t.Context(), "a.csv", e, e.size, wide(2), Options{Limits: DefaultLimits()})
		wantKind(t, err, KindLimit, "a cell has more than 65536 bytes")
		if e.most > 8<<20 {
			t.Errorf("%q: %d MiB were read before the file was refused", head, e.most>>20)
		}
	}
	// Lines without end are no cell without end.
	e := &endless{head: "q00,q01\n", body: ',', size: 1 << 30}
	_, err := read(t.Context(), "a.csv", e, e.size, wide(2), Options{Limits: Limits{RowBytes: 4 << 20}.orDefault()})
	wantKind(t, err, KindLimit, "a row has more than 4 MiB")
}

func zipped(t testing.TB, name, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// book makes a workbook with cells by place; a value that starts with = is a formula.
func book(t testing.TB, cells map[string]any) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	for place, value := range cells {
		var err error
		if s, ok := value.(string); ok && strings.HasPrefix(s, "=") {
			if err = f.SetCellValue("Sheet1", place, 5); err == nil {
				err = f.SetCellFormula("Sheet1", place, s)
			}
		} else {
			err = f.SetCellValue("Sheet1", place, value)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func readBook(t testing.TB, f *excelize.File, in *instrument.Instrument, opt Options) (*Result, error) {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return readText(t, b.String(), in, opt)
}

func TestWorkbooks(t *testing.T) {
	t.Parallel()
	in := &instrument.Instrument{ID: "w", Items: []instrument.Item{likert("q"), {ID: "c", Kind: instrument.Category}, {ID: "n", Kind: instrument.Number}}}
	f := book(t, map[string]any{
		"A2": "q", "B2": "c", "C2": "n", "D2": "w", // headings in the second row
		"A3": 4.0, "B3": "tekst", "C3": 0.1, "D3": 1,
		"A5": "5", "B5": true, "C5": "2,5", "D5": 2, // the fourth row is empty
		"A6": "=A3+1", "B6": "=B3", "C6": "=C3", "D6": 1,
		"A7": 1, "B7": 45000.0, "C7": 1e20, "D7": "=D3",
	})
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Sheet1", "B7", "B7", style); err != nil {
		t.Fatal(err)
	}
	res, err := readBook(t, f, in, Options{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	a := res.Answers
	if got := fmt.Sprint(a.N, a.Weights, []int{a.Columns[0].At(0), a.Columns[0].At(1), a.Columns[0].At(2)}, a.Columns[1].Levels, a.Columns[2].Numbers); got != "3 [1 2 1] [8 9 4] [tekst true] [0.1 2.5]" {
		t.Error(got)
	}
	if got := fmt.Sprint(len(res.Issues), res.Issues[0].Row, res.Issues[0].Value, res.Quality.Blank, res.Quality.Excluded, res.Quality.Unknown); got != "4 6(formula)1 [{no-weight 1}] 3" {
		t.Error(got, res.Issues)
	}
	res, err = readBook(t, f, in, Options{})
	if err != nil || res.Answers.Columns[1].Levels[0] != "2023-03-15" {
		t.Error("a date is", res.Answers.Columns[1].Levels, err)
	}

	if err := f.MergeCell("Sheet1", "B5", "B6"); err != nil {
		t.Fatal(err)
	}
	_, err = readBook(t, f, in, Options{})
	wantKind(t, err, KindFormat, `the cells "B5:B6" are merged into one`)

	_, err = readBook(t, book(t, map[string]any{"A1": "q", "B2": 1, "A2": 1}), in, Options{})
	wantKind(t, err, KindRagged, "row 2: a cell stands to the right of the 1 headings")
	_, err = readBook(t, book(t, nil), in, Options{})
	wantKind(t, err, KindEmpty, `the sheet "Sheet1" is empty`)
	_, err = readBook(t, book(t, map[string]any{"A1": "=1"}), in, Options{})
	wantKind(t, err, KindHeadings, "a heading is a formula")
	_, err = readBook(t, f, in, Options{Mapping: &Mapping{Sheet: "Sheet2"}})
	wantKind(t, err, KindColumns, `no sheet "Sheet2"`)
	_, err = readBook(t, book(t, map[string]any{"A1": "q", "JJJ1": "x"}), in, Options{})
	wantKind(t, err, KindLimit, "more than 5000 columns")

	g := book(t, map[string]any{"A1": "titel"})
	if _, err := g.NewSheet("Antwoorden"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.SetCellValue("Antwoorden", "A1", "q"), g.SetCellValue("Antwoorden", "A2", 3)); err != nil {
		t.Fatal(err)
	}
	res, err = readBook(t, g, in, Options{Mapping: &Mapping{Sheet: "antwoorden"}})
	if err != nil || res.Quality.Sheet != "Antwoorden" || res.Answers.Columns[0].Narrow[0] != 7 {
		t.Error(err)
	}
}

// rewritten is a workbook in which one part is replaced.
func rewritten(t testing.TB, f *excelize.File, part string, content func(io.Writer)) string {
	t.Helper()
	src, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(src.Bytes()), int64(src.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range r.File {
		if p.Name != part {
			if err := w.Copy(p); err != nil {
				t.Fatal(err)
			}
			continue
		}
		to, err := w.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		content(to)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHostileWorkbooks(t *testing.T) {
	t.Parallel()
	in := wide(1)
	f := book(t, map[string]any{"A1": "q00", "A2": "x"})
	const sheet = "xl/worksheets/sheet1.xml"
	bomb := rewritten(t, f, sheet, func(w io.Writer) {
		block := bytes.Repeat([]byte(" "), 1<<20)
		for range 300 {
			if _, err := w.Write(block); err != nil {
				t.Fatal(err)
			}
		}
	})
	if len(bomb) > 1<<20 {
		t.Fatal("the bomb is no bomb:", len(bomb))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := readText(t, bomb, in, Options{})
	runtime.ReadMemStats(&after)
	wantKind(t, err, KindLimit, "unpacks to more than 200 times its size")
	_, err = readText(t, bomb, in, Options{Limits: Limits{UnzipRatio: 1 << 30, UnzipBytes: 100 << 20}})
	wantKind(t, err, KindLimit, "brings it to more than 100 MiB")
	for name, c := range map[string]struct{ xml, says string }{
		"cut off":        {`<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>q00</v></c></row><row r="2"><c r="A2"><v>1</v>`, "damaged or incomplete"},
		"rows backwards": {`<worksheet><sheetData><row r="2"><c r="A2" t="str"><v>q00</v></c></row><row r="1"/></sheetData></worksheet>`, `row "1" follows row 2`},
		"cell far right": {`<worksheet><sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>`, "cannot be right"},
		"text missing":   {`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>`, "which the workbook does not have"},
		"entity":         {`<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>`, "damaged"},
		"long cell":      {`<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>` + strings.Repeat("x", 70_000) + `</v></c></row></sheetData></worksheet>`, "more than 65536 bytes"},
	} {
		src := rewritten(t, f, sheet, func(w io.Writer) {
			if _, err := io.WriteString(w, c.xml); err != nil {
				t.Fatal(err)
			}
		})
		_, err := readText(t, src, in, Options{})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParquetTypes(t *testing.T) {
	t.Parallel()
	in := &instrument.Instrument{ID: "p", Items: []instrument.Item{
		{ID: "int", Kind: instrument.Number}, {ID: "float", Kind: instrument.Number}, {ID: "single", Kind: instrument.Number}, {ID: "unsigned", Kind: instrument.Number},
		{ID: "date", Kind: instrument.Category}, {ID: "text", Kind: instrument.Category}, {ID: "flag", Kind: instrument.Category}, {ID: "decimal", Kind: instrument.Number},
	}}
	type row struct {
		Int      int64    `parquet:"int"`
		Float    *float64 `parquet:"float,optional"`
		Single   float32  `parquet:"single"`
		Unsigned uint32   `parquet:"unsigned"`
		Date     int32    `parquet:"date,date"`
		Text     string   `parquet:"text,dict"`
		Flag     bool     `parquet:"flag"`
		Decimal  int64    `parquet:"decimal,decimal(2:10)"`
		Other    []string `parquet:"other,list"`
		Mark     int8     `parquet:"tekentafel_synthetic"`
		Weight   float64  `parquet:"weight"`
	}
	var b bytes.Buffer
	rows := []row{
		{-3, number(0.5), 0.1, 1 << 31, 19000, "a", true, 1250, nil, 1, 1.5},
		{300, nil, 2, 7, -1, "", false, -5, nil, 1, 2},
	}
	if err := parquet.Write(&b, rows); err != nil {
		t.Fatal(err)
	}
	res, err := readText(t, b.String(), in, Options{Weight: "weight"})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, c := range res.Answers.Columns {
		fmt.Fprintf(&got, "%v %v %d ", c.Levels, c.Numbers, c.Narrow)
	}
	want := "[] [-3 300] [5 6] [] [0.5] [5 1] [] [0.1 2] [5 6] [] [7 2.147483648e+09] [6 5] " +
		"[1969-12-31 2022-01-08] [] [6 5] [a] [] [5 1] [false true] [] [6 5] [] [-0.05 12.5] [6 5] "
	if got.String() != want {
		t.Errorf("\n got %s\nwant %s", got.String(), want)
	}
	if !res.Answers.Synthetic || fmt.Sprint(res.Quality.Unread, res.Answers.Weights) != "[other] [1.5 2]" {
		t.Error(res.Answers.Synthetic, res.Quality.Unread, res.Answers.Weights)
	}
	in.Items = append(in.Items, instrument.Item{ID: "other", Kind: instrument.Category})
	_, err = readText(t, b.String(), in, Options{})
	wantKind(t, err, KindFormat, `column "other": the column is nested`)
	whole := b.String()
	for i := 0; i < len(whole); i += 7 {
		_, err := readText(t, whole[:i], in, Options{})
		if err == nil {
			t.Error("a file cut off was read")
		}
	}
}
