package view

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/ui/browsertest"
)

var lookAt = flag.String("look", "", "write pictures of the example pages to this folder, to look at them")

func reportPage(t testing.TB) []byte {
	t.Helper()
	s, f := example()
	var b bytes.Buffer
	if err := HTML(&b, s, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sheetPage(t testing.TB) []byte {
	t.Helper()
	s, _ := example()
	var b bytes.Buffer
	if err := FactSheet(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesToLookAt(t *testing.T) {
	if *lookAt == "" {
		t.Skip("no folder named with -look")
	}
	save := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(*lookAt, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pages := map[string][]byte{"report": reportPage(t), "sheet": sheetPage(t)}
	b := browsertest.Start(t)
	for name, page := range pages {
		save(name+".html", page)
		for _, v := range []browsertest.View{{Width: 320, Height: 640}, {Width: 820, Height: 1100}, {Width: 1366, Height: 900}, {Width: 1366, Height: 900, Dark: true}, {Width: 320, Height: 640, Dark: true}} {
			p := b.Open(t, page, v)
			save(name+"-"+strings.ReplaceAll(v.String(), " ", "-")+".png", p.Screenshot())
			p.Close()
		}
	}
	s, f := example()
	var report, sheet bytes.Buffer
	if err := errors.Join(PDF(t.Context(), &report, s, f), FactSheetPDF(t.Context(), &sheet, s)); err != nil {
		t.Fatal(err)
	}
	save("report.pdf", report.Bytes())
	save("sheet.pdf", sheet.Bytes())
}
