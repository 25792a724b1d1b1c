package command

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
		for j, name := range formats {
			made, err := filesOf(name)
			if err != nil {
				return nil, err
			}
			if made[0].AllLanguages && i > 0 {
				continue // Findings carry all languages
			}
			p.step("writing "+name, int64(i*len(formats)+j), int64(len(langs)*len(formats)))
			for _, format := range made {
				var b bytes.Buffer
				if err := format.Write(ctx, &b, &st, f); err != nil {
					return nil, withoutChromium(name, err)
				}
				files = append(files, output{name: format.FileName(lang), bytes: b.Bytes()})
			}
		}
	}
	return files, nil
}

// filesOf returns the formats that a name on the command line stands for. The fact sheet is a page to put on the intranet,
// and where Chromium is installed also the sheet to hang on the wall.
func filesOf(name string) ([]view.Format, error) {
	format, known := view.FormatNamed(name)
	if !known {
		return nil, fmt.Errorf("no view makes the format %q", name)
	}
	formats := []view.Format{format}
	if name != view.FormatFactSheet {
		return formats, nil
	}
	sheet, known := view.FormatNamed(view.FormatFactSheetPDF)
	if _, err := pdf.Find(); err != nil || !known {
		return formats, nil //nolint:nilerr // the page prints well without Chromium
	}
	return append(formats, sheet), nil
}

// withoutChromium gives a PDF of the report that cannot be printed its own exit code.
func withoutChromium(name string, err error) error {
	var none *pdf.NotInstalledError
	if name == view.FormatPDF && errors.As(err, &none) {
		return &failure{code: ExitNoChromium, err: err}
	}
	return err
}
