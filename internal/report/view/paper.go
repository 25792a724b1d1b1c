package view

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/pdf"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/ui"
)

// PDF prints the report to a tagged PDF with a running header and page numbers. Figures stand side by side where they can,
// and their tables are at the end. Without Chromium the error is a *pdf.NotInstalledError; the file of HTML prints from any
// browser.
func PDF(ctx context.Context, w io.Writer, s *story.Story, f *findings.Findings) error {
	var page bytes.Buffer
	if err := paperPage(&page, s, f); err != nil { //nolint:contextcheck // laying out in memory ends by itself
		return err
	}
	return onPaper(ctx, w, page.Bytes(), pdf.Options{
		Header: s.Kicker, HeaderEnd: s.Synthetic, Page: s.Words[story.WordPage], Of: s.Words[story.WordOf],
	})
}

// FactSheetPDF prints the fact sheet to two pages of A4. Without Chromium the error is a *pdf.NotInstalledError.
func FactSheetPDF(ctx context.Context, w io.Writer, s *story.Story) error {
	var page bytes.Buffer
	if err := FactSheet(&page, s); err != nil { //nolint:contextcheck // laying out in memory ends by itself
		return err
	}
	return onPaper(ctx, w, page.Bytes(), pdf.Options{Bare: true})
}

func onPaper(ctx context.Context, w io.Writer, page []byte, o pdf.Options) error {
	sheets, err := pdf.Print(ctx, page, o)
	if err != nil {
		return err
	}
	if _, err := w.Write(sheets); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}

// paperPage writes the report as it is printed.
func paperPage(w io.Writer, s *story.Story, f *findings.Findings) error {
	words := messages.Printer(s.Lang)
	p := &paper{lang: string(s.Lang), title: words.T("paper.tables", nil), numbers: map[string]int{}}
	for _, c := range s.Chapters {
		for _, figure := range c.Figures {
			if len(figure.Table.Rows) > 0 {
				p.tables = append(p.tables, figure)
				p.numbers[figure.ID] = len(p.tables)
				p.names = append(p.names, words.T("paper.table", i18n.Args{"n": words.Int(len(p.tables))}))
			}
		}
	}
	err := words.Err()
	if err == nil {
		err = writeFile(w, s, s.Title, reportBody(s, f, p), ui.CSS(ui.Base, ui.Charts, ui.Report))
	}
	if err != nil {
		return fmt.Errorf("lay the report out for paper: %w", err)
	}
	return nil
}

// paper is what the printed report has and the one on a screen has not: numbered tables at the end.
type paper struct {
	lang    string
	title   string // of the tables
	tables  []story.Figure
	names   []string       // "Tabel 1", ...
	numbers map[string]int // of the table of a figure, from 1
}

// name returns what the n-th table is called, from 1.
func (p *paper) name(n int) string { return p.names[n-1] }

func tableID(n int) string { return fmt.Sprintf("table-%d", n) }

// shortTable is the number of rows up to which a table stays in one piece.
const shortTable = 16

// placed is a figure with the layout of its chart.
type placed struct {
	story.Figure
	layout chart.Layout
}

// Heights on paper, as multiples of the width of the chart.
const (
	tallestHalf  = 2.4 // more is no page
	tallestWhole = 1.0
	aroundChart  = 0.3 // title and caption
)

// sideBySide puts figures in rows of one column, or of two where charts read well at half the width. Beside a tall chart more
// than one may stand. Bars of opinions get the whole width.
func sideBySide(figures []story.Figure) [][][]placed {
	var out [][][]placed
	for len(figures) > 0 {
		f := figures[0]
		if len(figures) > 1 && fitsHalf(f.Chart) && fitsHalf(figures[1].Chart) {
			room := chart.Aspect(f.Chart, chart.Half)
			var beside []placed
			for _, next := range figures[1:] {
				room -= chart.Aspect(next.Chart, chart.Half) + aroundChart
				if len(beside) > 0 && (room < 0 || !fitsHalf(next.Chart)) {
					break
				}
				beside = append(beside, placed{next, chart.Half})
			}
			out = append(out, [][]placed{{{f, chart.Half}}, beside})
			figures = figures[1+len(beside):]
			continue
		}
		layout := chart.Wide
		if chart.Aspect(f.Chart, chart.Wide) > tallestWhole {
			layout = chart.Half
		}
		out = append(out, [][]placed{{{f, layout}}})
		figures = figures[1:]
	}
	return out
}

func fitsHalf(c chart.Chart) bool {
	if _, bars := c.(chart.Diverging); bars {
		return false
	}
	return chart.Aspect(c, chart.Half) <= tallestHalf
}
