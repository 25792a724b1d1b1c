package synth

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

func monitor(t *testing.T) *instrument.Instrument {
	t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func wave(t *testing.T, opt Options) *Wave {
	t.Helper()
	if opt.Instrument == nil {
		opt.Instrument = monitor(t)
	}
	w, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func answers(t *testing.T, w *Wave, from, to int) *instrument.Answers {
	t.Helper()
	a, err := w.Answers(context.Background(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func column(t *testing.T, a *instrument.Answers, id string) (*instrument.Variable, *instrument.Column) {
	t.Helper()
	for i := range a.Variables {
		if a.Variables[i].ID == id {
			return &a.Variables[i], a.Columns[i]
		}
	}
	t.Fatalf("the instrument has no variable %q", id)
	return nil, nil
}

// A respondent follows from seed and number: parts and the whole agree, and so do two waves of one seed.
func TestSameSeedSameWave(t *testing.T) {
	t.Parallel()
	const n = 4000
	opt := Options{Size: n, Seed: 7, Departments: 40}
	whole := answers(t, wave(t, opt), 0, n)
	again := wave(t, opt)
	other := answers(t, wave(t, Options{Size: n, Seed: 8, Departments: 40}), 0, n)
	differs := false
	for _, part := range [][2]int{{0, 1}, {1, 1777}, {1777, n}} {
		a := answers(t, again, part[0], part[1])
		for v, c := range a.Columns {
			for i := range a.N {
				if c == nil {
					continue
				}
				if got, want := c.At(i), whole.Columns[v].At(part[0]+i); got != want {
					t.Fatalf("%s of respondent %d: %d in a part, %d in the whole", a.Variables[v].ID, part[0]+i, got, want)
				}
				differs = differs || c.At(i) != other.Columns[v].At(part[0]+i)
			}
		}
	}
	if !differs {
		t.Error("another seed makes the same wave")
	}
}

func TestRoutingHolds(t *testing.T) {
	t.Parallel()
	a := answers(t, wave(t, Options{Size: 20_000, Seed: 3}), 0, 20_000)
	routing, err := instrument.CompileRouting(a.Instrument)
	if err != nil {
		t.Fatal(err)
	}
	if report := routing.Apply(a); report.Total != 0 || len(report.Unjudged) != 0 {
		t.Errorf("answers to questions that were not asked: %+v", report)
	}
	_, use := column(t, a, "use_work")
	never, tried := instrument.FirstOption, instrument.FirstOption+1
	_, reasons := column(t, a, "nonuse_work.skills")
	for i := range a.N {
		asked := reasons.At(i) != instrument.NotAsked
		if want := use.At(i) == never || use.At(i) == tried; asked != want {
			t.Fatalf("respondent %d with use %d: asked for reasons %v", i, use.At(i), asked)
		}
	}
}

// What is read back from a file is what was made, cell by cell, and the file says that it is synthetic.
func TestFilesReadBack(t *testing.T) {
	t.Parallel()
	for _, ext := range []string{".csv", ".parquet"} {
		t.Run(ext, func(t *testing.T) {
			t.Parallel()
			const n = 3000
			in := monitor(t)
			w := wave(t, Options{Instrument: in, Size: n, Seed: 5, Departments: 30})
			path := filepath.Join(t.TempDir(), "wave"+ext)
			var file bytes.Buffer
			if err := w.Write(context.Background(), &file, path); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			read, err := intake.Read(context.Background(), path, in, intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !read.Answers.Synthetic {
				t.Error("the file does not say that it is synthetic")
			}
			routing, err := instrument.CompileRouting(in)
			if err != nil {
				t.Fatal(err)
			}
			if report := routing.Apply(read.Answers); report.Total != 0 {
				t.Errorf("%d answers to questions that were not asked", report.Total)
			}
			if len(read.Issues) > 0 {
				t.Errorf("cells that were not understood, first %+v", read.Issues[0])
			}
			compare(t, answers(t, w, 0, n), read.Answers)
		})
	}
}

// compare holds two sets of answers against each other by what each code stands for.
func compare(t *testing.T, made, read *instrument.Answers) {
	t.Helper()
	if made.N != read.N {
		t.Fatalf("%d respondents made, %d read", made.N, read.N)
	}
	for v, c := range made.Columns {
		if c == nil {
			continue
		}
		back := read.Columns[v]
		if back == nil {
			t.Errorf("%s was not read", made.Variables[v].ID)
			continue
		}
		for i := range made.N {
			if got, want := meaning(back, back.At(i)), meaning(c, c.At(i)); got != want {
				t.Fatalf("%s of respondent %d: made %q, read %q", made.Variables[v].ID, i, want, got)
			}
		}
	}
}

// meaning spells a code out where it points at a level or number that the data has.
func meaning(c *instrument.Column, code int) string {
	i := code - instrument.FirstOption
	switch {
	case i >= 0 && c.Levels != nil:
		return c.Levels[i]
	case i >= 0 && c.Numbers != nil:
		return strconv.FormatFloat(c.Numbers[i], 'g', -1, 64)
	}
	return strconv.Itoa(code)
}

// Departments differ in readiness to answer, so that weighting to the margins has something to mend.
func TestMarginsOfThePopulation(t *testing.T) {
	t.Parallel()
	const size, population, departments = 20_000, 50_000, 320
	w := wave(t, Options{Size: size, Seed: 2, Departments: departments, Population: population})
	var file bytes.Buffer
	if err := w.WriteMargins(&file); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rows[0], []string{"variable", "value", "count"}) {
		t.Fatalf("headings %v", rows[0])
	}
	held := map[string]int{}
	rows = slices.DeleteFunc(rows[1:], func(row []string) bool {
		n, err := strconv.Atoi(row[2])
		if err != nil {
			t.Fatal(err)
		}
		held[row[0]] += n
		return row[0] != departmentItem
	})
	if len(rows) != departments {
		t.Fatalf("%d departments, want %d", len(rows), departments)
	}
	for variable, n := range held {
		if n != population {
			t.Errorf("the groups of %s hold %d people of %d", variable, n, population)
		}
	}
	a := answers(t, w, 0, size)
	_, c := column(t, a, departmentItem)
	respondents := map[string]int{}
	for i := range a.N {
		respondents[meaning(c, c.At(i))]++
	}
	largest, smallest := 0, population
	lowest, highest := 1.0, 0.0
	for _, row := range rows {
		n, err := strconv.Atoi(row[2])
		if err != nil {
			t.Fatal(err)
		}
		if respondents[row[1]] > n {
			t.Errorf("%s: %d respondents among %d people", row[1], respondents[row[1]], n)
		}
		largest, smallest = max(largest, n), min(smallest, n)
		if n >= 100 {
			rate := float64(respondents[row[1]]) / float64(n)
			lowest, highest = min(lowest, rate), max(highest, rate)
		}
	}
	if largest < 20*smallest {
		t.Errorf("departments from %d to %d people: a city has a longer tail", smallest, largest)
	}
	if highest < 1.5*lowest {
		t.Errorf("response rates from %.2f to %.2f: weighting would change nothing", lowest, highest)
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	t.Parallel()
	in := monitor(t)
	for name, opt := range map[string]Options{
		"no instrument":        {Size: 10},
		"no one":               {Instrument: in},
		"population too small": {Instrument: in, Size: 10, Population: 9},
		"too many departments": {Instrument: in, Size: 10, Departments: maxDepartments + 1},
		"departments below 0":  {Instrument: in, Size: 10, Departments: -1},
	} {
		if _, err := New(opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := wave(t, Options{Size: 3}).Write(context.Background(), &bytes.Buffer{}, "wave.xlsx"); err == nil {
		t.Error("an unknown format is no error")
	}
}

func TestStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := wave(t, Options{Size: 5000}).Answers(ctx, 0, 5000); err == nil {
		t.Error("no error from an ended context")
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance || math.IsNaN(got) {
		t.Errorf("%s: %.4f, want %.4f (within %g)", what, got, want, tolerance)
	}
}
