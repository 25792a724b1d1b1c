package findings

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

func sample() Findings {
	one := 1.0
	return Findings{
		Schema: "tekentafel-findings/1", Respondents: 12,
		Instrument:  About{ID: "i", Version: "1", Title: instrument.Text{instrument.NL: "naam", instrument.EN: "name <b>"}},
		Questions:   []Question{{ID: "q", Options: []Option{{ID: "a", Value: &one}, {ID: "b"}}, Items: []string{"x"}}},
		Groups:      []Grouping{{Variable: "d", Values: []GroupValue{{Value: "v", N: 11}, {Value: "w", Suppressed: true}}}},
		Shares:      []Share{{Item: "q", Option: "a", N: 3, Base: 12, Share: .25, SE: .1, Low: 1e-9, High: .5}, {Item: "q", Option: "a", Group: &Group{"d", "w"}, Suppressed: true}},
		Means:       []Mean{{Construct: "c", Mean: 3.1, Base: 12}, {Construct: "c", Group: &Group{"d", "w"}, Suppressed: true}},
		Reliability: []Reliab{{Construct: "c", Items: []string{"x", "y"}, Alpha: .8, ItemRest: []float64{.5, .6}}},
		Models:      []ModelFit{{ID: "m", R2: .5}, {ID: "n", Suppressed: true}},
		Data:        DataQuality{ByItem: map[string]int{"b": 1, "a": 2}},
		Caveats:     []Caveat{{Key: "k", Text: "t", Data: map[string]any{"z": 1.5, "a": "x", "l": []any{1.0, "two", true, nil}}}},
	}
}

func TestMarshalRoundTrip(t *testing.T) {
	t.Parallel()
	want := sample()
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Findings
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, again) {
		t.Error("the second writing differs from the first")
	}
}

func TestMarshalHidesWhatIsSuppressedEvenWhenItIsThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"share": {Share{Item: "q", Option: "a", N: 3, Base: 4, Share: .75, SE: .1, Low: .2, High: .9, Suppressed: true},
			`{"item":"q","option":"a","group":null,"n":null,"base":null,"share":null,"se":null,"low":null,"high":null,"df":null,"effective_n":null,"suppressed":true}`},
		"mean": {Mean{Construct: "c", Group: &Group{"d", "v"}, Base: 4, Mean: 3, SD: 1, SE: 1, Low: 1, High: 5, Suppressed: true},
			`{"construct":"c","group":{"variable":"d","value":"v"},"base":null,"mean":null,"sd":null,"se":null,"df":null,"low":null,"high":null,"suppressed":true}`},
		"reliability": {Reliab{Construct: "c", Items: []string{"x"}, N: 4, Alpha: .5, ItemRest: []float64{.5}, Suppressed: true},
			`{"construct":"c","items":["x"],"n":null,"alpha":null,"alpha_low":null,"alpha_high":null,"omega":null,"item_rest":[],"alpha_without":[],"loadings":[],"suppressed":true}`},
		"group": {GroupValue{Value: "v", N: 4, Suppressed: true}, `{"value":"v","label":{},"suppressed":true}`},
		"model": {ModelFit{ID: "m", Outcome: "y", N: 4, R2: .5, Collinear: true, Suppressed: true},
			`{"id":"m","outcome":"y","n":null,"r2":null,"r2_low":null,"r2_high":null,"df":null,"collinear":true,"suppressed":true}`},
	} {
		got, err := json.Marshal(c.value)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestMarshalShape(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(Findings{Weights: Weights{KishDeff: math.NaN(), Max: math.Inf(1)}})
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"questions", "groups", "shares", "means", "reliability", "comparisons", "drivers", "models", "benchmarks", "changes", "pooled", "caveats"} {
		if string(object[key]) != "[]" {
			t.Errorf("%s is %s, not []", key, object[key])
		}
	}
	if w := string(object["weights"]); !strings.Contains(w, `"kish_deff":null`) || !strings.Contains(w, `"max":null`) {
		t.Errorf("weights: %s", w)
	}
	if _, err := json.Marshal(Findings{Caveats: []Caveat{{Data: map[string]any{"f": func() {}}}}}); err == nil {
		t.Error("a function was written as JSON")
	}
}

// TestMarshalAgreesWithEncodingJSON holds the own encoder to the standard one where the two must agree: nothing hidden,
// nothing infinite, no list empty.
func TestMarshalAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	type plainShare Share
	rapid.Check(t, func(t *rapid.T) {
		s := Share{Item: rapid.String().Draw(t, "item"), Option: rapid.String().Draw(t, "option"), N: rapid.Int().Draw(t, "n"),
			Share: rapid.Float64().Draw(t, "share"), SE: rapid.Float64Range(0, 1).Draw(t, "se"), Method: rapid.SampledFrom([]string{"", "beta"}).Draw(t, "method")}
		if math.IsInf(s.Share, 0) || math.IsNaN(s.Share) {
			s.Share = 0
		}
		got, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(plainShare(s))
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func BenchmarkMarshal(b *testing.B) {
	f := sample()
	for len(f.Shares) < 20000 {
		f.Shares = append(f.Shares, f.Shares...)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(f); err != nil {
			b.Fatal(err)
		}
	}
}
