package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/report/view"
)

// render makes every file of a run in memory, so that a failure leaves nothing behind.
func render(ctx context.Context, f *findings.Findings, langs []instrument.Lang, formats []string, p *progress) ([]output, error) {
	var files []output
	for i, lang := range langs {
		st := story.Tell(f, lang)
		for j, format := range formats {
			if format == "json" && i > 0 {
				continue // Findings carry all languages
			}
			p.step("writing "+format, int64(i*len(formats)+j), int64(len(langs)*len(formats)))
			made, err := renderOne(ctx, f, &st, lang, format)
			if err != nil {
				return nil, err
			}
			files = append(files, made...)
		}
	}
	return files, nil
}

// renderOne makes the file or files of one format in one language.
func renderOne(ctx context.Context, f *findings.Findings, st *story.Story, lang instrument.Lang, format string) ([]output, error) {
	var b bytes.Buffer
	switch format {
	case "json":
		err := view.JSON(&b, f)
		return []output{{name: "findings.json", bytes: b.Bytes()}}, err
	case "xlsx":
		err := view.XLSX(&b, f, st)
		return []output{{name: fmt.Sprintf("tables-%s.xlsx", lang), bytes: b.Bytes()}}, err
	case "html":
		err := view.HTML(&b, st, f)
		return []output{{name: fmt.Sprintf("report-%s.html", lang), bytes: b.Bytes()}}, err
	case "pdf":
		err := view.PDF(ctx, &b, st, f)
		return []output{{name: fmt.Sprintf("report-%s.pdf", lang), bytes: b.Bytes()}}, withoutChromium(err)
	default: // factsheet: a page to put on the intranet, and where Chromium is installed the sheet to hang on the wall
		if err := view.FactSheet(&b, st); err != nil {
			return nil, err
		}
		files := []output{{name: fmt.Sprintf("factsheet-%s.html", lang), bytes: b.Bytes()}}
		if _, err := pdf.Find(); err != nil {
			return files, nil //nolint:nilerr // the page prints well without Chromium
		}
		var sheet bytes.Buffer
		if err := view.FactSheetPDF(ctx, &sheet, st); err != nil {
			return nil, err
		}
		return append(files, output{name: fmt.Sprintf("factsheet-%s.pdf", lang), bytes: sheet.Bytes()}), nil
	}
}

// withoutChromium gives a PDF that cannot be printed its own exit code.
func withoutChromium(err error) error {
	var none *pdf.NotInstalledError
	if errors.As(err, &none) {
		return &failure{code: ExitNoChromium, err: err}
	}
	return err
}
