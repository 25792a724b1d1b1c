// Package paper is a document that people read on a page, print, keep as a tagged PDF or go on with in a word processor: one list of
// blocks (package docx), and a view for each. It also reads the few signs with which people write a text in a form.
package paper

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"strconv"
	"time"

	"tekentafel/internal/docx"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/ui"
)

// Document is what is written.
type Document struct {
	Lang         instrument.Lang
	Title        string
	Subject      string
	Organisation string
	Made         time.Time
	Page, Of     string // the words around the number of a page: "Pagina", "van"
	Blocks       []docx.Block
}

// Print turns a document of HTML into a PDF. The error is a *pdf.NotInstalledError without Chromium.
type Print func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error)

//go:embed paper.css
var style string

// HTML writes the document as a page to print that needs no other file.
func (d *Document) HTML() ([]byte, error) {
	var out bytes.Buffer
	err := ui.Paper(&out, d.Lang, d.Title, style, d.paper())
	return out.Bytes(), err
}

// PDF prints the document, tagged: with an outline, the language and the heads of tables.
func (d *Document) PDF(ctx context.Context, print Print) ([]byte, error) {
	page, err := d.HTML()
	if err != nil {
		return nil, err
	}
	return print(ctx, page, pdf.Options{Header: d.Title, HeaderEnd: d.Organisation, Page: d.Page, Of: d.Of, Timeout: time.Minute})
}

// DOCX writes the document for a word processor.
func (d *Document) DOCX(w io.Writer) error {
	return docx.Write(w, &docx.Document{Lang: tag(d.Lang), Title: d.Title, Subject: d.Subject, Author: d.Organisation, Created: d.Made,
		Header: d.Title, HeaderEnd: d.Organisation, Page: d.Page, Of: d.Of, Blocks: d.Blocks})
}

// tag is the language as it is written here, for the spelling of a word processor.
func tag(l instrument.Lang) string {
	if l == instrument.EN {
		return "en-GB"
	}
	return string(l) + "-BE"
}

// place is a heading of level 1.
type place struct{ id, title string }

// places lists the headings of level 1, to which contents lead.
func places(list []docx.Block) (out []place) {
	for _, b := range list {
		if h, ok := b.(docx.Heading); ok && h.Level <= 1 {
			out = append(out, place{"part-" + strconv.Itoa(len(out)+1), h.Text})
		}
	}
	return out
}

// table is a table as pages have it.
func table(t docx.Table) ui.Table {
	out := ui.Table{Caption: t.Caption, HideCaption: t.Titled}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, ui.Column{Label: c.Label, Numeric: c.Numeric})
	}
	for _, r := range t.Rows {
		row := ui.Row{}
		for i := range t.Columns {
			cell := ui.Cell{}
			if i < len(r) {
				cell.Text = said(r[i])
			}
			row.Cells = append(row.Cells, cell)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// said is text without its form.
func said(t docx.Text) string {
	var b bytes.Buffer
	for _, r := range t {
		b.WriteString(r.Text)
	}
	return b.String()
}
