package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/instrument"
)

// Limits of a form: far above any questionnaire, and a bound on what a hostile file can cost.
const (
	MaxBytes   = 4 << 20  // size of the file
	maxUnpack  = 48 << 20 // of all its parts
	maxRows    = 6000     // of a sheet
	maxColumns = 200
	maxCell    = 8000 // bytes
)

// table is a sheet: its rows by heading.
type table struct {
	name     string
	headings []heading
	rows     []row
}

type row struct {
	at    int // as the spreadsheet counts
	cells []string
}

// heading is a heading: what it is, and in which language.
type heading struct {
	text string // as it stands
	what string // "label"
	lang string // as it stands after "::", or ""
}

// get returns the cell below a heading without language.
func (t *table) get(r row, what string) string {
	for i, h := range t.headings {
		if h.what == what && h.lang == "" && i < len(r.cells) {
			return r.cells[i]
		}
	}
	return ""
}

// open reads the sheets of a workbook whose names are known.
func open(file string, src []byte) (tables map[string]*table, err error) {
	fail := func(message, mend string) error { return &Problem{file, message, mend} }
	defer func() {
		if recover() != nil { // the library panics on some damaged files
			tables, err = nil, fail("the workbook is damaged", "open it in a spreadsheet and save it anew as .xlsx")
		}
	}()
	if len(src) > MaxBytes {
		return nil, fail("the file is larger than 4 MB", "leave out pictures and other sheets")
	}
	parts, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		return nil, fail("this is no workbook", "save the form as .xlsx")
	}
	total := uint64(0)
	for _, p := range parts.File {
		if total += p.UncompressedSize64; total > maxUnpack || p.UncompressedSize64 > maxUnpack {
			return nil, fail("the workbook unpacks to more than 48 MB", "leave out pictures and other sheets")
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(src), excelize.Options{UnzipSizeLimit: maxUnpack, UnzipXMLSizeLimit: maxUnpack / 2, RawCellValue: true})
	if err != nil {
		return nil, fail("the workbook cannot be read, or has a password", "save the form anew as .xlsx, without a password")
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	tables = map[string]*table{}
	for _, sheet := range book.GetSheetList() {
		name := strings.ToLower(strings.TrimSpace(sheet))
		if !slices.Contains([]string{"survey", "choices", "settings"}, name) || tables[name] != nil {
			continue
		}
		if tables[name], err = readTable(book, sheet, name); err != nil {
			return nil, fail(err.Error(), "correct the sheet "+quote(sheet))
		}
	}
	return tables, nil
}

func readTable(book *excelize.File, sheet, name string) (t *table, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, fmt.Errorf("the sheet %s cannot be read", quote(sheet))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	t = &table{name: name}
	for at := 1; rows.Next(); at++ {
		if at > maxRows {
			return nil, fmt.Errorf("the sheet %s has more than %d rows", quote(sheet), maxRows)
		}
		cells, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("row %d of the sheet %s cannot be read", at, quote(sheet))
		}
		if len(cells) > maxColumns {
			cells = cells[:maxColumns]
		}
		for i := range cells {
			cells[i] = tidy(cells[i])
		}
		switch {
		case !slices.ContainsFunc(cells, func(c string) bool { return c != "" }):
		case t.headings == nil:
			for _, c := range cells {
				t.headings = append(t.headings, readHeading(c))
			}
		default:
			t.rows = append(t.rows, row{at, cells})
		}
	}
	return t, nil
}

// tidy takes what an instrument does not hold out of a cell: invisible characters, and spaces around it.
func tidy(s string) string {
	if len(s) > maxCell {
		s = s[:maxCell]
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\u00a0':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// readHeading reads "label::Nederlands (nl)"; one colon, as older forms have, is the same.
func readHeading(s string) heading {
	what, lang, found := strings.Cut(s, "::")
	if !found {
		what, lang, _ = strings.Cut(s, ":")
	}
	what = strings.Join(strings.FieldsFunc(strings.ToLower(what), func(r rune) bool { return r == ' ' || r == '_' }), "_")
	return heading{text: s, what: what, lang: strings.TrimSpace(lang)}
}

var languageCode = regexp.MustCompile(`\(([A-Za-z]{2,3})(?:-[A-Za-z0-9]+)?\)\s*$`)

// languageOf reads the language of a heading: its code in brackets, a code alone, or its name; false when the product does not
// speak it.
func languageOf(s string) (instrument.Lang, bool) {
	word := strings.ToLower(strings.TrimSpace(s))
	if m := languageCode.FindStringSubmatch(s); m != nil {
		word = strings.ToLower(m[1])
	}
	names := map[string]instrument.Lang{
		"nl": instrument.NL, "nld": instrument.NL, "dut": instrument.NL, "nederlands": instrument.NL, "dutch": instrument.NL, "vlaams": instrument.NL,
		"fr": instrument.FR, "fra": instrument.FR, "français": instrument.FR, "francais": instrument.FR, "french": instrument.FR, "frans": instrument.FR,
		"de": instrument.DE, "deu": instrument.DE, "deutsch": instrument.DE, "german": instrument.DE, "duits": instrument.DE,
		"en": instrument.EN, "eng": instrument.EN, "english": instrument.EN, "engels": instrument.EN, "anglais": instrument.EN,
	}
	l, ok := names[word]
	return l, ok
}
