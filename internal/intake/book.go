package intake

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// Book is a workbook (XLSX) of which every sheet can be read, whatever stands in it: no row is taken for headings, and merged
// cells are reported instead of refused.
type Book struct {
	w      *workbook
	file   *os.File
	sheets []BookSheet
	parts  []*zip.File
	styles []bookStyle
	is1904 bool // days are counted from 1904, as old Macs do
}

// BookSheet is a sheet with cells.
type BookSheet struct {
	Name   string
	Hidden bool
}

// BookRow is a row that holds something. It and its cells are valid until the function that got it returns.
type BookRow struct {
	Number int // from 1
	Hidden bool
	Cells  []BookCell // by column, those that hold something
}

// BookCell is a cell as the text that it shows, but for the form of dates and numbers: 2026-11-24, 2026-11-24 08:30:00, 0.8.
type BookCell struct {
	Column  int // from 0
	Text    []byte
	Date    bool // a number that is shown as a date or a time
	Formula bool // the text is the last result
	Fault   bool // the result of the formula is a fault, such as #N/A
	Padded  bool // a number that is shown with zeros in front; they are in the text
	Indent  int  // steps by which the text is indented; two spaces for each are in the text

	from, to int // of the text in the scratch of the reader
}

// BookRange is a rectangle of cells that are merged into one, which holds the text of the first.
type BookRange struct{ FromRow, ToRow, FromColumn, ToColumn int } // rows from 1, columns from 0; both ends included

// BookLayout is what a sheet says beside its cells.
type BookLayout struct {
	Merged        []BookRange
	HiddenColumns []BookRange // with the rows 0
}

// OpenBook opens a workbook, which Close must close. Only Limits of the options are heeded. The error is an *Error.
func OpenBook(name string, opt Options) (book *Book, err error) {
	f, size, err := openFile(name)
	if err != nil {
		return nil, err
	}
	if book, err = ReadBook(name, f, size, opt); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	book.file = f
	return book, nil
}

// ReadBook is OpenBook for a workbook that is no file on a disk: size bytes of r, which stays the caller's. The name is for messages.
func ReadBook(name string, r io.ReaderAt, size int64, opt Options) (book *Book, err error) {
	opt.Limits, opt.Mapping = opt.Limits.orDefault(), nil
	in, err := opt.input(name, r, size)
	if err != nil {
		return nil, err
	}
	b := &Book{w: &workbook{input: in, dates: map[int]bool{}}}
	defer in.guard(&err)
	if b.w.zip, err = zip.NewReader(r, size); err != nil {
		return nil, in.fail(err, "the workbook is damaged or incomplete")
	}
	if err := b.w.checkSizes(); err != nil {
		return nil, err
	}
	if err := b.list(); err != nil {
		return nil, err
	}
	return b, nil
}

// Close closes the file that OpenBook opened.
func (b *Book) Close() error {
	if b.file == nil {
		return nil
	}
	return b.file.Close()
}

// Sheets returns the sheets with cells, in the order of their tabs.
func (b *Book) Sheets() []BookSheet { return b.sheets }

// list finds the sheets, the styles and the shared texts.
func (b *Book) list() error {
	main, err := b.w.mainPart()
	if err != nil {
		return err
	}
	var book struct {
		Properties struct {
			Is1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.w.decode(main, &book); err != nil {
		return err
	}
	b.is1904 = book.Properties.Is1904 == "1" || strings.EqualFold(book.Properties.Is1904, "true")
	var relations struct {
		List []struct {
			relation
			Type string `xml:"Type,attr"`
		} `xml:"Relationship"`
	}
	if err := b.w.decode(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), &relations); err != nil {
		return err
	}
	byID := map[string]*zip.File{}
	for _, r := range relations.List {
		if strings.HasSuffix(r.Type, "/worksheet") {
			byID[r.ID] = b.w.part(target2part(main, r.Target))
		}
		if strings.HasSuffix(r.Type, "/styles") {
			if err := b.readStyles(target2part(main, r.Target)); err != nil {
				return err
			}
		}
	}
	for _, s := range book.Sheets {
		for _, a := range s.Attrs {
			p, known := byID[a.Value]
			if a.Name.Local != "id" || !known {
				continue
			}
			if p == nil {
				return b.w.damaged("the cells of the sheet " + quoted(s.Name) + " are missing")
			}
			b.sheets = append(b.sheets, BookSheet{Name: s.Name, Hidden: s.State == "hidden" || s.State == "veryHidden"})
			b.parts = append(b.parts, p)
		}
	}
	if len(b.sheets) == 0 {
		return &Error{Kind: KindEmpty, File: b.w.name, Message: "the workbook has no sheets with cells", Mend: "export the list anew"}
	}
	return b.readShared()
}

// Rows calls f with each row of a sheet that holds something, in order. The error is an *Error, that of f, or that of the
// context.
func (b *Book) Rows(ctx context.Context, sheet int, f func(*BookRow) error) (layout *BookLayout, err error) {
	defer b.w.guard(&err)
	r, err := b.parts[sheet].Open()
	if err != nil {
		return nil, b.w.fail(err, "the workbook is damaged or incomplete")
	}
	defer r.Close() //nolint:errcheck // only read from
	s := bookScan{
		book: b, xml: newXMLScanner(&meter{r: r, left: int64(b.parts[sheet].UncompressedSize64)}, b.w.limits.CellBytes),
		layout: &BookLayout{},
	}
	if err := s.sheet(ctx, f); err != nil {
		var fault *scanFault
		if errors.As(err, &fault) {
			return nil, b.w.fail(fault.err, fmt.Sprintf("the sheet %s is damaged or incomplete", quoted(b.sheets[sheet].Name)))
		}
		return nil, err
	}
	return s.layout, nil
}
