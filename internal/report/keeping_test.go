package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/gob"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/report/view"
	"tekentafel/internal/synth"
)

// fill gives every part of v a value that rapid draws, numbers that are not finite among them.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if o, ok := v.Addr().Interface().(*findings.Option); ok {
			fillOption(t, o)
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 2).Draw(t, "elements"), 2))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 2).Draw(t, "keys") {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key)
			fill(t, value)
			v.SetMapIndex(key, value)
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]any{0, 1, -3, 0.0, 0.5, math.NaN(), math.Inf(1), "", "text", true, false, []string{"a", ""}}).Draw(t, "data")))
	case reflect.String:
		v.SetString(rapid.OneOf(rapid.Just(""), rapid.StringN(0, 4, -1)).Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "flag"))
	case reflect.Int:
		v.SetInt(rapid.Int64().Draw(t, "whole"))
	case reflect.Float64:
		v.SetFloat(rapid.OneOf(rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, math.MaxFloat64}), rapid.Float64()).Draw(t, "number"))
	default:
		t.Fatalf("Findings hold a %s, which nobody has thought of keeping", v.Kind())
	}
}

// fillOption fills an option; its score is finite, as the questionnaire demands.
func fillOption(t *rapid.T, o *findings.Option) {
	fill(t, reflect.ValueOf(&o.ID).Elem())
	fill(t, reflect.ValueOf(&o.Label).Elem())
	if rapid.Bool().Draw(t, "scored") {
		score := rapid.OneOf(rapid.Just(0.0), rapid.Float64()).Draw(t, "score")
		o.Value = &score
	}
	o.Missing, o.None = rapid.SampledFrom([]string{"", "dont-know"}).Draw(t, "missing"), rapid.Bool().Draw(t, "none")
}

// same compares Findings; nothing there is as good as empty there.
var same = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty()}

// kept packs and unpacks Findings.
func kept(t testing.TB, f *findings.Findings) *findings.Findings {
	t.Helper()
	packed, err := pack(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestKeptFindingsAreThoseThatWentIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := &findings.Findings{}
		fill(rt, reflect.ValueOf(f).Elem())
		packed, err := pack(f)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := unpack(packed)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(f, got, same); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// demo returns the Findings of the example city.
var demo = sync.OnceValues(func() (*findings.Findings, error) {
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		return nil, err
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	w, err := synth.New(synth.Options{Instrument: in, Size: 1214, Seed: 2026, Population: 2961})
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "demo-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // in the temporary folder
	path := filepath.Join(dir, "answers.csv")
	var answers, counts bytes.Buffer
	if err := w.Write(ctx, &answers, path); err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, answers.Bytes(), 0o600); err != nil {
		return nil, err
	}
	if err := w.WriteMargins(&counts); err != nil {
		return nil, err
	}
	margins, err := analysis.ParseMargins("margins.csv", &counts)
	if err != nil {
		return nil, err
	}
	read, err := intake.Read(ctx, path, in, intake.Options{})
	if err != nil {
		return nil, err
	}
	return analysis.Analyse(ctx, read.Answers, analysis.Options{Organisation: "Stad Voorbeeld", Wave: "voorjaar 2026", Population: 2961, Margins: margins, Data: DataQuality(read)})
})

func TestKeptFindingsTellTheSameStoryByteForByte(t *testing.T) {
	t.Parallel()
	f, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Shares) == 0 || len(f.Means) == 0 || len(f.Caveats) == 0 || len(f.Drivers) == 0 {
		t.Fatal("the example holds too little to say anything")
	}
	got := kept(t, f)
	if diff := cmp.Diff(f, got, same); diff != "" {
		t.Fatal(diff)
	}
	for _, lang := range instrument.Languages() {
		before, after := story.Tell(f, lang), story.Tell(got, lang)
		if diff := cmp.Diff(before, after, same); diff != "" {
			t.Errorf("%s: the story differs: %s", lang, diff)
		}
		var one, other bytes.Buffer
		if err := view.HTML(&one, &before, f); err != nil {
			t.Fatal(err)
		}
		if err := view.HTML(&other, &after, got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), other.Bytes()) {
			t.Errorf("%s: the page differs", lang)
		}
	}
	var one, other bytes.Buffer
	if err := view.JSON(&one, f); err != nil {
		t.Fatal(err)
	}
	if err := view.JSON(&other, got); err != nil || !bytes.Equal(one.Bytes(), other.Bytes()) {
		t.Errorf("the figures for researchers differ: %v", err)
	}
}

// few are Findings that are small when packed.
func few() *findings.Findings {
	zero := 0.0
	return &findings.Findings{Schema: "s", Respondents: 60, Questions: []findings.Question{{ID: "q", Options: []findings.Option{{ID: "o", Value: &zero}}}},
		Shares: []findings.Share{{Item: "q", Option: "o", N: 30, Base: 60, Share: .5, SE: math.NaN()}}, Caveats: []findings.Caveat{{Key: "c", Data: map[string]any{"n": 3}}}}
}

func TestEachDamageToKeptFindingsIsAnError(t *testing.T) {
	t.Parallel()
	packed, err := pack(few())
	if err != nil {
		t.Fatal(err)
	}
	// Of gzip (RFC 1952): behind the magic stand a time and a system that nothing depends on, at the end checksum and length.
	const magic, header, trailer = 3, 10, 8
	for i := range packed {
		if _, err := unpack(packed[:i]); err == nil {
			t.Errorf("cut off after %d of %d bytes", i, len(packed))
		}
		if i >= magic && i < header {
			continue
		}
		for bit := range 8 {
			changed := bytes.Clone(packed)
			changed[i] ^= 1 << bit
			got, err := unpack(changed)
			if err == nil && (i >= len(packed)-trailer || cmp.Diff(few(), got, same) != "") { // a bit that only pads tells nothing
				t.Errorf("byte %d of %d, bit %d: changed and no error", i, len(packed), bit)
			}
		}
	}
	var more bytes.Buffer
	z := gzip.NewWriter(&more)
	for range 2 {
		if err := gob.NewEncoder(z).Encode(few()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(more.Bytes()); err == nil || !strings.Contains(err.Error(), "follow") {
		t.Errorf("findings twice: %v", err)
	}
	if _, err := pack(&findings.Findings{Caveats: []findings.Caveat{{Data: map[string]any{"f": func() {}}}}}); err == nil {
		t.Error("a function was kept")
	}
}

func FuzzUnpack(f *testing.F) {
	packed, err := pack(few())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte{})
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		// What is inside the checksum reaches gob only with a checksum that fits.
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(raw); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		for _, given := range [][]byte{raw, b.Bytes()} {
			got, err := unpack(given)
			if err != nil {
				continue
			}
			if diff := cmp.Diff(got, kept(t, got), same); diff != "" {
				t.Error(diff)
			}
		}
	})
}
