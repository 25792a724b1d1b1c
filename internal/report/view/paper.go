package view

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"tekentafel/internal/pdf"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

// PDF prints the report to a tagged PDF with a running header and page numbers. Without Chromium the error is a
// *pdf.NotInstalledError; the file of HTML prints just as well from any browser.
func PDF(ctx context.Context, w io.Writer, s *story.Story, f *findings.Findings) error {
	var page bytes.Buffer
	if err := HTML(&page, s, f); err != nil { //nolint:contextcheck // laying out in memory ends by itself
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
	paper, err := pdf.Print(ctx, page, o)
	if err != nil {
		return err
	}
	if _, err := w.Write(paper); err != nil {
		return fmt.Errorf("write the PDF: %w", err)
	}
	return nil
}
