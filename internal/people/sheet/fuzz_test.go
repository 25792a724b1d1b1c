package sheet

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

func FuzzReadText(f *testing.F) {
	for _, s := range []string{
		"Nr;Naam\n1;Jan\n", "sep=,\r\na,b\r\n1,\"x\"\"y\"\r\n", "\xEF\xBB\xBFa\tb\n1\t2", "\xFF\xFEa\x00;\x00b\x00\n\x00", "a;\"b\nc;d\ne;\"f;g\n", "\"\"\"\"\n\"", "a\rb\r",
		"Totaal;1\nTotaal;2\n", "x\n\n\n\ny\n", windows1252("é;è\n1;2\n"), "Persoon;;\nNr;Naam;VTE\n1;a;44197\n2;b;40000\n",
	} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(dir, "list.csv")
		if bytes.HasPrefix(raw, []byte("PK")) || os.WriteFile(path, raw, 0o600) != nil {
			return
		}
		table, err := Read(t.Context(), path, Options{Cleaner: hashing()})
		var e *Error
		if err != nil {
			if !errors.As(err, &e) || e.Error() == "" {
				t.Fatal(err)
			}
			return
		}
		last := 0
		for _, r := range table.Rows() {
			if r.Number <= last || len(r.Cells) != len(table.Columns) {
				t.Fatalf("row %d follows row %d", r.Number, last)
			}
			last = r.Number
			for _, c := range r.Cells {
				if !utf8.ValidString(c) {
					t.Fatalf("%q is no text", c)
				}
			}
		}
		var stored bytes.Buffer
		must(table.Write(&stored))
		again, err := ReadTable(&stored, Limits{})
		if err != nil || strings.Join(shown(again), "\n") != strings.Join(shown(table), "\n") {
			t.Fatalf("stored and read again: %v", err)
		}
	})
}

func FuzzReadWorkbook(f *testing.F) {
	path := book(f, func(x *excelize.File) {
		rows(x, "Sheet1", 1, []any{"Nr", "Naam"}, []any{1, "Jan"}, []any{2, "An"})
		must(x.MergeCell("Sheet1", "A2", "A3"))
	})
	raw, err := os.ReadFile(path)
	must(err)
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !bytes.HasPrefix(raw, []byte("PK\x03\x04")) || os.WriteFile(path, raw, 0o600) != nil {
			return
		}
		_, err := Read(t.Context(), path, Options{Cleaner: hashing()})
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
	})
}

func FuzzReadTable(f *testing.F) {
	table := read(f, file(f, "list.csv", "Nr;Naam\n1;Jan\n2;Jan\n"), Options{})
	var b bytes.Buffer
	must(table.Write(&b))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := ReadTable(bytes.NewReader(raw), Limits{Rows: 1000})
		if err == nil {
			shown(table)
		}
	})
}
