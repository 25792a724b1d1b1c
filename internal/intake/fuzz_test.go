package intake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"tekentafel/internal/instrument"
)

// tight are limits under which a fuzzer finds what takes too much sooner than the machine does.
func tight() Options {
	return Options{Limits: Limits{
		CellBytes: 1 << 10, RowBytes: 64 << 10, Columns: 50, Rows: 10_000, ColumnBytes: 1 << 20, UnzipBytes: 4 << 20, Issues: 10,
	}}
}

// fuzzRead reads whatever bytes, and holds what comes of it against the promises of the types.
func fuzzRead(t *testing.T, src []byte, opt Options) {
	opt.Limits = opt.Limits.orDefault()
	in := mixed()
	res, err := read(t.Context(), "fuzz", bytes.NewReader(src), int64(len(src)), in, opt)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("an error that is not ours: %v", err)
		}
		return
	}
	a := res.Answers
	if a.N < 1 || len(a.Columns) != len(in.Variables()) || a.Weights != nil && len(a.Weights) != a.N {
		t.Fatal("the answers do not hang together")
	}
	for i, c := range a.Columns {
		if c == nil {
			continue
		}
		if c.Len() != a.N || (c.Narrow == nil) == (c.Wide == nil) || c.Narrow != nil && c.K > 256 {
			t.Fatalf("column %s does not hang together", a.Variables[i].ID)
		}
		for r := range a.N {
			if code := c.At(r); code >= c.K || code == instrument.NotAsked && res.Quality.Format != "snapshot" {
				t.Fatalf("column %s has code %d of %d", a.Variables[i].ID, code, c.K)
			}
		}
	}
	for _, w := range a.Weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			t.Fatal("weight", w)
		}
	}
	for name, f := range a.Extra {
		if len(f.Codes) != a.N {
			t.Fatal(name, "has another length")
		}
	}
	excluded := 0
	for _, e := range res.Quality.Excluded {
		excluded += e.N
	}
	if res.Quality.Format != "snapshot" && (res.Quality.Rows != a.N+excluded || len(res.Issues) > opt.Limits.Issues) {
		t.Fatalf("%d rows, %d answers, %d excluded, %d issues", res.Quality.Rows, a.N, excluded, len(res.Issues))
	}
}

func seedGrid() grid {
	return grid{
		headings: []string{"age", "department", "m1", "skill", "systems.copilot", "systems.none", "tasks", "use", "w", "why"},
		rows: [][]string{
			{"45", "Groen", "eens", "3", "1", "", "write;search", "daily", "1.5", "omdat"},
			{"old", "groen ", "", "9", "1", "1", "fly", "NA", "", "\"\n,"},
		},
	}
}

func FuzzCSV(f *testing.F) {
	src := seedGrid().csv(f, ',')
	f.Add([]byte(src), "w")
	f.Add([]byte(seedGrid().csv(f, ';')), "")
	for _, s := range []string{"\xff\xfeu\x00s\x00e\x00\n\x001\x00", "sep=;\nuse;w\ndaily;1\n", "use\r1\r2\r", "\"use\",w\n\"a\"\"b\",1,\n\n", "use,w\n1,\xe9\n", "use,skill,tekentafel_synthetic\n,,1\n"} {
		f.Add([]byte(s), "w")
	}
	f.Fuzz(func(t *testing.T, src []byte, weight string) {
		if bytes.HasPrefix(src, []byte("PK")) || bytes.HasPrefix(src, []byte("PAR1")) || bytes.HasPrefix(src, []byte(snapshotMagic)) {
			t.Skip("another format")
		}
		opt := tight()
		opt.Weight = weight
		fuzzRead(t, src, opt)
	})
}

func FuzzXLSX(f *testing.F) {
	path := filepath.Join(f.TempDir(), "a.xlsx")
	seedGrid().xlsx(f, path)
	src, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	b, err := book(f, map[string]any{"A1": "use", "A2": "=1", "B1": "skill", "B2": 3, "A4": "daily"}).WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, src []byte) {
		if !bytes.HasPrefix(src, []byte("PK")) {
			t.Skip("another format")
		}
		fuzzRead(t, src, tight())
	})
}

// FuzzSheet goes past the checksums of the container, straight into the XML of the cells.
func FuzzSheet(f *testing.F) {
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>use</v></c><c t="inlineStr"><is><r><t>skill</t></r><rPh><t>x</t></rPh></is></c></row>` +
		`<row r="3"><c r="A3" t="b" s="1"><f>1</f><v>1</v></c><c><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	empty := book(f, map[string]any{"A1": "use"})
	f.Fuzz(func(t *testing.T, sheet []byte) {
		src := rewritten(t, empty, "xl/worksheets/sheet1.xml", func(w io.Writer) {
			if _, err := w.Write(sheet); err != nil {
				t.Fatal(err)
			}
		})
		fuzzRead(t, []byte(src), tight())
	})
}

func FuzzParquet(f *testing.F) {
	for _, dict := range []bool{true, false} {
		path := filepath.Join(f.TempDir(), "a.parquet")
		seedGrid().parquet(f, path, dict, 1)
		src, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if !bytes.HasPrefix(src, []byte("PAR1")) {
			t.Skip("another format")
		}
		opt := tight()
		opt.Weight = "w"
		fuzzRead(t, src, opt)
	})
}

func FuzzSnapshot(f *testing.F) {
	opt := tight()
	opt.Weight, opt.Extra = "w", []string{"why"}
	res, err := readText(f, seedGrid().csv(f, ','), mixed(), opt)
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "a.snapshot")
	if err := res.WriteSnapshot(path, "w"); err != nil {
		f.Fatal(err)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Fuzz(func(t *testing.T, src []byte) {
		if !bytes.HasPrefix(src, []byte(snapshotMagic)) {
			t.Skip("another format")
		}
		fuzzRead(t, src, tight())
	})
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte("columns: {use: Gebruik}\nvalues:\n  Gebruik: {soms: weekly}\nignore: [naam]\nmissing: [\"?\"]\nconsent: {column: ok, yes: [ja]}\ndelimiter: tab\nencoding: utf-8\nsheet: a\n"))
	f.Add([]byte("columns:\n  # nothing\nvalues:\n"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := ParseMapping("fuzz.yaml", src)
		if err != nil {
			var problems *instrument.Problems
			if !errors.As(err, &problems) || len(problems.List) == 0 {
				t.Fatal(err)
			}
			for _, p := range problems.List {
				if p.Mend == "" || p.Message == "" {
					t.Fatalf("%+v", p)
				}
			}
			return
		}
		if _, err := ParseMapping("again.yaml", []byte(written(t, m))); err != nil {
			t.Fatalf("%v\n%s", err, written(t, m))
		}
		opt := tight()
		opt.Mapping = m
		opt.Limits = opt.Limits.orDefault()
		fuzzRead(t, []byte("Gebruik,Dienst,naam\nsoms,Groen,x\n"), opt)
	})
}

// FuzzSnapshotHeader goes past the checksum of the header.
func FuzzSnapshotHeader(f *testing.F) {
	opt := tight()
	opt.Weight, opt.Extra = "w", []string{"why"}
	res, err := readText(f, seedGrid().csv(f, ','), mixed(), opt)
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "a.snapshot")
	if err := res.WriteSnapshot(path, "w"); err != nil {
		f.Fatal(err)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	end := snapshotPrefix + int(binary.LittleEndian.Uint32(src[8:]))
	data := src[end+int(padding(int64(end))):]
	f.Add(src[snapshotPrefix:end])
	f.Fuzz(func(t *testing.T, header []byte) {
		file := binary.LittleEndian.AppendUint32([]byte(snapshotMagic), uint32(len(header)))
		file = binary.LittleEndian.AppendUint32(file, crc32.Checksum(header, castagnoli()))
		file = append(file, header...)
		file = append(file, make([]byte, padding(int64(len(file))))...)
		fuzzRead(t, append(file, data...), tight())
	})
}
