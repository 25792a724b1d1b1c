package view

import (
	"context"
	"fmt"
	"io"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

// Format is a file that a report can be had as.
type Format struct {
	Name         string // as on the command line and in an address: "html", "pdf", "factsheet", "factsheet-pdf", "xlsx", "json"
	MediaType    string // of the file, with its charset where it is text
	Chromium     bool   // printing needs Chromium; without it Write returns a *pdf.NotInstalledError
	AllLanguages bool   // one file carries every language; the story may then be nil

	base, extension string
	write           func(ctx context.Context, w io.Writer, s *story.Story, f *findings.Findings) error
}

// Names of the formats.
const (
	FormatHTML         = "html"
	FormatPDF          = "pdf"
	FormatFactSheet    = "factsheet"
	FormatFactSheetPDF = "factsheet-pdf"
	FormatXLSX         = "xlsx"
	FormatJSON         = "json"
)

const mediaPDF, mediaHTML = "application/pdf", "text/html; charset=utf-8"

// Formats lists every format in the order in which they are offered.
func Formats() []Format {
	return []Format{
		{Name: FormatHTML, MediaType: mediaHTML, base: "report", extension: "html",
			write: func(_ context.Context, w io.Writer, s *story.Story, f *findings.Findings) error {
				return HTML(w, s, f) //nolint:contextcheck // laying out in memory ends by itself
			}},
		{Name: FormatPDF, MediaType: mediaPDF, Chromium: true, base: "report", extension: "pdf",
			write: func(ctx context.Context, w io.Writer, s *story.Story, f *findings.Findings) error {
				return PDF(ctx, w, s, f)
			}},
		{Name: FormatFactSheet, MediaType: mediaHTML, base: "factsheet", extension: "html",
			write: func(_ context.Context, w io.Writer, s *story.Story, _ *findings.Findings) error {
				return FactSheet(w, s) //nolint:contextcheck // laying out in memory ends by itself
			}},
		{Name: FormatFactSheetPDF, MediaType: mediaPDF, Chromium: true, base: "factsheet", extension: "pdf",
			write: func(ctx context.Context, w io.Writer, s *story.Story, _ *findings.Findings) error {
				return FactSheetPDF(ctx, w, s)
			}},
		{Name: FormatXLSX, MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", base: "tables", extension: "xlsx",
			write: func(_ context.Context, w io.Writer, s *story.Story, f *findings.Findings) error { return XLSX(w, f, s) }},
		{Name: FormatJSON, MediaType: "application/json", AllLanguages: true, base: "findings", extension: "json",
			write: func(_ context.Context, w io.Writer, _ *story.Story, f *findings.Findings) error { return JSON(w, f) }},
	}
}

// FormatNamed returns the format with a name; false when there is none.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// FileName is what the file is called in a language: "report-nl.html"; a file for every language has none in its name.
func (f Format) FileName(lang instrument.Lang) string {
	if f.AllLanguages {
		return f.base + "." + f.extension
	}
	return fmt.Sprintf("%s-%s.%s", f.base, lang, f.extension)
}

// Write writes the file, in the language of the story. Nothing is kept open; what w got before an error is not whole.
func (f Format) Write(ctx context.Context, w io.Writer, s *story.Story, fi *findings.Findings) error {
	if f.write == nil {
		return fmt.Errorf("the format %q is not one of view.Formats", f.Name)
	}
	return f.write(ctx, w, s, fi)
}
