package sav_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/report/dataset/sav"
	"tekentafel/internal/testkit"
)

// haven is what R's haven finds in a file.
type haven struct {
	Label, Notes string
	Variables    []struct {
		Name, Label, Format string
		Range               []float64
		Missing             []bool
		Values              []*float64
		Labelled            []float64
		Texts               []string
	}
}

var made = time.Date(2026, 11, 24, 13, 14, 15, 0, time.UTC)

func dictionary() sav.Dictionary {
	return sav.Dictionary{
		Product: "Tekentafel", Label: "Één wave", Made: made, Notes: []string{"Dit is verzonnen."}, Weight: "gewicht", Cases: 3,
		Variables: []sav.Variable{
			{Name: "gebruik_op_het_werk_in_de_voorbije_maand", Label: "Hoe vaak? " + strings.Repeat("é", 200), Measure: sav.Ordinal,
				Values:  []sav.Label{{Value: 1, Text: "nooit"}, {Value: 2, Text: strings.Repeat("vaak ", 40)}, {Value: -7, Text: "weet ik niet"}},
				Missing: &sav.Range{Low: -9, High: -5}},
			{Name: "a", Measure: sav.Nominal, Missing: &sav.Range{Low: -9, High: -5}},
			{Name: "b", Measure: sav.Nominal},
			{Name: "leeftijd", Measure: sav.Scale, Width: 10, Decimals: 2},
			{Name: "gewicht", Measure: sav.Scale, Width: 12, Decimals: 6},
		},
		Sets: []sav.Set{{Name: "systemen", Label: "Welke?", Counted: 1, Variables: []string{"a", "b"}}},
	}
}

func written(t testing.TB, d sav.Dictionary, cases [][]float64) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := sav.New(&b, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if err := w.WriteCase(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asked(t *testing.T, files ...[]byte) (out []haven) {
	t.Helper()
	var paths []string
	for _, f := range files {
		path := filepath.Join(t.TempDir(), "x.sav")
		if err := os.WriteFile(path, f, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	testkit.AskR(t, "read.R", paths, &out)
	return out
}

func TestHavenReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	cases := [][]float64{{1, 1, 0, 41.5, 1.25}, {-7, -9, math.NaN(), -1e9, 1e-5}, {2, 0, 1, 152, 300}}
	got := asked(t, written(t, dictionary(), cases))[0]
	if got.Label != "Één wave" || !strings.Contains(got.Notes, "Dit is verzonnen.") {
		t.Errorf("label %q, notes %q", got.Label, got.Notes)
	}
	if len(got.Variables) != 5 {
		t.Fatalf("%d variables", len(got.Variables))
	}
	for k, v := range got.Variables {
		if want := dictionary().Variables[k].Name; v.Name != want {
			t.Errorf("variable %d is called %q, want %q", k, v.Name, want)
		}
		for i := range cases {
			want := cases[i][k]
			if x := v.Values[i]; math.IsNaN(want) != (x == nil) || x != nil && *x != want {
				t.Errorf("%s of case %d is %v, want %v", v.Name, i, x, want)
			}
		}
	}
	first := got.Variables[0]
	if !strings.HasPrefix(first.Label, "Hoe vaak? éé") || len(first.Label) > 255 || strings.ContainsRune(first.Label, '\uFFFD') {
		t.Errorf("the label is %q", first.Label)
	}
	if !slices.Equal(first.Range, []float64{-9, -5}) || !slices.Equal(first.Missing, []bool{false, true, false}) {
		t.Errorf("missing are %v: %v", first.Range, first.Missing)
	}
	for i, value := range first.Labelled {
		if value == 1 && first.Texts[i] != "nooit" || value == -7 && first.Texts[i] != "weet ik niet" || len(first.Texts[i]) > 120 {
			t.Errorf("%v means %q", value, first.Texts[i])
		}
	}
	if len(first.Labelled) != 3 || got.Variables[4].Format != "F12.6" || got.Variables[3].Format != "F10.2" {
		t.Errorf("%d labels; formats %q and %q", len(first.Labelled), got.Variables[3].Format, got.Variables[4].Format)
	}
}

// haven says nothing of measure, weight and sets, so these are read from the bytes, by the description of the format.
func TestTheFileSaysMeasureWeightSetsAndEncoding(t *testing.T) {
	t.Parallel()
	file := written(t, dictionary(), [][]float64{{1, 1, 0, 1, 1}, {1, 1, 0, 1, 1}, {1, 1, 0, 1, 1}})
	f := parse(t, file)
	if f.weight != 5 || f.cases != 3 {
		t.Errorf("variable %d weights %d cases", f.weight, f.cases)
	}
	var measures []int32
	for i := 0; i < len(f.display); i += 3 {
		measures = append(measures, f.display[i])
	}
	if !slices.Equal(measures, []int32{2, 1, 1, 3, 3}) {
		t.Errorf("measures are %v", measures)
	}
	if f.display[13] != 12 {
		t.Errorf("the weight is shown %d wide", f.display[13])
	}
	if want := "$systemen=D1 1 6 Welke? v2 v3\n"; f.text[7] != want {
		t.Errorf("sets are %q, want %q", f.text[7], want)
	}
	if f.text[20] != "UTF-8" || !strings.Contains(f.text[13], "\tV5=gewicht") {
		t.Errorf("encoding %q, names %q", f.text[20], f.text[13])
	}
}

func TestAnyValuesComeBack(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	var files [][]byte
	var all [][][]float64
	rapid.Check(t, func(r *rapid.T) {
		if len(files) >= 60 {
			return
		}
		columns, n := rapid.IntRange(1, 20).Draw(r, "columns"), rapid.IntRange(1, 30).Draw(r, "cases")
		d := sav.Dictionary{Cases: n, Made: made}
		for k := range columns {
			d.Variables = append(d.Variables, sav.Variable{Name: "x" + strings.Repeat("y", k), Label: rapid.String().Draw(r, "label"), Measure: sav.Scale})
		}
		var cases [][]float64
		for range n {
			var c []float64
			for range columns {
				c = append(c, rapid.OneOf(rapid.Map(rapid.IntRange(-300, 300), func(i int) float64 { return float64(i) }),
					rapid.Float64Range(-1e200, 1e200), rapid.Just(math.NaN())).Draw(r, "value"))
			}
			cases = append(cases, c)
		}
		files, all = append(files, written(t, d, cases)), append(all, cases)
	})
	for f, got := range asked(t, files...) {
		for k, v := range got.Variables {
			for i, c := range all[f] {
				x := v.Values[i]
				// R writes 15 digits.
				if math.IsNaN(c[k]) != (x == nil) || x != nil && math.Abs(*x-c[k]) > 1e-14*math.Abs(c[k]) {
					t.Fatalf("file %d: %v came back as %v", f, c[k], x)
				}
			}
		}
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*sav.Dictionary){
		"no variables":      func(d *sav.Dictionary) { d.Variables = nil },
		"a name with space": func(d *sav.Dictionary) { d.Variables[0].Name = "a b" },
		"a digit first":     func(d *sav.Dictionary) { d.Variables[0].Name = "1a" },
		"a reserved word":   func(d *sav.Dictionary) { d.Variables[0].Name = "with" },
		"a name twice":      func(d *sav.Dictionary) { d.Variables[1].Name = "B" },
		"a long name":       func(d *sav.Dictionary) { d.Variables[0].Name = strings.Repeat("x", 65) },
		"no measure":        func(d *sav.Dictionary) { d.Variables[0].Measure = 0 },
		"an unknown weight": func(d *sav.Dictionary) { d.Weight = "elsewhere" },
		"an unknown in set": func(d *sav.Dictionary) { d.Sets[0].Variables[0] = "elsewhere" },
		"a range reversed":  func(d *sav.Dictionary) { d.Variables[0].Missing = &sav.Range{Low: 1, High: 0} },
	} {
		d := dictionary()
		change(&d)
		if _, err := sav.New(&bytes.Buffer{}, d); err == nil {
			t.Errorf("%s: written without a word", name)
		}
	}
	w, err := sav.New(&bytes.Buffer{}, dictionary())
	if err != nil {
		t.Fatal(err)
	}
	if w.WriteCase([]float64{1}) == nil {
		t.Error("a case with too few values was taken")
	}
	if w.Close() == nil {
		t.Error("a file that lacks cases was closed without a word")
	}
}
