package dataset_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/dataset"
	"tekentafel/internal/synth"
)

var made = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// built reads a built-in questionnaire.
func built(t testing.TB, name string) (*instrument.Instrument, []byte) {
	t.Helper()
	src, err := instruments.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, src), src
}

func parsed(t testing.TB, src []byte) *instrument.Instrument {
	t.Helper()
	in, err := instrument.Parse("questionnaire.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// prepared analyses answers and returns what a package is made from.
func prepared(t testing.TB, a *instrument.Answers, yaml []byte, opt analysis.Options) dataset.Input {
	t.Helper()
	w, err := analysis.Weigh(context.Background(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	f, err := analysis.Analyse(context.Background(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	return dataset.Input{Answers: a, Findings: f, Weights: w, Margins: opt.Margins, Questionnaire: yaml}
}

// wave is a synthetic wave with the population that it is drawn from.
func wave(t testing.TB, size int, seed uint64) (*instrument.Answers, []analysis.Margin, []byte) {
	t.Helper()
	in, yaml := built(t, "genai-monitor")
	w, err := synth.New(synth.Options{Instrument: in, Size: size, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	// Through a file, as answers come.
	path := filepath.Join(t.TempDir(), "answers.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(context.Background(), f, path); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var counts bytes.Buffer
	if err := w.WriteMargins(&counts); err != nil {
		t.Fatal(err)
	}
	margins, err := analysis.ParseMargins("margins.csv", &counts)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, path, in, intake.Options{}), margins, yaml
}

func read(t testing.TB, path string, in *instrument.Instrument, opt intake.Options) *instrument.Answers {
	t.Helper()
	r, err := intake.Read(context.Background(), path, in, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r.Answers
}

func options() dataset.Options {
	return dataset.Options{Lang: instrument.NL, Title: "GenAI-monitor najaar", Seed: "report-1", Made: made, Program: "Tekentafel test"}
}

// packed writes a package and returns its files.
func packed(t testing.TB, in dataset.Input, opt dataset.Options) map[string][]byte {
	t.Helper()
	var b bytes.Buffer
	if err := dataset.Write(context.Background(), &b, in, opt); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// unpacked puts the files of a package in a folder.
func unpacked(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
