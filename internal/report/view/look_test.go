package view

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var lookAt = flag.String("look", "", "write the example pages to this folder, to look at them")

func TestWriteExamplePagesToLookAt(t *testing.T) {
	if *lookAt == "" {
		t.Skip("no folder named with -look")
	}
	s, f := example()
	var report, sheet bytes.Buffer
	if err := HTML(&report, s, f); err != nil {
		t.Fatal(err)
	}
	if err := FactSheet(&sheet, s); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"report.html": report.Bytes(), "factsheet.html": sheet.Bytes()} {
		if err := os.WriteFile(filepath.Join(*lookAt, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
