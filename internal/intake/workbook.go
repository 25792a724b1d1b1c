package intake

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbook is an XLSX file. The library vouches for the container, names the sheets and explains the styles; the cells
// of the one sheet that is read come from a pass of our own, because the library's rows tell neither where a formula
// stands nor that the XML broke off.
type workbook struct {
	input
	file   *excelize.File
	zip    *zip.Reader
	sheet  string
	xml    *zip.File // the cells
	shared []string  // texts that cells refer to
	dates  map[int]bool
	row    int // of the headings
	names  []string
}

func openWorkbook(ctx context.Context, f input) (src source, err error) {
	defer f.guard(&err)
	w := &workbook{input: f, dates: map[int]bool{}}
	if w.zip, err = zip.NewReader(f.file, f.size); err != nil {
		return nil, f.fail(err, "the workbook is damaged or incomplete")
	}
	if err := w.checkSizes(); err != nil {
		return nil, err
	}
	w.file, err = excelize.OpenReader(io.NewSectionReader(f.file, 0, f.size), excelize.Options{
		UnzipSizeLimit: f.limits.UnzipBytes, UnzipXMLSizeLimit: min(64<<20, f.limits.UnzipBytes), RawCellValue: true,
	})
	if err != nil {
		return nil, f.fail(err, "the file is no workbook that can be read, or has a password")
	}
	defer func() { err = errors.Join(err, w.file.Close()) }()
	if err := w.findSheet(); err != nil {
		return nil, err
	}
	if err := w.readShared(); err != nil {
		return nil, err
	}
	return w, w.readHeadings(ctx)
}

// checkSizes refuses a bomb: parts that say, or turn out, to be far larger unpacked than packed.
func (w *workbook) checkSizes() error {
	bomb := func(name, why string) error {
		return &Error{
			Kind: KindLimit, File: w.name, Message: fmt.Sprintf("the part %s of the workbook %s", quoted(name), why),
			Mend: "save the sheet with the answers as CSV in UTF-8",
		}
	}
	var total uint64
	for _, p := range w.zip.File {
		total += p.UncompressedSize64
		if p.UncompressedSize64 > 1<<20 && p.UncompressedSize64/uint64(w.limits.UnzipRatio) > p.CompressedSize64 {
			return bomb(p.Name, fmt.Sprintf("unpacks to more than %d times its size", w.limits.UnzipRatio))
		}
		if total > uint64(w.limits.UnzipBytes) || p.UncompressedSize64 > uint64(w.limits.UnzipBytes) {
			return bomb(p.Name, fmt.Sprintf("brings it to more than %d MiB", w.limits.UnzipBytes>>20))
		}
	}
	return nil // what a part unpacks to beyond its declared size, archive/zip refuses
}

// relation is a line of a .rels part.
type relation struct {
	ID     string `xml:"Id,attr"`
	Target string `xml:"Target,attr"`
}

// findSheet finds the part with the cells of the first sheet, or of the one that the mapping names.
func (w *workbook) findSheet() error {
	list := w.file.GetSheetList()
	if len(list) == 0 {
		return &Error{Kind: KindEmpty, File: w.name, Message: "the workbook has no sheets", Mend: "export the answers anew"}
	}
	w.sheet = list[0]
	if name := w.mapping.Sheet; name != "" {
		i := findHeading(list, name)
		if i == none {
			return &Error{
				Kind: KindColumns, File: w.name, Message: "the workbook has no sheet " + quoted(name),
				Mend: "correct the sheet in the mapping; there are " + listed(list),
			}
		}
		w.sheet = list[i]
	}
	var book struct {
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		List []relation `xml:"Relationship"`
	}
	main, err := w.mainPart()
	if err != nil {
		return err
	}
	if err := w.decode(main, &book); err != nil {
		return err
	}
	if err := w.decode(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), &relations); err != nil {
		return err
	}
	for _, s := range book.Sheets {
		if s.Name != w.sheet {
			continue
		}
		for _, a := range s.Attrs {
			i := slices.IndexFunc(relations.List, func(r relation) bool { return a.Name.Local == "id" && r.ID == a.Value })
			if i >= 0 {
				w.xml = w.part(target2part(main, relations.List[i].Target))
			}
		}
	}
	if w.xml == nil {
		return w.damaged("the cells of the sheet " + quoted(w.sheet) + " are missing")
	}
	return nil
}

// target2part resolves a relation's target against the part that it belongs to.
func target2part(from, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(from), target)
}

// mainPart returns the name of the part that lists the sheets.
func (w *workbook) mainPart() (string, error) {
	var relations struct {
		List []struct {
			relation
			Type string `xml:"Type,attr"`
		} `xml:"Relationship"`
	}
	if err := w.decode("_rels/.rels", &relations); err != nil {
		return "", err
	}
	for _, r := range relations.List {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			return target2part("", r.Target), nil
		}
	}
	return "xl/workbook.xml", nil
}

// part returns a part of the package by name, which Excel compares without case, or nil.
func (w *workbook) part(name string) *zip.File {
	for _, p := range w.zip.File {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(p.Name, `\`, "/"), "/"), name) {
			return p
		}
	}
	return nil
}

func (w *workbook) decode(name string, to any) error {
	p := w.part(name)
	if p == nil {
		return w.damaged("the part " + quoted(name) + " is missing")
	}
	r, err := p.Open()
	if err != nil {
		return w.fail(err, "the workbook is damaged or incomplete")
	}
	defer r.Close() //nolint:errcheck // only read from
	if err := newXMLDecoder(r).Decode(to); err != nil {
		return w.fail(err, "the workbook is damaged or incomplete")
	}
	return nil
}

func newXMLDecoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // other than UTF-8 does not occur
	return d
}

// isDate tells whether a style shows numbers as dates or times.
func (w *workbook) isDate(style int) bool {
	if known, ok := w.dates[style]; ok {
		return known
	}
	s, err := w.file.GetStyle(style)
	date := err == nil && (s.NumFmt >= 14 && s.NumFmt <= 22 || s.NumFmt >= 27 && s.NumFmt <= 36 || s.NumFmt >= 45 && s.NumFmt <= 47 ||
		s.NumFmt >= 50 && s.NumFmt <= 58 || s.CustomNumFmt != nil && dateFormat(*s.CustomNumFmt))
	w.dates[style] = date
	return date
}

// dateFormat tells whether a number format has the letters of a date outside quotes and brackets.
func dateFormat(format string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case strings.IndexByte("dmyhsDMYHS", c) >= 0:
			return true
		case c == ';':
			return false
		}
	}
	return false
}

func (w *workbook) headings() (int, []string, error) { return w.row, slices.Clone(w.names), nil }

func (w *workbook) describe(q *Quality) { q.Format, q.Sheet = "xlsx", w.sheet }

// readHeadings takes the first row that holds anything.
func (w *workbook) readHeadings(ctx context.Context) error {
	err := w.cells(ctx, func(r sheetRow) (bool, error) {
		w.row = r.number
		for _, c := range r.cells {
			if c.formula {
				return false, &Error{
					Kind: KindHeadings, File: w.name, Row: r.number, Message: "a heading is a formula",
					Mend: "copy the row and paste it as values",
				}
			}
			if c.column >= w.limits.Columns {
				return false, &Error{
					Kind: KindLimit, File: w.name, Row: r.number, Message: fmt.Sprintf("the sheet has more than %d columns", w.limits.Columns),
					Mend: "leave out the columns that are no answers to the questionnaire",
				}
			}
			for len(w.names) <= c.column {
				w.names = append(w.names, "")
			}
			w.names[c.column] = c.text
		}
		return len(w.names) == 0, nil
	})
	if err != nil {
		return err
	}
	for len(w.names) > 0 && trimmed(w.names[len(w.names)-1]) == "" {
		w.names = w.names[:len(w.names)-1]
	}
	if len(w.names) == 0 {
		return &Error{Kind: KindEmpty, File: w.name, Message: "the sheet " + quoted(w.sheet) + " is empty", Mend: "name the sheet with the answers in the mapping"}
	}
	return nil
}
