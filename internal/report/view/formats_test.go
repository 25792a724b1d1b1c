package view

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
)

func gzipped(t testing.TB, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestEachFormatWritesWhatItSays(t *testing.T) {
	t.Parallel()
	s, f := example()
	starts := map[string]string{
		FormatHTML: "<!doctype html>", FormatPDF: "%PDF-", FormatFactSheet: "<!doctype html>", FormatFactSheetPDF: "%PDF-", FormatXLSX: "PK", FormatJSON: "{",
	}
	names := map[string]string{
		FormatHTML: "report-nl.html", FormatPDF: "report-nl.pdf", FormatFactSheet: "factsheet-nl.html", FormatFactSheetPDF: "factsheet-nl.pdf",
		FormatXLSX: "tables-nl.xlsx", FormatJSON: "findings.json",
	}
	files := map[string]bool{}
	for _, format := range Formats() {
		var b bytes.Buffer
		err := format.Write(t.Context(), &b, s, f)
		var none *pdf.NotInstalledError
		if format.Chromium && errors.As(err, &none) {
			continue
		}
		if err != nil || !strings.HasPrefix(b.String(), starts[format.Name]) || starts[format.Name] == "" {
			t.Errorf("%s: %v, starts with %.20q", format.Name, err, b.String())
		}
		if got := format.FileName(instrument.NL); got != names[format.Name] || files[got] {
			t.Errorf("%s is called %q", format.Name, got)
		}
		files[format.FileName(instrument.NL)] = true
		if (format.MediaType == mediaPDF) != format.Chromium || format.MediaType == "" {
			t.Errorf("%s: media type %q, Chromium %v", format.Name, format.MediaType, format.Chromium)
		}
		if same, known := FormatNamed(format.Name); !known || same.FileName("fr") != format.FileName("fr") {
			t.Errorf("%s is not found by its name", format.Name)
		}
	}
	if len(starts) != len(Formats()) {
		t.Errorf("%d formats", len(Formats()))
	}
	if _, known := FormatNamed("docx"); known {
		t.Error("docx is known")
	}
	if err := (Format{Name: "docx"}).Write(t.Context(), &bytes.Buffer{}, s, f); err == nil {
		t.Error("an unknown format was written")
	}
}

func TestOneFileOfFindingsForEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		same := format.FileName(instrument.NL) == format.FileName(instrument.FR)
		if same != format.AllLanguages {
			t.Errorf("%s: %s", format.Name, format.FileName(instrument.FR))
		}
	}
}

func TestPDFsSayWhenChromiumIsMissing(t *testing.T) {
	t.Setenv("TEKENTAFEL_CHROMIUM", "/nonexistent")
	s, f := example()
	for _, format := range Formats() {
		err := format.Write(t.Context(), &bytes.Buffer{}, s, f)
		var none *pdf.NotInstalledError
		if errors.As(err, &none) != format.Chromium {
			t.Errorf("%s without Chromium: %v", format.Name, err)
		}
	}
}
