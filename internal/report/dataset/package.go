package dataset

import (
	"archive/zip"
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

//go:embed reproduce.R
var reproduce []byte

// file is one file of the package.
type file struct {
	name  string
	about string // key of the message that says what it is
	write func(ctx context.Context, w io.Writer) error
}

// files lists the files of the package in their order.
func (t *table) files() []file {
	plain := func(write func(io.Writer) error) func(context.Context, io.Writer) error {
		return func(_ context.Context, w io.Writer) error { return write(w) }
	}
	content := func(b []byte) func(context.Context, io.Writer) error {
		return plain(func(w io.Writer) error { _, err := io.Copy(w, bytes.NewReader(b)); return err })
	}
	list := []file{
		{"README.txt", "readme", plain(t.writeReadme)},
		{"answers.csv", "csv", t.writeCSV},
		{"answers.parquet", "parquet", t.writeParquet},
		{"answers.sav", "sav", t.writeSAV},
		{"codebook.html", "codebook", func(ctx context.Context, w io.Writer) error { return codebook(t).Render(ctx, w) }},
		{"codebook.xml", "ddi", plain(t.writeDDI)},
		{"findings.json", "findings", plain(t.writeFindings)},
		{"recipe.json", "recipe", plain(t.writeRecipe)},
		{"reproduce.R", "script", content(reproduce)},
		{"questionnaire.yaml", "questionnaire", content(t.in.Questionnaire)},
		{"mapping.yaml", "mapping", plain(t.writeMapping)},
	}
	if len(t.in.Weights.Raked) > 0 {
		list = append(list, file{"margins.csv", "margins", plain(t.writeMargins)})
	}
	return list
}

// Write makes the package and writes it as a zip. The same input and options give the same bytes.
func Write(ctx context.Context, w io.Writer, in Input, opt Options) error {
	t, err := newTable(&in, opt)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for _, f := range t.files() {
		method := zip.Deflate
		if f.about == "parquet" { // packed already
			method = zip.Store
		}
		to, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: method, Modified: opt.Made.UTC()})
		if err != nil {
			return fmt.Errorf("package: %w", err)
		}
		if err := f.write(ctx, to); err != nil {
			return fmt.Errorf("package: %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("package: %w", err)
	}
	return nil
}

func (t *table) writeFindings(w io.Writer) error {
	lines, err := t.in.Findings.Lines()
	if err != nil {
		return err
	}
	_, err = w.Write(lines)
	return err
}

// writeMargins writes what the weights were raked to.
func (t *table) writeMargins(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"variable", "value", "count"}}
	for _, m := range t.in.Margins {
		for i, value := range m.Values {
			rows = append(rows, []string{m.Variable, value, strconv.FormatFloat(m.Counts[i], 'g', -1, 64)})
		}
	}
	return out.WriteAll(rows)
}
