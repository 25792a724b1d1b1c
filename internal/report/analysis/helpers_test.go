package analysis_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
)

// builtIn is a questionnaire as a wave asks it that chooses no extra part.
func builtIn(t testing.TB, name string) *instrument.Instrument {
	t.Helper()
	src, err := instruments.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse(name+".yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return in.Asking()
}

// generated writes a synthetic wave and its margins as CSV and returns the paths.
func generated(t testing.TB, opt synth.Options) (answers, margins string) {
	t.Helper()
	if opt.Instrument == nil {
		opt.Instrument = builtIn(t, "genai-monitor")
	}
	w, err := synth.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	answers, margins = filepath.Join(dir, "answers.csv"), filepath.Join(dir, "margins.csv")
	create(t, answers, func(f io.Writer) error { return w.Write(context.Background(), f, answers) })
	create(t, margins, w.WriteMargins)
	return answers, margins
}

func create(t testing.TB, path string, write func(io.Writer) error) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// rewritten writes the rows of a CSV file, changed, to a new file. The first row holds the headings.
func rewritten(t testing.TB, path string, change func(rows [][]string) [][]string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "answers.csv")
	create(t, out, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(change(rows)) })
	return out
}

func marginsFrom(t testing.TB, path string) []analysis.Margin {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	m, err := analysis.ParseMargins(path, f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// read reads answers with the columns of the design.
func read(t testing.TB, path string, in *instrument.Instrument, opt intake.Options) *instrument.Answers {
	t.Helper()
	r, err := intake.Read(context.Background(), path, in, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r.Answers
}

func analyse(t testing.TB, a *instrument.Answers, opt analysis.Options) *findings.Findings {
	t.Helper()
	f, err := analysis.Analyse(context.Background(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// analyseSynthetic analyses a generated wave without a file between.
func analyseSynthetic(t testing.TB, size int, seed uint64, opt analysis.Options) *findings.Findings {
	t.Helper()
	w, err := synth.New(synth.Options{Instrument: builtIn(t, "genai-monitor"), Size: size, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Answers(context.Background(), 0, size)
	if err != nil {
		t.Fatal(err)
	}
	return analyse(t, a, opt)
}

func toJSON(t testing.TB, f *findings.Findings) []byte {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
